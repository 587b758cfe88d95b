"""Random damage to good files of contours; everything is seeded."""

import warnings
from pathlib import Path

import numpy as np

from . import contour_cases, label_cases
from .corruptions import (
    absurd_length,
    changed_number,
    cut,
    deleted_element,
    emptied_element,
    inserted_block,
    random_bytes,
    random_letters,
    removed_block,
    wrong_type,
    zeroed_block,
)
from .mask_case import MaskCase

_NAMES = (
    "rt_cylinder",
    "rt_donut",
    "seg_binary_sparse",
    "seg_fractional_half",
    "seg_label_map_core",
    "seg_overlapping_second",
    "nifti_mask",
)
_BASES = [
    case for case in (*contour_cases.CASES, *label_cases.CASES) if case.name in _NAMES
]
_DICOM = (
    random_bytes,
    random_letters,
    zeroed_block,
    removed_block,
    inserted_block,
    cut,
    wrong_type,
    absurd_length,
    deleted_element,
    emptied_element,
    changed_number,
)
#: The checksum of a compressed NIfTI file finds any of them.
_COMPRESSED = (random_bytes, zeroed_block, removed_block, cut)


def damaged(folder: Path, seed: int) -> tuple[MaskCase, Path, str]:
    """Write good contours and damage them: their case, path, and what was done."""
    source = np.random.default_rng([7, seed])
    case = _BASES[seed % len(_BASES)]
    damages = _COMPRESSED if case.file.endswith(".gz") else _DICOM
    damage = damages[source.integers(len(damages))]
    path = folder / case.file
    case.write(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        damage(folder, source)
    return case, path, f"{case.name}: {damage.__name__}"

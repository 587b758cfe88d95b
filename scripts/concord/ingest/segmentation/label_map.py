"""NIfTI label maps: the voxels of chosen labels on the grid of an image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ...errors import IngestFault
from ...images import Volume
from .. import nifti
from .options import SegmentationOptions
from .resampling import on_grid
from .rois import FOUND_NOTHING, Candidate

#: Larger values are those of an image, not of a label map.
_LARGEST_LABEL = 9999

#: Values this near to a whole number are that label: programs store labels as scaled
#: bytes or resample them, and 3 becomes 2.9999998 or 0.999.
_NEAR_LABEL = 0.02
#: Rounding of this size is that of single precision and not worth a word.
_EXACT = 1e-4


@dataclass(frozen=True)
class LabelMap:
    """A NIfTI file of whole numbers and the labels that it holds.

    `apart_voxels` is how far its two matrices lie apart.
    """

    volume: Volume
    candidates: tuple[Candidate, ...]
    apart_voxels: float = 0.0
    rounded: float = 0.0  # largest distance of a value from its label


def label_map(path: Path, max_voxels: int) -> LabelMap:
    """Read a label map; the names of its labels are their numbers.

    A map without any label is one of a reader who found nothing.

    Raises
    ------
    IngestFault
        NIFTI_UNREADABLE, GANTRY_TILT, MASK_LABELS, TOO_LARGE or SURPLUS_PIXELS.
    """
    volume = nifti.read_volume(path, max_voxels=max_voxels)
    counts, rounded = _counts(volume.array)
    labels = [int(label) for label in np.flatnonzero(counts) if label]
    return LabelMap(
        volume,
        tuple(
            Candidate(index, label, str(label), int(counts[label]))
            for index, label in enumerate(labels)
        ),
        nifti.matrices_apart(path),
        rounded,
    )


def _counts(array: np.ndarray) -> tuple[np.ndarray, float]:
    """Voxels of each label from 0 on, counted slice by slice to spare memory.

    Also the largest distance of a value from the whole number that it is taken for.
    """
    if array.dtype.kind not in "iuf":
        raise IngestFault(
            "MASK_LABELS",
            "the NIfTI file holds colours or complex numbers, expected labels. Write a "
            "label map.",
        )
    counts, farthest = np.zeros(_LARGEST_LABEL + 1, int), 0.0
    for plane in array:
        low, high = plane.min(), plane.max()
        labels = np.rint(plane)
        apart = float(np.abs(plane - labels).max())
        is_outside = not (low >= -_NEAR_LABEL and high <= _LARGEST_LABEL)
        if is_outside or not apart <= _NEAR_LABEL:
            raise IngestFault(
                "MASK_LABELS",
                f"the NIfTI file holds values from {low:g} to {high:g}, expected whole "
                f"numbers from 0 to {_LARGEST_LABEL}. Write a label map.",
            )
        counts += np.bincount(labels.ravel().astype(int), minlength=len(counts))
        farthest = max(farthest, apart)
    return counts, farthest


def label_mask(
    source: LabelMap,
    chosen: Sequence[Candidate],
    image: Volume,
    options: SegmentationOptions,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Mask of labels, united, on the grid of an image, shape (k, j, i), and notes.

    Raises
    ------
    IngestFault
        NIFTI_GEOMETRY, MASK_GRID or CONTOUR_OUTSIDE.
    """
    tolerance = options.tolerances.grid_tolerance
    notes = ("NIFTI_SOURCE", *nifti.one_place_notes(source.apart_voxels, tolerance))
    if source.rounded > _EXACT:
        text = f"values lie up to {source.rounded:.2g} beside their labels"
        notes = (*notes, f"LABELS_ROUNDED {text}")
    labels = [candidate.number for candidate in chosen if candidate.pieces]
    if not labels:
        notes = (*notes, FOUND_NOTHING)
    is_chosen = np.zeros(_LARGEST_LABEL + 1, bool)
    is_chosen[labels] = True
    array = np.empty(source.volume.array.shape, bool)
    for plane, stored in zip(array, source.volume.array, strict=True):
        plane[...] = is_chosen[np.rint(stored).astype(int)]
    mask = replace(source.volume, array=array)
    found, more = on_grid(mask, replace(image, path="its image"), options)
    return found, (*notes, *more)

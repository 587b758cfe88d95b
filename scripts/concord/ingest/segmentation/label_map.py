"""NIfTI label maps: the voxels of chosen labels on the grid of an image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ... import images
from ...errors import GridMismatchError, IngestFault
from ...images import Volume
from .. import nifti
from .options import SegmentationOptions
from .resampling import nearest
from .rois import Candidate

#: Larger values are those of an image, not of a label map.
_LARGEST_LABEL = 9999


@dataclass(frozen=True)
class LabelMap:
    """A NIfTI file of whole numbers and the labels that it holds."""

    volume: Volume
    candidates: tuple[Candidate, ...]


def label_map(path: Path) -> LabelMap:
    """Read a label map; the names of its labels are their numbers.

    Raises
    ------
    IngestFault
        NIFTI_UNREADABLE, GANTRY_TILT, MASK_LABELS or ROI_EMPTY.
    """
    volume = nifti.read_volume(path)
    counts = _counts(volume.array)
    labels = [int(label) for label in np.flatnonzero(counts) if label]
    if not labels:
        raise IngestFault("ROI_EMPTY", "the label map holds no label. Check the mask.")
    return LabelMap(
        volume,
        tuple(
            Candidate(index, label, str(label), int(counts[label]))
            for index, label in enumerate(labels)
        ),
    )


def _counts(array: np.ndarray) -> np.ndarray:
    """Voxels of each label from 0 on, counted slice by slice to spare memory."""
    if array.dtype.kind not in "iuf":
        raise IngestFault(
            "MASK_LABELS",
            "the NIfTI file holds colours or complex numbers, expected labels. Write a "
            "label map.",
        )
    counts = np.zeros(_LARGEST_LABEL + 1, int)
    for plane in array:
        low, high = plane.min(), plane.max()
        if not (low >= 0 and high <= _LARGEST_LABEL) or (plane % 1).any():
            raise IngestFault(
                "MASK_LABELS",
                f"the NIfTI file holds values from {low:g} to {high:g}, expected whole "
                f"numbers from 0 to {_LARGEST_LABEL}. Write a label map.",
            )
        counts += np.bincount(plane.ravel().astype(int), minlength=len(counts))
    return counts


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
        MASK_GRID or CONTOUR_OUTSIDE.
    """
    labels = [candidate.number for candidate in chosen]
    is_chosen = np.zeros(_LARGEST_LABEL + 1, bool)
    is_chosen[labels] = True
    array = np.empty(source.volume.array.shape, bool)
    for plane, stored in zip(array, source.volume.array, strict=True):
        plane[...] = is_chosen[stored.astype(int)]
    mask = replace(source.volume, array=array)
    try:
        images.require_same_grid(replace(image, path="its image"), mask)
    except GridMismatchError as error:
        if options.tolerances.resample_masks == "nearest":
            found, notes = nearest(mask, image, options)
            return found, ("NIFTI_SOURCE", *notes)
        raise IngestFault(
            "MASK_GRID", f"{error} Or set ingest.resample_masks to nearest."
        ) from None
    return mask.array, ("NIFTI_SOURCE",)

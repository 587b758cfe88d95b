"""Masks that several images of a session share: made on one, taken for another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..errors import IngestFault
from ..images import Volume
from .faults.collecting import waived_note
from .segmentation.options import SegmentationOptions
from .segmentation.resampling import on_grid

#: Fault of two images whose coordinates have no common origin.
_FRAME = "RT_FRAME_OF_REFERENCE"


def taken_over(
    mask: np.ndarray,
    segmented_on: Volume,
    image: Volume,
    facts: tuple[Mapping[str, Any], Mapping[str, Any]],
    options: SegmentationOptions,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The mask of one image on the grid of another, and notes.

    On equal grids the voxels are the same; else the mask is sampled at the voxel
    centres of the other image, if the study allows it.

    Parameters
    ----------
    mask : ndarray of bool, shape (k, j, i) of `segmented_on`
        What was segmented.
    segmented_on, image : Volume
        The image it was made on, and the one that takes it; grids alone count.
    facts : tuple of mapping
        Their sidecars: `frame_of_reference`, hashed, where it is known.
    options : SegmentationOptions
        `resample` and `waived` of the subject.

    Returns
    -------
    tuple
        Mask of bool, shape (k, j, i) of `image`, and notes.

    Raises
    ------
    IngestFault
        RT_FRAME_OF_REFERENCE, MASK_GRID or CONTOUR_OUTSIDE.
    """
    notes = _frame_notes(*facts, options)
    volume = replace(segmented_on, array=mask, path="the image that it was made on")
    found, more = on_grid(volume, replace(image, path="this image"), options)
    return found, (*notes, *more)


def _frame_notes(
    first: Mapping[str, Any], second: Mapping[str, Any], options: SegmentationOptions
) -> tuple[str, ...]:
    """A note if the frames of reference differ and that is waived, else a fault."""
    frames = [facts.get("frame_of_reference") for facts in (first, second)]
    if None in frames or "" in frames or frames[0] == frames[1]:
        return ()
    text = (
        "the image that the segmentation was made on and this image have different "
        "frames of reference, so one place has two coordinates"
    )
    if _FRAME in options.waived:
        return (waived_note(_FRAME, text),)
    raise IngestFault(
        _FRAME,
        f"{text}. Register the images, segment this one too, or, if they lie on each "
        f"other, waive {_FRAME} for the subject (ingest.waive).",
    )

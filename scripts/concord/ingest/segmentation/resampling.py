"""Masks of another grid on the grid of an image: voxel by voxel, or nearest."""

from collections.abc import Iterable
from itertools import product

import numpy as np
from scipy import ndimage

from ... import images
from ...errors import GridMismatchError, IngestFault
from ...images import Volume
from ..geometry.same_grid import grids_apart, tolerated_note
from .options import SegmentationOptions, extent_text, outside_notes

#: Matrices between grids are rounded to this many digits, so that noise of the
#: geometry decides no voxel.
_DIGITS = 9


def placed(
    voxels: Iterable[np.ndarray], image: Volume, options: SegmentationOptions
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The mask of listed voxels of an image, and a note on those outside it.

    Parameters
    ----------
    voxels : iterable of ndarray of int, shape (n, 3)
        Slice, row and column; in pieces, which are taken one by one.

    Raises
    ------
    IngestFault
        CONTOUR_OUTSIDE.
    """
    shape = image.array.shape
    mask = np.zeros(shape, bool)
    total, beyond, ends = 0, 0, []
    for piece in voxels:
        within = ((piece >= 0) & (piece < shape)).all(axis=1)
        mask[tuple(piece[within].T)] = True
        if len(piece):
            total += len(piece)
            beyond += int(np.count_nonzero(~within))
            ends += [piece.min(axis=0), piece.max(axis=0)]
    if not beyond:
        return mask, ()
    low, high = np.min(ends, axis=0).tolist(), np.max(ends, axis=0).tolist()
    return mask, outside_notes(beyond / total, extent_text(low, high, shape), options)


def nearest(
    mask: Volume, image: Volume, options: SegmentationOptions
) -> tuple[np.ndarray, tuple[str, ...]]:
    """A mask sampled at the voxel centres of an image, and notes.

    Each voxel of the image takes the value of the voxel of the mask that holds its
    centre; beyond the mask there is nothing.

    Parameters
    ----------
    mask, image : Volume
        In one frame of reference, on any two grids.

    Raises
    ------
    IngestFault
        CONTOUR_OUTSIDE.
    """
    to_mask = _matrix(image, mask)
    sampled = ndimage.affine_transform(
        mask.array.view(np.uint8),
        to_mask[:3, :3],
        to_mask[:3, 3],
        image.array.shape,
        order=0,
        mode="grid-constant",
    )
    notes = outside_notes(*_outside(mask, image), options)
    return sampled.view(bool), ("MASK_RESAMPLED nearest", *notes)


def on_grid(
    mask: Volume, image: Volume, options: SegmentationOptions
) -> tuple[np.ndarray, tuple[str, ...]]:
    """A mask on the grid of an image, and notes: its own voxels if the grids agree.

    Grids agree within `grid_tolerance`; else the mask is sampled if the study allows.

    Raises
    ------
    IngestFault
        MASK_GRID or CONTOUR_OUTSIDE.
    """
    apart = grids_apart(image, mask)
    if apart <= options.tolerances.grid_tolerance:
        return mask.array, tolerated_note(apart, "mask and image")
    if options.tolerances.resample_masks == "nearest":
        return nearest(mask, image, options)
    raise IngestFault(
        "MASK_GRID",
        f"{_difference(image, mask)} They lie up to {apart:.3g} voxels apart, expected "
        f"at most {options.tolerances.grid_tolerance:g} (ingest.grid_tolerance). Or "
        "set ingest.resample_masks to nearest.",
    )


def _difference(image: Volume, mask: Volume) -> str:
    """Words for how two grids differ."""
    try:
        images.require_same_grid(image, mask)
    except GridMismatchError as error:
        return str(error)
    return f"the axes of {mask.path} and {image.path} point in other directions."


def _outside(mask: Volume, image: Volume) -> tuple[float, str]:
    """Share of a mask whose voxel centres lie outside an image, and its extent."""
    box = bounding_box(mask.array)
    if box is None:
        return 0.0, ""
    to_image = _matrix(mask, image)
    corners = np.array([*product(*((part.start, part.stop - 1) for part in box))])
    ends = np.floor(_moved(corners, to_image) + 0.5).astype(int)
    low, high = ends.min(axis=0), ends.max(axis=0)
    shape = image.array.shape
    if (low >= 0).all() and (high < shape).all():
        return 0.0, ""
    beyond = total = 0
    for k in range(box[0].start, box[0].stop):
        rows, columns = np.nonzero(mask.array[k])
        points = np.column_stack([np.full(len(rows), k), rows, columns])
        found = np.floor(_moved(points, to_image) + 0.5)
        total += len(found)
        beyond += int(np.count_nonzero(((found < 0) | (found >= shape)).any(axis=1)))
    return beyond / total, extent_text(low.tolist(), high.tolist(), shape)


def _matrix(start: Volume, end: Volume) -> np.ndarray:
    """(4, 4) matrix from voxels (k, j, i) of one volume to those of another."""
    matrix = np.linalg.inv(end.affine()) @ start.affine()
    matrix[:3] = matrix[[2, 1, 0]]
    matrix[:, :3] = matrix[:, [2, 1, 0]]
    return np.round(matrix, _DIGITS)


def _moved(voxels: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    return voxels @ matrix[:3, :3].T + matrix[:3, 3]


def bounding_box(mask: np.ndarray) -> tuple[slice, slice, slice] | None:
    """The smallest box with all voxels of a mask; None if it is empty."""
    places = []
    for axis in range(3):
        other = tuple(a for a in range(3) if a != axis)
        found = np.flatnonzero(mask.any(axis=other))
        if not len(found):
            return None
        places.append(slice(int(found[0]), int(found[-1]) + 1))
    return places[0], places[1], places[2]

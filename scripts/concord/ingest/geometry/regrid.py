"""Interpolation of slices onto a rectangular grid: tilted gantries, uneven spacing.

Slices stay in their planes where they can: a tilt is undone by shifting each slice
within its plane, on a grid enlarged so that no voxel is cut off.
"""

import math
from dataclasses import replace

import numpy as np

from ...errors import IngestFault
from ...images import Volume
from .grid import Grid

#: What fills voxels outside of the scanned slices: air in CT, nothing elsewhere.
FILLING = {"CT": -1024.0, "MR": 0.0, "PT": 0.0}

#: Times that the grid may become longer; a tilt of 30 degrees about doubles it.
_MOST_LONGER = 8


def rectangular(
    array: np.ndarray, grid: Grid, modality: str
) -> tuple[Volume, list[str]]:
    """The volume of a grid, with tilt and uneven spacing undone, and notes.

    Parameters
    ----------
    array : ndarray, shape (n, rows, columns)
        Slices in the order of the grid.
    grid : Grid
        Where they lie.
    modality : str
        CT, MR or PT: what fills the voxels outside of the slices.
    """
    volume = Volume(array, grid.spacing_mm, grid.origin_mm, grid.direction)
    heights_mm, notes = grid.heights_mm, []
    if grid.is_uneven:
        # First, along the sheared axis: a later one would mix slices with filling.
        gaps = np.diff(heights_mm)
        volume = evenly_spaced(volume, heights_mm)
        spacing_mm = volume.spacing_mm[0]
        heights_mm = spacing_mm * np.arange(len(volume.array))
        notes.append(
            f"UNEVEN_SPACING_RESAMPLED gaps {gaps.min():.3f} to {gaps.max():.3f} mm to "
            f"{spacing_mm:.3f} mm"
        )
    if any(grid.shear):
        degrees = math.degrees(math.atan(math.hypot(*grid.shear)))
        notes.append(f"GANTRY_TILT_RESAMPLED {degrees:.1f} degrees")
        volume = unsheared(volume, heights_mm, grid.shear, FILLING[modality])
    return volume, notes


def unsheared(
    volume: Volume, heights_mm: np.ndarray, shear: tuple[float, float], filling: float
) -> Volume:
    """Slices of a sheared stack on a rectangular grid that holds all of them.

    Parameters
    ----------
    volume : Volume
        The stack as if it were rectangular; its origin is that of the first slice.
    heights_mm : ndarray, shape (n,)
        Positions of the slices along k, from 0.
    shear : tuple of float
        Shift of a slice along j and along i, in mm per mm along k.
    filling : float
        Value of the voxels that no slice covers.

    Returns
    -------
    Volume
        Linear interpolation within the planes; the sampling along k is as it was.
    """
    array, origin = volume.array, np.array(volume.origin_mm)
    for axis in (1, 2):
        step_mm = volume.spacing_mm[axis]
        shifts = heights_mm * shear[axis - 1] / step_mm
        # Shifts below a thousandth of a pixel are rounding of the header.
        if np.abs(shifts).max() < 1e-3:
            continue
        first = math.floor(shifts.min())
        array = _shifted(array, axis, shifts - first, filling)
        origin = origin + first * step_mm * volume.direction[:, 2 - axis]
    return replace(volume, array=array, origin_mm=tuple(origin.tolist()))


def _shifted(
    array: np.ndarray, axis: int, shifts: np.ndarray, filling: float
) -> np.ndarray:
    """Each slice moved by its own non-negative shift along an axis, in pixels."""
    longer = list(array.shape)
    longer[axis] += math.ceil(shifts.max())
    if longer[axis] > _MOST_LONGER * array.shape[axis]:
        raise IngestFault(
            "TOO_LARGE",
            f"to undo the tilt, {array.shape[axis]} pixels would become "
            f"{longer[axis]}, expected at most {_MOST_LONGER} times as many, which no "
            "gantry needs. The positions of the slices are damaged: export them again.",
        )
    result = np.full(longer, filling, array.dtype)
    for k, shift in enumerate(shifts):
        plane = array[k] if axis == 1 else array[k].T
        target = result[k] if axis == 1 else result[k].T
        whole, part = int(shift), shift - int(shift)
        if part < 1e-9:
            target[whole : whole + len(plane)] = plane
        else:
            between = plane[1:] * (1 - part) + plane[:-1] * part
            _store(target[whole + 1 : whole + len(plane)], between)
    return result


def evenly_spaced(volume: Volume, heights_mm: np.ndarray) -> Volume:
    """Slices interpolated linearly to equal spacing, near the usual one.

    Parameters
    ----------
    heights_mm : ndarray, shape (n,)
        Ascending positions of the slices along k, from 0. First and last stay.
    """
    extent_mm = float(heights_mm[-1])
    steps = max(round(extent_mm / float(np.median(np.diff(heights_mm)))), 1)
    wanted = np.linspace(0, extent_mm, steps + 1)
    result = np.empty((steps + 1, *volume.array.shape[1:]), volume.array.dtype)
    above = np.clip(np.searchsorted(heights_mm, wanted), 1, len(heights_mm) - 1)
    low, high = heights_mm[above - 1], heights_mm[above]
    for k, part in enumerate((wanted - low) / (high - low)):
        lower, upper = volume.array[above[k] - 1], volume.array[above[k]]
        _store(result[k], lower * (1 - part) + upper * part)
    spacing_mm = (extent_mm / steps, *volume.spacing_mm[1:])
    return replace(volume, array=result, spacing_mm=spacing_mm)


def _store(target: np.ndarray, values: np.ndarray) -> None:
    target[...] = np.rint(values) if target.dtype.kind == "i" else values

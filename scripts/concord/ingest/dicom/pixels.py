"""Values of a series: what its stored integers stand for."""

from collections.abc import Sequence

import numpy as np
from pydicom import Dataset
from pydicom.pixels import apply_modality_lut

from ...errors import IngestFault
from ..faults.collecting import Finding
from . import header as hd
from .decoding import forget, in_file_order, stored
from .frames import Frame

INT16 = np.iinfo(np.int16)

#: Values of a CT below this are no air but what lies outside of the scanned circle.
LOWEST_AIR_HU = -1200.0

#: Share of such values, not counting the filling, from which the scale is wrong.
LARGEST_SHARE_BELOW_AIR = 0.1

#: Fat and air lie between these; a CT without any such voxel has lost its offset.
FAT_OR_AIR_HU = (-1100.0, -20.0)

#: Larger images are judged by every fourth voxel of every fourth row.
_SAMPLE_FROM = 1_000_000


def volume_array(
    frames: Sequence[Frame], modality: str, factor: float | np.ndarray = 1.0
) -> np.ndarray:
    """Values of a series: HU, SUV or the scanner's own units.

    Parameters
    ----------
    frames : sequence of Frame, length n
        Slices in the order of k.
    modality : str
        CT and MR become int16 where that is exact, else float32; PT float32.
    factor : float or ndarray of shape (n,), default=1.0
        Multiplies the rescaled values of each slice (PET: from Bq/ml to SUV).

    Returns
    -------
    ndarray, shape (n, rows, columns)
    """
    headers = [frame.header for frame in frames]
    slopes = np.array([_rescale(h, "RescaleSlope", 1.0) for h in headers]) * factor
    offsets = np.array([_rescale(h, "RescaleIntercept", 0.0) for h in headers]) * factor
    shape = len(frames), int(headers[0].Rows), int(headers[0].Columns)
    whole = _are_whole(slopes) and _are_whole(offsets)
    array = np.empty(shape, np.int16 if modality != "PT" and whole else np.float32)
    for k in in_file_order(frames):
        plane, slope, offset = _looked_up(frames[k], slopes[k], offsets[k])
        if array.dtype == np.int16 and not _fits_int16(plane, slope, offset):
            # What is there already is exact in either type.
            array = array.astype(np.float32)
        _fill(array[k], plane, slope, offset)
    forget()
    return array


def compact(array: np.ndarray, modality: str) -> np.ndarray:
    """Values of a volume as int16 where that is exact, else float32; PT float32."""
    if modality == "PT" or array.dtype.kind not in "iuf":
        return array.astype(np.float32)
    inside = array.size and INT16.min <= array.min() and array.max() <= INT16.max
    if inside and (array.dtype.kind in "iu" or np.array_equal(array, np.rint(array))):
        return array.astype(np.int16)
    return array.astype(np.float32)


def require_hounsfield(array: np.ndarray, modality: str) -> None:
    """Raise RESCALE_MISSING if no voxel of a CT lies below water."""
    if modality == "CT" and array.min() >= 0:
        raise IngestFault(
            "RESCALE_MISSING",
            f"CT values are {array.min():g} to {array.max():g}, but air is "
            "-1000 HU and fat -100 HU: the rescale was lost. Export the series again.",
        )


def range_faults(array: np.ndarray) -> list[Finding]:
    """HU_RANGE if the values of a CT are no Hounsfield units, as far as air tells.

    What fills the corners outside of the scanned circle is not counted: the lowest
    value, and all that lies below it by construction of vendors.
    """
    if array.size > _SAMPLE_FROM:
        array = array[:, ::4, ::4]
    lowest = array.min()
    inside = array != lowest
    count = int(inside.sum())
    if not count:
        return []
    below = int((inside & (array < LOWEST_AIR_HU)).sum()) / count
    if below > LARGEST_SHARE_BELOW_AIR:
        text = (
            f"{below:.0%} of the voxels lie below {LOWEST_AIR_HU:g} HU, but air is "
            "-1000 HU: the rescale was applied twice or is wrong."
        )
        return [Finding("HU_RANGE", f"{text} Export the series again.")]
    low, high = FAT_OR_AIR_HU
    if lowest < low and not (inside & (array > low) & (array < high)).any():
        text = (
            f"no voxel lies between {low:g} and {high:g} HU, where air and fat are, "
            f"although the lowest is {lowest:g}: the rescale was lost."
        )
        return [Finding("HU_RANGE", f"{text} Export the series again.")]
    return []


def _looked_up(
    frame: Frame, slope: float, offset: float
) -> tuple[np.ndarray, float, float]:
    """Stored integers and their rescale; a look-up table takes its place."""
    plane = stored(frame)
    if "ModalityLUTSequence" not in frame.header:
        return plane, slope, offset
    try:
        looked_up = apply_modality_lut(plane, frame.header)
    except Exception as error:  # tables of arbitrary bytes
        raise IngestFault(
            "BAD_VALUE",
            f"the Modality LUT of {frame.file.label} cannot be applied "
            f"({type(error).__name__}). Ask for another export.",
        ) from error
    return looked_up, 1.0, 0.0


def _fill(target: np.ndarray, plane: np.ndarray, slope: float, offset: float) -> None:
    """Write slope * plane + offset into a plane of the volume."""
    if target.dtype == np.int16:
        # Modulo 2**16 is exact here, as the results fit, and needs no wider copy.
        target[...] = plane.astype(np.int16)
        if slope != 1:
            target *= np.int64(slope).astype(np.int16)
        if offset:
            target += np.int64(offset).astype(np.int16)
    else:
        target[...] = plane * np.float64(slope) + np.float64(offset)


def _fits_int16(plane: np.ndarray, slope: float, offset: float) -> bool:
    """True if slope * value + offset is a 16-bit integer everywhere."""
    ends = np.array([plane.min(), plane.max()], float) * slope + offset
    return bool(INT16.min <= ends.min() and ends.max() <= INT16.max)


def _are_whole(values: np.ndarray) -> bool:
    return np.array_equal(values, np.rint(values)) and np.abs(values).max() < 2**31


def _rescale(header: Dataset, keyword: str, default: float) -> float:
    found = hd.number(header, keyword)
    return default if found is None else found

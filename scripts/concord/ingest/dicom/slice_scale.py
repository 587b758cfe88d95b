"""Slices whose rescale does not fit that of their neighbours.

Slope and intercept may differ from slice to slice, as in most PET. Then one wrong
number scales one slice alone, which no check of the whole image sees.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from pydicom import Dataset

from ...errors import Finding
from . import header as hd

#: Largest difference, in HU, of the lowest values of CT slices of different rescale:
#: air lies in all of them, or in none.
LARGEST_FLOOR_HU = 500.0

#: A slice this many times brighter or darker than both neighbours is no anatomy ...
LARGEST_JUMP = 4.0
#: ... if these differ by less than this factor from each other.
ALIKE = 2.0


def rescale_faults(
    headers: Sequence[Dataset], array: np.ndarray, modality: str
) -> list[Finding]:
    """RESCALE_JUMP of the slices that their own rescale seems to misplace.

    Parameters
    ----------
    headers : sequence of Dataset
        Of the slices, in the order of k.
    array : ndarray, shape (k, j, i)
        Rescaled values.
    modality : str
        Slices of CT are compared by their lowest values, of PT by their means; MR has
        no scale that two slices could be compared by.
    """
    scales = [
        (hd.number(h, "RescaleSlope"), hd.number(h, "RescaleIntercept"))
        for h in headers
    ]
    if len(set(scales)) < 2 or modality not in ("CT", "PT"):
        return []
    odd = [*(_odd_floors(scales, array) if modality == "CT" else _odd_means(array))]
    if not odd:
        return []
    listed = ", ".join(map(str, odd[:3])) + (" and more" if len(odd) > 3 else "")
    text = (
        f"{len(odd)} of {len(array)} slices have a slope or intercept of their own "
        f"and values that do not fit those of the others (slice {listed}, counted from "
        "0): the rescale of these slices is wrong. Export the series again, or waive "
        "this for the subject if it is right"
    )
    return [Finding("RESCALE_JUMP", f"{text}.")]


def _odd_floors(
    scales: Sequence[tuple[float | None, float | None]], array: np.ndarray
) -> Iterator[int]:
    """Slices whose lowest value is not that of the slices of the usual rescale.

    Without a rescale that most slices share, none is usual.
    """
    floors = array.min(axis=(1, 2)).astype(float)
    usual = max(set(scales), key=scales.count)
    if 2 * scales.count(usual) <= len(scales):
        return
    floor = np.median([f for f, s in zip(floors, scales, strict=True) if s == usual])
    for k, scale in enumerate(scales):
        if scale != usual and abs(floors[k] - floor) > LARGEST_FLOOR_HU:
            yield k


def _odd_means(array: np.ndarray) -> Iterator[int]:
    means = array.mean(axis=(1, 2), dtype=np.float64)
    for k in range(1, len(means) - 1):
        before, own, after = means[k - 1 : k + 2]
        if min(before, own, after) <= 0:
            continue
        alike = 1 / ALIKE < before / after < ALIKE
        jump = own / np.sqrt(before * after)
        if alike and not 1 / LARGEST_JUMP <= jump <= LARGEST_JUMP:
            yield k

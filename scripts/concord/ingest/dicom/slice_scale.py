"""Slices whose rescale does not fit that of their neighbours.

Slope and intercept may differ from slice to slice, as in most PET. Then one wrong
number scales one slice alone, which no check of the whole image sees. A slope of PET
that is wrong by less than `LARGEST_JUMP` cannot be told from anatomy.
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
        Slices of CT are compared by their slopes and lowest values, of PT by their
        intercepts and means; MR has no scale that two slices could be compared by.
    """
    scales = [
        (hd.number(h, "RescaleSlope"), hd.number(h, "RescaleIntercept"))
        for h in headers
    ]
    if len(set(scales)) < 2 or modality not in ("CT", "PT"):
        return []
    slopes, intercepts = zip(*scales, strict=True)
    signed = [hd.number(header, "PixelRepresentation") for header in headers]
    found = {*_unusual(intercepts, signed)}
    if modality == "CT":
        found |= {*_unusual(slopes, signed), *_odd_floors(scales, array)}
    else:
        found |= {*_odd_means(array)}
    odd = sorted(found)
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


def _unusual(
    numbers: Sequence[float | None], signed: Sequence[float | None]
) -> Iterator[int]:
    """Slices whose number is not that of most; none if most have no common one.

    Scanners give all slices of CT one rescale, or each its own; the intercept of PET
    is 0 in DICOM. Slices of signed and of unsigned pixels are compared apart, as
    archives that make one of the other alter the intercept with them.
    """
    for kind in set(signed):
        own = [k for k, one in enumerate(signed) if one == kind]
        alike = [numbers[k] for k in own]
        usual = max(set(alike), key=alike.count)
        if 2 * alike.count(usual) > len(own):
            yield from (k for k in own if numbers[k] != usual)


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
    """Slices much brighter or darker than both neighbours, which are alike.

    The first and the last are compared with the next two; they may be darker, as above
    a head.
    """
    means = array.mean(axis=(1, 2), dtype=np.float64)
    last = len(means) - 1
    for k, own in enumerate(means):
        at_end = k in (0, last)
        beside = [k - 1, k + 1] if not at_end else [abs(k - 1), abs(k - 2)]
        if last < 2 or min(own, *means[beside]) <= 0:
            continue
        near, far = means[beside]
        alike = 1 / ALIKE < near / far < ALIKE
        jump = own / np.sqrt(near * far)
        too_dark = jump < 1 / LARGEST_JUMP and not at_end
        if alike and (jump > LARGEST_JUMP or too_dark):
            yield k

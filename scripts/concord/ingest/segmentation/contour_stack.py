"""From contour planes to the slices of an image: nearest, finer, between, gaps.

Heights count slices: 2.5 lies half-way between the slices 2 and 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import ndimage

from ...errors import IngestFault
from ..faults.collecting import waived_note
from .options import SegmentationOptions

#: Planes nearer to each other than this many slices are one plane.
SAME_PLANE = 1e-3

#: Segmentations this alike on both sides of a gap (Dice) belong to one body.
_ALIKE = 0.5


@dataclass(frozen=True)
class Stack:
    """Segmented pixels of parallel planes.

    `heights` ascend, shape (m,); `pixels` is bool, shape (m, rows, columns).
    """

    heights: np.ndarray
    pixels: np.ndarray


def nearest_slice(heights: np.ndarray) -> np.ndarray:
    """The slice of each height; a height half-way goes to the upper one."""
    return np.floor(heights + 0.5).astype(int)


def on_slices(
    planes: Stack, pixel_mm: tuple[float, float], options: SegmentationOptions
) -> tuple[Stack, tuple[str, ...]]:
    """Segmented pixels on the slices from the first to the last plane, and notes.

    A plane within the tolerance of a slice is that slice; of several, the nearest.
    If planes lie further off, or slices between planes have none, it is a fault,
    or else the slices are filled as the options say. Slices between two parts of a
    region (see `part_starts`) stay empty.

    Parameters
    ----------
    pixel_mm : tuple of float
        Spacing of rows and of columns.

    Raises
    ------
    IngestFault
        CONTOUR_BETWEEN_SLICES or CONTOUR_GAP.
    """
    drawn, notes, are_between = _snapped(planes, options)
    slices = nearest_slice(drawn.heights)
    starts = part_starts(slices, drawn.pixels)
    if len(starts) > 1:
        notes = (*notes, f"PARTS_ALONG_NORMAL {len(starts)} parts")
    pixels = np.zeros((slices[-1] - slices[0] + 1, *drawn.pixels.shape[1:]), bool)
    missing = []
    for place in _places(drawn.heights, slices, starts):
        if place.distance <= options.tolerances.contour_tolerance + SAME_PLANE:
            pixels[place.slice - slices[0]] = drawn.pixels[place.nearest]
        else:
            missing.append(place)
    if missing and not are_between:
        notes = (*notes, _gap_note(missing, len(pixels), options))
        missing = [] if "CONTOUR_GAP" in options.waived else missing
    for place in missing:
        filled = _filled(drawn, place, pixel_mm, options.tolerances.fill_gaps)
        pixels[place.slice - slices[0]] = filled
    return Stack(np.arange(slices[0], slices[-1] + 1), pixels), notes


def part_starts(slices: np.ndarray, pixels: np.ndarray) -> list[int]:
    """Where the parts of a region begin that lie apart along the normal.

    Segmentations are drawn at a regular pitch, the most common distance of neighbouring
    planes. Two runs of planes with that pitch are two parts, not one with a gap, if
    each has at least two planes, at least two planes are absent between them, and
    either the segmentations that face each other are not alike (Dice below 0.5) or more
    planes are absent than either run has. Anything else is a gap: one forgotten
    slice, or a regular pattern of slices left out.

    Parameters
    ----------
    slices : ndarray of int, shape (m,)
        Slices of the planes, ascending.
    pixels : ndarray of bool, shape (m, rows, columns)

    Returns
    -------
    list of int
        Index of the first plane of each part.
    """
    steps = np.diff(slices)
    if not steps.any():
        return [0]
    sizes, counts = np.unique(steps[steps > 0], return_counts=True)
    pitch = sizes[counts.argmax()]
    breaks = np.flatnonzero(steps > pitch) + 1
    edges = [0, *breaks.tolist(), len(slices)]
    starts = [0]
    for before, start, after in zip(edges, edges[1:], edges[2:], strict=False):
        longest, shortest = sorted([start - before, after - start], reverse=True)
        absent = steps[start - 1] / pitch - 1
        alike = _dice(pixels[start - 1], pixels[start]) >= _ALIKE
        if shortest >= 2 and absent >= 2 and (not alike or absent > longest):
            starts.append(start)
    return starts


class _Place(NamedTuple):
    """A slice within a part: the planes of the part, and the nearest of them."""

    slice: int
    part: np.ndarray
    nearest: int
    distance: float  # in slices


def _places(
    heights: np.ndarray, slices: np.ndarray, starts: list[int]
) -> Iterator[_Place]:
    """All slices from the first to the last plane of each part."""
    for part in np.split(np.arange(len(slices)), starts[1:]):
        for number in range(slices[part[0]], slices[part[-1]] + 1):
            distance = np.abs(heights[part] - number)
            nearest = int(part[distance.argmin()])
            yield _Place(number, part, nearest, float(distance.min()))


def _snapped(
    planes: Stack, options: SegmentationOptions
) -> tuple[Stack, tuple[str, ...], bool]:
    """One plane per slice; or all planes as they are, if they lie between slices."""
    tolerance, fill = options.tolerances.contour_tolerance, options.tolerances.fill_gaps
    limit = tolerance + SAME_PLANE
    distance = np.abs(planes.heights - nearest_slice(planes.heights))
    between = distance > limit
    if between.any() and (between.all() or not _is_finer(planes.heights, limit)):
        text = (
            f"{between.sum()} of {len(between)} contour planes lie up to "
            f"{distance.max():.2f} slice spacings away from the slices"
        )
        if fill != "refuse":
            note = f"CONTOUR_BETWEEN_SLICES_FILLED {text}, by {fill}"
            return planes, (note,), True
        raise IngestFault(
            "CONTOUR_BETWEEN_SLICES",
            f"{text} (limit {tolerance:g}). The contours may belong to another "
            "image. If they belong to this one, set ingest.fill_gaps.",
        )
    chosen: dict[int, int] = {}
    slices = nearest_slice(planes.heights).tolist()
    for index in np.argsort(distance, kind="stable").tolist():
        if not between[index]:
            chosen.setdefault(slices[index], index)
    kept = sorted(chosen)
    stack = Stack(np.array(kept, float), planes.pixels[[chosen[n] for n in kept]])
    return stack, ("FINER_CONTOURS",) if len(kept) < len(slices) else (), False


def _is_finer(heights: np.ndarray, limit: float) -> bool:
    """True if planes are so dense that each slice among them has one near enough."""
    return bool(np.diff(heights).max(initial=0) <= 2 * limit - SAME_PLANE)


def _gap_note(
    missing: list[_Place], n_slices: int, options: SegmentationOptions
) -> str:
    """Note of slices without contour; a fault if they are to be refused."""
    text = (
        f"{len(missing)} of {n_slices} slices between the first and the last contour "
        f"have none (first: slice {missing[0].slice})"
    )
    if "CONTOUR_GAP" in options.waived:
        return waived_note("CONTOUR_GAP", text)
    if options.tolerances.fill_gaps != "refuse":
        return f"CONTOUR_GAP_FILLED {text}, by {options.tolerances.fill_gaps}"
    raise IngestFault(
        "CONTOUR_GAP",
        f"{text}. Complete the segmentation, or set ingest.fill_gaps; if the slices "
        "are empty on purpose, list the subject in ingest.waive.CONTOUR_GAP.",
    )


def _filled(
    drawn: Stack, place: _Place, pixel_mm: tuple[float, float], how: str
) -> np.ndarray:
    """Pixels of a slice without plane, from the planes of its part."""
    heights = drawn.heights[place.part]
    after = int(np.searchsorted(heights, place.slice))
    if how == "nearest" or after in (0, len(heights)):
        return drawn.pixels[place.nearest]
    first, second = place.part[after - 1], place.part[after]
    share = (place.slice - heights[after - 1]) / (heights[after] - heights[after - 1])
    low, high = (_signed_distance(drawn.pixels[n], pixel_mm) for n in (first, second))
    filled = (1 - share) * low + share * high > 0
    if not filled.any():
        raise IngestFault(
            "CONTOUR_GAP",
            f"slice {place.slice} has no contour, and those beside it lie too far "
            "apart to interpolate between them. Complete the segmentation.",
        )
    return filled


def _signed_distance(pixels: np.ndarray, pixel_mm: tuple[float, float]) -> np.ndarray:
    """Distance of pixel centres from the edge, in mm; negative outside.

    The edge is taken half-way between the centres within and without.

    References
    ----------
    .. [1] Raya, S.P. & Udupa, J.K. (1990). "Shape-based interpolation of
           multidimensional objects". IEEE Trans Med Imaging, 9, 32-42.
           https://doi.org/10.1109/42.52980
    """
    if not pixels.any():
        return np.full(pixels.shape, -np.hypot(*pixel_mm) * sum(pixels.shape))
    padded = np.pad(pixels, 1)
    inner = ndimage.distance_transform_edt(padded, sampling=pixel_mm)
    outer = ndimage.distance_transform_edt(~padded, sampling=pixel_mm)
    return (inner - outer)[1:-1, 1:-1]


def _dice(first: np.ndarray, second: np.ndarray) -> float:
    """Overlap of two segmentations; 0 if both are empty."""
    total = np.count_nonzero(first) + np.count_nonzero(second)
    return 2 * np.count_nonzero(first & second) / total if total else 0.0

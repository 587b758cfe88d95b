"""Planar contours to a mask on the grid of an image.

A voxel belongs to a contour if its centre lies inside the polygon. A contour
inside another counts by the parity of its nesting (a hole); contours that
cross are united. A contour plane snaps to the nearest slice.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import IngestFault
from ...images import Volume
from .contour_stack import SAME_PLANE, Stack, nearest_slice, on_slices
from .crossing import Spare, crossing_groups
from .options import SegmentationOptions, extent_text, outside_notes
from .polygons import Box, box_around, parity, union

CLOSED, XOR = "CLOSED_PLANAR", "CLOSEDPLANAR_XOR"
#: Types of contours that DICOM defines; only the closed ones enclose voxels.
KINDS = ("POINT", "OPEN_PLANAR", "OPEN_NONPLANAR", CLOSED, XOR)

#: Pixels of all planes of contours: as many for each voxel of the image, or so few.
_MOST_PIXELS, _FEW_PIXELS = 8, 1_000_000

#: Voxel coordinates are rounded to this many digits, so that equal points of two
#: contours stay equal and rounding of the geometry decides no voxel.
_DIGITS = 6


@dataclass(frozen=True)
class Contour:
    """A contour of an ROI: its points (n, 3) in LPS mm, and its DICOM type."""

    points_mm: np.ndarray
    kind: str = CLOSED


@dataclass(frozen=True)
class Rasterized:
    """A mask, shape (k, j, i), and notes on accepted oddities."""

    mask: np.ndarray
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Plane:
    """Polygons (n, 2) of one plane in voxel coordinates (i, j)."""

    height: float  # in slices
    polygons: tuple[np.ndarray, ...]
    is_xor: bool


def rasterize(
    contours: Sequence[Contour],
    image: Volume,
    options: SegmentationOptions | None = None,
) -> Rasterized:
    """The mask of one ROI.

    Parameters
    ----------
    contours : sequence of Contour
        All contours of the ROI; types other than closed planar are left aside.
    image : Volume
        Its grid is used, in any orientation; its voxels are not looked at.
    options : SegmentationOptions, optional
        Tolerance, and what is done about gaps and contours outside the image.

    Raises
    ------
    IngestFault
        ROI_EMPTY, CONTOUR_NOT_PLANAR, CONTOUR_OUTSIDE, CONTOUR_BETWEEN_SLICES,
        CONTOUR_GAP or TOO_LARGE.
    """
    options = options or SegmentationOptions()
    closed, notes = _closed(contours)
    planes = _planes(
        closed, np.linalg.inv(image.affine()), options.tolerances.contour_tolerance
    )
    polygons = [polygon for plane in planes for polygon in plane.polygons]
    box = box_around(polygons)
    shape = image.array.shape
    _require_near(planes, box, shape)
    _require_few_planes(len(planes), box, shape)
    pixels, n_united = _pixels(planes, box)
    heights = np.array([plane.height for plane in planes])
    stack = Stack(heights, pixels)
    outside = _outside_notes(stack, box, shape, options)
    filled, more = on_slices(stack, image.spacing_mm[1:], options)
    mask = _pasted(filled, box, shape)
    if not mask.any():
        raise IngestFault(
            "ROI_EMPTY",
            f"{len(closed)} contours enclose no voxel centre: the region is smaller "
            "than a voxel. Segmentation it on a finer image.",
        )
    crossing = ("OVERLAPPING_CONTOURS",) if n_united else ()
    return Rasterized(mask, (*notes, *outside, *more, *crossing))


def _closed(contours: Sequence[Contour]) -> tuple[list[Contour], list[str]]:
    """Contours that enclose an area, and notes on the others."""
    unknown = sum(contour.kind not in KINDS for contour in contours)
    if unknown:
        raise IngestFault(
            "CONTOUR_INCOMPLETE",
            f"ContourGeometricType of {unknown} of {len(contours)} contours is absent "
            f"or none of {', '.join(KINDS)}: the file is damaged. Export it again.",
        )
    closed = [c for c in contours if c.kind in (CLOSED, XOR) and len(c.points_mm) > 2]
    if not closed:
        raise IngestFault(
            "ROI_EMPTY",
            f"the ROI has {len(contours)} contours but none that encloses an area, "
            f"expected {CLOSED}. Check the segmentation.",
        )
    points = sum(contour.kind == "POINT" for contour in contours)
    others = len(contours) - len(closed) - points
    notes = ["POINT_IGNORED"] if points else []
    return closed, notes + (["OPEN_CONTOUR_IGNORED"] if others else [])


def _planes(
    contours: Sequence[Contour], to_voxel: np.ndarray, tolerance: float
) -> list[_Plane]:
    """Contours in voxel coordinates, gathered by plane, ascending."""
    sizes = np.array([len(contour.points_mm) for contour in contours])
    starts = np.cumsum(sizes) - sizes
    points = np.concatenate([contour.points_mm for contour in contours])
    points = np.round(points @ to_voxel[:3, :3].T + to_voxel[:3, 3], _DIGITS)
    low, high = (f.reduceat(points[:, 2], starts) for f in (np.minimum, np.maximum))
    spread = float((high - low).max())
    if spread > tolerance + SAME_PLANE:
        raise IngestFault(
            "CONTOUR_NOT_PLANAR",
            f"a contour extends over {spread:.2f} slices, expected at most "
            f"{tolerance:g}: it was not made on the slices of this image. Segment the "
            "region on this image.",
        )
    heights = np.add.reduceat(points[:, 2], starts) / sizes
    order = np.argsort(heights, kind="stable")
    polygons = np.split(np.ascontiguousarray(points[:, :2]), starts[1:])
    breaks = np.flatnonzero(np.diff(heights[order]) > SAME_PLANE) + 1
    return [
        _Plane(
            height=float(heights[members].mean()),
            polygons=tuple(polygons[number] for number in members),
            is_xor=any(contours[number].kind == XOR for number in members),
        )
        for members in np.split(order, breaks)
    ]


def _require_near(planes: Sequence[_Plane], box: Box, shape: tuple[int, ...]) -> None:
    """Refuse contours that leave the image by more than half of its size."""
    heights = np.array([planes[0].height, planes[-1].height])
    low, high = _ends(heights, box)
    margin = np.array(shape) / 2
    if (np.array(low) < -margin).any() or (np.array(high) > shape + margin).any():
        raise IngestFault(
            "CONTOUR_OUTSIDE",
            f"the segmentation leaves the image by more than half of its size: "
            f"{extent_text(low, high, shape)}. It belongs to another image.",
        )


def _require_few_planes(n_planes: int, box: Box, shape: tuple[int, ...]) -> None:
    """Refuse more planes of contours than the image has slices, by far."""
    pixels = n_planes * box.n_rows * box.n_columns
    most = _MOST_PIXELS * math.prod(shape)
    if pixels > max(most, _FEW_PIXELS):
        raise IngestFault(
            "TOO_LARGE",
            f"contours lie in {n_planes} planes of {box.n_rows} x {box.n_columns} "
            f"pixels, {pixels} in all, expected at most {most}, {_MOST_PIXELS} times "
            "the voxels of the image. Export the segmentation on the slices of its "
            "image.",
        )


def _pixels(planes: Sequence[_Plane], box: Box) -> tuple[np.ndarray, int]:
    """Pixels of all planes within a box, and how many contours were united."""
    plain: list[tuple[int, np.ndarray]] = []
    united: dict[int, list[list[np.ndarray]]] = {}
    spare = Spare()
    for layer, plane in enumerate(planes):
        groups = [[number] for number in range(len(plane.polygons))]
        if len(groups) > 1 and not plane.is_xor:
            groups = crossing_groups(plane.polygons, spare)
        if len(groups) < len(plane.polygons):
            united[layer] = [[plane.polygons[n] for n in group] for group in groups]
        else:
            plain += [(layer, polygon) for polygon in plane.polygons]
    layers = np.array([layer for layer, _ in plain], int)
    pixels = parity([polygon for _, polygon in plain], layers, len(planes), box)
    for layer, shapes in united.items():
        for group in shapes:
            pixels[layer] ^= union(group, box)
    return pixels, sum(len(g) - 1 for shapes in united.values() for g in shapes)


def _outside_notes(
    stack: Stack, box: Box, shape: tuple[int, ...], options: SegmentationOptions
) -> tuple[str, ...]:
    """A note if part of the region lies outside the image; a fault if too much."""
    slices = nearest_slice(stack.heights)
    kept = stack.pixels[(slices >= 0) & (slices < shape[0])]
    _, rows, columns = _common((0, *box[:2]), (1, *box[2:]), (1, *shape[1:]))
    total = np.count_nonzero(stack.pixels)
    within = np.count_nonzero(kept[:, rows[1], columns[1]])
    share = 1 - within / total if total else 0.0
    text = extent_text(*_ends(stack.heights, box), shape)
    return outside_notes(share, text, options)


def _ends(heights: np.ndarray, box: Box) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last voxel (slice, row, column) of planes within a box."""
    first, last = nearest_slice(heights[[0, -1]]).tolist()
    low = first, box.first_row, box.first_column
    return low, (last, low[1] + box.n_rows - 1, low[2] + box.n_columns - 1)


def _pasted(stack: Stack, box: Box, shape: tuple[int, ...]) -> np.ndarray:
    """A mask of the shape of the image from slices within a box."""
    mask = np.zeros(shape, bool)
    low = int(stack.heights[0]), box.first_row, box.first_column
    places = _common(low, stack.pixels.shape, shape)
    mask[tuple(place for place, _ in places)] = stack.pixels[
        tuple(own for _, own in places)
    ]
    return mask


def _common(
    low: Sequence[int], size: Sequence[int], shape: Sequence[int]
) -> list[tuple[slice, slice]]:
    """Common part of a box and an image, per axis: in the image, in the box."""
    ends = [
        (max(first, 0), max(min(first + length, limit), max(first, 0)))
        for first, length, limit in zip(low, size, shape, strict=True)
    ]
    return [
        (slice(start, stop), slice(start - first, stop - first))
        for (start, stop), first in zip(ends, low, strict=True)
    ]

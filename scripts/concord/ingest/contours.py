"""Planar contours to a mask on the grid of an image.

A voxel belongs to a contour if its centre lies inside the polygon. A contour
inside another counts by the parity of its nesting (a hole); contours that
cross are united. A contour plane snaps to the nearest slice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import IngestFault
from ..images import Volume
from .polygons import crossing_groups, inside

CLOSED, XOR = "CLOSED_PLANAR", "CLOSEDPLANAR_XOR"

#: Voxel coordinates are rounded to this many digits, so that equal points of two
#: contours stay equal and rounding of the geometry decides no voxel.
_DIGITS = 6

#: Planes nearer to each other than this many slices are one plane.
_SAME_PLANE = 1e-3


@dataclass(frozen=True)
class Contour:
    """A contour of an ROI: its points (n, 3) in LPS mm, and its DICOM type."""

    points_mm: np.ndarray
    kind: str = CLOSED


@dataclass(frozen=True)
class Rasterized:
    """A mask, shape (k, j, i), and the codes of accepted oddities."""

    mask: np.ndarray
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Plane:
    """Polygons (n, 2) of one plane in voxel coordinates (i, j)."""

    height: float  # in slices
    polygons: tuple[np.ndarray, ...]
    is_xor: bool

    @property
    def slice(self) -> int:
        return int(np.rint(self.height))

    @property
    def distance(self) -> float:
        return abs(self.height - self.slice)


def rasterize(
    contours: Sequence[Contour], image: Volume, tolerance: float = 0.25
) -> Rasterized:
    """The mask of one ROI.

    Parameters
    ----------
    contours : sequence of Contour
        All contours of the ROI; types other than closed planar are left aside.
    image : Volume
        Its grid is used, in any orientation.
    tolerance : float, default=0.25
        Largest distance of a contour plane from a slice, in slice spacings.

    Raises
    ------
    IngestFault
        ROI_EMPTY, CONTOUR_NOT_PLANAR, CONTOUR_OUTSIDE, CONTOUR_BETWEEN_SLICES or
        CONTOUR_GAP.
    """
    polygons, notes = _closed(contours)
    to_voxel = np.linalg.inv(image.affine())
    planes = _planes(
        [(_voxels(c.points_mm, to_voxel), c.kind == XOR) for c in polygons], tolerance
    )
    _require_inside(planes, image.array.shape)
    nearest, more = _nearest(planes, tolerance)
    mask = np.zeros(image.array.shape, bool)
    united = 0
    for plane in nearest:
        mask[plane.slice], count = _fill(plane, mask.shape[1:])
        united += count
    if not mask.any():
        raise IngestFault(
            "ROI_EMPTY",
            f"{len(polygons)} contours enclose no voxel centre: the region is smaller "
            "than a voxel. Outline it on a finer image.",
        )
    crossing = ["OVERLAPPING_CONTOURS"] if united else []
    return Rasterized(mask, (*notes, *more, *crossing))


def _closed(contours: Sequence[Contour]) -> tuple[list[Contour], list[str]]:
    """Contours that enclose an area, and notes on the others."""
    closed = [c for c in contours if c.kind in (CLOSED, XOR) and len(c.points_mm) > 2]
    if not closed:
        kinds = sorted({contour.kind for contour in contours})
        raise IngestFault(
            "ROI_EMPTY",
            f"the ROI has {len(contours)} contours ({', '.join(kinds) or 'none'}) but "
            f"none that encloses an area, expected {CLOSED}. Check the outline.",
        )
    points = sum(contour.kind == "POINT" for contour in contours)
    others = len(contours) - len(closed) - points
    notes = ["POINT_IGNORED"] if points else []
    return closed, notes + (["OPEN_CONTOUR_IGNORED"] if others else [])


def _voxels(points_mm: np.ndarray, to_voxel: np.ndarray) -> np.ndarray:
    """Points in voxel coordinates (i, j, k)."""
    found = points_mm @ to_voxel[:3, :3].T + to_voxel[:3, 3]
    return np.round(found, _DIGITS)


def _planes(
    contours: Sequence[tuple[np.ndarray, bool]], tolerance: float
) -> list[_Plane]:
    """Contours gathered by plane, ascending."""
    spread = max(float(np.ptp(points[:, 2])) for points, _ in contours)
    if spread > tolerance + _SAME_PLANE:
        raise IngestFault(
            "CONTOUR_NOT_PLANAR",
            f"a contour extends over {spread:.2f} slices, expected at most "
            f"{tolerance:g}: it was not drawn on the slices of this image. Outline the "
            "region on this image.",
        )
    ordered = sorted(contours, key=lambda contour: contour[0][:, 2].mean())
    heights = np.array([points[:, 2].mean() for points, _ in ordered])
    starts = np.flatnonzero(np.diff(heights, prepend=-np.inf) > _SAME_PLANE)
    planes = []
    for start, stop in zip(starts, [*starts[1:], len(ordered)], strict=True):
        members = ordered[start:stop]
        is_xor = any(xor for _, xor in members)
        polygons = tuple(points[:, :2] for points, _ in members)
        planes.append(_Plane(float(heights[start:stop].mean()), polygons, is_xor))
    return planes


def _require_inside(planes: Sequence[_Plane], shape: tuple[int, ...]) -> None:
    """Refuse contours that could hold voxel centres beyond the image."""
    n_slices, n_rows, n_columns = shape
    outside = [p for p in planes if not 0 <= p.slice < n_slices]
    if outside:
        raise IngestFault(
            "CONTOUR_OUTSIDE",
            f"{len(outside)} of {len(planes)} contour planes lie outside the image: "
            f"slices {outside[0].height:.1f} to {outside[-1].height:.1f} of 0 to "
            f"{n_slices - 1}. The contours belong to another or a larger image.",
        )
    points = np.concatenate([q for plane in planes for q in plane.polygons])
    low, high = points.min(axis=0), points.max(axis=0)
    if (low <= -1).any() or (high >= (n_columns, n_rows)).any():
        raise IngestFault(
            "CONTOUR_OUTSIDE",
            f"contours extend over columns {low[0]:.1f} to {high[0]:.1f} and rows "
            f"{low[1]:.1f} to {high[1]:.1f}, the image has {n_columns} columns and "
            f"{n_rows} rows. The contours belong to another or a larger image.",
        )


def _nearest(
    planes: Sequence[_Plane], tolerance: float
) -> tuple[list[_Plane], list[str]]:
    """The plane nearest to each slice; others only if drawn finer than the slices."""
    limit = tolerance + _SAME_PLANE
    chosen: dict[int, _Plane] = {}
    for plane in planes:
        best = chosen.get(plane.slice)
        if plane.distance <= limit and (best is None or plane.distance < best.distance):
            chosen[plane.slice] = plane
    between = [plane for plane in planes if plane.distance > limit]
    if between and not (chosen and _is_finer(planes, tolerance)):
        worst = max(plane.distance for plane in between)
        raise IngestFault(
            "CONTOUR_BETWEEN_SLICES",
            f"{len(between)} of {len(planes)} contour planes lie up to {worst:.2f} "
            f"slice spacings away from the slices (limit {tolerance:g}). The contours "
            "may belong to another image.",
        )
    expected = range(min(chosen), max(chosen) + 1)
    absent = sorted(set(expected) - set(chosen))
    if absent:
        raise IngestFault(
            "CONTOUR_GAP",
            f"{len(absent)} of {len(expected)} slices between the first and the last "
            f"contour have none (first: slice {absent[0]}). Complete the outline, or "
            "give each part an ROI of its own.",
        )
    aside = len(planes) - len(chosen)
    return list(chosen.values()), ["FINER_CONTOURS"] if aside else []


def _is_finer(planes: Sequence[_Plane], tolerance: float) -> bool:
    """Whether planes are so dense that each slice among them has one near enough."""
    gaps = np.diff([plane.height for plane in planes])
    return bool(len(gaps) and gaps.max() <= 2 * tolerance + _SAME_PLANE)


def _fill(plane: _Plane, shape: tuple[int, ...]) -> tuple[np.ndarray, int]:
    """The slice of one plane, and how many contours were united."""
    masks = [inside(polygon, shape) for polygon in plane.polygons]
    groups = [[number] for number in range(len(masks))]
    if not plane.is_xor:
        groups = crossing_groups(plane.polygons, masks)
    filled = np.zeros(shape, bool)
    for group in groups:
        filled ^= np.logical_or.reduce([masks[number] for number in group])
    return filled, len(masks) - len(groups)

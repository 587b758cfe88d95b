"""The regular voxel grid of a series, from the geometry of its slices.

Nothing is repaired: a series whose slices do not form one regular grid is
refused, because every reader of the converted file would place voxels wrongly.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pydicom import Dataset

from . import header as hd
from .faults import Found, raise_all

#: Largest departure of a slice from the regular grid, in slice spacings.
SPACING_TOLERANCE = 0.01

#: Largest difference of direction cosines of one series, and largest departure
#: from unit length and right angles.
ORIENTATION_TOLERANCE = 1e-3

#: Largest relative difference of pixel spacings of one series.
PIXEL_TOLERANCE = 1e-4

#: Largest sideways shift of a slice, in pixels.
SHIFT_TOLERANCE = 0.1

#: Sideways shifts below this many mm are rounding of the header.
JITTER_MM = 0.01


@dataclass(frozen=True)
class Grid:
    """A regular grid and the order in which the slices fill it."""

    order: tuple[int, ...]  # index of the header of each slice, k ascending
    spacing_mm: tuple[float, float, float]  # along (k, j, i)
    origin_mm: tuple[float, float, float]  # x, y, z (LPS)
    direction: np.ndarray  # shape (3, 3); columns are the axes i, j, k
    notes: tuple[str, ...] = ()


def regular_grid(headers: Sequence[Dataset]) -> Grid:
    """The grid of single-slice headers, ordered along their common normal.

    Raises
    ------
    IngestFault
        Telling every fault of the geometry: NO_GEOMETRY, BAD_SPACING,
        MIXED_MATRIX, MIXED_PIXEL_SPACING, MIXED_ORIENTATION,
        MIXED_FRAME_OF_REFERENCE, SINGLE_SLICE, DUPLICATE_POSITION,
        MISSING_SLICE, NON_UNIFORM_SPACING, GANTRY_TILT or INPLANE_SHIFT.
    """
    raise_all(_absent(headers))
    spacings = _stacked(headers, "PixelSpacing", 2)
    cosines = _stacked(headers, "ImageOrientationPatient", 6)
    raise_all([*_bad_spacing(spacings), *_mixed(headers, spacings, cosines)])
    axes = _axes(cosines[0])
    positions = _stacked(headers, "ImagePositionPatient", 3)
    order = np.argsort(positions @ axes[:, 2], kind="stable")
    positions = positions[order]
    heights = positions @ axes[:, 2]
    pixel_mm = float(spacings[0].min())
    raise_all([*spacing_faults(heights), *_shear_faults(positions, axes, pixel_mm)])
    spacing_mm = float(heights[-1] - heights[0]) / (len(heights) - 1)
    row_mm, column_mm = spacings[0].tolist()
    return Grid(
        order=tuple(order.tolist()),
        spacing_mm=(spacing_mm, row_mm, column_mm),
        origin_mm=tuple(positions[0].tolist()),
        direction=axes,
        notes=_thickness_note(headers[0], spacing_mm),
    )


def spacing_faults(
    heights: np.ndarray, tolerance: float = SPACING_TOLERANCE
) -> list[Found]:
    """Faults of the slice positions along the normal.

    Parameters
    ----------
    heights : ndarray of float, shape (n,)
        Ascending positions along the normal, in mm.
    tolerance : float
        Largest departure from the regular grid, in slice spacings.
    """
    if len(heights) < 2:
        text = f"the series has {len(heights)} slice, a volume needs at least 2."
        return [Found("SINGLE_SLICE", f"{text} Copy the complete series.")]
    gaps = np.diff(heights)
    apart = gaps > JITTER_MM
    found = [] if apart.all() else [_duplicates(heights, apart)]
    distinct = heights[np.concatenate([[True], apart])]
    return found + (_irregular(distinct, tolerance) if len(distinct) > 2 else [])


def _irregular(heights: np.ndarray, tolerance: float) -> list[Found]:
    """Missing slices, or slices off any regular grid; distinct heights."""
    gaps = np.diff(heights)
    steps = np.maximum(np.rint(gaps / np.median(gaps)), 1)
    index = np.concatenate([[0], np.cumsum(steps)])
    spacing_mm = (heights[-1] - heights[0]) / index[-1]
    departure_mm = np.abs(heights - heights[0] - index * spacing_mm).max()
    if departure_mm > tolerance * spacing_mm:
        text = (
            f"slices leave the regular grid by up to {departure_mm:.3f} mm "
            f"({departure_mm / spacing_mm:.1%} of the spacing {spacing_mm:.3f} mm; "
            f"limit {tolerance:.0%}). Gaps are {gaps.min():.3f} to {gaps.max():.3f} "
            "mm. Ask for a reconstruction with equal spacing."
        )
        return [Found("NON_UNIFORM_SPACING", text)]
    if (steps > 1).any():
        first = int(np.argmax(steps > 1))
        text = (
            f"{int((steps - 1).sum())} slices missing: gap {gaps[first]:.2f} mm after "
            f"{heights[first]:.2f} mm where the others are {spacing_mm:.2f} mm "
            f"({len(heights)} of {int(index[-1]) + 1}). Copy the complete series."
        )
        return [Found("MISSING_SLICE", text)]
    return []


def _duplicates(heights: np.ndarray, apart: np.ndarray) -> Found:
    place = np.concatenate([[0], np.cumsum(apart)])
    counts = Counter(Counter(place.tolist()).values())
    listed = ", ".join(
        f"{number} positions occur {times} times"
        for times, number in sorted(counts.items())
        if times > 1
    )
    return Found(
        "DUPLICATE_POSITION",
        f"{listed} ({len(heights)} files, {place[-1] + 1} positions). Keep one volume "
        "(one time point, echo or b-value) in the folder.",
    )


def _shear_faults(
    positions: np.ndarray, axes: np.ndarray, pixel_mm: float
) -> Iterator[Found]:
    """Slices that do not lie straight above each other."""
    relative = positions - positions[0]
    heights, sideways = relative @ axes[:, 2], relative @ axes[:, :2]
    shift_mm = np.linalg.norm(sideways, axis=1).max()
    limit_mm = max(SHIFT_TOLERANCE * pixel_mm, JITTER_MM)
    if shift_mm <= limit_mm:
        return
    slope = (heights @ sideways) / max(heights @ heights, JITTER_MM**2)
    rest_mm = np.linalg.norm(sideways - np.outer(heights, slope), axis=1).max()
    if rest_mm <= limit_mm:
        degrees = np.degrees(np.arctan(np.linalg.norm(slope)))
        yield Found(
            "GANTRY_TILT",
            f"slices are sheared by {degrees:.1f} degrees; readers of NIfTI would "
            f"misplace them by up to {shift_mm:.1f} mm. Ask for an untilted "
            "reconstruction or resample the series.",
        )
    else:
        yield Found(
            "INPLANE_SHIFT",
            f"slices are shifted sideways by up to {shift_mm:.2f} mm (limit "
            f"{limit_mm:.2f} mm). The series may mix two scans.",
        )


def _absent(headers: Sequence[Dataset]) -> Iterator[Found]:
    for keyword, length in (
        ("ImagePositionPatient", 3),
        ("ImageOrientationPatient", 6),
        ("PixelSpacing", 2),
    ):
        found = [hd.numbers(header, keyword, length) for header in headers]
        absent = sum(v is None or not np.isfinite(v).all() for v in found)
        if absent:
            text = f"{keyword} is absent or not {length} numbers in {absent} of "
            end = f"{len(headers)} files. Without it the image has no place or scale."
            yield Found("NO_GEOMETRY", text + end)


def _stacked(headers: Sequence[Dataset], keyword: str, length: int) -> np.ndarray:
    found = [hd.numbers(header, keyword, length) for header in headers]
    return np.stack([row for row in found if row is not None])


def _bad_spacing(spacings: np.ndarray) -> Iterator[Found]:
    bad = (spacings <= 0).any(axis=1)
    if bad.any():
        row, column = spacings[bad][0]
        text = f"PixelSpacing is {row:g}\\{column:g} in {bad.sum()} files, expected "
        yield Found("BAD_SPACING", text + "two positive numbers. Repair the header.")


def _mixed(
    headers: Sequence[Dataset], spacings: np.ndarray, cosines: np.ndarray
) -> Iterator[Found]:
    """Properties that must be the same in all slices and are not."""
    matrices = np.array([[h.get("Rows", 0), h.get("Columns", 0)] for h in headers])
    frames = [hd.text(header, "FrameOfReferenceUID") for header in headers]
    known = list(dict.fromkeys(frames))
    numbers = np.array([[known.index(frame)] for frame in frames])
    yield from _differing("MIXED_MATRIX", "Rows and Columns", matrices, 0)
    limit = PIXEL_TOLERANCE * spacings.max()
    yield from _differing("MIXED_PIXEL_SPACING", "PixelSpacing", spacings, limit)
    name, limit = "ImageOrientationPatient", ORIENTATION_TOLERANCE
    yield from _differing("MIXED_ORIENTATION", name, cosines, limit)
    name = "FrameOfReferenceUID (numbered)"
    yield from _differing("MIXED_FRAME_OF_REFERENCE", name, numbers, 0)
    axes = cosines[0].reshape(2, 3)
    if np.abs(axes @ axes.T - np.eye(2)).max() > ORIENTATION_TOLERANCE:
        text = f"ImageOrientationPatient {axes.ravel().tolist()} is not two unit "
        yield Found(
            "NO_GEOMETRY", text + "vectors at a right angle. Repair the header."
        )


def _differing(
    code: str, name: str, values: np.ndarray, tolerance: float
) -> Iterator[Found]:
    rows, counts = np.unique(values, axis=0, return_counts=True)
    usual = rows[counts.argmax()]
    differs = (np.abs(values - usual) > tolerance).any(axis=1)
    if differs.any():
        other = values[differs][0]
        yield Found(
            code,
            f"{differs.sum()} of {len(values)} files have {name} {other.tolist()}, "
            f"the others {usual.tolist()}. Keep the files of one scan.",
        )


def _axes(cosines: np.ndarray) -> np.ndarray:
    """Right-handed unit axes i, j, k as columns, from six direction cosines."""
    along_i = cosines[:3] / np.linalg.norm(cosines[:3])
    normal = np.cross(along_i, cosines[3:])
    normal /= np.linalg.norm(normal)
    return np.column_stack([along_i, np.cross(normal, along_i), normal])


def _thickness_note(header: Dataset, spacing_mm: float) -> tuple[str, ...]:
    thickness = hd.number(header, "SliceThickness")
    if thickness is None or abs(thickness - spacing_mm) <= 0.01 * spacing_mm:
        return ()
    return (f"THICKNESS_NE_SPACING {thickness:g} mm, spacing {spacing_mm:g} mm",)

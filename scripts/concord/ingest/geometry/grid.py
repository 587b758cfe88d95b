"""The regular voxel grid of a series, from the geometry of its slices.

A series whose slices do not form one regular grid is refused, because every reader of
the converted file would place voxels wrongly. Two of these faults can be repaired by
interpolation if the study asks for it: a gantry tilt and uneven spacing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from pydicom import Dataset

from ..dicom import header as hd
from ..faults.collecting import Finding, raise_ingest_faults
from ..settings import GridSettings
from .orientation import POSSIBLE_MM, header_faults, stacked

#: Nothing is repaired, as a study has it that does not ask for more.
STRICT = GridSettings()

#: Departures below this many mm are accepted whatever the spacing: whole-body PET
#: departs by 0.04 mm where bed positions overlap, and no anatomy shows it.
ACCEPTED_MM = 0.05

#: Largest sideways shift of a slice, in pixels.
SHIFT_TOLERANCE = 0.1

#: Shifts and departures below this many mm are rounding of the header.
JITTER_MM = 0.01

#: Gaps wider than this many usual ones are not bridged by interpolation.
WIDEST_GAP = 2.0


@dataclass(frozen=True)
class Grid:
    """A grid and the order in which the slices fill it.

    `shear` is the sideways shift (along j, i) per mm along k, zero without a gantry
    tilt. `heights_mm` are the positions along k; they are equally spaced, within the
    tolerance, unless `is_uneven`.
    """

    order: tuple[int, ...]  # index of the header of each slice, k ascending
    spacing_mm: tuple[float, float, float]  # along (k, j, i)
    origin_mm: tuple[float, float, float]  # x, y, z (LPS)
    direction: np.ndarray  # shape (3, 3); columns are the axes i, j, k
    heights_mm: np.ndarray  # shape (n,); relative to the first slice
    shear: tuple[float, float] = (0.0, 0.0)
    is_uneven: bool = False
    notes: tuple[str, ...] = ()


@dataclass
class _Findings:
    """Faults and notes of the slices of a grid, and what is left to repair."""

    faults: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shear: tuple[float, float] = (0.0, 0.0)
    is_uneven: bool = False


def regular_grid(headers: Sequence[Dataset], accepted: GridSettings = STRICT) -> Grid:
    """The grid of single-slice headers, ordered along their common normal.

    Raises
    ------
    IngestFault
        Telling every fault of the geometry: NO_GEOMETRY, BAD_SPACING,
        MIXED_MATRIX, MIXED_PIXEL_SPACING, MIXED_ORIENTATION,
        MIXED_FRAME_OF_REFERENCE, SINGLE_SLICE, DUPLICATE_POSITION,
        MISSING_SLICE, NON_UNIFORM_SPACING, GANTRY_TILT or INPLANE_SHIFT.
    """
    grid, faults = examined(headers, accepted)
    raise_ingest_faults(faults)
    return cast(Grid, grid)


def examined(
    headers: Sequence[Dataset], accepted: GridSettings
) -> tuple[Grid | None, list[Finding]]:
    """The grid of single-slice headers if it has no fault, and all its faults."""
    faults = header_faults(headers)
    if faults:
        return None, faults
    spacings = stacked(headers, "PixelSpacing", 2)
    axes = _axes(stacked(headers, "ImageOrientationPatient", 6)[0])
    order, positions = _ascending(headers, axes[:, 2])
    heights = (positions - positions[0]) @ axes[:, 2]
    found = _Findings()
    _examine_spacing(heights, positions[0] @ axes[:, 2], accepted, found)
    _examine_shear(positions, axes, float(spacings[0].min()), accepted, found)
    if found.faults:
        return None, found.faults
    spacing_mm = float(heights[-1]) / (len(heights) - 1)
    row_mm, column_mm = spacings[0].tolist()
    return Grid(
        order=tuple(order.tolist()),
        spacing_mm=(spacing_mm, row_mm, column_mm),
        origin_mm=tuple(positions[0].tolist()),
        direction=axes,
        heights_mm=heights,
        shear=found.shear,
        is_uneven=found.is_uneven,
        notes=(*found.notes, *_thickness_note(headers[0], spacing_mm)),
    ), []


def _ascending(
    headers: Sequence[Dataset], normal: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Order of the slices along their normal, and their positions in that order."""
    positions = stacked(headers, "ImagePositionPatient", 3)
    order = np.argsort(positions @ normal, kind="stable")
    return order, positions[order]


def _examine_spacing(
    heights: np.ndarray, first_mm: float, accepted: GridSettings, found: _Findings
) -> None:
    if len(heights) < 2:
        text = f"the series has {len(heights)} slice, a volume needs at least 2."
        found.faults.append(
            Finding("SINGLE_SLICE", f"{text} Copy the complete series.")
        )
        return
    apart = np.diff(heights) > JITTER_MM
    spacing_mm = float(heights[-1]) / (len(heights) - 1)
    if spacing_mm > POSSIBLE_MM[1]:
        text = f"the slices are {spacing_mm:g} mm apart, expected at most "
        end = f"{POSSIBLE_MM[1]:g} mm. Repair ImagePositionPatient."
        found.faults.append(Finding("BAD_SPACING", text + end))
    if not apart.all():
        found.faults.append(_duplicates(heights, apart))
    distinct = heights[np.concatenate([[True], apart])]
    if len(distinct) > 2:
        _examine_gaps(distinct, first_mm, accepted, found)


def _examine_gaps(
    heights: np.ndarray, first_mm: float, accepted: GridSettings, found: _Findings
) -> None:
    """Missing slices, or slices off any regular grid; distinct heights."""
    gaps = np.diff(heights)
    steps = np.maximum(np.rint(gaps / np.median(gaps)), 1)
    index = np.concatenate([[0], np.cumsum(steps)])
    spacing_mm = (heights[-1] - heights[0]) / index[-1]
    departure_mm = np.abs(heights - heights[0] - index * spacing_mm).max()
    limit_mm = max(accepted.spacing_tolerance * spacing_mm, ACCEPTED_MM)
    share = f"{departure_mm:.3f} mm ({departure_mm / spacing_mm:.1%} of the spacing"
    if departure_mm > limit_mm:
        _take_uneven(gaps, f"{share} {spacing_mm:.3f} mm", limit_mm, accepted, found)
    elif (steps > 1).any():
        first = int(np.argmax(steps > 1))
        absent = int((steps - 1).sum())
        text = (
            f"{absent} slice{'s' * (absent > 1)} missing: gap {gaps[first]:.2f} mm "
            f"after {first_mm + heights[first]:.2f} mm where the others are "
            f"{spacing_mm:.2f} mm ({len(heights)} of {int(index[-1]) + 1}). Copy the "
            "complete series."
        )
        found.faults.append(Finding("MISSING_SLICE", text))
    elif departure_mm > JITTER_MM:
        found.notes.append(f"NON_UNIFORM_SPACING_ACCEPTED up to {share})")


def _take_uneven(
    gaps: np.ndarray,
    share: str,
    limit_mm: float,
    accepted: GridSettings,
    found: _Findings,
) -> None:
    """Uneven spacing: to be evened out if the study asks for it, else a fault."""
    widest = gaps.max() / np.median(gaps)
    if accepted.uneven_spacing == "resample" and widest <= WIDEST_GAP:
        found.is_uneven = True
        return
    advice = "Set ingest.uneven_spacing to resample, or ask for a reconstruction with "
    if accepted.uneven_spacing == "resample":
        advice = f"The widest gap is {widest:.1f} usual ones, too wide to be bridged "
        advice += f"(limit {WIDEST_GAP:g}). Ask for a reconstruction with "
    text = (
        f"slices leave the regular grid by up to {share}; limit {limit_mm:.3f} mm). "
        f"Gaps are {gaps.min():.3f} to {gaps.max():.3f} mm. {advice}equal spacing."
    )
    found.faults.append(Finding("NON_UNIFORM_SPACING", text))


def _duplicates(heights: np.ndarray, apart: np.ndarray) -> Finding:
    place = np.concatenate([[0], np.cumsum(apart)])
    counts = Counter(Counter(place.tolist()).values())
    listed = ", ".join(
        f"{number} positions occur {times} times"
        for times, number in sorted(counts.items())
        if times > 1
    )
    return Finding(
        "DUPLICATE_POSITION",
        f"{listed} ({len(heights)} slices, {place[-1] + 1} positions), and no tag "
        "tells them apart (looked at b-value, echo, kind, inversion time, flip angle, "
        "time point, cardiac phase, acquisition). Keep one volume in the folder.",
    )


def _examine_shear(
    positions: np.ndarray,
    axes: np.ndarray,
    pixel_mm: float,
    accepted: GridSettings,
    found: _Findings,
) -> None:
    """Slices that do not lie straight above each other."""
    relative = positions - positions[0]
    heights, sideways = relative @ axes[:, 2], relative @ axes[:, 1::-1]
    shift_mm = np.linalg.norm(sideways, axis=1).max()
    limit_mm = max(SHIFT_TOLERANCE * pixel_mm, JITTER_MM)
    if shift_mm <= limit_mm:
        return
    slope = (heights @ sideways) / max(heights @ heights, JITTER_MM**2)
    rest_mm = np.linalg.norm(sideways - np.outer(heights, slope), axis=1).max()
    degrees = np.degrees(np.arctan(np.linalg.norm(slope)))
    if rest_mm > limit_mm:
        text = (
            f"slices are shifted sideways by up to {shift_mm:.2f} mm (limit "
            f"{limit_mm:.2f} mm). The series may mix two scans."
        )
        found.faults.append(Finding("INPLANE_SHIFT", text))
    elif accepted.tilt == "resample":
        found.shear = float(slope[0]), float(slope[1])
    else:
        text = (
            f"slices are sheared by {degrees:.1f} degrees; readers of NIfTI would "
            f"misplace them by up to {shift_mm:.1f} mm. Set ingest.tilt to resample, "
            "or ask for an untilted reconstruction."
        )
        found.faults.append(Finding("GANTRY_TILT", text))


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

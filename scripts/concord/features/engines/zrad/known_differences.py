"""Known differences of the two feature engines: each cause, and when it holds.

A difference is explained only if its cause is present in the region, or reproduces
both values; that a feature is on this list excuses nothing.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from ...preparation.grid import PEAK_RADIUS_MM
from ...preparation.resegmentation import Region
from ...recipe.recipe import Recipe
from ..intensity_volume import axis
from . import surfaces
from .names import short_name
from .surfaces import Mesh

#: Radius in mm that the second engine rounds the sphere of 1 cm3 to.
SECOND_RADIUS_MM = 6.2

#: Relative difference of a value from its reproduction.
_REPRODUCED = 1e-6


@dataclass(frozen=True)
class Case:
    """A region that both engines measured."""

    region: Region
    recipe: Recipe

    @cached_property
    def intensities(self) -> np.ndarray:
        """Intensities of the intensity mask."""
        return self.region.image[self.region.intensity_mask]

    @cached_property
    def levels(self) -> np.ndarray:
        """Bin numbers of the intensity mask."""
        return self.region.levels[self.region.intensity_mask]

    @cached_property
    def meshes(self) -> tuple[Mesh, Mesh]:
        """The surface of the mask in the first and in the second engine."""
        return surfaces.of_engines(self.region.mask, self.region.spacing_mm)

    @cached_property
    def tables_differ(self) -> bool:
        """True if two tables of marching cubes give surfaces of different area."""
        return surfaces.tables_differ(self.region.mask, self.region.spacing_mm)


@dataclass(frozen=True)
class Cause:
    """A known cause: in words, and whether it holds for two values of a region."""

    words: str
    holds: Callable[[Case, float, float], bool]


def known_cause(column: str, case: Case, first: float, second: float) -> str:
    """The cause of a difference in words, or an empty text if it has none."""
    causes = _CAUSES.get(short_name(column), ())
    found = (cause.words for cause in causes if cause.holds(case, first, second))
    return next(found, "")


def _equal(value: float, expected: float) -> bool:
    both = math.isnan(value) and math.isnan(expected)
    return both or math.isclose(value, expected, rel_tol=_REPRODUCED, abs_tol=1e-12)


def _ranked(
    values: np.ndarray, method: Literal["inverted_cdf", "linear"]
) -> dict[str, float]:
    """Features made from percentiles, with numpy's name of their definition."""
    low, quarter, three, high = np.percentile(values, [10, 25, 75, 90], method=method)
    middle = values[(values >= low) & (values <= high)]
    spread, total = three - quarter, three + quarter
    return {
        "percentile_10": low,
        "percentile_90": high,
        "interquartile_range": spread,
        "quartile_coefficient_of_dispersion": spread / total if total else math.nan,
        "robust_mean_absolute_deviation": np.abs(middle - middle.mean()).mean(),
    }


def _percentiles(family: str, feature: str) -> Cause:
    """The first engine takes the nearest rank, the second interpolates."""

    def holds(case: Case, first: float, second: float) -> bool:
        values = case.intensities if family == "statistics" else case.levels
        nearest = _ranked(values, "inverted_cdf")[feature]
        linear = _ranked(values, "linear")[feature]
        return _equal(first, nearest) and _equal(second, linear)

    words = (
        "percentiles by nearest rank in the first engine, interpolated in the second"
    )
    return Cause(words, holds)


def _volumes(case: Case, at_least: bool) -> dict[str, float]:
    """Volume at 10 and 90 % of the intensity range, from there or from above it."""
    along = axis(case.intensities, case.recipe)
    found = {}
    for percent in (10, 90):
        threshold = percent / 100 * (along.highest - along.lowest)
        step = math.ceil(threshold - 1e-6) if at_least else math.floor(threshold) + 1
        found[f"volume_at_intensity_fraction_{percent}"] = float(
            np.mean(along.steps >= along.lowest + step)
        )
    low, high = found.values()
    return found | {"volume_fraction_difference_10_90": low - high}


def _fraction(feature: str) -> Cause:
    """The second engine leaves out the intensity that is the fraction itself."""

    def holds(case: Case, first: float, second: float) -> bool:
        reached, above = _volumes(case, True), _volumes(case, False)
        return _equal(first, reached[feature]) and _equal(second, above[feature])

    words = (
        "volume from the intensity fraction on in the first engine (as the IBSI "
        "defines), above it in the second"
    )
    return Cause(words, holds)


def _has_tie(case: Case, first: float, second: float) -> bool:
    """Test if both modes are among the most frequent bins."""
    counts = np.bincount(case.levels)
    modes = np.flatnonzero(counts == counts.max()).tolist()
    return len(modes) > 1 and {first, second} <= set(modes)


def _mean_is_zero(case: Case, first: float, second: float) -> bool:
    """Test if the mean is zero but for rounding, as after standardization."""
    mean, deviation = case.intensities.mean(), case.intensities.std()
    return bool(abs(mean) <= 1e-9 * deviation)


def _sphere_differs(case: Case, first: float, second: float) -> bool:
    """Test if a voxel lies between the two radii of the peak sphere."""
    reach = [
        np.arange(math.ceil(PEAK_RADIUS_MM / size) + 1) * size
        for size in case.region.spacing_mm
    ]
    k, j, i = np.meshgrid(*reach, indexing="ij")
    distance = np.sqrt(k**2 + j**2 + i**2)
    between = (distance > SECOND_RADIUS_MM) & (distance <= PEAK_RADIUS_MM)
    return bool(between.any())


def _has_equal_axes(case: Case, first: float, second: float) -> bool:
    """Test if the second engine has no value and two principal axes are equal."""
    places = np.argwhere(case.region.mask) * case.region.spacing_mm
    spread = np.linalg.eigvalsh(np.cov(places, rowvar=False))
    ratios = spread[:-1] / spread[1:]
    return math.isnan(second) and bool(ratios.max() > 1 - _REPRODUCED)


def _surface(volume_power: float, area_power: float, offset: float = 0.0) -> Cause:
    """Two tables of marching cubes, for a feature made of volume and area.

    It holds if the two surfaces reproduce the ratio of the values, or if they differ
    and the values do by 1 % at most. A feature is a power of the volume times one of
    the area, less the offset; what else it is made of does not depend on the surface.
    """

    def holds(case: Case, first: float, second: float) -> bool:
        one, other = case.meshes
        ratio = (one.volume_mm3 / other.volume_mm3) ** volume_power
        ratio *= (one.area_mm2 / other.area_mm2) ** area_power
        close = math.isclose(first, second, rel_tol=0.01)
        reproduced = ratio != 1 and _equal(first + offset, ratio * (second + offset))
        return reproduced or (close and case.tables_differ)

    words = (
        "voxels that meet at an edge or corner: surface by the tables of Lorensen in "
        "the first engine, of Lewiner in the second"
    )
    return Cause(words, holds)


_PEAK = Cause(
    f"radius of the sphere of 1 cm3: {PEAK_RADIUS_MM:.4f} mm in the first engine, "
    f"{SECOND_RADIUS_MM:g} mm in the second",
    _sphere_differs,
)
_MODE = Cause(
    "equally frequent bins: the one nearest to the mean in the first engine (as the "
    "IBSI defines), the lowest in the second",
    _has_tie,
)
_ZERO = Cause("the mean is zero, so a quotient by it is rounding", _mean_is_zero)
_AXES = Cause(
    "equal principal axes, for which the series of the second engine divides by zero",
    _has_equal_axes,
)
_RANKED = (
    "percentile_10",
    "percentile_90",
    "interquartile_range",
    "quartile_coefficient_of_dispersion",
    "robust_mean_absolute_deviation",
)
_FRACTIONS = (
    "volume_at_intensity_fraction_10",
    "volume_at_intensity_fraction_90",
    "volume_fraction_difference_10_90",
)
#: Powers of the volume and the area that features of the surface are made of.
_MESHED = {
    "volume_mesh": _surface(1, 0),
    "surface_area": _surface(0, 1),
    "surface_to_volume_ratio": _surface(-1, 1),
    "compactness_1": _surface(1, -1.5),
    "compactness_2": _surface(2, -3),
    "spherical_disproportion": _surface(-2 / 3, 1),
    "sphericity": _surface(2 / 3, -1),
    "asphericity": _surface(-2 / 3, 1, offset=1.0),
    "volume_density_axis_aligned_bounding_box": _surface(1, 0),
    "area_density_axis_aligned_bounding_box": _surface(0, 1),
    "volume_density_approximate_enclosing_ellipsoid": _surface(1, 0),
    "area_density_approximate_enclosing_ellipsoid": _surface(0, 1),
    "volume_density_convex_hull": _surface(1, 0),
    "area_density_convex_hull": _surface(0, 1),
    "integrated_intensity": _surface(1, 0),
}

_ELLIPSOID = (
    "volume_density_approximate_enclosing_ellipsoid",
    "area_density_approximate_enclosing_ellipsoid",
)
_SHARED: tuple[tuple[str, tuple[str, ...], Cause], ...] = (
    ("morphology", ("centre_of_mass_shift", "integrated_intensity"), _ZERO),
    ("morphology", _ELLIPSOID, _AXES),
    ("local_intensity", ("local_peak", "global_peak"), _PEAK),
    ("statistics", ("coefficient_of_variation",), _ZERO),
    ("histogram", ("mode",), _MODE),
)


def _causes() -> Iterator[tuple[str, Cause]]:
    """Every known cause and the feature that it concerns."""
    for family in ("statistics", "histogram"):
        for feature in _RANKED:
            yield f"{family}.{feature}", _percentiles(family, feature)
    for feature in _FRACTIONS:
        yield f"ivh.{feature}", _fraction(feature)
    for family, features, cause in _SHARED:
        for feature in features:
            yield f"{family}.{feature}", cause
    for feature, cause in _MESHED.items():
        yield f"morphology.{feature}", cause


_CAUSES: dict[str, list[Cause]] = defaultdict(list)
for _name, _known in _causes():
    _CAUSES[_name].append(_known)

"""The only module that knows the second feature engine (Z-Rad).

It computes the texture features of thick slices, which the first engine lacks (2D,
2.5D and averaged aggregations), and checks the first engine on a study's own regions.
It is given a region that was prepared here and answers by the same column names.

Only its feature calculators are imported. Its release also declares PyQt5, pyqtgraph
and OpenCV, which belong to its windows and filters; they are neither installed nor
imported (PyQt5 is under the GPL).
"""

import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from ..errors import StudyError
from .engine import Measurements
from .names import TEXTURE_FAMILIES, Feature, by_column, of_families
from .preparation import Region, discretized
from .recipe import Recipe

#: The release that the names and the checks were made for.
VERSION = "26.9.0"

#: Families whose matrices are made per direction.
_DIRECTIONAL = ("glcm", "glrlm")

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Aggregation:
    """How texture matrices of slices and directions become one value."""

    dimension: str  # 2D, 2.5D or 3D
    method: str  # the engine's name
    merged: bool  # features of merged matrices (IBSI comb), or averaged ones (avg)

    def suffix(self, family: str) -> str:
        """What the IBSI appends to the tag of a feature, such as ``2_5D_comb``."""
        if family not in TEXTURE_FAMILIES:
            return ""
        parts = [self.dimension.replace(".", "_")]
        if family in _DIRECTIONAL:
            parts.append("comb" if self.merged else "avg")
        return "_".join(parts)


#: The aggregations of the IBSI. Families without directions know 2D, 2.5D and 3D only.
AGGREGATIONS = {
    "2D averaged": Aggregation("2D", "AVER", merged=False),
    "2D slice-merged": Aggregation("2D", "SLICE_MERG", merged=True),
    "2.5D direction-merged": Aggregation("2.5D", "DIR_MERG", merged=False),
    "2.5D merged": Aggregation("2.5D", "MERG", merged=True),
    "3D averaged": Aggregation("3D", "AVER", merged=False),
    "3D merged": Aggregation("3D", "MERG", merged=True),
}

#: Features that this engine does not compute.
LACKING = frozenset(
    {
        "original.morphology.volume_density_oriented_minimum_bounding_box",
        "original.morphology.area_density_oriented_minimum_bounding_box",
        "original.morphology.volume_density_minimum_volume_enclosing_ellipsoid",
        "original.morphology.area_density_minimum_volume_enclosing_ellipsoid",
        "original.ivh.area_under_curve",
    }
)

#: What the engine gives for a quotient with a denominator of zero.
_INFINITE = 1_000_000
_QUOTIENTS = ("stat_cov", "stat_qcod", "ih_cov", "ih_qcod")


def measure(
    region: Region, recipe: Recipe, *, aggregation: str = "3D merged"
) -> Measurements:
    """All features of the recipe's families; one that fails leaves only itself NaN.

    Slices and regions of any size are measured, where the engine's own front end
    drops small slices without a word and refuses a region of fewer than three.

    Parameters
    ----------
    region : Region
        A prepared region, axes (k, j, i); slices lie along k.
    recipe : Recipe
        Families, intensity range and histograms.
    aggregation : str
        One of `AGGREGATIONS`; concerns the texture families alone.

    Returns
    -------
    Measurements
        Values by column and failures by family. A value is NaN where the engine
        lacks the feature (`LACKING`), and where a single slice or direction of an
        average has no neighbours.

    Raises
    ------
    StudyError
        If the aggregation is unknown or another release is installed.

    References
    ----------
    Zwanenburg A et al. Radiology 2020;295:328. doi:10.1148/radiol.2020191145
    """
    task = _Task(region, recipe, _aggregation(aggregation), _modules())
    values = {feature.column: np.nan for feature in of_families(recipe.families)}
    failures: dict[str, str] = {}
    for family in recipe.families:
        try:
            found = _quietly(_FAMILIES[family], task)
        except task.modules.failures as error:
            _LOG.warning("%s features failed: %s", family, error)
            failures[family] = f"{type(error).__name__}: {str(error).strip()}"
            continue
        for feature in of_families((family,)):
            value = found.get(base_tag(feature), np.nan)
            values[feature.column] = float(value) if np.isfinite(value) else np.nan
    return Measurements(values, failures)


def base_tag(feature: Feature) -> str:
    """Tag of a feature in the IBSI reference values, without its aggregation."""
    suffix = AGGREGATIONS["3D merged"].suffix(feature.family)
    return feature.ibsi_tag.removesuffix(f"_{suffix}") if suffix else feature.ibsi_tag


def ibsi_tag(column: str, aggregation: str) -> str:
    """Tag of a column in the IBSI reference values under an aggregation."""
    feature = by_column()[column]
    suffix = _aggregation(aggregation).suffix(feature.family)
    return "_".join(filter(None, [base_tag(feature), suffix]))


def software() -> str:
    """Name and version of the engine."""
    return f"z-rad {version('z-rad')}"


@dataclass(frozen=True)
class _Modules:
    """The engine's calculators."""

    intensity: Any
    morphology: Any
    texture: dict[str, Any]  # by family
    failures: tuple[type[Exception], ...]


@dataclass(frozen=True)
class _Task:
    region: Region
    recipe: Recipe
    aggregation: Aggregation
    modules: _Modules

    @property
    def intensities(self) -> np.ndarray:
        """The image, NaN outside the intensity mask."""
        return np.where(self.region.intensity_mask, self.region.image, np.nan)

    @property
    def levels(self) -> np.ndarray:
        """Bin numbers, NaN outside the intensity mask; a tight box, axes (i, j, k)."""
        levels = np.where(self.region.intensity_mask, self.region.levels, np.nan)
        return levels[self.box].T

    @property
    def box(self) -> tuple[slice, ...]:
        """The tight box around the mask."""
        ends = [(places.min(), places.max() + 1) for places in self._places]
        return tuple(slice(int(low), int(high)) for low, high in ends)

    @property
    def _places(self) -> tuple[np.ndarray, ...]:
        return np.nonzero(self.region.mask | self.region.intensity_mask)


def _aggregation(name: str) -> Aggregation:
    if name not in AGGREGATIONS:
        raise StudyError(
            f"aggregation {name!r} is unknown, expected one of {list(AGGREGATIONS)}."
        )
    return AGGREGATIONS[name]


@cache
def _modules() -> _Modules:
    """The engine's calculators, imported at the first call."""
    from zrad.exceptions import DataStructureError
    from zrad.radiomics import glcm, gldzm, glrlm, glszm, intensity, ngldm, ngtdm
    from zrad.radiomics.morphology import MorphologicalFeatures

    if version("z-rad") != VERSION:
        raise StudyError(
            f"the second feature engine is z-rad {version('z-rad')}, expected "
            f"{VERSION}: other releases name and compute features differently. "
            "Install the version of envs/second_engine.yaml."
        )

    class Morphology(MorphologicalFeatures):
        """Equal or vanishing principal axes cost the ellipsoid alone, not all."""

        @staticmethod
        def _calc_area_density_aee(*sizes: float) -> float:
            return _or_nan(MorphologicalFeatures._calc_area_density_aee, sizes)

        @staticmethod
        def _calc_vol_density_aee(*sizes: float) -> float:
            return _or_nan(MorphologicalFeatures._calc_vol_density_aee, sizes)

    def _or_nan(compute: Callable[..., float], sizes: tuple[float, ...]) -> float:
        try:
            return compute(*sizes)
        except DataStructureError:
            return np.nan

    texture = {
        "glcm": glcm.GLCM,
        "glrlm": glrlm.GLRLM,
        "glszm": glszm.GLSZM,
        "gldzm": gldzm.GLDZM,
        "ngtdm": ngtdm.NGTDM,
        "ngldm": ngldm.NGLDM,
    }
    failures = (DataStructureError, ValueError, ArithmeticError, RuntimeError)
    return _Modules(intensity, Morphology, texture, (*failures, IndexError))


def _quietly(
    compute: Callable[[_Task], dict[str, float]], task: _Task
) -> dict[str, float]:
    """Compute, with the engine's warnings in the log: what they tell becomes NaN."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = compute(task)
    for message in sorted({str(warning.message) for warning in caught}):
        _LOG.info("second engine: %s", message)
    for name in _QUOTIENTS:
        if found.get(name) == _INFINITE:
            found[name] = np.nan
    return found


def _morphology(task: _Task) -> dict[str, float]:
    spacing = [float(value) for value in task.region.spacing_mm]
    mask = task.region.mask[task.box].astype(np.float64)
    calculator = task.modules.morphology(spacing)
    return calculator.calculate_features(mask, task.intensities[task.box])


def _local_intensity(task: _Task) -> dict[str, float]:
    spacing = [float(value) for value in task.region.spacing_mm]
    calculator = task.modules.intensity.LocalIntensityFeatures(spacing)
    return calculator.calculate_features(task.region.image, task.intensities)


def _statistics(task: _Task) -> dict[str, float]:
    calculator = task.modules.intensity.IntensityStatisticsFeatures()
    return calculator.calculate_features(task.region.image[task.region.intensity_mask])


def _histogram(task: _Task) -> dict[str, float]:
    levels = task.region.levels[task.region.intensity_mask].astype(np.float64)
    calculator = task.modules.intensity.IntensityHistogramFeatures()
    return calculator.calculate_features(levels)


def _ivh(task: _Task) -> dict[str, float]:
    """Intensity-volume histogram over the intensity range, or the range found."""
    values, lowest, highest, step = _ivh_axis(task)
    histogram = task.modules.intensity.IntensityVolumeHistogramFeatures
    return histogram(lowest, highest, step).calculate_features(values)


def _ivh_axis(task: _Task) -> tuple[np.ndarray, float, float, float]:
    """Intensities, and first, last and step of the axis they are counted along."""
    values = task.region.image[task.region.intensity_mask]
    histogram = task.recipe.ivh
    low, high = task.recipe.intensity_range
    if histogram.method == "steps":
        lowest, highest = values.min(), values.max()
        return (
            values,
            lowest if low is None else low,
            highest if high is None else high,
            1.0,
        )
    bins, number = discretized(values, np.ones(values.shape, bool), histogram)
    if histogram.width is None or histogram.start is None:
        return bins.astype(np.float64), 1.0, float(bins.max()), 1.0
    width, start = histogram.width, histogram.start
    centres = start + (bins - 0.5) * width
    end = start + number * width if high is None else high
    return centres, start + 0.5 * width, end - 0.5 * width, width


def _texture(family: str) -> Callable[[_Task], dict[str, float]]:
    """The calculator of one texture family."""

    def compute(task: _Task) -> dict[str, float]:
        chosen = task.aggregation
        settings = [chosen.dimension]
        if family in _DIRECTIONAL:
            settings.append(chosen.method)
        calculator = task.modules.texture[family](*settings)
        if family == "gldzm":
            mask = task.region.mask[task.box].T.astype(np.float64)
            return calculator.calculate_features(task.levels, mask)
        return calculator.calculate_features(task.levels)

    return compute


_FAMILIES: dict[str, Callable[[_Task], dict[str, float]]] = {
    "morphology": _morphology,
    "local_intensity": _local_intensity,
    "statistics": _statistics,
    "histogram": _histogram,
    "ivh": _ivh,
} | {family: _texture(family) for family in TEXTURE_FAMILIES}

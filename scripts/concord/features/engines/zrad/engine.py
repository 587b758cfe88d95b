"""The only module that knows the second feature engine (Z-Rad).

It computes the texture features of thick slices, which the first engine lacks (2D,
2.5D and averaged aggregations), and checks the first engine on a study's own regions.
It is given a region that was prepared here and answers by the same column names.

Only its feature calculators are imported. Its release also declares PyQt5 (under the
GPL) and pyqtgraph for its windows, which are never installed, and OpenCV for its
filters, which is installed for the tests of response maps and not imported here.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from ....errors import StudyError
from ...families import DIRECTIONAL_FAMILIES
from ...preparation.resegmentation import Region
from ...recipe.recipe import Recipe
from ..engine_log import warnings_logged
from ..intensity_volume import axis
from ..pictologics import Measurements
from . import names
from .names import Aggregation, base_tag

#: The release that the names and the checks were made for.
VERSION = "26.9.0"

#: Texture families that the engine has a calculator of.
TEXTURE = ("glcm", "glrlm", "glszm", "gldzm", "ngtdm", "ngldm")

#: What the engine gives for a quotient with a denominator of zero.
_INFINITE = 1_000_000
_QUOTIENTS = ("stat_cov", "stat_qcod", "ih_cov", "ih_qcod")

#: Features of the intensity-volume histogram that are intensities, or differences.
_INTENSITIES = ("ivh_i10", "ivh_i90")
_DIFFERENCES = ("ivh_diff_i10_i90",)

_LOG = logging.getLogger(__name__)


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
        One of `names.AGGREGATIONS`; concerns the texture families alone.

    Returns
    -------
    Measurements
        Values by column and failures by family. A value is NaN where the engine
        lacks the feature (`names.LACKING`), and where a single slice or
        direction of an average has no neighbours.

    Raises
    ------
    StudyError
        If the aggregation is unknown or another release is installed.

    References
    ----------
    Zwanenburg A et al. Radiology 2020;295:328. doi:10.1148/radiol.2020191145
    """
    task = _EngineRegion(region, recipe, names.aggregation(aggregation), _modules())
    values = {feature.column: np.nan for feature in recipe.features(recipe.families)}
    failures: dict[str, str] = {}
    for family in recipe.families:
        try:
            found = _quietly(_FAMILIES[family], task) if family in _FAMILIES else {}
        except task.modules.failures as error:
            _LOG.warning("%s features failed: %s", family, error)
            failures[family] = f"{type(error).__name__}: {str(error).strip()}"
            continue
        for feature in recipe.features((family,)):
            value = found.get(base_tag(feature), np.nan)
            values[feature.column] = float(value) if np.isfinite(value) else np.nan
    lacking = frozenset(column for column in values if not offered(column))
    return Measurements(values, failures, lacking)


def measure_recipe(region: Region, recipe: Recipe) -> Measurements:
    """All features of a recipe, with the aggregation that it asks for."""
    return measure(region, recipe, aggregation=recipe.aggregation)


def offered(column: str) -> bool:
    """Tell if the engine computes the feature of a column, of whatever image."""
    return column.split(".")[-2] in _FAMILIES and names.offered(column)


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
class _EngineRegion:
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


@cache
def _modules() -> _Modules:
    """The engine's calculators, imported at the first call."""
    from zrad.exceptions import DataStructureError
    from zrad.radiomics import glcm, gldzm, glrlm, glszm, intensity, ngldm, ngtdm

    if version("z-rad") != VERSION:
        raise StudyError(
            f"the second feature engine is z-rad {version('z-rad')}, expected "
            f"{VERSION}: other releases name and compute features differently. "
            "Install the version of envs/second_engine.yaml."
        )
    texture = {
        "glcm": glcm.GLCM,
        "glrlm": glrlm.GLRLM,
        "glszm": glszm.GLSZM,
        "gldzm": gldzm.GLDZM,
        "ngtdm": ngtdm.NGTDM,
        "ngldm": ngldm.NGLDM,
    }
    failures = (DataStructureError, ValueError, ArithmeticError, RuntimeError)
    return _Modules(intensity, _tolerant_morphology(), texture, (*failures, IndexError))


def _tolerant_morphology() -> Any:
    """The engine's calculator of shapes, whose failed ellipsoid costs itself alone.

    Of a region with equal or vanishing principal axes it would otherwise give nothing.
    """
    from zrad.exceptions import DataStructureError
    from zrad.radiomics.morphology import MorphologicalFeatures

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

    return Morphology


def _quietly(
    compute: Callable[[_EngineRegion], dict[str, float]], task: _EngineRegion
) -> dict[str, float]:
    """Compute, with the engine's warnings in the log; a quotient by zero is NaN."""
    with warnings_logged(_LOG, "second engine"):
        found = compute(task)
    for name in _QUOTIENTS:
        if found.get(name) == _INFINITE:
            found[name] = np.nan
    return found


def _morphology(task: _EngineRegion) -> dict[str, float]:
    spacing = [float(value) for value in task.region.spacing_mm]
    mask = task.region.mask[task.box].astype(np.float64)
    calculator = task.modules.morphology(spacing)
    return calculator.calculate_features(mask, task.intensities[task.box])


def _local_intensity(task: _EngineRegion) -> dict[str, float]:
    spacing = [float(value) for value in task.region.spacing_mm]
    calculator = task.modules.intensity.LocalIntensityFeatures(spacing)
    return calculator.calculate_features(task.region.image, task.intensities)


def _statistics(task: _EngineRegion) -> dict[str, float]:
    calculator = task.modules.intensity.IntensityStatisticsFeatures()
    return calculator.calculate_features(task.region.image[task.region.intensity_mask])


def _histogram(task: _EngineRegion) -> dict[str, float]:
    levels = task.region.levels[task.region.intensity_mask].astype(np.float64)
    calculator = task.modules.intensity.IntensityHistogramFeatures()
    return calculator.calculate_features(levels)


def _ivh(task: _EngineRegion) -> dict[str, float]:
    """Intensity-volume histogram over the intensity range, or the range found."""
    along = axis(task.region.image[task.region.intensity_mask], task.recipe)
    histogram = task.modules.intensity.IntensityVolumeHistogramFeatures
    steps = along.steps.astype(np.float64)

    def up_to(highest: float) -> dict[str, float]:
        return histogram(along.lowest, highest, 1.0).calculate_features(steps)

    found = up_to(along.last)
    volumes = found if along.last == along.highest else up_to(along.highest)
    intensities = {k: along.offset + along.width * found[k] for k in _INTENSITIES}
    differences = {k: along.width * found[k] for k in _DIFFERENCES}
    return volumes | intensities | differences


def _texture(family: str) -> Callable[[_EngineRegion], dict[str, float]]:
    """The calculator of one texture family."""

    def compute(task: _EngineRegion) -> dict[str, float]:
        chosen = task.aggregation
        settings = [chosen.dimension]
        if family in DIRECTIONAL_FAMILIES:
            settings.append(chosen.method)
        calculator = task.modules.texture[family](*settings)
        if family == "gldzm":
            mask = task.region.mask[task.box].T.astype(np.float64)
            return calculator.calculate_features(task.levels, mask)
        return calculator.calculate_features(task.levels)

    return compute


_FAMILIES: dict[str, Callable[[_EngineRegion], dict[str, float]]] = {
    "morphology": _morphology,
    "local_intensity": _local_intensity,
    "statistics": _statistics,
    "histogram": _histogram,
    "ivh": _ivh,
} | {family: _texture(family) for family in TEXTURE}

"""The only module that knows the feature engine (pictologics).

An engine is given a prepared region and gives values by our column names; to use
another one, replace this module.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..ibsi import ORIGINAL, SPATIAL_AUTOCORRELATION, by_engine_name
from ..preparation.resegmentation import Region
from ..recipe.recipe import Recipe
from .autocorrelation import autocorrelation
from .engine_log import warnings_logged
from .intensity_volume import intensity_volume
from .level_differences import normalised_inverse_differences
from .setup import require_engine

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Measurements:
    """Values by column (NaN if undefined) and why a family has none."""

    values: dict[str, float]
    failures: dict[str, str]  # family: what the engine said
    lacking: frozenset[str] = frozenset()  # columns that the engine does not compute
    left_out: dict[str, str] = field(default_factory=dict)  # column: why not computed


def measure(region: Region, recipe: Recipe) -> Measurements:
    """All features of the recipe's families; one that fails leaves only itself NaN."""
    values = {feature.column: np.nan for feature in recipe.features(recipe.families)}
    failures: dict[str, str] = {}
    task = _task(region, recipe)
    for name, families, compute in _GROUPS:
        if not set(families) & set(recipe.families):
            continue
        try:
            with warnings_logged(_LOG, "engine"):
                found = compute(task)
        except (ValueError, ArithmeticError, RuntimeError, IndexError) as error:
            _LOG.warning("%s features failed: %s", name, error)
            failures |= dict.fromkeys(families, f"{type(error).__name__}: {error}")
            continue
        for key, value in found.items():
            feature = by_engine_name()[key]
            if feature.column in values and np.isfinite(value):
                values[feature.column] = float(value)
    left_out = dict.fromkeys(_AUTOCORRELATION, _too_many_voxels(task))
    return Measurements(
        values, failures, left_out={k: v for k, v in left_out.items() if v}
    )


@dataclass(frozen=True)
class _EngineRegion:
    """A region in the engine's terms: axes (x, y, z), C order."""

    image: Any
    mask: Any
    intensity_mask: Any
    values: np.ndarray
    levels: np.ndarray
    level_values: np.ndarray
    n_levels: int
    recipe: Recipe


def _task(region: Region, recipe: Recipe) -> _EngineRegion:
    _, loader = require_engine()

    def turned(array: np.ndarray, dtype: type) -> np.ndarray:
        return np.ascontiguousarray(array.T, dtype=dtype)

    def wrapped(array: np.ndarray) -> Any:
        spacing = tuple(float(value) for value in region.spacing_mm[::-1])
        return loader.Image(array=array, spacing=spacing, origin=(0.0, 0.0, 0.0))

    image = turned(region.image, np.float64)
    inside = turned(region.intensity_mask, np.uint8)
    levels = turned(region.levels, np.int32)
    return _EngineRegion(
        image=wrapped(image),
        mask=wrapped(turned(region.mask, np.uint8)),
        intensity_mask=wrapped(inside),
        values=image[inside != 0],
        levels=levels,
        level_values=levels[inside != 0],
        n_levels=region.n_levels,
        recipe=recipe,
    )


def _morphology(task: _EngineRegion) -> dict[str, float]:
    features, _ = require_engine()
    found = features.calculate_morphology_features(
        task.mask, task.image, task.intensity_mask
    )
    if not task.recipe.spatial_autocorrelation or _too_many_voxels(task):
        return found
    inside = task.intensity_mask.array != 0
    moran, geary = autocorrelation(task.image.array, inside, task.image.spacing)
    return found | {"morans_i_index_N365": moran, "gearys_c_measure_NPT7": geary}


#: Columns of Moran's I and Geary's C.
_AUTOCORRELATION = tuple(
    f"{ORIGINAL}.morphology.{name}" for name in SPATIAL_AUTOCORRELATION
)


def _too_many_voxels(task: _EngineRegion) -> str:
    """Why a region is too large for spatial autocorrelation; empty if it is not."""
    limit, count = task.recipe.autocorrelation_max_voxels, task.values.size
    if limit is None or count <= limit:
        return ""
    return (
        f"{count} voxels in the intensity mask, spatial autocorrelation is computed "
        f"for at most {limit} (autocorrelation_max_voxels)"
    )


def _local_intensity(task: _EngineRegion) -> dict[str, float]:
    features, _ = require_engine()
    return features.calculate_local_intensity_features(task.image, task.intensity_mask)


def _statistics(task: _EngineRegion) -> dict[str, float]:
    features, _ = require_engine()
    return features.calculate_intensity_features(task.values)


def _histogram(task: _EngineRegion) -> dict[str, float]:
    features, _ = require_engine()
    return features.calculate_intensity_histogram_features(
        task.level_values, n_bins=task.n_levels
    )


def _ivh(task: _EngineRegion) -> dict[str, float]:
    """Intensity-volume histogram, as the IBSI defines it."""
    return intensity_volume(task.values, task.recipe)


def _texture(task: _EngineRegion) -> dict[str, float]:
    features, _ = require_engine()
    families = [name for name in _TEXTURE if name in task.recipe.families]
    found = features.calculate_all_texture_features(
        task.levels,
        task.intensity_mask.array,
        task.n_levels,
        distance_mask_array=task.mask.array,
        families=families,
    )
    if "glcm" in families and task.level_values.min() > 1:
        inside = task.intensity_mask.array != 0
        found |= normalised_inverse_differences(task.levels, inside)
    return found


#: Families whose matrices the engine makes in one go.
_TEXTURE = ("glcm", "glrlm", "glszm", "gldzm", "ngtdm", "ngldm")

#: What the engine computes in one go, and our families in it.
_GROUPS: tuple[
    tuple[str, tuple[str, ...], Callable[[_EngineRegion], dict[str, float]]], ...
] = (
    ("morphology", ("morphology",), _morphology),
    ("local intensity", ("local_intensity",), _local_intensity),
    ("statistics", ("statistics",), _statistics),
    ("histogram", ("histogram",), _histogram),
    ("intensity-volume histogram", ("ivh",), _ivh),
    ("texture", _TEXTURE, _texture),
)


def families() -> set[str]:
    """Families that the engine computes."""
    return {family for _, known, _ in _GROUPS for family in known}

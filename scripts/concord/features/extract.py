"""Features of all regions of a chunk of subjects."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from .. import images as volumes
from ..errors import GridMismatchError, StudyError
from ..table_kinds import FEATURE_KEYS
from . import cache
from .engine import Measurements, measure
from .matrix import feature_matrix
from .names import TEXTURE_FAMILIES, by_column
from .preparation import Region, UnusableRegion, prepare
from .recipe import Recipe

STAGE = "extract_features"

#: Families that say nothing if all voxels are in one bin.
_NEED_CONTRAST = ("ivh", *TEXTURE_FAMILIES)

_LOG = logging.getLogger(__name__)


@dataclass
class Extraction:
    """Rows of the three tables of a chunk."""

    recipe: Recipe
    rows: list[dict[str, Any]] = field(default_factory=list)
    undefined: list[dict[str, Any]] = field(default_factory=list)
    exclusions: list[dict[str, Any]] = field(default_factory=list)

    def matrix(self) -> pd.DataFrame:
        """The feature matrix, sorted by its keys."""
        return feature_matrix(self.rows, self.recipe.families)

    def add(self, keys: dict[str, Any], outcome: cache.Outcome) -> None:
        """Add the outcome of one region."""
        if outcome.exclusion:
            code, reason = outcome.exclusion
            known = {name: value for name, value in keys.items() if name != "site"}
            self.exclusions.append(
                {"stage": STAGE, **known, "code": code, "reason": reason}
            )
            return
        self.rows.append(keys | outcome.values)
        for column, reason in outcome.undefined.items():
            self.undefined.append({**keys, "column": column, "reason": reason})


def extract(
    images: pd.DataFrame, masks: pd.DataFrame, recipe: Recipe, code: str
) -> Extraction:
    """Features of every mask of a chunk; a fault costs one region, not the chunk.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks`, of one modality.
    recipe : Recipe
        How to compute.
    code : str
        Fingerprint of the code that computes, part of the key of the cache.

    Returns
    -------
    Extraction
        Feature rows, undefined values and excluded regions. The same for a region
        whatever else is in the chunk, and whether it comes from the cache or not.
    """
    extraction = Extraction(recipe)
    recipe_hash = recipe.hash()
    for image, image_masks in _by_image(images, masks):
        source = _Image(image)
        for mask in image_masks:
            keys = {name: mask[name] for name in FEATURE_KEYS}
            name = cache.key(source.digest, mask["digest"], recipe_hash, code)
            outcome = cache.load(name)
            if outcome is None:
                outcome, keep = _outcome(source, mask, recipe)
                if keep:
                    cache.save(outcome, name)
            extraction.add(keys, outcome)
    return extraction


class _Image:
    """An image that is read when a mask first needs it."""

    def __init__(self, row: dict[str, Any] | None) -> None:
        self.row = row
        self.digest = row["digest"] if row else ""

    @cached_property
    def volume(self) -> volumes.Volume:
        """The voxels."""
        if self.row is None:
            raise StudyError("the image of this mask is not in the table of images")
        return volumes.read(self.row["path"])


def _by_image(
    images: pd.DataFrame, masks: pd.DataFrame
) -> Iterator[tuple[dict[str, Any] | None, list[dict[str, Any]]]]:
    """Each image that has masks, and its masks, sorted."""
    names = ["subject_id", "session", "modality"]
    rows = {tuple(row[name] for name in names): row for row in _records(images)}
    ordered = masks.sort_values(list(FEATURE_KEYS), kind="stable")
    for image_key, group in ordered.groupby(names, sort=True):
        yield rows.get(image_key), _records(group)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _outcome(
    source: _Image, mask: dict[str, Any], recipe: Recipe
) -> tuple[cache.Outcome, bool]:
    """The outcome of one region, and whether it may be kept for another run."""
    try:
        volume = source.volume
        outline = volumes.read_mask(mask["path"])
        volumes.require_same_grid(volume, outline)
        return _computed(volume, outline, recipe), True
    except GridMismatchError as error:
        return cache.Outcome(exclusion=("grid_mismatch", str(error))), False
    except MemoryError:  # a machine's limit, not a fault of the subject
        raise
    except Exception as error:
        _LOG.exception("%s cannot be measured", mask["path"])
        reason = f"{type(error).__name__}: {error}"
        return cache.Outcome(exclusion=("failed", reason)), False


def _computed(
    volume: volumes.Volume, outline: volumes.Volume, recipe: Recipe
) -> cache.Outcome:
    try:
        region = prepare(volume.array, outline.array, volume.spacing_mm, recipe)
    except UnusableRegion as error:
        return cache.Outcome(exclusion=(error.code, str(error)))
    return described(region, measure(region, recipe))


def described(region: Region, measurements: Measurements) -> cache.Outcome:
    """Values of a region, with a reason for each that is undefined."""
    values, undefined = dict(measurements.values), {}
    occupied = np.unique(region.levels[region.intensity_mask]).size
    general = _general_reason(region, occupied)
    for column in values:
        family = by_column()[column].family
        if occupied == 1 and family in _NEED_CONTRAST:
            values[column] = np.nan
            undefined[column] = "all voxels are in one bin: there is no contrast"
        elif np.isnan(values[column]):
            undefined[column] = measurements.failures.get(family, general)
    return cache.Outcome(values, undefined)


def _general_reason(region: Region, occupied: int) -> str:
    places = np.nonzero(region.mask)
    extent = " x ".join(str(int(np.ptp(axis)) + 1) for axis in places[::-1])
    return (
        f"not defined for this region of {places[0].size} voxels (x, y, z: {extent}) "
        f"and {occupied} grey levels"
    )

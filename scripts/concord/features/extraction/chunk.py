"""Features of all regions of a chunk of subjects, by all recipes of an image."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd

from ..engines.pictologics import measure
from ..preparation.regions import Regions
from ..preparation.scan import Segmentation
from ..recipe.columns import RecipeColumns
from .cache import Outcome, cached
from .matrix import feature_matrix
from .region_features import Engine, region_features
from .scans import segmentations

STAGE = "extract_features"


@dataclass
class Extraction:
    """Rows of the three tables of a chunk."""

    recipes: list[RecipeColumns]
    stage: str = STAGE
    with_main: bool = True  # the first recipe decides whether a region has a row
    rows: list[dict[str, Any]] = field(default_factory=list)
    undefined: list[dict[str, Any]] = field(default_factory=list)
    exclusions: list[dict[str, Any]] = field(default_factory=list)

    def matrix(self) -> pd.DataFrame:
        """The feature matrix, sorted by its keys."""
        columns = [column for columns in self.recipes for column in columns.names()]
        return feature_matrix(self.rows, columns)

    def add(self, keys: dict[str, Any], outcomes: dict[RecipeColumns, Outcome]) -> None:
        """Add the outcomes of one region; without the main one there is no row."""
        if not outcomes:
            return
        main = next(iter(outcomes.values()))
        if self.with_main and main.exclusion:
            code, reason = main.exclusion
            known = {name: value for name, value in keys.items() if name != "site"}
            self.exclusions.append(
                {"stage": self.stage, **known, "code": code, "reason": reason}
            )
            return
        row = dict(keys)
        for columns, outcome in outcomes.items():
            row |= {columns.named(name): v for name, v in outcome.values.items()}
            self.undefined += [
                {**keys, "column": column, "reason": reason}
                for column, reason in sorted(_reasons(columns, outcome).items())
            ]
        self.rows.append(row)


def _reasons(columns: RecipeColumns, outcome: Outcome) -> dict[str, str]:
    """Reasons of the undefined columns of a recipe."""
    if outcome.exclusion:
        code, reason = outcome.exclusion
        return dict.fromkeys(columns.names(), f"{code}: {reason}")
    return {columns.named(name): reason for name, reason in outcome.undefined.items()}


def extract(
    images: pd.DataFrame,
    masks: pd.DataFrame,
    recipes: list[RecipeColumns],
    code: str,
    regions: Regions | None = None,
    seed: int = 0,
    engine: Engine | None = None,
) -> Extraction:
    """Features of every mask of a chunk; a fault costs one region, not the chunk.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks`, of one image.
    recipes : list of RecipeColumns
        The recipes of the image, the main one first.
    code : str
        Fingerprint of the code that computes, part of the key of the cache.
    regions : mapping, optional
        The section `regions`: regions made of others.
    seed : int, default=0
        Seed of the study; only negative controls are random.
    engine : callable, optional
        Another engine, for recipes besides the main one.

    Returns
    -------
    Extraction
        Feature rows, undefined values and excluded regions. The same for a region
        whatever else is in the chunk, and whether it comes from the cache or not.
        A region that the main recipe cannot use is excluded; what another recipe
        cannot use is undefined, with the reason.
    """
    extraction = Extraction(recipes, with_main=engine is None)
    for one in segmentations(images, masks, regions or {}, seed):
        extraction.add(one.keys, _outcomes(one, recipes, code, engine or measure))
    return extraction


def _outcomes(
    segmentation: Segmentation, recipes: list[RecipeColumns], code: str, engine: Engine
) -> dict[RecipeColumns, Outcome]:
    """Outcome of each recipe in one region, from the cache where it is known."""
    return {
        columns: cached(
            segmentation,
            columns.recipe,
            code,
            partial(region_features, segmentation, columns.recipe, engine),
            *_randomness(segmentation, columns),
        )
        for columns in recipes
        if columns.measures(segmentation.keys["region"])
    }


def _randomness(segmentation: Segmentation, columns: RecipeColumns) -> list[Any]:
    """Start of the random numbers of a negative control."""
    if columns.recipe.control == "none":
        return []
    return [segmentation.scan.seed, *segmentation.names]

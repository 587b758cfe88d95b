"""What every feature column means: measurand, unit, code, recipe and software."""

from typing import Any

import pandas as pd

from ..errors import StudyError
from .names import Feature, of_families
from .phantom import reference_values
from .recipe import Recipe, resolve, software


def recipes_of(settings: dict[str, dict[str, Any]]) -> dict[str, Recipe]:
    """The recipes of all modalities of a study."""
    return {modality: resolve(settings[modality], modality) for modality in settings}


def describe_columns(
    matrix: pd.DataFrame, recipes: dict[str, Recipe]
) -> list[dict[str, Any]]:
    """One row (kind `dictionary`) per modality, region and column of a matrix."""
    pairs = matrix[["modality", "region"]].drop_duplicates()
    rows: list[dict[str, Any]] = []
    for modality, region in sorted(pairs.itertuples(index=False, name=None)):
        if modality not in recipes:
            raise StudyError(
                f"features of modality {modality!r} have no recipe; recipes are known "
                f"for {sorted(recipes)}. Add recipes.{modality} to the configuration."
            )
        recipe = recipes[modality]
        shared = {
            "modality": modality,
            "region": region,
            "filter": "original",
            "recipe_hash": recipe.hash(),
            "software": software(),
        }
        rows += [shared | _row(f, shared, recipe) for f in of_families(recipe.families)]
    return rows


def document(recipes: dict[str, Recipe]) -> dict[str, Any]:
    """Every recipe in full, by its hash, with software and a methods paragraph."""
    return {
        "recipes": {
            recipe.hash(): {
                "modality": modality,
                "settings": recipe.complete(),
                "methods": recipe.describe(),
            }
            for modality, recipe in recipes.items()
        },
        "recipe_of_modality": {
            modality: recipe.hash() for modality, recipe in recipes.items()
        },
    }


def unit(feature: Feature, recipe: Recipe) -> str:
    """Unit of a feature under a recipe, such as HU, HU2 or mm3."""
    for placeholder, intensity in (
        ("{intensity}", recipe.unit),
        ("{ivh}", recipe.ivh_unit),
    ):
        if placeholder in feature.unit:
            rest = feature.unit.removeprefix(placeholder)
            if intensity != "1":
                return intensity + rest
            return "1" if rest in ("", "2") else rest.strip()
    return feature.unit


def _row(feature: Feature, shared: dict[str, Any], recipe: Recipe) -> dict[str, Any]:
    return {
        "name": f"{shared['modality']}.{shared['region']}.{feature.column}",
        "column": feature.column,
        "family": feature.family,
        "feature": feature.feature,
        "ibsi_code": feature.ibsi_code,
        "aggregation": feature.aggregation,
        "measurand": feature.measurand,
        "unit": unit(feature, recipe),
        "standardized": feature.column in reference_values(),
    }

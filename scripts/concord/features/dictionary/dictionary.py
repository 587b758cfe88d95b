"""Meaning of every feature column: measurand, unit, code, recipe and software."""

from typing import Any

import pandas as pd

from ...errors import StudyError
from ...tables import feature_columns
from ..engines.ibsi_phantom import reference_values
from ..ibsi import ORIGINAL, Feature, renamed
from ..recipe.columns import RecipeColumns
from ..recipe.recipe import Recipe
from ..recipe.wording import describe, software, warnings
from .conditions import conditions

#: Units of the Unified Code for Units of Measure (https://ucum.org) by our own.
_UCUM = {
    "HU": "[hnsf'U]",
    "HU2": "[hnsf'U]2",
    "HU mm3": "[hnsf'U].mm3",
    "SUV": "g/ml",
    "SUV2": "g2/ml2",
    "SUV mm3": "g/ml.mm3",
    "arbitrary": "{arbitrary}",
    "arbitrary2": "{arbitrary}2",
    "arbitrary mm3": "{arbitrary}.mm3",
    "mm-1": "/mm",
}

#: What a negative control says instead of its feature.
_CONTROLS = {
    "shuffled": "negative control: of the voxels of the region in random order",
    "noise": "negative control: of noise in place of the image",
}


def describe_columns(
    matrix: pd.DataFrame, recipes: list[RecipeColumns]
) -> list[dict[str, Any]]:
    """One row (kind `dictionary`) per image, region and column of a matrix."""
    rows: list[dict[str, Any]] = []
    for (image, region), part in matrix.groupby(["image", "region"], sort=True):
        chosen = [columns for columns in recipes if columns.image == image]
        if not chosen:
            known = sorted({columns.image for columns in recipes})
            raise StudyError(
                f"features of image {image!r} have no recipe; recipes are known "
                f"for {known}. Add recipes.{image} to the configuration."
            )
        readers = " ".join(sorted(part["reader"].unique()))
        for columns in chosen:
            if columns.measures(str(region)):
                rows += _rows(columns, str(region), readers)
    return rows


def require_described(matrix: pd.DataFrame, rows: list[dict[str, Any]]) -> None:
    """Raise StudyError if a value of the matrix has no row in the dictionary."""
    described = {(row["image"], row["region"], row["column"]) for row in rows}
    for (image, region), part in matrix.groupby(["image", "region"]):
        filled = part[feature_columns(part)].notna().any()
        for column in filled.index[filled]:
            if (image, region, column) not in described:
                raise StudyError(
                    f"the feature column {column!r} of {image} {region} has no "
                    "entry in the dictionary (measurand, unit, recipe); a value "
                    "without them means nothing. Name the feature in "
                    "resources/ibsi_features.tsv."
                )


def document(
    recipes: list[RecipeColumns], rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """Every column by its full name, and every recipe in full by its hash, with
    software and a methods paragraph."""
    return {
        "columns": {row["name"]: row for row in rows},
        "recipes": {
            columns.recipe.hash(): {
                "modality": columns.recipe.modality,
                "settings": columns.recipe.complete(),
                "methods": describe(columns.recipe),
                "warnings": warnings(columns.recipe),
            }
            for columns in recipes
        },
        "recipe_by_name": _by_name(recipes),
    }


def _by_name(recipes: list[RecipeColumns]) -> dict[str, str]:
    """Hash of each recipe; by image too where it differs, as the units do."""
    hashes: dict[str, dict[str, str]] = {}
    for columns in recipes:
        hashes.setdefault(columns.name, {})[columns.image] = columns.recipe.hash()
    return {
        name if len(set(of.values())) == 1 else f"{name} ({image})": number
        for name, of in hashes.items()
        for image, number in of.items()
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
                return _of_power(intensity, rest) + rest
            return "1" if rest in ("", "2") else rest.strip()
    return feature.unit


def _of_power(intensity: str, rest: str) -> str:
    """A unit of several parts in brackets, where it is squared or multiplied."""
    return intensity if not rest or intensity.isalpha() else f"({intensity})"


def _measurand(feature: Feature, image: str, recipe: Recipe) -> str:
    """Measurand, with the image it is measured in."""
    of_image = {one.name: f"response map ({one.describe()})" for one in recipe.filters}
    parts = [feature.measurand]
    parts += [f"of the {of_image[image]}"] if image in of_image else []
    parts += [_CONTROLS[recipe.control]] if recipe.control in _CONTROLS else []
    return ", ".join(parts)


def ucum(unit_: str) -> str:
    """A unit in the notation of UCUM."""
    return _UCUM.get(unit_, unit_.replace(" ", "."))


def _rows(columns: RecipeColumns, region: str, readers: str) -> list[dict[str, Any]]:
    """Rows of one recipe in one region."""
    shared = {
        "image": columns.image,
        "region": region,
        "readers": readers,
        "recipe": columns.name,
        "recipe_hash": columns.recipe.hash(),
        "software": software(columns.recipe),
    }
    return [
        shared | _row(feature, image, columns, region)
        for image, families in columns.recipe.sources()
        for feature in columns.recipe.features(families)
    ]


def _row(
    feature: Feature, image: str, columns: RecipeColumns, region: str
) -> dict[str, Any]:
    column = renamed(feature.column, image, columns.suffix)
    recipe = columns.recipe if image == ORIGINAL else columns.recipe.of_response()
    known = unit(feature, recipe)
    return {
        "name": f"{columns.image}.{region}.{column}",
        "column": column,
        "filter": image,
        "family": feature.family,
        "feature": feature.feature,
        "ibsi_code": feature.ibsi_code or None,
        "ibsi_name": feature.ibsi_name,
        "aggregation": columns.recipe.aggregation_of(feature),
        "measurand": _measurand(feature, image, columns.recipe),
        "unit": known,
        "unit_ucum": ucum(known),
        "conditions": conditions(feature, recipe),
        "standardized": image == ORIGINAL and feature.column in reference_values(),
    }

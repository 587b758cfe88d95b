"""Features of some subjects by two engines, from the same prepared regions.

Every recipe, response map and derived region is compared as it is measured; what
cannot be is a row of its own, with the reason.
"""

import hashlib
import logging
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ...errors import raise_run_fault
from ...tables.kinds import FEATURE_KEYS
from ..engines import pictologics
from ..engines.pictologics import Measurements
from ..engines.zrad import engine as second_engine
from ..engines.zrad.known_differences import Case, known_cause
from ..errors import UnusableRegion, coded
from ..families import TEXTURE_FAMILIES
from ..ibsi import renamed
from ..preparation.prepared import Prepared, prepared
from ..preparation.regions import Regions
from ..preparation.resegmentation import Region
from ..preparation.scan import Row, Segmentation
from ..recipe.columns import RecipeColumns
from ..recipe.recipe import Recipe
from .region_features import unmeasured
from .scans import segmentations

#: Relative difference up to which two values are equal.
TOLERANCE = 1e-6

#: Difference that is rounding, where a value should be zero.
ROUNDING = 1e-12

VERDICTS = ("equal", "explained", "unexplained", "not_compared")

#: Columns of a row that is no comparison.
_NO_VALUES: Row = {
    "first": math.nan,
    "second": math.nan,
    "relative_difference": math.nan,
    "verdict": "not_compared",
    "cause": None,
}

_LOG = logging.getLogger(__name__)


def cross_check(
    images: pd.DataFrame,
    masks: pd.DataFrame,
    recipes: list[RecipeColumns],
    regions: Regions,
    *,
    cases_per_site: int,
    session: str,
    reader: str,
    seed: int,
) -> list[Row]:
    """Measure some regions of every site with both engines.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks` of the whole study.
    recipes : list of RecipeColumns
        All recipes of the study.
    regions : mapping
        The section `regions`: regions made of others.
    cases_per_site : int
        Subjects per site and image: the first ones by the hash of their id of whom
        any value can be compared. All their regions are compared.
    session, reader : str
        Session and reader whose regions are compared.
    seed : int
        Seed of the study; only negative controls are random.

    Returns
    -------
    list of dict
        Rows of the kind `feature_crosscheck`, sorted by region, then as recipes,
        images and features are ordered: one per value that both engines offer, and
        one for all that is not compared for one reason, also of a subject that was
        passed over because nothing of it could be compared.
    """
    chosen = masks[(masks["session"] == session) & (masks["reader"] == reader)]
    by_site: dict[tuple[str, str], dict[str, list[Segmentation]]] = defaultdict(dict)
    for one in segmentations(images, chosen, regions, seed):
        key = one.keys["site"], one.keys["image"]
        by_site[key].setdefault(one.keys["subject_id"], []).append(one)
    rows: list[Row] = []
    for (_, image), subjects in sorted(by_site.items()):
        known = [columns for columns in recipes if columns.image == image]
        rows += _of_site(subjects, known, cases_per_site)
    return sorted(rows, key=lambda row: [row[key] for key in FEATURE_KEYS])


def by_hash(subjects: Iterable[str]) -> list[str]:
    """Subjects in an order that neither the study nor its size decides on."""
    return sorted(subjects, key=lambda name: hashlib.sha256(name.encode()).hexdigest())


def compared(region: Region, recipe: Recipe) -> list[Row]:
    """Both values of every feature of a region, whether they agree, and why not."""
    first = pictologics.measure(region, recipe)
    second = second_engine.measure(region, recipe)
    case = Case(region, recipe)
    return [
        {"column": column, "n_values": 1} | _verdict(column, case, first, second)
        for column in first.values
        if second_engine.offered(column)
    ]


def relative_difference(first: float, second: float) -> float:
    """Difference as a share of the larger value; NaN if only one is defined."""
    if math.isnan(first) and math.isnan(second):
        return 0.0
    if abs(first - second) <= ROUNDING:
        return 0.0
    return abs(first - second) / max(abs(first), abs(second))


def summary(rows: list[Row]) -> dict[str, Any]:
    """Counts of what was compared, of how often the engines agree, and of the rest.

    Returns
    -------
    dict
        ``second_engine``, ``tolerance``, ``n_subjects`` and ``n_regions`` of which
        values were compared, ``n_compared`` and ``n_equal``, ``n_explained``,
        ``n_unexplained``, which add up to it, and ``n_not_compared``.
    """
    counts = dict.fromkeys(VERDICTS, 0)
    for row in rows:
        counts[row["verdict"]] += row["n_values"]
    values = [row for row in rows if row["verdict"] != "not_compared"]
    return {
        "second_engine": second_engine.software(),
        "tolerance": TOLERANCE,
        "n_subjects": len({row["subject_id"] for row in values}),
        "n_regions": len({tuple(row[key] for key in FEATURE_KEYS) for row in values}),
        "n_compared": len(values),
    } | {f"n_{verdict}": count for verdict, count in counts.items()}


def _of_site(
    subjects: dict[str, list[Segmentation]], recipes: list[RecipeColumns], cases: int
) -> list[Row]:
    """Rows of the first subjects of a site of whom anything can be compared."""
    rows: list[Row] = []
    for subject in by_hash(subjects):
        if cases == 0:
            break
        # Taken out, so that the voxels of a subject are held no longer than needed.
        found = [
            row
            for segmentation in subjects.pop(subject)
            for columns in recipes
            if columns.measures(segmentation.keys["region"])
            for row in _of_recipe(segmentation, columns)
        ]
        cases -= any(row["verdict"] != "not_compared" for row in found)
        rows += found
    return rows


def _of_recipe(segmentation: Segmentation, columns: RecipeColumns) -> list[Row]:
    """Rows of one region by one recipe; a region that it cannot use is one row."""
    shared = segmentation.keys | {
        "recipe": columns.name,
        "second_engine": second_engine.software(),
    }
    rows: list[Row] = []
    try:
        for one in prepared(segmentation, columns.recipe):
            source = shared | {"source": one.source}
            rows += [source | _named(row, one, columns) for row in _of_source(one)]
    except Exception as error:
        raise_run_fault(error, segmentation.path)
        code, reason = coded(error)
        _LOG.info("%s is not compared: %s", segmentation.path, error)
        left = len(columns.names()) - sum(row["n_values"] for row in rows)
        rows.append(shared | _not_compared(f"{code}: {reason}", left))
    return rows


def _of_source(one: Prepared) -> Iterator[Row]:
    """Rows of one image: values of both engines, and what is not compared."""
    recipe, region = one.recipe, one.region
    if isinstance(region, UnusableRegion):
        n_values = len(recipe.features(recipe.families))
        yield _not_compared(f"{region.code}: {region}", n_values)
        return
    reasons = _of_one_engine(recipe) | unmeasured(region, recipe)
    families = tuple(name for name in recipe.families if name not in reasons)
    yield from compared(region, replace(recipe, families=families))
    for family, reason in sorted(reasons.items()):
        yield _not_compared(reason, len(recipe.features((family,))), family=family)
    lacking = "the second engine does not compute it"
    for feature in recipe.features(families):
        if not second_engine.offered(feature.column):
            yield _not_compared(lacking, column=feature.column)


def _of_one_engine(recipe: Recipe) -> dict[str, str]:
    """Families of a recipe that one engine alone measures, and the reason."""
    if recipe.first_engine:
        return {}
    reason = f"texture {recipe.aggregation}, which the second engine alone computes"
    return {name: reason for name in recipe.families if name in TEXTURE_FAMILIES}


def _named(row: Row, one: Prepared, columns: RecipeColumns) -> Row:
    """A row with the column that its value has in the feature matrix."""
    if row["column"] is None:
        return row
    return row | {"column": columns.named(renamed(row["column"], one.source))}


def _not_compared(
    reason: str, n_values: int = 1, *, family: str = "", column: str | None = None
) -> Row:
    """Row of a feature, a family, an image or a whole recipe that is not compared."""
    why = f"{family}: {reason}" if family else reason
    return _NO_VALUES | {"column": column, "n_values": n_values, "reason": why}


def _verdict(column: str, case: Case, first: Measurements, second: Measurements) -> Row:
    """Both values of a column, their difference and its cause."""
    values = first.values[column], second.values[column]
    difference = relative_difference(*values)
    equal = difference <= TOLERANCE
    cause = "" if equal else _cause(column, case, first, second)
    verdict = "equal" if equal else "explained" if cause else "unexplained"
    return {
        "first": values[0],
        "second": values[1],
        "relative_difference": difference,
        "verdict": verdict,
        "cause": cause or None,
        "reason": None,
    }


def _cause(column: str, case: Case, first: Measurements, second: Measurements) -> str:
    """The known cause of a difference; an engine that failed is one."""
    family = column.split(".")[-2]
    for name, found in (("first", first), ("second", second)):
        if np.isnan(found.values[column]) and family in found.failures:
            return f"{name} engine failed: {found.failures[family]}"
    return known_cause(column, case, first.values[column], second.values[column])

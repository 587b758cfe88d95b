"""The feature engine beside the second one, on regions of the study itself."""

import hashlib
import logging
import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from ... import images as volumes
from ...errors import GridMismatchError
from ...tables.kinds import FEATURE_KEYS
from ..engines import pictologics
from ..engines.pictologics import Measurements
from ..engines.zrad import engine as second_engine
from ..engines.zrad.known_differences import Case, known_cause
from ..engines.zrad.names import offered
from ..errors import UnusableRegion
from ..preparation.preparation import Region, prepare
from ..recipe.recipe import Recipe

#: Relative difference up to which two values are equal.
TOLERANCE = 1e-6

#: Difference that is rounding, where a value should be zero.
ROUNDING = 1e-12

_IMAGE = ["subject_id", "session", "image"]
_LOG = logging.getLogger(__name__)

Row = dict[str, Any]


def cross_check(
    images: pd.DataFrame,
    masks: pd.DataFrame,
    recipes: dict[str, Recipe],
    *,
    cases_per_site: int,
    session: str,
    reader: str,
) -> list[Row]:
    """Measure some regions of every site with both engines.

    Parameters
    ----------
    images, masks : DataFrame
        Tables of the kinds `images` and `masks` of the whole study.
    recipes : dict of Recipe
        By image.
    cases_per_site : int
        Subjects per site and image: the first ones by the hash of their id that
        have a region which can be measured. All their regions are compared.
    session, reader : str
        Session and reader whose regions are compared.

    Returns
    -------
    list of dict
        One row of the kind `feature_crosscheck` per region and feature that both
        engines offer, sorted by region, in the order of the table of features.
    """
    chosen = masks[(masks["session"] == session) & (masks["reader"] == reader)]
    paths = images.set_index(_IMAGE)["path"].to_dict()
    rows: list[Row] = []
    for (_, name), group in chosen.groupby(["site", "image"], sort=True):
        n_cases, recipe = 0, recipes[str(name)]
        for subject in by_hash(group["subject_id"].unique()):
            if n_cases == cases_per_site:
                break
            of_subject = group[group["subject_id"] == subject]
            found = list(_regions(of_subject, paths, recipe))
            n_cases += bool(found)
            for keys, region in found:
                rows += [keys | row for row in compared(region, recipe)]
    return sorted(rows, key=lambda row: [row[key] for key in FEATURE_KEYS])


def by_hash(subjects: Iterable[str]) -> list[str]:
    """Subjects in an order that neither the study nor its size decides on."""
    return sorted(subjects, key=lambda name: hashlib.sha256(name.encode()).hexdigest())


def compared(region: Region, recipe: Recipe) -> list[Row]:
    """Both values of every feature of a region, whether they agree, and why not."""
    first = pictologics.measure(region, recipe)
    second = second_engine.measure(region, recipe)
    software = second_engine.software()
    case = Case(region, recipe)
    return [
        {"column": column, "second_engine": software}
        | _verdict(column, case, first, second)
        for column in first.values
        if offered(column)
    ]


def relative_difference(first: float, second: float) -> float:
    """Difference as a share of the larger value; NaN if only one is defined."""
    if math.isnan(first) and math.isnan(second):
        return 0.0
    if abs(first - second) <= ROUNDING:
        return 0.0
    return abs(first - second) / max(abs(first), abs(second))


def summary(rows: list[Row]) -> dict[str, Any]:
    """What was compared, and how often the engines agree.

    Returns
    -------
    dict
        ``second_engine``, ``tolerance``, ``n_subjects``, ``n_regions``,
        ``n_compared`` and ``n_equal``, ``n_explained``, ``n_unexplained``, which
        add up to it.
    """
    verdicts = [row["verdict"] for row in rows]
    counts = {
        f"n_{verdict}": verdicts.count(verdict)
        for verdict in ("equal", "explained", "unexplained")
    }
    return {
        "second_engine": second_engine.software(),
        "tolerance": TOLERANCE,
        "n_subjects": len({row["subject_id"] for row in rows}),
        "n_regions": len({tuple(row[key] for key in FEATURE_KEYS) for row in rows}),
        "n_compared": len(rows),
    } | counts


def _regions(
    masks: pd.DataFrame, paths: dict[Any, str], recipe: Recipe
) -> Iterator[tuple[Row, Region]]:
    """The regions of a subject that can be measured; others are listed elsewhere."""
    for mask in masks.sort_values(list(FEATURE_KEYS)).to_dict("records"):
        keys: Row = {name: mask[name] for name in FEATURE_KEYS}
        path = paths.get(tuple(mask[name] for name in _IMAGE))
        if path is None:
            _LOG.info("%s has no image", mask["path"])
            continue
        image, outline = volumes.read(path), volumes.read_mask(mask["path"])
        try:
            volumes.require_same_grid(image, outline)
            region = prepare(image.array, outline.array, image.spacing_mm, recipe)
        except (UnusableRegion, GridMismatchError) as error:
            _LOG.info("%s is not compared: %s", mask["path"], error)
            continue
        yield keys, region


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
    }


def _cause(column: str, case: Case, first: Measurements, second: Measurements) -> str:
    """The known cause of a difference; an engine that failed is one."""
    family = column.split(".")[-2]
    for name, found in (("first", first), ("second", second)):
        if np.isnan(found.values[column]) and family in found.failures:
            return f"{name} engine failed: {found.failures[family]}"
    return known_cause(column, case, first.values[column], second.values[column])

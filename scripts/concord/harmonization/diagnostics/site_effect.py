"""Batch effects on features, raw and on held-out harmonized rows."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..settings import SiteEffect
from .batch_prediction import cross_validated, transferred
from .batch_tests import effects
from .held_out import ImageRows, Judged, by_image, halves, judge

RAW, FOLD_FITTED, HARMONIZED = "raw", "fold-fitted", "harmonized"


def site_effect(
    cohort: pd.DataFrame,
    measurements: pd.DataFrame,
    folds: pd.DataFrame,
    settings: SiteEffect,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of kind "site_effect" and "batch_prediction".

    The harmonizer is fitted on one half of the subjects and judged on the other,
    in turn, and the two results are averaged (see `held_out`). All stages use the
    same rows; those whose batch could not be estimated are left out, which lowers
    `n`. Each batch variable is judged by itself.
    """
    found_effects: list[dict[str, Any]] = []
    found_aucs: list[dict[str, Any]] = []
    for part in by_image(cohort, measurements, settings, settings.harmonization):
        judged = [judge(part, half, settings) for half in halves(folds)]
        for column in part.batches:
            variable = part.variable(column)
            found_effects += _effects(part, judged, column, variable)
            keys = {"image": part.image, "variable": variable}
            found_aucs += [
                keys | row
                for row in _batch_prediction(part, judged, column, settings.seed)
            ]
    return pd.DataFrame(found_effects), pd.DataFrame(found_aucs)


def _effects(
    part: ImageRows, judged: Sequence[Judged], column: str, variable: str
) -> list[dict[str, Any]]:
    found = []
    for stage in (RAW, HARMONIZED):
        tables = [one.raw if stage == RAW else one.harmonized for one in judged]
        parts = [(table[part.features], table[column]) for table in tables]
        rows = effects(parts, part.features)
        found += [{"stage": stage, "variable": variable, **row} for row in rows]
    return found


def _batch_prediction(
    part: ImageRows, judged: Sequence[Judged], column: str, seed: int
) -> list[dict[str, Any]]:
    """AUCs of three classifiers; the last two never meet a row twice.

    `raw` and `harmonized` learn and judge within the held-out rows. `fold-fitted`
    learns from the rows the harmonizer was fitted to, harmonized by it, and judges
    the held-out rows: what a model of the study would see.
    """
    names = part.features
    by_stage = {
        RAW: [cross_validated(j.raw[names], j.raw[column], seed) for j in judged],
        FOLD_FITTED: [
            transferred(
                (j.fitted_rows[names], j.fitted_rows[column]),
                (j.harmonized[names], j.harmonized[column]),
            )
            for j in judged
        ],
        HARMONIZED: [
            cross_validated(j.harmonized[names], j.harmonized[column], seed)
            for j in judged
        ],
    }
    return [
        {
            "stage": stage,
            "n": sum(row["n"] for row in found),
            "n_features": len(names),
            "auc": pd.Series([row["auc"] for row in found]).mean(),
        }
        for stage, found in by_stage.items()
    ]

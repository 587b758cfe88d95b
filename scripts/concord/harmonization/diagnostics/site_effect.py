"""Batch effects on features, raw and on held-out harmonized rows, beside their null."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ... import seeds
from ..estimators.base import numbers
from ..settings import SiteEffect
from .batch_prediction import cross_validated, large, transferred
from .batch_tests import TESTS, Effects, averaged, batch_effects, n_rejected, rejections
from .held_out import Half, ImageRows, Judged, by_image, halves, judge
from .permuted_batches import null_of, permuted

RAW, FOLD_FITTED, HARMONIZED = "raw", "fold-fitted", "harmonized"

Rows = list[dict[str, Any]]
#: Values (n, p), or batches (n,), of the rows of each stage.
ByStage = dict[str, np.ndarray]


@dataclass(frozen=True)
class SiteEffectTables:
    """Tables of kinds "site_effect", "batch_variance", "batch_tests" and
    "batch_prediction"."""

    effects: pd.DataFrame
    variance: pd.DataFrame
    tests: pd.DataFrame
    prediction: pd.DataFrame


@dataclass
class _Found:
    """Rows of one image, in the order of variables and stages."""

    effects: Rows = field(default_factory=list)
    variance: Rows = field(default_factory=list)
    tests: Rows = field(default_factory=list)
    prediction: Rows = field(default_factory=list)


def site_effect(
    cohort: pd.DataFrame,
    measurements: pd.DataFrame,
    folds: pd.DataFrame,
    settings: SiteEffect,
) -> SiteEffectTables:
    """Batch effects on each feature, on all, and batch prediction, with their null.

    The harmonizer is fitted on one half of the subjects and judged on the other,
    in turn, and the two results are averaged (see `held_out`). All stages use the
    same rows; those whose batch could not be estimated are left out, which lowers
    `n`. Each batch variable is judged by itself. All of it is repeated with permuted
    batch labels (see `permuted_batches`).
    """
    both, total = halves(folds), _Found()
    for part in by_image(cohort, measurements, settings, settings.harmonization):
        found = _with_null(part, both, settings)
        for name, rows in vars(total).items():
            rows += getattr(found, name)
    effects = pd.DataFrame(total.effects)
    counts = rejections(effects) if len(effects) else pd.DataFrame()
    nulls = pd.DataFrame(total.tests, index=counts.index)
    return SiteEffectTables(
        effects,
        pd.DataFrame(total.variance),
        counts.join(nulls.drop(columns="n_rejected", errors="ignore")),
        pd.DataFrame(total.prediction),
    )


def _with_null(part: ImageRows, both: Sequence[Half], settings: SiteEffect) -> _Found:
    """Values of an image, and where they lie among those of permuted batches."""
    found = _diagnosed(part, both, settings)
    generator = seeds.generator(settings.seed, "site_effect", part.image)
    null = [
        _diagnosed(permuted(part, both, generator), both, settings, summaries=True)
        for _ in range(settings.n_permutations)
    ]
    for name, value in (
        ("variance", "eta_squared"),
        ("tests", "n_rejected"),
        ("prediction", "auc"),
    ):
        for number, row in enumerate(getattr(found, name)):
            others = [getattr(one, name)[number][value] for one in null]
            row |= null_of(row[value], others)
    return found


def _diagnosed(
    part: ImageRows,
    both: Sequence[Half],
    settings: SiteEffect,
    summaries: bool = False,
) -> _Found:
    """Everything that is judged of an image; features one by one unless summaries."""
    judged = [judge(part, half, settings) for half in both]
    values = [_values(part, one) for one in judged]
    found = _Found()
    for column in part.batches:
        keys = {"image": part.image, "variable": part.variable(column)}
        labels = [_labels(one, column) for one in judged]
        pairs = list(zip(values, labels, strict=True))
        for stage in (RAW, HARMONIZED):
            effects = averaged([batch_effects(x[stage], b[stage]) for x, b in pairs])
            if not summaries:
                found.effects += _rows(part, effects, keys["variable"], stage)
            found.variance.append(keys | {"stage": stage} | _medians(effects))
            found.tests += [{"n_rejected": n_rejected(effects[t])} for t in TESTS]
        lost = {} if summaries else _left_out(part, judged, both, column)
        for row in _batch_prediction(pairs, settings.seed):
            found.prediction.append(keys | row | lost)
    return found


def _tables(judged: Judged) -> dict[str, pd.DataFrame]:
    """Rows by stage; the classifier of `fold-fitted` learns from the fitted ones."""
    return {
        RAW: judged.raw,
        FOLD_FITTED: judged.fitted_rows,
        HARMONIZED: judged.harmonized,
    }


def _values(part: ImageRows, judged: Judged) -> ByStage:
    tables = _tables(judged)
    return {stage: numbers(table, part.features) for stage, table in tables.items()}


def _labels(judged: Judged, column: str) -> ByStage:
    tables = _tables(judged)
    return {stage: table[column].to_numpy(str) for stage, table in tables.items()}


def _rows(
    part: ImageRows, effects: Effects, variable: str, stage: str
) -> Iterator[dict[str, Any]]:
    for number, name in enumerate(part.features):
        values = {key: value[number].item() for key, value in effects.items()}
        yield {"stage": stage, "variable": variable, "name": name, **values}


def _medians(effects: Effects) -> dict[str, Any]:
    """Medians over the features that vary."""
    known = ~np.isnan(effects["eta_squared"])
    medians = {
        name: float(np.median(effects[name][known])) if known.any() else np.nan
        for name in ("eta_squared", "chance")
    }
    return {"n_features": int(known.sum()), **medians}


def _batch_prediction(pairs: Sequence[tuple[ByStage, ByStage]], seed: int) -> Rows:
    """AUCs of three classifiers; the last two never meet a row twice.

    `raw` and `harmonized` learn and judge within the held-out rows. `fold-fitted`
    learns from the rows the harmonizer was fitted to, harmonized by it, and judges
    the held-out rows: what a model of the study would see.
    """

    def within(stage: str) -> Rows:
        return [cross_validated(x[stage], batch[stage], seed) for x, batch in pairs]

    by_stage = {
        RAW: within(RAW),
        FOLD_FITTED: [
            transferred(
                (x[FOLD_FITTED], batch[FOLD_FITTED]), (x[HARMONIZED], batch[HARMONIZED])
            )
            for x, batch in pairs
        ],
        HARMONIZED: within(HARMONIZED),
    }
    return [
        {
            "stage": stage,
            "n": sum(row["n"] for row in found),
            "n_features": pairs[0][0][RAW].shape[1],
            "auc": _mean([row["auc"] for row in found]),
        }
        for stage, found in by_stage.items()
    ]


def _mean(values: Sequence[float]) -> float:
    """Mean of what is defined."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def _left_out(
    part: ImageRows, judged: Sequence[Judged], both: Sequence[Half], column: str
) -> dict[str, Any]:
    """Subjects who are not judged, because too few of their half share their batch."""
    lost: list[str] = []
    for one, (_, subjects) in zip(judged, both, strict=True):
        labels = part.of(subjects)[column].astype(str)
        lost += labels[~labels.isin(large(one.raw[column].to_numpy(str)))].tolist()
    sizes = {name: lost.count(name) for name in sorted(set(lost))}
    words = "; ".join(f"{name} {count}" for name, count in sizes.items())
    return {"n_left_out": len(lost), "left_out": words or None}

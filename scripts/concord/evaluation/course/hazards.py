"""Proportional hazards of scores and covariates, and their effects over time."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...folds.cohort import covariate_columns
from ...folds.subject_table import COVARIATE
from ...statistics.survival.proportional_hazards import (
    TRANSFORMS,
    ProportionalHazardsTest,
    proportional_hazards_tests,
)
from ...statistics.survival.time_dependent_effect import (
    EffectOverTime,
    effect_over_time,
)
from .sets import EvaluationSet
from .settings import SurvivalCourse

SCORE, COVARIATES = "score", "covariate"
#: Events from which the test has a p-value, for each degree of freedom.
LEAST_EVENTS = 10
_TIMES = 25
_CLUSTERED = "no p-value: several rows belong to one cluster"
_KEYS = ["endpoint", "arm", "scheme", "fold"]
_TESTED = ["kind", "term", "transform", "n", "n_events", "n_strata"]
_TESTED += ["chi_squared", "df", "p_value", "reason"]
_CURVE = ["time_days", "log_hazard_ratio", "standard_error", "lower", "upper"]
_CURVE += ["constant", "n", "n_events", "reason"]


def proportional_hazards(
    sets: Sequence[EvaluationSet], cohort: pd.DataFrame, settings: SurvivalCourse
) -> pd.DataFrame:
    """Table of kind "proportional_hazards": scores, and covariates of the reference.

    Scores of several folds are told apart by strata, since models of two folds share
    no origin. Covariates stand together in a model of their own, fitted to the subjects
    of the reference arm's sets; that of groups left out holds those of the
    cross-validation again and is left out.

    Parameters
    ----------
    sets : sequence of EvaluationSet
        Of one endpoint with times.
    cohort : DataFrame
        As `folds.cohort` writes it.
    settings : SurvivalCourse
    """
    rows = [row for one in sets for row in _of_score(one)]
    schemes = {one.scheme for one in sets}
    for one in sets:
        repeated = one.learnt and one.scheme != min(schemes)
        if one.arm == settings.reference_arm and not repeated and settings.covariates:
            rows += _of_covariates(one, cohort, settings.covariates)
    return pd.DataFrame(rows, columns=[*_KEYS, *_TESTED])


def time_dependent_effect(
    sets: Sequence[EvaluationSet], confidence: float
) -> pd.DataFrame:
    """Table of kind "time_dependent_effect": effect of each arm's score over time.

    Log hazard ratio per SD of the scores of a fold, with a pointwise band that takes
    the scores as given.
    """
    parts = [_curve(one, confidence) for one in sets]
    nothing = pd.DataFrame(columns=[*_KEYS, *_CURVE])
    return pd.concat(parts, ignore_index=True) if parts else nothing


def standard_scores(rows: pd.DataFrame) -> np.ndarray:
    """Scores in SD from the mean of their fold (n,); NaN where all are equal."""
    folds = rows.groupby("fold")["score"]
    mean, spread = (folds.transform(how).to_numpy(float) for how in ("mean", "std"))
    centred = rows["score"].to_numpy(dtype=float) - mean
    unknown = np.full(len(rows), np.nan)
    return np.asarray(np.divide(centred, spread, out=unknown, where=spread > 0))


def _scored(one: EvaluationSet) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Rows with a standard score, these scores, and the stratum of each."""
    known = one.known("score").rows
    scores = standard_scores(known)
    rows = known[np.isfinite(scores)]
    return rows, scores[np.isfinite(scores)], _strata(rows, ["fold"])


def _strata(rows: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Labels that subjects are compared within: folds, strata of the endpoint."""
    own = [name for name in [*names, "stratum"] if name in rows]
    if rows.empty:
        return np.empty(0, dtype=str)
    return rows[own].astype(str).agg(" | ".join, axis=1).to_numpy(dtype=str)


def _of_score(one: EvaluationSet) -> Iterator[dict[str, Any]]:
    rows, scores, stratum = _scored(one)
    tests = proportional_hazards_tests(
        scores[:, None], *_outcome(rows), {SCORE: [0]}, TRANSFORMS, stratum
    )
    yield from _rows(one, SCORE, rows, stratum, tests)


def _of_covariates(
    one: EvaluationSet, cohort: pd.DataFrame, names: Sequence[str]
) -> Iterator[dict[str, Any]]:
    columns = covariate_columns(cohort, names)
    table = cohort.set_index("subject_id")[columns].astype(float)
    outcome = one.rows.dropna(subset=["time_days", "event"])
    rows = outcome.join(table, on="subject_id").dropna(subset=columns)
    values = rows[columns].to_numpy(dtype=float)
    # A level that nobody here has tells nothing.
    varying = [n for n, column in enumerate(values.T) if len(set(column)) > 1]
    kept = [columns[n].removeprefix(COVARIATE) for n in varying]
    terms: dict[str, list[int]] = {}
    for place, column in enumerate(kept):
        terms.setdefault(column.partition("=")[0], []).append(place)
    if not terms:
        return
    stratum = _strata(rows, []) if "stratum" in rows else np.full(len(rows), "")
    tests = proportional_hazards_tests(
        values[:, varying], *_outcome(rows), terms, TRANSFORMS, stratum
    )
    yield from _rows(one, COVARIATES, rows, stratum, tests)


def _outcome(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return rows["event"].to_numpy(dtype=int), rows["time_days"].to_numpy(dtype=float)


def _rows(
    one: EvaluationSet,
    kind: str,
    rows: pd.DataFrame,
    stratum: np.ndarray,
    tests: dict[str, list[ProportionalHazardsTest]],
) -> Iterator[dict[str, Any]]:
    n_events = int(rows["event"].sum())
    for transform, found in tests.items():
        for test in found:
            reason = test.reason or _no_p_value(rows, n_events, test.df)
            yield one.keys | {
                "kind": kind,
                "term": test.term,
                "transform": transform,
                "n": len(rows),
                "n_events": n_events,
                "n_strata": len(np.unique(stratum)),
                "chi_squared": test.chi_squared,
                "df": test.df,
                "p_value": np.nan if reason else test.p_value,
                "reason": reason,
            }


def _no_p_value(rows: pd.DataFrame, n_events: int, df: int) -> str | None:
    if rows["cluster"].duplicated().any():
        return _CLUSTERED
    if n_events < LEAST_EVENTS * df:
        return f"no p-value: {n_events} events; the test takes {LEAST_EVENTS * df}"
    return None


def _curve(one: EvaluationSet, confidence: float) -> pd.DataFrame:
    from scipy.special import ndtri

    rows, scores, stratum = _scored(one)
    event, time = _outcome(rows)
    own = time[event == 1]
    low, high = np.quantile(own, [0.05, 0.95]) if len(own) else (0.0, 0.0)
    at = np.linspace(low, high, _TIMES)
    found = effect_over_time(scores, event, time, at, stratum)
    if one.known("score").clustered and found.reason is None:
        found = _without_error(found)
    reach = float(ndtri(0.5 + confidence / 2)) * found.standard_error
    counts = {"n": len(rows), "n_events": len(own), "reason": found.reason}
    if not len(found.times):
        return pd.DataFrame([one.keys | counts], columns=[*_KEYS, *_CURVE])
    return pd.DataFrame(
        {
            "time_days": found.times,
            "log_hazard_ratio": found.estimate,
            "standard_error": found.standard_error,
            "lower": found.estimate - reach,
            "upper": found.estimate + reach,
            "constant": found.constant,
        }
    ).assign(**one.keys, **counts)


def _without_error(found: EffectOverTime) -> EffectOverTime:
    unknown = np.full(len(found.times), np.nan)
    why = "no band: several rows belong to one cluster"
    return found._replace(standard_error=unknown, reason=why)

"""Discrimination and calibration of final models on sealed subjects.

One model and one set of subjects that it never saw: intervals take the model as it is,
and need no widening for folds that share their subjects.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ...folds.splitting import SubjectRows
from ...models.fitted_model import Baseline, FittedModel
from ...models.prediction import predict_fold
from ...statistics import targets
from ...statistics.discrimination import AUC
from ...statistics.outcome_kinds import OutcomeKind
from ..calibration import Calibration
from ..fold_errors import EQUAL, NO_PAIR, difference_interval, share_interval
from ..fold_values import FoldValues, Key, scored_rows
from ..intervals import Interval
from .expected import cumulative_hazards, in_the_large, observed_to_expected

#: The one set of subjects, as a fold is named.
_SET: Key = (1, "sealed")
_ONE_MODEL = Calibration()
#: Reasons that speak of folds, where there is one set.
_REASONS = {
    NO_PAIR: "no pair to compare",
    EQUAL: "no information: all scores are equal",
}


@dataclass(frozen=True)
class Judged:
    """Scores of one final model for the sealed subjects, with their outcomes."""

    arm: str
    rows: pd.DataFrame
    model: FittedModel

    @classmethod
    def of(
        cls,
        arm: str,
        subjects: SubjectRows,
        endpoint: str,
        model: FittedModel,
        seed: int,
    ) -> "Judged":
        """Scores by the final model; nothing is fitted."""
        scores = predict_fold(subjects, model, seed)
        table = scores.join(subjects.outcomes(endpoint)).reset_index(names="subject_id")
        repeat, fold = _SET
        return cls(arm, table.assign(repeat=repeat, fold=fold), model)

    @property
    def n_unscored(self) -> int:
        """Subjects without a score."""
        return int(self.rows["score"].isna().sum())


def looks_of(
    judged: Mapping[str, Judged],
    headline: str,
    endpoint: str,
    kind: OutcomeKind,
    confidence: float,
) -> list[dict[str, Any]]:
    """Values of an endpoint, as rows of table kind "sealed_looks" without the look.

    Parameters
    ----------
    judged : mapping
        Scores of each arm, the headline among them.
    headline : str
        The arm that others are compared with, on the subjects that both score.
    endpoint : str
    kind : OutcomeKind
    confidence : float
        Of all intervals.
    """
    rows = []
    for arm, one in judged.items():
        known = scored_rows(one.rows)
        head = {"endpoint": endpoint, "arm": arm, "against": None}
        for metric, found in _values(one, known, kind, confidence):
            told = {"metric": metric} | _counts(one, known) | _told(found)
            rows.append(head | told)
    for arm, other in judged.items():
        if arm != headline:
            rows.append(
                {"endpoint": endpoint}
                | _difference(judged[headline], other, kind, confidence)
            )
    return rows


def _values(
    one: Judged, known: pd.DataFrame, kind: OutcomeKind, confidence: float
) -> Iterator[tuple[str, Interval]]:
    """Discrimination, then calibration."""
    folds = FoldValues.of(known, [_SET], kind.pairs)
    found = share_interval(folds, _ONE_MODEL, confidence, "")
    yield kind.metric, replace(found, method=f"{_jackknife(known, kind)}, logit scale")
    risks = _expected(one, known, kind)
    clusters = known["cluster"].to_numpy(dtype=object)
    event = known["event"].to_numpy(dtype=float)
    weight = known.get(targets.WEIGHT, pd.Series(1.0, known.index)).to_numpy(float)
    given = event, risks, weight, clusters, kind.has_times, confidence
    yield "calibration_in_the_large", in_the_large(*given)
    yield "observed_to_expected", observed_to_expected(*given)


def _expected(one: Judged, known: pd.DataFrame, kind: OutcomeKind) -> np.ndarray:
    """Probability of each subject or, with times, events expected in its follow-up."""
    if not kind.has_times:
        return known["probability"].to_numpy(dtype=float)
    baseline = one.model.baseline or Baseline()
    strata = known.get(targets.STRATUM)
    return cumulative_hazards(
        baseline,
        known["score"].to_numpy(dtype=float),
        known["time_days"].to_numpy(dtype=float),
        None if strata is None else strata.to_numpy(dtype=str),
    )


def _difference(
    headline: Judged, other: Judged, kind: OutcomeKind, confidence: float
) -> dict[str, Any]:
    """Headline less another arm, on the subjects that both score."""
    tables = [scored_rows(one.rows) for one in (headline, other)]
    both = set(tables[0]["subject_id"]) & set(tables[1]["subject_id"])
    mine, theirs = (table[table["subject_id"].isin(both)] for table in tables)
    folds = [FoldValues.of(table, [_SET], kind.pairs) for table in (mine, theirs)]
    apart = folds[0].minus(folds[1])
    found = difference_interval(apart, _ONE_MODEL, confidence, "")
    return {
        "arm": headline.arm,
        "against": other.arm,
        "metric": f"{kind.metric}_difference",
        **_counts(headline, mine),
        **_told(replace(found, method=f"{_jackknife(mine, kind)}, paired")),
    }


def _jackknife(known: pd.DataFrame, kind: OutcomeKind) -> str:
    if known["cluster"].nunique() < len(known):
        return "jackknife over clusters"
    plain = kind.metric == AUC and targets.WEIGHT not in known
    return "DeLong" if plain else "infinitesimal jackknife"


def _counts(one: Judged, known: pd.DataFrame) -> dict[str, int]:
    events = int(known["event"].sum())
    return {"n": len(known), "n_unscored": one.n_unscored, "n_events": events}


def _told(found: Interval) -> dict[str, Any]:
    """Columns of an interval; NaN is None, as JSON knows none."""
    numbers = {key: getattr(found, key) for key in ("estimate", "lower", "upper")}
    known = {key: float(x) if np.isfinite(x) else None for key, x in numbers.items()}
    reason = _REASONS.get(str(found.reason), found.reason)
    return known | {"method": found.method, "reason": reason}

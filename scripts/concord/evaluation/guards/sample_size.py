"""Sample size of every arm beside what the criteria of Riley et al. ask for."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...folds import cohort as cohorts
from ...models.settings.arm import Arm
from ...models.settings.fusion import fused_from
from ...statistics.outcome_kinds import OutcomeKind
from ...statistics.sample_size import (
    OVERALL_RISK,
    BinaryOutcome,
    Outcome,
    SurvivalOutcome,
    required,
)
from ..settings import Anticipation

#: Why a criterion asks for no number.
ONE_OUTCOME = "all known outcomes are alike, so that there is nothing to predict"
TOO_GOOD = "no number will do: the R2 that is expected is beyond the criterion"
NOTHING = "the arm estimates nothing"
NO_FIT = "no fit tells the number of candidate features"


def sample_size(
    cohort: pd.DataFrame,
    fits: pd.DataFrame,
    arms: Mapping[str, Arm],
    kind: OutcomeKind,
    expected: Anticipation,
) -> pd.DataFrame:
    """Subjects that each arm needs by each criterion, as a table of kind "sample_size".

    Parameters
    ----------
    cohort, fits : DataFrame
        Cohort of the study, and table of kind "fits" of one endpoint.
    arms : mapping
        Arms by name.
    kind : OutcomeKind
        Of the endpoint.
    expected : Anticipation
        What is expected of a model.
    """
    endpoint = str(fits["endpoint"].iloc[0])
    known = cohorts.outcome(cohort, endpoint).dropna(subset=["event"])
    study = _Study.of(known, kind, expected)
    rows = [
        {"endpoint": endpoint, "arm": arm} | row
        for arm, mine in fits.groupby("arm", sort=True)
        for row in study.rows(n_parameters(arms, str(arm), mine, cohort))
    ]
    return pd.DataFrame(rows)


def n_parameters(
    arms: Mapping[str, Arm], name: str, fits: pd.DataFrame, cohort: pd.DataFrame
) -> float:
    """Parameters that an arm estimates or chooses from; NaN if no fit tells them.

    Features before every filter, columns of covariates, and groups less one; none of a
    published score. Of a fused arm, those of all members, and their weights.
    """
    members = fused_from(arms, name).values()
    if not arms[name].has_predictors:
        return math.nan
    fitted = [arm for arm in members if not arm.model.is_given]
    terms = len(members) if arms[name].fusion else 0
    for arm in fitted:
        terms += len(cohorts.covariate_columns(cohort, arm.covariates))
        if arm.group_indicator:
            terms += cohort["group"].nunique() - 1
    if not any(arm.features for arm in fitted):
        return float(terms)
    return float(fits["n_candidates"].astype("float64").max()) + terms


@dataclass(frozen=True)
class _Study:
    """Known outcomes of an endpoint, and what is expected of a model of them."""

    n: int
    n_events: int
    outcome: Outcome | None  # None if all are alike
    r2: float
    assumption: str

    @classmethod
    def of(
        cls, known: pd.DataFrame, kind: OutcomeKind, expected: Anticipation
    ) -> "_Study":
        n, n_events = len(known), int(known["event"].sum())
        outcome = _outcome(known, kind, expected)
        if outcome is None:
            return cls(n, n_events, None, np.nan, "")
        return cls(n, n_events, outcome, *_expected_r2(outcome, kind, expected))

    def rows(self, parameters: float) -> Iterator[dict[str, Any]]:
        """One row per criterion, or one that says why there is none."""
        reason = self._reason(parameters)
        head = {
            "n_parameters": int(parameters) if math.isfinite(parameters) else None,
            "n": self.n,
            "n_events": self.n_events,
            "r2": self.r2,
            "largest_r2": self.outcome.largest_r2 if self.outcome else np.nan,
            "assumption": self.assumption or None,
        }
        if self.outcome is None or reason:
            yield head | _told(OVERALL_RISK, np.nan, np.nan, reason)
            return
        share = self.n_events / self.n
        for criterion, n in required(self.outcome, int(parameters), self.r2):
            yield head | _told(criterion, n, n * share, "")

    def _reason(self, parameters: float) -> str:
        """Why the criteria ask for nothing; empty if they ask."""
        if not math.isfinite(parameters):
            return NO_FIT
        if self.outcome is None:
            return ONE_OUTCOME
        return "" if parameters else NOTHING


def _told(criterion: str, n: float, n_events: float, reason: str) -> dict[str, Any]:
    known = math.isfinite(n)
    why = reason or ("" if known else TOO_GOOD)
    return {
        "criterion": criterion,
        "n_required": int(n) if known else None,
        "n_events_required": math.ceil(n_events) if known else None,
        "reason": why or None,
    }


def _outcome(
    known: pd.DataFrame, kind: OutcomeKind, expected: Anticipation
) -> Outcome | None:
    """The outcome as the criteria see it; None if all outcomes are alike."""
    n_events, n = int(known["event"].sum()), len(known)
    if kind.has_times:
        days = float(known["time_days"].sum())
        if not n_events or not days:
            return None
        mean = days / n
        return SurvivalOutcome(n_events / days, mean, expected.risk_at_days or mean)
    return BinaryOutcome(n_events / n) if 0 < n_events < n else None


def _expected_r2(
    outcome: Outcome, kind: OutcomeKind, expected: Anticipation
) -> tuple[float, str]:
    """Cox-Snell R2 that is expected of a model, and by which assumption."""
    if expected.anticipated_discrimination is not None:
        value = expected.anticipated_discrimination
        return outcome.r2_of(value), f"{kind.metric} of {value:g}"
    share = expected.anticipated_r2_share
    return share * outcome.largest_r2, f"{100 * share:g} % of the largest R2"

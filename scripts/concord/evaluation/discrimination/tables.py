"""Discrimination of every arm in detail, and its difference to the reference arm."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ...folds.scheme import kind_of, require_evaluated
from ...statistics.classification.delong import two_sided
from ...statistics.outcome_kinds import OutcomeKind
from ...statistics.survival.concordance import CASE, UNKNOWN, states
from ...tables.kinds import KINDS
from ..calibration import Calibration, Calibrations
from ..fold_errors import (
    difference_interval,
    error_over_groups,
    error_over_repeats,
    share_interval,
)
from ..fold_values import FoldValues, Key, is_by_group, of_arm, sets_of
from ..settings import DiscriminationOptions
from .fold_measures import fold_measures
from .measures import (
    AUC_AT,
    UNO,
    WITHIN,
    BinaryMeasures,
    Measure,
    SurvivalMeasures,
)
from .outcomes import STATUS, judged, last_day, planned, subjects_of

_KEYS = ["scheme", "repeat", "fold", "subject_id"]
_WORDS = {
    UNO: "pairs weighted by the inverse squared probability of follow-up",
    AUC_AT: "cases by the day and controls at it, weighted by the inverse probability "
    "of follow-up; the error knows that it is estimated",
}


@dataclass(frozen=True)
class AsFitted(Calibration):
    """Errors of an evaluation set that is declared: of the models as they are."""

    @property
    def method(self) -> str:
        """Words for the interval's method."""
        return "DeLong's or jackknife error, models as they were fitted"


@dataclass(frozen=True)
class Judge:
    """All that the tables of an endpoint are made by."""

    kind: OutcomeKind
    options: DiscriminationOptions
    horizons: tuple[float, ...]
    confidence: float
    calibrations: Calibrations = field(default_factory=Calibrations)

    def measures(
        self, rows: pd.DataFrame, scheme: str
    ) -> BinaryMeasures | SurvivalMeasures:
        """Measures of an arm in a scheme; `rows` are those of all arms."""
        within = not is_by_group(scheme)
        if not self.kind.has_times:
            return BinaryMeasures(self.options.least_specificity, within)
        declared = self.options.concordance_until_days
        until = last_day(rows, declared, self.horizons)
        return SurvivalMeasures(until, np.array(self.horizons, dtype=float), within)

    def calibration(self, arm: str, other: str, scheme: str) -> Calibration:
        """Widening of errors; none for an evaluation set that is declared."""
        if kind_of(scheme).once:
            return AsFitted()
        return self.calibrations.of_pair(arm, other, scheme)


def discrimination(
    predictions: pd.DataFrame, judge: Judge, reference: str
) -> dict[str, pd.DataFrame]:
    """Tables of kinds "discrimination" and "discrimination_differences", by kind.

    Measures are taken in each fold and averaged. Differences are those of each arm to
    the reference arm, of the subjects that both have scored.

    Parameters
    ----------
    predictions : DataFrame
        Kind "predictions" of one endpoint, all arms and schemes.
    judge : Judge
        Kind of the outcome, ranges, confidence and widening.
    reference : str
        The reference arm.
    """
    require_evaluated(predictions, "predictions")
    rows = judged(predictions)
    found: list[dict[str, Any]] = []
    differences: list[dict[str, Any]] = []
    for scheme, every in predictions.groupby("scheme", sort=True):
        in_scheme = _Scheme.of(every, rows, judge, str(scheme))
        for arm in sorted(set(every["arm"])):
            found += in_scheme.values(arm)
            if arm != reference and reference in set(every["arm"]):
                differences += in_scheme.differences(arm, reference)
    tables = {"discrimination": found, "discrimination_differences": differences}
    return {
        name: pd.DataFrame(made, columns=list(KINDS[name]))
        for name, made in tables.items()
    }


@dataclass(frozen=True)
class _Scheme:
    """One scheme of an endpoint: its judged rows and the measures taken of them."""

    name: str
    endpoint: str
    rows: Mapping[str, pd.DataFrame]  # by arm
    folds: Mapping[str, list[Key]]
    measure: BinaryMeasures | SurvivalMeasures
    judge: Judge
    known: dict[str, list[FoldValues]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, every: pd.DataFrame, rows: pd.DataFrame, judge: Judge, scheme: str
    ) -> "_Scheme":
        arms = sorted(set(every["arm"]))
        return cls(
            scheme,
            str(every["endpoint"].iloc[0]),
            {arm: of_arm(rows, arm, scheme) for arm in arms},
            {arm: planned(of_arm(every, arm, scheme)) for arm in arms},
            judge.measures(rows, scheme),
            judge,
        )

    def values(self, arm: str) -> Iterator[dict[str, Any]]:
        """Row of each measure of an arm."""
        calibration = self.judge.calibration(arm, arm, self.name)
        rows = subjects_of(self.rows[arm])
        for measure, values in zip(self.measure.names, self._of(arm), strict=True):
            by_group = is_by_group(self.name)
            text, confidence = self._text(measure), self.judge.confidence
            found = share_interval(values, calibration, confidence, text, by_group)
            yield self._head(arm, measure, rows, values) | asdict(found)

    def differences(self, arm: str, reference: str) -> Iterator[dict[str, Any]]:
        """Row of each measure of an arm beside the reference arm."""
        calibration = self.judge.calibration(arm, reference, self.name)
        first, second, rows = self._of_both(arm, reference)
        subjects = subjects_of(rows)
        pairs = zip(self.measure.names, first, second, strict=True)
        for measure, mine, theirs in pairs:
            paired = mine.minus(theirs)
            yield (
                {"reference_arm": reference}
                | self._head(arm, measure, subjects, paired)
                | _means(mine, theirs)
                | self._tested(paired, calibration, f"paired {self._text(measure)}")
            )

    def _tested(
        self, paired: FoldValues, calibration: Calibration, text: str
    ) -> dict[str, Any]:
        """Mean difference, its interval, and the p-value by the same error."""
        by_group = is_by_group(self.name)
        found = difference_interval(
            paired, calibration, self.judge.confidence, text, by_group
        )
        p_value = np.nan
        if np.isfinite(found.lower):
            error = error_over_groups if by_group else error_over_repeats
            _, degrees = error(paired, calibration.factor)
            statistic = found.estimate / found.standard_error
            p_value = two_sided(statistic, min(degrees, calibration.degrees))
        return asdict(found) | {"p_value": p_value}

    def _of(self, arm: str) -> list[FoldValues]:
        if arm not in self.known:
            self.known[arm] = self._measured(self.rows[arm], self.folds[arm])
        return self.known[arm]

    def _of_both(
        self, arm: str, reference: str
    ) -> tuple[list[FoldValues], list[FoldValues], pd.DataFrame]:
        """Values of both arms of the subjects that both have scored, and the rows."""
        mine, theirs = self.rows[arm], self.rows[reference]
        shared = pd.merge(mine[_KEYS], theirs[_KEYS])
        if len(shared) == len(mine) == len(theirs):
            return self._of(arm), self._of(reference), mine
        own = [rows.merge(shared, on=_KEYS) for rows in (mine, theirs)]
        first, second = (
            self._measured(rows, self.folds[name])
            for rows, name in zip(own, (arm, reference), strict=True)
        )
        return first, second, own[0]

    def _measured(self, rows: pd.DataFrame, folds: list[Key]) -> list[FoldValues]:
        return fold_measures(rows, folds, self.measure, is_by_group(self.name))

    def _text(self, measure: Measure) -> str:
        within = " of pairs within groups" if measure.stratum == WITHIN else ""
        words = _WORDS.get(measure.name)
        told = f"; {words}" if words else ""
        return f"mean over {sets_of(self.name)}{within}{told}"

    def _head(
        self, arm: str, measure: Measure, rows: pd.DataFrame, values: FoldValues
    ) -> dict[str, Any]:
        """Names and counts of a row; `rows` has one of each subject."""
        options = measure._asdict()
        return {
            "endpoint": self.endpoint,
            "arm": arm,
            "scheme": self.name,
            "measure": options.pop("name"),
            **options,
            **_counts(rows, measure),
            "n_folds": values.n_defined,
        }


def _counts(rows: pd.DataFrame, measure: Measure) -> dict[str, int]:
    """Subjects that a measure judges, and events among them."""
    if measure.name != AUC_AT:
        events = rows["event"] == 1
        if np.isfinite(measure.until_days):
            events &= rows["time_days"] <= measure.until_days
        return {"n": len(rows), "n_events": int(events.sum())}
    days = rows["time_days"].to_numpy(dtype=float)
    horizon = np.array([measure.horizon_days])
    known = states(rows[STATUS].to_numpy(), days, horizon)[0]
    return {
        "n": int((known != UNKNOWN).sum()),
        "n_events": int((known == CASE).sum()),
    }


def _means(mine: FoldValues, theirs: FoldValues) -> dict[str, float]:
    """Means of both arms over the folds in which both have a value."""
    place = {key: number for number, key in enumerate(theirs.keys)}
    other = np.append(theirs.values, np.nan)[[place.get(k, -1) for k in mine.keys]]
    both = np.isfinite(mine.values) & np.isfinite(other)
    means = [
        replace(mine, values=np.where(both, values, np.nan)).mean
        for values in (mine.values, other)
    ]
    return dict(zip(("estimate_arm", "estimate_reference"), means, strict=True))

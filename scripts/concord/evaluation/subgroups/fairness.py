"""Fairness: sensitivity, specificity and predictive values by subgroup."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..fold_values import of_arm, scored_rows
from ..intervals import wilson_interval
from .horizons import Horizons, Status
from .levels import Levels
from .subgroups import ALL, Judge, Row, risks_of

THRESHOLD = "threshold_"
RISK_GROUP = "risk_group"
PROBABILITY = "probability"
METHOD = (
    "mean over repeats; Wilson's intervals with the number of patients, of weighted "
    "ones with the effective number"
)
#: Share: who counts, and what of them is counted.
_SHARES = ("sensitivity", "specificity", "ppv", "npv")


class Rule(NamedTuple):
    """Rule that calls a subject positive, chosen in development or declared."""

    name: str
    threshold: float  # of a probability or risk, else NaN
    horizon_days: float  # NaN without one
    positive: np.ndarray  # by row: 1, 0, or NaN without a class
    predicted: np.ndarray  # probability or risk by row, NaN without one


@dataclass(frozen=True)
class _Classified:
    """Rows of one arm and scheme, classified by a rule, with their outcome."""

    rule: Rule
    rows: pd.DataFrame
    status: Status

    def row(self, chosen: np.ndarray, confidence: float) -> Row:
        """Shares with intervals of some rows."""
        shares = [self._shares(chosen & one) for one in self._repeats()]
        found: Row = {
            "rule": self.rule.name,
            "threshold": self.rule.threshold,
            "horizon_days": self.rule.horizon_days,
            **self._counts(chosen),
        }
        for place, name in enumerate(_SHARES):
            share = _mean([one[place].share for one in shares])
            n = _mean([one[place].n for one in shares])
            lower, upper = wilson_interval(share, n, confidence)
            found |= {name: share, f"{name}_lower": lower, f"{name}_upper": upper}
        return found | self._in_the_large(chosen)

    def _repeats(self) -> Iterator[np.ndarray]:
        numbers = self.rows["repeat"].to_numpy()
        for number in np.unique(numbers):
            yield numbers == number

    def _known(self) -> np.ndarray:
        known = np.isfinite(self.rule.positive) & np.isfinite(self.status.event)
        return np.asarray(known)

    def _counts(self, chosen: np.ndarray) -> Row:
        """Subjects, events, and those without a class or a status."""
        known = chosen & self._known()
        names = self.rows["subject_id"].to_numpy()
        happened = known & (self.status.event == 1)
        every, judged = set(names[chosen]), set(names[known])
        return {
            "n": len(judged),
            "n_events": len(set(names[happened])),
            "n_unknown": len(every - judged),
        }

    def _shares(self, chosen: np.ndarray) -> list["_Share"]:
        """Sensitivity, specificity, PPV and NPV of the rows of one repeat."""
        known = chosen & self._known()
        positive, event = self.rule.positive == 1, self.status.event == 1
        pairs = (
            (event, positive),
            (~event, ~positive),
            (positive, event),
            (~positive, ~event),
        )
        return [self._share(known & among, counted) for among, counted in pairs]

    def _share(self, among: np.ndarray, counted: np.ndarray) -> "_Share":
        weight = self.status.weight[among]
        total = float(weight.sum())
        if not total > 0:
            return _Share(np.nan, 0.0)
        clusters = self.rows["cluster"].to_numpy()[among]
        effective = total**2 / float((weight**2).sum())
        n = effective * len(set(clusters)) / len(clusters)
        return _Share(float(weight[counted[among]].sum()) / total, n)

    def _in_the_large(self, chosen: np.ndarray) -> Row:
        """Observed and predicted share, mean over repeats."""
        known = chosen & np.isfinite(self.status.event)
        known &= np.isfinite(self.rule.predicted)
        parts = [known & one for one in self._repeats() if (known & one).any()]
        weight, event = self.status.weight, self.status.event
        observed = [np.average(event[p], weights=weight[p]) for p in parts]
        predicted = [
            np.average(self.rule.predicted[p], weights=weight[p]) for p in parts
        ]
        told = {"observed": _mean(observed), "predicted": _mean(predicted)}
        ratio = told["observed"] / told["predicted"] if told["predicted"] else np.nan
        return told | {"observed_to_expected": ratio}


class _Share(NamedTuple):
    share: float
    n: float


def fairness(
    predictions: pd.DataFrame,
    risks: pd.DataFrame,
    levels: Mapping[str, Levels],
    judge: Judge,
    probabilities: list[float],
) -> list[Row]:
    """Rows of kind "fairness": classes by subgroup, of every arm, scheme and rule.

    Of an outcome with times, classes are compared with the status at the horizons for
    which there are risks; weights stand for subjects who were censored before. Small
    subgroups have their counts alone.

    Parameters
    ----------
    predictions, risks, levels, judge
        As for `subgroups`.
    probabilities : list of float
        Declared thresholds of probabilities and risks.
    """
    found: list[Row] = []
    scored = scored_rows(predictions).reset_index(drop=True)
    for arm, scheme in sorted(set(zip(scored["arm"], scored["scheme"], strict=True))):
        rows = of_arm(scored, arm, scheme)
        head = {"endpoint": rows["endpoint"].iloc[0], "arm": arm, "scheme": scheme}
        by_horizon = risks_of(rows, risks)
        for rule in _rules(rows, by_horizon, judge, probabilities):
            status = _status(rows, rule.horizon_days, judge.horizons)
            one = _Classified(rule, rows, status)
            for subgroup, level, chosen in _chosen(rows, levels):
                told = {"subgroup": subgroup, "level": level, "method": METHOD}
                found.append(head | told | _row(one, chosen, judge))
    return found


def _chosen(
    rows: pd.DataFrame, levels: Mapping[str, Levels]
) -> Iterator[tuple[str, str, np.ndarray]]:
    """Rows of all subjects, then of each subgroup."""
    yield ALL, ALL, np.ones(len(rows), dtype=bool)
    for name, one in levels.items():
        label = rows["subject_id"].map(one.of_subject).to_numpy()
        for level in one.names:
            yield name, level, label == level


def _row(one: _Classified, chosen: np.ndarray, judge: Judge) -> Row:
    row, least = one.row(chosen, judge.confidence), judge.smallest
    effective = judge.kind.effective_events(row["n_events"], row["n"])
    if row["n"] >= least.subjects and effective >= least.events:
        return row | {"reason": None}
    counted = {"rule", "threshold", "horizon_days", "n", "n_events", "n_unknown"}
    blank = {name: np.nan for name in row if name not in counted}
    reason = f"fewer than {least.subjects} subjects or {least.events} events"
    return row | blank | {"reason": reason}


def _rules(
    rows: pd.DataFrame,
    risks: dict[float, pd.Series],
    judge: Judge,
    probabilities: list[float],
) -> Iterator[Rule]:
    """Rules of an arm: cuts of scores, and thresholds of probabilities or risks."""
    cuts = dict(_cuts(rows))
    predicted: dict[float, Any] = {
        horizon: risk.to_numpy(dtype=float) for horizon, risk in risks.items()
    }
    if not judge.kind.has_times:
        predicted = {np.nan: rows["probability"].to_numpy(dtype=float)}
    for horizon, values in predicted.items():
        for name, positive in cuts.items():
            yield Rule(name, np.nan, horizon, positive, values)
        for threshold in probabilities:
            positive = _classes(values - threshold)
            yield Rule(PROBABILITY, threshold, horizon, positive, values)


def _cuts(rows: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Classes by cuts of the score that each fold chose in development."""
    group = rows[RISK_GROUP]
    high = np.where(group == "high", 1.0, 0.0)
    yield RISK_GROUP, np.where(group.isna(), np.nan, high)
    for column in sorted(name for name in map(str, rows) if name.startswith(THRESHOLD)):
        cut = rows[column].to_numpy(dtype=float)
        score = rows["score"].to_numpy(dtype=float)
        yield column.removeprefix(THRESHOLD), _classes(score - cut)


def _classes(excess: np.ndarray) -> np.ndarray:
    """1 from a threshold on, 0 below, NaN where there is none."""
    return np.where(np.isfinite(excess), np.where(excess >= 0, 1.0, 0.0), np.nan)


def _status(rows: pd.DataFrame, horizon: float, horizons: Horizons) -> Status:
    """Outcome of each row, by repeat; of an outcome without times, as it is."""
    event = rows["event"].to_numpy(dtype=float)
    if np.isnan(horizon):
        ones = np.ones(len(rows))
        return Status(
            event, rows["weight"].to_numpy(float) if "weight" in rows else ones
        )
    found = Status(np.full(len(rows), np.nan), np.zeros(len(rows)))
    numbers = rows["repeat"].to_numpy()
    for number in np.unique(numbers):
        mine = numbers == number
        for whole, part in zip(
            found, horizons.status(rows[mine], horizon), strict=True
        ):
            whole[mine] = part
    return found


def _mean(values: list[float]) -> float:
    known = [one for one in values if np.isfinite(one)]
    return float(np.mean(known)) if known else float("nan")

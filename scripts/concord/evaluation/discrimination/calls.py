"""Calls: who is high by a threshold, and what the outcome of a subject counts for."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...models.settings.thresholds import Thresholds
from ...models.thresholds import COLUMN
from ...statistics import targets
from ...statistics.survival.concordance import CASE, horizon_follow_up, states
from .outcomes import STATUS, censoring_of, subjects_of

PROBABILITY = "probability"
_KEYS = ["arm", "scheme", "repeat", "fold", "subject_id"]


class Rule(NamedTuple):
    """Rule of a threshold: its name, what it asks for, and the horizon it is for."""

    name: str
    asked: float = np.nan
    horizon_days: float = np.nan


class Calls(NamedTuple):
    """Judged rows of an arm and scheme by one rule.

    Columns of `rows`: repeat, subject_id, group, cluster, `case` (bool), `counts`
    (weight, 0 if the outcome is not known), `threshold` and `high` (bool); rows without
    a threshold are not among them. `n_folds` counts those that hold judged rows.
    """

    rule: Rule
    rows: pd.DataFrame
    n_folds: int


def binary_calls(rows: pd.DataFrame, thresholds: Thresholds) -> Iterator[Calls]:
    """Calls of a binary outcome by each rule.

    Parameters
    ----------
    rows : DataFrame
        From `outcomes.judged`, of one arm and scheme; thresholds that were chosen in
        development are its columns `threshold_<rule>`, also those that nobody asked
        for, as predictions of another tool may have them.
    thresholds : Thresholds
        What they ask for, and probabilities that are thresholds themselves.
    """
    weight = rows.get(targets.WEIGHT, pd.Series(1.0, rows.index)).fillna(1.0)
    told = rows.assign(case=rows["event"] == 1, counts=weight.astype(float))
    for rule, asked in (_given(told) | thresholds.asked).items():
        column = f"{COLUMN}{rule}"
        learnt = told.get(column, pd.Series(np.nan, told.index)).astype(float)
        share = np.nan if asked is None else asked
        yield _calls(Rule(rule, share), told, told["score"], learnt)
    for one in thresholds.probabilities:
        given = pd.Series(one, told.index)
        yield _calls(Rule(PROBABILITY, one), told, told["probability"], given)


def _given(rows: pd.DataFrame) -> dict[str, float | None]:
    """Rules of thresholds that stand in the rows, whoever chose them."""
    columns = [one for one in rows.columns if one.startswith(COLUMN)]
    known = [one for one in columns if rows[one].notna().any()]
    return dict.fromkeys(one.removeprefix(COLUMN) for one in known)


def risk_calls(
    rows: pd.DataFrame, risks: pd.DataFrame, thresholds: Thresholds, by_group: bool
) -> Iterator[Calls]:
    """Calls of an outcome with times, by the risk at each horizon.

    A case had the event by then; whoever is censored before has no weight, and those
    who were followed as long stand for him.

    Parameters
    ----------
    rows : DataFrame
        From `outcomes.judged`, of one arm and scheme.
    risks : DataFrame
        Table kind "risks".
    thresholds : Thresholds
        Risks that are thresholds.
    by_group : bool
        If each fold is a group that was left out, with a follow-up of its own.
    """
    joined = rows.merge(risks[[*_KEYS, "horizon_days", "risk"]], on=_KEYS)
    for horizon, part in joined.groupby("horizon_days"):
        told = _told_at(part, float(str(horizon)), by_group)
        for one in thresholds.probabilities:
            given = pd.Series(one, told.index)
            rule = Rule(PROBABILITY, one, float(str(horizon)))
            yield _calls(rule, told, told["risk"], given)


def _told_at(rows: pd.DataFrame, horizon: float, by_group: bool) -> pd.DataFrame:
    """Rows with the state at a horizon and its weight."""
    parts = [part for _, part in rows.groupby("fold")] if by_group else [rows]
    told = []
    for part in parts:
        censoring = censoring_of(subjects_of(part))
        days, day = part["time_days"].to_numpy(dtype=float), np.array([horizon])
        known = states(part[STATUS].to_numpy(), days, day)
        _, weight = horizon_follow_up(known, days, day, censoring)
        told.append(part.assign(case=known[0] == CASE, counts=weight[0]))
    return pd.concat(told)


def _calls(
    rule: Rule, rows: pd.DataFrame, values: pd.Series, threshold: pd.Series
) -> Calls:
    """Rows with a value and a threshold, and whether the one reaches the other."""
    known = values.notna() & threshold.notna()
    high = values.astype(float) >= threshold
    made = rows.assign(threshold=threshold, high=high)[known]
    return Calls(rule, made, len(rows[["repeat", "fold"]].drop_duplicates()))

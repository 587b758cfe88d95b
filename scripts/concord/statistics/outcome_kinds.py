"""Kinds of outcomes: target of a model, discrimination and its curve."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from . import targets
from .discrimination import AUC, C_INDEX, PairCounts, pair_counts


class OutcomeKind(ABC):
    """An outcome as models take it and as predictions are judged by it.

    Rows are tables with `event` (0/1), and where needed `time_days`, `score` and
    `group`. With `stratum`, only pairs of one stratum are compared: scores of two of
    them have different baseline hazards. With `weight`, each pair counts as the product
    of the weights of its subjects.
    """

    name: ClassVar[str]  # in configuration and documents
    metric: ClassVar[str]  # in tables
    #: Figure of the headline arm.
    curve: ClassVar[str]
    has_times: ClassVar[bool]

    @abstractmethod
    def target(self, outcome: pd.DataFrame) -> np.ndarray:
        """Outcomes as the models take them, shape (n,)."""

    @abstractmethod
    def times(self, rows: pd.DataFrame) -> np.ndarray | None:
        """Times to event or censoring in days, shape (n,), if the kind has them."""

    @abstractmethod
    def effective_events(self, n_events: Any, n: Any) -> Any:
        """Events that a model can learn from, of `n_events` among `n` subjects.

        Both are numbers, or Series of them; so is the result.
        """

    def pairs(self, rows: pd.DataFrame) -> PairCounts:
        """Pairs of scores and outcomes that each row wins, shape (n,)."""
        return _pairs(rows, self.times(rows), [targets.STRATUM])

    def pairs_within_groups(self, rows: pd.DataFrame) -> PairCounts:
        """The same of pairs of one group each."""
        return _pairs(rows, self.times(rows), ["group", targets.STRATUM])

    def pairs_of_targets(self, y: np.ndarray, score: np.ndarray) -> PairCounts:
        """Pairs of scores and outcomes as `target` gives them, shape (..., n)."""
        strata = targets.stratum(y)
        return pair_counts(
            targets.event(y), score, targets.time(y), strata, targets.weight(y)
        )


class Binary(OutcomeKind):
    """An event that did or did not happen."""

    name = "binary"
    metric = AUC
    curve = "roc"
    has_times = False

    def target(self, outcome: pd.DataFrame) -> np.ndarray:
        """0 or 1 per subject, (n,); with weights, fields `event` and `weight`."""
        event = outcome["event"].to_numpy(dtype=float)
        if targets.WEIGHT not in outcome:
            return event
        weight = outcome[targets.WEIGHT].to_numpy(dtype=float)
        fields = [(targets.EVENT, float), (targets.WEIGHT, float)]
        y = np.empty(len(event), dtype=fields)
        y[targets.EVENT], y[targets.WEIGHT] = event, weight
        return y

    def effective_events(self, n_events: Any, n: Any) -> Any:
        """Subjects of the rarer class, whichever of the two is called the event.

        References
        ----------
        Peduzzi et al. 1996, doi:10.1016/S0895-4356(96)00236-3.
        """
        return np.minimum(n_events, n - n_events)

    def times(self, rows: pd.DataFrame) -> None:
        """None: there are no times."""


class Survival(OutcomeKind):
    """A time to an event, or to censoring."""

    name = "survival"
    metric = C_INDEX
    curve = "kaplan_meier"
    has_times = True

    def target(self, outcome: pd.DataFrame) -> np.ndarray:
        """Fields `event` (bool) and `time_days` (float) per subject, shape (n,).

        And `stratum` (text), if the outcome has strata.
        """
        event = outcome["event"].to_numpy(dtype=float)
        fields: list[tuple[str, Any]] = [(targets.EVENT, bool), (targets.TIME, float)]
        stratified = targets.STRATUM in outcome
        if stratified:
            labels = outcome[targets.STRATUM].to_numpy(dtype=str)
            fields.append((targets.STRATUM, labels.dtype))
        y = np.empty(len(event), dtype=fields)
        y[targets.EVENT], y[targets.TIME] = event == 1, outcome[targets.TIME]
        if stratified:
            y[targets.STRATUM] = labels
        return y

    def effective_events(self, n_events: Any, n: Any) -> Any:
        """The events; a subject who is censored shows none."""
        return n_events

    def times(self, rows: pd.DataFrame) -> np.ndarray:
        """Times to event or censoring in days, shape (n,)."""
        return rows["time_days"].to_numpy(dtype=float)


BINARY, SURVIVAL = Binary(), Survival()
OUTCOME_KINDS: dict[str, OutcomeKind] = {k.name: k for k in (BINARY, SURVIVAL)}


def _pairs(
    rows: pd.DataFrame, times: np.ndarray | None, apart: list[str]
) -> PairCounts:
    """Pairs of rows that agree in the columns `apart`, those of them that there are."""
    event, score = rows["event"].to_numpy(dtype=int), rows["score"].to_numpy(float)
    columns = [name for name in apart if name in rows]
    weight = rows[targets.WEIGHT].to_numpy(float) if targets.WEIGHT in rows else None
    groups = rows.groupby(columns, dropna=False).ngroup() if columns else None
    return pair_counts(
        event, score, times, None if groups is None else groups.to_numpy(), weight
    )

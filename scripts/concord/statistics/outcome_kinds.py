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
    `group`.
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
        event, score = _event_and_score(rows)
        return pair_counts(event, score, self.times(rows))

    def pairs_within_groups(self, rows: pd.DataFrame) -> PairCounts:
        """The same of pairs of one group each."""
        event, score = _event_and_score(rows)
        return pair_counts(event, score, self.times(rows), rows["group"].to_numpy())

    def pairs_of_targets(self, y: np.ndarray, score: np.ndarray) -> PairCounts:
        """Pairs of scores and outcomes as `target` gives them, shape (..., n)."""
        return pair_counts(targets.event(y), score, targets.time(y))


class Binary(OutcomeKind):
    """An event that did or did not happen."""

    name = "binary"
    metric = AUC
    curve = "roc"
    has_times = False

    def target(self, outcome: pd.DataFrame) -> np.ndarray:
        """0 or 1 per subject, shape (n,)."""
        return outcome["event"].to_numpy(dtype=float)

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
        """Fields `event` (bool) and `time_days` (float) per subject, shape (n,)."""
        event = outcome["event"].to_numpy(dtype=float)
        y = np.empty(len(event), dtype=[("event", bool), ("time_days", float)])
        y["event"], y["time_days"] = event == 1, outcome["time_days"]
        return y

    def effective_events(self, n_events: Any, n: Any) -> Any:
        """The events; a subject who is censored shows none."""
        return n_events

    def times(self, rows: pd.DataFrame) -> np.ndarray:
        """Times to event or censoring in days, shape (n,)."""
        return rows["time_days"].to_numpy(dtype=float)


BINARY, SURVIVAL = Binary(), Survival()
OUTCOME_KINDS: dict[str, OutcomeKind] = {k.name: k for k in (BINARY, SURVIVAL)}


def _event_and_score(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return rows["event"].to_numpy(dtype=int), rows["score"].to_numpy(dtype=float)

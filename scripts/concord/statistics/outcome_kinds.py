"""Kinds of outcomes: target of a model, discrimination, its error and its curve."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from .discrimination import (
    AUC,
    C_INDEX,
    Concordance,
    concordance,
    concordance_se,
    delong_se,
    within_groups,
)


class OutcomeKind(ABC):
    """An outcome as models take it and as predictions are judged by it.

    Rows are tables with `event` (0/1), and where needed `time_days`, `score` and
    `group`.
    """

    name: ClassVar[str]  # in configuration and documents
    metric: ClassVar[str]  # in tables
    error_name: ClassVar[str]
    #: Figure of the headline arm.
    curve: ClassVar[str]
    #: Whether the error of a mean over folds comes from the scores, not from the
    #: spread over folds.
    error_from_scores: ClassVar[bool]

    @abstractmethod
    def target(self, outcome: pd.DataFrame) -> np.ndarray:
        """Outcomes as the models take them, shape (n,)."""

    @abstractmethod
    def times(self, rows: pd.DataFrame) -> np.ndarray | None:
        """Times to event or censoring in days, shape (n,), if the kind has them."""

    @abstractmethod
    def standard_error(self, rows: pd.DataFrame) -> float:
        """Standard error of the metric over scored rows; NaN if undefined."""

    @abstractmethod
    def effective_events(self, n_events: Any, n: Any) -> Any:
        """Events that a model can learn from, of `n_events` among `n` subjects.

        Both are numbers, or Series of them; so is the result.
        """

    def pairs(self, rows: pd.DataFrame) -> Concordance:
        """Concordance of scores and outcomes over all comparable pairs."""
        return concordance(*_event_and_score(rows), self.times(rows))

    def pairs_of_targets(self, y: np.ndarray, score: np.ndarray) -> Concordance:
        """Concordance of scores (n,) and outcomes as `target` gives them."""
        event, times = (y["event"], y["time_days"]) if y.dtype.names else (y, None)
        return concordance(event.astype(int), score, times)

    def pairs_within_groups(self, rows: pd.DataFrame) -> Concordance:
        """Concordance over comparable pairs of one group each."""
        event, score = _event_and_score(rows)
        return within_groups(event, score, rows["group"].to_numpy(), self.times(rows))


class Binary(OutcomeKind):
    """An event that did or did not happen."""

    name = "binary"
    metric = AUC
    error_name = "DeLong"
    curve = "roc"
    error_from_scores = True

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

    def standard_error(self, rows: pd.DataFrame) -> float:
        """Standard error of the AUC by DeLong's method."""
        return delong_se(*_event_and_score(rows))


class Survival(OutcomeKind):
    """A time to an event, or to censoring."""

    name = "survival"
    metric = C_INDEX
    error_name = "jackknife"
    curve = "kaplan_meier"
    error_from_scores = False

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

    def standard_error(self, rows: pd.DataFrame) -> float:
        """Standard error of Harrell's C by the infinitesimal jackknife."""
        return concordance_se(*_event_and_score(rows), self.times(rows))


BINARY, SURVIVAL = Binary(), Survival()
OUTCOME_KINDS: dict[str, OutcomeKind] = {k.name: k for k in (BINARY, SURVIVAL)}


def _event_and_score(rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return rows["event"].to_numpy(dtype=int), rows["score"].to_numpy(dtype=float)

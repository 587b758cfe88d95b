"""Risk table: subjects at risk and events of each cause, by time and group."""

from dataclasses import dataclass
from typing import Self

import numpy as np


@dataclass(frozen=True)
class RiskTable:
    """Subjects at risk just before each time, and events at it, by group.

    A subject censored at an event time is still at risk then.
    """

    times: np.ndarray  # (T,), ascending
    at_risk: np.ndarray  # (T, K), of K groups
    events: np.ndarray  # (T, K), of the cause of interest
    others: np.ndarray  # (T, K), of all other causes
    censored: np.ndarray  # (T, K)

    @classmethod
    def of(
        cls,
        time: np.ndarray,
        code: np.ndarray,
        cause: int,
        group: np.ndarray | None = None,
    ) -> Self:
        """Table of all distinct times.

        Parameters
        ----------
        time : ndarray of float, shape (n,)
            Time to the first event or censoring, any unit.
        code : ndarray of int, shape (n,)
            0 without an event, else the code of the cause.
        cause : int
            The cause of interest.
        group : ndarray of int, shape (n,), optional
            Number of the group from 0; one group by default.
        """
        members = np.zeros(len(time), dtype=int) if group is None else group
        times, place = np.unique(np.asarray(time, dtype=float), return_inverse=True)
        shape = len(times), int(np.max(members, initial=0)) + 1

        def counted(rows: np.ndarray) -> np.ndarray:
            counts = np.zeros(shape)
            np.add.at(counts, (place[rows], members[rows]), 1)
            return counts

        code = np.asarray(code)
        leaving = counted(np.ones(len(time), dtype=bool))
        return cls(
            times,
            leaving[::-1].cumsum(axis=0)[::-1],
            counted(code == cause),
            counted((code != cause) & (code != 0)),
            counted(code == 0),
        )

    @property
    def survival(self) -> np.ndarray:
        """Share without any event just after each time (Kaplan-Meier), (T, K)."""
        died = self.events + self.others
        left = np.divide(
            self.at_risk - died,
            self.at_risk,
            out=np.ones(self.at_risk.shape),
            where=self.at_risk > 0,
        )
        return np.cumprod(left, axis=0)

    @property
    def incidence(self) -> np.ndarray:
        """Cumulative incidence of the cause at each time (Aalen-Johansen), (T, K)."""
        hazard = np.divide(
            self.events,
            self.at_risk,
            out=np.zeros(self.at_risk.shape),
            where=self.at_risk > 0,
        )
        return np.cumsum(before(self.survival, 1.0) * hazard, axis=0)


def before(curve: np.ndarray, start: float) -> np.ndarray:
    """Values of step functions (T, ...) just before each time."""
    first = np.full((1, *curve.shape[1:]), start)
    return np.concatenate([first, curve[:-1]])

"""Trials of a time to an event, by the cumulative hazard that a model gives."""

from dataclasses import dataclass

import numpy as np

from .closed_test import Draw
from .event_trials import standardized
from .families import EXPECTED_EVENTS, NO_EXPOSURE
from .regression import Trials

_TINY = np.finfo(float).tiny


@dataclass(frozen=True)
class FollowUp:
    """Follow-up on the scale of the cumulative baseline hazard.

    On this scale the hazard of a subject is constant, exp(score), if the model is
    right.
    """

    event: np.ndarray  # (n,), 0 or 1
    level: np.ndarray  # (n,), cumulative baseline hazard at the end of the follow-up
    score: np.ndarray  # (n,), log hazard
    unit: np.ndarray  # (n,), clusters from 0

    @property
    def half(self) -> float:
        """Level before which half of all expected events are expected."""
        risk = np.exp(self.score)
        low, high = 0.0, float(self.level.max(initial=0.0))
        total = float(risk @ self.level)
        for _ in range(60):
            middle = (low + high) / 2
            early = float(risk @ np.minimum(self.level, middle))
            low, high = (middle, high) if early < total / 2 else (low, middle)
        return high

    def trials(self) -> Trials:
        """Two rows per subject: early and late follow-up, half of the events each.

        The offset is the log of the events that are expected in each; columns are an
        intercept, which is the log of a factor on the hazard, late follow-up, which
        changes the shape of the hazard, and the standardized score.
        """
        n, at = len(self.event), self.half
        outcome, offset = self._parts(self.event, self.level, at)
        late = np.repeat([-0.5, 0.5], n)
        columns = [np.ones(2 * n), late, np.tile(standardized(self.score), 2)]
        return Trials(
            EXPECTED_EVENTS,
            outcome[0],
            offset[0],
            np.column_stack(columns),
            np.ones(2 * n),
            np.tile(self.unit, 2),
        )

    def draws(self) -> Draw:
        """Draws of follow-ups with the hazards of a model, and the same censoring.

        When whoever had the event would have been censored is drawn from the others
        who were followed for longer (reverse Kaplan-Meier).
        """

        def draw(
            found: np.ndarray, n_draws: int, generator: np.random.Generator
        ) -> tuple[np.ndarray, np.ndarray]:
            at = self.half
            censored = self._censoring(n_draws, generator)
            early, late = self._rates(found)
            wait = generator.exponential(size=censored.shape)
            level = np.where(
                wait <= early * at, wait / early, at + (wait - early * at) / late
            )
            event = (level <= censored).astype(float)
            return self._parts(event, np.minimum(level, censored), at)

        return draw

    def _parts(
        self, event: np.ndarray, level: np.ndarray, at: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Events and log of expected events, (samples, 2 n): early, then late."""
        event, level = np.atleast_2d(event), np.atleast_2d(level)
        is_late = level > at
        outcome = np.hstack([event * ~is_late, event * is_late])
        exposure = np.hstack([np.minimum(level, at), np.maximum(level - at, 0.0)])
        log = np.log(np.maximum(exposure, _TINY)) + np.tile(self.score, 2)
        # An event without any expected one, before the first step of the hazard.
        return outcome, np.where(exposure > 0, log, NO_EXPOSURE)

    def _rates(self, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Hazards per level in early and late follow-up at coefficients, (n,) each."""
        factor, late, slope = np.append(found, np.zeros(3 - len(found)))
        log = self.score + factor + slope * standardized(self.score)
        return np.exp(log - late / 2), np.exp(log + late / 2)

    def _censoring(self, n_draws: int, generator: np.random.Generator) -> np.ndarray:
        """Level of the censoring of each subject in each draw, (draws, n)."""
        order = np.lexsort((self.event == 0, self.level))
        free = 1 - self.event[order]
        at_risk = np.arange(len(order), 0, -1)
        left = np.cumprod(1 - free / at_risk)
        place = np.searchsorted(self.level[order], self.level, side="right") - 1
        still = left[place] * generator.random((n_draws, len(order)))
        # The first censoring by which no more than this share is left.
        later = np.searchsorted(-left, -still, side="left")
        drawn = self.level[order][np.minimum(later, len(order) - 1)]
        return np.where(self.event == 1, np.maximum(drawn, self.level), self.level)

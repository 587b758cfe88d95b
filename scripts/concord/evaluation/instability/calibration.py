"""Calibration of sample models in the original subjects: slope, in the large, curve."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...statistics.instability.local_line import local_line
from ...statistics.subgroups.recalibration import (
    cox_slope,
    in_the_large,
    logistic_slope,
    logit,
)
from ..subgroups.horizons import Horizons
from ..subgroups.measures import DIFFERENCE, IN_THE_LARGE, SLOPE
from .samples import PROBABILITY, Samples

#: Places of a curve, and the quantiles of the predictions between which it runs.
_PLACES, _RANGE = 25, (0.025, 0.975)


class Calibration:
    """Calibration of the models of one arm and horizon in all subjects.

    Parameters
    ----------
    samples : Samples
    outcomes : DataFrame
        Of all subjects, from `cohort.target_of`, by subject.
    """

    def __init__(self, samples: Samples, outcomes: pd.DataFrame) -> None:
        self._samples = samples
        rows = outcomes.reindex(samples.subjects)
        self._known = rows["event"].notna().to_numpy()
        self._rows = rows[self._known].reset_index(names="subject_id")
        horizon = float(samples.head["horizon_days"])
        if samples.scale == PROBABILITY:
            self._observed = self._rows["event"].to_numpy(dtype=float)
        elif samples.is_absolute:
            self._observed = Horizons().observed(self._rows, horizon)

    def measures(self) -> dict[str, np.ndarray]:
        """Values by measure, shape (1 + models,) each; NaN where undefined."""
        numbers = range(len(self._samples.numbers))
        found = {SLOPE: np.array([self._slope(one) for one in numbers])}
        if self._samples.is_absolute:
            name = IN_THE_LARGE if self._is_binary else DIFFERENCE
            found[name] = np.array([self._large(one) for one in numbers])
        return found

    def curves(self) -> Iterator[dict[str, Any]]:
        """Rows of kind "calibration_instability", of absolute predictions alone."""
        if not self._samples.is_absolute:
            return
        for place, number in enumerate(self._samples.numbers):
            value, observed = self._pairs(place)
            if len(value) < 2 or not np.ptp(value) > 0:
                continue
            first, last = np.quantile(value, _RANGE)
            at = np.linspace(first, last, _PLACES)
            height = np.clip(local_line(value, observed, at), 0.0, 1.0)
            for x, y in zip(at, height, strict=True):
                told = {"sample": int(number), "predicted": x, "observed": y}
                yield self._samples.head | told

    @property
    def _is_binary(self) -> bool:
        return self._samples.scale == PROBABILITY

    def _pairs(self, place: int) -> tuple[np.ndarray, np.ndarray]:
        """Predictions and outcomes of a model, of the subjects that have both."""
        value = self._samples.prediction[place][self._known]
        both = np.isfinite(value) & np.isfinite(self._observed)
        return value[both], self._observed[both]

    def _large(self, place: int) -> float:
        value, observed = self._pairs(place)
        if not len(value):
            return float("nan")
        if not self._is_binary:
            return float((observed - value).mean())
        return in_the_large(logit(value), observed).value

    def _slope(self, place: int) -> float:
        if self._is_binary:
            value, observed = self._pairs(place)
            return (
                logistic_slope(logit(value), observed).value if len(value) else np.nan
            )
        score = self._samples.score[place][self._known]
        rows, known = self._rows, np.isfinite(score)
        if not known.any() or rows["time_days"].isna().all():
            return float("nan")
        strata = rows.get("stratum", pd.Series("", rows.index)).astype(str)
        event, time = (rows[k].to_numpy(float)[known] for k in ("event", "time_days"))
        return cox_slope(score[known], event, time, strata.to_numpy()[known]).value

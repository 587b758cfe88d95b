"""Flexible calibration curves with pointwise bands, and histograms of predictions."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...statistics.calibration.lowess import Lowess
from ...tables.kinds import KINDS
from . import reasons
from .averages import Average, Repeats
from .judged import Part, judged

#: Points of a curve, and shares of the predictions that it spans.
_POINTS, _ENDS = 33, (0.01, 0.99)
_BIN_EDGES = np.linspace(0.0, 1.0, 26)


def calibration_curves(parts: Sequence[Part], confidence: float) -> pd.DataFrame:
    """Curves of all arms, schemes and horizons, as kind "calibration_curve".

    Without rows where events are too few; table kind "calibration" says so.

    Parameters
    ----------
    parts : sequence of Part
        From `judged.parts`.
    confidence : float
        Level of the pointwise bands.
    """
    tables = [
        curve.assign(**part.head)
        for part in parts
        if len(curve := _curve(part.rows, part.horizon, confidence))
    ]
    columns = list(KINDS["calibration_curve"])
    if not tables:
        return pd.DataFrame(columns=columns)
    return pd.concat(tables, ignore_index=True)[columns]


def _curve(rows: pd.DataFrame, horizon: float, confidence: float) -> pd.DataFrame:
    """Mean over the repeats of the curves of one arm and scheme."""
    samples = judged(rows, horizon)
    if reasons.why_undefined(samples) is not None:
        return pd.DataFrame()
    if reasons.why_few(samples, reasons.LEAST_OF_CURVES, "a curve") is not None:
        return pd.DataFrame()
    points = _points(rows["predicted"].to_numpy(dtype=float))
    found = _averages(Repeats(samples), points)
    bounds = np.array([one.bounds(confidence) for one in found])
    inside = [np.array([one.estimate for one in found]), *bounds.T]
    observed, lower, upper = (np.clip(part, 0.0, 1.0) for part in inside)
    return pd.DataFrame(
        {"predicted": points, "observed": observed, "lower": lower, "upper": upper}
    )


def _averages(repeats: Repeats, points: np.ndarray) -> list[Average]:
    """Smoothed outcome at each point, mean over the repeats."""
    values, influences = [], []
    for place, one in enumerate(repeats.samples):
        smoother = Lowess.of(one.predicted, one.weight)
        residual = one.outcome - smoother.at(one.outcome, one.predicted)
        values.append(smoother.at(one.outcome, points))
        moved = smoother.influence(residual, points)
        influences.append(repeats.by_cluster(place, moved))
    return [
        repeats.average_of(
            np.array([value[k] for value in values]),
            np.stack([moved[k] for moved in influences]),
        )
        for k in range(len(points))
    ]


def _points(predicted: np.ndarray) -> np.ndarray:
    """Predictions at which a curve is given, ascending and distinct."""
    start, end = np.quantile(predicted, _ENDS)
    return np.unique(np.linspace(start, end, _POINTS))


def histograms(parts: Sequence[Part]) -> pd.DataFrame:
    """Predictions of the first repeat by outcome, as kind "calibration_histogram"."""
    rows = [row for part in parts for row in _bins(part)]
    return pd.DataFrame(rows, columns=list(KINDS["calibration_histogram"]))


def _bins(part: Part) -> Iterator[dict[str, Any]]:
    """Counts of each bin that holds a prediction."""
    samples = judged(part.rows, part.horizon)
    if not samples:
        return
    one = samples[0]
    known = one.happened | one.is_free
    chosen = {"events": one.happened, "free": one.is_free, "unknown": ~known}
    counts = {
        name: np.histogram(one.predicted[mine], _BIN_EDGES)[0]
        for name, mine in chosen.items()
    }
    for place, lower in enumerate(_BIN_EDGES[:-1]):
        found = {f"n_{name}": int(count[place]) for name, count in counts.items()}
        if any(found.values()):
            yield part.head | {"lower": lower, "upper": _BIN_EDGES[place + 1]} | found

"""Instability of predictions, classes and calibration over models of other samples."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...statistics.instability.prediction_spread import (
    changed_share,
    prediction_spread,
)
from ...tables.kinds import KINDS
from .calibration import Calibration
from .samples import Samples, sample_matrices

MAPE, CHANGED = "mape", "changed_class"
RISK_GROUP, THRESHOLD = "risk_group", "threshold"
NO_MODEL = "no model of all subjects: {why}"
NO_SAMPLE = "no model of a sample has a prediction"
#: Tables that are made here.
MADE = (
    "instability",
    "prediction_instability",
    "class_instability",
    "calibration_instability",
)
Row = dict[str, Any]


def instability(
    predictions: pd.DataFrame,
    outcomes: pd.DataFrame,
    n_samples: int,
    probabilities: list[float],
) -> dict[str, pd.DataFrame]:
    """Tables of the kinds `MADE` of one endpoint.

    Parameters
    ----------
    predictions : DataFrame
        Table kind "sample_predictions" of all arms that are looked at.
    outcomes : DataFrame
        Of all subjects, from `cohort.target_of`.
    n_samples : int
        Samples that are looked at.
    probabilities : list of float
        Declared thresholds of probabilities and risks.

    References
    ----------
    Riley, R. D. and Collins, G. S. (2023). Biometrical Journal, 65, 2200302.
    https://doi.org/10.1002/bimj.202200302
    """
    found: dict[str, list[Row]] = {kind: [] for kind in MADE}
    for samples in sample_matrices(predictions, n_samples):
        classes = list(_classes(samples, probabilities))
        calibration = Calibration(samples, outcomes)
        found["instability"] += list(_summary(samples, classes, calibration))
        found["prediction_instability"] += list(_by_subject(samples))
        for rule, threshold, positive in classes:
            told = {"rule": rule, "threshold": threshold}
            rows = _changes(samples, positive)
            found["class_instability"] += [samples.head | told | row for row in rows]
        found["calibration_instability"] += list(calibration.curves())
    return {
        kind: pd.DataFrame(rows, columns=list(KINDS[kind]))
        for kind, rows in found.items()
    }


def _classes(
    samples: Samples, probabilities: list[float]
) -> Iterator[tuple[str, float, np.ndarray]]:
    """Rule, threshold and class (1, 0, NaN) by model and subject."""
    yield RISK_GROUP, np.nan, samples.high
    if samples.is_absolute:
        for threshold in probabilities:
            above = np.where(samples.prediction >= threshold, 1.0, 0.0)
            known = np.isfinite(samples.prediction)
            yield THRESHOLD, threshold, np.where(known, above, np.nan)


def _summary(
    samples: Samples,
    classes: list[tuple[str, float, np.ndarray]],
    calibration: Calibration,
) -> Iterator[Row]:
    """Each quantity: of the original model, mean and range over the others."""
    distance = np.abs(samples.prediction[1:] - samples.prediction[0])
    yield _over_models(samples, MAPE, np.nan, _means(distance))
    for rule, threshold, positive in classes:
        other = np.where(
            np.isfinite(positive[1:]) & np.isfinite(positive[0]),
            positive[1:] != positive[0],
            np.nan,
        )
        row = _over_models(samples, CHANGED, np.nan, _means(other))
        yield row | {"rule": rule, "threshold": threshold}
    for name, values in calibration.measures().items():
        yield _over_models(samples, name, float(values[0]), values[1:])


def _over_models(
    samples: Samples, quantity: str, original: float, values: np.ndarray
) -> Row:
    known = values[np.isfinite(values)]
    row = samples.head | {
        "scale": samples.scale,
        "quantity": quantity,
        "original": original,
        "n_models": len(known),
        "n_failed": int((~samples.fitted[1:]).sum()),
        "n": int(np.isfinite(samples.prediction[0]).sum()),
        "reason": None,
    }
    if samples.failed is not None:
        return row | {"reason": NO_MODEL.format(why=samples.failed)}
    if not len(known):
        return row | {"reason": NO_SAMPLE}
    lower, upper = np.quantile(known, [0.025, 0.975])
    return row | {"mean": float(known.mean()), "lower": lower, "upper": upper}


def _by_subject(samples: Samples) -> Iterator[Row]:
    """Rows of kind "prediction_instability"."""
    original = samples.prediction[0]
    spread = prediction_spread(original, samples.prediction[1:])
    for place, subject in enumerate(samples.subjects):
        yield samples.head | {
            "scale": samples.scale,
            "subject_id": subject,
            "n_models": int(spread.n[place]),
            "original": original[place],
            "lower": spread.lower[place],
            "median": spread.median[place],
            "upper": spread.upper[place],
            "mape": spread.mape[place],
        }


def _changes(samples: Samples, positive: np.ndarray) -> Iterator[Row]:
    """Rows of kind "class_instability" without their rule."""
    share = changed_share(positive[0], positive[1:])
    for place, subject in enumerate(samples.subjects):
        yield {
            "subject_id": subject,
            "original": samples.prediction[0][place],
            "positive": None
            if np.isnan(positive[0][place])
            else int(positive[0][place]),
            "changed": share[place],
        }


def _means(values: np.ndarray) -> np.ndarray:
    """Mean of the known values of each row; NaN without one."""
    known = np.isfinite(values)
    n = known.sum(axis=1)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.asarray(
        np.divide(total, n, out=np.full(len(values), np.nan), where=n > 0)
    )

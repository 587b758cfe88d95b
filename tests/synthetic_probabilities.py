"""Small tables of calibration and squared error, of a synthetic study or simulated."""

import functools

import numpy as np
import pandas as pd

from concord import tables
from concord.evaluation.probabilities.calibration_table import calibration
from concord.evaluation.probabilities.curves import calibration_curves, histograms
from concord.evaluation.probabilities.judged import parts
from concord.evaluation.probabilities.overall import overall
from concord.evaluation.probabilities.pooled import pooled_calibration

KINDS = ("calibration", "calibration_curve", "calibration_histogram")
_CONFIDENCE = 0.95


def risks(predictions: pd.DataFrame, days: tuple[float, ...]) -> pd.DataFrame:
    """Risks at some days, of exponential times whose log hazard is the score."""
    keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    found = [
        predictions[keys].assign(
            horizon_days=day, risk=-np.expm1(-day / 900 * np.exp(predictions["score"]))
        )
        for day in days
    ]
    return pd.concat(found) if found else tables.read_all([], "risks")


def tables_of(
    predictions: pd.DataFrame, days: tuple[float, ...] = (), reference: str = "clinical"
) -> dict[str, pd.DataFrame]:
    """All tables of rule calibrate, by kind; of times where days are given."""
    has_times = bool(predictions["time_days"].notna().any())
    found = list(parts(predictions, risks(predictions, days), has_times))
    table = calibration(found, _CONFIDENCE)
    return {
        "calibration": table,
        "calibration_curve": calibration_curves(found, _CONFIDENCE),
        "calibration_histogram": histograms(found),
        "overall": overall(found, reference, _CONFIDENCE),
        "pooled_calibration": pooled_calibration(table, _CONFIDENCE),
    }


def simulated(
    n: int = 400,
    shift: float = 0.0,
    steepness: float = 1.0,
    seed: int = 1,
    sites: tuple[str, ...] = ("A", "B", "C"),
    odd_site: float = 0.0,
    repeats: int = 1,
    folds: int = 5,
) -> pd.DataFrame:
    """Predictions of a binary outcome with a known truth, of arm "known".

    Predicted log odds are `steepness` times the true ones plus `shift`; in the last
    site `odd_site` is added to the true ones alone.
    """
    generator = np.random.default_rng(seed)
    site = np.array(sites)[np.arange(n) % len(sites)]
    score = generator.normal(-0.3, 1.0, n)
    truth = score + np.where(site == sites[-1], odd_site, 0.0)
    event = (generator.random(n) < 1 / (1 + np.exp(-truth))).astype(int)
    predicted = steepness * score + shift
    one = pd.DataFrame(
        {
            "endpoint": "response",
            "arm": "known",
            "scheme": "cv",
            "subject_id": [f"S{place:05d}" for place in range(n)],
            "group": site,
            "event": event,
            "time_days": np.nan,
            "score": predicted,
            "probability": 1 / (1 + np.exp(-predicted)),
        }
    )
    one["cluster"] = one["subject_id"]
    parts_ = [
        one.assign(
            repeat=repeat, fold=(generator.permutation(n) % folds + 1).astype(str)
        )
        for repeat in range(1, repeats + 1)
    ]
    return pd.concat(parts_, ignore_index=True)


@functools.cache
def of_study(endpoint: str, days: tuple[float, ...] = (), leave_out: bool = True):
    """All tables of an endpoint of the synthetic study."""
    from .synthetic_results import QUALITY, predictions

    rows = [predictions(endpoint, arm, leave_out) for arm in QUALITY]
    return tables_of(pd.concat(rows, ignore_index=True), days)

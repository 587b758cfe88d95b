"""Calibration of probabilities: in the large, slope and distances of the curve."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from ...statistics.calibration.distances import Distances, expected_ici
from ...statistics.calibration.lowess import Lowess
from ...statistics.calibration.regression import (
    Coefficient,
    calibration_in_the_large,
    calibration_slope,
)
from ...statistics.calibration.spiegelhalter import spiegelhalter_z
from ...statistics.multiple_tests import holm
from ...tables.kinds import KINDS
from . import reasons
from .averages import METHOD, Average, Repeats
from .judged import Judged, Part, judged

SMOOTHERS = {
    True: "lowess of events, span 2/3",
    False: "lowess of pseudo-observations, span 2/3",
}
_GROUP = "group="


def calibration(parts: Sequence[Part], confidence: float) -> pd.DataFrame:
    """Calibration of each arm, scheme, horizon and stratum, as kind "calibration".

    Parameters
    ----------
    parts : sequence of Part
        From `judged.parts`.
    confidence : float
        Level of the intervals.
    """
    rows = [row for part in parts for row in _of_part(part, confidence)]
    return pd.DataFrame(rows, columns=list(KINDS["calibration"]))


def _of_part(part: Part, confidence: float) -> list[dict[str, Any]]:
    """One row per stratum, groups with their p-values adjusted for each other."""
    rows = [
        part.head
        | {"stratum": name}
        | _of_stratum(part, judged(table, part.horizon), confidence)
        for name, table in part.strata()
    ]
    groups = [row for row in rows if row["stratum"].startswith(_GROUP)]
    p_values = [row.get("intercept_p_value", np.nan) for row in groups]
    for row, adjusted in zip(groups, holm(p_values), strict=True):
        row["intercept_p_holm"] = adjusted
    return rows


def _of_stratum(part: Part, samples: list[Judged], confidence: float) -> dict[str, Any]:
    """Counts, estimates with intervals, and reasons of what is not defined."""
    found: dict[str, Any] = {**reasons.counts(samples), "method": METHOD}
    found["smoother"] = SMOOTHERS[bool(np.isnan(part.horizon))]
    why = reasons.why_undefined(samples)
    if why is not None:
        return found | {"reason": why}
    repeats = Repeats(samples)
    found["mean_prediction"] = _mean(
        [float(np.average(one.predicted, weights=one.weight)) for one in samples]
    )
    found["observed"] = _mean([one.observed for one in samples])
    why = reasons.why_few(samples, reasons.LEAST_OF_LINES, "an interval")
    if why is not None:
        return found | {"reason": why}
    found |= _ratio(repeats, confidence)
    told = list(_lines(part, repeats, confidence, found))
    told += list(_distances(repeats, found))
    return found | {"reason": "; ".join(told) or None}


def _ratio(repeats: Repeats, confidence: float) -> dict[str, float]:
    """Observed over expected events, with errors on the log scale."""
    values, influences = [], []
    for one in repeats.samples:
        expected = float(np.average(one.predicted, weights=one.weight))
        n, ratio = len(one.predicted), one.observed / expected
        outcome = one.outcome - (0.0 if one.is_binary else _shift(one))
        away = one.weight * (outcome - ratio * one.predicted) / (n * one.observed)
        values.append(np.log(ratio))
        influences.append(away)
    log = repeats.average(values, influences)
    lower, upper = log.bounds(confidence)
    return {
        "observed_expected": float(np.exp(log.estimate)),
        "oe_log_standard_error": log.standard_error,
        "oe_lower": float(np.exp(lower)),
        "oe_upper": float(np.exp(upper)),
    }


def _shift(one: Judged) -> float:
    """Difference of the mean of pseudo-observations from the estimate itself."""
    return float(one.outcome.mean() - one.observed)


def _lines(
    part: Part, repeats: Repeats, confidence: float, found: dict[str, Any]
) -> Iterator[str]:
    """Intercept and slope into `found`; reasons where they are not defined."""
    large, slopes = [], []
    for one in repeats.samples:
        args = one.outcome, one.linear, one.weight, part.link
        large.append(calibration_in_the_large(*args))
        slopes.append(calibration_slope(*args, one.centre))
    intercept = _averaged(repeats, large)
    found |= _named("intercept", intercept, confidence)
    error = np.hypot(intercept.standard_error, _development_error(part, repeats))
    ratio = abs(intercept.estimate) / error if error > 0 else np.nan
    found["intercept_p_value"] = _two_sided(ratio, intercept.degrees)
    if np.isnan(intercept.estimate):
        yield reasons.SEPARATED.format(what="intercept")
    slope = _averaged(repeats, slopes)
    found |= _named("slope", slope, confidence)
    if np.isnan(slope.estimate):
        spread = max(np.ptp(one.linear - one.centre) for one in repeats.samples)
        equal = spread < 1e-9
        yield reasons.EQUAL if equal else reasons.SEPARATED.format(what="slope")


def _averaged(repeats: Repeats, found: Sequence[Coefficient]) -> Average:
    return repeats.average(
        [one.estimate for one in found], [one.influence for one in found]
    )


def _named(name: str, average: Average, confidence: float) -> dict[str, float]:
    lower, upper = average.bounds(confidence)
    return {
        name: average.estimate,
        f"{name}_standard_error": average.standard_error,
        f"{name}_lower": lower,
        f"{name}_upper": upper,
    }


def _two_sided(ratio: float, degrees: float) -> float:
    if np.isinf(degrees):
        return float(2 * special.ndtr(-ratio))
    return float(2 * special.stdtr(degrees, -ratio))


def _development_error(part: Part, repeats: Repeats) -> float:
    """Error of the intercepts of the models that predict some subjects; 0 if unknown.

    Sites that are alike would else be called different because models are fitted to
    few.
    """
    places = np.concatenate([one.rows.index for one in repeats.samples])
    variance = part.development_variance.loc[places].to_numpy(dtype=float)
    known = variance[np.isfinite(variance)]
    return float(np.sqrt(known.mean())) if len(known) else 0.0


def _distances(repeats: Repeats, found: dict[str, Any]) -> Iterator[str]:
    """Distances of the flexible curve into `found`, or why there is none."""
    why = reasons.why_few(repeats.samples, reasons.LEAST_OF_CURVES, "a curve")
    if why is not None:
        yield why
        return
    each = []
    for place, one in enumerate(repeats.samples):
        smoother = Lowess.of(one.predicted, one.weight)
        each.append(Distances.of(smoother, one.outcome, one.predicted))
        if place == 0:
            found["ici_expected"] = expected_ici(
                smoother, one.outcome, one.predicted, repeats.clusters(place)
            )
    for name in ("ici", "e50", "e90", "emax"):
        found[name] = _mean([getattr(one, name) for one in each])
    first = repeats.samples[0]
    if first.is_binary and "weight" not in first.rows:
        z = [spiegelhalter_z(one.outcome, one.predicted) for one in repeats.samples]
        found["spiegelhalter_z"] = _mean(z)
        found["spiegelhalter_p_value"] = _two_sided(abs(_mean(z)), np.inf)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))

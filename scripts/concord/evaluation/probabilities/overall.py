"""Overall performance of probabilities: Brier score, scaled and over time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from ...statistics.survival.brier import integrated
from ...tables.kinds import KINDS
from . import reasons
from .averages import METHOD, Average, Repeats
from .judged import Judged, Part, judged

BRIER, SCALED, INTEGRATED = "brier", "scaled_brier", "integrated_brier"
#: Horizons below which no integral over time is told.
LEAST_HORIZONS = 3
NULL = "null model: the observed share of the evaluation subjects for everybody"
OVER_TIME = (
    "mean over time from 0, where it is 0, to the last horizon, straight between the "
    "horizons"
)
TOO_FEW = "too few subjects that both arms have scored"
_PAIR = ["repeat", "subject_id"]
_METRICS = (BRIER, SCALED)
#: Score and influences of the subjects, of one repeat.
Value = tuple[float, np.ndarray]
#: Value of predictions for some subjects.
Metric = Callable[[Judged, np.ndarray], Value]


def overall(
    parts: Sequence[Part], reference_arm: str, confidence: float
) -> pd.DataFrame:
    """Squared errors of each arm with the difference to another, as kind "overall".

    Parameters
    ----------
    parts : sequence of Part
        From `judged.parts`.
    reference_arm : str
        Arm that the others are compared with, by subjects that both have scored.
    confidence : float
        Level of the intervals.
    """
    references = {
        (part.scheme, part.horizon): part for part in parts if part.arm == reference_arm
    }
    rows: list[dict[str, Any]] = []
    for part in parts:
        other = _reference(part, references, reference_arm)
        rows += _of_part(part, other, confidence)
    for arm_parts in _by_arm(parts):
        rows += _over_time(arm_parts, references, reference_arm, confidence)
    table = pd.DataFrame(rows, columns=list(KINDS["overall"]))
    return table.assign(reference_arm=reference_arm)


def _reference(
    part: Part, references: dict[tuple[str, float], Part], name: str
) -> Part | None:
    """The same part of the reference arm; None for that arm itself."""
    if part.arm == name:
        return None
    for (scheme, horizon), other in references.items():
        same = horizon == part.horizon or np.isnan([horizon, part.horizon]).all()
        if scheme == part.scheme and same:
            return other
    return None


def _of_part(
    part: Part, other: Part | None, confidence: float
) -> Iterator[dict[str, Any]]:
    """One row per stratum and metric."""
    for name, rows in _beside(part, other).strata():
        samples = judged(rows, part.horizon)
        base = part.head | {"stratum": name, "method": f"{METHOD}; {NULL}"}
        base |= reasons.counts(samples)
        why = _why(samples)
        if why is not None:
            yield from (base | {"metric": name, "reason": why} for name in _METRICS)
            continue
        repeats, common = Repeats(samples), samples
        if other is not None and rows["theirs"].isna().any():
            common = judged(rows[rows["theirs"].notna()], part.horizon)
        for metric in _METRICS:
            row = base | {"metric": metric} | _estimated(repeats, metric, confidence)
            if other is not None:
                row |= _difference(common, metric, confidence)
            yield row


def _beside(part: Part, other: Part | None) -> Part:
    """The part with the predictions of another in a column `theirs`."""
    if other is None:
        return part
    theirs = other.rows[[*_PAIR, "predicted"]].rename(columns={"predicted": "theirs"})
    return replace(part, rows=part.rows.merge(theirs, on=_PAIR, how="left"))


def _why(samples: list[Judged]) -> str | None:
    """Reason why there is no score, or None."""
    few = reasons.why_undefined(samples)
    return few or reasons.why_few(samples, 1, "a score")


def _estimated(repeats: Repeats, metric: str, confidence: float) -> dict[str, Any]:
    """Estimate with interval, and the value of the null model."""
    found = [_VALUES[metric](one, one.predicted) for one in repeats.samples]
    value = repeats.average(*zip(*found, strict=True))
    null = np.mean([_null(one)[0] for one in repeats.samples])
    return _named("", value, confidence) | {"null_brier": float(null)}


def _difference(common: list[Judged], metric: str, confidence: float) -> dict[str, Any]:
    """Arm less reference arm, of subjects that both have scored."""
    if _why(common) is not None:
        return {"difference_reason": TOO_FEW}
    found = []
    for one in common:
        own = _VALUES[metric](one, one.predicted)
        against = _VALUES[metric](one, one.rows["theirs"].to_numpy(dtype=float))
        found.append((own[0] - against[0], own[1] - against[1]))
    value = Repeats(common).average(*zip(*found, strict=True))
    return _named("difference", value, confidence)


def _named(name: str, value: Average, confidence: float) -> dict[str, float]:
    lower, upper = value.bounds(confidence)
    start = f"{name}_" if name else ""
    return {
        name or "estimate": value.estimate,
        f"{start}standard_error": value.standard_error,
        f"{start}lower": lower,
        f"{start}upper": upper,
    }


def _brier(one: Judged, risk: np.ndarray) -> Value:
    return one.brier(risk)


def _null(one: Judged) -> Value:
    """Brier score of the observed share as the prediction of everybody."""
    return one.brier(np.full(len(one.predicted), one.observed))


def _scaled(one: Judged, risk: np.ndarray) -> Value:
    """Share of the null model's Brier score that the predictions save [1]_.

    References
    ----------
    .. [1] Kattan, M. W. and Gerds, T. A. (2018). "The index of prediction accuracy: an
           intuitive measure useful for evaluating risk prediction models". Diagnostic
           and Prognostic Research, 2, 7. https://doi.org/10.1186/s41512-018-0029-2
    """
    (value, influence), (null, of_null) = one.brier(risk), _null(one)
    moved = -influence / null + value / null**2 * of_null
    return 1 - value / null, np.asarray(moved)


_VALUES: dict[str, Metric] = {BRIER: _brier, SCALED: _scaled}


def _by_arm(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Parts of one arm and scheme each, if they have enough horizons, by horizon."""
    names = dict.fromkeys((part.arm, part.scheme) for part in parts)
    for name in names:
        mine = [part for part in parts if (part.arm, part.scheme) == name]
        if len(mine) >= LEAST_HORIZONS:
            yield sorted(mine, key=lambda part: part.horizon)


def _over_time(
    mine: list[Part],
    references: dict[tuple[str, float], Part],
    reference_arm: str,
    confidence: float,
) -> Iterator[dict[str, Any]]:
    """Row of the integrated Brier score of one arm and scheme."""
    samples = [judged(part.rows, part.horizon) for part in mine]
    head = mine[-1].head | {"stratum": "all", "metric": INTEGRATED}
    head |= reasons.counts(samples[-1]) | {"method": f"{METHOD}; {OVER_TIME}"}
    why = reasons.why_undefined(samples[-1])
    if why is not None or not all(samples):
        yield head | {"reason": why or reasons.NO_PROBABILITY}
        return
    row = head | _named("", _integral(samples, "predicted"), confidence)
    others = [_reference(part, references, reference_arm) for part in mine]
    if all(other is not None for other in others):
        row |= _integral_difference(mine, others, confidence)
    yield row


def _integral_difference(
    mine: list[Part], others: Sequence[Part | None], confidence: float
) -> dict[str, Any]:
    """Integrated score of the arm less that of the reference arm."""
    common = []
    for part, other in zip(mine, others, strict=True):
        rows = _beside(part, other).rows
        common.append(judged(rows[rows["theirs"].notna()], part.horizon))
    if not all(common):
        return {"difference_reason": TOO_FEW}
    found = _integral(common, "predicted", "theirs")
    return _named("difference", found, confidence)


def _integral(
    samples: Sequence[list[Judged]], column: str, minus: str | None = None
) -> Average:
    """Mean over time, of samples by horizon and repeat."""
    days = np.array([own[0].horizon for own in samples])
    found = []
    for ones in zip(*samples, strict=True):
        scores = [_brier_of(one, column, minus) for one in ones]
        values = np.array([value for value, _ in scores])
        moved = np.stack([influence for _, influence in scores], axis=-1)
        found.append((float(integrated(days, values)), integrated(days, moved)))
    return Repeats(samples[-1]).average(*zip(*found, strict=True))


def _brier_of(one: Judged, column: str, minus: str | None) -> Value:
    value, moved = one.brier(one.rows[column].to_numpy(dtype=float))
    if minus is None:
        return value, moved
    other, theirs = one.brier(one.rows[minus].to_numpy(dtype=float))
    return value - other, moved - theirs

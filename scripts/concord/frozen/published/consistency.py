"""Faults of a published equation that no term has alone."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from .sections import PublishedModel


def section_faults(section: PublishedModel) -> list[tuple[str, str]]:
    """Faults between outcome, baseline and cuts, as (key, message)."""
    return [
        *_ascending("cuts", section.cuts),
        *_baseline_faults(section),
        *_outcome_faults(section),
        *_day_faults(section),
        *_hazard_faults(section),
    ]


def _ascending(key: str, values: Sequence[float]) -> Iterator[tuple[str, str]]:
    if any(low >= high for low, high in pairwise(values)):
        yield key, f"are {list(values)}, expected ascending"


#: Keys of the baseline that have a meaning, by the kind of the outcome.
_ALLOWED = {
    "diagnostic": {"intercept"},
    "prognostic": {"survival", "cumulative_hazard"},
    "competing": {"cumulative_hazard", "competing_hazard"},
}


def _baseline_faults(section: PublishedModel) -> Iterator[tuple[str, str]]:
    """Parts of the baseline that the kind of outcome has no use for, or lacks."""
    kind, baseline = section.outcome.kind, section.baseline
    given = {
        "intercept": baseline.intercept is not None,
        "survival": bool(baseline.survival),
        "cumulative_hazard": bool(baseline.cumulative_hazard),
        "competing_hazard": bool(baseline.competing_hazard),
    }
    for key, is_given in given.items():
        if is_given and key not in _ALLOWED[kind]:
            yield (
                f"baseline.{key}",
                f"has no meaning for a {kind} outcome; leave it out",
            )
    if baseline.survival and baseline.cumulative_hazard:
        yield "baseline", "has survival and cumulative_hazard; give one of them"
    if kind == "competing" and given["cumulative_hazard"] != given["competing_hazard"]:
        yield "baseline", "needs cumulative_hazard and competing_hazard, or neither"


def _outcome_faults(section: PublishedModel) -> Iterator[tuple[str, str]]:
    """Keys of outcome and thresholds that its kind lacks, or cannot have."""
    kind = section.outcome.kind
    if kind == "competing" and not section.outcome.causes:
        yield "outcome.causes", "is empty; a competing outcome has causes by code"
    if kind == "diagnostic":
        return
    if section.thresholds:
        yield "thresholds", f"have no meaning for a {kind} outcome; use cuts"
    if section.outcome.horizon_days is not None:
        yield "outcome.horizon_days", "is for a diagnostic outcome; use at_days"


def _day_faults(section: PublishedModel) -> Iterator[tuple[str, str]]:
    """Days whose risk is asked for and not published."""
    days, baseline = section.outcome.at_days, section.baseline
    yield from _ascending("outcome.at_days", days)
    if section.outcome.kind == "diagnostic" and days:
        yield "outcome.at_days", "are for outcomes with times; leave them out"
    unknown = [
        day for day in days if baseline.survival and day not in baseline.survival
    ]
    if unknown:
        yield (
            "outcome.at_days",
            f"are {days}, but baseline.survival is known at "
            f"{sorted(baseline.survival)} "
            "alone; expected those days",
        )
    last = max(baseline.cumulative_hazard, default=None)
    if last is not None and any(day > last for day in days):
        yield (
            "outcome.at_days",
            f"are {days}, beyond the last day of baseline.cumulative_hazard, {last:g}",
        )


def _hazard_faults(section: PublishedModel) -> Iterator[tuple[str, str]]:
    baseline = section.baseline
    survival = [baseline.survival[day] for day in sorted(baseline.survival)]
    if any(low < high for low, high in pairwise(survival)):
        yield "baseline.survival", f"is {survival} by days, expected never rising"
    for key in ("cumulative_hazard", "competing_hazard"):
        table = getattr(baseline, key)
        values = [0.0, *(table[day] for day in sorted(table))]
        if any(low > high for low, high in pairwise(values)):
            yield f"baseline.{key}", f"is {values[1:]} by days, expected never falling"

"""Reasons why a value of calibration or squared error is not defined."""

from collections.abc import Sequence

from .judged import Judged

#: Fewer events, or subjects known to have had none, have no interval and no curve.
LEAST_OF_LINES, LEAST_OF_CURVES = 5, 10
NO_PROBABILITY = "no subject has a probability and a known outcome"
EQUAL = "no slope: the predictions of each model are equal"
SEPARATED = "no {what}: no finite estimate"


def counts(samples: Sequence[Judged]) -> dict[str, int]:
    """Subjects and events of the first repeat, which all repeats share."""
    if not samples:
        return {"n": 0, "n_events": 0}
    return {"n": len(samples[0].rows), "n_events": int(samples[0].happened.sum())}


def why_undefined(samples: Sequence[Judged]) -> str | None:
    """Reason why nothing can be said, or None."""
    if not samples:
        return NO_PROBABILITY
    if not all(one.is_reached for one in samples):
        return f"the follow-up ends before {samples[0].horizon:g} days"
    return None


def why_few(samples: Sequence[Judged], least: int, what: str) -> str | None:
    """Reason if there are too few events, or too few subjects without, for it."""
    events = min(int(one.happened.sum()) for one in samples)
    free = min(int(one.is_free.sum()) for one in samples)
    if min(events, free) >= least:
        return None
    return f"{events} events and {free} without, expected {least} of each for {what}"

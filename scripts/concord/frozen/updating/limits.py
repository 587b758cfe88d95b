"""Reasons why an update is not made."""

from collections.abc import Iterator, Sequence

import numpy as np

from ...models.fitted_model import FittedModel
from ..applying.settings import SmallestUpdate
from . import hazards, kinds
from .subjects import Subjects


def too_few(subjects: Subjects, smallest: SmallestUpdate) -> str | None:
    """Reason if there are too few subjects for any update."""
    if len(subjects) >= smallest.subjects:
        return None
    return (
        f"{len(subjects)} subjects with a score and a known outcome, expected "
        f"{smallest.subjects} (model.smallest_update.subjects)"
    )


def too_small(update: str, subjects: Subjects, smallest: SmallestUpdate) -> str | None:
    """Reason if there are too few subjects or events for what an update learns."""
    few = too_few(subjects, smallest)
    if few is not None:
        return few
    needed = smallest.events * kinds.parameters(subjects.kind.name)[update]
    if subjects.n_informing < needed:
        rarer = "" if subjects.kind.has_times else " or subjects without one"
        return (
            f"{subjects.n_informing} events{rarer}, expected {needed} for "
            f"{update} ({smallest.events} for each number that it learns: "
            "model.smallest_update.events)"
        )
    return None


def why_not(
    update: str,
    subjects: Subjects,
    model: FittedModel,
    smallest: SmallestUpdate,
    days: Sequence[float],
) -> str | None:
    """Reason why an update is not made of these subjects, or None.

    Parameters
    ----------
    update : str
    subjects : Subjects
    model : FittedModel
        The model that would be updated.
    smallest : SmallestUpdate
    days : sequence of float
        Days at which the risk of the model is told.
    """
    few = too_small(update, subjects, smallest)
    told = [few] if few else list(_others(update, subjects, model, smallest, days))
    return told[0] if told else None


def _others(
    update: str,
    subjects: Subjects,
    model: FittedModel,
    smallest: SmallestUpdate,
    days: Sequence[float],
) -> Iterator[str]:
    """Reasons that do not lie in the numbers of all subjects and events."""
    if not np.ptp(subjects.score) > 0 and kinds.learns_slope(update):
        yield "all scores are equal: there is no slope"
    if kinds.learns_baseline(update):
        yield from _of_baseline(subjects, smallest, days)
    elif subjects.kind.has_times and not hazards.has_hazard(model.baseline):
        yield "the model has no baseline hazard that could be scaled"


def _of_baseline(
    subjects: Subjects, smallest: SmallestUpdate, days: Sequence[float]
) -> Iterator[str]:
    end, last = float(subjects.time.max()), max(days, default=0.0)
    if end < last:
        yield (
            f"the follow-up here ends after {end:g} days and the risk is told at "
            f"{last:g}: a baseline hazard that is estimated here ends before that"
        )
    strata = subjects.rows.get("stratum")
    if strata is not None:
        counts = subjects.rows.groupby(strata)["event"].sum()
        for name, n_events in counts[counts < smallest.events].items():
            yield (
                f"{int(n_events)} events in stratum {name!r}, expected "
                f"{smallest.events} for a baseline hazard of its own"
            )

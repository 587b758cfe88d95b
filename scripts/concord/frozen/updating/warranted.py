"""Closed test of the update that the subjects at a hospital warrant."""

from collections.abc import Mapping

import numpy as np

from ...models.fitted_model import FittedModel
from ...seeds import generator
from ...statistics.updating.closed_test import Draw, Tested, chosen, closed_test
from ...statistics.updating.event_trials import event_draws
from ...statistics.updating.hazard_trials import FollowUp
from ...statistics.updating.regression import Trials
from ..applying.settings import SmallestUpdate
from . import hazards, kinds, learning, limits
from .subjects import Subjects

#: Drawn outcomes, or random signs, behind a p-value.
N_DRAWS = 999
NO_HAZARD = "no test: the model has no baseline hazard, so that it expects no events"
EQUAL = "no test: all scores are equal"
WEIGHTED = "; weights for censoring taken as they are"


def testable(subjects: Subjects, smallest: SmallestUpdate) -> list[str]:
    """Updates that there are enough subjects and events for, the smallest first."""
    names = kinds.ladder(subjects.kind.name)
    return [
        name
        for name in names
        if name == kinds.NONE or limits.too_small(name, subjects, smallest) is None
    ]


def why_untested(
    subjects: Subjects, model: FittedModel, smallest: SmallestUpdate
) -> str | None:
    """Reason why there is no test, or None."""
    names = kinds.ladder(subjects.kind.name)
    if len(testable(subjects, smallest)) < 2:
        few = limits.too_small(names[1], subjects, smallest)
        return f"no test: {few}"
    if subjects.kind.has_times and not hazards.has_hazard(model.baseline):
        return NO_HAZARD
    return None if np.ptp(subjects.score) > 0 else EQUAL


def tests(
    subjects: Subjects,
    model: FittedModel,
    smallest: SmallestUpdate,
    seed: int,
    *names: str,
) -> dict[str, Tested]:
    """Test of each update but the largest against that one, by its name.

    Of updates that there are enough events for. Full revision, a new coefficient for
    each predictor, is development of another model and not on the ladder.

    Parameters
    ----------
    subjects : Subjects
    model : FittedModel
        The model as it is.
    smallest : SmallestUpdate
    seed : int
    *names : str
        What the random numbers are for, such as endpoint and arm.
    """
    updates = testable(subjects, smallest)
    sizes = [kinds.parameters(subjects.kind.name)[one] for one in updates]
    trials, draw = _trials(subjects, model)
    plain = not (subjects.is_clustered or subjects.is_weighted)
    random = generator(seed, "update_model", *names)
    found = closed_test(trials, sizes, draw if plain else None, N_DRAWS, random)
    return dict(zip(updates, found, strict=False))


def warranted(found: Mapping[str, Tested], updates: list[str], level: float) -> str:
    """Update that a closed test at a level comes to."""
    return updates[chosen([one.p_value for one in found.values()], level)]


def _trials(subjects: Subjects, model: FittedModel) -> tuple[Trials, Draw]:
    if not subjects.kind.has_times:
        trials = learning.trials_of_events(subjects)
        return trials, event_draws(trials)
    level = hazards.levels(model.baseline, subjects)
    followed = FollowUp(subjects.event, level, subjects.score, subjects.unit)
    return followed.trials(), followed.draws()

"""Closed test of the update that the subjects at a hospital warrant."""

from collections.abc import Mapping

import numpy as np
from scipy import special

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
NOT_TESTED = "not tested: the model expects too few events"
NO_HAZARD = "no test: the model has no baseline hazard, so that it expects no events"
NO_PROBABILITY = "no test: the score of the model stands for no probability"
EQUAL = "no test: all scores are equal"
WEIGHTED = "; weights for censoring taken as they are"


def testable(
    subjects: Subjects, model: FittedModel, smallest: SmallestUpdate
) -> list[str]:
    """Updates on the ladder of the test, the smallest first.

    Those that the model expects enough events for. A ladder that the observed events
    decided would be another one just where they depart from the expected, and the
    test would reject right models too often. Where too few are expected for any update
    but enough are observed, the smallest is tested.
    """
    if len(subjects) < smallest.subjects:
        return [kinds.NONE]
    expected = expected_events(subjects, model)
    sizes = kinds.parameters(subjects.kind.name)
    names = [one for one, k in sizes.items() if expected >= k * smallest.events]
    if len(names) == 1 and subjects.n_informing >= smallest.events:
        names.append(kinds.IN_THE_LARGE)
    return names


def expected_events(subjects: Subjects, model: FittedModel) -> float:
    """Events by the model as it is, of a binary outcome the rarer of the two."""
    if subjects.kind.has_times:
        level = hazards.levels(model.baseline, subjects)
        return float(level @ np.exp(subjects.score))
    expected = float(special.expit(subjects.score).sum())
    return min(expected, len(subjects) - expected)


def why_untested(
    subjects: Subjects, model: FittedModel, smallest: SmallestUpdate
) -> str | None:
    """Reason why there is no test, or None."""
    few = limits.too_few(subjects, smallest)
    if few is not None:
        return f"no test: {few}"
    if subjects.kind.has_times and not hazards.has_hazard(model.baseline):
        return NO_HAZARD
    if not subjects.has_risk:
        return NO_PROBABILITY
    if not np.ptp(subjects.score) > 0:
        return EQUAL
    if len(testable(subjects, model, smallest)) < 2:
        expected = expected_events(subjects, model)
        return (
            f"no test: the model expects {expected:.1f} events and "
            f"{subjects.n_informing} are observed, expected {smallest.events} "
            "(model.smallest_update.events)"
        )
    return None


def tests(
    subjects: Subjects,
    model: FittedModel,
    smallest: SmallestUpdate,
    seed: int,
    *names: str,
) -> dict[str, Tested]:
    """Test of each update but the largest against that one, by its name.

    Of updates that are `testable`. Full revision, a new coefficient for
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
    updates = testable(subjects, model, smallest)
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

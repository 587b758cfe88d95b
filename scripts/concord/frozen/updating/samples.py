"""Samples of an updated model: each with an update that is drawn for it.

A sample is a model that was fitted to a bootstrap sample of development. Its update is
learnt from a bootstrap sample of the subjects here, so that the interval of a score
holds both: how unstable the model is, and how uncertain the update. The drawn updates
are learnt from the scores of the parent, since those of its samples are not known of
these subjects.
"""

import numpy as np

from ...errors import StudyError
from ...models.fitted_model import Baseline
from ...seeds import generator
from ...statistics import targets
from ..document import FrozenModel, Sample
from . import hazards, kinds
from .learning import Learner, Learnt, recalibrated_estimates
from .subjects import Subjects

_MOST_TRIES = 50


def updated_samples(
    parent: FrozenModel, learner: Learner, update: str, subjects: Subjects, seed: int
) -> list[Sample]:
    """Samples of the parent, each with its drawn update.

    Parameters
    ----------
    parent : FrozenModel
    learner : Learner
        Of the parent.
    update : str
    subjects : Subjects
        Whole clusters of them are drawn.
    seed : int

    Raises
    ------
    StudyError
        If hardly any bootstrap sample allows the update.
    """
    random = generator(seed, "update_samples", parent.hash, update)
    return [
        _updated(parent, sample, _drawn(learner, update, subjects, random))
        for sample in parent.samples
    ]


def _drawn(
    learner: Learner, update: str, subjects: Subjects, random: np.random.Generator
) -> Learnt:
    """Update of one bootstrap sample; another is drawn if it allows none."""
    for _ in range(_MOST_TRIES):
        some = subjects.drawn(random)
        if not _has_all(some, learner):
            continue
        try:
            return learner.fit(update, some)
        except StudyError:
            continue
    raise StudyError(
        f"{_MOST_TRIES} bootstrap samples of {len(subjects)} subjects allow no "
        f"{update}: the intervals of the updated model cannot be made"
    )


def _has_all(some: Subjects, learner: Learner) -> bool:
    """True if a sample has both outcomes or, of every stratum, an event."""
    if not some.kind.has_times:
        return 0 < some.n_events < len(some)
    baseline = learner.model.baseline
    strata = list(baseline.strata) if baseline else []
    events = some.rows[some.rows["event"] == 1]
    return len(events) > 0 and set(strata) <= set(events.get(targets.STRATUM, ()))


def _updated(parent: FrozenModel, sample: Sample, learnt: Learnt) -> Sample:
    own = parent.model.model_copy(update={"estimates": sample.estimates})
    estimates = recalibrated_estimates(own, learnt.line)
    return Sample(estimates=estimates, baseline=_baseline(parent, sample, learnt))


def _baseline(parent: FrozenModel, sample: Sample, learnt: Learnt) -> Baseline | None:
    """Baseline of a sample: its own on the line or scaled, or the one that was drawn.

    One that was drawn belongs to the scores of the parent; it is moved by the
    difference of the mean scores in development, so that the hazard of a mean score
    is the same by both.
    """
    own = None
    if sample.baseline is not None:
        own = Baseline.model_validate(sample.baseline)
    if kinds.learns_baseline(learnt.update):
        means = parent.estimates.mean, sample.estimates.mean
        apart = 0.0
        if None not in means:
            apart = learnt.line.slope * (float(means[0] or 0) - float(means[1] or 0))
        drawn = learnt.baseline or Baseline()
        return hazards.scaled(drawn, float(np.exp(apart)), None)
    if own is None:
        return None
    if np.isfinite(learnt.factor):
        other = learnt.competing_factor
        return hazards.scaled(own, learnt.factor, other if np.isfinite(other) else None)
    if own.intercept is None:
        return own
    moved = float(learnt.line.of(own.intercept))
    return own.model_copy(update={"intercept": moved})

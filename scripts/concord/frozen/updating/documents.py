"""Documents of updated models, each of which names its parent by its hash."""

from collections.abc import Sequence

from ...models.recalibration import Recalibration
from ..development import ExpectedPerformance, ScoreDistribution
from ..document import FrozenModel, Sample
from ..equation.whole import with_equation
from ..inputs import Ancestor
from . import kinds
from .learning import Learnt
from .subjects import Subjects

#: Scheme of performance that was found where the model was updated.
CROSS_VALIDATED = "cross-validated update"
_NOT_VALIDATED = (
    "Found by repeated cross-validation of the update among the {n} subjects that it "
    "was learnt from; the updated model was validated nowhere else."
)
_TOLD = (
    "Updated by {words} with {n} subjects ({n_events} events) of {study}, from the "
    "model {hash}. The updated model was not validated elsewhere."
)
_OF_PARENT = "Of its parent {hash}, before the update."


def updated(
    parent: FrozenModel,
    learnt: Learnt,
    subjects: Subjects,
    study: str,
    found: Sequence[ExpectedPerformance],
    samples: Sequence[Sample],
) -> FrozenModel:
    """A new document of an update; the parent stays as it is.

    The score of a subject is intercept + slope times that of the parent. Inputs,
    specification, population and ranges for applicability are those of the parent,
    as its development did not change.

    Parameters
    ----------
    parent : FrozenModel
    learnt : Learnt
    subjects : Subjects
        Those that it was learnt from.
    study : str
        Name of the study that they belong to.
    found : sequence of ExpectedPerformance
        Of the updated model, see `expected_here`.
    samples : sequence of Sample
        Updated samples of the parent.
    """
    ancestor = _ancestor(parent, learnt, subjects, study)
    origin = parent.origin.model_copy(update={"source": "updated", "parent": ancestor})
    words = kinds.words(learnt.update, subjects.kind.name)
    told = _TOLD.format(
        words=words,
        n=ancestor.n,
        n_events=ancestor.n_events,
        study=study,
        hash=parent.hash[:12],
    )
    facts = parent.population.facts | {f"update {_depth(ancestor)}": told}
    changed = {
        "label": f"{parent.label} (updated: {learnt.update})",
        "origin": origin,
        "model": learnt.of(parent.model),
        "scores": recalibrated_scores(parent.scores, learnt.line),
        "expected": [*found, *_of_parent(parent)],
        "population": parent.population.model_copy(update={"facts": facts}),
        "samples": list(samples),
    }
    kept = set(type(parent).model_fields) - {"hash", "concord_version", "software"}
    document = FrozenModel.of(**{one: getattr(parent, one) for one in kept} | changed)
    return with_equation(document)


def recalibrated_scores(
    scores: ScoreDistribution, line: Recalibration
) -> ScoreDistribution:
    """Distribution of development scores on the line.

    The concordance that is expected of scores depends on their spread, and of log odds
    on their mean: it is not known of changed ones.
    """
    if (line.intercept, line.slope) == (0.0, 1.0):
        return scores
    return scores.model_copy(
        update={
            "mean": None if scores.mean is None else float(line.of(scores.mean)),
            "sd": None if scores.sd is None else line.slope * scores.sd,
            "percentiles": [float(line.of(one)) for one in scores.percentiles],
            "concordance_expected": None,
        }
    )


def note_of(n: int) -> str:
    """Note of performance that was found among the n subjects of an update."""
    return _NOT_VALIDATED.format(n=n)


def is_of_parent(one: ExpectedPerformance) -> bool:
    """True of performance that was expected of a model before it was updated."""
    return one.note.startswith(_OF_PARENT.partition("{")[0])


def _of_parent(parent: FrozenModel) -> list[ExpectedPerformance]:
    """Performance that was expected of the parent, under its name."""
    told = _OF_PARENT.format(hash=parent.hash[:12])
    return [
        one.model_copy(update={"note": f"{told} {one.note}".strip()})
        if not is_of_parent(one)
        else one
        for one in parent.expected
    ]


def _ancestor(
    parent: FrozenModel, learnt: Learnt, subjects: Subjects, study: str
) -> Ancestor:
    return Ancestor(
        hash=parent.hash,
        update=learnt.update,
        study=study,
        n=len(subjects),
        n_events=subjects.n_events,
        parent=parent.origin.parent,
    )


def _depth(ancestor: Ancestor) -> int:
    """Number of updates since the model was fitted."""
    return 1 if ancestor.parent is None else 1 + _depth(ancestor.parent)

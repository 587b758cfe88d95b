"""Pruned estimates: the columns that move the score, and nothing else.

What a prediction does not need is not asked of another hospital. Features that a
filter dropped, that were not selected or have a coefficient of zero leave every step;
steps that only filter leave the chain. Scores stay as they are but for the rounding of
sums. What counts as missing changes: `max_missing` is a share of the columns that are
left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import StudyError
from ...folds.splitting import SubjectRows
from ...models.fitted_model import Estimates, FittedModel, FusedEstimates
from ...models.pipeline import HARMONIZE, MODEL
from ...models.prediction import Predictor
from . import model_restrictions
from .harmonizer_restrictions import Harmonizing
from .restrictions import STEPS, Restriction

#: Largest difference between scores of a model and of its pruned form.
ACCEPTED_DIFFERENCE = 1e-12


def pruned(estimates: Estimates) -> Estimates:
    """Estimates with the columns that move the score; of a fused arm, by member."""
    if estimates.fusion is not None:
        return _of_fused(estimates, estimates.fusion)
    pipeline, columns = _Chain.of(estimates).pruned()
    return estimates.model_copy(
        update={
            "pipeline": pipeline,
            "columns": columns,
            "unmeasured": [n for n in estimates.unmeasured if n in columns],
        }
    )


def moving(estimates: Estimates) -> list[str]:
    """Columns whose values move the score, in the order of the columns.

    Without those that a harmonizer merely borrows from, and without batches and group.
    """
    if estimates.fusion is not None:
        members = estimates.fusion.members.values()
        names = {name for one in members for name in moving(one.estimates)}
    else:
        names = _Chain.of(estimates).moving()
    return [name for name in estimates.columns if name in names]


def pruned_model(model: FittedModel) -> FittedModel:
    """Fitted model with pruned estimates and the ranges of what moves the score."""
    found = model.required_estimates()
    names = set(moving(found))
    ranges = {name: one for name, one in model.ranges.items() if name in names}
    return model.model_copy(update={"estimates": pruned(found), "ranges": ranges})


def require_equal_scores(
    model: FittedModel, changed: FittedModel, rows: SubjectRows, seed: int
) -> None:
    """Raise StudyError unless both score the subjects alike.

    Compared is whoever both score when all that is missing is accepted.
    """
    known, new = (
        Predictor.rebuilt(_lenient(one.required_estimates())).scored(rows, seed)
        for one in (model, changed)
    )
    both = known["score"].notna() & new["score"].notna()
    gap = (known["score"] - new["score"])[both].abs().to_numpy(dtype=float)
    scale = np.maximum(1.0, known.loc[both, "score"].abs().to_numpy(dtype=float))
    worst = float((gap / scale).max()) if len(gap) else np.inf
    lost = int((known["score"].notna() & ~both).sum())
    if worst > ACCEPTED_DIFFERENCE:
        raise StudyError(
            f"freeze: {model.name.stem} without the columns that move no score differs "
            f"from the model by {worst:.3g}, accepted {ACCEPTED_DIFFERENCE:g} "
            f"({lost} development subjects have no score then). This is a fault of "
            "Concord: please report it, and freeze another arm."
        )


def _lenient(estimates: Estimates) -> Estimates:
    """Estimates that accept whatever is missing."""
    changed = estimates.model_copy(update={"max_missing": 1.0})
    if changed.fusion is None:
        return changed
    members = {
        name: one.model_copy(update={"estimates": _lenient(one.estimates)})
        for name, one in changed.fusion.members.items()
    }
    fusion = changed.fusion.model_copy(update={"members": members})
    return changed.model_copy(update={"fusion": fusion})


def _of_fused(estimates: Estimates, fusion: FusedEstimates) -> Estimates:
    members = {
        name: one.model_copy(update={"estimates": pruned(one.estimates)})
        for name, one in fusion.members.items()
    }
    left = {name for one in members.values() for name in one.estimates.columns}
    return estimates.model_copy(
        update={
            "columns": [name for name in estimates.columns if name in left],
            "unmeasured": [name for name in estimates.unmeasured if name in left],
            "fusion": fusion.model_copy(update={"members": members}),
        }
    )


@dataclass(frozen=True)
class _Chain:
    """Steps of a pipeline with the columns that each is given, and its model."""

    columns: list[str]
    steps: dict[str, Restriction]  # without the model, in order
    model: Mapping[str, Any]

    @classmethod
    def of(cls, estimates: Estimates) -> "_Chain":
        """Chain of estimates; StudyError for a step that nobody can restrict."""
        found = estimates.pipeline
        columns, steps = list(estimates.columns), {}
        for name in found["order"][:-1]:
            steps[name] = _restriction(name, found[name], columns)
            columns = steps[name].outputs()
        return cls(list(estimates.columns), steps, found[MODEL])

    def pruned(self) -> tuple[dict[str, Any], list[str]]:
        """Estimates of the pipeline, and the columns that it needs."""
        used = model_restrictions.used(self.model)
        wanted = set(model_restrictions.with_a_feature(used, self.model))
        parts: dict[str, Any] = {
            MODEL: model_restrictions.restricted(self.model, wanted)
        }
        for name, step in reversed(self.steps.items()):
            kept = step.needs(wanted)
            found = step.pruned(kept, wanted)
            if found is not None:
                parts[name] = found
            wanted = kept
        ordered = dict(reversed(parts.items()))
        columns = [name for name in self.columns if name in wanted]
        return {"order": list(ordered), **ordered}, columns

    def moving(self) -> set[str]:
        """Columns that move the score, without batches and group."""
        wanted = set(model_restrictions.used(self.model))
        for step in reversed(self.steps.values()):
            if isinstance(step, Harmonizing):
                wanted = step.moving(wanted)
            else:
                wanted = step.needs(wanted)
        return wanted - {"group"}


def _restriction(
    name: str, found: Mapping[str, Any], columns: list[str]
) -> Restriction:
    if name.startswith(HARMONIZE):
        return Harmonizing(found, columns)
    if found["kind"] not in STEPS:
        raise StudyError(
            f"freeze: the step {name} ({found['kind']}) has no restriction to the "
            f"columns that move the score; known are {list(STEPS)}. Add one to "
            "scripts/concord/frozen/freezing/restrictions.py."
        )
    return STEPS[found["kind"]](found, columns)

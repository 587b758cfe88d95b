"""Collapse of a fitted linear model to one equation in measured values.

Filters leave only columns; transforms stay functions of one value; batch effects and
scaling are affine, so that they merge with the coefficients. Nothing is rounded.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...errors import StudyError
from ...folds.subject_table import COVARIATE, NOT_FEATURES, feature_names
from ...harmonization.estimators.base import ADAPT
from ...models.fitted_model import Estimates, FusedEstimates
from ...models.pipeline import HARMONIZE, MODEL
from ...models.steps.imputation import MISSING, missing_name
from ...models.steps.published_functions import apply
from ...models.steps.published_transform import PublishedTransform
from ...statistics.outcome_kinds import OUTCOME_KINDS
from . import batches, coefficients
from .terms import Equation, Member, Required, Term, Transform

_GROUP = "group="
_SAME = Transform()


def collapsed(estimates: Estimates) -> Equation:
    """The equation of a linear model, or of a fused arm of linear members.

    Raises
    ------
    StudyError
        With the reason, if the score is no equation that can be written out.
    """
    if estimates.fusion is not None:
        return _on_its_line(_of_members(estimates, estimates.fusion), estimates)
    chain = _Chain.of(estimates)
    intercept, terms = chain.terms()
    found = Equation(
        intercept=intercept,
        terms=terms,
        batches=chain.batches([one.column for one in terms if one.kind == "feature"]),
        unseen=estimates.unseen,
        required=_required(estimates, chain.covariates),
        has_probability=_has_probability(estimates),
    )
    return _on_its_line(found, estimates)


def _on_its_line(equation: Equation, estimates: Estimates) -> Equation:
    """The equation with the line of updates, if there were some."""
    line = estimates.recalibration
    if line is None:
        return equation
    terms = [
        one.model_copy(update={"weight": line.slope * one.weight})
        for one in equation.terms
    ]
    members = {
        name: one.model_copy(update={"weight": line.slope * one.weight})
        for name, one in equation.members.items()
    }
    has_times = OUTCOME_KINDS[estimates.kind].has_times
    return equation.model_copy(
        update={
            "intercept": float(line.of(equation.intercept)),
            "terms": terms,
            "members": members,
            "has_probability": not has_times,
        }
    )


def equation_of(estimates: Estimates) -> Equation | None:
    """The equation, or None if there is none."""
    try:
        return collapsed(estimates)
    except StudyError:
        return None


def why_none(estimates: Estimates) -> str:
    """Reason why a model has no equation; empty if it has one."""
    try:
        collapsed(estimates)
    except StudyError as error:
        return str(error)
    return ""


@dataclass
class _Chain:
    """Steps of a pipeline, as far as an equation needs them."""

    found: Mapping[str, Any]
    columns: list[str]
    covariates: list[str] = field(default_factory=list)
    transforms: dict[str, Transform | None] = field(default_factory=dict)
    harmonizers: list[Mapping[str, Any]] = field(default_factory=list)
    filling: dict[str, float | None] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)
    scale: dict[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def of(cls, estimates: Estimates) -> "_Chain":
        found = estimates.pipeline
        chain = cls(found, list(estimates.columns))
        for name in found["order"][:-1]:
            chain._take(name, found[name])
        return chain

    def _take(self, name: str, step: Mapping[str, Any]) -> None:
        """Note what a step does; filters leave columns and nothing else."""
        if name.startswith(HARMONIZE):
            self.harmonizers += batches.single(step)
        elif step.get("kind") == PublishedTransform.__name__:
            self.transforms = _published(step["parameters"])
        elif name == "transform":
            self.transforms = _transforms(step)
        elif name == "indicators":
            self.covariates = list(step["parameters"]["covariates"])
        elif "kept" in step:
            self._fill(step)
        elif name == "standardize":
            scale = zip(step["mean"], step["sd"], strict=True)
            columns = [*self.filling, *self.gaps]
            self.scale = dict(zip(columns, scale, strict=True))

    def _fill(self, step: Mapping[str, Any]) -> None:
        values = step["median"] if "median" in step else step["filling"]
        known = [None if one is None or np.isnan(one) else one for one in values]
        self.filling = dict(zip(step["kept"], known, strict=True))
        self.gaps = {missing_name(name): name for name in step.get("gaps", [])}

    def terms(self) -> tuple[float, list[Term]]:
        """Intercept and terms other than 0, scaling merged into both."""
        intercept, weights = coefficients.of_model(self.found[MODEL])
        terms = []
        for name, weight in weights.items():
            mean, sd = self.scale.get(name, (0.0, 1.0))
            intercept -= weight * mean / sd
            if weight != 0 and self.transforms.get(name, _SAME) is not None:
                terms.append(self._term(name, weight / sd))
        return float(intercept), terms

    def _term(self, name: str, weight: float) -> Term:
        if name.endswith(MISSING) and name in self.gaps:
            own = self.gaps[name]
            return Term(column=own, kind="gap", weight=weight)
        if name.startswith(_GROUP):
            return Term(column=name, kind="group", weight=weight, filling=0.0)
        transform = self.transforms.get(name) or _SAME
        return Term(
            column=name,
            kind="covariate" if name.startswith(COVARIATE) else "feature",
            weight=weight,
            filling=_filled(self.filling.get(name), transform),
            transform=transform,
        )

    def batches(self, features: Sequence[str]) -> list[Any]:
        """Batch variables with the lines of features that have a term."""
        gaps = [n for n in self.gaps.values() if not n.startswith(NOT_FEATURES)]
        wanted = list(dict.fromkeys([*features, *gaps]))
        return [batches.variable(one, wanted) for one in self.harmonizers]


def _transforms(step: Mapping[str, Any]) -> dict[str, Transform | None]:
    if "scores" in step:
        knots = zip(step["values"], step["scores"], strict=True)
        found: list[Transform | None] = [
            Transform(kind="normal_score", values=values, scores=scores)
            if len(values)
            else Transform()
            for values, scores in knots
        ]
    else:
        found = [
            _logarithm(*pair) for pair in zip(step["floor"], step["scale"], strict=True)
        ]
    return dict(zip(step["features"], found, strict=True))


def _published(parameters: Mapping[str, Any]) -> dict[str, Transform | None]:
    shifts = parameters.get("shifts") or {}
    return {
        name: Transform(kind="published", function=function, shift=shifts.get(name, 0))
        for name, function in parameters["transforms"].items()
    }


def _filled(filling: float | None, transform: Transform) -> float | None:
    """Value in place of a missing one; a published function comes after the filling."""
    if filling is None or transform.function is None:
        return filling
    found = float(apply(transform.function, np.asarray(filling + transform.shift)))
    return found if np.isfinite(found) else None


def _logarithm(floor: float | None, scale: float | None) -> Transform | None:
    """The logarithm of a feature; None of one that is 0, constant in development."""
    if floor is not None and np.isfinite(floor):
        return Transform(kind="log", floor=floor)
    if scale is not None and np.isfinite(scale):
        return Transform(kind="signed_log", scale=scale)
    return None


def _required(estimates: Estimates, covariates: Sequence[str]) -> list[Required]:
    """Features and covariates with the number of them that may be missing."""
    left_out = set(estimates.unmeasured)
    features = [n for n in feature_names(estimates.columns) if n not in left_out]
    known = [name for name in covariates if name not in left_out]
    first = {name.partition("=")[0]: name for name in reversed(known)}
    accepted = [
        # As `folds.completeness` counts them.
        math.floor(round(estimates.max_missing * len(names), 9))
        for names in (features, first)
    ]
    return [
        Required(
            columns=features, accepted=min(accepted[0], max(len(features) - 1, 0))
        ),
        Required(columns=list(first.values()), accepted=accepted[1]),
    ]


def _has_probability(estimates: Estimates) -> bool:
    if OUTCOME_KINDS[estimates.kind].has_times:
        return False
    if estimates.fusion is not None:
        return True
    return coefficients.has_intercept(estimates.pipeline[MODEL])


def _of_members(estimates: Estimates, fusion: FusedEstimates) -> Equation:
    members, adapts = {}, False
    for name, one in fusion.members.items():
        try:
            equation = collapsed(one.estimates)
        except StudyError as error:
            raise StudyError(f"its member {name}: {error}") from error
        adapts = adapts or equation.unseen == ADAPT
        members[name] = Member(
            weight=one.weight, mean=one.mean, sd=one.sd, equation=equation
        )
    return Equation(
        intercept=fusion.intercept,
        rule=fusion.rule,
        members=members,
        unseen="adapt" if adapts else None,
        has_probability=_has_probability(estimates),
    )

"""Fit of a fused arm to the development rows of a fold."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...errors import ConfigError, FitError, StudyError
from ...folds.splitting import FoldName, SubjectRows
from ...statistics.constants import varies
from ...statistics.risk_groups import cuts_of
from ..absolute_risk import with_other_causes
from ..arm import ArmData, Measure, arm_data
from ..chain import Pipeline
from ..estimators.model_kind import MODEL_KINDS
from ..fitted_model import (
    Baseline,
    Estimates,
    FittedModel,
    FusedEstimates,
    FusedMember,
    Range,
)
from ..fold_fit import FoldFit, failed_fit, left_out, summary
from ..settings.fusion import TERM
from ..settings.specification import ModelSpecification
from ..thresholds import learnt_thresholds
from .combination import Combination, fit_combination
from .member_scores import InnerScores, Member, inner_scores
from .prediction import fused_scores


def fit_fused(
    name: FoldName,
    rows: SubjectRows,
    specification: ModelSpecification,
    members: Mapping[str, FoldFit],
    measure: Measure,
) -> FoldFit:
    """Combine arms that are fitted to the development rows of a fold.

    Weights, and what turns the combined score into a risk, are learnt from scores out
    of inner folds, in which all members are fitted anew; the members that score
    new subjects are those fitted to all development rows.

    Parameters
    ----------
    name, rows, specification, measure
        As for `fold_fit.fit_fold`.
    members : mapping of FoldFit
        Fits of the members to the same rows, by name.
    """
    try:
        known = arm_data(rows, specification)
    except StudyError as error:
        return failed_fit(name, {"n_development": len(rows.cohort)}, error)
    try:
        parts = _members(members, rows, specification)
        inner = inner_scores(rows, specification, measure)
        learnt = _Learnt.of(inner, known, specification)
        model = _fitted_model(name, rows, known, specification, parts, learnt)
    except StudyError as error:
        return failed_fit(name, summary(known), error)
    rescue = "; ".join(_rescues(members, inner, learnt.combination))
    fit = {
        **summary(known),
        "status": "ok",
        "n_selected": sum(one.fit["n_selected"] or 0 for one in members.values()),
        "kkt_residual": model.kkt_residual,
        "estimates_hash": model.digest(),
        "rescue": rescue or None,
        "message": left_out(known, rescue),
    }
    return FoldFit(name, fit, _coefficients(parts, learnt.combination), model)


class _Part(NamedTuple):
    """A member and the fit that it comes from."""

    fit: FoldFit
    member: Member


class _Learnt(NamedTuple):
    """Weights, calibration and thresholds by the scores out of inner folds."""

    combination: Combination
    baseline: Baseline
    thresholds: dict[str, float]

    @classmethod
    def of(
        cls, inner: InnerScores, known: ArmData, specification: ModelSpecification
    ) -> "_Learnt":
        """Weights, the risk at a combined score of 0, and scores that are high."""
        table = inner.standardized.loc[known.fittable()].dropna(how="all")
        if table.empty:
            raise FitError(f"no subject was scored out of inner folds: {inner.notes}.")
        outcome, rule = specification.outcome, specification.fusion_rule
        told = known.outcome.loc[table.index]
        y = outcome.target(told)
        combination = fit_combination(table.to_numpy(dtype=float), y, outcome, rule)
        scores = combination.scores(table.to_numpy(dtype=float))
        kind = MODEL_KINDS[specification.kind]
        model = kind.estimator()
        model.intercept_ = combination.intercept
        baseline = kind.baseline(Pipeline([("model", model)]), scores, y)
        high = learnt_thresholds(y, scores, specification)
        return cls(combination, with_other_causes(baseline, told), high)


def _members(
    fits: Mapping[str, FoldFit], rows: SubjectRows, specification: ModelSpecification
) -> dict[str, _Part]:
    """Fitted members by name, sorted; the error of the first that failed."""
    found = {}
    for name in sorted(fits):
        error = fits[name].error
        if error is not None:
            kind = ConfigError if isinstance(error, ConfigError) else FitError
            raise kind(f"the member {name!r} could not be fitted: {error}")
        member = Member.of(fits[name].model, rows, specification.seed)
        found[name] = _Part(fits[name], member)
    return found


def _fitted_model(
    name: FoldName,
    rows: SubjectRows,
    known: ArmData,
    specification: ModelSpecification,
    parts: Mapping[str, _Part],
    learnt: _Learnt,
) -> FittedModel:
    """Document of the members and of what combines them."""
    combination = learnt.combination
    fusion = _fused_estimates(parts, combination)
    subjects = known.fittable()
    tables = [
        part.member.predictor.scored(rows, specification.seed).loc[subjects]
        for part in parts.values()
    ]
    scores = fused_scores(fusion, tables)
    residuals = [part.fit.model.kkt_residual for part in parts.values()]
    return FittedModel(
        **name._asdict(),
        n_development=len(subjects),
        n_events=int(known.outcome.loc[subjects, "event"].sum()),
        estimates=_estimates(
            fusion, scores[np.isfinite(scores)], known, specification, learnt.thresholds
        ),
        baseline=learnt.baseline,
        ranges=_ranges(parts),
        kkt_residual=_largest([*residuals, combination.kkt_residual]),
    )


def _fused_estimates(
    parts: Mapping[str, _Part], combination: Combination
) -> FusedEstimates:
    """Members with their weights, and what their scores are standardized by."""
    weighted = zip(parts.items(), combination.weights, strict=True)
    return FusedEstimates(
        rule=combination.rule,
        intercept=combination.intercept,
        members={
            member: FusedMember(
                weight=float(weight),
                mean=part.member.mean,
                sd=part.member.sd,
                estimates=part.fit.model.required_estimates(),
            )
            for (member, part), weight in weighted
        },
    )


def _estimates(
    fusion: FusedEstimates,
    scores: np.ndarray,
    known: ArmData,
    specification: ModelSpecification,
    thresholds: dict[str, float],
) -> Estimates:
    """All that a prediction needs; scores (n,) are those of development."""
    return Estimates(
        endpoint=specification.endpoint,
        kind=specification.kind,
        session=specification.baseline_session,
        reader=specification.reference_reader,
        columns=list(known.predictors.columns),
        unseen=None,
        adapt_subjects=None,
        thresholds=thresholds,
        cuts=cuts_of(scores, specification.risk_quantiles).tolist(),
        spread=float(np.std(scores, ddof=1)) if varies(scores) else 0.0,
        mean=float(np.mean(scores)),
        fusion=fusion,
    )


def _ranges(parts: Mapping[str, _Part]) -> dict[str, Range]:
    """Ranges of the predictors of all members."""
    return {
        column: found
        for part in parts.values()
        for column, found in part.fit.model.ranges.items()
    }


def _largest(residuals: list[float | None]) -> float | None:
    """The largest of those residuals that there are."""
    known = [one for one in residuals if one is not None and np.isfinite(one)]
    return max(known, default=None)


def _rescues(
    members: Mapping[str, FoldFit], inner: InnerScores, combination: Combination
) -> list[str]:
    """Notes on members, inner folds and weights."""
    own = [f"{name}: {members[name].fit['rescue']}" for name in sorted(members)]
    told = [text for text in own if not text.endswith(": None")]
    return [*told, *inner.notes, *([combination.rescue] if combination.rescue else [])]


def _coefficients(parts: Mapping[str, _Part], combination: Combination) -> pd.DataFrame:
    """Weight of each member, per SD of its score in development."""
    rows: list[dict[str, Any]] = [
        {"term": f"{TERM}{name}", "penalized": False, "coefficient": float(weight)}
        for name, weight in zip(parts, combination.weights, strict=True)
    ]
    return pd.DataFrame(rows)

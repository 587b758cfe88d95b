"""Refits of a fused arm to permuted outcomes, its blind steps prepared once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...errors import StudyError
from ...folds.splitting import Split, SubjectRows
from ...statistics import targets
from ...statistics.constants import varies
from ...statistics.risk_groups import cuts_of
from ..arm import ArmData, Measure
from ..null.refit import Refitting, refitting
from ..settings.fusion import MEAN
from ..settings.specification import ModelSpecification
from ..tuning.inner_folds import inner_splits
from .combination import Combination, fit_combination, in_sd
from .member_scores import n_inner_folds


class Outcomes(NamedTuple):
    """Permuted outcomes of some subjects, as `OutcomeKind.target` gives them."""

    subjects: pd.Index
    y: np.ndarray

    def of(self, subjects: pd.Index) -> np.ndarray:
        """Outcomes of some of them, in their order."""
        return np.asarray(self.y[self.subjects.get_indexer(subjects)])


def fused_refitting(
    whole: ArmData,
    members: Mapping[str, ArmData],
    split: Split,
    specification: ModelSpecification,
    measure: Measure,
) -> "FusedRefit":
    """A fold of a fused arm whose steps without outcome are fitted.

    Parameters
    ----------
    whole : ArmData
        Data of the fused arm, of all subjects that can be fitted to.
    members : mapping of ArmData
        The same of each member.
    split : Split
        The fold.
    specification : ModelSpecification
        The fused arm.
    measure : callable
        Makes the repeated measurements of some subjects.

    Raises
    ------
    StudyError
        If a member cannot be prepared; in an inner fold it is left out.
    """
    fusing = _Fusing(specification, members, measure)
    known = whole.only(split.development.cohort["subject_id"]).predictors.index
    outer = fusing.fold(split, known, strict=True)
    held_out = whole.only(split.evaluation.cohort["subject_id"]).predictors.index
    scored = {s for one in outer.members if one for s in one.refit.evaluation}
    evaluation = held_out[held_out.isin(scored)]
    return FusedRefit(fusing, split.development, known, evaluation, outer)


class _Prepared(NamedTuple):
    """A member prepared for a fold, of which it scores both sides."""

    development: pd.Index
    refit: Refitting


@dataclass(frozen=True)
class _Fusing:
    """A fused arm, the data of its members, and how these are measured again."""

    specification: ModelSpecification
    data: Mapping[str, ArmData]
    measure: Measure

    def fold(self, split: Split, known: pd.Index, strict: bool) -> "_Fold":
        """All members prepared for a fold; `known` are those with an outcome."""
        found: list[_Prepared | None] = []
        for name in sorted(self.data):
            try:
                found.append(self._member(name, split))
            except StudyError:
                if strict:
                    raise
                found.append(None)
        held_out = split.evaluation.cohort["subject_id"]
        return _Fold(found, known, pd.Index(held_out))

    def _member(self, name: str, split: Split) -> _Prepared:
        data, plan = self.data[name], self.specification.members[name]
        own, others = (
            side.cohort["subject_id"] for side in (split.development, split.evaluation)
        )
        known = data.only(own)
        # Rows of development are scored too, for mean, SD and cuts.
        both = data.only([*own, *others]).predictors
        refit = refitting(known, split.development, both, plan, self.measure)
        return _Prepared(known.predictors.index, refit)

    def inner(self, rows: SubjectRows, outcomes: Outcomes) -> "list[_Fold]":
        """Inner folds; those that spread the outcome spread the permuted one."""
        plan, cohort = self.specification, rows.cohort
        if plan.stratify_by == "outcome":
            column = f"event.{plan.endpoint}"
            event = pd.Series(
                targets.event(outcomes.y).astype(float), outcomes.subjects
            )
            observed = cohort.set_index("subject_id")[column]
            mixed = observed.where(~observed.index.isin(event.index), event)
            cohort = cohort.assign(**{column: mixed.to_numpy()})
        permuted = replace(rows, cohort=cohort)
        inner = inner_splits(permuted, plan, n_inner_folds(permuted, plan))
        return [self.fold(split, outcomes.subjects, strict=False) for split in inner]


class _Fold(NamedTuple):
    """Members prepared for a fold, outer or inner; None for one that cannot be."""

    members: list[_Prepared | None]
    known: pd.Index
    held_out: pd.Index

    def standardized(self, outcomes: Outcomes, strict: bool) -> pd.DataFrame:
        """Scores of both sides in SD of development, a column per member."""
        columns = [
            None if one is None else _standardized(one, outcomes, strict)
            for one in self.members
        ]
        subjects = pd.Index(sorted({*self.known, *self.held_out}))
        nothing = pd.Series(np.nan, subjects)
        return pd.concat(
            [nothing if c is None else c.reindex(subjects) for c in columns],
            axis=1,
            keys=range(len(columns)),
        )


def _standardized(
    fold: _Prepared, outcomes: Outcomes, strict: bool
) -> pd.Series | None:
    """Scores after a fit to outcomes; None for a fit that failed, if not `strict`."""
    try:
        scores, _ = fold.refit.scores_and_cuts(outcomes.of(fold.development))
    except StudyError:
        if strict:
            raise
        return None
    subjects = fold.refit.evaluation
    own = scores[subjects.isin(fold.development)]
    sd = float(np.std(own, ddof=1)) if varies(own) else 0.0
    return pd.Series(in_sd(scores, float(np.mean(own)), sd), subjects)


class FusedRefit:
    """Members and their weights, fitted again to other outcomes of the same rows.

    By the rule "mean" nothing is learnt from inner folds that moves the order of the
    scores, so that they are not made.
    """

    def __init__(
        self,
        fusing: _Fusing,
        rows: SubjectRows,
        known: pd.Index,
        evaluation: pd.Index,
        outer: _Fold,
    ) -> None:
        self._fusing, self._rows, self._outer = fusing, rows, outer
        self._known, self.evaluation = known, evaluation
        self._inner: list[_Fold] | None = None

    def scores_and_cuts(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores of the evaluation rows, and the cuts by those of development.

        After a fit to outcomes of development (n,); FitError if there is no fit.
        """
        outcomes = Outcomes(self._known, y)
        combination = self._combination(outcomes)
        table = self._outer.standardized(outcomes, strict=True)
        scores = combination.scores(table.to_numpy(dtype=float))
        found = pd.Series(scores, table.index)
        quantiles = self._fusing.specification.risk_quantiles
        cuts = cuts_of(found[self._known].to_numpy(dtype=float), quantiles)
        return found[self.evaluation].to_numpy(), cuts

    def _combination(self, outcomes: Outcomes) -> Combination:
        plan = self._fusing.specification
        n_members = len(plan.members)
        if plan.fusion_rule == MEAN:
            return Combination(MEAN, 0.0, np.full(n_members, 1.0 / n_members))
        tables = [
            fold.standardized(outcomes, strict=False).reindex(fold.held_out)
            for fold in self._inner_folds(outcomes)
        ]
        table = pd.concat(tables).reindex(outcomes.subjects).dropna(how="all")
        y = outcomes.of(table.index)
        return fit_combination(
            table.to_numpy(dtype=float), y, plan.outcome, plan.fusion_rule
        )

    def _inner_folds(self, outcomes: Outcomes) -> list[_Fold]:
        """Inner folds, made once unless they spread the outcome."""
        if self._fusing.specification.stratify_by == "outcome":
            return self._fusing.inner(self._rows, outcomes)
        if self._inner is None:
            self._inner = self._fusing.inner(self._rows, outcomes)
        return self._inner

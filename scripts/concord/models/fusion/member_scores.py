"""Standardized scores of members of a fused arm, in and out of inner folds."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...errors import StudyError
from ...folds.splitting import Split, SubjectRows
from ...statistics.constants import varies
from ..arm import Measure
from ..fitted_model import FittedModel
from ..fold_fit import fit_fold
from ..prediction import Predictor
from ..settings.specification import ModelSpecification
from ..tuning.inner_folds import inner_splits
from .combination import in_sd
from .prediction import FusedPredictor


@dataclass(frozen=True)
class Member:
    """Fitted model of one arm, and the place of its scores in development."""

    predictor: Predictor | FusedPredictor
    mean: float
    sd: float  # 0 if all scores are equal

    @classmethod
    def of(cls, model: FittedModel, rows: SubjectRows, seed: int) -> "Member":
        """Member fitted to some rows; StudyError with the reason if it failed.

        Mean and SD are those of the scores of development subjects whose outcome is
        known, as the fit gives them.
        """
        predictor = Predictor.of(model)
        known = predictor.estimates
        if known.mean is not None:
            return cls(predictor, known.mean, known.spread)
        scored = predictor.scored(rows, seed)
        event = rows.outcomes(predictor.estimates.endpoint)["event"]
        scores = scored.loc[event.notna() & scored["score"].notna(), "score"]
        values = scores.to_numpy(dtype=float)
        sd = float(np.std(values, ddof=1)) if varies(values) else 0.0
        return cls(predictor, float(np.mean(values)), sd)

    def standardized(self, rows: SubjectRows, seed: int) -> pd.Series:
        """Scores in SD of development, by subject; NaN where there is none."""
        score = self.predictor.scored(rows, seed)["score"]
        return pd.Series(in_sd(score, self.mean, self.sd), score.index)


@dataclass(frozen=True)
class InnerScores:
    """Standardized scores out of inner folds, and what was noteworthy.

    `standardized` holds a row per development subject and a column per member; NaN
    where a member did not score a subject.
    """

    standardized: pd.DataFrame
    notes: list[str]


def inner_scores(
    rows: SubjectRows,
    specification: ModelSpecification,
    measure: Measure,
) -> InnerScores:
    """Scores of development subjects by members that were fitted without them.

    Everything is learnt anew in each inner fold, harmonization included, and
    standardized by mean and SD of the scores that the fit gives its own rows.

    Parameters
    ----------
    rows : SubjectRows
        Development rows of a fold.
    specification : ModelSpecification
        The fused arm.
    measure : callable
        Makes the repeated measurements of the subjects of an inner fold.
    """
    members = specification.members
    subjects = rows.by_subject.index
    table = pd.DataFrame(np.nan, index=subjects, columns=sorted(members))
    failed = dict.fromkeys(members, 0)
    inner = inner_splits(rows, specification, n_inner_folds(rows, specification))
    for split in inner:
        for name, member in members.items():
            try:
                scores = _out_of_fold(split, member, measure)
            except StudyError:
                failed[name] += 1
            else:
                table.loc[scores.index, name] = scores
    return InnerScores(table, _notes(failed, len(inner)))


def _out_of_fold(
    split: Split, member: ModelSpecification, measure: Measure
) -> pd.Series:
    fitted = fit_fold(split.name, split.development, member, measure)
    found = Member.of(fitted.model, split.development, member.seed)
    return found.standardized(split.evaluation, member.seed)


def _notes(failed: Mapping[str, int], n_folds: int) -> list[str]:
    return [
        f"{name} could not be fitted in {n} of {n_folds} inner folds, whose subjects "
        "count as without it"
        for name, n in sorted(failed.items())
        if n
    ]


def n_inner_folds(rows: SubjectRows, specification: ModelSpecification) -> int:
    """Number of inner folds: as declared, but no more than there are clusters."""
    section = specification.arm.fusion
    wanted = section.inner_folds if section else 2
    return min(wanted, rows.cohort["cluster"].nunique())

"""Discrimination of an outcome by the group alone, over the folds of the study."""

import numpy as np
import pandas as pd

from ...folds.scheme import CV
from ...statistics.outcome_kinds import OutcomeKind


def group_alone(
    known: pd.DataFrame, folds: pd.DataFrame, kind: OutcomeKind
) -> tuple[float, int]:
    """Mean AUC or C-index over the folds of the cross-validation, and their number.

    The score of a subject is the share of events in the development subjects of its
    group, or with times the events per time at risk. It is 0.5 on average if outcome
    and group are independent and the folds were made without the outcome. Where only
    subjects of one group are compared, or a group is left out, all scores of a
    comparison are equal: 0.5 by construction.

    Parameters
    ----------
    known : DataFrame
        Subjects with a known outcome: `subject_id`, `group`, `event`, `time_days`.
    folds : DataFrame
        Table of kind "folds"; only the cross-validation counts.
    kind : OutcomeKind
        Kind of the outcome.

    Returns
    -------
    tuple of float and int
        NaN and 0 if no fold has a comparable pair.
    """
    values = []
    of_cv = folds[folds["scheme"] == CV.name]
    rows_of = known.set_index("subject_id")
    for _, part in of_cv.groupby(["repeat", "fold"], sort=True):
        development = _rows(rows_of, part, "development")
        evaluation = _rows(rows_of, part, "evaluation")
        if len(development) and len(evaluation):
            scored = evaluation.assign(score=_scores(development, evaluation["group"]))
            values.append(kind.pairs(scored).value)
    defined = [value for value in values if not np.isnan(value)]
    return (float(np.mean(defined)) if defined else float("nan")), len(defined)


def _rows(rows_of: pd.DataFrame, fold: pd.DataFrame, role: str) -> pd.DataFrame:
    return rows_of[rows_of.index.isin(fold.loc[fold["role"] == role, "subject_id"])]


def _scores(development: pd.DataFrame, group: pd.Series) -> np.ndarray:
    """Event share, or events per day, of each subject's group in development."""
    one = pd.Series(1.0, index=development.index)
    exposure = (
        development["time_days"] if development["time_days"].notna().any() else one
    )
    total = float(exposure.sum())
    overall = development["event"].sum() / total if total else 0.0
    sums = pd.DataFrame({"event": development["event"], "exposure": exposure})
    by_group = sums.groupby(development["group"].to_numpy()).sum()
    rates = by_group["event"] / by_group["exposure"].where(by_group["exposure"] > 0)
    return group.map(rates).fillna(overall).to_numpy(dtype=float)

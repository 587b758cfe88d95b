"""Variables whose effects on the causes are told: covariates, factors and scores."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from ...folds.subject_table import COVARIATE
from ..risk_groups import evaluated

FACTOR = "factor."
#: Kinds of variables, as the table of effects names them.
COVARIATES, FACTORS, SCORES = "covariate", "factor", "score"
#: Unit of the effect of a number.
PER_UNIT = "per unit"
LEARNT = (
    "the score of a subject comes from models that learnt from the outcomes of the "
    "others, which no standard error knows"
)


@dataclass(frozen=True)
class Variable:
    """Columns that stand in one model, indexed by subject."""

    kind: str
    name: str
    unit: str  # of the effect of each column
    columns: pd.DataFrame


def variables(cohort: pd.DataFrame, predictions: pd.DataFrame) -> Iterator[Variable]:
    """Covariates, factors that are numbers or have two labels, scores of all arms.

    Parameters
    ----------
    cohort : DataFrame
    predictions : DataFrame
        Of kind "predictions", of one endpoint.
    """
    rows = cohort.set_index("subject_id")
    yield from _covariates(rows)
    for name in rows.columns[rows.columns.str.startswith(FACTOR)]:
        yield from _factor(rows[name], str(name).removeprefix(FACTOR))
    for arm, mine in evaluated(predictions).groupby("arm"):
        yield _score(mine, str(arm))


def _covariates(rows: pd.DataFrame) -> Iterator[Variable]:
    """A number is one column, a category one per level but the first."""
    names = [str(name) for name in rows if str(name).startswith(COVARIATE)]
    for name in dict.fromkeys(one.partition("=")[0] for one in names):
        own = [one for one in names if one.partition("=")[0] == name]
        unit = "against the first level" if "=" in own[0] else PER_UNIT
        columns = rows[own].rename(columns=lambda one: one.removeprefix(COVARIATE))
        yield Variable(COVARIATES, name.removeprefix(COVARIATE), unit, columns)


def _factor(labels: pd.Series, name: str) -> Iterator[Variable]:
    """A factor as numbers, or as its second label against the first."""
    numbers = pd.to_numeric(labels, errors="coerce")
    levels = sorted(labels.unique())
    if len(levels) == 2:
        column = (labels == levels[1]).astype(float)
        columns = column.to_frame(f"{name}={levels[1]}")
        yield Variable(FACTORS, name, f"against {levels[0]}", columns)
    elif numbers.notna().all() and len(levels) > 2:
        yield Variable(FACTORS, name, PER_UNIT, numbers.to_frame(name))


def _score(predictions: pd.DataFrame, arm: str) -> Variable:
    """Scores of evaluation subjects in SD of those of their fold, less their mean.

    Models of two folds share no origin. Their means are moreover lower where the
    outcomes left out are higher, which would look like an effect the other way.
    """
    scores = predictions.dropna(subset="score")
    folds = scores.groupby("fold")["score"]
    centred = scores["score"].astype(float) - folds.transform("mean").astype(float)
    spread = folds.transform("std").astype(float)
    standard = (centred / spread).where(spread > 0)
    column = pd.Series(standard.to_numpy(float), scores["subject_id"], name=arm)
    return Variable(SCORES, arm, "per SD of the scores of a fold", column.to_frame())

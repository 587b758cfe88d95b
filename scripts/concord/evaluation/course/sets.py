"""Evaluation sets: subjects that stand together once, and what their scores know."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...folds.scheme import kind_of

#: Fold of a row that is about all folds of a scheme.
ALL_FOLDS = "all"
LEARNT_GROUPS = (
    "no p-value or interval: models learnt the groups from outcomes of subjects that "
    "are compared here"
)
_OUTCOME = ["time_days", "event"]


@dataclass(frozen=True)
class EvaluationSet:
    """Predictions of one arm for subjects that stand once.

    `learnt` is true where several folds come together: the model of each fold learnt
    from the outcomes of subjects of the others. A declared evaluation set has none of
    its subjects in development.
    """

    endpoint: str
    arm: str
    scheme: str
    fold: str
    rows: pd.DataFrame
    learnt: bool

    @property
    def keys(self) -> dict[str, Any]:
        """Columns that name the set in a table."""
        return {
            "endpoint": self.endpoint,
            "arm": self.arm,
            "scheme": self.scheme,
            "fold": self.fold,
        }

    @property
    def clustered(self) -> bool:
        """True if some subjects are not independent of each other."""
        return bool(self.rows["cluster"].duplicated().any())

    def known(self, column: str) -> "EvaluationSet":
        """The set without rows that lack the outcome or a column."""
        rows = self.rows.dropna(subset=[column, *_OUTCOME])
        own = self.endpoint, self.arm, self.scheme, self.fold
        return EvaluationSet(*own, rows, self.learnt)


def evaluation_sets(predictions: pd.DataFrame) -> Iterator[EvaluationSet]:
    """All sets of a table of predictions, sorted by endpoint, arm and scheme.

    Of the cross-validation, the first repeat; of groups left out, all of them; of each
    declared split, a set of its own.
    """
    for (endpoint, arm, scheme), rows in predictions.groupby(
        ["endpoint", "arm", "scheme"], sort=True
    ):
        names = str(endpoint), str(arm), str(scheme)
        if kind_of(str(scheme)).once:
            for fold, part in rows.groupby("fold", sort=True):
                yield EvaluationSet(*names, str(fold), part, learnt=False)
        else:
            first = rows[rows["repeat"] == rows["repeat"].min()]
            yield EvaluationSet(*names, ALL_FOLDS, first, learnt=True)

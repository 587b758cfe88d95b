"""Scores within batches: each batch has the same mean and spread afterwards."""

from collections.abc import Sequence
from typing import ClassVar

from .combat import ComBat


class WithinBatchZScore(ComBat):
    """Centre and scale every batch by its own mean and SD.

    Nothing is shared between features and no covariate is kept. The scores are
    given in the unit of the feature (times the pooled SD, plus the grand mean),
    so that rows that pass through stay comparable; a standardizer after it
    makes z-scores of them.

    A new batch that `adapt` learns is scored by the mean and SD of the rows
    given; one row alone cannot tell an SD, so that it only moves.

    Parameters
    ----------
    batch, columns, unseen, min_batch_size
        As for `ComBat`.
    """

    kind = "zscore"
    shrinks_new_batches: ClassVar[bool] = False

    def __init__(
        self,
        batch: str,
        *,
        columns: Sequence[str] | None = None,
        unseen: str = "refuse",
        min_batch_size: int = 2,
    ) -> None:
        super().__init__(
            batch,
            columns=columns,
            unseen=unseen,
            min_batch_size=min_batch_size,
            empirical_bayes=False,
        )

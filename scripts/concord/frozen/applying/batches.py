"""Batches that a frozen model has not learnt."""

from collections.abc import Iterator

import pandas as pd

from ...models.fusion.prediction import FusedPredictor
from ...models.pipeline import harmonizing_steps, single_harmonizers
from ...models.prediction import Predictor


def unseen_batches(
    predictor: Predictor | FusedPredictor, table: pd.DataFrame
) -> Iterator[tuple[str, list[str]]]:
    """Batch as "<column> <label>" and its rows, of each that the model does not know.

    Parameters
    ----------
    predictor : Predictor or FusedPredictor
        Of a fused arm, its members are asked.
    table : DataFrame
        Predictors by subject, from the predictor.
    """
    if isinstance(predictor, FusedPredictor):
        for member in predictor.members.values():
            own = table[list(member.estimates.columns)]
            yield from unseen_batches(member, own)  # type: ignore[arg-type]
        return
    for step in harmonizing_steps(predictor.pipeline).values():
        for single in single_harmonizers(step):
            strangers = table[single.unseen_rows(table)]
            for label, members in strangers.groupby(single.batch, dropna=False):
                yield f"{single.batch} {label}", [*map(str, members.index)]

"""Predictions of fitted models from other readers' segmentations."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from ..folds.splitting import FoldName, SubjectRows
from .fitted_model import FittedModel, FittedModels
from .prediction import (
    Labelled,
    Predictor,
    predict_fold,
    together,
    with_thresholds,
)


def predict_readers(
    folds: Iterable[tuple[FoldName, SubjectRows]],
    arms: Mapping[str, FittedModels],
    endpoint: str,
    seed: int,
) -> pd.DataFrame:
    """Predictions of several arms from the segmentations of every reader.

    Nothing is learnt anew: harmonization, imputation, selection, model and cut are
    those fitted to the development rows of the reference reader; only the features
    of the evaluation rows are another reader's. Rows of unseen batches are
    treated as always; an arm that adapts to a batch does so by this reader's
    features of the same subjects, as it would if all segmentations there were hers.

    Parameters
    ----------
    folds, arms, endpoint, seed
        As for `prediction.predict_folds`.

    Returns
    -------
    DataFrame
        Of kind "reader_predictions": one row per arm, fold, reader and evaluation
        subject. Rows of the reference reader equal those of `predict_folds` bit for
        bit. `standard_score` is NaN without a spread of the scores in development.
    """
    known = list(folds)
    outcomes = [rows.outcomes(endpoint) for _, rows in known]
    readers = _readers(rows for _, rows in known)
    parts = []
    for arm, fitted in arms.items():
        for (name, rows), table in zip(known, outcomes, strict=True):
            model = fitted.of_fold(name)
            for reader, scores in _by_reader(rows, model, readers, seed):
                labels = {"arm": arm, "reader": reader, **name._asdict()}
                predicted = table.join(with_thresholds(scores, model))
                parts.append(Labelled(labels, predicted))
    return together(parts).assign(endpoint=endpoint)


def _by_reader(
    rows: SubjectRows, model: FittedModel, readers: Iterable[str], seed: int
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Scores of a model from the segmentations of each reader, standardized."""
    if model.estimates is None:
        lost = predict_fold(rows, model, seed)
        yield from ((reader, _standardized(lost, model)) for reader in readers)
        return
    predictor = Predictor.of(model)
    for reader in readers:
        scores = predictor.of_reader(reader).scored(rows, seed)
        yield reader, _standardized(scores, model)


def _readers(folds: Iterable[SubjectRows]) -> list[str]:
    """All readers of all folds, so that each has a row of every subject."""
    return sorted({name for rows in folds for name in rows.features["reader"]})


def _standardized(table: pd.DataFrame, model: FittedModel) -> pd.DataFrame:
    """Predictions with their place among the scores of development."""
    found = model.estimates
    if found is None or not found.spread > 0:
        return table.assign(standard_score=np.nan)
    return table.assign(standard_score=(table["score"] - found.cuts[0]) / found.spread)

"""Folds of given predictions, in the place of the fits that nobody here made."""

import pandas as pd

from ..calibration import Calibrations

_KEYS = ["endpoint", "arm", "scheme", "repeat", "fold"]


def fits_of(predictions: pd.DataFrame) -> pd.DataFrame:
    """Folds of predictions as a table with the columns of kind "fits".

    Of a fit that was made elsewhere nothing is known but that it was planned: counts
    and hash are missing.

    Parameters
    ----------
    predictions : DataFrame
        Of kind "predictions".
    """
    folds = predictions[_KEYS].drop_duplicates().sort_values(_KEYS, ignore_index=True)
    counts = ("n_development", "n_events", "n_candidates", "n_selected")
    unknown = {name: pd.array([pd.NA] * len(folds), dtype="Int64") for name in counts}
    return folds.assign(status="ok", message=None, **unknown)


def fits_and_widening(
    predictions: pd.DataFrame, fits: pd.DataFrame, null: pd.DataFrame
) -> tuple[pd.DataFrame, Calibrations]:
    """Fits, and the widening of errors by permutations; of given predictions, neither.

    Parameters
    ----------
    predictions, fits, null : DataFrame
        Of these kinds, of one endpoint; no fits if another tool made the predictions.
    """
    if len(fits):
        return fits, Calibrations.of(null)
    return fits_of(predictions), Calibrations.of_given()

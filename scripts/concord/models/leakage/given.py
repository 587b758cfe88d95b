"""Folds and fits that the leakage test is given, with those of a bootstrap sample."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ... import provenance, tables
from ..resampling import first_sample

_Paths = Iterable[str | Path]


def folds_and_fits(
    folds: str | Path,
    fits: _Paths,
    samples: _Paths = (),
    resampled: _Paths = (),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows of folds and of the fits of an arm.

    Parameters
    ----------
    folds, fits : path, paths
        Table kinds "folds" and "fits".
    samples, resampled : paths
        Bootstrap samples of the study and the values of the arm in the first of them,
        of kinds "folds" and "resampled"; empty if there are none. Of all samples, the
        first is tested.
    """
    known = tables.read(folds, "folds"), tables.read_all(fits, "fits")
    drawn = tables.read_all(samples, "folds")
    if drawn.empty:
        return known
    first = first_sample(drawn, tables.read_all(resampled, "resampled"))
    found, fitted = (
        pd.concat(pair, ignore_index=True) for pair in zip(known, first, strict=True)
    )
    return found, fitted


def digest(given: tuple[pd.DataFrame, pd.DataFrame]) -> str:
    """Hash of the rows of both tables."""
    return provenance.digest([table.to_csv(index=False) for table in given])

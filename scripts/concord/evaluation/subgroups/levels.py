"""Subgroup of each subject of a cohort, by one variable."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from ...errors import ConfigError
from .settings import Variable

#: A label that the cohort has where the sheet is empty.
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Levels:
    """Names of the subgroups in order, and that of each subject; None if not known."""

    names: list[str]
    of_subject: pd.Series


def levels_of(cohort: pd.DataFrame, variable: Variable) -> Levels:
    """Subgroups of a cohort by a variable.

    Parameters
    ----------
    cohort : DataFrame
        As `folds.cohort` writes it.
    variable : Variable
        A number in bands, a category with its levels, or labels.

    Raises
    ------
    ConfigError
        If the cohort lacks the variable.
    """
    by_subject = cohort.set_index("subject_id")
    if variable.levels:
        return _of_category(by_subject, variable)
    if variable.column not in by_subject:
        raise ConfigError(
            f"evaluation.subgroups: the cohort has no column {variable.column!r}; "
            f"it has {sorted(map(str, by_subject.columns))}. Assemble it again by rule "
            "assemble_cohort."
        )
    values = by_subject[variable.column]
    if variable.bands:
        names = band_names(variable.bands)
        place = np.searchsorted(variable.bands, values.astype(float), side="right")
        labels = pd.Series([names[one] for one in place], values.index, dtype=object)
        return Levels(names, labels.where(values.notna(), None))
    labels = values.astype(object).where(values.notna() & (values != _UNKNOWN), None)
    return Levels(sorted(set(labels.dropna())), labels)


def band_names(bands: list[float]) -> list[str]:
    """Names of the bands that begin at some numbers, the lowest first."""
    ends = [f"{one:g}" for one in bands]
    between = [f"{low} to under {high}" for low, high in pairwise(ends)]
    return [f"under {ends[0]}", *between, f"{ends[-1]} or more"]


def _of_category(by_subject: pd.DataFrame, variable: Variable) -> Levels:
    """Levels of 0/1 columns; the first level has none."""
    columns = [f"{variable.column}={level}" for level in variable.levels[1:]]
    indicators = by_subject[columns].to_numpy(dtype=float)
    known = np.isfinite(indicators).all(axis=1)
    place = np.where(
        (indicators == 1).any(axis=1), (indicators == 1).argmax(axis=1) + 1, 0
    )
    labels = pd.Series(
        np.array(variable.levels, dtype=object)[place], by_subject.index, dtype=object
    )
    return Levels(list(variable.levels), labels.where(known, None))

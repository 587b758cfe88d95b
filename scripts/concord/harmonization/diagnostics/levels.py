"""Factors and covariates of a cohort as levels."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...batch_labels import UNKNOWN

_FACTOR, _COVARIATE = "factor.", "covariate."


@dataclass(frozen=True)
class Factor:
    """A factor or covariate: its levels as text, None where it is unknown.

    `numbers` are the values of a covariate that is a number.
    """

    name: str
    kind: str  # factor, category or number
    levels: pd.Series
    numbers: pd.Series | None = None


def factors(cohort: pd.DataFrame) -> Iterator[Factor]:
    """Factors, then covariates, in the order of the columns."""
    for column in cohort.columns:
        if column.startswith(_FACTOR):
            text = cohort[column].astype(object)
            known = text.where(text != UNKNOWN)
            yield Factor(column.removeprefix(_FACTOR), "factor", known)
    for name in dict.fromkeys(_covariate(c) for c in cohort.columns):
        if name is not None:
            yield _of_covariate(cohort, name)


def _covariate(column: str) -> str | None:
    if not column.startswith(_COVARIATE):
        return None
    return column.removeprefix(_COVARIATE).split("=")[0]


def _of_covariate(cohort: pd.DataFrame, name: str) -> Factor:
    own = f"{_COVARIATE}{name}"
    if own in cohort:
        numbers = cohort[own]
        text = numbers.map("{:g}".format).where(numbers.notna())
        return Factor(name, "number", text, numbers)
    columns = [c for c in cohort.columns if c.startswith(f"{own}=")]
    indicators = cohort[columns]
    chosen = indicators.fillna(0).to_numpy().argmax(axis=1)
    names = np.array([c.removeprefix(f"{own}=") for c in columns], dtype=object)
    levels = pd.Series(names[chosen], index=cohort.index, dtype=object)
    levels = levels.where((indicators == 1).any(axis=1), "reference level")
    return Factor(name, "category", levels.where(indicators.notna().all(axis=1)))

"""Nesting: factors that cannot be told from the group."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from .confounding import cramers_v

_FACTOR, _COVARIATE = "factor.", "covariate."
_UNKNOWN = "unknown"


def nesting(cohort: pd.DataFrame) -> pd.DataFrame:
    """Levels of each factor and covariate per group, a table of kind "nesting".

    A factor is nested in the groups if it has several levels, but every group only
    one: whatever it does to outcome or features cannot be told from what the group
    does. A covariate that some group never recorded is told apart by `n_known`.

    Parameters
    ----------
    cohort : DataFrame
        With `group`, `factor.<name>` and `covariate.<name>`, see `cohort.assemble`.
    """
    return pd.DataFrame(
        row
        for name, kind, levels in _factors(cohort)
        for row in _rows(name, kind, levels, cohort["group"])
    )


def _rows(
    name: str, kind: str, levels: pd.Series, group: pd.Series
) -> Iterator[dict[str, Any]]:
    known = levels.notna()
    by_group = levels[known].groupby(group[known]).nunique()
    n_levels = levels.nunique()
    nested = bool(n_levels > 1 and len(by_group) > 1 and (by_group == 1).all())
    strength = _strength(levels[known], group[known]) if kind != "number" else np.nan
    for label in sorted(set(group)):
        mine = levels[known & (group == label)]
        yield {
            "name": name,
            "kind": kind,
            "group": label,
            "n": int((group == label).sum()),
            "n_known": len(mine),
            "n_levels": int(mine.nunique()),
            "level": mine.iloc[0] if mine.nunique() == 1 else None,
            "nested": nested,
            "cramers_v": strength,
        }


def _strength(levels: pd.Series, group: pd.Series) -> float:
    return cramers_v(group.to_numpy(dtype=str), levels.to_numpy(dtype=str))


def _factors(cohort: pd.DataFrame) -> Iterator[tuple[str, str, pd.Series]]:
    """Name, kind and levels as text of each factor and covariate; None if unknown."""
    for column in cohort.columns:
        if column.startswith(_FACTOR):
            text = cohort[column].astype(object)
            yield column.removeprefix(_FACTOR), "factor", text.where(text != _UNKNOWN)
    for name in dict.fromkeys(_covariate(c) for c in cohort.columns):
        if name is not None:
            yield name, *_levels(cohort, name)


def _covariate(column: str) -> str | None:
    if not column.startswith(_COVARIATE):
        return None
    return column.removeprefix(_COVARIATE).split("=")[0]


def _levels(cohort: pd.DataFrame, name: str) -> tuple[str, pd.Series]:
    """Kind of a covariate and its values as text."""
    own = f"{_COVARIATE}{name}"
    if own in cohort:
        numbers = cohort[own]
        return "number", numbers.map("{:g}".format).where(numbers.notna())
    columns = [c for c in cohort.columns if c.startswith(f"{own}=")]
    indicators = cohort[columns]
    chosen = indicators.fillna(0).to_numpy().argmax(axis=1)
    names = np.array([c.removeprefix(f"{own}=") for c in columns], dtype=object)
    levels = pd.Series(names[chosen], index=cohort.index, dtype=object)
    levels = levels.where((indicators == 1).any(axis=1), "reference level")
    return "category", levels.where(indicators.notna().all(axis=1))

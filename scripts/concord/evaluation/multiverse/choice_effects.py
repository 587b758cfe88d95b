"""Choices of analyses, and how far each of them moves the value."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...statistics.constants import varies


def choice_effects(
    choices: pd.DataFrame, observed: np.ndarray, values: np.ndarray
) -> list[dict[str, Any]]:
    """Share of the variance of the values by key, the largest first.

    A linear model of main effects is fitted to the values of all analyses. The share of
    a key is what the model explains less without it, over the variance of the values;
    where all combinations are there, that is the main effect of the analysis of
    variance. What the choices explain together (interactions), and what keys share in
    a sample of combinations, is left over. The range is that between the highest and
    the lowest mean by value of the key.

    Parameters
    ----------
    choices : DataFrame
        Value of each key (columns) by analysis.
    observed : ndarray of float, shape (analyses,)
        Values that are explained.
    values : ndarray of float, shape (analyses, 1 + permutations)
        Values of the folds that were permuted, the observed ones first; the p-value is
        that of the range.
    """
    spreads = varies(observed)
    total = float(((observed - observed.mean()) ** 2).sum()) if spreads else np.nan
    whole = _explained(choices, list(choices.columns), observed)
    found = []
    for key in choices.columns:
        others = [name for name in choices.columns if name != key]
        lost = whole - _explained(choices, others, observed)
        means = pd.Series(observed).groupby(choices[key].to_numpy()).mean()
        ranges = _ranges(choices[key], values)
        found.append(
            {
                "key": key,
                "n_values": len(means),
                "share": max(lost, 0.0) / total,
                "lowest_value": means.idxmin(),
                "lowest_mean": float(means.min()),
                "highest_value": means.idxmax(),
                "highest_mean": float(means.max()),
                "range": float(means.max() - means.min()),
                "p_value": float(np.mean(ranges >= ranges[0] - 1e-12)),
                "reason": None if spreads else "all analyses have the same value",
            }
        )
    return sorted(found, key=lambda row: (-_or_zero(row["share"]), -row["range"]))


def choice_rows(
    combinations: Sequence[Mapping[str, Any]], own: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One row per combination and key: its value, and if it is that of the headline.

    Parameters
    ----------
    combinations : sequence of mapping
        With `number` and `choices` (value by key).
    own : mapping
        Choices of the headline.
    """
    return [
        {
            "specification": one["number"],
            "key": key,
            "value": value,
            "of_headline": value == own[key],
        }
        for one in combinations
        for key, value in one["choices"].items()
    ]


def _or_zero(value: float) -> float:
    return value if np.isfinite(value) else 0.0


def _explained(choices: pd.DataFrame, keys: Sequence[str], y: np.ndarray) -> float:
    """Sum of squares about the mean that main effects of some keys explain."""
    parts = [np.ones((len(y), 1))]
    for key in keys:
        codes, names = pd.factorize(choices[key])
        parts.append(np.eye(len(names))[codes][:, 1:])
    design = np.hstack(parts)
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return float(((fitted - y.mean()) ** 2).sum())


def _ranges(choice: pd.Series, values: np.ndarray) -> np.ndarray:
    """Highest less lowest mean by value of a key, shape (1 + permutations,)."""
    codes, names = pd.factorize(choice)
    means = np.array(
        [np.nanmean(values[codes == k], axis=0) for k in range(len(names))]
    )
    return np.asarray(means.max(axis=0) - means.min(axis=0))

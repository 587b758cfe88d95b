"""Tests of location and spread between batches, feature by feature."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from ...features.feature_name import image_of
from ...statistics.constants import exceeds_rounding, varies
from ...statistics.ranks import mean_ranks

#: False discovery rate at which a feature counts as different between batches.
LEVEL = 0.05
#: Test of each p value column of table kind "site_effect".
TESTS = {"p_value": "Kruskal-Wallis", "spread_p_value": "Brown-Forsythe"}


def batch_effect(values: pd.Series, batch: pd.Series) -> dict[str, Any]:
    """Effect of the batches on one feature.

    `eta_squared` is the share of its variance between batches, `chance` what
    unrelated batches reach on average, (batches - 1) / (rows - 1); `p_value` is of
    the Kruskal-Wallis test of location [1]_, `spread_p_value` of the
    Brown-Forsythe test of spread [2]_, which leaves out batches of one row.

    NaN for a constant feature, fewer than two batches, or no values.

    References
    ----------
    .. [1] Kruskal, W. H. and Wallis, W. A. (1952). JASA, 47, 583-621.
           https://doi.org/10.1080/01621459.1952.10483441
    .. [2] Brown, M. B. and Forsythe, A. B. (1974). JASA, 69, 364-367.
           https://doi.org/10.1080/01621459.1974.10482955
    """
    numbers = values.to_numpy(dtype=float)
    known = ~np.isnan(numbers)
    numbers, labels = numbers[known], batch.to_numpy()[known]
    members = [labels == name for name in sorted(set(labels))]
    n, n_batches = len(numbers), len(members)
    if n_batches < 2 or not varies(numbers):
        undefined = dict.fromkeys(("eta_squared", "chance", *TESTS), np.nan)
        return {"n": n, **undefined}
    # On ranks, (n - 1) eta squared is the tie-corrected Kruskal-Wallis statistic.
    statistic = (n - 1) * _eta_squared(mean_ranks(numbers), members)
    return {
        "n": n,
        "eta_squared": _eta_squared(numbers, members),
        "chance": (n_batches - 1) / (n - 1),
        "p_value": float(special.chdtrc(n_batches - 1, statistic)),
        "spread_p_value": _brown_forsythe([numbers[rows] for rows in members]),
    }


def effects(
    parts: Sequence[tuple[pd.DataFrame, pd.Series]], names: Sequence[str]
) -> list[dict[str, Any]]:
    """Batch effect of each feature, averaged over several sets of rows.

    A p value is Bonferroni's over the sets, which holds although they depend on
    each other.

    Parameters
    ----------
    parts : sequence of (DataFrame, Series)
        Features and batch of the rows of each set.
    names : sequence of str
        Columns of the features.
    """
    rows = []
    for name in names:
        found = [batch_effect(x[name], batch) for x, batch in parts]
        row = {
            "name": name,
            "n": sum(part["n"] for part in found),
            "eta_squared": _mean(_known(found, "eta_squared")),
            "chance": _mean(_known(found, "chance")),
        }
        rows.append(row | {test: _bonferroni(_known(found, test)) for test in TESTS})
    return rows


def rejections(effects: pd.DataFrame) -> pd.DataFrame:
    """Counts of features that differ between batches, as table kind "batch_tests".

    P values are adjusted over the features of an image, batch variable and stage
    by the method of Benjamini and Hochberg [1]_.

    References
    ----------
    .. [1] Benjamini, Y. and Hochberg, Y. (1995). J R Stat Soc B, 57, 289-300.
           https://doi.org/10.1111/j.2517-6161.1995.tb02031.x
    """
    return pd.DataFrame(list(_counts(effects)))


def _counts(effects: pd.DataFrame) -> Iterator[dict[str, Any]]:
    image = effects["name"].map(image_of)
    keys = [image, effects["variable"], effects["stage"]]
    for (name, variable, stage), rows in effects.groupby(keys, sort=False):
        for column, test in TESTS.items():
            p = rows[column].dropna().to_numpy(dtype=float)
            rejected = (
                stats.false_discovery_control(p, method="bh") <= LEVEL if len(p) else p
            )
            yield {
                "image": name,
                "variable": variable,
                "stage": stage,
                "test": test,
                "n_features": len(p),
                "n_rejected": int(np.sum(rejected)),
                "level": LEVEL,
            }


def _eta_squared(values: np.ndarray, members: Sequence[np.ndarray]) -> float:
    """Share of the variance between batches, in [0, 1]; the rows of each are given."""
    centred = values - values.mean()
    between = sum(rows.sum() * centred[rows].mean() ** 2 for rows in members)
    return float(min(between / (centred**2).sum(), 1.0))


def _brown_forsythe(groups: Sequence[np.ndarray]) -> float:
    """P value of Levene's test by distances from the median of each batch."""
    groups = [group for group in groups if len(group) > 1]
    spread = [np.abs(group - np.median(group)) for group in groups]
    flat = [_flat(*pair) for pair in zip(groups, spread, strict=True)]
    if len(groups) < 2 or all(flat):
        return float("nan")
    sizes = np.array([len(part) for part in spread], dtype=float)
    means = np.array([part.mean() for part in spread])
    n, k = sizes.sum(), len(groups)
    mean = sum(means * sizes) / n
    between = (n - k) * (sizes * (means - mean) ** 2).sum()
    within = sum(
        ((part - own) ** 2).sum() for part, own in zip(spread, means, strict=True)
    )
    return float(special.fdtrc(k - 1, n - k, between / ((k - 1) * within)))


def _flat(group: np.ndarray, distances: np.ndarray) -> bool:
    """True if the rows of a batch lie equally far from their median."""
    return not exceeds_rounding(np.ptp(distances), np.abs(group).max())


def _known(found: Sequence[dict[str, Any]], name: str) -> list[float]:
    """Values of several sets that are defined."""
    return [part[name] for part in found if not np.isnan(part[name])]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else np.nan


def _bonferroni(p_values: Sequence[float]) -> float:
    return min(min(p_values) * len(p_values), 1.0) if p_values else np.nan

"""Tests of location and spread between batches, feature by feature."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from ...features.feature_name import image_of

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
    known = values.notna()
    numbers, labels = values[known].to_numpy(), batch[known].to_numpy()
    n, n_batches = len(numbers), len(set(labels))
    if n_batches < 2 or np.ptp(numbers) == 0:
        undefined = dict.fromkeys(("eta_squared", "chance", *TESTS), np.nan)
        return {"n": n, **undefined}
    # On ranks, (n - 1) eta squared is the tie-corrected Kruskal-Wallis statistic.
    statistic = (n - 1) * _eta_squared(stats.rankdata(numbers), labels)
    return {
        "n": n,
        "eta_squared": _eta_squared(numbers, labels),
        "chance": (n_batches - 1) / (n - 1),
        "p_value": float(special.chdtrc(n_batches - 1, statistic)),
        "spread_p_value": _brown_forsythe(numbers, labels),
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
        found = pd.DataFrame([batch_effect(x[name], batch) for x, batch in parts])
        row = {
            "name": name,
            "n": int(found["n"].sum()),
            "eta_squared": found["eta_squared"].mean(),
            "chance": found["chance"].mean(),
        }
        rows.append(row | {test: _bonferroni(found[test]) for test in TESTS})
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


def _eta_squared(values: np.ndarray, labels: np.ndarray) -> float:
    """Share of the variance between batches, in [0, 1]."""
    centred = values - values.mean()
    between = sum(
        (labels == name).sum() * centred[labels == name].mean() ** 2
        for name in sorted(set(labels))
    )
    return float(min(between / (centred**2).sum(), 1.0))


def _brown_forsythe(values: np.ndarray, labels: np.ndarray) -> float:
    groups = [values[labels == name] for name in sorted(set(labels))]
    groups = [group for group in groups if len(group) > 1]
    spread = [np.abs(group - np.median(group)) for group in groups]
    if len(groups) < 2 or all(np.ptp(part) == 0 for part in spread):
        return float("nan")
    return float(stats.levene(*groups, center="median").pvalue)


def _bonferroni(p_values: pd.Series) -> float:
    p_value = p_values.min() * p_values.notna().sum()
    return min(p_value, 1.0) if np.isfinite(p_value) else np.nan

"""Tests of location and spread between batches, feature by feature."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from ...features.feature_name import image_of
from ...statistics.constants import exceeds_rounding, varies
from ...statistics.ranks import average_ranks

#: False discovery rate at which a feature counts as different between batches.
LEVEL = 0.05
#: Test of each p value column of table kind "site_effect".
TESTS = {"p_value": "Kruskal-Wallis", "spread_p_value": "Brown-Forsythe"}
_STATISTICS = ("eta_squared", "chance", *TESTS)

#: Statistics by name, each of shape (p,).
Effects = dict[str, np.ndarray]


def batch_effects(values: np.ndarray, batch: np.ndarray) -> Effects:
    """Effects of the batches on each feature.

    `eta_squared` is the share of its variance between batches, `chance` what
    unrelated batches reach on average, (batches - 1) / (rows - 1); `p_value` is of
    the Kruskal-Wallis test of location [1]_, `spread_p_value` of the
    Brown-Forsythe test of spread [2]_, which leaves out batches of one row.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        Rows without a value of a feature do not count for it.
    batch : ndarray of str, shape (n,)

    Returns
    -------
    dict of str to ndarray of shape (p,)
        With the number of rows, `n`. NaN for a constant feature, fewer than two
        batches, or no values.

    References
    ----------
    .. [1] Kruskal, W. H. and Wallis, W. A. (1952). JASA, 47, 583-621.
           https://doi.org/10.1080/01621459.1952.10483441
    .. [2] Brown, M. B. and Forsythe, A. B. (1974). JASA, 69, 364-367.
           https://doi.org/10.1080/01621459.1974.10482955
    """
    known = ~np.isnan(values)
    found: Effects = {name: np.full(values.shape[1], np.nan) for name in _STATISTICS}
    whole = known.all(axis=0)
    for columns in [np.flatnonzero(whole), *np.flatnonzero(~whole)[:, None]]:
        rows = known[:, columns].all(axis=1)
        part = _of_complete(values[np.ix_(rows, columns)], batch[rows])
        for name, value in part.items():
            found[name][columns] = value
    return {"n": known.sum(axis=0)} | found


def averaged(found: Sequence[Effects]) -> Effects:
    """Effects in several sets of rows as one.

    Eta squared and chance are means over the sets where they are defined. A p value
    is Bonferroni's over the sets, which holds although they depend on each other.
    """
    mean = {
        name: _mean(np.array([part[name] for part in found]))
        for name in ("eta_squared", "chance")
    }
    tests = {
        name: _bonferroni(np.array([part[name] for part in found])) for name in TESTS
    }
    return {"n": np.sum([part["n"] for part in found], axis=0)} | mean | tests


def n_rejected(p_values: np.ndarray) -> int:
    """Number of features that differ, p values adjusted as in `rejections`."""
    p = p_values[~np.isnan(p_values)]
    return int(np.sum(stats.false_discovery_control(p) <= LEVEL)) if len(p) else 0


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
            p = rows[column].to_numpy(dtype=float)
            yield {
                "image": name,
                "variable": variable,
                "stage": stage,
                "test": test,
                "n_features": int(np.sum(~np.isnan(p))),
                "n_rejected": n_rejected(p),
                "level": LEVEL,
            }


def _of_complete(values: np.ndarray, batch: np.ndarray) -> Effects:
    """Statistics of features (n, p) without a missing value."""
    names, number = np.unique(batch.astype(str), return_inverse=True)
    member = np.eye(len(names))[number]
    n, n_batches = member.shape
    undefined = np.full(values.shape[1], np.nan)
    if n_batches < 2 or not values.size:
        return dict.fromkeys(_STATISTICS, undefined)
    vary = varies(values)
    # On ranks, (n - 1) eta squared is the tie-corrected Kruskal-Wallis statistic.
    statistic = (n - 1) * _eta_squared(_ranks(values), member)
    found = {
        "eta_squared": _eta_squared(values, member),
        "chance": np.full(values.shape[1], (n_batches - 1) / (n - 1)),
        "p_value": special.chdtrc(n_batches - 1, statistic),
        "spread_p_value": _brown_forsythe(values, member),
    }
    return {name: np.where(vary, value, np.nan) for name, value in found.items()}


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks of each column; those with ties take the mean of their ranks."""
    order = values.argsort(axis=0, kind="stable")
    ranks = np.empty(values.shape)
    steps = np.arange(1.0, len(values) + 1)[:, None]
    np.put_along_axis(ranks, order, np.broadcast_to(steps, values.shape), axis=0)
    ascending = np.take_along_axis(values, order, axis=0)
    tied = (ascending[1:] == ascending[:-1]).any(axis=0)
    if tied.any():
        ranks[:, tied] = average_ranks(values[:, tied])
    return ranks


def _eta_squared(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Share of the variance between batches, in [0, 1]; NaN without variance."""
    centred = values - values.mean(axis=0)
    sums = member.T @ centred
    between = (sums**2 / member.sum(axis=0)[:, None]).sum(axis=0)
    total = (centred**2).sum(axis=0)
    share = np.full(len(total), np.nan)
    np.divide(between, total, out=share, where=total > 0)
    return np.asarray(np.minimum(share, 1.0))


def _brown_forsythe(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    """P value of Levene's test by distances from the median of each batch."""
    groups = [values[rows > 0] for rows in member.T if rows.sum() > 1]
    if len(groups) < 2:
        return np.full(values.shape[1], np.nan)
    spread = [np.abs(group - np.median(group, axis=0)) for group in groups]
    flat = [_flat(*pair) for pair in zip(groups, spread, strict=True)]
    sizes = np.array([len(part) for part in spread], dtype=float)[:, None]
    means = np.array([part.mean(axis=0) for part in spread])
    n, k = sizes.sum(), len(groups)
    mean = (means * sizes).sum(axis=0) / n
    between = (n - k) * (sizes * (means - mean) ** 2).sum(axis=0)
    pairs = zip(spread, means, strict=True)
    within = sum(((part - own) ** 2).sum(axis=0) for part, own in pairs)
    ratio = np.full(values.shape[1], np.nan)
    defined = ~np.all(flat, axis=0) & (within > 0)
    np.divide(between, (k - 1) * within, out=ratio, where=defined)
    return np.asarray(special.fdtrc(k - 1, n - k, ratio))


def _flat(group: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """Features whose values in a batch lie equally far from their median."""
    return np.asarray(
        ~exceeds_rounding(np.ptp(distances, axis=0), np.abs(group).max(axis=0))
    )


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean of the sets (m, p) where a feature is defined."""
    known = ~np.isnan(values)
    total, count = np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0)
    mean = np.full(len(total), np.nan)
    return np.asarray(np.divide(total, count, out=mean, where=count > 0))


def _bonferroni(p_values: np.ndarray) -> np.ndarray:
    """The smallest p value of the sets (m, p) that have one, times their number."""
    count = (~np.isnan(p_values)).sum(axis=0)
    least = np.where(np.isnan(p_values), np.inf, p_values).min(axis=0)
    return np.where(count > 0, np.minimum(least * np.maximum(count, 1), 1.0), np.nan)

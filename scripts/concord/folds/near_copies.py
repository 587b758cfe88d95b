"""Rows of a table that agree in nearly all features: copies under another id.

A table written with fewer digits, or extracted again, makes rows that agree to a part
in ten thousand and not to the last bit.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

#: Largest relative difference of two values that agree.
TOLERANCE = 1e-4
#: Share of the features known in both rows that must agree.
SHARE = 0.9
#: Features that tell subjects apart, at least, that two rows must have in common.
LEAST_FEATURES = 5
#: A feature in which more than this share of all pairs of rows agree tells nothing.
_MOST_ALIKE = 0.2
#: Pairs, of all, that may be expected to agree by chance in what two rows agree in.
_EXPECTED_BY_CHANCE = 1e-3
#: Features by which candidates are found, and pairs that agree in them, at most; of
#: tables with more pairs, which would need hundreds of megabytes, fewer features count.
_MOST_INDEX = 30
_MOST_PAIRS = 2e7
_PAIRS_AT_ONCE = 4096


class Pair(NamedTuple):
    """Two rows that agree, and in how many of the features known in both."""

    first: int
    second: int
    n_equal: int
    n_known: int
    largest: float  # relative difference of the features that agree


class Informative(NamedTuple):
    """Features that tell rows apart, and how often two rows agree in each by chance."""

    columns: np.ndarray
    chance: np.ndarray


def near_copies(values: np.ndarray) -> list[Pair]:
    """Pairs of rows that agree in nearly all features that tell rows apart.

    A feature that is equal for all, or for many pairs, does not tell rows apart, and
    features with the same order of rows count once. A pair must agree in at least
    `LEAST_FEATURES` of them, in the share `SHARE` of those known in both, and in so
    many that fewer than one of a thousand studies would have such a pair by chance, if
    features were independent.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        Features of n subjects; NaN where one is not known.
    """
    told = informative(values)
    if len(told.columns) < LEAST_FEATURES:
        return []
    table = values[:, told.columns]
    evidence = -np.log10(told.chance)
    needed = np.log10(max(float(_n_pairs(len(values))), 1.0) / _EXPECTED_BY_CHANCE)
    found = []
    for pairs in _candidates(table, told.chance):
        first, second = table[pairs[:, 0]], table[pairs[:, 1]]
        difference = relative_difference(first, second)
        equal, known = difference <= TOLERANCE, ~np.isnan(difference)
        n_equal, n_known = equal.sum(axis=1), known.sum(axis=1)
        alike = (n_equal >= SHARE * n_known) & (n_equal >= LEAST_FEATURES)
        alike &= equal @ evidence >= needed
        largest = np.where(equal, difference, 0.0).max(axis=1)
        chosen = zip(
            pairs[alike], n_equal[alike], n_known[alike], largest[alike], strict=True
        )
        found += [
            Pair(int(a), int(b), int(n), int(of), float(size))
            for (a, b), n, of, size in chosen
        ]
    return sorted(found)


def informative(values: np.ndarray) -> Informative:
    """Features of shape (n, p) that tell rows apart; each order of rows counts once."""
    ordered = np.sort(values, axis=0)
    bounds = _bounds(ordered)
    last = np.array(
        [
            np.searchsorted(ordered[:, column], bounds[:, column], side="right")
            for column in range(values.shape[1])
        ]
    ).reshape(values.shape[1], len(values))
    own = np.arange(1, len(values) + 1)
    known = (~np.isnan(values)).sum(axis=0)
    alike = np.where(own <= known[:, None], last - own, 0).sum(axis=1)
    pairs = _n_pairs(known)
    chance = np.maximum(alike, 1) / np.maximum(pairs, 1)
    telling = np.flatnonzero((chance <= _MOST_ALIKE) & (known >= 2))
    once = _each_order_once(values[:, telling])
    return Informative(telling[once], chance[telling][once])


def relative_difference(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Difference over the larger magnitude; 0 if equal, NaN if one is unknown."""
    size = np.maximum(np.abs(first), np.abs(second))
    difference: np.ndarray = np.abs(first - second) / np.where(size > 0, size, 1.0)
    return difference


def _n_pairs(n: int | np.ndarray) -> np.ndarray:
    count = np.asarray(n, dtype=float)
    return np.asarray(count * (count - 1) / 2)


def _bounds(ordered: np.ndarray) -> np.ndarray:
    """Largest value that agrees with each value, among those that are not smaller."""
    return np.where(ordered > 0, ordered / (1 - TOLERANCE), ordered * (1 - TOLERANCE))


def _each_order_once(values: np.ndarray) -> np.ndarray:
    """Numbers of the columns whose rows stand in another order than in all before."""
    seen: set[bytes] = set()
    once = []
    for column in range(values.shape[1]):
        _, ranks = np.unique(values[:, column], return_inverse=True)
        either_way = {ranks.tobytes(), (ranks.max() - ranks).tobytes()}
        if not seen & either_way:
            once.append(column)
        seen |= either_way
    return np.array(once, dtype=int)


def _candidates(table: np.ndarray, chance: np.ndarray) -> Iterator[np.ndarray]:
    """Pairs of rows, shape (m, 2), that agree in half of the most telling features."""
    known = ~np.isnan(table)
    n, often = len(table), known.sum(axis=0)
    order = np.lexsort((chance, often < SHARE * often.max()))
    few = np.cumsum(chance[order]) * _n_pairs(n) <= _MOST_PAIRS
    chosen = order[few][:_MOST_INDEX]
    if not len(chosen):
        return
    counts = _counted(
        np.concatenate([_agreeing(table[:, column]) for column in chosen])
    )
    pairs = np.stack(np.divmod(counts[0], n), axis=1)
    both = known[:, chosen].astype(np.int32)
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        some = pairs[start : start + _PAIRS_AT_ONCE]
        shared = (both[some[:, 0]] & both[some[:, 1]]).sum(axis=1)
        wanted = np.maximum(shared / 2, min(LEAST_FEATURES, len(chosen)) / 2)
        likely = counts[1][start : start + _PAIRS_AT_ONCE] >= wanted
        yield some[likely]


def _counted(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    codes, counts = np.unique(codes, return_counts=True)
    return codes, counts


def _agreeing(column: np.ndarray) -> np.ndarray:
    """Codes ``first * n + second`` of the pairs of rows that agree in a feature."""
    rows = np.argsort(column, kind="stable")[: int((~np.isnan(column)).sum())]
    ordered = column[rows]
    last = np.searchsorted(ordered, _bounds(ordered), side="right")
    reach = last - np.arange(1, len(rows) + 1)
    first = np.repeat(np.arange(len(rows)), reach)
    starts = np.repeat(np.cumsum(reach) - reach, reach)
    second = first + 1 + np.arange(len(first)) - starts
    ends = np.sort(np.stack([rows[first], rows[second]]), axis=0)
    return np.asarray(ends[0].astype(np.int64) * len(column) + ends[1])

"""Rows that lie on the line between two others, as oversampling (SMOTE) makes them.

A model that was fitted to a synthetic row ``a + t (b - a)`` of two neighbours has seen
both of them.
"""

from typing import NamedTuple

import numpy as np

from .near_copies import informative

#: Neighbours among which the two ends of the line are looked for.
NEIGHBOURS = 40
#: Bend of a line, at most, in radian; less where more rows would lie on one by chance.
_MOST_BEND = 0.05
#: Rows that may be expected on a line by chance, were directions uniform.
_EXPECTED_BY_CHANCE = 1e-3
#: Independent directions of the features, at least; in fewer, rows lie on a line by
#: chance.
_LEAST_DIRECTIONS = 6
_MOST_DIRECTIONS = 50
#: Smallest spread of a direction, in standard deviations of a feature.
_LEAST_SPREAD = 0.03
#: Distance, in spreads, of rows that are the same.
_SAME = 1e-6
_ROWS_AT_ONCE = 256


class Between(NamedTuple):
    """A row on the line between two others, and its place on it (0 to 1)."""

    row: int
    first: int
    second: int
    place: float


def interpolated(values: np.ndarray) -> list[Between]:
    """Rows that lie on the line between two of their nearest neighbours.

    Parameters
    ----------
    values : ndarray of float, shape (n, p)
        Features of n subjects; rows with an unknown value are not judged.
    """
    complete = np.flatnonzero(~np.isnan(values).any(axis=1))
    known = values[complete]
    if len(known) < 3:
        return []
    directions = _whitened(known[:, informative(known).columns])
    if directions.shape[1] < _LEAST_DIRECTIONS:
        return []
    found = []
    for start in range(0, len(known), _ROWS_AT_ONCE):
        rows = np.arange(start, min(start + _ROWS_AT_ONCE, len(known)))
        found += _on_lines(directions, rows, _bend(*directions.shape))
    return [
        Between(
            int(complete[one.row]),
            int(complete[one.first]),
            int(complete[one.second]),
            one.place,
        )
        for one in found
    ]


def _whitened(values: np.ndarray) -> np.ndarray:
    """Places of the rows along the main directions, each with a spread of 1.

    Lines stay lines. Directions of little spread hold rounding more than subjects.
    """
    if not values.size:
        return np.zeros((len(values), 0))
    spread = values.std(axis=0)
    table = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    if table.shape[1] > len(table):
        squared, axes = np.linalg.eigh(table @ table.T)
        places = axes
    else:
        squared, axes = np.linalg.eigh(table.T @ table)
        places = table @ axes / np.sqrt(np.maximum(squared, np.finfo(float).tiny))
    wide = squared >= len(table) * _LEAST_SPREAD**2
    widest = places[:, wide][:, ::-1][:, :_MOST_DIRECTIONS]
    return np.asarray(widest * np.sqrt(len(table)))


def _bend(n: int, n_directions: int) -> float:
    """Bend of a line of n rows that chance makes in one of a thousand studies."""
    triples = n * min(NEIGHBOURS, n - 1) ** 2 / 2
    by_chance = (_EXPECTED_BY_CHANCE / triples) ** (1 / (n_directions - 1))
    return min(_MOST_BEND, float(by_chance))


def _on_lines(places: np.ndarray, rows: np.ndarray, bend: float) -> list[Between]:
    """Those of some rows that lie between two of their neighbours."""
    near = _neighbours(places, rows)
    steps = places[near] - places[rows][:, None, :]
    length = np.linalg.norm(steps, axis=2)
    apart = length > _SAME
    unit = steps / np.where(apart, length, 1.0)[:, :, None]
    cosine = unit @ unit.transpose(0, 2, 1)
    straight = (cosine <= -np.cos(bend)) & apart[:, :, None] & apart[:, None, :]
    found = []
    for number in np.flatnonzero(straight.any(axis=(1, 2))):
        ends = np.argwhere(np.triu(straight[number]))
        first, second = min(ends, key=lambda pair: length[number][pair].sum())
        share = length[number, first] / length[number][[first, second]].sum()
        pair = near[number, first], near[number, second]
        found.append(Between(rows[number], *pair, float(share)))
    return found


def _neighbours(places: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Numbers of the nearest other rows of each of some rows, shape (m, k)."""
    squares = (places**2).sum(axis=1)
    distance = squares - 2 * places[rows] @ places.T
    distance[np.arange(len(rows)), rows] = np.inf
    k = min(NEIGHBOURS, len(places) - 1)
    return np.argpartition(distance, k - 1, axis=1)[:, :k]

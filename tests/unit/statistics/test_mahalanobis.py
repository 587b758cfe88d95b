"""Distances of rows, against the formulas written out."""

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis

from concord.statistics.mahalanobis import leave_one_out, limit


@pytest.fixture
def values():
    generator = np.random.default_rng(4)
    mixed = generator.normal(size=(60, 4)) @ generator.normal(size=(4, 4))
    return mixed * [1.0, 1e6, 1e-6, 50.0] + [0.0, 3e6, 1.0, -7.0]


def distances(values, mean, covariance):
    """Distances of rows from a mean, in units of a covariance, one by one."""
    spread = np.sqrt(np.diag(np.atleast_2d(covariance)))
    inverse = np.linalg.inv(covariance / np.outer(spread, spread))
    return np.array([mahalanobis(r / spread, mean / spread, inverse) for r in values])


def test_the_closed_form_is_what_leaving_each_row_out_gives(values):
    expected = []
    for n in range(len(values)):
        others = np.delete(values, n, axis=0)
        mean, covariance = others.mean(axis=0), np.cov(others, rowvar=False)
        expected.append(distances(values[[n]], mean, covariance)[0])
    np.testing.assert_allclose(leave_one_out(values), expected, rtol=1e-7)


def test_columns_that_determine_each_other_have_no_distances(values):
    copied = np.column_stack([values, values[:, 0] - 3 * values[:, 3]])
    assert leave_one_out(copied) is None
    assert leave_one_out(np.ones((30, 1))) is None


def test_a_row_that_alone_spans_a_direction_is_infinitely_far():
    values = np.column_stack([np.random.default_rng(0).normal(size=40), np.zeros(40)])
    values[7, 1] = 1.0
    found = leave_one_out(values)
    assert np.isinf(found[7])
    assert np.isfinite(np.delete(found, 7)).all()
    assert limit(found) is None


@pytest.mark.parametrize(
    ("n", "expected"),
    [(199, 0.01), pytest.param(999, 0.01, marks=pytest.mark.slow), (49, 0.018)],
)
def test_of_rows_like_those_of_development_one_in_a_hundred_is_farther(n, expected):
    """Of fewer than 99 rows, one in n + 1: the limit is the largest distance."""
    generator, beyond = np.random.default_rng(11), []
    mixing = generator.normal(size=(3, 3))
    for _ in range(200):
        rows = generator.standard_t(8, size=(n + 200, 3)) @ mixing
        known, new = rows[:n], rows[n:]
        mean, covariance = known.mean(axis=0), np.cov(known, rowvar=False)
        beyond.append(distances(new, mean, covariance) > limit(leave_one_out(known)))
    assert np.mean(beyond) == pytest.approx(expected, abs=0.003)

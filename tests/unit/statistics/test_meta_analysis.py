"""Random-effects pooling of values of groups."""

import numpy as np
import pytest
from scipy import stats

from concord.statistics.meta_analysis import (
    generalized_q,
    heterogeneity,
    pooled,
    prediction_interval,
    reml_variance,
)

VALUES = np.array([0.9, 0.15, 0.61, -0.35, 0.33, 1.27])
VARIANCES = np.array([0.04, 0.02, 0.09, 0.05, 0.03, 0.015])


def restricted(tau2, values, variances):
    w = 1 / (variances + tau2)
    mean = (w * values).sum() / w.sum()
    distance = (w * (values - mean) ** 2).sum()
    return 0.5 * (np.log(w).sum() - np.log(w.sum()) - distance)


@pytest.mark.parametrize("seed", range(6))
def test_no_variance_is_likelier_than_the_one_of_reml(seed):
    generator = np.random.default_rng(seed)
    variances = generator.uniform(0.01, 0.4, 7)
    values = generator.normal(0, np.sqrt(variances + 0.05 * (seed % 3)))
    found = reml_variance(values, variances)
    grid = np.concatenate([[0.0], np.geomspace(1e-8, 20, 4000)])
    best = max(restricted(one, values, variances) for one in grid)
    assert restricted(found, values, variances) >= best - 1e-9


def test_equal_variances_give_the_closed_forms():
    """Then tau2 is the sample variance less the variance of each value."""
    values, variances = VALUES, np.full(6, 0.02)
    tau2 = reml_variance(values, variances)
    assert tau2 == pytest.approx(values.var(ddof=1) - 0.02, rel=1e-9)
    found = pooled(values, variances, tau2, 0.95)
    low, high = stats.t.interval(
        0.95, 5, values.mean(), values.std(ddof=1) / np.sqrt(6)
    )
    assert (found.lower, found.upper) == pytest.approx((low, high), rel=1e-9)
    half = stats.t.ppf(0.975, 5) * np.sqrt(tau2 + values.var(ddof=1) / 6)
    assert found.prediction_upper - found.estimate == pytest.approx(half, rel=1e-9)


def test_bounds_of_tau2_leave_the_tails_of_chi_squared():
    found = heterogeneity(VALUES, VARIANCES, 0.9)
    for bound, tail in ((found.tau2_lower, 0.95), (found.tau2_upper, 0.05)):
        q = generalized_q(VALUES, VARIANCES, bound)
        assert q == pytest.approx(stats.chi2.ppf(tail, 5), rel=1e-9)
    assert found.tau2_lower < found.tau2 < found.tau2_upper


def test_values_that_are_alike_by_luck_do_not_make_the_interval_narrow():
    alike = np.array([0.500, 0.501, 0.502, 0.499])
    variances = np.full(4, 0.04)
    assert heterogeneity(alike, variances, 0.95).tau2 == 0
    wide = pooled(alike, variances, 0.0, 0.95)
    narrow = pooled(alike, variances, 0.0, 0.95, never_narrower=False)
    assert wide.standard_error == pytest.approx(0.1)
    assert narrow.standard_error < 0.001
    assert wide.prediction_upper == wide.upper


def test_the_mean_moves_with_all_values_and_nothing_else_does():
    one, two = (pooled(VALUES + shift, VARIANCES, 0.3, 0.95) for shift in (0.0, 2.0))
    for name in ("estimate", "lower", "prediction_upper"):
        assert getattr(two, name) == pytest.approx(getattr(one, name) + 2.0)
    assert two.standard_error == pytest.approx(one.standard_error)
    moved = heterogeneity(VALUES + 2.0, VARIANCES, 0.95)
    assert moved.q == pytest.approx(heterogeneity(VALUES, VARIANCES, 0.95).q)


@pytest.mark.parametrize("tau2", [0.0, 0.2])
def test_intervals_hold_the_mean_and_a_new_group_often_enough(tau2):
    """Eight groups of different size; the prediction interval is for a ninth."""
    generator = np.random.default_rng(5)
    variances = np.linspace(0.02, 0.3, 8)
    held = np.zeros(3)
    for _ in range(400):
        values = generator.normal(0.4, np.sqrt(variances + tau2))
        found = pooled(values, variances, reml_variance(values, variances), 0.95)
        new = generator.normal(0.4, np.sqrt(tau2))
        lower, upper = prediction_interval(values, variances, 0.95)
        held += (
            found.lower <= 0.4 <= found.upper,
            found.prediction_lower <= new <= found.prediction_upper,
            lower <= new <= upper,
        )
    mean, usual, better = held / 400
    assert mean >= 0.93
    assert better >= 0.93
    # Which is why the usual interval is not the one that is printed.
    assert usual < 0.90 or tau2 == 0

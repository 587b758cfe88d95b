"""Optimism and the .632+ rule, by hand and by the words of the paper."""

import numpy as np
import pytest

from concord.statistics.optimism import (
    optimism,
    relative_overfitting,
    value_632_plus,
)


def of_the_paper(training_error, bootstrap_error, no_information_error):
    """Equations 24 to 32 of Efron and Tibshirani (1997), with errors."""
    bounded = min(bootstrap_error, no_information_error)
    rate = 0.0
    if bootstrap_error > training_error and no_information_error > training_error:
        rate = (bounded - training_error) / (no_information_error - training_error)
    err_632 = 0.368 * training_error + 0.632 * bootstrap_error
    return (
        err_632
        + (bounded - training_error) * (0.368 * 0.632 * rate / (1 - 0.368 * rate))
        + 0.632 * (bounded - bootstrap_error)
    )


@pytest.mark.parametrize(
    ("apparent", "out"),
    [(0.9, 0.7), (0.8, 0.79), (0.95, 0.5), (0.9, 0.45), (0.7, 0.72), (0.45, 0.4)],
)
def test_the_rule_is_that_of_the_paper(apparent, out):
    found = value_632_plus(apparent, out, 0.5)
    assert found == pytest.approx(1 - of_the_paper(1 - apparent, 1 - out, 0.5))


def test_the_rule_by_hand():
    # R = (0.9 - 0.7) / (0.9 - 0.5) = 0.5, w = 0.632 / (1 - 0.368 / 2) = 0.77451
    assert relative_overfitting(0.9, 0.7, 0.5) == pytest.approx(0.5)
    assert value_632_plus(0.9, 0.7, 0.5) == pytest.approx(0.9 - 0.2 * 0.774509804)
    # No overfitting: the .632 rule. All information lost: no information.
    assert value_632_plus(0.8, 0.8, 0.5) == pytest.approx(0.8)
    assert value_632_plus(0.95, 0.48, 0.5) == pytest.approx(0.5)
    assert relative_overfitting(0.95, 0.48, 0.5) == pytest.approx(1.0)
    assert relative_overfitting(0.7, 0.72, 0.5) == 0.0
    assert relative_overfitting(0.45, 0.4, 0.5) == 0.0


def test_optimism_is_the_mean_difference_over_samples_with_both_values():
    found = optimism(np.array([0.9, 0.8, np.nan, 0.7]), np.array([0.6, 0.7, 0.5, 0.7]))
    assert found == pytest.approx((0.3 + 0.1 + 0.0) / 3)
    assert np.isnan(optimism(np.array([np.nan]), np.array([0.5])))


def test_what_is_undefined_stays_undefined():
    for pair in ((np.nan, 0.5), (0.5, np.nan)):
        assert np.isnan(value_632_plus(*pair, 0.5))
        assert np.isnan(relative_overfitting(*pair, 0.5))

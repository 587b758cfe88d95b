"""Recalibration: other implementations, leaving rows out, and what is undefined."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from scipy import optimize

from concord.statistics.subgroups.recalibration import (
    cox_slope,
    in_the_large,
    logistic_slope,
    logit,
)


def binary(n=80, seed=1):
    generator = np.random.default_rng(seed)
    score = generator.normal(size=n)
    event = (generator.random(n) < 1 / (1 + np.exp(0.4 - score))).astype(float)
    return score, event


def timed(n=90, seed=2):
    generator = np.random.default_rng(seed)
    score, stratum = generator.normal(size=n), np.arange(n) % 3
    time = generator.exponential(np.exp(-0.7 * score))
    return score, (generator.random(n) < 0.7).astype(float), time, stratum


def jackknife(function, arrays):
    """Value less that without each row."""
    whole = function(*arrays).value
    rows = range(len(arrays[0]))
    return np.array(
        [whole - function(*(np.delete(a, row) for a in arrays)).value for row in rows]
    )


def maximum(score, event, weight, free):
    """Intercept and slope of the largest likelihood; the slope is 1 if not free."""

    def loss(point):
        linear = point[0] + (point[1] if free else 1.0) * score
        return (weight * (np.logaddexp(0, linear) - event * linear)).sum()

    start = np.zeros(1 + free)
    return optimize.minimize(loss, start, method="BFGS", options={"gtol": 1e-9}).x


@pytest.mark.parametrize("weighted", [False, True])
def test_logistic_values_maximize_the_likelihood(weighted):
    score, event = binary()
    weight = np.random.default_rng(3).uniform(0.5, 2, 80) if weighted else np.ones(80)
    given = weight if weighted else None
    slope = maximum(score, event, weight, free=True)[1]
    large = maximum(score, event, weight, free=False)[0]
    assert logistic_slope(score, event, given).value == pytest.approx(slope, abs=1e-6)
    assert in_the_large(score, event, given).value == pytest.approx(large, abs=1e-6)


def test_the_cox_slope_is_that_of_lifelines():
    """Without ties all treatments of them agree."""
    score, event, time, stratum = timed()
    table = pd.DataFrame({"x": score, "e": event, "t": time, "s": stratum})
    fit = CoxPHFitter().fit(table, "t", "e", strata=["s"])
    found = cox_slope(score, event, time, stratum).value
    assert found == pytest.approx(fit.params_["x"], abs=1e-6)


@pytest.mark.parametrize("function", [in_the_large, logistic_slope])
def test_influences_are_those_of_leaving_a_row_out(function):
    rows = binary()
    found, expected = function(*rows).influence, jackknife(function, rows)
    assert np.sum(found**2) == pytest.approx(np.sum(expected**2), rel=0.08)
    assert np.corrcoef(found, expected)[0, 1] > 0.999


def test_influences_on_the_cox_slope_are_those_of_leaving_a_row_out():
    rows = timed()
    found, expected = cox_slope(*rows).influence, jackknife(cox_slope, rows)
    assert np.sum(found**2) == pytest.approx(np.sum(expected**2), rel=0.05)
    assert np.corrcoef(found, expected)[0, 1] > 0.999


def test_a_well_calibrated_prediction_has_a_slope_of_one_and_an_intercept_of_zero():
    generator = np.random.default_rng(4)
    score = generator.normal(size=20000)
    event = (generator.random(20000) < 1 / (1 + np.exp(-score))).astype(float)
    assert logistic_slope(score, event).value == pytest.approx(1, abs=0.06)
    assert in_the_large(score, event).value == pytest.approx(0, abs=0.06)


def test_what_the_data_do_not_tell_is_not_a_number():
    score, event, time, stratum = timed()
    separated = (score > 0).astype(float)
    for found in (
        logistic_slope(score, separated),
        logistic_slope(np.ones(90), event),
        in_the_large(score, np.ones(90)),
        cox_slope(np.ones(90), event, time, stratum),
        cox_slope(score, np.zeros(90), time, stratum),
        cox_slope(np.arange(6.0), np.ones(6), -np.arange(6.0), np.zeros(6)),
    ):
        assert np.isnan(found.value)
        assert not found.influence.any()


def test_probabilities_of_zero_and_one_have_large_finite_log_odds():
    found = logit(np.array([0.0, 0.5, 1.0]))
    assert np.isfinite(found).all()
    assert found[1] == pytest.approx(0)
    assert found[0] == pytest.approx(-found[2], rel=1e-3)

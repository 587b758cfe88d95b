"""Weights of members: by hand, never negative, and confirmed by their conditions."""

import numpy as np
import pytest

from concord.errors import FitError
from concord.models.estimators.bounded import minimise_above, violation
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.models.fusion.combination import (
    LEAST_SLOPE,
    NO_SLOPE,
    NO_WEIGHT,
    RIDGE,
    Combination,
    fit_combination,
)
from concord.statistics.outcome_kinds import BINARY, SURVIVAL

NAMES = np.array(["a", "b", "c"])


def outcomes(kind, risk, generator):
    if kind is BINARY:
        return (generator.random(len(risk)) < 1 / (1 + np.exp(-risk))).astype(float)
    y = np.empty(len(risk), dtype=[("event", bool), ("time_days", float)])
    y["time_days"] = np.ceil(generator.exponential(20 * np.exp(-risk)))
    y["event"] = generator.random(len(risk)) < 0.7
    return y


def example(kind, effects=(1.0, 0.6, 0.3), n=400, seed=3):
    generator = np.random.default_rng(seed)
    z = generator.normal(size=(n, len(effects)))
    return z, outcomes(kind, z @ np.array(effects), generator)


KINDS = pytest.mark.parametrize("kind", [BINARY, SURVIVAL], ids=["binary", "survival"])


@KINDS
def test_positive_weights_are_those_of_the_ridge_without_bounds(kind):
    z, y = example(kind)
    found = fit_combination(z, y, kind, "stacking")

    free = (RidgeLogistic if kind is BINARY else RidgeCox)(penalty=RIDGE)
    free.fit_values(NAMES, z, y)
    assert (free.coef_ > 0).all()
    np.testing.assert_allclose(found.weights, free.coef_, rtol=1e-6)
    np.testing.assert_allclose(found.intercept, free.intercept_, atol=1e-7)
    assert found.kkt_residual < 1e-9
    assert found.rescue == ""


@KINDS
def test_a_member_that_points_the_wrong_way_has_no_weight(kind):
    z, y = example(kind, effects=(1.0, -0.8, 0.5))
    found = fit_combination(z, y, kind, "stacking")

    assert found.weights[1] == 0.0
    # The others are those of a fit without it.
    alone = fit_combination(z[:, [0, 2]], y, kind, "stacking")
    np.testing.assert_allclose(found.weights[[0, 2]], alone.weights, rtol=1e-6)
    assert found.kkt_residual < 1e-9


@KINDS
def test_no_other_weights_have_a_larger_likelihood(kind):
    z, y = example(kind, effects=(0.6, -0.4, 0.0), n=120)
    found = fit_combination(z, y, kind, "stacking")
    generator = np.random.default_rng(0)

    best = objective(kind, z, y, found.intercept, found.weights)
    for _ in range(200):
        step = generator.normal(0, 0.2, 4)
        other = np.maximum(found.weights + step[1:], 0)
        intercept = found.intercept + (step[0] if kind is BINARY else 0.0)
        assert objective(kind, z, y, intercept, other) >= best - 1e-12


def objective(kind, z, y, intercept, weights):
    """Penalized mean negative log-likelihood, written down anew."""
    linear = intercept + z @ weights
    penalty = RIDGE / 2 * (weights**2).sum()
    if kind is BINARY:
        return float(np.mean(np.logaddexp(0, linear) - y * linear)) + penalty
    total = 0.0
    for time in np.unique(y["time_days"][y["event"]]):
        at_risk = np.exp(linear[y["time_days"] >= time])
        dying = y["event"] & (y["time_days"] == time)
        tied, n_tied = np.exp(linear[dying]).sum(), dying.sum()
        left = [np.log(at_risk.sum() - k / n_tied * tied) for k in range(n_tied)]
        total += linear[dying].sum() - np.sum(left)
    return -total / len(y) + penalty


@KINDS
def test_without_any_weight_the_mean_takes_its_place(kind):
    z, y = example(kind, effects=(-1.0, -0.5))
    found = fit_combination(z, y, kind, "stacking")

    assert found.rule == "mean"
    assert found.weights.tolist() == [LEAST_SLOPE / 2] * 2
    assert found.rescue == NO_WEIGHT


def test_the_slope_of_a_mean_that_knows_nothing_is_the_least_one():
    z, y = example(BINARY, effects=(-1.0, -0.5))
    found = fit_combination(z, y, BINARY, "mean")

    assert found.weights.sum() == LEAST_SLOPE
    assert found.rescue == NO_SLOPE
    # The probability is the share of events, not that of a score in SD.
    expected = 1 / (1 + np.exp(-found.scores(z)))
    assert expected.mean() == pytest.approx(y.mean(), abs=1e-6)


def test_scores_that_separate_the_outcomes_have_a_finite_weight():
    z = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    found = fit_combination(z, np.array([0.0, 0, 1, 1]), BINARY, "stacking")

    assert 1 < found.weights[0] < 10


def test_a_weighted_subject_counts_as_if_it_were_there_so_many_times():
    z, event = example(BINARY, n=60)
    times = np.where(np.arange(60) % 3 == 0, 2, 1)
    y = np.empty(60, dtype=[("event", float), ("weight", float)])
    y["event"], y["weight"] = event, times

    found = fit_combination(z, y, BINARY, "stacking")
    often = fit_combination(
        np.repeat(z, times, axis=0), np.repeat(event, times), BINARY, "stacking"
    )
    np.testing.assert_allclose(found.weights, often.weights, rtol=1e-8)
    assert found.intercept == pytest.approx(often.intercept)


def test_strata_are_compared_within_themselves():
    z, plain = example(SURVIVAL, n=80)
    fields = [*plain.dtype.descr, ("stratum", "U1")]
    y = np.empty(80, dtype=fields)
    for name in ("event", "time_days"):
        y[name] = plain[name]
    y["stratum"] = np.where(np.arange(80) % 2, "a", "b")
    moved = y.copy()
    moved["time_days"][moved["stratum"] == "a"] += 1e4

    one, two = (fit_combination(z, one, SURVIVAL, "stacking") for one in (y, moved))
    np.testing.assert_allclose(one.weights, two.weights, rtol=1e-8)


def test_outcomes_that_are_all_alike_are_refused():
    with pytest.raises(FitError, match="scored 4 subjects out of inner folds, 0 of"):
        fit_combination(np.ones((4, 2)), np.zeros(4), BINARY, "mean")


def test_a_missing_member_counts_as_zero_or_leaves_its_share_to_the_others():
    z = np.array([[1.0, 2.0], [np.nan, 2.0], [np.nan, np.nan]])
    weights = np.array([0.5, 0.5])

    stacked = Combination("stacking", -1.0, weights).scores(z)
    mean = Combination("mean", -1.0, weights).scores(z)
    assert stacked[:2].tolist() == [0.5, 0.0]
    assert mean[:2].tolist() == [0.5, 1.0]
    assert np.isnan(stacked[2])
    assert np.isnan(mean[2])


def test_the_projected_minimum_of_a_quadratic_is_known():
    hessian = np.array([[2.0, 1.5, 0.0], [1.5, 2.0, 0.0], [0.0, 0.0, 1.0]])
    aim = np.array([1.0, -2.0, 3.0])

    def function(x):
        return (
            0.5 * (x - aim) @ hessian @ (x - aim),
            hessian @ (x - aim),
            hessian,
        )

    lowest = np.array([0.0, 0.0, -np.inf])
    found, residual = minimise_above(function, lowest, np.array([5.0, 5.0, 0.0]))
    # With x2 = 0 held, 2 (x1 - 1) + 1.5 * 2 = 0 would be negative: both are at 0.
    np.testing.assert_allclose(found, [0.0, 0.0, 3.0], atol=1e-10)
    assert residual < 1e-10
    assert violation(found, function(found)[1], lowest) == residual


def test_the_conditions_of_an_optimum_tell_a_bound_from_the_inside():
    gradient, lowest = np.array([0.3, -0.2]), np.zeros(2)

    assert violation(np.array([0.0, 1.0]), gradient, lowest) == pytest.approx(0.2)
    assert violation(np.array([1.0, 0.0]), gradient, lowest) == pytest.approx(0.3)
    assert violation(np.array([0.0, 0.0]), np.array([0.3, 0.2]), lowest) == 0.0

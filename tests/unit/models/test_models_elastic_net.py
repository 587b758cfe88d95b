"""concord.models.estimators.elastic_net: optima that their conditions confirm."""

import numpy as np
import pandas as pd
import pytest

from concord.errors import FitError
from concord.models.estimators.elastic_net import path, quadratic
from concord.models.estimators.elastic_net.likelihoods import LogisticLikelihood
from concord.models.estimators.elastic_net.problem import Problem, departures
from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.outcome_kinds import SURVIVAL

N, P = 80, 30


@pytest.fixture(scope="module")
def columns():
    generator = np.random.default_rng(7)
    shared = np.repeat(generator.normal(size=(N, P // 5)), 5, axis=1)
    return np.asfortranarray(shared + 0.5 * generator.normal(size=(N, P)))


@pytest.fixture(scope="module")
def times():
    """Times with many ties, events and strata."""
    generator = np.random.default_rng(8)
    return (
        generator.random(N) < 0.6,
        generator.integers(1, 12, N).astype(float),
        generator.integers(0, 3, N),
    )


def likelihood(kind, columns, times):
    event, time, strata = times
    made = {
        "logistic": lambda: LogisticLikelihood(event),
        "efron": lambda: PartialLikelihood(event, time),
        "breslow": lambda: PartialLikelihood(event, time, ties="breslow"),
        "strata": lambda: PartialLikelihood(event, time, strata),
    }
    return made[kind]()


KINDS = ["logistic", "efron", "breslow", "strata"]


@pytest.mark.parametrize("kind", KINDS)
def test_slope_and_hessian_are_those_of_the_value(kind, columns, times):
    function = likelihood(kind, columns, times)
    few, point = columns[:, :4], np.array([0.3, -0.2, 0.5, 0.1])
    step = 1e-5

    def value(coefficients):
        return function.at(few @ coefficients).value

    def slope(coefficients):
        return few.T @ function.at(few @ coefficients).slope()

    for j, unit in enumerate(np.eye(4)):
        up, down = point + step * unit, point - step * unit
        found = (value(up) - value(down)) / (2 * step)
        assert slope(point)[j] == pytest.approx(found, abs=1e-9)
        second = (slope(up) - slope(down)) / (2 * step)
        hessian = function.at(few @ point).hessian(few)
        np.testing.assert_allclose(hessian[j], second, atol=1e-8)


@pytest.mark.parametrize("seed", range(20))
def test_a_quadratic_with_absolute_values_ends_at_its_minimum(seed):
    generator = np.random.default_rng(seed)
    root = generator.normal(size=(12, 10))
    curvature = root.T @ root + 0.01 * np.eye(10)
    linear, weight = generator.normal(size=10) * 3, np.r_[0, 0, 6 * generator.random(8)]
    start = generator.normal(size=10) * (generator.random(10) < 0.5)
    found = quadratic.minimum(curvature, linear, weight, start)
    slope = curvature @ found - linear
    assert departures(slope, found, weight, np.zeros(10)).max() < 1e-10
    assert (found[weight > 0] == 0).any()
    assert (found[weight == 0] != 0).all()


@pytest.mark.parametrize("l1_share", [1.0, 0.5, 0.1])
@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_path_meets_its_conditions(kind, l1_share, columns, times):
    factor = np.r_[0.0, 0.0, np.ones(P - 2)]
    problem = Problem(likelihood(kind, columns, times), columns, factor, l1_share)
    largest = path.largest_penalty(problem)
    penalties = largest * np.geomspace(1, 0.02, 15)
    found = path.solutions(problem, penalties)
    assert not found[0].coefficients[2:].any()
    assert np.count_nonzero(found[-1].coefficients) > 10
    for one in found:
        gradient = columns.T @ problem.likelihood.at(columns @ one.coefficients).slope()
        departure = problem.at(one.penalty).departures(gradient, one.coefficients)
        assert departure.max() <= 1e-7
        assert one.kkt_residual <= 1e-7
    alone = path.solution(problem, penalties[9])
    np.testing.assert_allclose(alone.coefficients, found[9].coefficients, atol=1e-6)


def test_the_largest_penalty_is_the_smallest_that_leaves_nothing(columns, times):
    problem = Problem(likelihood("efron", columns, times), columns, np.ones(P), 0.7)
    largest = path.largest_penalty(problem)
    assert not path.solutions(problem, [largest])[0].coefficients.any()
    assert path.solutions(problem, [largest * 0.98])[0].coefficients.any()


@pytest.mark.parametrize("estimator", [RidgeLogistic, RidgeCox])
def test_an_l1_share_of_nearly_nothing_is_a_ridge(estimator, columns, times):
    event, time, _ = times
    names = [f"f{n}" for n in range(P)]
    X = pd.DataFrame(columns, columns=names)
    y = event.astype(float)
    if estimator is RidgeCox:
        y = SURVIVAL.target(pd.DataFrame({"event": event, "time_days": time}))
    ridge = estimator(0.1, ("f0",)).fit(X, y)
    nearly = estimator(0.1, ("f0",), 1e-9).fit(X, y)
    np.testing.assert_allclose(nearly.coef_, ridge.coef_, atol=1e-6)
    lasso = estimator(0.1, ("f0",), 1.0).fit(X, y)
    assert np.count_nonzero(lasso.coef_) < P
    assert lasso.coef_[0] != 0
    assert lasso.kkt_residual_ <= 1e-7
    assert lasso.rescue_ == ""
    again = estimator.from_estimates(lasso.estimates())
    np.testing.assert_array_equal(
        again.decision_function(X), lasso.decision_function(X)
    )


def test_a_covariate_that_separates_is_rescued_beside_a_lasso(columns, times):
    event, _, _ = times
    X = pd.DataFrame(columns[:, :5], columns=[f"f{n}" for n in range(5)])
    X.insert(0, "covariate.tells", event.astype(float))
    model = RidgeLogistic(0.05, ("covariate.tells",), 1.0).fit(X, event.astype(float))
    assert "separates the outcomes" in model.rescue_
    assert np.isfinite(model.coef_).all()


def test_an_elastic_net_that_does_not_converge_becomes_a_ridge(
    columns, times, monkeypatch
):
    def fails(*_):
        raise FitError("it went astray.")

    monkeypatch.setattr(path, "solution", fails)
    event, _, _ = times
    X = pd.DataFrame(columns, columns=[f"f{n}" for n in range(P)])
    model = RidgeLogistic(0.1, (), 0.5).fit(X, event.astype(float))
    assert model.rescue_ == "the elastic net became a ridge: it went astray."
    ridge = RidgeLogistic(0.1).fit(X, event.astype(float))
    np.testing.assert_array_equal(model.coef_, ridge.coef_)

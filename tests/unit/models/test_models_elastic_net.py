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
        "weighted": lambda: LogisticLikelihood(event, time),
        "efron": lambda: PartialLikelihood(event, time),
        "breslow": lambda: PartialLikelihood(event, time, ties="breslow"),
        "strata": lambda: PartialLikelihood(event, time, strata),
    }
    return made[kind]()


KINDS = ["logistic", "weighted", "efron", "breslow", "strata"]


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


@pytest.mark.parametrize("few", [0, 150])
@pytest.mark.parametrize("seed", range(20))
def test_a_quadratic_with_absolute_values_ends_at_its_minimum(seed, few, monkeypatch):
    """With coordinates that leave held at 0 in the one factor, or with a new one."""
    monkeypatch.setattr(quadratic, "_FEW", few)
    monkeypatch.setattr(quadratic, "_MOST_HELD", 0.5)
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


@pytest.mark.parametrize("estimator", [RidgeLogistic, RidgeCox])
def test_an_elastic_net_that_does_not_converge_becomes_a_ridge(
    estimator, columns, times, monkeypatch
):
    def fails(*_):
        raise FitError("it went astray.")

    monkeypatch.setattr(path, "solution", fails)
    y = np.zeros(N, [("event", bool), ("time_days", float), ("stratum", int)])
    y["event"], y["time_days"], y["stratum"] = times
    y = y if estimator is RidgeCox else y["event"].astype(float)
    X = pd.DataFrame(columns, columns=[f"f{n}" for n in range(P)])
    model = estimator(0.1, (), 0.5).fit(X, y)
    assert model.rescue_ == "the elastic net became a ridge: it went astray."
    ridge = estimator(0.1).fit(X, y)
    np.testing.assert_array_equal(model.coef_, ridge.coef_)


@pytest.mark.parametrize("l1_share", [1.0, 0.3])
@pytest.mark.parametrize("kind", KINDS)
def test_a_path_is_loose_and_a_solution_on_it_exact(kind, l1_share, columns, times):
    factor = np.r_[0.0, np.ones(P - 1)]
    problem = Problem(likelihood(kind, columns, times), columns, factor, l1_share)
    falling = path.penalties(problem, 12, 0.1)
    assert falling[0] == pytest.approx(path.largest_penalty(problem))
    np.testing.assert_allclose(np.diff(np.log(falling)), np.log(0.1) / 11)
    found = path.path(problem, falling)
    exact = path.solutions(problem, falling)
    assert len(found) == 12
    for loose, tight in zip(found, exact, strict=True):
        gradient = columns.T @ problem.likelihood.at(loose.linear).slope()
        departure = problem.at(loose.penalty).departures(gradient, loose.coefficients)
        assert departure.max() <= path.LOOSE * loose.penalty
        assert loose.value == pytest.approx(tight.value, abs=1e-4)
    one = path.solution(problem, falling[7])
    np.testing.assert_allclose(one.coefficients, exact[7].coefficients, atol=1e-6)
    assert one.kkt_residual <= path.TIGHT * falling[7]


@pytest.mark.parametrize("l1_share", [1.0, 0.05])
def test_a_path_ends_where_the_model_is_saturated(l1_share):
    generator = np.random.default_rng(3)
    wide = np.asfortranarray(generator.normal(size=(20, 100)))
    event = np.repeat([0.0, 1.0], 10)
    problem = Problem(LogisticLikelihood(event), wide, np.ones(100), l1_share)
    falling = path.penalties(problem, 60, 1e-5)
    found = path.path(problem, falling)
    assert 5 < len(found) < 60
    *_, before, last = found
    assert before.value > 0.001 * np.log(2) > last.value


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_of_a_likelihood_is_below_the_best(kind, columns, times):
    """Reached where whoever has the event has all the risk, all tied ones alike."""
    function, (event, time, _) = likelihood(kind, columns, times), times
    linear = 700.0 * (2 * event - 1)
    if kind not in ("logistic", "weighted"):
        linear = -60.0 * time - 30.0 * ~event
    assert function.at(linear).value == pytest.approx(function.best, abs=1e-8)
    for _ in range(20):
        drawn = 5 * np.random.default_rng(0).normal(size=N)
        assert function.at(drawn).value > function.best


@pytest.mark.parametrize("kind", KINDS)
def test_a_wide_ridge_is_that_of_all_its_columns(kind, columns, times):
    """The path in the row space, beside the same with a trace of absolute values."""
    generator = np.random.default_rng(11)
    wide = np.asfortranarray(np.hstack([columns, generator.normal(size=(N, 2 * N))]))
    factor = np.r_[0.0, 0.0, np.ones(wide.shape[1] - 2)]
    function = likelihood(kind, columns, times)
    problem = Problem(function, wide, factor, 0.0)
    falling = [3.0, 1.0, 0.3]
    traces = path.solutions(Problem(function, wide, factor, 1e-12), falling)
    for one, trace in zip(path.solutions(problem, falling), traces, strict=True):
        np.testing.assert_allclose(one.coefficients, trace.coefficients, atol=1e-8)
        assert one.kkt_residual <= 1e-7
    assert len(path.path(problem, falling)) == 3


@pytest.mark.parametrize("l1_share", [1.0, 0.5, 0.1])
@pytest.mark.parametrize("penalty", [0.1, 0.01])
def test_columns_given_twice_or_constant_need_no_rescue(penalty, l1_share):
    """More columns than rows, strata of which one has no event."""
    generator = np.random.default_rng(4)
    n, p = 50, 70
    shared = np.repeat(generator.normal(size=(n, p // 10)), 10, axis=1)
    values = shared + 0.4 * generator.normal(size=(n, p))
    values[:, 11], values[:, 12], values[:, 20] = values[:, 10], -values[:, 10], 3.0
    X = pd.DataFrame(values, columns=[f"f{number}" for number in range(p)])
    y = np.zeros(n, [("event", bool), ("time_days", float), ("stratum", int)])
    y["stratum"] = generator.integers(0, 4, n)
    y["event"] = (generator.random(n) < 0.7) & (y["stratum"] != 2)
    y["time_days"] = np.ceil(12 * generator.exponential(np.exp(-values[:, 0])))
    for estimator, outcome in ((RidgeLogistic, y["event"]), (RidgeCox, y)):
        model = estimator(penalty, ("f0",), l1_share).fit(X, outcome)
        assert model.rescue_ == ""
        assert model.kkt_residual_ <= 1e-7
        assert model.coef_[20] == 0
        assert np.isfinite(model.coef_).all()
        if l1_share < 1:  # of equal columns, the ridge makes equal coefficients
            np.testing.assert_allclose(
                model.coef_[[11, 12]], model.coef_[10] * np.r_[1, -1], atol=1e-6
            )

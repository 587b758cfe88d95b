"""Ridge models: the optimum is proven, failures are told."""

import numpy as np
import pandas as pd
import pytest

from concord.errors import FitError
from concord.models.estimators.optimizer import minimise
from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.outcome_kinds import SURVIVAL


def survival(event, time):
    return SURVIVAL.target(pd.DataFrame({"event": event, "time_days": time}))


@pytest.fixture
def data():
    generator = np.random.default_rng(5)
    X = pd.DataFrame(generator.normal(size=(80, 4)), columns=list("abcd"))
    event = generator.random(80) < 1 / (1 + np.exp(-X["a"]))
    time = np.ceil(generator.exponential(20 * np.exp(-X["a"])))
    return X, np.asarray(event), np.asarray(time)


def test_cox_by_hand_for_three_subjects():
    """Deaths at 1 (x=1) and 2 (x=0), last one censored: L = e^b/(e^b+2) * 1/2."""
    likelihood = PartialLikelihood(np.array([1, 1, 0], bool), np.array([1.0, 2.0, 3.0]))
    X = np.array([[1.0], [0.0], [0.0]])
    value, gradient, information = likelihood.derivatives(X, np.array([0.3]))
    share = np.exp(0.3) / (np.exp(0.3) + 2)
    assert value == pytest.approx(np.log(share) + np.log(0.5))
    assert gradient[0] == pytest.approx(1 - share)
    assert information[0, 0] == pytest.approx(share * (1 - share))


def test_efron_by_hand_for_two_tied_deaths():
    likelihood = PartialLikelihood(np.array([1, 1, 0], bool), np.array([1.0, 1.0, 1.0]))
    X = np.array([[1.0], [0.0], [0.0]])
    value, *_ = likelihood.derivatives(X, np.array([0.3]))
    risk = np.exp(0.3)
    expected = 0.3 - np.log(risk + 2) - np.log(risk + 2 - 0.5 * (risk + 1))
    assert value == pytest.approx(expected)


def test_derivatives_of_the_partial_likelihood_match_finite_differences(data):
    X, event, time = data
    likelihood = PartialLikelihood(event, time)
    point, step = np.array([0.2, -0.1, 0.3, 0.0]), 1e-5
    _, gradient, information = likelihood.derivatives(X.to_numpy(), point)
    for k, direction in enumerate(np.eye(4) * step):
        high = likelihood.derivatives(X.to_numpy(), point + direction)
        low = likelihood.derivatives(X.to_numpy(), point - direction)
        assert gradient[k] == pytest.approx((high[0] - low[0]) / (2 * step), rel=1e-6)
        slope = -(high[1] - low[1]) / (2 * step)
        np.testing.assert_allclose(information[k], slope, atol=1e-5)


def test_score_statistic_of_each_column_is_gradient_squared_over_information(data):
    X, event, time = data
    likelihood = PartialLikelihood(event, time)
    found = likelihood.score_statistics(X.to_numpy())
    for k, name in enumerate(X):
        _, gradient, information = likelihood.derivatives(X[[name]].to_numpy(), [0.0])
        assert found[k] == pytest.approx(gradient[0] ** 2 / information[0, 0])
    assert np.isnan(likelihood.score_statistics(np.ones((80, 1)))).all()


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_optimum_is_proven_and_the_penalty_shrinks(data, kind):
    X, event, time = data
    model, y = (
        (RidgeLogistic, event)
        if kind == "binary"
        else (RidgeCox, survival(event, time))
    )
    weak, strong = model(0.01).fit(X, y), model(1.0).fit(X, y)
    assert weak.kkt_residual_ < 1e-6
    assert np.linalg.norm(strong.coef_) < np.linalg.norm(weak.coef_)
    free = model(1.0, unpenalized=["a"]).fit(X, y)
    assert abs(free.coef_[0]) > abs(strong.coef_[0])


def test_separating_covariate_gets_a_recorded_ridge():
    X = pd.DataFrame({"covariate.x": np.r_[np.zeros(20), np.ones(20)], "f": 0.1})
    X["f"] = np.random.default_rng(0).normal(size=40)
    event = X["covariate.x"].to_numpy()
    model = RidgeLogistic(0.1, unpenalized=["covariate.x"]).fit(X, event)
    assert "ridge of 0.001" in model.rescue_
    assert model.kkt_residual_ < 1e-6
    assert np.isfinite(model.coef_).all()


def test_covariate_given_twice_gets_a_recorded_ridge(data):
    X, event, time = data
    X = X.assign(e=X["a"])
    model = RidgeCox(unpenalized=list(X.columns)).fit(X, survival(event, time))
    assert "ridge of 0.001" in model.rescue_
    assert model.coef_[0] == pytest.approx(model.coef_[4])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("noise", [0.0, 1e-13])
def test_collinear_covariates_are_noticed_whatever_rounding_does(seed, noise):
    generator = np.random.default_rng(seed)
    X = pd.DataFrame(generator.normal(size=(80, 4)), columns=list("abcd"))
    event = generator.random(80) < 1 / (1 + np.exp(-X["a"].to_numpy()))
    time = np.ceil(generator.exponential(20 * np.exp(-X["a"].to_numpy())))
    X = X.assign(e=X["a"] + noise * generator.normal(size=80))
    cox = RidgeCox(unpenalized=list(X.columns)).fit(X, survival(event, time))
    logistic = RidgeLogistic(unpenalized=list(X.columns)).fit(X, event)
    for model in (cox, logistic):
        assert "the predictors determine each other" in model.rescue_
        assert model.coef_[0] == pytest.approx(model.coef_[4], rel=1e-4)


def test_one_outcome_class_is_refused(data):
    X, event, time = data
    with pytest.raises(FitError, match="hold 0 events in 80 subjects; both"):
        RidgeLogistic().fit(X, event & False)
    with pytest.raises(FitError, match="hold no event in 80 subjects"):
        RidgeCox().fit(X, survival(event & False, time))


def test_model_without_predictors_scores_everyone_alike(data):
    X, event, time = data
    none = X[[]]
    logistic = RidgeLogistic().fit(none, event)
    np.testing.assert_allclose(logistic.predict_proba(none)[:, 1], event.mean())
    cox = RidgeCox().fit(none, survival(event, time))
    assert (cox.decision_function(none) == 0).all()


def test_function_without_a_minimum_is_an_error():
    def slope(point):
        return -float(np.tanh(point[0] / 1e4)), np.full(1, -1e-4), np.full((1, 1), 1e-9)

    with pytest.raises(FitError, match=r"largest gradient 1.0e-04, accepted 1e-06"):
        minimise(slope, np.zeros(1))

"""Fits without a penalty, against other packages; what has no maximum is told."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from scipy.stats import bernoulli
from sklearn.linear_model import LogisticRegression

from concord.errors import FitError
from concord.evaluation.treatment.fits import Outcomes
from concord.models.estimators.partial_likelihood import PartialLikelihood

NAMES = ["treatment", "marker", "age"]
GROUPS = np.arange(90) % 3


def made(seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values (n, 3), events and times with ties; groups have other baselines."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(90, 3)) * [1, 4, 10] + [0, 5, 60]
    values[:, 0] = generator.integers(2, size=90)
    linear = values @ [0.5, 0.1, 0.02] + GROUPS - 2
    times = np.ceil(generator.exponential(20 / np.exp(linear)))
    limit = generator.integers(1, 30, size=90)
    return values, times <= limit, np.minimum(times, limit)


def logistic(values, event):
    """Coefficients, log-likelihood and information with an intercept per group."""
    design = np.hstack([values - values.mean(axis=0), np.eye(3)[GROUPS]])
    model = LogisticRegression(
        C=np.inf, fit_intercept=False, solver="newton-cholesky", tol=1e-12
    ).fit(design, event)
    chance = model.predict_proba(design)[:, 1]
    information = (design * (chance * (1 - chance))[:, None]).T @ design
    likelihood = bernoulli.logpmf(event, chance).sum()
    return model.coef_[0, :3], likelihood, information


def test_with_times_it_is_coxs_model_with_a_baseline_of_each_group():
    values, event, times = made()
    found = Outcomes(event, times, GROUPS).fit(values, NAMES)

    table = pd.DataFrame(values, columns=NAMES).assign(t=times, e=event, g=GROUPS)
    other = CoxPHFitter().fit(table, "t", "e", strata=["g"])
    assert found.log_likelihood == pytest.approx(other.log_likelihood_, rel=1e-9)
    assert found.coefficients == pytest.approx(other.params_.to_numpy(), rel=1e-5)
    errors = np.sqrt(np.diag(found.covariance))
    assert errors == pytest.approx(other.standard_errors_.to_numpy(), rel=1e-5)


def test_events_at_one_time_are_treated_as_declared():
    values, event, times = made()
    efron, breslow = (
        Outcomes(event, times, GROUPS, ties).fit(values, NAMES)
        for ties in ("efron", "breslow")
    )
    whole = PartialLikelihood(event, times, GROUPS, "breslow")

    expected = -len(values) * whole.value(values @ breslow.coefficients)
    assert breslow.log_likelihood == pytest.approx(expected, rel=1e-10)
    assert abs(breslow.log_likelihood - efron.log_likelihood) > 0.01


def test_without_times_it_is_logistic_with_an_intercept_of_each_group():
    values, event, _ = made()
    found = Outcomes(event, None, GROUPS).fit(values, NAMES)

    other, expected, information = logistic(values, event)
    assert found.log_likelihood == pytest.approx(expected, rel=1e-9)
    assert found.coefficients == pytest.approx(other, rel=1e-6)
    covariance = np.linalg.inv(information)[:3, :3]
    assert found.covariance == pytest.approx(covariance, rel=1e-5)


@pytest.mark.parametrize("has_times", [True, False])
def test_units_change_no_likelihood(has_times):
    values, event, times = made()
    outcomes = Outcomes(event, times if has_times else None, GROUPS)
    found = outcomes.fit(values, NAMES)
    scaled = outcomes.fit(values * [1, 1e6, 1] + [0, 3e6, 0], NAMES)

    assert scaled.log_likelihood == pytest.approx(found.log_likelihood, rel=1e-10)
    assert scaled.coefficients[1] == pytest.approx(found.coefficients[1] / 1e6)


@pytest.mark.parametrize("has_times", [True, False])
def test_a_column_that_varies_between_groups_alone_is_named(has_times):
    values, event, times = made()
    values[:, 0] = GROUPS == 1
    outcomes = Outcomes(event, times if has_times else None, GROUPS)

    with pytest.raises(FitError, match="treatment has one value in all subjects"):
        outcomes.fit(values, NAMES)


@pytest.mark.parametrize("has_times", [True, False])
def test_treated_without_an_event_have_no_likeliest_effect(has_times):
    values, event, times = made()
    event = event & (values[:, 0] == 0)
    outcomes = Outcomes(event, times if has_times else None, GROUPS)

    with pytest.raises(FitError, match="treatment separates the outcomes"):
        outcomes.fit(values, NAMES)


def test_groups_without_news_are_told():
    event = np.array([1, 0, 1, 1, 0, 0], dtype=bool)
    groups = np.array([0, 0, 1, 1, 2, 2])

    timed = Outcomes(event, np.arange(6.0), groups)
    assert timed.informing().tolist() == [True] * 4 + [False] * 2
    binary = Outcomes(event, None, groups)
    assert binary.informing().tolist() == [True] * 2 + [False] * 4


def test_a_group_without_news_changes_no_likelihood_but_an_intercept():
    values, event, times = made()
    late = np.where(GROUPS == 2, 0, event).astype(bool)
    kept = GROUPS != 2
    whole = Outcomes(late, times, GROUPS).fit(values, NAMES)
    fewer = Outcomes(late[kept], times[kept], GROUPS[kept]).fit(values[kept], NAMES)

    assert fewer.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-10)
    _, limit, _ = logistic(values, late)
    binary = Outcomes(late[kept], None, GROUPS[kept]).fit(values[kept], NAMES)
    assert binary.log_likelihood == pytest.approx(limit, abs=1e-6)

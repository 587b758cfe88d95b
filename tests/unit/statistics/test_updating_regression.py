"""Regression beside an offset: against a second implementation, and by hand."""

import numpy as np
import pytest
from scipy import special
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression

from concord.statistics.updating.event_trials import (
    event_trials,
    line_errors,
    line_of,
)
from concord.statistics.updating.families import EVENTS
from concord.statistics.updating.hazard_trials import FollowUp
from concord.statistics.updating.regression import fit, maxima


@pytest.fixture
def trials():
    generator = np.random.default_rng(4)
    score = generator.normal(-0.5, 1.3, 150)
    event = (generator.random(150) < special.expit(0.7 + 0.6 * score)).astype(float)
    return event_trials(event, score, np.ones(150), np.arange(150))


def test_intercept_and_slope_are_those_of_a_logistic_regression(trials):
    model = LogisticRegression(C=np.inf, tol=1e-12, max_iter=5000)
    model.fit(trials.offset[:, None], trials.outcome)
    line = line_of(fit(trials, 2).coefficients, trials.offset)
    assert line[1] == pytest.approx(model.coef_[0, 0], abs=1e-6)
    assert line[0] == pytest.approx(model.intercept_[0], abs=1e-6)


def test_slope_and_intercept_solve_the_equations_of_the_likelihood(trials):
    intercept, slope = line_of(fit(trials, 2).coefficients, trials.offset)
    left = trials.outcome - special.expit(intercept + slope * trials.offset)
    assert left.sum() == pytest.approx(0, abs=1e-8)
    assert (left * trials.offset).sum() == pytest.approx(0, abs=1e-8)


def test_the_intercept_makes_expected_events_those_observed(trials):
    def surplus(shift):
        expected = special.expit(trials.offset + shift)
        return (expected - trials.outcome).sum()

    expected = brentq(surplus, -5, 5, xtol=1e-14)
    line = line_of(fit(trials, 1).coefficients, trials.offset)
    assert line == (pytest.approx(expected, abs=1e-8), 1.0)


def test_errors_of_the_line_are_those_of_the_inverse_information(trials):
    found = fit(trials, 2)
    intercept, slope = line_of(found.coefficients, trials.offset)
    columns = np.column_stack([np.ones(150), trials.offset])
    chance = special.expit(intercept + slope * trials.offset)
    information = columns.T @ ((chance * (1 - chance))[:, None] * columns)
    expected = np.sqrt(np.diag(np.linalg.inv(information)))
    assert line_errors(found.covariance, trials.offset) == pytest.approx(expected)


def test_a_weight_of_two_counts_as_two_subjects(trials):
    twice = np.concatenate([np.arange(150), np.arange(50)])
    weight = np.where(np.arange(150) < 50, 2.0, 1.0)
    one = event_trials(trials.outcome, trials.offset, weight, trials.unit)
    other = event_trials(
        trials.outcome[twice], trials.offset[twice], np.ones(200), np.arange(200)
    )
    lines = [line_of(fit(t, 2).coefficients, t.offset) for t in (one, other)]
    assert lines[0] == pytest.approx(lines[1], abs=1e-9)


def test_robust_errors_of_doubled_subjects_are_those_of_single_ones(trials):
    twice = np.tile(np.arange(150), 2)
    doubled = event_trials(
        trials.outcome[twice], trials.offset[twice], np.ones(300), twice
    )
    one, both = fit(trials, 2, robust=True), fit(doubled, 2, robust=True)
    assert both.covariance == pytest.approx(one.covariance, rel=1e-6)
    plain = np.diag(fit(doubled, 2).covariance)
    assert (plain < 0.7 * np.diag(both.covariance)).all()


def test_many_samples_are_fitted_as_each_alone(trials):
    flipped = 1 - trials.outcome
    both = np.stack([trials.outcome, flipped])
    offset = np.stack([trials.offset, trials.offset])
    found, reached = maxima(EVENTS, both, offset, trials.design, trials.weight)
    alone = maxima(EVENTS, both[1:], offset[1:], trials.design, trials.weight)[0]
    assert found[1] == pytest.approx(alone[0], abs=1e-9)
    assert reached.all()


def test_separated_outcomes_are_told_not_to_have_a_maximum():
    score = np.linspace(-2, 2, 40)
    trials = event_trials(score > 0, score, np.ones(40), np.arange(40))
    assert not fit(trials, 2).converged


def test_the_factor_of_a_hazard_is_observed_over_expected_events():
    generator = np.random.default_rng(1)
    score, level = generator.normal(size=80), generator.uniform(0.1, 2, 80)
    event = (generator.random(80) < 0.6).astype(float)
    trials = FollowUp(event, level, score, np.arange(80)).trials()
    expected = event.sum() / (level @ np.exp(score))
    found = fit(trials, 1)
    assert np.exp(found.coefficients[0]) == pytest.approx(expected, rel=1e-10)
    assert found.covariance[0, 0] == pytest.approx(1 / event.sum(), rel=1e-9)


def test_early_and_late_follow_up_expect_half_of_all_events_each():
    generator = np.random.default_rng(2)
    score, level = generator.normal(size=80), generator.uniform(0.1, 2, 80)
    event = (generator.random(80) < 0.6).astype(float)
    trials = FollowUp(event, level, score, np.arange(80)).trials()
    expected = np.exp(trials.offset)
    assert expected[:80].sum() == pytest.approx(expected[80:].sum(), rel=1e-9)
    assert expected.sum() == pytest.approx(level @ np.exp(score), rel=1e-9)
    assert trials.outcome.sum() == event.sum()

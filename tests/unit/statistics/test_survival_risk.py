"""Risks at a horizon: pseudo-observations and Brier scores, by hand and simulated."""

import numpy as np
import pytest

from concord.statistics.competing.cumulative_incidence import cumulative_incidence
from concord.statistics.survival.brier import HorizonBrier, integrated
from concord.statistics.survival.pseudo_values import pseudo_values, reaches, risk_at


def study(n, seed):
    """Times and codes of two causes, with times that are tied."""
    generator = np.random.default_rng(seed)
    time = np.ceil(generator.exponential(30, n))
    return time, generator.choice([0, 1, 2], size=n, p=[0.4, 0.35, 0.25])


@pytest.mark.parametrize("causes", [(1,), (1, 2)])
def test_the_risk_is_the_estimate_of_aalen_and_johansen(causes):
    time, code = study(80, 1)
    code = np.where(np.isin(code, causes), code, 0)

    expected = cumulative_incidence(time, code, 1).at(np.array([25.0]))[0][0]
    assert risk_at(time, code, 1, 25.0) == pytest.approx(expected, rel=1e-12)


def test_pseudo_observations_are_those_of_leaving_each_subject_out():
    time, code = study(40, 2)
    found, whole = pseudo_values(time, code, 1, 30.0), risk_at(time, code, 1, 30.0)
    for place in range(40):
        rest = np.arange(40) != place
        left = risk_at(time[rest], code[rest], 1, 30.0)
        assert found[place] == pytest.approx(40 * whole - 39 * left, abs=1e-10)


def test_without_censoring_pseudo_observations_are_the_outcomes():
    time, code = np.arange(1.0, 9.0), np.array([1, 2, 1, 1, 2, 1, 1, 1])

    found = pseudo_values(time, code, 1, 5.0)
    np.testing.assert_allclose(found, (code == 1) & (time <= 5), atol=1e-12)


def test_a_horizon_that_nobody_reaches_has_no_risk():
    time, code = np.array([1.0, 2.0, 3.0]), np.array([1, 0, 0])

    assert not reaches(time, code, 4.0)
    assert np.isnan(risk_at(time, code, 1, 4.0))
    assert np.isnan(pseudo_values(time, code, 1, 4.0)).all()
    assert reaches(time, np.array([1, 0, 1]), 4.0)
    assert not reaches(np.zeros(0), np.zeros(0, int), 4.0)


def test_without_censoring_the_brier_score_is_the_mean_squared_error():
    time, code = np.array([1.0, 2.0, 6.0, 8.0]), np.array([1, 2, 1, 1])
    risk = np.array([0.9, 0.3, 0.2, 0.4])
    found = HorizonBrier.of(time, code, 1, 5.0).score(risk)

    error = (risk - [1, 0, 0, 0]) ** 2
    assert found.estimate == pytest.approx(error.mean())
    np.testing.assert_allclose(found.influence, error - error.mean(), atol=1e-12)


def test_weights_make_up_for_censored_subjects():
    generator, errors = np.random.default_rng(3), []
    for _ in range(150):
        risk = generator.uniform(0.1, 0.9, 150)
        time = generator.exponential(1 / -np.log1p(-risk))
        limit = generator.exponential(2.0, 150)
        seen, code = np.minimum(time, limit), (time <= limit).astype(int)
        found = HorizonBrier.of(seen, code, 1, 1.0).score(risk)
        truth = np.mean(risk * (1 - risk))
        known = np.mean(((time <= 1.0) - risk) ** 2)
        errors.append((found.estimate - truth, known - truth))
    error = np.array(errors)
    assert abs(error[:, 0].mean()) < 3 * error[:, 0].std() / np.sqrt(150)


def test_the_influences_of_a_brier_score_give_its_scatter():
    generator, values, claimed = np.random.default_rng(4), [], []
    for _ in range(200):
        risk = generator.uniform(0.1, 0.9, 100)
        time = generator.exponential(1 / -np.log1p(-risk))
        limit = generator.exponential(1.5, 100)
        seen, code = np.minimum(time, limit), (time <= limit).astype(int)
        found = HorizonBrier.of(seen, code, 1, 1.0).score(risk)
        values.append(found.estimate)
        claimed.append((found.influence**2).sum() / 100**2)
    assert np.sqrt(np.mean(claimed)) == pytest.approx(np.std(values), rel=0.2)


def test_the_influences_of_a_brier_score_are_those_of_leaving_each_subject_out():
    generator = np.random.default_rng(5)
    time, code = study(200, 5)
    risk = generator.uniform(0.1, 0.6, 200)
    found = HorizonBrier.of(time, code, 1, 25.0).score(risk)
    left = []
    for place in range(200):
        rest = np.arange(200) != place
        other = HorizonBrier.of(time[rest], code[rest], 1, 25.0).score(risk[rest])
        left.append(199 * (found.estimate - other.estimate))
    # Equal but for the ties of one day, and to first order.
    np.testing.assert_allclose(found.influence, left, atol=0.02)
    assert np.corrcoef(found.influence, left)[0, 1] > 0.999


def test_an_event_counts_as_followed_on_the_day_of_a_censoring():
    time, code = np.array([5.0, 5.0, 9.0, 9.0]), np.array([1, 0, 1, 1])
    found = HorizonBrier.of(time, code, 1, 6.0)

    np.testing.assert_allclose(found.weight, [1.0, 0.0, 1.5, 1.5])


def test_a_score_is_integrated_from_zero_by_straight_lines():
    found = integrated(np.array([1.0, 3.0]), np.array([0.1, 0.3]))

    assert found == pytest.approx((0.05 * 1 + 0.2 * 2) / 3)
    both = integrated(np.array([1.0, 3.0]), np.array([[0.1, 0.3], [0.2, 0.6]]))
    assert both[1] == pytest.approx(2 * found)

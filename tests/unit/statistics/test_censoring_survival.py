"""Estimate of the time to censoring: by hand, its steps, and the ties of one day."""

import numpy as np

from concord.statistics.survival.censoring_survival import CensoringSurvival


def estimate(days, censored, event=None):
    censored = np.array(censored, dtype=bool)
    event = ~censored if event is None else np.array(event, dtype=bool)
    return CensoringSurvival.of(np.array(days, dtype=float), censored, event)


def test_the_estimate_steps_down_at_each_censoring():
    # Two of five are still followed at day 3, four at day 2.
    found = estimate([1, 2, 2, 3, 9], [0, 1, 1, 1, 0])

    np.testing.assert_allclose(
        found.at(np.array([0, 1.9, 2, 2.5, 3, 99])), [1, 1, 1 / 2, 1 / 2, 1 / 4, 1 / 4]
    )


def test_just_before_a_day_its_own_censorings_have_not_happened():
    found = estimate([1, 2, 2, 3, 9], [0, 1, 1, 1, 0])

    np.testing.assert_allclose(
        found.before(np.array([2, 2.5, 3, 3.1])), [1, 1 / 2, 1 / 2, 1 / 4]
    )


def test_of_an_event_and_a_censoring_on_one_day_the_event_is_the_earlier():
    found = estimate([5, 5, 8], [0, 1, 0])

    np.testing.assert_allclose(found.at(np.array([5.0])), [1 / 2])


def test_a_subject_without_event_or_censoring_is_at_risk_on_his_last_day():
    found = estimate([5, 5, 8], [0, 1, 0], event=[0, 0, 0])

    np.testing.assert_allclose(found.at(np.array([5.0])), [2 / 3])


def test_nobody_is_followed_on_after_the_last_day_if_it_is_a_censoring():
    found = estimate([1, 4], [0, 1])

    np.testing.assert_array_equal(found.at(np.array([3.0, 4.0])), [1, 0])


def test_without_censoring_everybody_is_followed():
    found = estimate([1, 4], [0, 0])

    np.testing.assert_array_equal(found.at(np.array([0.0, 9.0])), [1, 1])
    np.testing.assert_array_equal(found.before(np.array([0.0, 9.0])), [1, 1])


def test_the_estimate_meets_the_truth():
    generator = np.random.default_rng(4)
    time, limit = generator.exponential(1, 20_000), generator.exponential(2, 20_000)
    found = estimate(np.minimum(time, limit), limit < time)

    asked = np.array([0.2, 0.7, 1.4])
    np.testing.assert_allclose(found.at(asked), np.exp(-asked / 2), atol=0.015)

"""Weights of outcomes at a horizon: by hand, and unbiased against the truth."""

import numpy as np
import pytest

from concord.statistics.censoring import followed, horizon_weights
from concord.statistics.discrimination import pair_counts

NAN = np.nan


def test_weights_are_those_of_the_kaplan_meier_estimate_of_censoring():
    # Lost at 2 (of four who were followed beyond) and at 4 (of two).
    days = np.array([1.0, 2.0, 3.0, 4.0, 9.0])
    event = np.array([1.0, NAN, 1.0, NAN, 0.0])
    staying = np.array([1, 3 / 4, 3 / 8])

    found = horizon_weights(event, days)

    expected = 1 / staying
    np.testing.assert_allclose(found[[0, 2, 4]], expected / expected.mean())
    assert np.isnan(found[[1, 3]]).all()


def test_of_an_event_and_a_censoring_on_one_day_the_event_is_the_earlier():
    days = np.array([5.0, 5.0, 8.0])
    known, event = np.array([True, False, True]), np.array([True, False, False])

    np.testing.assert_allclose(followed(days, known, event), [1, 1, 0.5])


def test_without_censoring_all_weigh_the_same():
    event = np.array([1.0, 0.0, 0.0, NAN])

    found = horizon_weights(event, np.array([3.0, 20.0, 30.0, NAN]))

    np.testing.assert_array_equal(found[:3], 1.0)


def test_nobody_known_has_no_weight():
    assert np.isnan(horizon_weights(np.full(3, NAN), np.array([1.0, 2.0, NAN]))).all()


def test_weights_add_up_to_everybody_who_was_followed_at_all():
    generator = np.random.default_rng(5)
    days, known, event = horizon(*simulated(generator, 300))
    weights = 1 / followed(np.where(known & ~event, np.inf, days), known, event)

    assert weights[known].sum() == pytest.approx(300)


def simulated(generator, n, strength=1.0):
    """Score, time to event and to censoring, without any relation of the last."""
    score = generator.normal(size=n)
    time = generator.exponential(np.exp(-strength * score))
    return score, time, generator.exponential(1.2, n)


def horizon(score, time, censored, at=1.0):
    days, happened = np.minimum(time, censored), time <= np.minimum(censored, at)
    return days, happened | (days >= at), happened


def bias(generator, n_studies, n, strength):
    """Mean error of risk and AUC at the horizon, with weights and without."""
    errors = []
    for _ in range(n_studies):
        score, time, censored = simulated(generator, n, strength)
        days, known, happened = horizon(score, time, censored)
        event = np.where(known, happened.astype(float), NAN)
        weight = horizon_weights(event, days)
        truth = (time <= 1.0).astype(float)
        area = float(pair_counts(truth, score).value)
        own, scores, w = event[known], score[known], weight[known]
        errors.append(
            [
                np.average(own, weights=w) - truth.mean(),
                float(pair_counts(own, scores, weight=w).value) - area,
                own.mean() - truth.mean(),
                float(pair_counts(own, scores).value) - area,
            ]
        )
    found = np.array(errors)
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(n_studies)


def test_weights_make_up_for_who_is_censored_early_and_leaving_out_does_not():
    mean, error = bias(np.random.default_rng(11), 200, 150, 1.0)

    assert np.all(np.abs(mean[:2]) < 3 * error[:2])
    # Whoever is left out was mostly without an event.
    assert mean[2] > 20 * error[2]


def test_on_noise_the_weighted_auc_is_one_half():
    mean, error = bias(np.random.default_rng(12), 200, 60, 0.0)

    assert abs(mean[1]) < 3 * error[1]

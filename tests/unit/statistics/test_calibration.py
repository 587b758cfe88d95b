"""Calibration: known shifts and slopes, smoothing by hand, chance of distances."""

import numpy as np
import pytest
from scipy import special

from concord.statistics.calibration.distances import Distances, expected_ici
from concord.statistics.calibration.links import CLOGLOG, LOGIT
from concord.statistics.calibration.lowess import Lowess
from concord.statistics.calibration.regression import (
    calibration_in_the_large,
    calibration_line,
    calibration_slope,
)
from concord.statistics.calibration.spiegelhalter import spiegelhalter_z


def study(n, seed, shift=0.0, steepness=1.0):
    """Events, and predictions that are too high by `shift` and too steep."""
    generator = np.random.default_rng(seed)
    truth = generator.normal(-0.5, 1.0, n)
    event = (generator.random(n) < special.expit(truth)).astype(float)
    return event, steepness * truth + shift


@pytest.mark.parametrize("link", [LOGIT, CLOGLOG])
def test_a_link_and_its_mean_undo_each_other_and_its_slope_is_a_derivative(link):
    p = np.array([0.001, 0.2, 0.5, 0.9])
    eta, step = link.of(p), 1e-6

    np.testing.assert_allclose(link.mean(eta), p, rtol=1e-9)
    slope = (link.mean(eta + step) - link.mean(eta - step)) / (2 * step)
    np.testing.assert_allclose(link.slope(eta), slope, rtol=1e-6)
    assert np.isfinite(link.of(np.array([0.0, 1.0]))).all()


def test_a_shift_and_a_steepness_are_found():
    event, predictor = study(40_000, 1, shift=0.7, steepness=2.0)
    ones = np.ones(len(event))

    slope = calibration_slope(event, predictor, ones, LOGIT)
    assert slope.estimate == pytest.approx(0.5, abs=0.03)
    event, predictor = study(40_000, 2, shift=0.7)
    large = calibration_in_the_large(event, predictor, ones, LOGIT)
    assert large.estimate == pytest.approx(-0.7, abs=0.05)


def test_the_influences_are_those_of_leaving_each_subject_out():
    event, predictor = study(60, 3, steepness=1.5)
    ones = np.ones(60)
    whole = calibration_line(event, predictor, ones, LOGIT)
    for place in (0, 17, 59):
        rest = np.arange(60) != place
        left = calibration_line(event[rest], predictor[rest], ones[rest], LOGIT)
        for found, other in zip(whole, left, strict=True):
            moved = found.estimate - other.estimate
            assert found.influence[place] == pytest.approx(moved, rel=0.05, abs=2e-3)


def test_twice_the_weight_is_the_same_subject_twice():
    event, predictor = study(40, 4)
    weight = np.where(np.arange(40) < 10, 2.0, 1.0)
    again = np.concatenate([np.arange(40), np.arange(10)])

    weighted = calibration_slope(event, predictor, weight, LOGIT)
    doubled = calibration_slope(event[again], predictor[again], np.ones(50), LOGIT)
    assert weighted.estimate == pytest.approx(doubled.estimate, rel=1e-8)


def test_separated_outcomes_and_equal_predictions_have_no_slope():
    predictor = np.linspace(-2, 2, 20)
    ones = np.ones(20)

    separated = calibration_slope((predictor > 0).astype(float), predictor, ones, LOGIT)
    event = np.arange(20) % 2.0
    equal = calibration_slope(event, np.zeros(20), ones, LOGIT)
    assert np.isnan(separated.estimate)
    assert np.isnan(equal.estimate)
    assert np.isnan(equal.influence).all()


def test_a_model_that_knows_nothing_is_not_called_wrong_by_its_folds():
    """Means of folds fall where the events kept from them rise: a slope of -4."""
    event = np.tile([1.0, 0.0], 50)
    fold = np.repeat(np.arange(5), 20)
    event[:20], event[20:40] = (np.arange(20) < 8), (np.arange(20) < 12)
    mean = np.array([event[fold != k].mean() for k in range(5)])
    noise = 1e-3 * np.random.default_rng(1).normal(size=100)
    predictor = special.logit(mean)[fold] + noise
    centre = np.array([predictor[fold == k].mean() for k in range(5)])[fold]

    pooled = calibration_slope(event, predictor, np.ones(100), LOGIT)
    within = calibration_slope(event, predictor, np.ones(100), LOGIT, centre)
    assert pooled.estimate < -3
    error = np.sqrt((within.influence**2).sum())
    assert abs(within.estimate - 1) < 3 * error


def test_intervals_of_calibrated_predictions_cover_their_truth():
    covered = []
    for seed in range(150):
        event, predictor = study(120, 100 + seed)
        ones = np.ones(120)
        large = calibration_in_the_large(event, predictor, ones, LOGIT)
        slope = calibration_slope(event, predictor, ones, LOGIT)
        errors = [np.sqrt((one.influence**2).sum()) for one in (large, slope)]
        away = abs(large.estimate), abs(slope.estimate - 1)
        covered.append([a < 1.96 * e for a, e in zip(away, errors, strict=True)])
    share = np.mean(covered, axis=0)
    assert (share > 0.89).all()


def test_smoothing_draws_a_straight_line_through_a_straight_line():
    x = np.linspace(0, 1, 30)
    found = Lowess.of(x).at(0.2 + 0.5 * x, np.array([0.0, 0.33, 1.0]))

    np.testing.assert_allclose(found, [0.2, 0.365, 0.7], atol=1e-12)


def test_equal_predictions_are_smoothed_to_their_mean():
    event = np.array([0.0, 1.0, 1.0, 1.0])
    found = Lowess.of(np.full(4, 0.3)).at(event, np.array([0.3, 0.4]))

    np.testing.assert_allclose(found, 0.75)


def test_influences_of_a_curve_add_up_to_its_change():
    event, predictor = study(50, 6)
    p = special.expit(predictor)
    smoother, points = Lowess.of(p), np.array([0.2, 0.5])
    moved = smoother.influence(np.ones(50), points).sum(axis=1)

    changed = smoother.at(event + 1.0, points) - smoother.at(event, points)
    np.testing.assert_allclose(moved, changed)


def test_distances_are_those_of_the_curve():
    x = np.linspace(0.1, 0.8, 20)
    found = Distances.of(Lowess.of(x), x + 0.1, x)

    np.testing.assert_allclose([found.ici, found.e50, found.e90, found.emax], 0.1)


def test_the_distance_that_chance_makes_is_that_of_calibrated_predictions():
    known, expected = [], []
    for seed in range(40):
        event, predictor = study(100, 300 + seed)
        p = special.expit(predictor)
        smoother = Lowess.of(p)
        known.append(Distances.of(smoother, event, p).ici)
        expected.append(expected_ici(smoother, event, p, np.arange(100)))
    assert np.mean(expected) == pytest.approx(np.mean(known), rel=0.15)
    assert min(expected) > 0


def test_spiegelhalter_finds_predictions_that_are_too_extreme():
    z = [spiegelhalter_z(e, special.expit(p)) for e, p in [study(400, 7)]]
    event, predictor = study(400, 7, steepness=2.0)

    assert abs(z[0]) < 2.5
    assert spiegelhalter_z(event, special.expit(predictor)) > 4
    assert np.isnan(spiegelhalter_z(np.array([1.0]), np.array([0.5])))

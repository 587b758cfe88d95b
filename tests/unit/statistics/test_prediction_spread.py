"""Spread of predictions over models, and local lines."""

import numpy as np
import pytest

from concord.statistics.instability.local_line import local_line
from concord.statistics.instability.prediction_spread import (
    changed_share,
    prediction_spread,
)


def test_quantiles_and_mean_absolute_difference_are_those_of_each_subject():
    original = np.array([0.5, 0.2, np.nan])
    samples = np.array([[0.4, 0.2, 0.1], [0.8, np.nan, 0.1], [0.6, np.nan, 0.1]])
    found = prediction_spread(original, samples)
    assert found.n.tolist() == [3, 1, 3]
    assert found.mape[:2] == pytest.approx([(0.1 + 0.3 + 0.1) / 3, 0.0])
    assert np.isnan(found.mape[2])
    assert found.median == pytest.approx([0.6, 0.2, 0.1])
    assert found.lower[0] == pytest.approx(np.quantile([0.4, 0.8, 0.6], 0.025))


def test_a_subject_without_a_prediction_has_no_spread():
    found = prediction_spread(np.array([0.5]), np.full((4, 1), np.nan))
    assert found.n.tolist() == [0]
    assert np.isnan([found.mape[0], found.lower[0], found.upper[0]]).all()


def test_changed_share_counts_models_that_have_a_class():
    original = np.array([1.0, 0.0, np.nan])
    samples = np.array([[1, 1, 1], [0, np.nan, 1], [0, 0, 0], [1, 0, 0]], dtype=float)
    assert changed_share(original, samples)[:2] == pytest.approx([0.5, 1 / 3])
    assert np.isnan(changed_share(original, samples)[2])


def test_a_straight_line_is_found_anywhere():
    x = np.sort(np.random.default_rng(1).random(40))
    at = np.linspace(0, 1, 7)
    assert local_line(x, 2 - 3 * x, at) == pytest.approx(2 - 3 * at)


def weighted_line(x, y, place, span):
    """Height of a line fitted by numpy to the nearest subjects, tricube weights."""
    n_near = int(np.floor(span * len(x)))
    distance = np.abs(x - place)
    reach = np.sort(distance)[n_near - 1]
    weight = np.where(distance < reach, (1 - (distance / reach) ** 3) ** 3, 0)
    return np.polyval(np.polyfit(x, y, 1, w=np.sqrt(weight)), place)


def test_local_lines_are_weighted_least_squares():
    generator = np.random.default_rng(2)
    x = np.sort(generator.random(60))
    y, at = (generator.random(60) < x).astype(float), np.linspace(0, 1, 9)
    expected = [weighted_line(x, y, place, 0.75) for place in at]
    assert local_line(x, y, at) == pytest.approx(expected, abs=1e-9)


def test_equal_predictions_have_their_mean():
    x, y = np.array([0.3] * 6 + [0.9]), np.array([1, 0, 0, 1, 0, 0, 1.0])
    assert local_line(x, y, np.array([0.3])) == pytest.approx([1 / 3])

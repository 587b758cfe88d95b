"""Nogueira's index: hand values, a second implementation, chance and coverage."""

import itertools

import numpy as np
import pytest

from concord.statistics.instability.selection_stability import selection_stability


def kuncheva(selected):
    """Mean over pairs of Kuncheva's index, of sets of one size."""
    p, k = selected.shape[1], selected[0].sum()
    pairs = itertools.combinations(selected, 2)
    return np.mean([((a & b).sum() * p - k**2) / (k * (p - k)) for a, b in pairs])


def sets_of_one_size(generator, n_fits=12, p=30, k=6, kept=3):
    selected = np.zeros((n_fits, p), dtype=bool)
    selected[:, :kept] = True
    for row in selected:
        row[kept + generator.choice(p - kept, k - kept, replace=False)] = True
    return selected


def test_hand_values_of_two_fits():
    """Sets {1, 2} and {1, 3} of four features agree as by chance: 1 - 0.25 / 0.25."""
    pair = np.array([[1, 1, 0, 0], [1, 0, 1, 0]], dtype=bool)
    assert selection_stability(pair, 0.95).value == pytest.approx(0.0)
    assert selection_stability(pair[[0, 0]], 0.95).value == pytest.approx(1.0)
    other = np.array([[1, 1, 0, 0], [0, 0, 1, 1]], dtype=bool)
    assert selection_stability(other, 0.95).value == pytest.approx(-1.0)


def test_of_sets_of_one_size_it_is_the_mean_of_kunchevas_index():
    selected = sets_of_one_size(np.random.default_rng(1))
    found = selection_stability(selected, 0.95)
    assert found.value == pytest.approx(kuncheva(selected), abs=1e-12)


def test_the_error_is_nearly_that_of_leaving_fits_out():
    generator = np.random.default_rng(2)
    selected = generator.random((80, 25)) < np.linspace(0.05, 0.9, 25)
    found = selection_stability(selected, 0.95)
    left = [
        selection_stability(np.delete(selected, row, axis=0), 0.95).value
        for row in range(80)
    ]
    jackknife = np.sqrt(79 / 80 * ((left - np.mean(left)) ** 2).sum())
    assert found.standard_error == pytest.approx(jackknife, rel=0.05)
    assert found.upper - found.value == pytest.approx(1.96 * found.standard_error, 1e-3)


def test_random_sets_have_a_stability_of_zero_and_intervals_hold_it():
    generator = np.random.default_rng(3)
    found = [
        selection_stability(sets_of_one_size(generator, n_fits=40, kept=0), 0.95)
        for _ in range(200)
    ]
    values = np.array([one.value for one in found])
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(len(values))
    held = np.mean([one.lower <= 0 <= one.upper for one in found])
    assert 0.88 <= held <= 0.99


@pytest.mark.parametrize(
    "selected", [np.ones((1, 4)), np.ones((5, 4)), np.zeros((5, 4)), np.zeros((5, 0))]
)
def test_where_nothing_is_chosen_there_is_no_stability(selected):
    found = selection_stability(selected.astype(bool), 0.95)
    assert np.isnan([found.value, found.standard_error, found.lower]).all()

"""Where a value lies among permuted ones, and batch prediction by rows."""

import numpy as np
import pytest

from concord.harmonization.diagnostics import batch_prediction
from concord.harmonization.diagnostics.batch_tests import averaged, batch_effects
from concord.harmonization.diagnostics.permuted_batches import null_of


def test_a_value_is_outside_the_band_exactly_if_its_p_is_at_most_2_5_percent():
    null = np.arange(1.0, 100.0)
    assert null_of(98.5, null)["p_value"] == pytest.approx(0.02)
    for value in (0.5, 2.0, 50.0, 97.0, 97.5, 98.0, 98.5, 99.5):
        found = null_of(value, null)
        above, below = value > found["null_upper"], value < found["null_lower"]
        assert above == (found["p_value"] <= 0.025)
        assert below == ((1 + np.sum(null <= value)) / 100 <= 0.025)


def test_fewer_than_99_permutations_have_a_p_and_no_band():
    found = null_of(3.0, [1.0, 2.0, np.nan])
    assert found["n_permutations"] == 2
    assert found["p_value"] == pytest.approx(1 / 3)
    assert np.isnan(found["null_upper"])
    assert np.isnan(null_of(np.nan, [1.0])["p_value"])
    assert null_of(0.5, [])["n_permutations"] == 0


def test_a_value_equal_to_permuted_ones_but_for_rounding_does_not_exceed_them():
    assert null_of(0.3, [0.1 + 0.2] * 99)["p_value"] == 1.0


@pytest.mark.parametrize("n_features", [5, 40, 300])
def test_the_discriminant_by_rows_is_that_by_features(n_features):
    generator = np.random.default_rng(n_features)
    train = generator.normal(size=(30, n_features)) * generator.gamma(
        2, size=n_features
    )
    test = generator.normal(size=(12, n_features))
    member = np.eye(3)[generator.permutation(np.arange(30) % 3)]
    average = (member / member.sum(axis=0)).T
    by_rows, by_features = (
        solve(train, test, average, member)
        for solve in (batch_prediction._by_rows, batch_prediction._by_features)
    )
    for one, other in zip(by_rows, by_features, strict=True):
        assert one == pytest.approx(other, rel=1e-7, abs=1e-7 * np.abs(other).max())


def test_effects_of_features_with_gaps_are_those_of_their_own_rows():
    generator = np.random.default_rng(1)
    values = generator.normal(size=(24, 5))
    values[:6, 2] = np.nan
    values[:, 4] = 1.0
    batch = np.array(list("abc") * 8)
    found = batch_effects(values, batch)
    alone = batch_effects(values[6:, 2:3], batch[6:])
    for name in found:
        assert found[name][2] == pytest.approx(alone[name][0])
    assert found["n"].tolist() == [24, 24, 18, 24, 24]
    assert np.isnan(found["eta_squared"][4])


def test_p_values_of_two_halves_are_bonferronis():
    half = {
        "n": np.array([5, 5]),
        "eta_squared": np.array([0.2, np.nan]),
        "chance": np.array([0.1, 0.1]),
        "p_value": np.array([0.03, np.nan]),
        "spread_p_value": np.array([0.8, 0.9]),
    }
    other = half | {"p_value": np.array([0.5, 0.2])}
    found = averaged([half, other])
    assert found["p_value"].tolist() == [0.06, 0.2]
    assert found["spread_p_value"].tolist() == [1.0, 1.0]
    assert found["n"].tolist() == [10, 10]
    assert np.isnan(found["eta_squared"][1])

"""Rubin's rules: values by hand."""

import numpy as np

from concord.statistics.rubin import pooled


def test_rules_give_the_values_that_a_hand_calculation_gives():
    """m = 3, estimates 1, 2, 3, standard errors 1, 2, 1; and three equal ones."""
    found = pooled(
        np.array([[1.0, 4.0], [2.0, 4.0], [3.0, 4.0]]),
        np.array([[1.0, 0.5], [4.0, 0.5], [1.0, 0.5]]),
    )

    np.testing.assert_allclose(found.estimate, [2, 4])
    np.testing.assert_allclose(found.within, [2, 0.5])
    np.testing.assert_allclose(found.between, [1, 0])
    np.testing.assert_allclose(found.total, [2 + 4 / 3, 0.5])
    # (m - 1) (1 + W / ((1 + 1/m) B))^2 = 2 (1 + 2 / (4/3))^2
    np.testing.assert_allclose(found.degrees_of_freedom, [12.5, np.inf])
    np.testing.assert_array_equal(found.known_degrees_of_freedom(), [12.5, np.nan])


def test_variances_that_are_unknown_leave_the_estimate():
    found = pooled(np.array([[1.0], [3.0]]), np.full((2, 1), np.nan))

    assert found.estimate.tolist() == [2.0]
    assert found.between.tolist() == [2.0]
    assert np.isnan(found.total).all()

"""The band of permuted values and the p-value say the same."""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.null_band import band, p_value
from concord.evaluation.null_tests import null_tests


@pytest.mark.parametrize("n", [99, 100, 118, 119, 199, 1000])
def test_a_value_lies_above_the_band_exactly_if_its_p_is_at_most_one_in_forty(n):
    generator = np.random.default_rng(n)
    # Whole numbers: many of the permuted values are equal.
    permuted = generator.integers(0, 60, n).astype(float)
    found = band(permuted)
    for value in np.arange(-1, 61, 0.5):
        above, below = p_value(value, permuted), p_value(-value, -permuted)
        place = found.place(value)
        assert (place == "above") == (above <= 0.025)
        assert (place == "below") == (below <= 0.025)


def test_below_99_values_there_is_no_band():
    few = np.linspace(0.4, 0.6, 98)
    assert np.isnan(band(few).upper)
    assert band(few).place(0.9) is None


@pytest.mark.parametrize("n", [20, 98])
def test_few_permutations_have_a_p_value_and_a_range_but_no_place(n):
    head = {"endpoint": "e", "arm": "a", "scheme": "cv", "metric": "auc"}
    values = {"stratum": "all", "estimate": 0.7, "first_repeat": 0.9}
    null = pd.DataFrame([head | {"estimate": 0.5 + k / 1000} for k in range(n)])
    row = null_tests(pd.DataFrame([head | values]), null).iloc[0]
    assert row["p_value"] == pytest.approx(1 / (n + 1))
    assert row["place"] is None
    assert np.isnan(row["null_upper"])
    assert row["null_highest"] == 0.5 + (n - 1) / 1000
    assert "99" in row["reason"]


def test_the_first_repeat_is_compared_and_not_the_mean_of_all():
    head = {"endpoint": "e", "arm": "a", "scheme": "cv", "metric": "auc"}
    values = {"stratum": "all", "estimate": 0.7, "first_repeat": 0.4}
    null = pd.DataFrame([head | {"estimate": 0.5} for _ in range(99)])
    row = null_tests(pd.DataFrame([head | values]), null).iloc[0]
    assert row["p_value"] == 1
    assert row["place"] == "below"

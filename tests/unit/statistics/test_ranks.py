"""Average ranks of columns against scipy's."""

import numpy as np
import pytest
from scipy.stats import rankdata

from concord.statistics.ranks import average_ranks, mean_ranks


def test_ranks_are_those_of_scipy_with_ties_and_infinities():
    rng = np.random.default_rng(5)
    values = rng.integers(0, 6, (40, 7)).astype(float)
    values[:5, 2] = [np.inf, -np.inf, np.inf, 0.0, -0.0]

    assert average_ranks(values).tobytes() == rankdata(values, axis=0).tobytes()


def test_a_column_with_a_missing_value_has_no_ranks():
    values = np.array([[1.0, 2.0], [np.nan, 1.0], [3.0, 1.0]])

    np.testing.assert_array_equal(
        average_ranks(values), [[np.nan, 3.0], [np.nan, 1.5], [np.nan, 1.5]]
    )


def test_ranks_of_no_rows_or_no_columns_keep_their_shape():
    assert average_ranks(np.zeros((0, 3))).shape == (0, 3)
    assert average_ranks(np.zeros((4, 0))).shape == (4, 0)


@pytest.mark.parametrize("n", [1, 2, 7, 40, 400])
@pytest.mark.parametrize("distinct", [1, 3, 1000])
def test_ranks_are_those_of_scipy_to_the_bit(n, distinct):
    values = np.random.default_rng(n).integers(0, distinct, n) / 3 - 1

    assert mean_ranks(values).tolist() == rankdata(values).tolist()


@pytest.mark.parametrize(
    ("values", "ranks"),
    [
        ([3.0, 1.0, 2.0], [3, 1, 2]),
        ([5.0, 1.0, 5.0, 5.0], [3, 1, 3, 3]),
        ([0.0, -0.0], [1.5, 1.5]),
        ([], []),
    ],
)
def test_tied_values_share_the_mean_of_their_ranks(values, ranks):
    assert mean_ranks(np.array(values)).tolist() == ranks

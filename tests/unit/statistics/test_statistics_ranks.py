"""Ranks of values, against those of SciPy."""

import numpy as np
import pytest
from scipy.stats import rankdata

from concord.statistics.ranks import mean_ranks


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

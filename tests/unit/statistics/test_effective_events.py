"""Events that a model can learn from: of a binary outcome, the rarer class."""

import pandas as pd
import pytest

from concord.statistics.outcome_kinds import BINARY, SURVIVAL


@pytest.mark.parametrize(
    ("n_events", "n", "expected"),
    [(240, 248, 8), (8, 248, 8), (0, 10, 0), (10, 10, 0), (5, 10, 5)],
)
def test_the_coding_of_a_binary_outcome_makes_no_difference(n_events, n, expected):
    assert BINARY.effective_events(n_events, n) == expected


def test_whoever_is_censored_shows_no_event():
    assert SURVIVAL.effective_events(240, 248) == 240


def test_columns_are_judged_row_by_row():
    events, n = pd.Series([192.0, 6.0, None]), pd.Series([198.4, 198.4, 198.4])

    found = BINARY.effective_events(events, n)
    assert found.round(1).dropna().tolist() == [6.4, 6.0]
    assert pd.isna(found[2])

"""Pairs of many sets of outcomes, counted one set after the other."""

import numpy as np

from concord.statistics import discrimination


def test_many_permuted_outcomes_of_one_score_are_counted_as_at_once(monkeypatch):
    rng = np.random.default_rng(3)
    event, score = rng.integers(0, 2, (7, 12)), rng.normal(size=12)
    at_once = discrimination.pair_counts(event, score)
    monkeypatch.setattr(discrimination, "_MOST_PAIRS", 20)
    in_turn = discrimination.pair_counts(event, score)

    np.testing.assert_array_equal(in_turn.wins, at_once.wins)
    np.testing.assert_array_equal(in_turn.pairs, at_once.pairs)

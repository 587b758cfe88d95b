"""Concordance by predictions alone, against pairs, outcomes and chance."""

import numpy as np
import pytest

from concord.statistics.external import model_based_concordance
from concord.statistics.external.model_based_concordance import (
    expected_auc,
    expected_concordance,
)


def by_pairs(chance):
    won = pairs = 0.0
    for i, one in enumerate(chance):
        for j, other in enumerate(chance):
            if i != j:
                weight = one * (1 - other)
                pairs += weight
                won += weight * (1.0 if one > other else 0.5 if one == other else 0.0)
    return won / pairs


def test_the_binary_one_is_the_sum_over_all_pairs():
    chance = np.random.default_rng(1).random(30).round(1)
    chance = np.clip(chance, 0.05, 0.95)
    assert expected_auc(chance) == pytest.approx(by_pairs(chance), rel=1e-12)
    shuffled = np.random.default_rng(2).permutation(chance)
    assert expected_auc(shuffled) == pytest.approx(expected_auc(chance), rel=1e-14)


def test_the_binary_one_is_the_auc_that_outcomes_at_these_chances_have():
    generator = np.random.default_rng(5)
    chance = 1 / (1 + np.exp(-generator.normal(0, 1.3, 4000)))
    event = generator.random(4000) < chance
    wins = np.searchsorted(np.sort(chance[~event]), chance[event]).sum()
    auc = wins / (event.sum() * (~event).sum())
    assert expected_auc(chance) == pytest.approx(auc, abs=0.02)


def test_two_subjects_by_hand():
    # 0.8 * 0.9 of the pairs are won, 0.1 * 0.2 are lost.
    assert expected_auc([0.8, 0.1]) == pytest.approx(0.72 / 0.74)
    # exp(1) / (1 + exp(1))
    assert expected_concordance([0.0, 1.0]) == pytest.approx(np.e / (1 + np.e))
    assert expected_concordance([0.0, 0.0, 1.0]) == pytest.approx(
        (0.5 + 2 * np.e / (1 + np.e)) / 3
    )


def test_the_one_of_hazards_is_the_c_index_that_times_at_them_have():
    generator = np.random.default_rng(6)
    scores = generator.normal(0, 0.9, 2500)
    times = generator.exponential(np.exp(-scores))
    earlier = times[:, None] < times
    won = (earlier & (scores[:, None] > scores)).sum()
    assert expected_concordance(scores) == pytest.approx(won / earlier.sum(), abs=0.02)


@pytest.mark.parametrize("n", [2, 30, 5000])
def test_scores_without_spread_promise_nothing(n):
    assert expected_concordance(np.full(n, 3.0)) == pytest.approx(0.5, abs=1e-12)
    assert expected_auc(np.full(n, 0.3)) == pytest.approx(0.5, abs=1e-12)


def test_what_cannot_be_told_is_undefined():
    assert np.isnan(expected_concordance([1.0]))
    assert np.isnan(expected_concordance([1.0, np.nan]))
    assert np.isnan(expected_auc([]))
    assert np.isnan(expected_auc([1.0, 1.0]))


def test_many_pairs_are_taken_in_turn(monkeypatch):
    scores = np.random.default_rng(7).normal(size=300)
    whole = expected_concordance(scores)
    monkeypatch.setattr(model_based_concordance, "_BLOCK", 7)
    assert expected_concordance(scores) == pytest.approx(whole, rel=1e-12)

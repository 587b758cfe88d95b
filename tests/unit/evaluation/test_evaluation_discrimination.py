"""Concordance and its uncertainty."""

import numpy as np
import pytest

from concord.evaluation.intervals import logit_bounds, symmetric_bounds
from concord.statistics.discrimination import concordance, pair_counts
from concord.statistics.fold_mean import (
    cluster_correction,
    fold_influences,
    standard_error,
)


def error_of(counts):
    return np.sqrt((counts.influence() ** 2).sum())


def test_auc_counts_ties_as_one_half():
    event, score = np.array([1, 1, 0, 0]), np.array([2.0, 1.0, 1.0, 0.0])
    found = concordance(event, score)
    assert (found.wins, found.pairs) == (3.5, 4)
    assert found.value == 0.875


def test_c_index_by_hand_with_tied_times_and_censoring():
    """Deaths at 1 and 2, censored at 2 and 3: 3 + 2 comparable pairs."""
    event, time = np.array([1, 1, 0, 0]), np.array([1.0, 2.0, 2.0, 3.0])
    assert concordance(event, np.array([4.0, 3.0, 2.0, 1.0]), time).pairs == 5
    assert concordance(event, np.array([4.0, 3.0, 2.0, 1.0]), time).value == 1.0
    assert concordance(event, np.array([4.0, 2.0, 3.0, 1.0]), time).value == 0.8


def test_c_index_of_uncensored_binary_times_is_the_auc():
    generator = np.random.default_rng(0)
    event, score = generator.random(40) < 0.4, generator.normal(size=40)
    time = np.where(event, 1.0, 2.0)
    assert concordance(event, score, time).value == concordance(event, score).value


def test_one_class_has_no_auc():
    assert np.isnan(concordance(np.ones(5), np.arange(5.0)).value)
    assert np.isnan(pair_counts(np.ones(5), np.arange(5.0)).value)


def test_within_groups_is_the_pair_weighted_mean():
    event = np.array([1, 0, 1, 0, 0])
    score = np.array([0.0, 1.0, 9.0, 8.0, 7.0])
    group = np.array(list("aabbb"))
    found = pair_counts(event, score, group=group)
    assert found.wins.tolist() == [0, 0, 2, 1, 1]
    assert found.pairs.tolist() == [1, 1, 2, 1, 1]
    assert found.value == 2 / 3


def test_within_groups_sees_nothing_of_a_shift_between_groups():
    event, score = np.array([1, 0, 1, 0]), np.array([1.0, 2.0, 11.0, 12.0])
    group = np.array(list("aabb"))
    assert pair_counts(event, score, group=group).value == 0.0
    assert concordance(event, score).value == 0.25


def test_delong_of_binary_scores_by_hand():
    """All placements are 0.5 or 1: variances 1/12 over four subjects each."""
    event = np.array([1] * 4 + [0] * 4)
    score = np.array([1.0, 1, 0, 0] + [0.0] * 4)
    placements = np.array([1, 1, 0.5, 0.5])
    expected = np.sqrt(placements.var(ddof=1) / 4)
    assert error_of(pair_counts(event, score)) == pytest.approx(expected)


def test_jackknife_error_matches_a_bootstrap():
    generator = np.random.default_rng(1)
    risk = generator.normal(size=150)
    time, event = generator.exponential(np.exp(-risk)), generator.random(150) < 0.7
    found = []
    for _ in range(200):
        drawn = generator.integers(0, 150, 150)
        found.append(concordance(event[drawn], risk[drawn], time[drawn]).value)
    error = error_of(pair_counts(event, risk, time))
    assert error == pytest.approx(np.std(found), rel=0.2)


def test_many_sets_of_scores_are_counted_as_one_by_one(monkeypatch):
    generator = np.random.default_rng(2)
    event, score = generator.integers(0, 2, (6, 30)), generator.integers(0, 9, (6, 30))
    time = generator.integers(1, 20, (6, 30)).astype(float)
    for times in (None, time):
        found = pair_counts(event, score, times)
        monkeypatch.setattr("concord.statistics.discrimination._MOST_PAIRS", 100)
        in_turn = pair_counts(event, score, times)
        for k in range(6):
            one = pair_counts(event[k], score[k], None if times is None else time[k])
            known = concordance(
                event[k], score[k], None if times is None else time[k]
            ).value
            assert found.value[k] == one.value == known
            assert found.wins[k].tolist() == one.wins.tolist()
            assert in_turn.pairs[k].tolist() == one.pairs.tolist()


def test_the_only_event_moves_the_value_by_its_distance_from_the_mean():
    counts = pair_counts(np.array([1, 0, 0, 0]), np.array([2.0, 1, 3, 0]))
    assert counts.influence()[0] == 0
    assert counts.influence(np.array(0.5))[0] == pytest.approx(2 / 3 - 0.5)


def test_error_by_clusters_matches_leaving_each_cluster_out():
    """Patients of three lesions that share a part of their score."""
    generator = np.random.default_rng(4)
    cluster = np.repeat(np.arange(40), 3)
    event = generator.integers(0, 2, 40)[cluster]
    score = event + generator.normal(size=40)[cluster] + generator.normal(size=120)
    without = []
    for left_out in range(40):
        kept = cluster != left_out
        without.append(concordance(event[kept], score[kept]).value)
    jackknife = np.sqrt(39 / 40 * ((without - np.mean(without)) ** 2).sum())

    counts = pair_counts(event, score)
    influences = fold_influences([counts], [cluster], 40)
    found = standard_error(counts.value[None], influences) * cluster_correction(40, 120)
    assert found == pytest.approx(jackknife, rel=0.03)
    assert found > 1.3 * error_of(counts)


def test_logit_bounds_are_symmetric_on_the_logit_scale():
    lower, upper = logit_bounds(0.8, 0.05, 0.95)
    centre = np.log(4)
    below, above = (np.log(p / (1 - p)) for p in (lower, upper))
    assert above - centre == pytest.approx(centre - below)
    assert above - centre == pytest.approx(1.959964 * 0.05 / 0.16, rel=1e-6)


def test_bounds_of_few_degrees_of_freedom_are_those_of_student():
    assert symmetric_bounds(0.1, 0.05, 0.95, 2) == pytest.approx(
        (0.1 - 4.302653 * 0.05, 0.1 + 4.302653 * 0.05)
    )

"""Formulas of external validation: known values, noise, and planted truth."""

import numpy as np
import pytest
from scipy import special

from concord.statistics.discrimination import pair_counts
from concord.statistics.external import spread
from concord.statistics.external.bounds import Bounded
from concord.statistics.external.development_scores import (
    from_percentiles,
    percentile_of,
)
from concord.statistics.external.membership import Moments, chance_band, membership
from concord.statistics.external.model_based_concordance import (
    FollowUp,
    expected_auc,
    expected_concordance,
    expected_pairs,
    hazard_pairs,
)
from concord.statistics.survival.censoring import Censoring

GENERATOR = np.random.default_rng(5)
SCORES = GENERATOR.normal(size=60)


def by_definition(p, w):
    """Model-based concordance of a logistic model, pair by pair."""
    won = pairs = 0.0
    for i, one in enumerate(p):
        for j, other in enumerate(p):
            share = w[i] * w[j] * one * (1 - other) * (i != j)
            pairs += share
            won += share * ((one > other) + 0.5 * (one == other))
    return won / pairs


def moments(rows):
    return Moments(rows.mean(axis=0), np.atleast_2d(np.cov(rows.T)), len(rows))


def test_the_expected_auc_is_that_of_its_definition_with_ties_and_weights():
    p = np.round(special.expit(SCORES), 1)
    ones, weight = np.ones(len(p)), GENERATOR.uniform(0.5, 2, len(p))
    assert expected_auc(p) == pytest.approx(by_definition(p, ones), abs=1e-12)
    weighted = float(expected_pairs(p, weight).value)
    assert weighted == pytest.approx(by_definition(p, weight), abs=1e-12)


def test_the_expected_auc_is_the_mean_auc_of_outcomes_drawn_from_the_probabilities():
    p = special.expit(1.2 * GENERATOR.normal(size=150) - 0.7)
    drawn = GENERATOR.random((600, 150)) < p
    found = [float(pair_counts(one.astype(int), p).value) for one in drawn]
    error = np.std(found) / np.sqrt(len(found))
    assert expected_auc(p) == pytest.approx(np.mean(found), abs=4 * error)


def test_the_expected_concordance_is_that_of_gonen_and_heller():
    pairs = np.triu_indices(len(SCORES), 1)
    apart = np.abs(SCORES[:, None] - SCORES)[pairs]
    known = (1 / (1 + np.exp(-apart))).mean()
    assert expected_concordance(SCORES) == pytest.approx(known, abs=1e-12)
    assert expected_concordance(SCORES + 300) == pytest.approx(known, abs=1e-9)


def test_equal_scores_expect_one_half_and_one_subject_nothing():
    assert expected_auc(np.full(9, 0.3)) == pytest.approx(0.5)
    assert expected_concordance(np.zeros(9)) == pytest.approx(0.5)
    assert np.isnan(expected_auc(np.array([0.4])))
    assert np.isnan(expected_concordance(np.array([0.4])))
    assert np.isnan(expected_auc(np.zeros(0)))


def test_a_follow_up_counts_each_pair_by_its_chance_of_being_compared():
    follow_up = FollowUp(np.linspace(0.05, 1, 20), np.linspace(1, 0.3, 20))
    hazard, won, pairs = np.exp(SCORES), 0.0, 0.0
    for i, j in zip(*np.triu_indices(len(SCORES), 1), strict=True):
        total = hazard[i] + hazard[j]
        share = float(follow_up.comparable(np.array(total)))
        pairs += share
        won += share * max(hazard[i], hazard[j]) / total
    assert float(hazard_pairs(SCORES, follow_up).value) == pytest.approx(
        won / pairs, abs=1e-5
    )


def test_both_of_a_pair_must_be_followed_to_its_first_event():
    follow_up = FollowUp(np.array([0.5, 1.0]), np.array([1.0, 0.6]))
    # Of a total hazard of 2: 1 - exp(-1) by the first step, 0.36 of the rest after it.
    known = 1 - np.exp(-1) + 0.36 * (np.exp(-1) - np.exp(-2))
    assert float(follow_up.comparable(np.array(2.0))) == pytest.approx(known)


def test_a_follow_up_without_end_is_gonen_and_heller():
    endless = FollowUp(np.geomspace(1e-3, 1e4, 300), np.ones(300))
    assert float(hazard_pairs(SCORES, endless).value) == pytest.approx(
        expected_concordance(SCORES), abs=1e-9
    )


def test_the_followed_concordance_is_the_mean_of_harrells_c_and_the_plain_is_not():
    score = GENERATOR.normal(size=120)
    found, followed = [], []
    times = np.linspace(0, 1.5, 200)[1:]
    for _ in range(250):
        days = GENERATOR.exponential(1 / np.exp(score - 2.5))
        lost = np.minimum(GENERATOR.uniform(0.2, 3, 120), 1.5)
        event, seen = (days <= lost).astype(int), np.minimum(days, lost)
        found.append(float(pair_counts(event, score, seen).value))
        followed.append(Censoring.of(seen, event == 1).before(times))
    share = np.where(times > 1.5, 0, np.mean(followed, axis=0))
    hazard = FollowUp(times * np.exp(-2.5), share)
    error = 4 * np.std(found) / np.sqrt(len(found))
    value = float(hazard_pairs(score, hazard).value)
    assert value == pytest.approx(np.mean(found), abs=error)
    assert expected_concordance(score) < np.mean(found) - error


def test_membership_of_exchangeable_subjects_is_one_half_and_inside_its_band():
    generator, found = np.random.default_rng(2), []
    lower, upper = chance_band(80, 40, 4, 0.95, seed=1)
    mixing = generator.normal(size=(4, 4))
    for _ in range(300):
        rows = generator.normal(size=(120, 4)) @ mixing * [1, 100, 1e-4, 1] + 7
        found.append(membership(moments(rows[:80]), rows[80:]))
    assert np.mean(found) == pytest.approx(0.5, abs=0.015)
    outside = np.mean((np.array(found) < lower) | (np.array(found) > upper))
    assert 0.015 <= outside <= 0.09


def test_membership_of_skewed_noise_is_no_more_often_above_its_band():
    generator, found = np.random.default_rng(4), []
    _, upper = chance_band(80, 40, 2, 0.95, seed=1)
    for _ in range(300):
        rows = np.exp(0.8 * generator.normal(size=(120, 2)))
        found.append(membership(moments(rows[:80]), rows[80:]))
    assert np.mean(np.array(found) > upper) <= 0.06


def test_membership_finds_a_shift_and_equals_what_all_rows_would_tell():
    generator = np.random.default_rng(3)
    development = generator.normal(size=(400, 3))
    external = generator.normal([1.0, 0.0, 0.0], size=(300, 3))
    found = membership(moments(development), external)
    # Two normals one SD apart: Phi(1 / sqrt(2)).
    assert found == pytest.approx(special.ndtr(1 / np.sqrt(2)), abs=0.03)
    assert found > chance_band(400, 300, 3, 0.95, seed=1)[1]


def test_membership_without_enough_subjects_or_information_is_not_defined():
    rows = GENERATOR.normal(size=(30, 2))
    assert np.isnan(membership(moments(rows), rows[:1]))
    assert np.isnan(membership(moments(rows), np.zeros((5, 0))))
    few = Moments(np.zeros(8), np.eye(8), 4)
    assert np.isnan(membership(few, GENERATOR.normal(size=(5, 8))))
    assert np.isnan(chance_band(4, 5, 8, 0.95, seed=1)).all()


def test_membership_leaves_out_what_is_constant_or_told_twice():
    rows = GENERATOR.normal(size=(90, 2))
    more = np.column_stack([rows, np.full(90, 3.0), rows[:, 0]])
    plain = membership(moments(rows[:60]), rows[60:])
    doubled = membership(moments(more[:60]), more[60:])
    assert doubled == pytest.approx(plain, abs=1e-6)


def test_distances_to_bounds_add_in_square():
    one, other = Bounded(0.7, 0.6, 0.74), Bounded(0.5, 0.47, 0.6)
    found = one.minus(other)
    assert found.estimate == pytest.approx(0.2)
    assert found.lower == pytest.approx(0.2 - np.hypot(0.1, 0.1))
    assert found.upper == pytest.approx(0.2 + np.hypot(0.04, 0.03))
    assert np.isnan(one.minus(Bounded(0.5)).lower)
    assert Bounded(0.0, -1.0, 1.0).exp() == Bounded(1.0, np.exp(-1.0), np.exp(1.0))


def test_percentiles_make_a_sample_of_nearly_the_same_distribution():
    scores = GENERATOR.gamma(2, size=500)
    made = from_percentiles(np.percentile(scores, np.arange(101)), 500)
    assert len(made) == 500
    assert made.mean() == pytest.approx(scores.mean(), rel=0.01)
    assert made.std() == pytest.approx(scores.std(), rel=0.05)
    assert not len(from_percentiles(np.zeros(0), 500))
    assert len(from_percentiles(np.arange(101.0), 10**6)) == 1000


def test_scores_are_placed_among_percentiles_ties_in_their_middle():
    known = np.array([0.0, 1.0, 1.0, 1.0, 2.0])
    found = percentile_of(known, np.array([-1.0, 0.0, 0.5, 1.0, 2.0, 3.0]))
    assert found.tolist() == [-np.inf, 0.0, 0.125, 0.5, 1.0, np.inf]


def test_the_error_of_the_sd_is_the_known_one_of_normal_scores():
    scores = np.random.default_rng(1).normal(size=4000)
    value, influence = spread.log_sd(scores)
    assert value == pytest.approx(np.log(scores.std(ddof=1)))
    error = spread.standard_error(influence, np.arange(4000))
    assert error == pytest.approx(1 / np.sqrt(2 * 4000), rel=0.05)


def test_the_error_of_the_mean_is_the_usual_one_and_grows_with_clusters():
    value, influence = spread.mean(SCORES)
    usual = SCORES.std(ddof=1) / np.sqrt(60)
    assert spread.standard_error(influence, np.arange(60)) == pytest.approx(usual)
    twice = np.repeat(SCORES, 2)
    _, influence = spread.mean(twice)
    pairs = spread.standard_error(influence, np.repeat(np.arange(60), 2))
    assert pairs == pytest.approx(usual, rel=0.02)
    assert value == pytest.approx(SCORES.mean())


def test_equal_scores_or_one_subject_have_no_spread():
    assert np.isnan(spread.log_sd(np.ones(5))[0])
    assert np.isnan(spread.mean(np.zeros(0))[0])
    assert np.isnan(spread.standard_error(np.zeros(3), np.array(["a"] * 3)))

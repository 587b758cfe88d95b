"""Concordance and its uncertainty."""

import numpy as np
import pytest

from concord.evaluation.intervals import (
    logit_interval,
    nadeau_bengio,
    t_over_groups,
)
from concord.statistics.discrimination import (
    concordance,
    concordance_se,
    delong_se,
    within_groups,
)


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
    assert np.isnan(delong_se(np.array([1, 0, 0]), np.arange(3.0)))


def test_within_groups_is_the_pair_weighted_mean():
    event = np.array([1, 0, 1, 0, 0])
    score = np.array([0.0, 1.0, 9.0, 8.0, 7.0])
    group = np.array(list("aabbb"))
    found = within_groups(event, score, group)
    assert (found.wins, found.pairs) == (2.0, 3)


def test_within_groups_sees_nothing_of_a_shift_between_groups():
    event, score = np.array([1, 0, 1, 0]), np.array([1.0, 2.0, 11.0, 12.0])
    group = np.array(list("aabb"))
    assert within_groups(event, score, group).value == 0.0
    assert concordance(event, score).value == 0.25


def test_delong_of_binary_scores_by_hand():
    """All placements are 0.5 or 1: variances 1/12 over four subjects each."""
    event = np.array([1] * 4 + [0] * 4)
    score = np.array([1.0, 1, 0, 0] + [0.0] * 4)
    placements = np.array([1, 1, 0.5, 0.5])
    expected = np.sqrt(placements.var(ddof=1) / 4)
    assert delong_se(event, score) == pytest.approx(expected)


def test_jackknife_error_matches_a_bootstrap():
    generator = np.random.default_rng(1)
    risk = generator.normal(size=150)
    time, event = generator.exponential(np.exp(-risk)), generator.random(150) < 0.7
    found = []
    for _ in range(200):
        drawn = generator.integers(0, 150, 150)
        found.append(concordance(event[drawn], risk[drawn], time[drawn]).value)
    assert concordance_se(event, risk, time) == pytest.approx(np.std(found), rel=0.2)


def test_logit_interval_is_symmetric_on_the_logit_scale():
    found = logit_interval(0.8, 0.05, 0.95, "x")
    centre = np.log(4)
    below, above = (np.log(p / (1 - p)) for p in (found.lower, found.upper))
    assert above - centre == pytest.approx(centre - below)
    assert above - centre == pytest.approx(1.959964 * 0.05 / 0.16, rel=1e-6)


@pytest.mark.parametrize(("estimate", "se"), [(1.0, 0.01), (0.7, np.nan)])
def test_undefined_interval_says_so(estimate, se):
    found = logit_interval(estimate, se, 0.95, "DeLong")
    assert np.isnan(found.lower)
    assert found.method == "DeLong; interval undefined"


def test_nadeau_bengio_by_hand():
    """25 folds at a ratio of 1/4 widen the naive standard error by sqrt(7.25)."""
    values = np.linspace(0.5, 0.7, 25)
    ratios = np.full(25, 0.25)
    found = nadeau_bengio(values, ratios, 0.95, "m")
    naive = values.std(ddof=1) / 5
    assert found.estimate == pytest.approx(0.6)
    assert found.upper - 0.6 == pytest.approx(
        2.063899 * naive * np.sqrt(7.25), rel=1e-6
    )


def test_one_group_has_an_estimate_and_no_interval():
    found = t_over_groups(np.array([0.7]), 0.95, "m")
    assert found.estimate == 0.7
    assert np.isnan(found.upper)
    assert found.method == "m; interval undefined"

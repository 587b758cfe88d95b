"""Closed test of updates: nothing where the model is right, and what was planted."""

import numpy as np
import pytest
from scipy import special, stats

from concord.statistics.updating.closed_test import (
    chosen,
    closed_test,
    design_effect,
)
from concord.statistics.updating.event_trials import event_draws, event_trials
from concord.statistics.updating.hazard_trials import FollowUp
from concord.statistics.updating.regression import fit

LEVEL, N_DRAWS = 0.05, 99
BINARY, TIMES = (0, 1, 2), (0, 1, 2, 3)


def events(generator, n, prevalence, shift=0.0, slope=1.0, per_cluster=1):
    score = generator.normal(special.logit(prevalence), 1.0, n)
    event = generator.random(n) < special.expit(shift + slope * score)
    return event_trials(event, score, np.ones(n), np.arange(n) // per_cluster)


def follow_up(generator, n, factor=1.0, slope=1.0, power=1.0):
    score = generator.normal(0, 0.8, n)
    wait = generator.exponential(size=n) / (factor * np.exp(slope * score))
    level, end = wait ** (1 / power), generator.uniform(0.2, 1.5, n)
    event = (level <= end).astype(float)
    return FollowUp(event, np.minimum(level, end), score, np.arange(n))


def outcome(trials, draw, sizes, generator):
    """Size of the model that the closed test comes to."""
    tests = closed_test(trials, sizes, draw, N_DRAWS, generator)
    return sizes[chosen([one.p_value for one in tests], LEVEL)]


def choices(kind, generator, n_studies, **planted):
    found = []
    for _ in range(n_studies):
        if kind == "binary":
            trials = events(generator, **planted)
            found.append(outcome(trials, event_draws(trials), BINARY, generator))
        else:
            one = follow_up(generator, **planted)
            found.append(outcome(one.trials(), one.draws(), TIMES, generator))
    return np.array(found)


def most(level, n_studies):
    """Largest number of rejections of a test of this level, but for 1 in 1000."""
    return stats.binom.ppf(0.999, n_studies, level)


@pytest.mark.parametrize(
    ("kind", "planted"),
    [
        ("binary", {"n": 60, "prevalence": 0.4}),
        ("binary", {"n": 150, "prevalence": 0.2}),
        ("times", {"n": 60}),
    ],
)
def test_a_right_model_is_updated_in_one_of_twenty_studies(kind, planted):
    found = choices(kind, np.random.default_rng(8), 150, **planted)
    assert (found > 0).sum() <= most(LEVEL, 150)


@pytest.mark.slow
@pytest.mark.parametrize("n", [50, 100, 500])
@pytest.mark.parametrize("prevalence", [0.1, 0.3, 0.5])
def test_a_right_probability_is_updated_in_one_of_twenty_of_all_sizes(n, prevalence):
    generator = np.random.default_rng(9)
    found = choices("binary", generator, 1000, n=n, prevalence=prevalence)
    assert (found > 0).sum() <= most(LEVEL, 1000)


@pytest.mark.slow
@pytest.mark.parametrize("n", [50, 100, 200, 500])
def test_a_right_hazard_is_updated_in_one_of_twenty_of_all_sizes(n):
    found = choices("times", np.random.default_rng(10), 600, n=n)
    assert (found > 0).sum() <= most(LEVEL, 600)


@pytest.mark.parametrize("per_cluster", [1, 3])
def test_a_right_model_is_kept_with_clusters_too(per_cluster):
    generator, n_studies = np.random.default_rng(11), 400
    rejected = 0
    for _ in range(n_studies):
        trials = events(generator, 90, 0.4, per_cluster=per_cluster)
        rejected += outcome(trials, None, BINARY, generator) > 0
    assert rejected <= most(LEVEL, n_studies)


def test_patients_that_stand_there_four_times_are_no_evidence_for_an_update():
    generator, rejected = np.random.default_rng(12), 0
    for _ in range(200):
        one = events(generator, 80, 0.4)
        rows = np.repeat(np.arange(80), 4)
        trials = event_trials(one.outcome[rows], one.offset[rows], np.ones(320), rows)
        rejected += outcome(trials, None, BINARY, generator) > 0
    assert rejected <= most(LEVEL, 200)


@pytest.mark.parametrize(
    ("kind", "planted", "size"),
    [
        ("binary", {"prevalence": 0.4, "shift": -1.0}, 1),
        ("binary", {"prevalence": 0.4, "slope": 0.4}, 2),
        ("times", {"factor": 2.0}, 1),
        ("times", {"power": 2.0}, 2),
        ("times", {"slope": 0.4}, 3),
    ],
)
def test_what_was_planted_is_warranted(kind, planted, size):
    found = choices(kind, np.random.default_rng(13), 25, n=300, **planted)
    assert (found == size).mean() >= 0.8


def test_a_larger_update_than_the_planted_one_is_rarely_chosen():
    generator = np.random.default_rng(14)
    found = choices("binary", generator, 150, n=120, prevalence=0.4, shift=-1.5)
    assert (found > 1).sum() <= most(LEVEL, 150)


def test_the_statistic_is_the_likelihood_ratio():
    trials = events(np.random.default_rng(3), 120, 0.4, shift=0.5)
    (test, _) = closed_test(
        trials, BINARY, event_draws(trials), 9, np.random.default_rng(1)
    )
    ratio = 2 * (fit(trials, 2).log_likelihood - fit(trials, 0).log_likelihood)
    assert (test.statistic, test.df) == (pytest.approx(ratio), 2)


def test_drawn_p_values_agree_with_the_chi_squared_distribution_of_many_subjects():
    generator = np.random.default_rng(5)
    trials = events(generator, 400, 0.4, shift=0.25)
    for test in closed_test(trials, BINARY, event_draws(trials), 1999, generator):
        asymptotic = stats.chi2.sf(test.statistic, test.df)
        assert test.p_value == pytest.approx(asymptotic, abs=0.035)


def test_the_design_effect_of_doubled_subjects_is_two_and_never_below_one():
    one = events(np.random.default_rng(6), 2000, 0.4)
    rows = np.repeat(np.arange(2000), 2)
    both = event_trials(one.outcome[rows], one.offset[rows], np.ones(4000), rows)
    at = np.zeros(0)
    assert design_effect(both, at, 2) == pytest.approx(2.0, abs=0.15)
    assert design_effect(one, at, 2) >= 1.0


def test_drawn_follow_ups_have_the_events_that_the_model_expects():
    generator = np.random.default_rng(7)
    one = follow_up(generator, 400)
    drawn, offset = one.draws()(np.zeros(0), 200, generator)
    expected = np.exp(offset).sum(axis=1)
    away = (drawn.sum(axis=1) - expected) / np.sqrt(expected)
    assert abs(away.mean()) < 4 / np.sqrt(200)
    assert away.std() == pytest.approx(1.0, abs=0.2)


def test_the_first_that_is_not_rejected_is_chosen():
    assert chosen([0.2, 0.01], LEVEL) == 0
    assert chosen([0.01, 0.2], LEVEL) == 1
    assert chosen([0.01, 0.01], LEVEL) == 2
    assert chosen([float("nan")], LEVEL) == 0

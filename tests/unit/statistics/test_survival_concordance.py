"""Uno's C and the AUC at a day by hand, on noise, and their errors by simulation."""

import numpy as np
import pytest

from concord.statistics.censoring import horizon_weights
from concord.statistics.discrimination import pair_counts
from concord.statistics.survival.censoring import Censoring
from concord.statistics.survival.concordance import (
    CASE,
    CONTROL,
    UNKNOWN,
    harrell_pairs,
    horizon_pairs,
    states,
    uno_pairs,
)

HORIZON = np.array([1.0])


def drawn(generator, effect=0.0, n=150, ties=False):
    """Score, time and event of subjects with a hazard of exp(effect * score)."""
    score = generator.normal(size=n)
    time = generator.exponential(1 / np.exp(effect * score))
    censored = generator.exponential(1.5, n)
    days = np.minimum(time, censored)
    if ties:
        days = np.ceil(5 * days)
    return score, days, time <= censored


def test_followed_before_a_day_is_the_product_over_earlier_censorings():
    days = np.array([1.0, 2, 2, 3, 4])
    event = np.array([True, False, True, False, True])
    found = Censoring.of(days, event)
    # At 2 the event is no longer at risk: of 3 subjects, one is lost; at 3 of 2.
    expected = [1, 1, 2 / 3, 1 / 3, 1 / 3]
    assert found.before(np.array([1.0, 2, 3, 3.5, 9])) == pytest.approx(expected)


def test_without_censoring_all_weights_are_one_and_have_no_influence():
    generator = np.random.default_rng(1)
    score, days = generator.normal(size=30), generator.exponential(size=30)
    known = Censoring.of(days, np.ones(30, bool))
    assert known.before(days).tolist() == [1.0] * 30
    assert known.influence(score, days).tolist() == [0.0] * 30

    event = np.ones(30, int)
    everyone = uno_pairs(event, days, score, np.inf, known.before(days))
    assert everyone.value == pytest.approx(pair_counts(event, score, days).value)
    at_day = horizon_pairs(event, days, score, HORIZON, known)
    early = (days <= 1).astype(int)
    assert at_day.value[0] == pytest.approx(pair_counts(early, score).value)


def hazard(days, event, until, weight):
    """Nelson and Aalen's cumulative hazard of censoring before each of some days."""
    at_risk = (days >= days[:, None]) @ weight
    steps = np.where(event, 0.0, weight / at_risk)
    return (days < until[:, None]) @ steps


def test_influence_on_weights_is_the_change_when_a_subject_counts_a_little_more():
    generator, more = np.random.default_rng(2), 1e-6
    _, days, event = drawn(generator, n=40, ties=True)
    until, shares = np.minimum(days, 4.0), generator.normal(size=40)

    found = Censoring.of(days, event).influence(shares, until)

    plain = hazard(days, event, until, np.ones(40))
    for subject in range(40):
        weight = np.ones(40)
        weight[subject] += more
        change = (hazard(days, event, until, weight) - plain) / more
        assert found[subject] == pytest.approx(shares @ change, abs=1e-5)
    assert found.sum() == pytest.approx(0.0, abs=1e-9)


def test_states_at_a_day_and_what_they_need():
    status, days = np.array([1, 0, 2, 1, 0]), np.array([1.0, 1, 1, 3, 2])
    found = states(status, days, np.array([2.0, 1.0]))
    assert found[0].tolist() == [CASE, UNKNOWN, CONTROL, CONTROL, CONTROL]
    assert found[1].tolist() == [CASE, CONTROL, CONTROL, CONTROL, CONTROL]


def test_the_auc_at_a_day_has_the_weights_of_endpoints_at_a_horizon():
    generator = np.random.default_rng(3)
    score, days, event = drawn(generator, effect=0.8)
    status = np.where(days >= 1, 0.0, np.where(event, 1.0, np.nan))
    weight, known = horizon_weights(status, days), np.isfinite(status)

    found = horizon_pairs(
        event.astype(int), days, score, HORIZON, Censoring.of(days, event)
    )

    expected = pair_counts(status[known], score[known], weight=weight[known]).value
    # There, censoring after the horizon is left out of the estimate; it plays no part.
    assert found.value[0] == pytest.approx(float(expected))


def test_pairs_of_two_strata_do_not_count():
    generator = np.random.default_rng(4)
    score, days, event = drawn(generator, n=60)
    group = np.arange(60) % 2
    shifted, censoring = score + 10 * group, Censoring.of(days, event)
    code, followed = event.astype(int), censoring.before(days)
    for values in (
        [
            uno_pairs(code, days, one, 1.0, followed, group).value
            for one in (score, shifted)
        ],
        [
            horizon_pairs(code, days, one, HORIZON, censoring, group).value[0]
            for one in (score, shifted)
        ],
        [harrell_pairs(code, days, one, 1.0, group).value for one in (score, shifted)],
    ):
        assert values[0] == pytest.approx(values[1])


def test_a_subject_with_another_cause_is_a_control():
    days, status = np.array([1.0, 1.0, 3.0]), np.array([1, 2, 0])
    censoring = Censoring.of(days, status > 0)
    found = horizon_pairs(status, days, np.array([2.0, 3.0, 1.0]), [2.0], censoring)
    assert found.value[0] == 0.5


def both_measures(score, days, event):
    """Value and error of Uno's C up to day 1 and of the AUC at it."""
    censoring = Censoring.of(days, event)
    code, followed = event.astype(int), censoring.before(days)
    uno = uno_pairs(code, days, score, 1.0, followed)
    at_day = horizon_pairs(code, days, score, HORIZON, censoring)
    moved = at_day.influence()[0] + at_day.of_censoring(censoring)[0]
    return (
        (float(uno.value), np.sqrt((uno.influence() ** 2).sum())),
        (float(at_day.value[0]), np.sqrt((moved**2).sum())),
    )


@pytest.mark.parametrize("effect", [0.0, 0.8])
def test_errors_are_the_scatter_and_noise_gives_one_half(effect):
    generator = np.random.default_rng(5)
    found = np.array([both_measures(*drawn(generator, effect)) for _ in range(400)])

    values, errors = found[:, :, 0], found[:, :, 1]
    assert errors.mean(axis=0) == pytest.approx(values.std(axis=0), rel=0.12)
    if effect == 0:
        assert values.mean(axis=0) == pytest.approx([0.5, 0.5], abs=0.008)
    else:
        assert (values.mean(axis=0) > 0.65).all()


def test_unos_c_does_not_depend_on_censoring_where_harrells_does():
    """Crossing hazards: early events are told by the score, later ones against it."""
    generator, n = np.random.default_rng(6), 1500
    score = generator.normal(size=n)
    early = generator.exponential(np.exp(-score))
    time = np.where(early < 0.5, early, 0.5 + generator.exponential(np.exp(score)))
    found = {}
    for name, scale in (("none", np.inf), ("heavy", 0.8)):
        censored = generator.exponential(scale, n) if np.isfinite(scale) else time + 1
        days, event = np.minimum(time, censored), time <= censored
        followed = Censoring.of(days, event).before(days)
        code = event.astype(int)
        found[name] = (
            float(uno_pairs(code, days, score, 1.5, followed).value),
            float(harrell_pairs(code, days, score, 1.5).value),
        )
    uno, harrell = zip(found["none"], found["heavy"], strict=True)
    assert abs(uno[0] - uno[1]) < 0.025
    assert abs(harrell[0] - harrell[1]) > 0.04

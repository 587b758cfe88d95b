"""Shares of the flagged, net benefit and reclassification, by counting and algebra."""

import numpy as np
import pytest

from concord.statistics.classification.flagged import flagged, flagged_by
from concord.statistics.classification.net_benefit import net_benefit
from concord.statistics.classification.reclassification import gains, gains_by, moves
from concord.statistics.competing.cumulative_incidence import cumulative_incidence

HORIZON = 120.0
EVERYBODY = np.ones((1, 60))


def outcomes(seed=1, n=60):
    generator = np.random.default_rng(seed)
    days = np.ceil(generator.exponential(100, n))
    code = generator.choice([0, 1, 2], n, p=[0.3, 0.5, 0.2])
    return days, code, generator.random(n)


def uncensored(days, code):
    """The same, everybody followed until after the horizon or to an event."""
    return np.where((days < HORIZON) & (code == 0), HORIZON + 1, days)


def test_net_benefit_is_counted_by_hand():
    event = np.array([1, 1, 0, 0, 0])
    risk = np.array([0.8, 0.3, 0.6, 0.2, 0.1])
    threshold = np.array([0.25, 0.5])
    found = net_benefit(
        threshold,
        flagged(event, risk >= threshold[:, None]),
        flagged(event, np.ones((1, 5))),
    )
    assert found.value == pytest.approx([2 / 5 - 1 / 5 / 3, 1 / 5 - 1 / 5])
    assert found.everybody == pytest.approx([2 / 5 - 3 / 5 / 3, 2 / 5 - 3 / 5])


def test_a_weight_of_two_counts_as_two_subjects():
    event, flags = np.array([1, 0, 1]), np.array([[1, 1, 0]], dtype=float)
    weighted = flagged(event, flags, np.array([2.0, 1.0, 1.0]))
    copied = flagged(np.array([1, 1, 0, 1]), np.array([[1, 1, 1, 0]], dtype=float))
    assert weighted.true_positives == pytest.approx(copied.true_positives)
    assert weighted.false_positives == pytest.approx(copied.false_positives)


def test_nobody_flagged_is_a_net_benefit_of_zero():
    days, code, _ = outcomes()
    nobody = flagged_by(HORIZON, days, code, np.zeros((1, 60)))
    assert nobody.share == nobody.true_positives == nobody.false_positives == 0
    assert (nobody.true_influence == 0).all()


def test_without_censoring_a_horizon_is_a_binary_outcome():
    days, code, risk = outcomes()
    days = uncensored(days, code)
    flags = np.stack([risk > 0.3, risk > 0.6])
    event = (code == 1) & (days <= HORIZON)
    timed, known = flagged_by(HORIZON, days, code, flags), flagged(event, flags)
    assert timed.true_positives == pytest.approx(known.true_positives)
    assert timed.true_influence == pytest.approx(known.true_influence)


def test_among_the_flagged_it_is_the_cumulative_incidence():
    days, code, risk = outcomes()
    flags = np.stack([risk > 0.0, risk > 0.4])
    found = flagged_by(HORIZON, days, code, flags)
    for row, member in enumerate(flags):
        curve = cumulative_incidence(days[member], code[member], 1)
        expected = curve.at(np.array([HORIZON]))[0] * member.mean()
        assert found.true_positives[row] == pytest.approx(expected[0])


def test_influences_are_the_derivatives_by_each_subject():
    days, code, risk = outcomes()
    flags = np.stack([risk > 0.2, risk > 0.6]).astype(float)
    found, step = flagged_by(HORIZON, days, code, flags), 1e-5

    def moved(subject, change):
        """Shares if one subject counted a little more, by copies of everybody."""
        parts = np.ones(60)
        parts[subject] += change
        marked = flagged_by(HORIZON, days, code, flags * parts)
        among = marked.true_positives / marked.share
        return among * (flags @ parts) / parts.sum()

    for subject in range(0, 60, 7):
        slope = (moved(subject, step) - moved(subject, -step)) / (2 * step)
        assert found.true_influence[:, subject] == pytest.approx(slope, abs=1e-8)


def test_flagged_subjects_whom_nobody_followed_have_no_share():
    days, code = np.array([10.0, 20.0, 200.0]), np.array([0, 0, 0])
    found = flagged_by(HORIZON, days, code, np.array([[1, 1, 0], [1, 1, 1]]))
    assert np.isnan(found.true_positives[0])
    assert found.true_positives[1] == 0


def test_moves_count_categories_from_their_lower_bound_on():
    old, new = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.2, 0.1, 0.35, 0.4])
    assert moves(new, old).tolist() == [1, -1, 1, 0]
    assert moves(new, old, np.array([0.2])).tolist() == [1, -1, 0, 0]


def test_parts_of_the_nri_are_those_of_each_class():
    event = np.array([1, 1, 1, 0, 0])
    found = gains(event, np.array([1, 1, -1, 1, -1]))
    assert found.values == pytest.approx([1 / 3, 0, 1 / 3])


def test_without_censoring_the_nri_at_a_horizon_is_the_binary_one():
    days, code, _ = outcomes()
    days = uncensored(days, code)
    change = np.random.default_rng(2).choice([-1, 0, 1], 60)
    timed = gains_by(HORIZON, days, code, change > 0, change < 0)
    known = gains((code == 1) & (days <= HORIZON), change)
    assert timed.values == pytest.approx(known.values)
    assert timed.standard_errors == pytest.approx(known.standard_errors)


def test_one_class_alone_has_no_nri():
    found = gains(np.ones(4), np.array([1, -1, 1, 0]))
    assert np.isnan(found.values[1:]).all()
    nobody = gains_by(HORIZON, np.full(4, 200.0), np.zeros(4), np.ones(4), np.zeros(4))
    assert np.isnan(nobody.values).all()


def test_a_miscalibrated_copy_has_an_nri_without_knowing_anything():
    """Hilden and Gerds: more extreme risks move events up and the others down."""
    generator = np.random.default_rng(3)
    logit = generator.normal(0, 1, 4000)
    event = generator.random(4000) < 1 / (1 + np.exp(-logit))
    old, new = (1 / (1 + np.exp(-factor * logit)) for factor in (1, 2))
    found = gains(event, moves(new, old))
    assert found.values[2] / found.standard_errors[2] > 10

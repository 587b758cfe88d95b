"""Thresholds, partial areas and shares by hand, against scikit-learn, and on noise."""

import numpy as np
import pytest
from sklearn import metrics

from concord.statistics.classification.delong import two_sided, unpaired_test
from concord.statistics.classification.partial_area import partial_area
from concord.statistics.classification.roc_points import (
    cuts,
    roc_curve,
    sensitivity_threshold,
    specificity_threshold,
    youden_threshold,
)
from concord.statistics.classification.shares import accuracy_shares, share
from concord.statistics.discrimination import pair_counts

EVENT = np.array([0, 0, 1, 0, 1, 1])
SCORE = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 7.0])


def reached(threshold, event=EVENT, score=SCORE):
    """Sensitivity and specificity of scores that reach a threshold."""
    high = score >= threshold
    return float(high[event == 1].mean()), float((~high)[event == 0].mean())


def noise(generator, n=200, levels=None):
    event = (generator.random(n) < 0.4).astype(int)
    score = generator.normal(size=n)
    return event, score if levels is None else np.round(levels * score)


def test_a_cut_is_in_the_middle_of_two_scores_and_belongs_to_a_point_of_the_curve():
    false, true = roc_curve(EVENT, SCORE)

    thresholds = cuts(SCORE)

    assert thresholds[1:].tolist() == [6.0, 4.5, 3.5, 2.5, 1.5, 1.0]
    assert thresholds[0] > 7.0
    for cut, alarm, hit in zip(thresholds, false, true, strict=True):
        assert reached(cut) == pytest.approx((hit, 1 - alarm))


def test_youdens_threshold_is_the_most_sensitive_of_the_best():
    """4.5 and 2.5 both reach a sum of 5/3."""
    assert youden_threshold(EVENT, SCORE) == 2.5
    assert reached(2.5) == (1.0, 2 / 3)
    assert sum(reached(4.5)) == pytest.approx(sum(reached(2.5)))


def test_the_asked_sensitivity_is_reached_by_the_highest_such_threshold():
    assert sensitivity_threshold(EVENT, SCORE, 0.6) == 4.5
    assert sensitivity_threshold(EVENT, SCORE, 0.7) == 2.5
    assert sensitivity_threshold(EVENT, SCORE, 2 / 3) == 4.5
    assert reached(sensitivity_threshold(EVENT, SCORE, 0.6))[0] >= 0.6


def test_the_asked_specificity_is_reached_by_the_lowest_such_threshold():
    assert specificity_threshold(EVENT, SCORE, 0.6) == 2.5
    assert specificity_threshold(EVENT, SCORE, 0.9) == 4.5
    worst = specificity_threshold(1 - EVENT, SCORE, 0.9)
    assert worst > SCORE.max()
    assert reached(worst, 1 - EVENT) == (0.0, 1.0)


def test_weights_count_as_copies():
    generator = np.random.default_rng(3)
    event, score = noise(generator, 60, levels=3)
    score = score + 2 * event
    copies = generator.integers(1, 4, 60)
    many = np.repeat(event, copies), np.repeat(score, copies)

    weight = copies.astype(float)

    assert youden_threshold(event, score, weight) == youden_threshold(*many)
    for rule in (sensitivity_threshold, specificity_threshold):
        assert rule(event, score, 0.7, weight) == rule(*many, 0.7)
    assert partial_area(event, score, 0.8, weight).value == pytest.approx(
        partial_area(*many, 0.8).value
    )


def test_no_threshold_tells_one_class_or_equal_scores_apart():
    assert np.isnan(youden_threshold(np.ones(4, int), np.arange(4.0)))
    assert np.isnan(youden_threshold(EVENT, np.zeros(6)))
    assert np.isnan(youden_threshold(EVENT, -EVENT.astype(float)))
    for rule in (sensitivity_threshold, specificity_threshold):
        assert np.isnan(rule(np.zeros(4, int), np.arange(4.0), 0.9))


@pytest.mark.parametrize("levels", [None, 2])
@pytest.mark.parametrize("most", [0.1, 0.2, 0.5])
def test_partial_area_is_that_of_scikit_learn(levels, most):
    generator = np.random.default_rng(5)
    for _ in range(4):
        event, score = noise(generator, 80, levels)
        score = score + event
        expected = metrics.roc_auc_score(event, score, max_fpr=most)
        assert partial_area(event, score, 1 - most).value == pytest.approx(expected)


def test_partial_area_of_the_whole_range_is_the_auc_with_delongs_error():
    event, score = noise(np.random.default_rng(6), 80, levels=2)
    counts = pair_counts(event, score)

    found = partial_area(event, score, 0.0)

    assert found.value == pytest.approx(float(counts.value))
    delong = np.sqrt((counts.influence() ** 2).sum())
    assert np.sqrt((found.influences**2).sum()) == pytest.approx(delong)


@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_the_error_of_the_partial_area_is_its_scatter_and_noise_gives_one_half(effect):
    generator, values, errors = np.random.default_rng(7), [], []
    for _ in range(600):
        event, score = noise(generator)
        found = partial_area(event, score + effect * event, 0.8)
        values.append(found.value)
        errors.append(np.sqrt((found.influences**2).sum()))

    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.1)
    if effect == 0:
        assert np.mean(values) == pytest.approx(0.5, abs=0.005)


def test_partial_area_of_one_class_is_undefined_and_of_a_lone_case_has_no_spread():
    assert np.isnan(partial_area(np.zeros(4, int), np.arange(4.0), 0.8).value)
    lone = partial_area(np.array([1, 0, 0, 0]), np.array([9.0, 1, 2, 3]), 0.8)
    assert lone.value == 1.0
    assert lone.influence(0.6).tolist() == [0.4, 0.0, 0.0, 0.0]


def test_shares_of_a_table_of_two_by_two():
    case = np.repeat([True, False], [10, 40])
    high = np.concatenate([np.arange(10) < 8, np.arange(40) < 6])
    found = accuracy_shares(case, high, np.ones(50), np.arange(50))
    assert {name: one.value for name, one in found.items()} == pytest.approx(
        {"sensitivity": 0.8, "specificity": 0.85, "ppv": 8 / 14, "npv": 34 / 36}
    )
    counts = {name: one.n for name, one in found.items()}
    assert counts == pytest.approx(
        {"sensitivity": 10, "specificity": 40, "ppv": 14, "npv": 36}
    )


def test_copies_in_one_cluster_count_once_and_weights_lower_the_number():
    hit = np.repeat([True, False, True], 4)
    assert share(hit, np.ones(12), np.arange(12)).n == pytest.approx(12)
    assert share(hit, np.ones(12), np.repeat(np.arange(3), 4)).n == pytest.approx(3)
    pairs = np.array([1, 1, 1, 0, 0, 0, 1, 0]) == 1
    assert share(pairs, np.ones(8), np.repeat(np.arange(4), 2)).n == pytest.approx(8)
    alike = np.array([1, 1, 1, 1, 0, 0, 1, 0]) == 1
    assert share(alike, np.ones(8), np.repeat(np.arange(4), 2)).n == pytest.approx(
        (5 / 8 * 3 / 8) * 64 / (2 * 0.75**2 + 1.25**2 + 0.25**2)
    )
    weight = np.array([1.0, 1, 1, 5])
    uneven = share(np.ones(4, bool), weight, np.arange(4))
    assert uneven.value == 1.0
    assert uneven.n == pytest.approx(64 / 28)
    assert np.isnan(share(hit, np.zeros(12), np.arange(12)).value)


def test_the_unpaired_test_of_noise_is_rarely_significant_and_finds_an_effect():
    generator, p_values = np.random.default_rng(8), []
    for _ in range(400):
        first, second = (pair_counts(*noise(generator, 80)) for _ in range(2))
        p_values.append(unpaired_test(first, second).p_value)
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.035)
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.06)

    event, score = noise(generator)
    planted = unpaired_test(
        pair_counts(event, score + 2 * event), pair_counts(event, score)
    )
    assert planted.p_value < 0.001


def test_a_two_sided_p_value_is_that_of_students_t():
    assert two_sided(1.959964, np.inf) == pytest.approx(0.05, rel=1e-5)
    assert two_sided(-2.228139, 10) == pytest.approx(0.05, rel=1e-5)
    assert np.isnan(two_sided(float("nan"), 10))

"""Curves, restricted means, proportional hazards, and effects over time."""

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter

from concord.statistics.log_rank import log_rank, log_rank_trend, signed_log_rank
from concord.statistics.survival.cox_events import CoxEvents
from concord.statistics.survival.kaplan_meier import KaplanMeier
from concord.statistics.survival.proportional_hazards import (
    GLOBAL,
    TRANSFORMS,
    proportional_hazards_tests,
    transformed_times,
)
from concord.statistics.survival.restricted_mean import (
    clustered_error,
    restricted_mean,
)
from concord.statistics.survival.time_dependent_effect import (
    effect_over_time,
    spline_basis,
)


def outcomes(rng, n, hazard=1.0, decimals=None):
    """Exponential times, censored at uniform ones; rounded up, they tie."""
    time, end = rng.exponential(size=n) / hazard, rng.uniform(0.3, 2.5, n)
    event, found = (time <= end).astype(int), np.minimum(time, end)
    if decimals is not None:
        found = np.ceil(found * 10**decimals) / 10**decimals
    return event, found


def crossing(rng, n, turn=0.7):
    """A score that raises the hazard until a time and lowers it from then on."""
    x, e = rng.normal(size=n), rng.exponential(size=n)
    early, late = np.exp(x), np.exp(-0.5 * x)
    whole = np.where(e < turn * early, e / early, turn + (e - turn * early) / late)
    end = rng.uniform(0.3, 2.5, n)
    return x, (whole <= end).astype(int), np.minimum(whole, end)


def by_transform(x, event, time, stratum=None):
    terms = {"x": [0]}
    found = proportional_hazards_tests(x[:, None], event, time, terms, stratum=stratum)
    return {transform: tests[0] for transform, tests in found.items()}


def test_a_median_on_a_level_part_is_its_middle_and_may_not_be_reached():
    half = KaplanMeier.of(np.array([1, 1, 1, 0]), np.array([1.0, 2.0, 4.0, 5.0]))
    assert half.survival.tolist() == pytest.approx([0.75, 0.5, 0.25, 0.25])
    assert half.median(0.95)[0] == 3.0
    few = KaplanMeier.of(np.array([1, 0, 0]), np.array([1.0, 2.0, 3.0]))
    assert np.isnan(few.median(0.95)[0])


def test_a_band_is_1_before_the_first_event_and_undefined_after_the_last_subject():
    curve = KaplanMeier.of(np.array([0, 1, 1]), np.array([1.0, 2.0, 3.0]))
    lower, upper = curve.band(0.95)
    assert (lower[0], upper[0]) == (1.0, 1.0)
    assert np.isnan([lower[-1], upper[-1]]).all()
    assert curve.at(0.5) == -1
    assert curve.at(2.5) == 1


def test_subjects_that_stand_twice_in_a_cluster_add_nothing_to_the_certainty():
    event, time = outcomes(np.random.default_rng(3), 60, decimals=1)
    once = KaplanMeier.of(event, time, np.arange(60))
    twice = KaplanMeier.of(
        np.tile(event, 2), np.tile(time, 2), np.tile(np.arange(60), 2)
    )
    assert twice.survival.tolist() == pytest.approx(once.survival.tolist())
    known = once.survival > 0
    assert twice.log_error[known] == pytest.approx(once.log_error[known], rel=1e-9)

    means = [restricted_mean(np.tile(event, k), np.tile(time, k), 0.8) for k in (1, 2)]
    errors = [
        clustered_error(mean.influence, np.tile(np.arange(60), k))
        for k, mean in zip((1, 2), means, strict=True)
    ]
    assert means[0].estimate == pytest.approx(means[1].estimate)
    assert errors[1] == pytest.approx(2 * errors[0] / 2, rel=1e-9)


def test_many_clusters_are_summed_in_parts_as_at_once(monkeypatch):
    rng = np.random.default_rng(5)
    event, time = outcomes(rng, 80, decimals=1)
    cluster = rng.integers(0, 30, 80)
    whole = KaplanMeier.of(event, time, cluster).log_error
    monkeypatch.setattr("concord.statistics.survival.kaplan_meier._CELLS", 50)
    parts = KaplanMeier.of(event, time, cluster).log_error
    np.testing.assert_allclose(parts, whole, rtol=1e-12)


def test_a_restricted_mean_is_the_area_below_the_curve_until_tau():
    event, time = np.array([1, 0, 1, 0]), np.array([1.0, 2.0, 3.0, 6.0])
    found = restricted_mean(event, time, 5.0)
    assert found.estimate == pytest.approx(1 + 0.75 * 2 + 0.375 * 2)
    assert restricted_mean(event, time, 0.5)[:2] == (0.5, 0.0)


def test_a_curve_that_ends_before_tau_has_no_restricted_mean():
    found = restricted_mean(np.array([1, 0]), np.array([1.0, 2.0]), 3.0)
    assert np.isnan(found.estimate)
    ended = restricted_mean(np.array([1, 1]), np.array([1.0, 2.0]), 3.0)
    assert ended.estimate == pytest.approx(1.5)


def test_coefficients_and_likelihood_are_those_of_lifelines():
    rng = np.random.default_rng(7)
    X = rng.normal(size=(120, 2))
    event, time = outcomes(rng, 120, np.exp(X[:, 0]), decimals=1)
    events = CoxEvents.of(X, event, time)
    point, moments = events.maximum()

    table = pd.DataFrame(X, columns=["a", "b"]).assign(event=event, time=time)
    known = CoxPHFitter().fit(table, "time", "event")
    assert point / X.std(axis=0) == pytest.approx(known.params_.to_numpy(), rel=1e-3)
    value = events.log_likelihood(point, moments)
    assert value == pytest.approx(known.log_likelihood_, rel=1e-7)


def test_effects_without_bound_and_columns_that_determine_each_other_have_no_fit():
    time = np.arange(1.0, 9.0)
    assert CoxEvents.of(-time[:, None], np.ones(8, int), time).maximum() is None
    same = np.random.default_rng(0).normal(size=8)
    doubled = np.column_stack([same, 2 * same])
    assert CoxEvents.of(doubled, np.ones(8, int), time).maximum() is None
    assert CoxEvents.of(same[:, None], np.zeros(8, int), time).maximum() is None


def test_undefined_tests_have_a_reason():
    time = np.arange(1.0, 9.0)
    found = by_transform(-time, np.ones(8, int), time)["km"]
    assert np.isnan(found.chi_squared)
    assert np.isnan(found.p_value)
    assert "no finite effect" in found.reason
    zero = np.array([0.0, 1, 2, 3, 4, 5])
    x = np.array([1.0, 0, 1, 0, 0, 1])
    tests = by_transform(x, np.ones(6, int), zero)
    assert "not finite" in tests["log"].reason
    assert np.isfinite(tests["identity"].chi_squared)
    nobody = by_transform(np.zeros(0), np.zeros(0, int), np.zeros(0))
    assert all(test.reason for test in nobody.values())


def test_ranks_are_those_of_all_times_with_the_mean_of_ties():
    event, time = np.array([1, 0, 1, 1]), np.array([2.0, 1.0, 2.0, 5.0])
    assert transformed_times(event, time, "rank").tolist() == [2.5, 1, 2.5, 4]
    before = transformed_times(event, time, "km")
    assert before == pytest.approx([0, 0, 0, 2 / 3])
    with pytest.raises(ValueError, match="expected one of"):
        transformed_times(event, time, "square")


def test_the_test_does_not_depend_on_units_and_all_terms_have_one_of_their_own():
    rng = np.random.default_rng(11)
    X = rng.normal(size=(150, 3))
    event, time = outcomes(rng, 150, decimals=1)
    terms = {"a": [0], "b": [1, 2]}
    found = proportional_hazards_tests(X, event, time, terms, ["km"])["km"]
    other = proportional_hazards_tests(100 * X + 7, event, time, terms, ["km"])["km"]

    assert [test.df for test in found] == [1, 2, 3]
    assert found[-1].term == GLOBAL
    for one, same in zip(found, other, strict=True):
        assert one.chi_squared == pytest.approx(same.chi_squared, rel=1e-6)


def test_p_values_are_uniform_where_hazards_are_proportional_and_times_tie():
    """Strata as folds are; 200 studies of 80 subjects, 5 to 10 times in all."""
    rng, found = np.random.default_rng(13), []
    for _ in range(200):
        x = rng.normal(size=80)
        event, time = outcomes(rng, 80, np.exp(0.5 * x), decimals=0)
        tests = by_transform(x, event, time * 1.0, rng.integers(0, 2, 80))
        found.append([tests[name].p_value for name in ("rank", "identity")])
    small = (np.array(found) < 0.05).mean(axis=0)
    assert (small < 0.1).all()
    assert np.nanmean(found, axis=0) == pytest.approx([0.5, 0.5], abs=0.08)


def test_an_effect_that_turns_with_time_is_found_by_every_transform():
    x, event, time = crossing(np.random.default_rng(1), 300)
    tests = by_transform(x, event, time)
    assert all(tests[name].p_value < 1e-6 for name in TRANSFORMS)

    found = effect_over_time(x, event, time, np.array([0.3, 1.2]))
    reach = 1.96 * found.standard_error
    assert found.estimate[0] - reach[0] > 0
    assert found.estimate[1] + reach[1] < 0
    assert found.estimate == pytest.approx([1.0, -0.5], abs=0.5)


def test_a_band_over_time_holds_the_effect_that_is_the_same_at_all_times():
    rng, inside = np.random.default_rng(17), []
    for _ in range(150):
        x = rng.normal(size=100)
        event, time = outcomes(rng, 100, np.exp(0.5 * x), decimals=1)
        found = effect_over_time(x, event, time, np.array([0.4, 0.8]))
        inside.append(np.abs(found.estimate - 0.5) < 1.96 * found.standard_error)
    assert np.mean(inside, axis=0) == pytest.approx([0.95, 0.95], abs=0.05)


def test_the_curve_of_a_constant_basis_is_that_of_the_cox_model(monkeypatch):
    rng = np.random.default_rng(19)
    x = rng.normal(size=90)
    event, time = outcomes(rng, 90, np.exp(0.4 * x), decimals=1)
    monkeypatch.setattr(
        "concord.statistics.survival.time_dependent_effect.spline_basis",
        lambda at, knots: np.ones((len(at), 1)),
    )
    stratum = rng.integers(0, 2, 90)
    found = effect_over_time(x, event, time, np.array([0.5]), stratum)
    assert found.estimate[0] == pytest.approx(found.constant, rel=1e-7)
    table = pd.DataFrame({"x": x, "e": event, "t": time, "s": stratum})
    known = CoxPHFitter().fit(table, "t", "e", strata="s")
    error = known.standard_errors_["x"]
    assert found.standard_error[0] == pytest.approx(error, rel=1e-5)


def test_the_basis_is_straight_beyond_its_outer_knots():
    knots = np.array([1.0, 2.0, 3.0, 4.0])
    outside = spline_basis(np.array([4.0, 5.0, 6.0, 7.0]), knots)
    assert np.abs(np.diff(outside, n=2, axis=0)).max() < 1e-9
    assert outside.shape == (4, 4)


def test_few_events_have_no_curve_but_a_reason():
    rng = np.random.default_rng(2)
    event, time = outcomes(rng, 15)
    found = effect_over_time(rng.normal(size=15), event, time, np.array([0.5]))
    assert "a curve over time takes 20" in found.reason
    assert not len(found.times)


def test_the_trend_over_strata_adds_them_up_and_of_two_groups_is_the_log_rank_test():
    rng = np.random.default_rng(23)
    event, time = outcomes(rng, 200, decimals=1)
    group, stratum = rng.integers(0, 3, 200), rng.integers(0, 2, 200)
    known = np.ones(200, bool)

    plain = signed_log_rank(event, time, group, known)
    assert log_rank_trend(event, time, group) == pytest.approx(float(plain))
    two = np.minimum(group, 1)
    z = log_rank_trend(event, time, two, stratum)
    assert z**2 == pytest.approx(log_rank(event, time, two, stratum).chi_squared)
    one = np.zeros(200, int)
    assert np.isnan(log_rank_trend(event, time, one, stratum))


def test_a_planted_trend_is_seen_by_its_own_test():
    rng = np.random.default_rng(29)
    group = rng.integers(0, 3, 300)
    event, time = outcomes(rng, 300, np.exp(0.5 * group))
    assert log_rank_trend(event, time, group) > 4

"""Tests over groups against other software, and against counting by hand."""

import numpy as np
import pytest
from lifelines.statistics import multivariate_logrank_test
from scipy import stats

from concord.statistics.group_tests import (
    chi_squared,
    corrected_v,
    number_test,
    survival_test,
    table_test,
)
from concord.statistics.log_rank import log_rank


@pytest.mark.parametrize("n_groups", [2, 3, 6])
def test_the_log_rank_statistic_equals_that_of_lifelines(n_groups):
    rng = np.random.default_rng(n_groups)
    group = rng.integers(0, n_groups, 90)
    time = np.ceil(rng.exponential(10, 90))  # with ties
    event = (rng.random(90) < 0.6).astype(int)
    found = log_rank(event, time, group)
    expected = multivariate_logrank_test(time, group, event)

    assert found.df == n_groups - 1
    assert found.chi_squared == pytest.approx(expected.test_statistic)
    assert found.observed.sum() == pytest.approx(found.expected.sum())


def test_the_log_rank_statistic_needs_two_groups_at_risk_at_an_event():
    event, time = np.array([0, 0, 1]), np.array([1.0, 2.0, 3.0])
    assert np.isnan(log_rank(event, time, np.array([0, 1, 1])).chi_squared)
    assert log_rank(event, time, np.array([0, 1, 1])).df == 0
    assert np.isnan(survival_test(event, time, np.array(list("abb")), 9, 1).p_value)


def test_chi_squared_equals_that_of_scipy_also_for_many_tables():
    tables = np.array([[[3, 7], [5, 5]], [[1, 9], [8, 2]]])
    expected = [stats.chi2_contingency(t, correction=False).statistic for t in tables]
    assert chi_squared(tables).tolist() == pytest.approx(expected)


def test_corrected_v_is_that_of_bergsma():
    # 2 x 3 table, n = 50, chi-squared 10: phi squared 0.2 less 2 / 49; of the sizes
    # 2 - 1 / 49 and 3 - 4 / 49 the smaller counts, less 1.
    expected = np.sqrt((0.2 - 2 / 49) / (1 - 1 / 49))
    assert float(corrected_v(np.array(10.0), 50, 2, 3)) == pytest.approx(expected)
    assert float(corrected_v(np.array(1.9), 50, 2, 3)) == 0  # less than chance gives


def test_the_p_value_of_a_small_table_is_that_of_counting():
    # All of one margin on one side: 2 of the 20 ways to choose 3 of 6 are as far.
    found = table_test(np.repeat([0, 1], 3), np.repeat(["x", "y"], 3), 20_000, 1)
    assert found.p_value == pytest.approx(2 / 20, abs=0.01)
    assert found.strength == pytest.approx(1.0)


def test_numbers_of_groups_are_tested_like_an_analysis_of_variance():
    rng = np.random.default_rng(3)
    group = np.repeat(["a", "b", "c"], 20)
    values = rng.normal(size=60) + np.repeat([0.0, 0.3, 0.6], 20)
    parts = [values[group == name] for name in "abc"]
    found = number_test(values, group, 4000, 1)

    assert found.p_value == pytest.approx(stats.f_oneway(*parts).pvalue, abs=0.01)


def test_constant_numbers_and_one_group_are_undefined():
    group = np.repeat(["a", "b"], 5)
    assert np.isnan(number_test(np.full(10, 0.1 + 0.2), group, 9, 1).p_value)
    assert np.isnan(number_test(np.arange(10.0), np.full(10, "a"), 9, 1).p_value)
    assert np.isnan(table_test(np.full(7, "a"), np.arange(7) % 2, 9, 1).p_value)

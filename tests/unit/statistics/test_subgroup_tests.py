"""Welch's test of groups, and pseudo-values of censored outcomes."""

import numpy as np
import pytest
from scipy import stats

from concord.statistics.competing.cumulative_incidence import cumulative_incidence
from concord.statistics.subgroups.heterogeneity import heterogeneity
from concord.statistics.subgroups.pseudo_values import pseudo_values


def groups(*sizes, seed=1):
    generator = np.random.default_rng(seed)
    return [generator.normal(0.1 * n, 1 + n / 20, n) for n in sizes]


def welch_of(samples):
    values = np.array([one.mean() for one in samples])
    errors = np.array([one.std(ddof=1) / np.sqrt(len(one)) for one in samples])
    return heterogeneity(values, errors, np.array([len(one) - 1.0 for one in samples]))


def test_of_two_groups_it_is_welchs_t_test():
    samples = groups(9, 14)
    expected = stats.ttest_ind(*samples, equal_var=False)
    found = welch_of(samples)
    assert found.statistic == pytest.approx(expected.statistic**2)
    assert found.df_denominator == pytest.approx(expected.df)
    assert found.p_value == pytest.approx(expected.pvalue)


def test_of_several_groups_it_is_welchs_analysis_of_variance():
    samples = groups(8, 12, 20, 6)
    expected = stats.f_oneway(*samples, equal_var=False)
    found = welch_of(samples)
    assert found.statistic == pytest.approx(expected.statistic)
    assert found.p_value == pytest.approx(expected.pvalue)


def test_of_known_errors_it_is_a_chi_squared_test():
    values, errors = np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.5, 1.0])
    found = heterogeneity(values, errors, np.full(3, np.inf))
    mean = (values / errors**2).sum() / (1 / errors**2).sum()
    chi_squared = (((values - mean) / errors) ** 2).sum()
    assert found.p_value == pytest.approx(stats.chi2.sf(chi_squared, 2))
    assert np.isinf(found.df_denominator)


def outcomes(n=40, seed=2):
    generator = np.random.default_rng(seed)
    return np.ceil(generator.exponential(300, n)), generator.choice([0, 1, 2], n)


@pytest.mark.parametrize("cause", [1, 2])
def test_pseudo_values_are_incidences_with_and_without_a_subject(cause):
    time, code = outcomes()
    every = np.arange(len(time))

    def incidence(rows):
        found = cumulative_incidence(time[rows], code[rows], cause)
        place = np.searchsorted(found.times, 250.0, side="right") - 1
        return found.estimate[place]

    n, whole = len(time), incidence(every)
    expected = [n * whole - (n - 1) * incidence(every != row) for row in every]
    assert pseudo_values(time, code, 250.0, cause) == pytest.approx(expected)


def test_without_censoring_a_pseudo_value_is_the_outcome():
    time, code = outcomes()
    code = np.maximum(code, 1)
    happened = (time <= 250) & (code == 1)
    assert pseudo_values(time, code, 250.0) == pytest.approx(happened.astype(float))


def test_beyond_the_follow_up_of_all_but_one_there_is_no_pseudo_value():
    time, code = outcomes()
    last = np.sort(time)[-2]
    assert np.isfinite(pseudo_values(time, code, last)).all()
    assert np.isnan(pseudo_values(time, code, last + 1)).all()


def test_before_the_first_event_all_pseudo_values_are_zero():
    time, code = outcomes()
    assert pseudo_values(time, code, time.min() - 0.5) == pytest.approx(np.zeros(40))

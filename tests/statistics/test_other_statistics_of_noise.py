"""Intervals and p-values that are not of models: noise, and known truths."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from concord.evaluation.intervals import wilson_interval
from concord.harmonization.diagnostics.batch_tests import TESTS
from concord.ingest.acquisition.drift import LEAST_SCANS, few_runs_p
from concord.statistics.icc import intraclass_correlation

from ..batch_rows import batch_effect

N = 400


def at_most(share, n, errors=2.6):
    return share + errors * np.sqrt(share * (1 - share) / n)


@pytest.fixture(scope="module")
def batches():
    """Batches of 16 to 19 rows without any effect."""
    generator = np.random.default_rng(0)
    batch = pd.Series(np.repeat(["a", "b", "c"], [19, 16, 16]))
    draws = [pd.Series(generator.normal(size=51)) for _ in range(N)]
    return pd.DataFrame([batch_effect(values, batch) for values in draws])


@pytest.mark.parametrize("test", TESTS)
def test_batches_of_noise_differ_as_often_as_chance_has_it(batches, test):
    for level in (0.05, 0.01):
        assert (batches[test] <= level).mean() <= at_most(level, N)
    assert abs(batches["eta_squared"].mean() - batches["chance"].mean()) < 0.005


@pytest.mark.parametrize("n", [LEAST_SCANS, 40])
def test_random_orders_have_few_runs_or_a_trend_as_often_as_chance_has_it(n):
    generator = np.random.default_rng(n)
    runs, trends = [], []
    for _ in range(N):
        values = generator.permutation(np.arange(n) % 3).astype(str)
        runs.append(few_runs_p(list(values)))
        trends.append(stats.spearmanr(np.arange(n), generator.normal(size=n)).pvalue)
    for p in (runs, trends):
        assert (np.array(p) <= 0.05).mean() <= at_most(0.05, N)


@pytest.mark.parametrize("form", ["ICC(1,1)", "ICC(A,1)"])
def test_bounds_of_the_icc_hold_the_truth(form):
    """Subjects of variance 3, readings of variance 1: an ICC of 0.75."""
    generator = np.random.default_rng(5)
    subject = generator.normal(0, np.sqrt(3), (30, 1, N))
    ratings = subject + generator.normal(size=(30, 2, N))
    found = intraclass_correlation(ratings, form)
    covered = (found.lower <= 0.75) & (found.upper >= 0.75)
    assert covered.mean() >= 1 - at_most(0.05, N)
    assert (found.lower > 0.75).mean() <= at_most(0.025, N)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_wilson_bounds_hold_the_share(share):
    counts, n = np.arange(61), 60
    chance = stats.binom.pmf(counts, n, share)
    bounds = [wilson_interval(k / n, n, 0.95) for k in counts]
    covered = np.array([low <= share <= high for low, high in bounds])
    assert (chance * covered).sum() >= 0.93

"""Course of survival of noise: p-values and intervals that are printed hold."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from concord.evaluation.course.group_survival import group_survival
from concord.evaluation.course.hazards import (
    proportional_hazards,
    time_dependent_effect,
)
from concord.evaluation.course.log_rank_tests import log_rank_tests
from concord.evaluation.course.sets import evaluation_sets
from concord.evaluation.course.settings import SurvivalCourse
from concord.statistics.log_rank import log_rank
from concord.statistics.risk_groups import named
from concord.statistics.survival.cox_events import CoxEvents

SETTINGS = SurvivalCourse(reference_arm="none", confidence=0.95)
N_FOLDS = 5


def predictions(seed: int, scheme: str, n: int = 80, n_features: int = 4):
    """Scores of Cox models of noise, fitted to other subjects than they score."""
    rng = np.random.default_rng([seed, n])
    X, end = rng.normal(size=(n, n_features)), rng.uniform(100, 900, n)
    time = 300 * rng.exponential(size=n)
    event, days = (time <= end).astype(int), np.ceil(np.minimum(time, end) / 10) * 10
    fold = np.arange(n) % N_FOLDS if scheme == "cv" else np.zeros(n, int)
    score, group = np.empty(n), np.empty(n, dtype=object)
    for number in np.unique(fold):
        held_out = fold == number
        known = (
            (X[~held_out], event[~held_out], days[~held_out])
            if scheme == "cv"
            else (rng.normal(size=(n, n_features)), event, rng.permutation(days))
        )
        point, _ = CoxEvents.of(*known).maximum()
        weights = point / known[0].std(axis=0)
        score[held_out] = X[held_out] @ weights
        cut = np.median(known[0] @ weights)
        group[held_out] = named(score[held_out], [cut])
    subjects = [f"P{number:03d}" for number in range(n)]
    return pd.DataFrame(
        {
            "endpoint": "death",
            "arm": "noise",
            "scheme": scheme,
            "repeat": 1,
            "fold": fold.astype(str),
            "subject_id": subjects,
            "group": "A",
            "cluster": subjects,
            "event": event,
            "time_days": days,
            "score": score,
            "risk_group": group,
        }
    )


def studies(n_studies: int, scheme: str):
    for seed in range(n_studies):
        yield list(evaluation_sets(predictions(seed, scheme)))


def hazards_p(sets) -> float:
    found = proportional_hazards(sets, pd.DataFrame(), SETTINGS)
    return float(found.loc[found["transform"] == "km", "p_value"].iloc[0])


@pytest.mark.parametrize("scheme", ["cv", "fixed"])
def test_few_studies_of_noise_find_hazards_that_are_not_proportional(scheme):
    p_values = np.array([hazards_p(sets) for sets in studies(60, scheme)])
    assert (p_values < 0.05).mean() <= 0.15


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["cv", "fixed"])
def test_p_of_proportional_hazards_of_noise_is_uniform(scheme):
    p_values = np.array([hazards_p(sets) for sets in studies(1000, scheme)])
    assert stats.kstest(p_values, "uniform").pvalue > 0.001
    assert (p_values < 0.05).mean() <= 0.075


def test_of_noise_in_cross_validation_neither_p_nor_interval_of_groups_is_printed():
    for sets in studies(20, "cv"):
        assert log_rank_tests(sets)["p_value"].isna().all()
        apart = group_survival(sets, SETTINGS)["rmst_differences"]
        assert apart[["lower", "upper"]].isna().all(axis=None)


@pytest.mark.slow
def test_a_log_rank_p_in_cross_validation_would_be_too_small_too_often():
    """The reason for printing none."""
    found = []
    for (one,) in studies(1000, "cv"):
        rows = one.rows
        high = (rows["risk_group"] == "high").to_numpy(int)
        event, days = rows["event"].to_numpy(), rows["time_days"].to_numpy()
        found.append(stats.chi2.sf(log_rank(event, days, high).chi_squared, 1))
    assert (np.array(found) < 0.05).mean() > 0.08


@pytest.mark.slow
def test_in_a_declared_set_of_noise_p_is_uniform_and_the_difference_covers_0():
    p_values, covered = [], []
    for sets in studies(1000, "fixed"):
        p_values.append(float(log_rank_tests(sets)["p_value"].iloc[0]))
        row = group_survival(sets, SETTINGS)["rmst_differences"].iloc[0]
        covered.append(row["lower"] <= 0 <= row["upper"])
    known = np.array(p_values)[np.isfinite(p_values)]
    assert (known < 0.05).mean() <= 0.075
    assert np.mean(covered) >= 0.92


@pytest.mark.slow
@pytest.mark.parametrize(("scheme", "least"), [("cv", 0.85), ("fixed", 0.92)])
def test_the_band_of_the_effect_of_noise_over_time_holds_0(scheme, least):
    inside = []
    for sets in studies(500, scheme):
        found = time_dependent_effect(sets, 0.95).iloc[[6, 12, 18]]
        inside.append((found["lower"] <= 0) & (found["upper"] >= 0))
    assert np.mean([one.to_numpy() for one in inside], axis=0).min() >= least

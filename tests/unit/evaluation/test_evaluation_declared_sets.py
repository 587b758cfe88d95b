"""Declared evaluation sets: judged like one fold each, with intervals that hold."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.calibration import Calibrations
from concord.evaluation.comparisons import comparisons
from concord.evaluation.null_tests import null_tests
from concord.evaluation.performance import performance
from concord.folds import splits as folding
from concord.folds.scheme import Scheme
from concord.statistics.discrimination import concordance
from concord.statistics.outcome_kinds import BINARY

from ...modelling_study import (
    Tables,
    fit_and_predict,
    make_folds,
    make_specification,
    make_tables,
    null_band,
)


def noise(generator, n=40, arm="noise"):
    """Random scores of one evaluation set."""
    subjects = [f"P{number:03d}" for number in range(n)]
    return pd.DataFrame(
        {
            "endpoint": "relapse",
            "arm": arm,
            "scheme": "fixed",
            "repeat": 1,
            "fold": "1",
            "subject_id": subjects,
            "group": np.array(["A", "B"])[np.arange(n) % 2],
            "cluster": subjects,
            "event": (np.arange(n) % 5 < 2).astype(int),
            "time_days": np.nan,
            "score": generator.normal(size=n),
        }
    )


def fits_of(rows):
    return rows[["arm", "scheme", "repeat", "fold"]].drop_duplicates()


@pytest.mark.parametrize("n_studies", [80, pytest.param(1500, marks=pytest.mark.slow)])
def test_the_interval_of_one_evaluation_set_of_noise_holds_one_half(n_studies):
    generator = np.random.default_rng(4)
    held = []
    for _ in range(n_studies):
        rows = noise(generator)
        found = performance(rows, fits_of(rows), BINARY, 0.95, Calibrations())
        (row,) = found[found["stratum"] == "all"].to_dict("records")
        held.append(row["lower"] < 0.5 < row["upper"])
    assert np.mean(held) >= 0.93


def test_one_set_is_judged_as_one_fold_and_two_sets_by_their_mean():
    generator = np.random.default_rng(1)
    rows = noise(generator, 60)
    found = performance(rows, fits_of(rows), BINARY, 0.95, Calibrations())
    overall = found.set_index("stratum").loc["all"]
    value = concordance(rows["event"].to_numpy(), rows["score"].to_numpy()).value
    assert overall["estimate"] == pytest.approx(value)
    assert overall["n_folds"] == 1
    assert overall["method"].startswith("mean over declared evaluation sets; jackknife")
    two = rows.assign(scheme="temporal", fold=np.where(np.arange(60) < 25, "1", "2"))
    found = performance(two, fits_of(two), BINARY, 0.95, Calibrations())
    values = [
        concordance(part["event"].to_numpy(), part["score"].to_numpy()).value
        for _, part in two.groupby("fold")
    ]
    overall = found.set_index("stratum").loc["all"]
    assert overall["estimate"] == pytest.approx(np.mean(values))
    assert (overall["n"], overall["n_folds"]) == (60, 2)


def test_differences_in_a_declared_set_are_paired():
    generator = np.random.default_rng(2)
    one = noise(generator, arm="a")
    two = one.assign(arm="b", score=one["score"] + 0.1 * generator.normal(size=40))
    rows = pd.concat([one, two], ignore_index=True)
    found = comparisons(
        rows, fits_of(rows), BINARY, 0.95, [("b", "a")], Calibrations()
    ).iloc[0]
    assert found["method"].startswith("paired mean over declared evaluation sets")
    assert found["upper"] - found["lower"] < 0.2


def test_arms_are_fitted_judged_and_permuted_in_declared_sets():
    made = make_tables(n=60, n_features=6, signal=2.0)
    side = np.where(np.arange(60) < 36, "development", "evaluation").astype(object)
    cohort = made.cohort.assign(**{"split.fixed": side})
    sides = {"column": "set", "development": ["a"], "evaluation": ["b"]}
    folds = make_folds(cohort, fixed=sides, leave_one_group_out=False, folds=2)
    study = Tables(cohort, made.features, folds)
    plan = make_specification(max_features=1)
    predictions, fit = fit_and_predict(study, plan, "fixed")
    chosen = folding.select(folds, Scheme.parse("fixed"))
    evaluated = chosen.loc[chosen["role"] == "evaluation", "subject_id"]
    assert sorted(predictions["subject_id"]) == sorted(evaluated)
    null = null_band(study.rows, folds, plan, n_permutations=12, seed=1)
    assert set(null["scheme"]) == {"cv", "fixed"}
    widened = Calibrations.of(null)
    found = performance(predictions, fit.fits, plan.outcome, 0.95, widened)
    checked = tables.check(found, "p", "performance")
    (tested,) = null_tests(checked, null).to_dict("records")
    assert tested["scheme"] == "fixed"
    assert tested["estimate"] > 0.7
    assert tested["p_value"] < 0.2

"""Who is in the comparison: each member of the cohort has a score or a reason."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.calibration import Calibrations
from concord.evaluation.exclusions import arm_exclusions
from concord.evaluation.performance import performance
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ...modelling_study import (
    fit_and_predict,
    make_folds,
    make_specification,
    make_tables,
)


def judged(study, scheme="cv-1", **options):
    """The exclusions and the number of subjects that an arm is judged by."""
    plan = make_specification(**options)
    predictions, fit = fit_and_predict(study, plan, scheme)
    found = arm_exclusions(predictions, fit.fits, study.cohort)
    kind = OUTCOME_KINDS[plan.kind]
    rows = performance(predictions, fit.fits, kind, 0.95, Calibrations())
    checked = tables.check(found, "exclusions", "arm_exclusions")
    return checked, int(rows.query("stratum == 'all'")["n"].iloc[0])


@pytest.fixture
def study():
    """Ten subjects were scanned in the retest session alone; two have no values."""
    whole = make_tables()
    features = whole.features.copy()
    numbers = features["subject_id"].str[1:].astype(int)
    features.loc[numbers < 10, "session"] = "retest"
    columns = tables.feature_columns(features)
    features.loc[numbers.isin([20, 21]), columns] = np.nan
    return replace(whole, features=features)


def test_a_subject_without_a_baseline_row_is_listed_with_the_reason(study):
    found, n = judged(study)

    assert len(found) == 12
    assert n == len(study.cohort) - 12
    assert set(found["stage"]) == {"features"}
    reasons = found.set_index("subject_id")["reason"]
    told = "no feature row of session 'baseline' by reader 'A'"
    assert set(reasons[[f"P{number:04d}" for number in range(10)]]) == {told}
    assert set(reasons[["P0020", "P0021"]]) == {"no features"}
    assert not found["compared"].any()


def test_a_subject_above_the_limit_of_missing_values_is_listed():
    whole = make_tables()
    features = whole.features.copy()
    columns = tables.feature_columns(features)
    features.loc[features["subject_id"] == "P0005", columns[:15]] = np.nan
    found, n = judged(replace(whole, features=features), max_missing=0.5)

    assert found[["subject_id", "stage"]].to_numpy().tolist() == [
        ["P0005", "missing values"]
    ]
    assert found["reason"].iloc[0].startswith("too many missing features: 15 of 20")
    assert n == len(whole.cohort) - 1


def test_an_arm_that_needs_no_features_misses_nobody(study):
    found, n = judged(study, features=[], covariates=["age"], harmonizer="none")

    assert found.empty
    assert n == len(study.cohort)


def test_subjects_of_an_unseen_batch_are_listed(study):
    found, n = judged(study, "loso", harmonization={"unseen": "refuse"})

    assert set(found["stage"]) == {"features", "harmonization"}
    assert n == 0
    assert len(found) == len(study.cohort)


def test_subjects_that_adapt_a_batch_are_listed():
    whole = make_tables()
    found, n = judged(
        whole, "loso", harmonization={"unseen": "adapt", "adapt_subjects": 5}
    )

    assert set(found["stage"]) == {"adaptation"}
    assert len(found) == 15
    assert n == len(whole.cohort) - 15


def test_a_subject_whose_outcome_is_unknown_is_listed():
    whole = make_tables()
    cohort = whole.cohort.copy()
    cohort.loc[:2, "event.recurrence"] = np.nan
    found, n = judged(replace(whole, cohort=cohort))

    assert found["subject_id"].tolist() == ["P0000", "P0001", "P0002"]
    assert set(found["reason"]) == {"the outcome is not known"}
    assert set(found["stage"]) == {"outcome"}
    assert n == len(cohort) - 3


def test_a_subject_of_a_fold_that_failed_is_compared_in_the_other_repeats():
    whole = make_tables(repeats=1)
    plan = make_specification()
    first, fit = fit_and_predict(whole, plan)
    second = first.assign(repeat=2)
    lost = second["fold"] == "1"
    second.loc[lost, "score"] = np.nan
    second.loc[lost, "reason"] = "no convergence after 200 steps"
    again = fit.fits.assign(repeat=2)
    again.loc[again["fold"] == "1", "status"] = "failed"
    found = arm_exclusions(
        pd.concat([first, second], ignore_index=True),
        pd.concat([fit.fits, again], ignore_index=True),
        whole.cohort,
    )

    assert len(found) == lost.sum()
    assert set(found["stage"]) == {"fit"}
    assert found["compared"].all()
    assert set(found["n_planned"]) == {2}
    assert set(found["n_folds"]) == {1}


def test_a_subject_whom_no_fold_holds_out_is_listed():
    whole = make_tables()
    predictions, fit = fit_and_predict(whole, make_specification())
    fewer = predictions[predictions["subject_id"] != "P0007"]
    found = arm_exclusions(fewer, fit.fits, whole.cohort)

    assert found[["subject_id", "stage", "reason"]].to_numpy().tolist() == [
        ["P0007", "folds", "in no evaluation set"]
    ]


def test_every_member_of_the_cohort_is_judged_or_listed(study):
    for options in ({}, {"harmonization": {"unseen": "refuse"}}):
        for scheme in ("cv-1", "loso"):
            found, n = judged(study, scheme, **options)
            left_out = found[~found["compared"].astype(bool)]["subject_id"]
            assert n + left_out.nunique() == len(study.cohort)


def test_who_is_not_in_a_declared_evaluation_set_is_so_by_design():
    whole = make_tables()
    side = np.where(np.arange(60) < 40, "development", "evaluation")
    cohort = whole.cohort.assign(**{"split.fixed": side.astype(object)})
    sides = {"column": "set", "development": ["a"], "evaluation": ["b"]}
    found, n = judged(
        replace(whole, cohort=cohort, folds=make_folds(cohort, fixed=sides)), "fixed"
    )
    assert n == 20
    assert len(found) == 40
    assert set(found["stage"]) == {"declared split"}
    assert set(found["reason"]) == {"not in the declared evaluation set"}

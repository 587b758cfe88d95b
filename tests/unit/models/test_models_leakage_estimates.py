"""All that a document of a fit holds: a leak through any part of it is caught.

Steps, models, members' weights and schemes have planted leaks of their own: see the
tests of leakage beside this one. Here are what inner folds choose, and the numbers that
are taken from the scores and rows of development.
"""

import numpy as np
import pytest

from concord import provenance
from concord.folds.splitting import FoldName, splits
from concord.models.arm import arm_data, repeated_measurements
from concord.models.fitted_model import Estimates
from concord.models.fold_fit import fit_development, fitted_model
from concord.models.leakage import leakage_test
from concord.models.settings.tuning import Tuning
from concord.models.tuning.prepared import Prepared
from concord.models.tuning.search import search

from ...modelling_study import Tables, make_folds, make_specification, make_tables
from . import test_models_fusion_design as fused_arms
from . import test_models_leakage_steps as steps_of_arms
from .test_models_leakage_steps import caught

FEW = Tuning(n_penalties=4, max_features=[2, 6], harmonizer=["none", "combat"], folds=2)
#: What a document holds that the study gives, and nothing learns.
GIVEN = {
    "endpoint",
    "kind",
    "session",
    "reader",
    "columns",
    "unseen",
    "adapt_subjects",
    "max_missing",
    "recalibration",  # of updates, which no fold has
}
#: What is taken from development rows, and the perturbation that must notice a leak.
FROM_ROWS = {
    "thresholds": "outcome flipped",
    "cuts": "noise x 1e6",
    "spread": "noise x 1e6",
    "mean": "noise x 1e6",
    "unmeasured": "features missing",
}
#: What has planted leaks elsewhere.
PLANTED = {
    "pipeline": steps_of_arms.test_a_step_that_learnt_from_all_rows_is_caught,
    "fusion": fused_arms.test_weights_that_are_learnt_before_the_split_are_caught,
}


@pytest.fixture(scope="module")
def study():
    """A study whose second feature is known of one subject in ten."""
    made = make_tables(n_features=8, signal=1.5)
    features = made.features.copy()
    names = [name for name in features if name.startswith("original.")]
    features.loc[~features["subject_id"].str[-1].isin(["3"]), names[1]] = np.nan
    return Tables(made.cohort, features, make_folds(made.cohort, folds=2))


def development_of(tables, fold):
    """Rows of the development side of a fold."""
    (name, _), *_ = leakage_test.each_fold(fold)
    (split,) = splits(tables, fold, name.part)
    return split.development


def test_every_part_of_a_document_is_given_or_has_a_planted_leak():
    parts = [GIVEN, set(FROM_ROWS), set(PLANTED), {"tuned"}]
    assert sum(map(len, parts)) == len(set().union(*parts))
    assert set().union(*parts) == set(Estimates.model_fields)


@pytest.mark.parametrize(("part", "perturbation"), FROM_ROWS.items())
def test_numbers_that_were_taken_from_all_rows_are_caught(study, part, perturbation):
    plan = make_specification(max_missing=1.0, drop_missing_above=0.9)

    def taken_before_the_split(tables, fold, plan):
        rows = development_of(tables, fold)
        pipeline = fit_development(arm_data(rows, plan), plan)
        whole = arm_data(tables, plan)
        name = FoldName("cv", 1, "1")
        found = fitted_model(name, pipeline, whole, plan).required_estimates()
        return provenance.digest(found.model_dump(mode="json")[part])

    assert perturbation in caught(study, plan, taken_before_the_split)


@pytest.mark.parametrize("perturbation", ["outcome flipped", "noise x 1e6"])
def test_settings_that_were_chosen_in_all_rows_are_caught(study, perturbation):
    plan = make_specification(max_missing=1.0, tuning=FEW)

    def tuned_before_the_split(tables, fold, plan):
        known = arm_data(tables, plan).only_fittable()
        prepared = Prepared.of(known, tables, plan, repeated_measurements)
        choice = search(prepared, plan.outcome.target(known.outcome))
        return provenance.digest(choice.rows(plan)[choice.chosen])

    assert perturbation in caught(study, plan, tuned_before_the_split)


def test_no_part_of_a_tuned_arm_is_learnt_from_evaluation_subjects(study):
    plan = make_specification(max_missing=1.0, drop_missing_above=0.9, tuning=FEW)
    assert caught(study, plan, leakage_test.study_fit) == set()

"""Every option of an arm, and of its harmonization, changes what an arm predicts."""

from typing import get_args

import numpy as np
import pytest

from concord.folds.splitting import splits
from concord.harmonization.settings import ArmHarmonization
from concord.models.arm import arm_data
from concord.models.fold_fit import fit_development
from concord.models.settings.arm import Arm

from ...modelling_study import Tables, make_specification, make_tables

#: A value of each option of an arm that differs from the one of `BEFORE`.
OF_ARM = {
    "covariates": ["age"],
    "group_indicator": True,
    "features": ["CT.*.f000"],
    "harmonizer": "none",
    "drop_missing_above": 0.1,
    "transform": "rank_normal",
    "stability_filter": True,
    "imputation": "indicator",
    "n_imputations": 3,
    "scaling": "robust",
    "representative": "icc",
    "selection": "none",
    "half_samples": 4,
    "selection_threshold": 0.95,
    "correlation_limit": 0.05,
    "max_features": 2,
    "penalty": 0.5,
    "l1_share": 0.5,
    "model": {"kind": "unpenalized"},
}
OF_HARMONIZATION = {
    "batch": {"CT": ["Kernel"]},
    "keep": ["age"],
    "smooth": ["age"],
    "spline_knots": 3,
    "min_batch_size": 30,
    "empirical_bayes": False,
    "mean_only": True,
    "reference": {"site": "A"},
}
#: Options that other tests change, as they need other rows.
ELSEWHERE = {
    "unseen": "test_models_prediction.py: batches that development does not hold",
    "adapt_subjects": "test_models_prediction.py: batches that it does not hold",
    "tuning": "test_models_tuning.py: inner folds that choose other options",
    "max_missing": "test_models_missing.py: subjects whose predictors are missing",
    "fit_on": "test_combat_phantom.py: rows of a phantom",
    "fusion": "test_fusion_fit.py: arms that are combined",
}
#: Options of an arm without which another has no effect.
_GAPS = {"covariates": ["age"], "max_missing": 1.0}
_CHAINED = _GAPS | {"imputation": "chained"}
_HALVES = {"selection": "stability", "half_samples": 20, "max_features": 8}
CONTEXTS_OF_ARM = {
    "imputation": _GAPS,
    "n_imputations": _CHAINED,
    "representative": {"correlation_limit": 0.05},
    "half_samples": _HALVES,
    "selection_threshold": _HALVES,
}
#: Options of harmonization without which another has no effect.
CONTEXTS = {"smooth": {"keep": ["age"]}, "spline_knots": {"keep": ["age"]}}
CONTEXTS["spline_knots"]["smooth"] = ["age"]
UNUSED = "changes nothing: hand it on in scripts/concord/models/pipeline.py"
HERE = "tests/unit/models/test_models_options.py"


@pytest.fixture(scope="module")
def study():
    """One reader pair, two batch variables, and fewer subjects at the last site."""
    made = make_tables(n=75, sites=("A", "B", "A", "C"), signal=1.0)
    kernel = np.where(np.arange(75) % 2, "sharp", "soft").astype(object)
    features, noisy = made.features.copy(), made.features["reader"] == "B"
    few = [name for name in features if name.startswith("original.")][1::2]
    shaken = np.random.default_rng(4).normal(0, 9, (noisy.sum(), len(few)))
    features.loc[noisy, few] += shaken
    cohort = made.cohort.assign(**{"batch.CT.Kernel": kernel})
    cohort.loc[::7, "covariate.age"] = np.nan
    features.loc[features["subject_id"].str[-1] == "4", few[0]] = np.nan
    return Tables(cohort, features, made.folds)


def scores(study, specification):
    """Linear predictor of the development subjects of one split."""
    rows = next(splits(study.rows, study.folds, "cv-1")).development
    data = arm_data(rows, specification)
    return fit_development(data, specification).decision_function(data.predictors)


@pytest.mark.parametrize("option", OF_ARM)
def test_an_option_of_an_arm_changes_its_predictions(study, option):
    context = CONTEXTS_OF_ARM.get(option, {})
    changed = context | {option: OF_ARM[option]}
    before = scores(study, make_specification(**context))
    after = scores(study, make_specification(**changed))

    assert not np.array_equal(before, after), f"arms.{option} {UNUSED}"


@pytest.mark.parametrize("option", OF_HARMONIZATION)
def test_an_option_of_harmonization_changes_the_predictions(study, option):
    context = CONTEXTS.get(option, {})
    changed = context | {option: OF_HARMONIZATION[option]}
    before = scores(study, make_specification(harmonization=context))
    after = scores(study, make_specification(harmonization=changed))

    assert not np.array_equal(before, after), f"harmonization.{option} {UNUSED}"


def test_the_treatment_of_ties_of_an_endpoint_changes_its_predictions(study):
    breslow = make_specification("survival").model_copy(update={"ties": "breslow"})
    before = scores(study, make_specification("survival"))

    assert not np.array_equal(before, scores(study, breslow)), UNUSED


def test_no_option_has_been_forgotten():
    options = {*Arm.model_fields, *ArmHarmonization.model_fields}
    missing = options - {*OF_ARM, *OF_HARMONIZATION, *ELSEWHERE}

    assert not missing, f"give another value of {sorted(missing)} in {HERE}"
    assert {*OF_ARM, *OF_HARMONIZATION, *ELSEWHERE} <= options


def test_values_of_an_option_all_differ(study):
    """No two of them are handed to the same step."""
    for option in ("imputation", "transform", "scaling", "selection"):
        values = get_args(Arm.model_fields[option].annotation)
        found = [
            scores(study, make_specification(**_GAPS, **{option: value}))
            for value in values
        ]
        assert len({one.tobytes() for one in found}) == len(values), option
        assert np.isfinite(found).all()

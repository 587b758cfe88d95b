"""Arms with every choice of steps: refitted for the null, tuned, and rebuilt."""

import json
from dataclasses import replace

import numpy as np
import pytest

from concord.folds.splitting import splits
from concord.models.arm import arm_data, repeated_measurements
from concord.models.fold_fit import fit_arm, fit_fold
from concord.models.null.refit import refitting
from concord.models.pipeline import estimates, from_estimates
from concord.models.settings.tuning import Tuning

from ...modelling_study import (
    Tables,
    fit_and_predict,
    make_specification,
    make_tables,
    null_band,
)

_GAPS = {"covariates": ["age"], "max_missing": 1.0}
_CHAINED = _GAPS | {"imputation": "chained", "n_imputations": 2}
ARMS = {
    "chained": _CHAINED,
    "chained, alone": _CHAINED | {"features": []},
    "chained, tuned": _CHAINED
    | {"tuning": Tuning(n_penalties=3, transform=["none", "rank_normal"], folds=2)},
    "stability": _GAPS | {"selection": "stability", "half_samples": 6},
    "mrmr": _GAPS | {"selection": "mrmr", "transform": "log"},
    "none": {"selection": "none", "penalty": 0.3, "l1_share": 0.5, "scaling": "none"},
}


@pytest.fixture(scope="module")
def study():
    made = make_tables(n=72, n_features=8, signal=1.5)
    cohort, features = made.cohort.copy(), made.features.copy()
    cohort.loc[::5, "covariate.age"] = np.nan
    names = [name for name in features if name.startswith("original.")]
    # A constant, one that nobody has, and a copy.
    features[names[5]], features[names[6]] = 3.0, np.nan
    features[names[7]] = features[names[0]]
    return Tables(cohort, features, made.folds)


def split_of(study, plan):
    """Rows of the first fold, and the data of its development subjects."""
    split = next(splits(study.rows, study.folds, "cv-1"))
    known = arm_data(split.development, plan)
    return split, known.only(known.fittable())


@pytest.mark.parametrize("kind", ["binary", "survival"])
@pytest.mark.parametrize("options", ARMS.values(), ids=ARMS)
def test_a_refit_for_other_outcomes_is_the_fit_to_them(study, kind, options):
    plan = make_specification(kind, **options)
    split, known = split_of(study, plan)
    evaluation = arm_data(split.evaluation, plan).predictors
    refit = refitting(known, split.development, evaluation, plan, repeated_measurements)
    order = np.random.default_rng(3).permutation(len(known.outcome))
    permuted = known.outcome.iloc[order].set_axis(known.outcome.index)

    for outcome in (permuted, known.outcome):
        scores, _ = refit.scores_and_cuts(plan.outcome.target(outcome))
        other = replace(known, outcome=outcome)
        pipeline = fit_arm(other, split.development, plan).pipeline
        assert scores.tobytes() == pipeline.decision_function(evaluation).tobytes()
    rebuilt = from_estimates(json.loads(json.dumps(estimates(pipeline))))
    assert rebuilt.decision_function(evaluation).tobytes() == scores.tobytes()


@pytest.mark.parametrize("options", ARMS.values(), ids=ARMS)
def test_every_subject_is_scored_and_no_document_holds_nan(study, options):
    plan = make_specification(**options)
    predictions, fit = fit_and_predict(study, plan)

    assert predictions["score"].notna().all()
    for model in fit.models.models:
        json.dumps(model.model_dump(mode="json"), allow_nan=False)


def test_coefficients_tell_variances_of_imputed_arms_without_a_penalty(study):
    split, _ = split_of(study, make_specification())
    name = split.name
    alone, mixed, plain = (
        fit_fold(name, split.development, make_specification(**ARMS[arm])).coefficients
        for arm in ("chained, alone", "chained", "mrmr")
    )

    added = 1.5 * alone["between_variance"]
    total = alone["within_variance"] + added
    np.testing.assert_allclose(alone["total_variance"], total)
    assert (alone["n_imputations"] == 2).all()
    assert mixed["total_variance"].isna().all()
    assert mixed["between_variance"].notna().all()
    assert "total_variance" not in plain


def test_shares_of_half_samples_stand_beside_coefficients(study):
    plan = make_specification(**ARMS["stability"])
    split, _ = split_of(study, plan)
    found = fit_fold(split.name, split.development, plan).coefficients

    features = found[found["penalized"]]
    assert features["half_sample_share"].between(0, 1).all()
    assert found.loc[~found["penalized"], "half_sample_share"].isna().all()


def test_the_null_of_an_arm_with_steps_that_see_the_outcome_is_near_a_half(study):
    plan = make_specification(**ARMS["stability"] | {"imputation": "chained"})
    found = null_band(study.rows, study.folds, plan, n_permutations=6, seed=1)

    values = found.loc[found["scheme"] == "cv", "estimate"]
    assert values.nunique() == 6
    assert abs(values.mean() - 0.5) < 0.1


@pytest.mark.parametrize("arm", ["chained", "stability", "mrmr", "none"])
def test_one_feature_is_enough(study, arm):
    plan = make_specification(**ARMS[arm] | {"features": ["CT.*.f000"]})
    predictions, _ = fit_and_predict(study, plan)
    assert predictions["score"].notna().all()


def test_an_unseen_batch_is_adapted_in_transformed_values():
    """Normal scores do not know the unit of a feature, nor does what follows them."""
    study = make_tables(n=90, n_features=6, signal=1.0)
    names = [name for name in study.features if name.startswith("original.")]
    other = study.features.copy()
    other[names] = 1000 * other[names] + 7
    plan = make_specification(
        transform="rank_normal",
        unseen="adapt",
        harmonization={"adapt_subjects": 10},
    )
    found = [
        fit_and_predict(Tables(study.cohort, features, study.folds), plan, "loso")[0]
        for features in (study.features, other)
    ]

    assert found[0]["score"].notna().sum() == 60
    np.testing.assert_allclose(found[0]["score"], found[1]["score"], atol=1e-6)

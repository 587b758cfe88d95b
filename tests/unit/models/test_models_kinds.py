"""Every kind of model through the chain of an arm: folds, documents, predictions."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from concord import tables as files
from concord.errors import ConfigError
from concord.folds.splitting import FoldName, splits
from concord.models import fold_fit
from concord.models import pipeline as pipelines
from concord.models.arm import arm_data
from concord.models.estimators.model_kind import MODEL_KINDS, make
from concord.models.fitted_model import FittedModel
from concord.models.prediction import Predictor
from concord.models.settings.model import REFUSED, USED_BY, ModelSection
from concord.statistics.discrimination import pair_counts

from ...modelling_study import (
    Tables,
    fit_and_predict,
    fit_folds,
    make_folds,
    make_specification,
    make_tables,
    null_band,
)

FIRST = "CT.tumour.original.glcm.f000"
#: Options of an arm of each kind of model.
ARMS = {
    "penalized": {},
    "forest": {"model": {"kind": "forest", "trees": 30}},
    "boosting": {"model": {"kind": "boosting", "trees": 20}},
    "unpenalized": {"model": {"kind": "unpenalized"}, "max_features": 2},
    "firth": {"model": {"kind": "unpenalized", "firth": True}, "max_features": 2},
    "imputed forest": {
        "model": {"kind": "forest", "trees": 10},
        "imputation": "chained",
        "n_imputations": 2,
    },
    "imputed firth": {
        "model": {"kind": "unpenalized", "firth": True},
        "max_features": 2,
        "imputation": "chained",
        "n_imputations": 2,
    },
    "linear_predictor": {
        "model": {
            "kind": "linear_predictor",
            "weights": {"age": 0.02, FIRST: 0.5},
            "means": {"age": 60.0},
            "intercept": -0.2,
        },
        "features": [FIRST],
        "harmonizer": "none",
    },
}
PAIRS = [
    (name, outcome)
    for name, arm in ARMS.items()
    for outcome in MODEL_KINDS
    if (outcome, arm.get("model", {}).get("kind")) not in REFUSED
]


def plan_of(name, outcome="binary", **changes):
    options = {"covariates": ["age"], "max_missing": 1.0}  # gaps are filled
    return make_specification(outcome, **{**options, **ARMS[name], **changes})


@pytest.fixture(scope="module")
def study():
    """Some features and ages are missing."""
    made = make_tables(n=90, signal=2.0)
    features, cohort = made.features.copy(), made.cohort.copy()
    generator = np.random.default_rng(8)
    names = [name for name in features if name.startswith("original.")]
    values = features[names].to_numpy(copy=True)
    values[generator.random(values.shape) < 0.05] = np.nan
    cohort.loc[::9, "covariate.age"] = np.nan
    keys = features.drop(columns=names)
    lacking = pd.DataFrame(values, keys.index, names)
    return Tables(cohort, pd.concat([keys, lacking], axis=1), made.folds)


@pytest.mark.parametrize(("name", "outcome"), PAIRS)
def test_scores_of_new_rows_with_gaps_are_bit_equal_from_json(study, name, outcome):
    plan = plan_of(name, outcome)
    split = next(splits(study.rows, study.folds, "cv-1"))
    known = arm_data(split.development, plan)
    pipeline = fold_fit.fit_development(known, plan)
    fitted = fold_fit.fitted_model(split.name, pipeline, known, plan)
    text = json.dumps(fitted.model_dump(mode="json"), allow_nan=False)
    frozen = Predictor.of(FittedModel.model_validate_json(text))
    rows = frozen.predictors(split.evaluation)

    assert rows.isna().to_numpy().any()
    found = frozen.predict(rows, seed=1)
    expected = pipeline.decision_function(rows)
    assert found["score"].to_numpy().tobytes() == expected.tobytes()
    assert found["probability"].notna().all() == (outcome == "binary")


@pytest.mark.parametrize(("name", "outcome"), PAIRS)
def test_an_arm_fits_in_all_folds_and_its_tables_are_whole(study, name, outcome):
    predictions, fit = fit_and_predict(study, plan_of(name, outcome))
    files.check(predictions, "predictions.tsv", "predictions")
    fits = files.check(fit.fits, "fits.tsv", "fits")
    terms = files.check(fit.coefficients, "coefficients.tsv", "coefficients")

    assert (fits["status"] == "ok").all()
    assert (fits["n_selected"] > 0).all()
    assert (predictions["score"].notna() == predictions["reason"].isna()).all()
    trees = "forest" in name or name == "boosting"
    assert (len(terms) == 0) == trees
    judged = not trees and name != "linear_predictor"
    assert (fits["kkt_residual"].notna() == judged).all()
    assert ("standard_error" in terms) == (name in ("unpenalized", "firth"))
    assert terms["penalized"].any() == (name == "penalized")


@pytest.mark.parametrize(("name", "outcome"), PAIRS)
def test_an_estimator_can_be_cloned_and_is_equal_again(study, name, outcome):
    plan = plan_of(name, outcome)
    split = next(splits(study.rows, study.folds, "cv-1"))
    known = arm_data(split.development, plan)
    first, second = (fold_fit.fit_development(known, plan) for _ in range(2))
    model = first.named_steps["model"]
    before = pipelines.build(list(known.predictors.columns), plan, None)
    rows = first[:-1].transform(known.predictors)
    y = plan.outcome.target(known.outcome)
    again = clone(before.named_steps["model"]).fit(rows, y)

    assert pipelines.estimates(first) == pipelines.estimates(second)
    assert again.estimates() == model.estimates()
    names, values = model.feature_names_in_, rows.to_numpy(dtype=float)
    assert (
        clone(model).fit_values(names, values, y).scores_of(values).tobytes()
        == model.decision_function(rows).tobytes()
    )


@pytest.mark.parametrize(("outcome", "kind"), REFUSED)
def test_a_kind_that_cannot_predict_an_outcome_is_refused_by_name(outcome, kind):
    plan = make_specification(outcome, model={"kind": kind})
    with pytest.raises(ConfigError, match=f"model.kind is {kind}, which predicts no"):
        make(plan, [])
    assert kind not in MODEL_KINDS[outcome].estimators


def test_all_other_kinds_predict_all_outcomes():
    for outcome, models in MODEL_KINDS.items():
        refused = {kind for name, kind in REFUSED if name == outcome}
        kinds = {"penalized", *(kind for kinds in USED_BY.values() for kind in kinds)}
        assert set(models.estimators) == kinds - refused


def test_profile_intervals_are_of_the_final_fit_alone(study):
    folds = [
        (FoldName("cv", 1, "1"), study.rows),
        (FoldName("final", 1, "all"), study.rows),
    ]
    terms = fit_folds(folds, plan_of("firth")).coefficients
    fold, final = (terms[terms["scheme"] == scheme] for scheme in ("cv", "final"))

    assert fold["standard_error"].notna().all()
    assert fold[["lower", "upper"]].isna().all(axis=None)
    assert (final["lower"] < final["coefficient"]).all()
    assert (final["coefficient"] < final["upper"]).all()
    assert not terms["penalized"].any()


def test_a_score_without_an_intercept_gives_no_probability(study):
    model = {**ARMS["linear_predictor"]["model"], "intercept": None}
    predictions, _ = fit_and_predict(study, plan_of("linear_predictor", model=model))

    assert predictions["score"].notna().sum() > 80
    assert predictions["probability"].isna().all()


def test_a_score_is_of_raw_values_and_equal_in_all_folds(study):
    predictions, fit = fit_and_predict(study, plan_of("linear_predictor"))
    matrix = study.rows.matrix("baseline", "A")[FIRST]
    ages = study.cohort.set_index("subject_id")["covariate.age"]
    known = matrix.notna() & ages.reindex(matrix.index).notna()
    expected = -0.2 + 0.02 * (ages - 60) + 0.5 * matrix

    found = predictions.set_index("subject_id")["score"]
    np.testing.assert_allclose(found[known.index[known]], expected[known[known].index])
    assert fit.coefficients.groupby("term")["coefficient"].nunique().eq(1).all()
    # Only what fills the gaps is learnt.
    models = [model.estimates.pipeline for model in fit.models.models]
    assert all(set(one) == {"order", "indicators", "score", "model"} for one in models)


@pytest.mark.parametrize(
    ("kind", "option", "value"),
    [
        *((kind, "trees", 9) for kind in ("forest", "boosting")),
        *((kind, "min_leaf", 30) for kind in ("forest", "boosting")),
        *((kind, "max_depth", 1) for kind in ("forest", "boosting")),
        ("boosting", "learning_rate", 0.5),
        ("unpenalized", "firth", True),
        ("linear_predictor", "weights", {"age": 0.1, FIRST: 0.5}),
        ("linear_predictor", "intercept", 1.0),
        ("linear_predictor", "means", {"age": 50.0}),
    ],
)
def test_an_option_of_a_model_changes_its_predictions(study, kind, option, value):
    model = {"kind": kind, **ARMS[kind].get("model", {})}
    found = []
    for options in (model, model | {option: value}):
        plan = plan_of(kind, model=options)
        split = next(splits(study.rows, study.folds, "cv-1"))
        known = arm_data(split.development, plan)
        pipeline = fold_fit.fit_development(known, plan)
        found.append(pipeline.decision_function(known.predictors))

    assert not np.array_equal(*found)


def test_no_option_of_a_model_has_been_forgotten():
    assert set(ModelSection.model_fields) == {"kind", *USED_BY}


@pytest.mark.parametrize("name", [name for name in ARMS if name != "penalized"])
def test_every_kind_has_a_null_distribution(name):
    made = make_tables(n=45, n_features=4)
    few = make_folds(made.cohort, folds=2, leave_one_group_out=False)
    plan = plan_of(
        name, **({} if name == "linear_predictor" else {"harmonizer": "none"})
    )
    first, second = (
        null_band(made.rows, few, plan, n_permutations=4, seed=1) for _ in range(2)
    )

    assert first["estimate"].notna().all()
    assert first["estimate"].nunique() > 1
    pd.testing.assert_frame_equal(first, second)


def test_a_forest_is_tuned_by_its_features():
    made = make_tables(n=60, n_features=6, signal=3.0)
    tuning = {"max_features": [1, 4], "folds": 2}
    plan = plan_of("forest", harmonizer="none", tuning=tuning)
    _, fit = fit_and_predict(made, plan)

    assert (fit.fits["status"] == "ok").all()
    assert set(fit.fits["n_selected"]) <= {1, 2, 3, 4}


def noise_aucs(name, n_studies, n=90):
    """Mean AUC over the folds of studies of noise, whose sites have other risks."""
    found = []
    for seed in range(n_studies):
        made = make_tables(n=n, prevalence=(0.2, 0.5, 0.8), seed=seed)
        changes = {"features": ["CT.*"], "harmonizer": "combat", "covariates": []}
        predictions, _ = fit_and_predict(made, plan_of(name, **changes), "loso")
        aucs = []
        for _, rows in predictions.groupby("fold"):
            event = rows["event"].to_numpy(int)
            aucs.append(pair_counts(event, rows["score"].to_numpy(), None).value)
        found.append(np.mean(aucs))
    return np.array(found)


@pytest.mark.parametrize("name", ["forest", "boosting", "firth"])
def test_noise_in_sites_of_other_risk_is_worth_nothing(name):
    found = noise_aucs(name, 8)
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert abs(found.mean() - 0.5) < 2.5 * error + 0.01

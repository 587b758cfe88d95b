"""Missing predictors: who is used, what is imputed, and that both are told."""

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.missing_values import missing_values
from concord.folds.splitting import splits
from concord.harmonization.estimators.combat import ComBat
from concord.models.arm import arm_data
from concord.models.fitted_model import Estimates, FittedModel
from concord.models.prediction import Predictor
from concord.models.settings.arm import Arm
from concord.models.steps.imputation import MedianImputer

from ...batch_rows import batch_rows, features
from ...modelling_study import (
    Tables,
    fit_and_predict,
    fit_folds,
    make_specification,
    make_tables,
)

GRADE = ["covariate.grade=Intermediate", "covariate.grade=High"]


def grades(levels):
    """The 0/1 columns of grades, NaN where a grade is missing; Low has none."""
    return pd.DataFrame(
        {
            name: [np.nan if v is None else float(name.endswith(v)) for v in levels]
            for name in GRADE
        }
    )


def without(study: Tables, subject: str, n_features: int) -> Tables:
    """A study in which a subject lacks its first features, from every reader."""
    features = study.features.copy()
    columns = [name for name in features if name.startswith("original.")]
    features.loc[features["subject_id"] == subject, columns[:n_features]] = np.nan
    return Tables(study.cohort, features, study.folds)


def plan(**options):
    return make_specification(harmonizer="none", **options)


@pytest.fixture(scope="module")
def study():
    return make_tables(n_features=10)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (["Low"] * 10 + ["Intermediate"] * 20 + ["High"] * 21, [0, 1]),
        (["Low"] * 10 + ["Intermediate"] * 21 + ["High"] * 20, [1, 0]),
        (["Low"] * 21 + ["Intermediate"] * 20 + ["High"] * 10, [0, 0]),
        (["Low", "Intermediate", "High"], [0, 0]),
        ([None, None, "Intermediate", "High"], [1, 0]),
    ],
)
def test_a_missing_category_becomes_the_commonest_level(levels, expected):
    imputer = MedianImputer().fit(grades(levels))
    rebuilt = MedianImputer.from_estimates(imputer.estimates())
    for one in (imputer, rebuilt):
        filled = one.transform(grades([None, "High"]))
        assert filled.to_numpy().tolist() == [expected, [0, 1]]


def test_the_harmonizer_takes_a_missing_kept_category_for_the_commonest_level_too():
    rows = batch_rows(sizes=(20, 20))
    levels = np.resize(["Low"] + ["Intermediate"] * 2 + ["High"] * 3, 40).tolist()
    known = rows.join(grades(levels))
    names = features(rows)
    combat = ComBat("site", keep=GRADE, columns=names).fit(known)
    rebuilt = ComBat.from_estimates(combat.estimates())
    missing, high = (rows.join(grades([level] * 40)) for level in (None, "High"))
    for one in (combat, rebuilt):
        np.testing.assert_array_equal(
            one.transform(missing)[names], one.transform(high)[names]
        )


def test_a_number_whose_name_holds_an_equals_sign_is_no_category():
    rows = pd.DataFrame({"CT.t.f=1": [1.0, 2.0, 5.0, np.nan]})
    assert MedianImputer().fit_transform(rows).iloc[3, 0] == 2.0


@pytest.mark.parametrize(("n_missing", "used"), [(0, True), (5, True), (6, False)])
def test_a_subject_with_too_few_features_is_neither_learnt_from_nor_scored(
    study, n_missing, used
):
    lacking = without(study, "P0000", n_missing)
    predictions, fit = fit_and_predict(lacking, plan())
    rows = predictions[predictions["subject_id"] == "P0000"]
    assert rows["score"].notna().all() == used
    assert set(rows["n_missing"]) == {n_missing}
    assert set(rows["n_predictors"]) == {10}
    expected = set() if used else {"too many missing features: 6 of 10, accepted 50 %"}
    assert set(rows["reason"].dropna()) == expected
    whole = fit_folds([(s.name, s.development) for s in _folds(study)], plan()).fits
    learnt = whole["n_development"] - fit.fits["n_development"]
    assert sorted(learnt) == ([0] * 5 if used else [0] + [1] * 4)
    imputed = fit.fits["n_imputed"].tolist()
    assert sorted(imputed) == ([0] + [1] * 4 if n_missing == 5 else [0] * 5)


def test_an_infinite_value_is_imputed_and_counts_as_missing(study):
    features = study.features.copy()
    mine = features["subject_id"] == "P0000"
    features.loc[mine, "original.glcm.f000"] = np.inf
    predictions, _ = fit_and_predict(
        Tables(study.cohort, features, study.folds), plan()
    )
    row = predictions[predictions["subject_id"] == "P0000"].iloc[0]
    assert row["n_missing"] == 1
    assert np.isfinite(row["score"])


@pytest.mark.parametrize("limit", [0.2, 0.5, 0.6, 1.0])
def test_the_limit_of_an_arm_decides(study, limit):
    lacking = without(study, "P0000", 6)
    predictions, _ = fit_and_predict(lacking, plan(max_missing=limit))
    row = predictions[predictions["subject_id"] == "P0000"].iloc[0]
    assert pd.notna(row["score"]) == (limit >= 0.6)


def test_nobody_without_any_feature_is_scored_whatever_the_limit(study):
    predictions, _ = fit_and_predict(without(study, "P0000", 10), plan(max_missing=1.0))
    row = predictions[predictions["subject_id"] == "P0000"].iloc[0]
    assert pd.isna(row["score"])
    assert row["reason"] == "no features"


def test_a_feature_that_nobody_has_is_missing_in_nobody(study):
    features = study.features.assign(**{"original.glcm.f000": np.nan})
    empty = Tables(study.cohort, features, study.folds)
    predictions, fit = fit_and_predict(empty, plan())
    assert set(predictions["n_predictors"]) == {9}
    assert (predictions["n_missing"] == 0).all()
    unmeasured = fit.models.models[0].required_estimates().unmeasured
    assert unmeasured == ["CT.tumour.original.glcm.f000"]


@pytest.fixture(scope="module")
def graded(study):
    """Ages and grades, of which two subjects miss one and one misses both."""
    levels = np.resize(["Low", "High", "Intermediate", "High"], 60).tolist()
    table = grades([None if k in (3, 5) else v for k, v in enumerate(levels)])
    cohort = study.cohort.join(table)
    cohort.loc[5, "covariate.age"] = np.nan
    return Tables(cohort, study.features, study.folds)


def test_covariates_count_once_each_and_have_the_same_limit(graded):
    options = {"features": [], "covariates": ["age", "grade"]}
    predictions, _ = fit_and_predict(graded, plan(**options))
    rows = predictions.set_index("subject_id")
    assert set(rows["n_predictors"]) == {2}
    assert rows.loc[["P0000", "P0003", "P0005"], "n_missing"].tolist() == [0, 1, 2]
    assert rows["score"].isna().sum() == 1
    assert rows.loc["P0005", "reason"] == (
        "too many missing covariates: 2 of 2, accepted 50 %"
    )


def test_a_covariate_that_is_only_kept_by_the_harmonizer_does_not_count(graded):
    options = make_specification(harmonization={"keep": ["age"]})
    predictions, _ = fit_and_predict(graded, options)
    assert set(predictions["n_predictors"]) == {10}
    assert (predictions["n_missing"] == 0).all()


def test_frozen_models_keep_the_limit_and_those_of_earlier_versions_have_none(study):
    lacking = without(study, "P0000", 6)
    held = [s for s in _folds(study) if "P0000" in set(s.evaluation.cohort.subject_id)]
    fit = fit_folds([(held[0].name, held[0].development)], plan(max_missing=0.3))
    model = FittedModel.model_validate(fit.models.models[0].model_dump(mode="json"))
    (split,) = (s for s in _folds(lacking) if s.name == held[0].name)
    scored = Predictor.of(model).scored(split.evaluation, seed=1)
    assert "accepted 30 %" in scored.loc["P0000", "reason"]
    earlier = model.estimates.model_dump(mode="json")
    for name in ("max_missing", "unmeasured"):
        del earlier[name]
    old = model.model_copy(update={"estimates": Estimates.model_validate(earlier)})
    assert pd.notna(Predictor.of(old).scored(split.evaluation, 1).loc["P0000", "score"])


def test_the_same_subjects_are_left_out_of_the_fit_and_of_the_scores(graded):
    lacking = without(graded, "P0000", 6)
    specification = plan(covariates=["age", "grade"])
    data = arm_data(lacking.rows, specification)
    assert data.unscorable == {"P0000", "P0005"}
    predictions, _ = fit_and_predict(lacking, specification)
    unscored = predictions.loc[predictions["score"].isna(), "subject_id"]
    assert set(unscored) == data.unscorable


def test_counts_of_complete_imputed_and_unscored_subjects(graded):
    lacking = without(without(graded, "P0000", 6), "P0001", 2)
    predictions, _ = fit_and_predict(lacking, plan(covariates=["age", "grade"]))
    (row,) = missing_values(predictions).to_dict("records")
    events = lacking.cohort.set_index("subject_id")["event.recurrence"]
    assert (row["arm"], row["scheme"], row["n"]) == ("radiomics", "cv", 60)
    assert (row["n_complete"], row["n_imputed"], row["n_unscored"]) == (56, 2, 2)
    assert row["n_events"] == events.sum()
    assert row["n_events_imputed"] == events[["P0001", "P0003"]].sum()
    assert row["n_events_unscored"] == events[["P0000", "P0005"]].sum()
    assert row["median_share"] == pytest.approx((2 / 12 + 1 / 12) / 2)
    assert row["largest_share"] == pytest.approx(2 / 12)
    assert row["reasons"] == (
        "too many missing covariates (1); too many missing features (1)"
    )


def test_predictions_of_earlier_versions_give_no_counts(study):
    predictions, _ = fit_and_predict(study, plan())
    assert missing_values(predictions.drop(columns="n_missing")).empty


def test_the_limit_is_a_share():
    with pytest.raises(ValueError, match="less than or equal to 1"):
        Arm(max_missing=50)


def _folds(study: Tables):
    return list(splits(study.rows, study.folds, "cv-1"))

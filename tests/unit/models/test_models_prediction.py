"""An arm rebuilt from JSON scores as the fitted one; unseen batches have a rule."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from concord.folds.splitting import SubjectRows, splits
from concord.harmonization.settings import HARMONIZERS
from concord.models import fitted_model, fold_fit, unseen_batches
from concord.models.arm import arm_data as arranged
from concord.models.fitted_model import FittedModel, FittedModels
from concord.models.prediction import Predictor

from ...modelling_study import (
    Tables,
    fit_and_predict,
    fit_folds,
    make_folds,
    make_specification,
    make_tables,
)

ARMS = {
    "binary": ("binary", {}, {"covariates": ["age"], "stability_filter": True}),
    "survival": ("survival", {"keep": ["age"], "smooth": ["age"]}, {}),
    **{kind: ("binary", {}, {"harmonizer": kind}) for kind in HARMONIZERS},
    "reference": ("binary", {"reference": {"site": "A"}}, {}),
    "two variables": ("binary", {"batch": {"CT": ["site", "Kernel"]}}, {}),
    "group alone": ("binary", {}, {"features": [], "group_indicator": True}),
}


@pytest.fixture(scope="module")
def study():
    made = make_tables(n=90, signal=2.0)
    kernel = np.where(np.arange(90) % 2, "sharp", "soft").astype(object)
    cohort = made.cohort.assign(**{"batch.CT.Kernel": kernel})
    features = made.features.copy()
    features.loc[3, "original.glcm.f001"] = np.nan
    return Tables(cohort, features, made.folds)


def fitted(study, plan, scheme="cv-1"):
    """A fitted pipeline, its model through a document, and one split."""
    split = next(splits(study.rows, study.folds, scheme))
    known = arranged(split.development, plan)
    pipeline = fold_fit.fit_development(known, plan)
    model = fold_fit.fitted_model(split.name, pipeline, known, plan)
    return pipeline, through_a_file(FittedModels.of(plan, [model])), split


def through_a_file(document: FittedModels) -> FittedModel:
    """The only model of a document that was written and read."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "estimates.json")
        fitted_model.write(document, path)
        (model,) = fitted_model.read(path).models
    return model


@pytest.mark.parametrize("arm", ARMS)
def test_scores_from_json_equal_those_of_the_fitted_pipeline_bit_for_bit(study, arm):
    kind, harmonization, options = ARMS[arm]
    plan = make_specification(kind, harmonization, **options)
    pipeline, estimates, split = fitted(study, plan)

    frozen = Predictor.of(estimates)
    rows = frozen.predictors(split.evaluation)
    whole = arranged(split.evaluation, plan)

    pd.testing.assert_frame_equal(rows, whole.predictors, check_names=False)
    expected = pipeline.decision_function(whole.predictors)
    found = frozen.predict(rows, seed=1)
    assert found["score"].to_numpy().tobytes() == expected.tobytes()
    if kind == "binary":
        probability = pipeline.predict_proba(whole.predictors)[:, 1]
        assert found["probability"].to_numpy().tobytes() == probability.tobytes()


@pytest.mark.parametrize("arm", ARMS)
def test_each_subject_is_scored_by_itself(study, arm):
    kind, harmonization, options = ARMS[arm]
    _, estimates, split = fitted(
        study, make_specification(kind, harmonization, **options)
    )
    frozen = Predictor.of(estimates)
    rows = frozen.predictors(split.evaluation)

    together = frozen.predict(rows, seed=1)
    alone = [frozen.predict(rows.iloc[[k]], seed=1) for k in range(len(rows))]

    pd.testing.assert_frame_equal(together, pd.concat(alone), check_exact=True)


def test_a_region_that_nobody_was_measured_in_becomes_no_score(study):
    _, estimates, split = fitted(study, make_specification())
    nothing = SubjectRows(split.evaluation.cohort, split.evaluation.features.iloc[:0])

    frozen = Predictor.of(estimates)
    found = frozen.predict(frozen.predictors(nothing), seed=1)

    assert set(found["reason"]) == {"no features"}


def adapted(study, k, **harmonization):
    plan = make_specification(
        harmonization={"unseen": "adapt", "adapt_subjects": k, **harmonization}
    )
    return fit_and_predict(study, plan, "loso")[0]


def test_subjects_that_adapt_a_batch_are_listed_and_never_scored(study):
    found = adapted(study, k=10)

    used = found[found["reason"] == unseen_batches.USED]
    assert used.groupby("fold").size().to_dict() == {"A": 10, "B": 10, "C": 10}
    assert used["score"].isna().all()
    assert used["risk_group"].isna().all()
    rest = found[found["reason"] != unseen_batches.USED]
    assert rest["score"].notna().all()
    assert len(rest) == 60


def test_adaptation_uses_no_outcome(study):
    cohort = study.cohort.assign(**{"event.recurrence": np.nan})
    plan = make_specification(harmonization={"unseen": "adapt", "adapt_subjects": 10})
    _, estimates, split = fitted(study, plan, "loso")
    frozen = Predictor.of(estimates)
    blind = SubjectRows(
        cohort[cohort["subject_id"].isin(split.evaluation.cohort["subject_id"])],
        split.evaluation.features,
    )

    found, expected = (
        frozen.predict(frozen.predictors(rows), seed=1)
        for rows in (blind, split.evaluation)
    )
    pd.testing.assert_frame_equal(found, expected)


def test_adaptation_moves_a_new_site_to_the_scale_of_the_others():
    """The mean score of a site with shifted features comes back to the middle."""
    study = make_tables(n=150, signal=2.0, site_shift=4.0)
    found = {
        rule: fit_and_predict(
            study,
            make_specification(harmonization={"unseen": rule, "adapt_subjects": 15}),
            "loso",
        )[0]
        for rule in ("passthrough", "adapt")
    }
    scored = set(found["adapt"].dropna(subset="score")["subject_id"])
    distance = {}
    for rule, table in found.items():
        rows = table[table["subject_id"].isin(scored)]
        prevalence = rows.groupby("fold")["event"].mean()
        predicted = rows.groupby("fold")["probability"].mean()
        distance[rule] = (predicted - prevalence).abs().mean()
    assert distance["adapt"] < 0.5 * distance["passthrough"]


def test_the_choice_of_who_adapts_depends_on_seed_and_names_alone(study):
    plan = make_specification(harmonization={"unseen": "adapt", "adapt_subjects": 5})
    _, estimates, split = fitted(study, plan, "loso")
    frozen = Predictor.of(estimates)
    rows = frozen.predictors(split.evaluation)

    def used(table, seed):
        reasons = frozen.predict(table, seed)["reason"]
        return set(reasons.index[reasons == unseen_batches.USED])

    assert used(rows, 1) == used(rows[::-1] * 1, 1)
    assert used(rows, 1) != used(rows, 2)
    # Who is not chosen may leave without changing the choice.
    others = [name for name in rows.index if name not in used(rows, 1)]
    assert used(rows.drop(index=others[:3]), 1) == used(rows, 1)


def test_a_batch_with_too_few_subjects_to_adapt_is_not_scored_and_says_so(study):
    found = adapted(study, k=30)

    assert found["score"].isna().all()
    expected = "too few subjects of an unseen batch to adapt: 30 of batch.CT.site 'A'"
    assert found["reason"].iloc[0] == f"{expected}, need 31"


def test_only_the_unseen_variable_is_adapted(study):
    found = adapted(study, k=5, batch={"CT": ["site", "Kernel"]})

    used = found[found["reason"] == unseen_batches.USED]
    assert used.groupby("fold").size().to_dict() == {"A": 5, "B": 5, "C": 5}
    assert found["score"].notna().sum() == 90 - 15


def test_a_site_that_one_fold_lacks_in_development_passes_through(study):
    """Small sites: one fold holds all subjects of site D in its evaluation."""
    cohort = study.cohort.copy()
    alone = cohort.index[:2]
    cohort.loc[alone, ["site", "group", "batch.CT.site"]] = "D"
    folds = make_folds(cohort)
    predictions, result = fit_and_predict(
        Tables(cohort, study.features, folds), make_specification()
    )
    assert (result.fits["status"] == "ok").all()
    assert predictions["score"].notna().all()


def test_an_arm_that_a_phantom_taught_is_frozen_too(study):
    """Travelling subjects were measured at sites A and B; C is unseen."""
    values = study.features[study.features["reader"] == "A"].set_index("subject_id")
    levels = values.filter(like="original").add_prefix("CT.tumour.").iloc[:12]
    visits = [
        (levels * scale + shift).assign(site=site)
        for site, scale, shift in (("A", 1.0, 0.0), ("B", 1.5, 3.0))
    ]
    phantom = pd.concat(visits).reset_index()
    plan = make_specification(harmonization={"fit_on": "phantom", "unseen": "refuse"})
    rows = replace(study.rows, phantom=phantom)
    *_, split = splits(rows, study.folds, "loso")  # site C is left out
    known = split.development
    result = fit_folds([(split.name, known)], plan)
    assert result.fits["status"].eq("ok").all(), result.fits["message"].iloc[0]
    estimates = through_a_file(result.models)

    frozen = Predictor.of(estimates)
    found = frozen.predict(frozen.predictors(study.rows), seed=1)

    sites = study.cohort.set_index("subject_id")["site"].reindex(found.index)
    assert found["score"].notna().tolist() == (sites != "C").tolist()
    reason = "batch not in development: batch.CT.site 'C'"
    assert set(found.loc[sites == "C", "reason"]) == {reason}
    pipeline = fold_fit.fit_development(
        arranged(known, plan), plan, phantom=known.phantom
    )
    rows = frozen.predictors(known)
    expected = pipeline.decision_function(rows)
    assert frozen.predict(rows, 1)["score"].to_numpy().tobytes() == expected.tobytes()

"""Frozen models of small studies: whole, read back, scoring as their fold did."""

from dataclasses import replace

import numpy as np
import pytest

from concord.errors import StudyError
from concord.folds.splitting import splits
from concord.frozen import document
from concord.models.absolute_risk import risks_of_fold
from concord.models.prediction import Predictor, predict_fold

from ....frozen_study import COVARIATES, frozen, study_tables
from ....fused_study import fused, plain, two_images
from ....modelling_study import RECIPE_HASH, make_specification, make_tables
from ...models.test_models_kinds import ARMS, plan_of

SPARSE = {"l1_share": 1.0, "penalty": 0.05}
TUNING = {"tuning": {"folds": 2, "n_penalties": 3, "max_features": [2, 5]}}
#: Arms that are frozen, by what is special about them: outcome and options.
KINDS = {
    "survival": ("survival", SPARSE),
    "chained": ("survival", {"imputation": "chained", "n_imputations": 2, **SPARSE}),
    "adapted": ("binary", {"unseen": "adapt", **SPARSE}),
    "covbat": ("binary", {"harmonizer": "covbat", **SPARSE}),
    "groups": ("binary", {"group_indicator": True, "harmonizer": "none"}),
    "clinical": ("survival", {"features": [], "harmonizer": "none"}),
}


@pytest.fixture(scope="module")
def study():
    """Three sites; the stage is a category, some cells are missing."""
    made = make_tables(n=90, signal=1.5)
    generator, cohort = np.random.default_rng(5), made.cohort.copy()
    stage = generator.integers(3, size=len(cohort))
    for number, level in enumerate(("II", "III"), start=1):
        cohort[f"covariate.stage={level}"] = (stage == number).astype(float)
    cohort.loc[::11, "covariate.age"] = np.nan
    features = made.features.copy()
    names = [name for name in features if name.startswith("original.")]
    values = features[names].to_numpy(copy=True)
    values[generator.random(values.shape) < 0.03] = np.nan
    features[names] = values
    return replace(made, cohort=cohort, features=features)


def evaluation_of(study, group):
    return next(
        split
        for split in splits(study.rows, study.folds, "loso")
        if split.name.fold == group
    )


def require_scores_of_the_fold(study, plan, group="C"):
    """Scores of the group left out by the frozen model, which must be the fold's."""
    (found,), (model,) = frozen(study, [plan], f"without_{group}")
    rows = evaluation_of(study, group).evaluation
    expected = predict_fold(rows, model, seed=1)
    scores = Predictor.of(found.model).scored(rows, 1)
    both = expected["score"].notna() & scores["score"].notna()
    assert both.sum() > 0.7 * expected["score"].notna().sum()
    gap = (expected["score"] - scores["score"])[both].abs()
    assert gap.max() < 1e-12
    assert (expected["risk_group"] == scores["risk_group"])[both].all()
    if plan.outcome.has_times:
        table = scores.join(rows.outcomes(plan.endpoint).filter(["stratum"]))
        days = [100.0, 200.0]
        told = risks_of_fold(found.model, table, days)[both]
        of_fold = risks_of_fold(model, table, days)[both]
        np.testing.assert_allclose(told, of_fold, atol=1e-12)
        assert np.isfinite(told).all()
    return found


@pytest.mark.parametrize("name", ARMS)
def test_every_kind_of_model_scores_the_group_left_out_as_its_fold_did(study, name):
    require_scores_of_the_fold(study, plan_of(name))


@pytest.mark.parametrize("name", KINDS)
def test_every_way_to_prepare_scores_the_group_left_out_as_its_fold_did(study, name):
    kind, options = KINDS[name]
    shared = {"covariates": ["age", "stage"], "max_missing": 1.0}
    harmonization = {"keep": ["age"]} if name == "survival" else None
    plan = make_specification(kind, harmonization, **{**shared, **options})
    found = require_scores_of_the_fold(study, plan)
    columns = found.estimates.columns
    assert ("batch.CT.site" in columns) == (plan.arm.harmonizer != "none")
    assert ("group" in columns) == plan.arm.group_indicator
    if name == "adapted":
        rows = evaluation_of(study, "C").evaluation
        reasons = Predictor.of(found.model).scored(rows, 1)["reason"]
        assert (reasons == "used for adaptation").sum() == 10


def test_a_tuned_arm_with_strata_scores_the_group_left_out_as_its_fold_did(study):
    cohort = study.cohort.copy()
    old = cohort["covariate.age"] > 60
    cohort["stratum.survival"] = np.where(old, "old", "young")
    tuned = make_specification("survival", **TUNING)
    found = require_scores_of_the_fold(replace(study, cohort=cohort), tuned)
    assert set(found.model.baseline.strata) == {"old", "young"}
    assert found.estimates.tuned is not None


def test_causes_that_compete_are_in_the_baseline_and_the_follow_up(study):
    cohort = study.cohort.copy()
    cause = cohort["event.survival"].copy()
    cause[(cause == 0) & (np.arange(len(cause)) % 2 == 0)] = 2.0
    cohort["cause.survival"] = cause
    changed = replace(study, cohort=cohort)
    plan = make_specification("survival")
    found = require_scores_of_the_fold(changed, plan)
    assert found.model.baseline.competing_times_days
    (single,), _ = frozen(study, [plan], "without_C")
    assert single.population.follow_up_days is not None
    assert found.population.follow_up_days >= single.population.follow_up_days


@pytest.mark.parametrize("rule", ["mean", "stacking"])
def test_a_fused_arm_scores_whoever_has_one_of_its_images(rule):
    study = two_images()
    members = (plain("ct", **SPARSE), plain("pt", l1_share=1.0, penalty=1e3))
    plan = fused(rule, members=members)
    (found,), (model,) = frozen(study, [plan], "without_C")
    rows = evaluation_of(study, "C").evaluation
    expected, scores = (
        Predictor.of(one).scored(rows, 1) for one in (model, found.model)
    )
    # Nothing of PT moves the score; still, who has none is told from who has.
    assert (scores["n_members"] == expected["n_members"]).all()
    assert set(scores["n_members"]) == {1, 2}
    assert (expected["score"] - scores["score"]).abs().max() < 1e-12
    pt = [n for n in found.estimates.columns if n.startswith("PT.")]
    assert len(pt) == 1
    assert pt[0] not in found.applicability.ranges
    assert set(found.configuration["recipes"]) == {"CT", "PT"}


def test_a_document_tells_its_inputs_and_no_more(study):
    plans = [
        make_specification("survival", max_features=2, covariates=["stage"]),
        make_specification("binary", name="clinical", features=[], covariates=["age"]),
    ]
    (radiomics, clinical), _ = frozen(study, plans)
    assert radiomics.label == "Radiomics"
    assert radiomics.outcome.at_days == [100.0, 200.0]
    assert radiomics.outcome.kind == "prognostic"
    names = [n for n in radiomics.estimates.columns if n.startswith("CT.")]
    assert list(radiomics.features) == names
    assert len(names) == 2
    one = radiomics.features[names[0]]
    assert (one.modality, one.image, one.region) == ("CT", "CT", "tumour")
    assert one.recipe_hash == RECIPE_HASH
    assert radiomics.covariates == {"stage": COVARIATES["stage"]}
    assert radiomics.configuration["recipes"] == {"CT": {"bin_width": 25.0}}
    assert radiomics.configuration["protocol"] == {"CT": {"KVP": [120.0]}}
    assert radiomics.configuration["harmonization"] == {"batch": {"CT": ["site"]}}
    applies = radiomics.applicability
    assert list(applies.ranges) == names
    assert applies.batches == {"batch.CT.site": ["A", "B", "C"]}
    assert applies.readers == ["human"]
    assert applies.smallest_region == {"CT.tumour": 500.0}
    assert applies.acquisition["CT"]["KVP"] == ["120"]
    assert applies.acquisition["CT"]["ConvolutionKernel"] == ["KA", "KB", "KC"]
    assert set(applies.acquisition) == {"CT"}

    assert clinical.features == {}
    assert list(clinical.covariates) == ["age"]
    assert set(clinical.configuration) == {"study", "validation", "harmonization"}
    assert clinical.configuration["harmonization"] == {"batch": {}}
    assert clinical.applicability.readers == []
    assert clinical.applicability.acquisition == {}
    assert list(clinical.applicability.ranges) == ["covariate.age"]


def test_a_feature_that_no_dictionary_knows_is_told(study):
    known = study_tables(study)
    few = replace(known, dictionary=known.dictionary.head(0))
    with pytest.raises(StudyError, match="dictionary lacks 5 features of the model"):
        frozen(study, [make_specification()], known=few)


def test_an_arm_that_was_not_fitted_is_not_frozen(study):
    cohort = study.cohort.assign(**{"event.recurrence": 1.0})
    with pytest.raises(StudyError) as error:
        frozen(replace(study, cohort=cohort), [make_specification()])
    assert "arm radiomics of endpoint recurrence cannot be frozen (all)" in str(
        error.value
    )
    assert "both outcomes are needed" in str(error.value)


def test_a_document_is_read_as_it_was_written_with_every_digit(study, tmp_path):
    (found,), _ = frozen(study, [make_specification("survival")], samples=2)
    path = tmp_path / "model.json"
    document.write(found, path)
    again = document.read(path)
    assert again.hash == found.hash == found.content_hash()
    assert again.model_dump(mode="json") == found.model_dump(mode="json")
    rows = evaluation_of(study, "A").evaluation
    before, after = (
        Predictor.of(one.model).scored(rows, 1)["score"] for one in (found, again)
    )
    assert before.to_numpy().tobytes() == after.to_numpy().tobytes()
    assert len(again.samples) == 2
    document.write(again, tmp_path / "again.json")
    assert path.read_bytes() == (tmp_path / "again.json").read_bytes()

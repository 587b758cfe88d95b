"""Pruned models: fewer columns, the same scores."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord.errors import StudyError
from concord.folds.splitting import splits
from concord.frozen.freezing.applicability import known_batches
from concord.frozen.freezing.pruning import (
    moving,
    pruned,
    pruned_model,
    require_equal_scores,
)
from concord.models.arm_fit import fit_in_fold
from concord.models.fitted_model import FittedModel
from concord.models.prediction import Predictor

from ....modelling_study import Tables, make_specification, make_tables
from ...models.test_models_kinds import ARMS, PAIRS, plan_of

SPARSE = {"l1_share": 1.0, "penalty": 0.05}
OPTIONS = {
    "lasso": SPARSE,
    "log": {"transform": "log", **SPARSE},
    "ranks": {"transform": "rank_normal", **SPARSE},
    "robust": {"scaling": "robust", **SPARSE},
    "unscaled": {"scaling": "none", **SPARSE},
    "indicator": {"imputation": "indicator", "max_features": 3},
    "chained": {"imputation": "chained", "n_imputations": 2, **SPARSE},
    "univariate": {"selection": "univariate", "max_features": 3},
    "mrmr": {"selection": "mrmr", "max_features": 3},
    "selected often": {"selection": "stability", "half_samples": 10},
    "groups": {"group_indicator": True, "harmonizer": "none", **SPARSE},
    "z-score": {"harmonizer": "zscore", **SPARSE},
    "covbat": {"harmonizer": "covbat", **SPARSE},
    "missing share": {"drop_missing_above": 0.1, **SPARSE},
    "nothing": {"l1_share": 1.0, "penalty": 1e3},
}


@pytest.fixture(scope="module")
def study():
    """Some features and ages are missing; the stage is a category."""
    made = make_tables(n=90, signal=2.0)
    features, cohort = made.features.copy(), made.cohort.copy()
    generator = np.random.default_rng(8)
    names = [name for name in features if name.startswith("original.")]
    values = features[names].to_numpy(copy=True)
    values[generator.random(values.shape) < 0.05] = np.nan
    cohort.loc[::9, "covariate.age"] = np.nan
    stage = generator.integers(3, size=len(cohort))
    for number, level in enumerate(("II", "III"), start=1):
        cohort[f"covariate.stage={level}"] = (stage == number).astype(float)
    keys = features.drop(columns=names)
    lacking = pd.DataFrame(values, keys.index, names)
    return Tables(cohort, pd.concat([keys, lacking], axis=1), made.folds)


def first_fit(study, plan, scheme="loso"):
    split = next(splits(study.rows, study.folds, scheme))
    fit = fit_in_fold(split.name, split.development, plan)
    assert fit.error is None
    return split, fit.model


def require_alike(model, rows):
    """Scores of rows by the model and by its pruned form, which must agree."""
    new = pruned_model(model)
    known, found = (Predictor.of(one).scored(rows, 1)["score"] for one in (model, new))
    both = known.notna() & found.notna()
    assert both.sum() > len(rows.cohort) // 2
    assert np.abs(known - found)[both].max() < 1e-12
    require_equal_scores(model, new, rows, 1)
    return new.estimates


@pytest.mark.parametrize(("name", "outcome"), PAIRS)
def test_every_kind_of_model_scores_as_before(study, name, outcome):
    plan = plan_of(name, outcome, covariates=["age", "stage"])
    if name == "linear_predictor":
        plan = plan_of(name, outcome)
    split, model = first_fit(study, plan)
    for rows in (split.development, split.evaluation):
        require_alike(model, rows)
    assert set(ARMS) >= {name}


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("outcome", ["binary", "survival"])
def test_every_step_scores_as_before_with_fewer_columns(study, name, outcome):
    options = {"covariates": ["age", "stage"], "max_missing": 1.0, **OPTIONS[name]}
    split, model = first_fit(study, make_specification(outcome, **options))
    for rows in (split.development, split.evaluation):
        left = require_alike(model, rows)
    fewer = len(left.columns) < len(model.estimates.columns)
    assert fewer or name == "covbat"
    filters = {"stability", "correlation", "missing_share", "select"}
    assert not filters.intersection(left.pipeline["order"])
    assert set(moving(model.estimates)) <= set(left.columns)


def plain_json(value):
    """Values as a document holds them."""
    return json.loads(json.dumps(value))


def test_a_model_that_nothing_moves_keeps_a_feature_and_compares_none(study):
    plan = make_specification(l1_share=1.0, penalty=1e3)
    split, model = first_fit(study, plan)
    left = pruned(model.estimates)
    kept = [name for name in left.columns if name.startswith("CT.")]
    assert len(kept) == 1
    assert left.pipeline["model"]["coefficients"] == [0.0]
    assert moving(model.estimates) == []
    assert pruned_model(model).ranges == {}
    without = split.evaluation.features.assign(**{kept[0][len("CT.tumour.") :]: np.nan})
    rows = replace(split.evaluation, features=without)
    scores = Predictor.of(pruned_model(model)).scored(rows, 1)
    assert scores["score"].isna().all()
    assert (scores["reason"] == "no features").all()


def test_what_is_kept_of_a_batch_moves_the_score_and_its_columns_are_needed(study):
    plan = make_specification(harmonization={"keep": ["age"]}, max_features=2)
    _, model = first_fit(study, plan)
    left = pruned(model.estimates)
    assert {"covariate.age", "batch.CT.site"} <= set(left.columns)
    assert "covariate.age" in moving(model.estimates)
    assert "batch.CT.site" not in moving(model.estimates)
    combat = left.pipeline["harmonize_CT"]
    assert combat["features"] == [n for n in left.columns if n.startswith("CT.")]
    assert len(combat["features"]) == len(combat["sd"]) == len(combat["shift"][0]) == 2
    # How many subjects a batch had is told where small counts are hidden.
    assert combat["batch_sizes"] == {}


@pytest.mark.parametrize("options", [{"unseen": "adapt"}, {"harmonizer": "covbat"}])
def test_features_that_others_borrow_from_stay_and_are_not_compared(study, options):
    _, model = first_fit(study, make_specification(max_features=2, **options))
    left = pruned(model.estimates)
    n_features = sum(name.startswith("CT.") for name in left.columns)
    assert n_features == 20
    assert len(moving(model.estimates)) == 2
    text = json.dumps(left.pipeline)
    assert '"batch_sizes": {}' in text
    assert '"batch_sizes": {"A"' not in text


def test_several_batch_variables_are_pruned_one_by_one(study):
    scanner = np.where(np.arange(90) % 2, "old", "new").astype(object)
    cohort = study.cohort.assign(**{"batch.CT.scanner": scanner})
    plan = make_specification(
        harmonization={"batch": {"CT": ["site", "scanner"]}}, max_features=2
    )
    split, model = first_fit(Tables(cohort, study.features, study.folds), plan)
    left = require_alike(model, split.evaluation)
    assert {"batch.CT.site", "batch.CT.scanner"} <= set(left.columns)
    steps = left.pipeline["harmonize_CT"]["steps"]
    assert [len(step["features"]) for step in steps] == [2, 2]
    known = known_batches(left)
    assert known["batch.CT.scanner"] == ["new", "old"]
    for parts in left.pipeline["harmonize_CT"]["parameters"]["harmonizers"]:
        assert len(parts["parameters"]["columns"]) == 2


def test_effects_of_a_phantom_are_pruned(study):
    generator = np.random.default_rng(3)
    names = [n for n in first_columns(study) if n.startswith("CT.")]
    labels = [(f"F{n}", site) for n in range(6) for site in "ABC"]
    scans = pd.DataFrame(generator.normal(size=(18, len(names))), columns=names)
    scans.insert(0, "subject_id", [name for name, _ in labels])
    scans.insert(1, "site", [site for _, site in labels])
    table = Tables(study.cohort, study.features, study.folds, scans)
    plan = make_specification(harmonization={"fit_on": "phantom"}, max_features=2)
    split, model = first_fit(table, plan)
    left = require_alike(model, split.evaluation)
    assert len(left.pipeline["harmonize_CT"]["features"]) == 2


def first_columns(study):
    return study.rows.matrix("baseline", "A").columns


def test_a_pruned_model_is_json_and_pruning_it_again_changes_nothing(study):
    for name in ("lasso", "chained", "indicator", "covbat", "ranks"):
        options = {"covariates": ["age", "stage"], "max_missing": 1.0, **OPTIONS[name]}
        _, model = first_fit(study, make_specification("binary", **options))
        once = pruned_model(model)
        again = pruned_model(FittedModel.model_validate(once.model_dump(mode="json")))
        assert plain_json(once.model_dump(mode="json")) == again.model_dump(mode="json")


def test_a_step_that_nobody_can_restrict_is_named(study):
    _, model = first_fit(study, make_specification())
    pipeline = dict(model.estimates.pipeline)
    pipeline["impute"] = pipeline["impute"] | {"kind": "Unheard"}
    with pytest.raises(StudyError, match=r"step impute \(Unheard\) has no restriction"):
        pruned(model.estimates.model_copy(update={"pipeline": pipeline}))


def test_a_difference_that_is_more_than_rounding_is_refused(study):
    split, model = first_fit(study, make_specification("survival"))
    new = pruned_model(model)
    pipeline = dict(new.estimates.pipeline)
    changed = dict(pipeline["model"])
    changed["coefficients"] = [one + 1e-9 for one in changed["coefficients"]]
    pipeline["model"] = changed
    estimates = new.estimates.model_copy(update={"pipeline": pipeline})
    wrong = new.model_copy(update={"estimates": estimates})
    with pytest.raises(StudyError) as error:
        require_equal_scores(model, wrong, split.development, 1)
    assert "loso_A without the columns that move no score differs" in str(error.value)
    assert "accepted 1e-12" in str(error.value)


def test_gaps_count_by_the_columns_that_are_left(study):
    """Whoever lacks most of them is not scored, whatever else was measured."""
    plan = make_specification("binary", max_features=2, max_missing=0.4)
    split, model = first_fit(study, plan)
    new = Predictor.of(pruned_model(model))
    lost = next(n for n in new.estimates.columns if n.startswith("CT."))
    features = split.evaluation.features.assign(**{lost[len("CT.tumour.") :]: np.nan})
    rows = replace(split.evaluation, features=features)
    assert Predictor.of(model).scored(rows, 1)["score"].notna().all()
    reasons = new.scored(rows, 1)["reason"]
    assert reasons.str.startswith("too many missing features: 1 of 2").sum() > 20

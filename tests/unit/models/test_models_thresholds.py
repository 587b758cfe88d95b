"""Thresholds of scores: learnt in development, frozen, and told by predictions."""

import json

import numpy as np
import pytest

from concord.folds.splitting import splits
from concord.models import fold_fit
from concord.models.arm_fit import fit_in_fold
from concord.models.fitted_model import FittedModel
from concord.models.prediction import Predictor, predict_folds
from concord.models.settings.thresholds import LearntThresholds, Thresholds
from concord.models.thresholds import learnt_thresholds
from concord.statistics.classification.roc_points import youden_threshold

from ...fused_study import fused, two_images
from ...modelling_study import (
    fit_and_predict,
    fit_folds,
    make_specification,
    make_tables,
)

COLUMNS = ["threshold_youden", "threshold_sensitivity", "threshold_specificity"]


@pytest.fixture(scope="module")
def study():
    return make_tables(signal=1.0)


def development_scores(study, plan, split):
    """Scores and events of the development subjects of a fold, by its model."""
    fitted = fold_fit.fit_fold(split.name, split.development, plan)
    scored = Predictor.of(fitted.model).scored(split.development, 1)
    event = split.development.outcomes(plan.endpoint)["event"]
    known = scored["score"].notna() & event.notna()
    scores = scored.loc[known, "score"].to_numpy(dtype=float)
    return fitted.model.estimates, scores, event[known].to_numpy(dtype=int)


def test_thresholds_are_those_of_the_scores_of_development(study):
    plan = make_specification()
    split = next(iter(splits(study.rows, study.folds, "cv-1")))

    known, scores, event = development_scores(study, plan, split)

    assert list(known.thresholds) == ["youden", "sensitivity", "specificity"]
    assert known.thresholds["youden"] == youden_threshold(event, scores)
    high = scores >= known.thresholds["sensitivity"]
    assert high[event == 1].mean() >= 0.9
    # One more subject with an event would be too few.
    assert high[event == 1].mean() - 1 / (event == 1).sum() < 0.9
    low = scores < known.thresholds["specificity"]
    assert low[event == 0].mean() >= 0.8


def test_a_model_keeps_its_thresholds_as_json(study):
    plan = make_specification()
    split = next(iter(splits(study.rows, study.folds, "cv-1")))
    model = fold_fit.fit_fold(split.name, split.development, plan).model

    again = FittedModel.model_validate(json.loads(model.model_dump_json()))

    assert again.estimates.thresholds == model.estimates.thresholds
    assert again.digest() == model.digest()


def test_predictions_tell_the_threshold_of_their_fold(study):
    plan = make_specification()
    predictions, _ = fit_and_predict(study, plan, "cv-1")

    by_fold = predictions.groupby("fold")[COLUMNS]
    assert (by_fold.nunique() == 1).all(axis=None)
    assert predictions["threshold_youden"].nunique() > 1
    assert list(predictions.columns).count("threshold_youden") == 1


@pytest.mark.parametrize("asked", [{"youden": False}, {"sensitivity": None}])
def test_what_is_not_asked_for_is_not_learnt(study, asked):
    plan = make_specification().model_copy(
        update={"thresholds": LearntThresholds(**asked)}
    )
    predictions, _ = fit_and_predict(study, plan, "cv-1")
    rule = next(iter(asked))
    assert f"threshold_{rule}" not in predictions
    assert {"threshold_youden", "threshold_sensitivity"} & set(predictions)


def test_outcomes_with_times_have_no_threshold(study):
    predictions, _ = fit_and_predict(study, make_specification("survival"), "cv-1")
    assert not set(COLUMNS) & set(predictions)


def test_scores_that_tell_nobody_apart_have_no_threshold_of_youden():
    plan, y = make_specification(), np.array([0.0, 1, 0, 1])
    found = learnt_thresholds(y, np.zeros(4), plan)
    assert set(found) == {"sensitivity", "specificity"}
    assert learnt_thresholds(np.ones(4), np.arange(4.0), plan) == {}


def test_thresholds_of_a_fused_arm_come_from_scores_out_of_inner_folds():
    """On noise, scores in sample tell outcomes apart, and those out of folds do not."""
    study, plan = two_images(signal=(0.0, 0.0)), fused()
    split = next(iter(splits(study.rows, study.folds, "cv-1")))

    model = fit_in_fold(split.name, split.development, plan).model

    scored = Predictor.of(model).scored(split.development, 1)
    event = split.development.outcomes(plan.endpoint)["event"].reindex(scored.index)
    known = scored["score"].notna() & event.notna()
    own = youden_threshold(
        event[known].to_numpy(dtype=int), scored.loc[known, "score"].to_numpy(float)
    )
    assert model.estimates.thresholds.get("youden") != own


def test_the_null_fits_arms_without_thresholds():
    plan = make_specification()
    assert plan.without_thresholds().thresholds is None
    assert plan.without_thresholds().arm == plan.arm


def test_rules_in_use_are_told_with_what_they_ask_for():
    known = Thresholds(youden=True, sensitivity=0.8, specificity=0.7)
    assert known.asked == {"youden": None, "sensitivity": 0.8, "specificity": 0.7}
    assert Thresholds(youden=False, sensitivity=None).asked == {}


def test_a_fold_without_a_model_has_no_threshold(study):
    plan = make_specification()
    (split, *_) = splits(study.rows, study.folds, "cv-1")
    fitted = fit_folds([(split.name, split.development)], plan).models
    lost = fitted.models[0].model_copy(update={"estimates": None, "failed": "no fit"})
    failed = fitted.model_copy(update={"models": [lost]})
    arms = {"radiomics": fitted, "lost": failed}

    rows = predict_folds([(split.name, split.evaluation)], arms, "recurrence", seed=1)

    known = rows.groupby("arm")["threshold_youden"].count()
    assert known["lost"] == 0
    assert known["radiomics"] == len(split.evaluation.cohort)

"""concord.models.tuning: inner folds choose options, and nothing else sees them."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord.errors import FitError
from concord.folds.splitting import splits
from concord.models.arm import arm_data, repeated_measurements
from concord.models.fold_fit import fit_arm, fit_fold
from concord.models.leakage.leakage_test import leakage_test
from concord.models.null.refit import refitting
from concord.models.pipeline import estimates, from_estimates
from concord.models.settings.tuning import Tuning
from concord.models.tuning.candidates import candidates
from concord.models.tuning.deviance import HeldOutDeviance
from concord.models.tuning.inner_folds import inner_splits
from concord.models.tuning.prepared import Prepared
from concord.models.tuning.search import search
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ...modelling_study import fit_and_predict, make_specification, make_tables

TWO = Tuning(harmonizer=["none", "combat"], l1_share=[1])
FEW = Tuning(n_penalties=6, max_features=[2, 8], l1_share=[0.5, 1.0], folds=3)


@pytest.fixture(scope="module")
def study():
    return make_tables(n=90, n_features=12, signal=1.5)


def development(study):
    return next(splits(study.rows, study.folds, "cv-1")).development


def prepared_of(study, plan):
    rows = development(study)
    known = arm_data(rows, plan)
    known = known.only(known.fittable())
    return Prepared.of(known, rows, plan, repeated_measurements), known


def test_candidates_are_all_combinations_and_the_penalty_comes_later():
    plan = make_specification(tuning=TWO)
    tried = candidates(plan)

    assert [dict(one.options) for one in tried] == [
        {"harmonizer": "none", "l1_share": 1},
        {"harmonizer": "combat", "l1_share": 1},
    ]
    assert [one.applied(plan).harmonization is None for one in tried] == [True, False]
    assert all(one.applied(plan).arm.tuning is None for one in tried)


def test_inner_folds_keep_clusters_together_and_hold_every_subject_once(study):
    rows = development(study)
    cohort = rows.cohort.copy()
    cohort["cluster"] = [f"C{number // 3}" for number in range(len(cohort))]
    rows = type(rows)(cohort, rows.features)
    plan = make_specification()
    cluster = cohort.set_index("subject_id")["cluster"]

    held_out = []
    for split in inner_splits(rows, plan, 4):
        sides = [
            set(cluster[side.cohort["subject_id"]])
            for side in (split.development, split.evaluation)
        ]
        assert sides[0].isdisjoint(sides[1])
        held_out += split.evaluation.cohort["subject_id"].tolist()
    assert sorted(held_out) == sorted(cohort["subject_id"])


def test_more_inner_folds_than_clusters_are_refused(study):
    rows = development(study)
    few = type(rows)(rows.cohort.iloc[:4], rows.features)
    with pytest.raises(FitError, match=r"4 clusters .* into 5 inner folds"):
        inner_splits(few, make_specification(), 5)


def test_the_deviance_of_a_binary_outcome_is_that_of_its_definition():
    y, scores = np.array([0.0, 1.0, 1.0]), np.array([0.5, -1.0, 2.0])
    probability = 1 / (1 + np.exp(-scores))
    likelihood = np.where(y == 1, probability, 1 - probability)

    found, weight = HeldOutDeviance(y, y).of(scores, scores)
    assert found == pytest.approx(-2 * np.log(likelihood).mean(), rel=1e-12)
    assert weight == 3


def test_the_deviance_of_a_survival_outcome_is_what_held_out_subjects_add():
    rows = pd.DataFrame({"event": [1, 1, 0, 1, 1], "time_days": [5.0, 3, 8, 2, 9]})
    y = OUTCOME_KINDS["survival"].target(rows)
    scores = np.array([0.1, 0.4, -0.3, 1.0, -0.5])

    def log_likelihood(places):
        total = 0.0
        for i in places:
            if y["event"][i]:
                at_risk = [j for j in places if y["time_days"][j] >= y["time_days"][i]]
                total += scores[i] - np.log(np.exp(scores[at_risk]).sum())
        return total

    expected = -2 * (log_likelihood(range(5)) - log_likelihood(range(3))) / 2
    found = HeldOutDeviance(y[:3], y[3:]).of(scores[:3], scores[3:])
    assert found == (pytest.approx(expected, rel=1e-12), 2.0)
    censored = rows.assign(event=[1, 1, 0, 0, 0])
    y = OUTCOME_KINDS["survival"].target(censored)
    value, weight = HeldOutDeviance(y[:3], y[3:]).of(scores[:3], scores[3:])
    assert np.isnan(value)
    assert weight == 0


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_the_rule_of_one_standard_error_takes_a_simpler_setting(study, kind):
    plan = make_specification(kind, tuning=FEW)
    prepared, known = prepared_of(study, plan)
    y = plan.outcome.target(known.outcome)
    simple = search(prepared, y)
    best = search(
        prepared_of(
            study,
            make_specification(kind, tuning=FEW.model_copy(update={"rule": "best"})),
        )[0],
        y,
    )

    deviance = np.array([one.deviance for one in best.tried])
    assert best.chosen == np.nanargmin(deviance)
    limit = best.best.deviance + best.best.standard_error
    assert simple.best.deviance <= limit
    first, second = (dict(one.best.candidate.options) for one in (simple, best))
    assert first["l1_share"] == second["l1_share"]
    assert (first["max_features"], -simple.best.penalty) <= (
        second["max_features"],
        -best.best.penalty,
    )
    within = [
        (dict(one.candidate.options)["max_features"], -one.penalty)
        for one in simple.tried
        if one.deviance <= limit
        and dict(one.candidate.options)["l1_share"] == second["l1_share"]
    ]
    assert (first["max_features"], -simple.best.penalty) == min(within)


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_a_tuned_arm_is_the_arm_that_has_what_was_chosen(study, kind):
    tuning = FEW.model_copy(update={"harmonizer": ["none", "combat"]})
    plan = make_specification(kind, tuning=tuning)
    rows = development(study)
    known = arm_data(rows, plan)

    pipeline, chosen, choice = fit_arm(known, rows, plan)

    assert chosen.arm.tuning is None
    assert chosen.arm.penalty == choice.best.penalty
    alone = fit_arm(known, rows, chosen).pipeline
    expected = alone.decision_function(known.predictors)
    found = pipeline.decision_function(known.predictors)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    rebuilt = from_estimates(json.loads(json.dumps(estimates(pipeline))))
    assert rebuilt.decision_function(known.predictors).tobytes() == found.tobytes()


def test_an_arm_that_may_be_harmonized_is_scored_as_it_was_fitted(study):
    tuning = Tuning(n_penalties=0, harmonizer=["none", "combat"], folds=3)
    predictions, fit = fit_and_predict(study, make_specification(tuning=tuning))

    assert predictions["score"].notna().all()
    chosen = fit.tuning[fit.tuning["chosen"]].set_index("fold")
    for model in fit.models.models:
        harmonized = "harmonize_CT" in model.estimates.pipeline["order"]
        assert harmonized == (chosen.loc[model.fold, "harmonizer"] == "combat")
        assert model.estimates.tuned["deviance"] == chosen.loc[model.fold, "deviance"]


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_a_refit_searches_again_for_permuted_outcomes(study, kind):
    plan = make_specification(kind, tuning=FEW)
    split = next(splits(study.rows, study.folds, "cv-1"))
    known = arm_data(split.development, plan)
    evaluation = arm_data(split.evaluation, plan).predictors
    refit = refitting(known, split.development, evaluation, plan, repeated_measurements)
    order = np.random.default_rng(3).permutation(len(known.outcome))
    permuted = known.outcome.iloc[order].set_axis(known.outcome.index)

    scores, cuts = refit.scores_and_cuts(plan.outcome.target(permuted))

    other = replace(known, outcome=permuted)
    pipeline = fit_arm(other, split.development, plan).pipeline
    assert scores.tobytes() == pipeline.decision_function(evaluation).tobytes()
    assert cuts == np.median(pipeline.decision_function(known.predictors))


def test_what_is_tuned_is_in_the_hash_that_the_leakage_test_compares(study):
    plan = make_specification(tuning=FEW)
    _, fit = fit_and_predict(study, plan)
    folds = study.folds[study.folds["fold"] == "1"]
    fits = fit.fits[fit.fits["fold"] == "1"]

    found = leakage_test(study.rows, folds, fits, plan, seed=1)

    ours = found[found["fit"] == "study"]
    assert len(ours) > 4
    assert ours["unchanged"].all()
    planted = found[found["fit"] != "study"].groupby("fit")["unchanged"].all()
    assert not planted.any()


def test_options_chosen_by_evaluation_subjects_change_the_hash(study):
    """The planted leak: the inner folds hold the subjects that will be judged."""
    plan = make_specification(tuning=FEW)
    name, known = next((s.name, s) for s in splits(study.rows, study.folds, "cv-1"))
    fitted = fit_fold(name, known.development, plan).fit["estimates_hash"]
    rows = arm_data(study.rows, plan)
    prepared = Prepared.of(rows, study.rows, plan, repeated_measurements)
    hashes = set()
    for seed in (1, 2):
        generator = np.random.default_rng(seed)
        outcome = rows.outcome.copy()
        held_out = known.evaluation.cohort["subject_id"]
        shuffled = generator.permutation(outcome.loc[held_out, "event"].to_numpy())
        outcome.loc[held_out, "event"] = shuffled
        choice = search(prepared, plan.outcome.target(outcome))
        hashes.add(choice.best.deviance)
        again = fit_fold(name, known.development, plan).fit["estimates_hash"]
        assert again == fitted
    assert len(hashes) == 2


def test_nothing_that_can_be_compared_is_a_named_failure(study):
    plan = make_specification(tuning=FEW)
    prepared, known = prepared_of(study, plan)
    with pytest.raises(FitError, match="no setting could be compared in inner folds"):
        search(prepared, np.zeros(len(known.outcome)))

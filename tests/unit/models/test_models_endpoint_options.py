"""Strata and horizons of endpoints, from the cohort to the judged prediction."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.calibration import Calibrations
from concord.evaluation.exclusions import CENSORED, arm_exclusions
from concord.evaluation.guards.event_counts import event_counts
from concord.evaluation.performance import performance
from concord.folds import cohort as cohorts
from concord.folds.endpoints.horizon import at_horizon
from concord.folds.splitting import splits
from concord.models.arm import arm_data
from concord.models.fold_fit import fit_development
from concord.models.leakage.inputs import COLUMNS
from concord.models.leakage.leakage_test import (
    each_fold,
    leakage_test,
    study_fit,
)
from concord.models.leakage.perturbations import outcome_flipped
from concord.models.null import permutation_null
from concord.models.pipeline import estimates
from concord.models.steps.univariate import univariate_strength
from concord.provenance import digest
from concord.statistics.discrimination import concordance, pair_counts
from concord.statistics.outcome_kinds import BINARY, OUTCOME_KINDS, SURVIVAL

from ...modelling_study import (
    fit_and_predict,
    make_specification,
    make_tables,
    null_band,
)

HORIZON = 300.0


def at(study, weighted, endpoint="recurrence"):
    """A study whose binary endpoint is an event within 300 days."""
    cohort = study.cohort
    days = cohort["time_days.survival"]
    known = at_horizon(endpoint, cohort["event.survival"], days, HORIZON, weighted)
    return replace(study, cohort=cohort.assign(**known))


def stratified(study):
    """The study with strata of its times to events, which differ in hazard."""
    cohort = study.cohort.copy()
    old = cohort["covariate.age"] > 60
    cohort["stratum.survival"] = np.where(old, "old", "young")
    cohort.loc[old, "time_days.survival"] /= 10
    return replace(study, cohort=cohort)


@pytest.fixture(scope="module")
def study():
    return make_tables(n=90, signal=1.0)


def judged(study, kind, stratum="all", **options):
    plan = make_specification(kind, harmonizer="none", **options)
    predictions, fit = fit_and_predict(study, plan)
    rows = performance(predictions, fit.fits, OUTCOME_KINDS[kind], 0.95, Calibrations())
    return predictions, fit, rows[rows["stratum"] == stratum].iloc[0]


def test_subjects_censored_before_the_horizon_are_left_out_counted_and_told(study):
    short = at(study, weighted=False)
    predictions, fit, row = judged(short, "binary")

    lost = short.cohort["censored_before.recurrence"] == 1
    assert lost.sum() > 10
    assert row["n"] == (~lost).sum()
    assert "weight" not in predictions
    out = arm_exclusions(predictions, fit.fits, short.cohort)
    told = out[out["reason"] == CENSORED]
    assert sorted(told["subject_id"]) == sorted(short.cohort.loc[lost, "subject_id"])
    counted = event_counts(short.cohort, "recurrence", BINARY).iloc[0]
    assert counted["n_censored_before"] == lost.sum()
    assert counted["n_known"] == (~lost).sum()


def test_weights_are_learnt_from_development_rows_alone(study):
    short = at(study, weighted=True)
    plan = make_specification(harmonizer="none")
    split = next(splits(short.rows, short.folds, "cv-1"))
    found = arm_data(split.development, plan).outcome["weight"]

    own = cohorts.target_of(split.development.cohort, "recurrence")["weight"]
    whole = cohorts.target_of(short.cohort, "recurrence")["weight"]
    pd.testing.assert_series_equal(found, own.sort_index())
    assert not np.allclose(found.dropna(), whole.reindex(found.dropna().index))


def test_weighted_subjects_are_fitted_and_judged_with_their_weights(study):
    short = at(study, weighted=True)
    predictions, fit, row = judged(short, "binary")
    _, unweighted, plain = judged(at(study, weighted=False), "binary")

    assert (fit.fits["status"] == "ok").all()
    known = predictions.dropna(subset=["event"])
    values = [
        pair_counts(
            *(part[k].to_numpy() for k in ("event", "score")),
            weight=part["weight"].to_numpy(),
        ).value
        for _, part in known.groupby("fold")
    ]
    assert row["estimate"] == pytest.approx(np.mean(values))
    assert row["estimate"] != plain["estimate"]
    hashes = set(fit.fits["estimates_hash"]) & set(unweighted.fits["estimates_hash"])
    assert not hashes


def test_features_are_chosen_by_the_weighted_auc():
    generator = np.random.default_rng(2)
    values = np.round(generator.normal(size=(40, 6)), 1)  # with ties
    event = (generator.random(40) < 0.4).astype(float)
    weight = np.where(event == 1, generator.uniform(0.5, 2, 40), 1.3)
    y = BINARY.target(pd.DataFrame({"event": event, "weight": weight}))

    expected = [
        abs(pair_counts(event, column, weight=weight).value - 0.5)
        for column in values.T
    ]
    np.testing.assert_allclose(univariate_strength(values, y), expected)


def test_only_pairs_of_one_stratum_are_compared(study):
    table = stratified(study)
    predictions, _, row = judged(table, "survival")

    parts = []
    for _, part in predictions.groupby("fold"):
        found = [
            concordance(*(rows[k].to_numpy() for k in ("event", "score", "time_days")))
            for _, rows in part.groupby("stratum")
        ]
        parts.append(sum(f.wins for f in found) / sum(f.pairs for f in found))
    assert row["estimate"] == pytest.approx(np.mean(parts))


def test_a_stratified_model_is_another_than_one_without_strata(study):
    table = stratified(study)
    plain = table.cohort.drop(columns="stratum.survival")
    _, with_strata, _ = judged(table, "survival")
    _, without, _ = judged(replace(table, cohort=plain), "survival")

    shared = set(with_strata.fits["estimates_hash"]) & set(
        without.fits["estimates_hash"]
    )
    assert not shared


def test_a_stratum_without_events_is_fitted_counted_and_changes_nothing(study):
    table = stratified(study)
    cohort = table.cohort.copy()
    quiet = cohort.index % 9 == 0
    cohort.loc[quiet, "stratum.survival"] = "quiet"
    cohort.loc[quiet, "event.survival"] = 0.0
    counted = event_counts(cohort, "survival", SURVIVAL)

    row = counted[counted["label"] == "quiet"].iloc[0]
    assert row["note"] == "none"
    assert row["n"] == quiet.sum()
    _, fit, _ = judged(replace(table, cohort=cohort), "survival")
    assert (fit.fits["status"] == "ok").all()


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_strata_and_follow_up_of_evaluation_rows_change_nothing_learnt(study, kind):
    table = at(study, weighted=True) if kind == "binary" else stratified(study)
    plan = make_specification(kind, max_features=5)
    _, fit = fit_and_predict(table, plan)
    folds = table.folds[table.folds["scheme"] == "cv"]

    rows = leakage_test(table.rows, folds, fit.fits, plan, seed=1)

    own = rows[rows["fit"] == "study"]
    assert own["unchanged"].all()
    flipped = rows[rows["perturbation"] == "outcome flipped"]
    assert not flipped.loc[flipped["fit"].str.contains("selected"), "unchanged"].any()


def test_every_new_column_is_one_that_the_leakage_test_perturbs():
    for name in ("stratum.", "follow_up_days.", "censored_before."):
        assert name in COLUMNS


@pytest.mark.parametrize("kind", ["binary", "survival"])
@pytest.mark.parametrize("n_studies", [12, pytest.param(100, marks=pytest.mark.slow)])
def test_on_noise_no_option_leaves_one_half(kind, n_studies):
    """Mean over small studies of noise whose sites differ in features and outcome.

    Among pairs of one site: between sites, features tell the site and so the outcome.
    """
    values = []
    for seed in range(n_studies):
        noise = make_tables(n=60, prevalence=(0.2, 0.5, 0.8), seed=seed)
        table = at(noise, weighted=True) if kind == "binary" else stratified(noise)
        row = judged(table, kind, stratum="within", max_features=2)[2]
        values.append(row["estimate"])
    error = np.nanstd(values, ddof=1) / np.sqrt(len(values))
    assert abs(np.nanmean(values) - 0.5) < 3 * error


def test_the_null_permutes_outcomes_within_strata(study):
    table = stratified(study)
    plan = make_specification("survival", harmonizer="none", max_features=2)
    arm = permutation_null._Arm.of(table.rows, plan)
    known = table.rows.by_subject.loc[arm.whole.predictors.index]

    for blocks, columns in (
        (arm.blocks, ["group", "stratum.survival"]),
        (arm.free, ["stratum.survival"]),
    ):
        parts = [known.iloc[block.ravel()][columns] for block in blocks]
        assert all((part.nunique() == 1).all() for part in parts)
        assert len(parts) == len(known[columns].drop_duplicates())

    folds = table.folds[table.folds["scheme"] == "cv"]
    rows = null_band(table.rows, folds, plan, n_permutations=10, seed=3)
    assert rows["estimate"].between(0.2, 0.8).all()


def weighted_before_the_split(tables, fold, specification):
    """A planted leak: weights learnt from all subjects, folds afterwards."""
    whole = arm_data(tables, specification)
    known = whole.only(fold.loc[fold["role"] == "development", "subject_id"])
    return digest(estimates(fit_development(known, specification)))


def test_weights_learnt_before_the_split_are_caught(study):
    table = at(study, weighted=True)
    plan = make_specification(harmonizer="none")
    _, fold = next(each_fold(table.folds[table.folds["scheme"] == "cv"]))
    held_out = sorted(fold.loc[fold["role"] != "development", "subject_id"])
    perturbed = outcome_flipped(table.rows, held_out, np.random.default_rng(3))

    for fit, unchanged in ((weighted_before_the_split, False), (study_fit, True)):
        before = fit(table.rows, fold, plan)
        assert (fit(perturbed, fold, plan) == before) == unchanged


@pytest.mark.parametrize("weighted", [False, True])
def test_a_covariate_that_separates_outcomes_at_the_horizon_is_named(study, weighted):
    table = at(study, weighted)
    event = table.cohort["event.recurrence"]
    # Of those with unknown outcome, the covariate says nothing that could overlap.
    age = 60 + 10 * event.fillna(0.5) + np.arange(len(event)) / len(event)
    table = replace(table, cohort=table.cohort.assign(**{"covariate.age": age}))
    plan = {"features": [], "covariates": ["age"]}
    _, fit, _ = judged(table, "binary", **plan)

    assert fit.fits["rescue"].str.contains("age separates the outcomes").all()
    overlapping = age.where(event != 1, age - 9.7)
    table = replace(table, cohort=table.cohort.assign(**{"covariate.age": overlapping}))
    assert judged(table, "binary", **plan)[1].fits["rescue"].isna().all()


def test_a_copy_of_a_covariate_gives_one_verdict_in_every_fold(study):
    for factor, offset in ((1.0, 0.0), (-1 / 365.25, 3.0), (1e6, -1e3)):
        copy = factor * study.cohort["covariate.age"] + offset
        cohort = study.cohort.assign(**{"covariate.copy": copy})
        plan = {"features": [], "covariates": ["age", "copy"]}
        for kind in ("binary", "survival"):
            _, fit, _ = judged(replace(study, cohort=cohort), kind, **plan)
            told = fit.fits["rescue"].str.contains("determine each other: age and copy")
            assert told.all()

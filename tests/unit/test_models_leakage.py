"""Evaluation subjects leave no trace; planted leaks do, and loudly."""

from dataclasses import replace

import numpy as np
import pytest

from concord.evaluation.performance import performance
from concord.harmonize.combat import ComBat
from concord.models import folds as folding
from concord.models.design import feature_names, study
from concord.models.fitting import fit_scheme, repeated_measurements
from concord.models.leakage import attacks, changed_hashes, learnt

from ..modelling_study import make_plan, make_tables


def harmonized_before_the_split(whole, development, plan, measure):
    """The common mistake: ComBat fitted on all rows, folds afterwards."""
    features = feature_names(whole.predictors.columns)
    combat = ComBat("batch.CT", columns=features, unseen="passthrough")
    leaky = replace(whole, predictors=combat.fit_transform(whole.predictors))
    return learnt(leaky, development, plan, measure)


@pytest.fixture(scope="module", params=["binary", "survival"])
def setting(request):
    tables = make_tables(n_features=30)
    plan = make_plan(
        request.param,
        harmonization={"keep": ["age"]},
        covariates=["age"],
        stability_filter=True,
    )
    whole = study(tables.cohort, tables.features, plan)
    chosen = folding.select(tables.folds, "cv-1")
    return whole, folding.splits(chosen), plan


def test_poisoned_evaluation_rows_change_nothing_that_is_learnt(setting):
    whole, splits, plan = setting
    for _, development, evaluation in splits[:2]:
        changed = changed_hashes(whole, development, evaluation, plan, seed=1)
        assert changed == dict.fromkeys(changed, False)
        assert len(changed) == 5


def test_harmonizing_before_the_split_is_caught(setting):
    whole, splits, plan = setting
    _, development, evaluation = splits[0]
    changed = changed_hashes(
        whole, development, evaluation, plan, 1, learn=harmonized_before_the_split
    )
    caught = {name for name, moved in changed.items() if moved}
    assert caught == {"noise", "missing", "removed"}


def test_attacks_do_poison_the_evaluation_rows(setting):
    whole, splits, _ = setting
    _, development, evaluation = splits[0]
    poisoned = attacks(whole, evaluation, seed=1)
    features = feature_names(whole.predictors.columns)
    noise = poisoned["noise"].predictors
    assert np.abs(noise.loc[evaluation, features]).median(axis=None) > 1e5
    assert noise.loc[development].equals(whole.predictors.loc[development])
    assert set(poisoned["removed"].predictors.index) == set(development)
    flipped = poisoned["flipped outcome"].outcome.loc[evaluation, "event"]
    assert (flipped != whole.outcome.loc[evaluation, "event"]).all()


def poisoned_tables(tables, subjects, attack):
    """Cohort and features as files would hold them, with some subjects attacked."""
    cohort, features = tables.cohort.copy(), tables.features.copy()
    rows, measured = (t["subject_id"].isin(subjects) for t in (cohort, features))
    if attack == "noise":
        columns = features.select_dtypes("float64").columns
        features.loc[measured, columns] *= -1e6
    elif attack == "outcome":
        events = ["event.recurrence", "event.survival"]
        cohort.loc[rows, events] = 1 - cohort.loc[rows, events]
        cohort.loc[rows, "time_days.survival"] = 1.0
    else:
        cohort = cohort[~rows].reset_index(drop=True)
        features = features[~measured].reset_index(drop=True)
    return cohort, features


@pytest.mark.parametrize("kind", ["binary", "survival"])
@pytest.mark.parametrize("attack", ["noise", "outcome", "removed"])
def test_whole_rule_learns_the_same_from_poisoned_files(kind, attack):
    """Covers the split into rows too, not only the fit of development rows."""
    tables = make_tables()
    plan = make_plan(kind, covariates=["age"], stability_filter=True)
    fold, _, evaluation = folding.splits(folding.select(tables.folds, "cv-1"))[0]
    cohort, features = poisoned_tables(tables, evaluation, attack)

    honest = fit_scheme(tables.cohort, tables.features, tables.folds, plan, "cv-1")
    poisoned = fit_scheme(cohort, features, tables.folds, plan, "cv-1")

    hashes = [r.fits.set_index("fold")["estimates_hash"] for r in (honest, poisoned)]
    assert hashes[0][fold] == hashes[1][fold]
    others = [name for name in hashes[0].index if name != fold]
    assert (hashes[0][others] != hashes[1][others]).all()


def test_repeated_measurements_of_evaluation_subjects_are_not_handed_over():
    tables, seen = make_tables(), []

    def measure(features, plan):
        seen.append(set(features["subject_id"]))
        return repeated_measurements(features, plan)

    plan = make_plan(stability_filter=True)
    fit_scheme(tables.cohort, tables.features, tables.folds, plan, "cv-1", measure)

    splits = folding.splits(folding.select(tables.folds, "cv-1"))
    assert seen == [set(development) for _, development, _ in splits]


def mean_auc(tables, plan):
    result = fit_scheme(tables.cohort, tables.features, tables.folds, plan, "cv-1")
    predictions = result.predictions.astype({"event": int})
    found = performance(predictions, result.fits, "binary", 0.95)
    return found.set_index("stratum").loc["all", "estimate"]


def test_pure_noise_predicts_nothing_unless_the_site_gives_it_away():
    """Outcome and features both differ between sites; within sites it is noise."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(20):
        tables = make_tables(
            n=80,
            n_features=20,
            sites=("A", "B", "C", "D"),
            prevalence=(0.15, 0.4, 0.6, 0.85),
            seed=seed,
        )
        for harmonize, values in found.items():
            values.append(mean_auc(tables, make_plan(harmonize=harmonize)))

    honest, raw = np.array(found[True]), np.array(found[False])
    error = honest.std(ddof=1) / np.sqrt(len(honest))
    assert abs(honest.mean() - 0.5) < 4 * error
    assert raw.mean() > 0.6
    assert raw.mean() - 0.5 > 4 * raw.std(ddof=1) / np.sqrt(len(raw))

"""Late fusion inside the design: null, leakage, pure noise and a planted truth."""

from dataclasses import replace

import numpy as np
import pytest

from concord.folds.splitting import splits
from concord.models.arm import repeated_measurements
from concord.models.fitted_model import Estimates
from concord.models.leakage import leakage_test
from concord.models.null import permutation_null
from concord.models.null.permutation_null import null_bands
from concord.models.null.permuted_folds import remaking
from concord.models.tuning.inner_folds import inner_splits
from concord.statistics.discrimination import concordance

from ...fused_study import fused, plain, two_images
from ...modelling_study import fit_and_predict, null_band
from .test_models_leakage import caught


@pytest.fixture(scope="module")
def study():
    return two_images(n=60, n_features=4, folds=2)


def prepared(study, plan):
    """The arm and its first fold, as the permutation of outcomes takes them."""
    arm = permutation_null._Arm.of(study.rows, plan)
    split = next(splits(study.rows, study.folds, "cv-1"))
    return arm, arm.prepared_fold(split, repeated_measurements)


def refitted(study, plan):
    """Scores of the first fold by the refits, and by the study's own code."""
    arm, fold = prepared(study, plan)
    y = plan.outcome.target(arm.whole.outcome)[fold.development]
    scores, cuts = fold.refit.scores_and_cuts(y)
    predictions, fits = fit_and_predict(study, plan)
    own = predictions[predictions["fold"] == "1"].set_index("subject_id")["score"]
    subjects = arm.whole.predictors.index[fold.evaluation]
    return scores, cuts, own[subjects].to_numpy(), fits.models.models[0].estimates


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_refits_to_the_observed_outcomes_are_the_fit_of_the_study(study, kind):
    scores, cuts, own, estimates = refitted(study, fused("stacking", kind))

    assert scores.tolist() == own.tolist()
    assert cuts.tolist() == estimates.cuts


def test_refits_of_a_mean_have_its_order_and_its_risk_groups(study):
    scores, cuts, own, estimates = refitted(study, fused("mean"))

    assert np.corrcoef(scores, own)[0, 1] == pytest.approx(1.0)
    assert ((scores > cuts) == (own > estimates.cuts)).all()


def test_folds_by_the_outcome_are_stratified_by_the_permuted_one(study, monkeypatch):
    plan = fused("stacking", stratify_by="outcome")
    arm, fold = prepared(study, plan)
    y = plan.outcome.target(arm.whole.outcome)[fold.development]
    seen = []

    def recorded(rows, *more):
        seen.append(rows.cohort["event.recurrence"].to_numpy())
        return inner_splits(rows, *more)

    monkeypatch.setattr("concord.models.fusion.null.inner_splits", recorded)
    fold.refit.scores_and_cuts(y)
    fold.refit.scores_and_cuts(y[::-1])

    assert seen[0].tolist() == y.tolist()
    assert seen[1].tolist() == y[::-1].tolist()


def test_the_null_of_a_fused_arm_lies_at_a_half():
    study = two_images(n=60, n_features=3, signal=(2.0, 2.0), folds=2)
    found = null_band(
        study.rows, study.folds, fused("stacking"), n_permutations=12, seed=1
    )
    band = found[found["scheme"] == "cv"]["estimate"]

    assert band.notna().all()
    assert band.mean() == pytest.approx(0.5, abs=0.1)
    # Members are harmonized: the arm does not see the group.
    assert found["free_estimate"].isna().all()


def test_the_null_of_a_fused_arm_that_sees_groups_permutes_freely_too(study):
    members = plain("ct"), plain("pt", harmonizer="none")
    raw = fused(members=(plain("ct", harmonizer="none"), members[1]))
    mixed = fused(members=members)
    found = [
        null_band(study.rows, study.folds, plan, n_permutations=2, seed=1)
        for plan in (raw, mixed)
    ]

    assert found[0]["free_estimate"].notna().all()
    assert found[1]["free_estimate"].notna().all()


def test_folds_that_are_made_anew_have_a_null_of_fused_arms():
    study = two_images(n=60, n_features=3, folds=2, stratify_by="outcome")
    plan = fused("stacking", stratify_by="outcome", inner_folds=2)
    validation = permuted_validation()
    remake = remaking(study.cohort, "recurrence", validation, 1)
    (band,) = null_bands(
        study.rows, study.folds, [plan], n_permutations=2, seed=1, remake=remake
    )

    assert band.rows.loc[band.rows["scheme"] == "cv", "estimate"].notna().all()


def permuted_validation():
    from concord.folds.settings import SplittingSection

    return SplittingSection(folds=2, repeats=1, stratify_by="outcome")


@pytest.mark.parametrize("rule", ["mean", "stacking"])
def test_evaluation_subjects_leave_no_trace_in_a_fused_arm(study, rule):
    assert caught(study, fused(rule), leakage_test.study_fit) == set()


def test_weights_that_are_learnt_before_the_split_are_caught(study):
    learn = leakage_test.weighted_before_the_split
    found = caught(study, fused("stacking"), learn)

    assert {"noise x 1e6", "features permuted", "outcome flipped"} <= found


def test_planted_leaks_of_a_fused_arm_are_those_of_its_members(study):
    plan = fused("stacking")
    controls = leakage_test.controls(plan)

    assert set(controls) - set(leakage_test.controls(plain("ct"))) == {
        leakage_test.WEIGHTED_BEFORE
    }
    found = caught(study, plan, controls[leakage_test.PREPARED_BEFORE])
    assert {"noise x 1e6", "batches permuted"} <= found
    members = (plain("ct", max_features=1), plain("pt", max_features=1))
    plan = fused("stacking", members=members)
    found = caught(study, plan, controls[leakage_test.SELECTED_BEFORE])
    assert "outcome flipped" in found


def fold_mean(study, plan) -> float:
    """Mean AUC of the folds of a cross-validation."""
    predictions, _ = fit_and_predict(study, plan)
    folds = predictions.dropna(subset="score").groupby("fold")
    values = [
        concordance(rows["event"].to_numpy(int), rows["score"].to_numpy(), None).value
        for _, rows in folds
    ]
    return float(np.nanmean(values))


def noise_studies(n: int):
    """Features of noise, and events whose frequency depends on the site."""
    for seed in range(n):
        made = two_images(n=60, n_features=3, signal=(0, 0), seed=seed, folds=2)
        share = made.cohort["site"].map({"A": 0.25, "B": 0.5, "C": 0.75})
        drawn = np.random.default_rng([seed, 1]).random(len(share)) < share
        made.cohort["event.recurrence"] = drawn.astype(float)
        yield made


def assert_at_a_half(values: list[float]) -> None:
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(np.mean(values) - 0.5) < 3 * error + 0.02, (np.mean(values), error)


@pytest.mark.parametrize("rule", ["mean", "stacking"])
def test_fused_arms_do_not_learn_from_noise(rule):
    plan = fused(rule, inner_folds=2)
    assert_at_a_half([fold_mean(made, plan) for made in noise_studies(6)])


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["mean", "stacking"])
def test_fused_arms_do_not_learn_from_noise_in_many_studies(rule):
    plan = fused(rule)
    assert_at_a_half([fold_mean(made, plan) for made in noise_studies(100)])


def test_two_images_that_know_different_things_are_better_together():
    alone = plain("ct"), plain("pt")
    plans = [*alone, *(fused(rule, inner_folds=2) for rule in ("mean", "stacking"))]
    values = [
        [fold_mean(made, plan) for plan in plans]
        for seed in range(2)
        for made in [two_images(n=240, n_features=3, signal=(1.2, 1.2), seed=seed)]
    ]

    ct, pt, mean, stacked = np.mean(values, axis=0)
    assert min(mean, stacked) > max(ct, pt) + 0.02, values


#: Options of a member that are learnt in other ways than those of a plain one.
MEMBERS = {
    "forest": {"model": {"kind": "forest", "trees": 5}},
    "boosting": {"model": {"kind": "boosting"}},
    "chained": {"features": [], "covariates": ["age"], "imputation": "chained"},
    "stability": {"selection": "stability", "half_samples": 4},
    "rank": {"transform": "rank_normal", "selection": "mrmr"},
    "tuned": {"tuning": {"folds": 2, "n_penalties": 3}},
}


@pytest.mark.parametrize("option", MEMBERS)
def test_members_of_any_kind_are_combined_and_permuted(study, option):
    age = study.cohort["covariate.age"].where(study.cohort.index % 5 > 0)
    made = replace(study, cohort=study.cohort.assign(**{"covariate.age": age}))
    members = plain("ct", **MEMBERS[option]), plain("pt")
    plan = fused("stacking", members=members, inner_folds=2)

    scores, cuts, own, estimates = refitted(made, plan)
    np.testing.assert_allclose(scores, own, rtol=1e-9, atol=1e-12)
    assert cuts == pytest.approx(estimates.cuts)
    back = Estimates.model_validate_json(estimates.model_dump_json())
    assert back == estimates


def test_strata_reach_the_weights_of_members_and_the_baseline(study):
    stratified = study.cohort.assign(**{"stratum.survival": study.cohort["site"]})
    plan = fused("stacking", "survival", inner_folds=2)
    one, two = (
        fit_and_predict(tables, plan)[1].models.models[0]
        for tables in (study, replace(study, cohort=stratified))
    )

    weights = [
        [member.weight for member in model.estimates.fusion.members.values()]
        for model in (one, two)
    ]
    assert weights[0] != weights[1]
    assert set(two.baseline.strata) == {"A", "B", "C"}

"""An arm in folds: complete tables, and failures that stay visible."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import ConfigError
from concord.folds.validation import SplittingSection
from concord.models.null.permutation import exchangeable_blocks, permuted_order
from concord.models.null.permuted_folds import remaking

from ...modelling_study import (
    Tables,
    fit_and_predict,
    make_folds,
    make_specification,
    make_tables,
    null_band,
)


@pytest.fixture(scope="module")
def study():
    return make_tables(signal=3.0)


def fit(study, plan, scheme="cv-1"):
    predictions, result = fit_and_predict(study, plan, scheme)
    return (
        tables.check(predictions, "predictions.tsv", "predictions"),
        tables.check(result.fits, "fits.tsv", "fits"),
        tables.check(result.coefficients, "coefficients.tsv", "coefficients"),
        {model.fold: model for model in result.models.models},
    )


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_every_subject_is_scored_once_and_every_fit_is_optimal(study, kind):
    predictions, fits, coefficients, models = fit(study, make_specification(kind))
    assert predictions["subject_id"].is_unique
    assert len(predictions) == 60
    assert predictions["score"].notna().all()
    assert predictions["probability"].notna().all() == (kind == "binary")
    assert set(predictions["risk_group"]) == {"high", "low"}
    assert (fits["status"] == "ok").all()
    assert (fits["kkt_residual"] <= 1e-6).all()
    assert fits["n_selected"].tolist() == [5] * 5
    assert coefficients.groupby("fold").size().tolist() == [5] * 5
    assert set(models) == {"1", "2", "3", "4", "5"}
    steps = {"harmonize_CT", "impute", "standardize", "select", "model"}
    assert steps <= set(models["1"].estimates.pipeline)


def test_planted_feature_is_found_and_predicts(study):
    predictions, _, coefficients, _ = fit(study, make_specification("binary"))
    planted = coefficients[coefficients["term"].str.endswith("f000")]
    assert len(planted) == 5
    assert (planted["coefficient"] > 0).all()
    means = predictions.groupby("event")["score"].mean()
    assert means[1] > means[0] + 0.5


def test_probability_is_the_logistic_function_of_the_score(study):
    predictions, *_ = fit(study, make_specification("binary"))
    expected = 1 / (1 + np.exp(-predictions["score"]))
    np.testing.assert_allclose(predictions["probability"], expected)


def test_covariates_only_arm_is_not_penalized(study):
    plan = make_specification(covariates=["age"], features=[], stability_filter=True)
    predictions, fits, coefficients, _ = fit(study, plan)
    assert coefficients["term"].tolist() == ["covariate.age"] * 5
    assert not coefficients["penalized"].any()
    assert (fits["n_candidates"] == 0).all()
    assert predictions["score"].notna().all()


def test_group_left_out_gets_the_same_score_for_all_in_the_group_arm(study):
    plan = make_specification(features=[], group_indicator=True)
    predictions, _, coefficients, _ = fit(study, plan, "loso")
    assert (predictions.groupby("fold")["score"].nunique() == 1).all()
    assert set(predictions["fold"]) == {"A", "B", "C"}
    in_fold_a = coefficients.loc[coefficients["fold"] == "A", "term"]
    assert in_fold_a.tolist() == ["group=B", "group=C"]


def test_a_refused_batch_leaves_its_subjects_listed_without_a_score(study):
    plan = make_specification(harmonization={"unseen": "refuse"})
    predictions, fits, *_ = fit(study, plan, "loso")
    assert (fits["status"] == "ok").all()
    assert len(predictions) == 60
    assert predictions["score"].isna().all()
    expected = "batch not in development: batch.CT.site '" + predictions["fold"] + "'"
    assert predictions["reason"].tolist() == expected.tolist()


def test_a_fold_that_cannot_be_fitted_is_failed_and_its_subjects_stay_listed(study):
    plan = make_specification(harmonization={"min_batch_size": 30})
    predictions, fits, coefficients, models = fit(study, plan, "loso")
    assert (fits["status"] == "failed").all()
    assert fits["message"].str.contains("no batch has 30 development rows").all()
    assert predictions["reason"].tolist() == [
        models[fold].failed for fold in predictions["fold"]
    ]
    assert coefficients.empty


def test_settings_that_fit_in_no_fold_stop_the_job(study):
    with pytest.raises(ConfigError, match=r"the pattern 'PT\.\*' matches none"):
        fit(study, make_specification(features=["PT.*"]))


def test_subject_without_features_is_listed_and_not_learnt_from(study):
    gone = study.features[study.features["subject_id"] != "P0007"]
    predictions, fits, *_ = fit(
        Tables(study.cohort, gone, study.folds), make_specification()
    )
    row = predictions.set_index("subject_id").loc["P0007"]
    assert np.isnan(row["score"])
    assert row["reason"] == "no feature row of session 'baseline' by reader 'A'"
    assert sorted(fits["n_development"]) == [47, 47, 47, 47, 48]
    messages = fits["message"].dropna()
    assert messages.str.startswith("1 development subjects without").all()


def test_subject_without_outcome_is_scored_but_not_learnt_from(study):
    cohort = study.cohort.copy()
    cohort.loc[7, "event.recurrence"] = np.nan
    changed = Tables(cohort, study.features, study.folds)
    predictions, fits, *_ = fit(changed, make_specification())
    row = predictions.set_index("subject_id").loc["P0007"]
    assert np.isfinite(row["score"])
    assert pd.isna(row["event"])
    assert sorted(fits["n_development"]) == [47, 47, 47, 47, 48]


def test_stability_filter_uses_the_second_reader(study):
    shaky = study.features.copy()
    noisy = [name for name in shaky if name.endswith(("f000", "f001"))]
    second = shaky["reader"] == "B"
    values = np.random.default_rng(0).normal(size=(second.sum(), len(noisy)))
    shaky.loc[second, noisy] = values
    plan = make_specification(stability_filter=True)
    *_, models = fit(Tables(study.cohort, shaky, study.folds), plan)
    dropped = models["1"].estimates.pipeline["stability"]["dropped"]
    assert [name[-4:] for name in dropped] == ["f000", "f001"]


def test_same_inputs_give_equal_results_in_any_row_order(study):
    plan = make_specification("survival")
    shuffled = Tables(
        study.cohort.iloc[::-1].reset_index(drop=True),
        study.features.sample(frac=1, random_state=1),
        study.folds,
    )
    first, second = fit(study, plan), fit(shuffled, plan)
    assert first[1]["estimates_hash"].tolist() == second[1]["estimates_hash"].tolist()
    pd.testing.assert_frame_equal(first[0], second[0])


def test_permutation_stays_within_groups():
    groups = np.array(list("aabbbcc"))
    blocks = exchangeable_blocks(groups, range(7))
    order = permuted_order(blocks, np.random.default_rng(0))
    assert (groups[order] == groups).all()
    assert sorted(order) == list(range(7))
    assert order.tolist() != list(range(7))


def test_permutation_moves_whole_clusters_among_their_like():
    """Two patients of two lesions in a, two of both groups, three of one lesion."""
    groups = np.array(list("aaaaababaaa"))
    clusters = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 5, 6])
    blocks = exchangeable_blocks(groups, clusters)
    assert sorted(block.shape for block in blocks) == [(2, 2), (2, 2), (3, 1)]
    seen = set()
    for seed in range(20):
        order = permuted_order(blocks, np.random.default_rng(seed))
        assert sorted(order) == list(range(11))
        assert (groups[order] == groups).all()
        taken = clusters[order]
        for cluster in range(4):
            assert len(set(taken[clusters == cluster])) == 1
        assert set(taken[:4]) == {0, 1}
        assert set(taken[4:8]) == {2, 3}
        seen.add(tuple(order))
    assert len(seen) > 10


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_null_band_is_centred_near_one_half_and_repeatable(study, kind):
    arguments = (study.rows, study.folds, make_specification(kind))
    band = null_band(*arguments, n_permutations=20, seed=1)
    tables.check(band, "null.tsv", "null")
    for scheme in ("cv", "loso"):
        mine = band.loc[band["scheme"] == scheme, "estimate"]
        assert abs(mine.mean() - 0.5) < 4 * mine.std() / np.sqrt(20)
    assert (band["standard_error"] > 0).all()
    ranked = band["log_rank_z"].notna()
    assert (ranked == ((band["scheme"] == "cv") & (kind == "survival"))).all()
    again = null_band(*arguments, n_permutations=5, seed=1)
    assert (
        again["estimate"].tolist()
        == band[band["permutation"] <= 5]["estimate"].tolist()
    )


def test_folds_that_spread_the_outcome_are_made_anew_for_each_permutation(study):
    validation = SplittingSection(stratify_by="outcome")
    made = []
    remake = remaking(study.cohort, "recurrence", validation, seed=1)

    def counted(events):
        folds = remake(events)
        held_out = folds[folds["role"] == "evaluation"].set_index("subject_id")
        assert set(folds["scheme"]) == {"cv"}
        counts = events.groupby(held_out["fold"].reindex(events.index)).sum()
        assert counts.max() - counts.min() <= 1
        made.append(tuple(held_out["fold"].sort_index()))
        return folds

    plan = make_specification()
    folds = make_folds(study.cohort, stratify_by="outcome")
    arguments = (study.rows, folds, plan)
    band = null_band(*arguments, n_permutations=10, seed=1, remake=counted)
    fixed = null_band(*arguments, n_permutations=10, seed=1)
    assert len(made) == len(set(made)) == 10
    assert band["scheme"].tolist() == ["cv"] * 10 + ["loso"] * 10
    assert band["permutation"].tolist() == [*range(1, 11)] * 2
    for scheme, same in (("cv", False), ("loso", True)):
        values = [t.loc[t["scheme"] == scheme, "estimate"] for t in (band, fixed)]
        assert values[0].equals(values[1]) == same


def test_folds_by_group_know_no_outcome_and_stay():
    cohort = make_tables().cohort
    assert remaking(cohort, "recurrence", SplittingSection(), seed=1) is None


def test_only_arms_without_harmonization_are_permuted_over_all_groups(study):
    for harmonizer in ("combat", "none"):
        plan = make_specification(harmonizer=harmonizer)
        band = null_band(study.rows, study.folds, plan, n_permutations=10, seed=1)
        assert band["free_estimate"].notna().all() == (harmonizer == "none")


def test_the_null_of_the_group_alone_is_what_the_group_gives_away():
    """Permuted within groups, each group keeps its events: nothing is lost."""
    study = make_tables(prevalence=(0.1, 0.5, 0.9))
    plan = make_specification(features=[], group_indicator=True)
    band = null_band(study.rows, study.folds, plan, n_permutations=10, seed=1)
    means = band.groupby("scheme")["estimate"].mean()
    assert means["cv"] > 0.7
    assert means["loso"] == 0.5

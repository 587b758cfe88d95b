"""Late fusion: members' scores combined, whoever lacks one, and back from JSON."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.folds.splitting import splits
from concord.models import fitted_model
from concord.models.arm_fit import FoldFits, fit_in_fold
from concord.models.fitted_model import FittedModel
from concord.models.fitting import fit_arms
from concord.models.fusion import member_scores
from concord.models.fusion.combination import NO_WEIGHT
from concord.models.prediction import Predictor
from concord.models.reader_predictions import predict_readers
from concord.models.unscored import USED

from ...fused_study import fused, plain, two_images
from ...modelling_study import fit_and_predict

RULES = ["mean", "stacking"]


@pytest.fixture(scope="module")
def study():
    return two_images(n=72, n_features=5)


@pytest.fixture(scope="module")
def split(study):
    return next(splits(study.rows, study.folds, "cv-1"))


def fitted(split, plan):
    fold = fit_in_fold(split.name, split.development, plan)
    assert fold.error is None, fold.error
    return fold


def scored(fold, rows, seed=1):
    return Predictor.of(fold.model).scored(rows, seed)


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_the_mean_is_that_of_standardized_scores_by_hand(split, kind):
    plan = fused("mean", kind)
    fold = fitted(split, plan)
    found = scored(fold, split.evaluation)

    z = {}
    for name, member in plan.members.items():
        alone = fitted(split, member)
        own = scored(alone, split.development)["score"].dropna()
        z[name] = (scored(alone, split.evaluation)["score"] - own.mean()) / own.std()
    mean = pd.DataFrame(z).mean(axis=1)
    fusion = fold.model.estimates.fusion
    slope = sum(one.weight for one in fusion.members.values())
    np.testing.assert_allclose(found["score"], fusion.intercept + slope * mean)
    assert slope > 0
    assert (fusion.intercept == 0.0) == (kind == "survival")


def test_stacking_adds_weighted_scores_and_counts_a_missing_member_as_zero(split):
    fold = fitted(split, fused("stacking"))
    found = scored(fold, split.evaluation)

    fusion = fold.model.estimates.fusion
    total = fusion.intercept
    for member in fusion.members.values():
        score = Predictor.rebuilt(member.estimates).scored(split.evaluation, 1)["score"]
        total = total + member.weight * ((score - member.mean) / member.sd).fillna(0.0)
    np.testing.assert_allclose(found["score"], total)
    np.testing.assert_allclose(found["probability"], 1 / (1 + np.exp(-total)))


@pytest.mark.parametrize("rule", RULES)
def test_whoever_lacks_a_member_is_scored_by_the_others_and_flagged(study, split, rule):
    found = scored(fitted(split, fused(rule)), split.evaluation)
    has_pt = study.features.loc[study.features["image"] == "PT", "subject_id"]
    lacking = ~found.index.isin(has_pt)

    assert lacking.any()
    assert found["score"].notna().all()
    assert found["reason"].isna().all()
    assert (found["n_members"] == np.where(lacking, 1, 2)).all()
    assert set(found.loc[lacking, "members_missing"]) == {"pt"}
    assert found.loc[~lacking, "members_missing"].isna().all()
    # Predictors are counted of the members that gave the score.
    assert (found["n_predictors"] == np.where(lacking, 5, 10)).all()
    assert (found["n_missing"] == 0).all()


def test_nobody_is_scored_without_any_member(split):
    fold = fitted(split, fused())
    rows = split.evaluation
    lost = rows.cohort["subject_id"].iloc[0]
    fewer = rows.features[rows.features["subject_id"] != lost]
    found = scored(fold, replace(rows, features=fewer))

    row = found.loc[lost]
    assert np.isnan(row["score"])
    assert row["risk_group"] is None
    assert row["reason"].startswith("no feature row of session 'baseline'")
    assert (row["n_members"], row["members_missing"]) == (0, "ct, pt")
    others = found.drop(index=lost)
    pd.testing.assert_frame_equal(
        others, scored(fold, rows).drop(index=lost), check_dtype=False
    )


def test_a_member_that_refuses_an_unseen_batch_leaves_the_score_to_the_others(study):
    loso = next(splits(study.rows, study.folds, "loso"))
    members = plain("ct", unseen="refuse"), plain("pt", harmonizer="none")
    fold = fitted(loso, fused(members=members))
    found = scored(fold, loso.evaluation)

    has_pt = study.features.loc[study.features["image"] == "PT", "subject_id"]
    scorable = found.index.isin(has_pt)
    assert (found["score"].notna() == scorable).all()
    assert set(found.loc[scorable, "members_missing"]) == {"ct"}
    (reason,) = set(found.loc[~scorable, "reason"])
    assert reason.startswith("batch not in development: batch.CT.site 'A'; no feat")


def test_whoever_adapted_a_batch_is_not_scored_by_another_member(study):
    loso = next(splits(study.rows, study.folds, "loso"))
    members = (
        plain("ct", harmonizer="combat", unseen="adapt"),
        plain("pt", harmonizer="none"),
    )
    found = scored(fitted(loso, fused(members=members)), loso.evaluation)

    spent = found["reason"].fillna("").str.startswith(USED)
    assert spent.any()
    assert found.loc[spent, "score"].isna().all()
    assert found.loc[~spent, "score"].notna().all()


@pytest.mark.parametrize("kind", ["binary", "survival"])
@pytest.mark.parametrize("rule", RULES)
def test_a_fused_model_comes_back_from_json_bit_for_bit(split, rule, kind):
    fold = fitted(split, fused(rule, kind))
    text = json.dumps(fold.model.model_dump(mode="json"))
    back = FittedModel.model_validate(json.loads(text))

    assert back == fold.model
    one, two = (
        Predictor.of(model).scored(split.evaluation, 1) for model in (fold.model, back)
    )
    assert one["score"].tolist() == two["score"].tolist()


def test_predictors_of_all_members_stand_in_one_table(split):
    predictor = Predictor.of(fitted(split, fused()).model)
    table = predictor.predictors(split.evaluation)

    assert list(table.columns) == predictor.estimates.columns
    assert table.columns.is_unique
    found = predictor.predict(table, 1)
    pd.testing.assert_series_equal(
        found["score"], predictor.scored(split.evaluation, 1)["score"]
    )


def test_the_order_of_the_members_is_irrelevant(split):
    one, two = (
        fitted(split, fused("stacking", members=members))
        for members in [(plain("ct"), plain("pt")), (plain("pt"), plain("ct"))]
    )

    assert one.model == two.model
    assert one.fit["estimates_hash"] == two.fit["estimates_hash"]


def test_members_that_another_arm_has_fitted_are_the_same_to_the_last_bit(split):
    shared = FoldFits(split.name, split.development)
    for member in (plain("pt"), plain("ct")):
        shared.of(member)
    fold = shared.of(fused("stacking"))

    assert fold.model == fitted(split, fused("stacking")).model
    alone = fitted(split, plain("ct"))
    assert fold.model.estimates.fusion.members["ct"].estimates == alone.model.estimates


def test_members_are_fitted_once_in_a_job(study, monkeypatch):
    seen = []
    fit = member_scores.fit_fold

    def counted(name, rows, plan, *more):
        seen.append(plan.name)
        return fit(name, rows, plan, *more)

    monkeypatch.setattr("concord.models.arm_fit.fit_fold", counted)
    folds = [(s.name, s.development) for s in splits(study.rows, study.folds, "cv-1")]
    fit_arms(folds[:1], [fused(), plain("ct"), plain("pt")])

    assert sorted(seen) == ["ct", "pt"]


def test_inner_folds_never_score_whom_they_learnt_from(split, monkeypatch):
    plan, seen = fused("stacking"), []
    fit = member_scores.fit_fold

    def recorded(name, rows, member, *more):
        seen.append(frozenset(rows.cohort["subject_id"]))
        return fit(name, rows, member, *more)

    monkeypatch.setattr(member_scores, "fit_fold", recorded)
    found = member_scores.inner_scores(split.development, plan, lambda *_: None)

    everybody = set(split.development.cohort["subject_id"])
    left_out = [everybody - one for one in seen[::2]]
    assert len(seen) == 2 * 3
    assert set.union(*left_out) == everybody
    assert sum(map(len, left_out)) == len(everybody)
    assert found.notes == []
    assert found.standardized["ct"].notna().all()


def test_a_failed_member_fails_the_fused_arm_by_its_name(split):
    members = plain("ct"), plain("pt", features=["MR.*"])
    fold = fit_in_fold(split.name, split.development, fused(members=members))

    assert fold.fit["status"] == "failed"
    assert fold.model.failed.startswith("arms: the pattern 'MR.*'")


def test_the_row_of_the_fits_counts_subjects_of_any_member(study, split):
    fold = fitted(split, fused("stacking"))
    ct, pt = (fitted(split, plain(name)) for name in ("ct", "pt"))

    assert fold.fit["n_development"] == ct.fit["n_development"]
    assert pt.fit["n_development"] < ct.fit["n_development"]
    assert fold.fit["n_selected"] == ct.fit["n_selected"] + pt.fit["n_selected"]
    assert fold.fit["n_candidates"] == 10
    assert fold.fit["kkt_residual"] >= pt.fit["kkt_residual"]
    assert list(fold.coefficients["term"]) == ["member.ct", "member.pt"]
    assert not fold.coefficients["penalized"].any()


def test_predictions_and_fits_are_of_declared_kinds(study):
    predictions, fits = fit_and_predict(study, fused("stacking"))

    found = tables.check(predictions, "x", "predictions")
    assert (found["n_members"] >= 1).all()
    tables.check(fits.fits, "x", "fits")
    tables.check(fits.coefficients, "x", "coefficients")


def test_a_document_holds_the_members_and_their_specifications(study, tmp_path):
    _, fits = fit_and_predict(study, fused("stacking"))
    fitted_model.write(fits.models, tmp_path / "x.json")
    back = fitted_model.read(tmp_path / "x.json")

    assert back == fits.models
    assert set(back.specification.members) == {"ct", "pt"}
    assert len(back.recipe_hashes) == 10


def test_readers_move_all_members(study, split):
    fold = fitted(split, fused("stacking"))
    document = fitted_model.FittedModels.of(fused("stacking"), [fold.model])
    found = predict_readers(
        [(split.name, split.evaluation)], {"fused": document}, "recurrence", 1
    )

    by_reader = dict(iter(found.groupby("reader")))
    own = scored(fold, split.evaluation)["score"]
    assert by_reader["A"]["score"].tolist() == own.tolist()
    assert by_reader["B"]["score"].tolist() != own.tolist()
    assert by_reader["B"]["standard_score"].notna().all()


def test_weights_of_zero_fall_back_to_the_mean_and_say_so(split, monkeypatch):
    """Members whose scores out of inner folds point the wrong way."""
    event = split.development.outcomes("recurrence")["event"]
    wrong = pd.DataFrame({"ct": -event, "pt": -event})
    inner = member_scores.InnerScores(wrong, ["a note"])
    monkeypatch.setattr("concord.models.fusion.fit.inner_scores", lambda *_: inner)
    fold = fitted(split, fused("stacking"))

    fusion = fold.model.estimates.fusion
    assert fusion.rule == "mean"
    assert [one.weight for one in fusion.members.values()] == [0.005, 0.005]
    assert fold.fit["rescue"] == f"a note; {NO_WEIGHT}"


def test_mean_and_spread_of_a_member_are_those_of_its_scores_in_development(split):
    alone = fitted(split, plain("pt")).model
    without = alone.model_copy(
        update={"estimates": alone.estimates.model_copy(update={"mean": None})}
    )
    one, two = (
        member_scores.Member.of(model, split.development, 1)
        for model in (alone, without)
    )

    assert one.sd > 0
    assert (one.mean, one.sd) == pytest.approx((two.mean, two.sd), rel=1e-12)

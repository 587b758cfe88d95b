"""Predictions of readers: fitted models score the segmentations of another reader."""

import numpy as np
import pandas as pd
import pytest

from concord.folds.splitting import FoldName, splits
from concord.models.reader_predictions import predict_readers

from ...modelling_study import Tables, fit_and_predict, make_specification, make_tables

COLUMN = "original.glcm.f000"


def drawn_by(study, reader, change):
    """The study with a further reader: the features of reader A, changed."""
    rows = study.features[study.features["reader"] == "A"].assign(reader=reader)
    features = pd.concat([study.features, change(rows)], ignore_index=True)
    return Tables(study.cohort, features, study.folds)


def predicted(study, plan, scheme="cv-1"):
    expected, fitted = fit_and_predict(study, plan, scheme)
    held_out = [(s.name, s.evaluation) for s in splits(study.rows, study.folds, scheme)]
    arms = {plan.name: fitted.models}
    return expected, predict_readers(held_out, arms, plan.endpoint, seed=1), fitted


def of(found, reader):
    rows = found[found["reader"] == reader]
    return rows.set_index(["fold", "subject_id"]).sort_index()


@pytest.mark.parametrize("kind", ["binary", "survival"])
@pytest.mark.parametrize("scheme", ["cv-1", "loso"])
@pytest.mark.parametrize("unseen", ["passthrough", "refuse", "adapt"])
def test_rows_of_the_reference_reader_equal_the_predictions_bit_for_bit(
    kind, scheme, unseen
):
    plan = make_specification(kind, {"unseen": unseen, "adapt_subjects": 5})
    expected, found, _ = predicted(make_tables(signal=1.0), plan, scheme)

    mine = found[found["reader"] == "A"][expected.columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, expected, check_exact=True)
    numbers = [rows["score"].to_numpy().tobytes() for rows in (mine, expected)]
    assert numbers[0] == numbers[1]


def test_a_planted_shift_of_a_feature_moves_the_score_by_its_coefficient():
    shift = 0.7
    study = drawn_by(
        make_tables(n_features=1, signal=2.0),
        "C",
        lambda rows: rows.assign(**{COLUMN: rows[COLUMN] + shift}),
    )
    _, found, fitted = predicted(study, make_specification(harmonizer="none"))

    difference = of(found, "C")["score"] - of(found, "A")["score"]
    slopes = fitted.coefficients.set_index("fold")["coefficient"]
    for fold, moved in difference.groupby("fold"):
        model = fitted.models.of_fold(FoldName("cv", 1, fold))
        (sd,) = model.estimates.pipeline["standardize"]["sd"]
        assert slopes[fold] > 0
        assert moved.to_numpy() == pytest.approx(slopes[fold] * shift / sd)


def test_a_reader_who_draws_as_the_reference_gets_the_same_scores():
    study = drawn_by(make_tables(), "C", lambda rows: rows)
    _, found, _ = predicted(study, make_specification())

    columns = ["score", "probability", "risk_group", "standard_score"]
    same = of(found, "C")[columns], of(found, "A")[columns]
    pd.testing.assert_frame_equal(*same, check_exact=True)


def test_the_standard_score_is_the_place_among_the_scores_of_development():
    _, found, fitted = predicted(make_tables(), make_specification())

    high = found["risk_group"] == "high"
    assert ((found["standard_score"] > 0) == high).all()
    learnt = fitted.models.of_fold(FoldName("cv", 1, "1")).estimates
    rows = found[found["fold"] == "1"]
    expected = (rows["score"] - learnt.cuts[0]) / learnt.spread
    assert rows["standard_score"].to_numpy() == pytest.approx(expected.to_numpy())
    assert 0.5 < found["standard_score"].std() < 2


def test_a_subject_that_a_reader_did_not_segment_has_a_reason():
    study = drawn_by(make_tables(), "C", lambda rows: rows.iloc[1:])
    _, found, _ = predicted(study, make_specification())

    missing = found[found["score"].isna()]
    assert missing[["reader", "subject_id", "reason"]].to_numpy().tolist() == [
        ["C", "P0000", "no feature row of session 'baseline' by reader 'C'"]
    ]


def test_a_reader_of_one_fold_alone_has_rows_in_all_folds():
    whole = make_tables()
    held_out = whole.folds.query("scheme == 'cv' and role == 'evaluation'")
    last = held_out["fold"].max()
    subjects = set(held_out.loc[held_out["fold"] == last, "subject_id"])
    study = drawn_by(whole, "C", lambda rows: rows[rows["subject_id"].isin(subjects)])
    _, found, _ = predicted(study, make_specification())

    rows = found[found["reader"] == "C"]
    assert len(rows) == 60
    assert set(rows.loc[rows["score"].notna(), "subject_id"]) == subjects


def test_a_failed_fit_gives_its_reason_for_every_reader():
    study = make_tables()
    _, fitted = fit_and_predict(study, make_specification())
    first, *others = fitted.models.models
    failed = {"estimates": None, "failed": "no convergence"}
    models = [first.model_copy(update=failed), *others]
    document = fitted.models.model_copy(update={"models": models})
    held_out = [(s.name, s.evaluation) for s in splits(study.rows, study.folds, "cv-1")]
    found = predict_readers(held_out, {"x": document}, "recurrence", seed=1)

    failed = found[found["fold"] == "1"]
    assert set(failed["reader"]) == {"A", "B"}
    assert set(failed["reason"]) == {"no convergence"}
    assert np.isnan(failed["standard_score"]).all()
    assert found.loc[found["fold"] != "1", "score"].notna().all()

"""Performance tables from predictions."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.comparisons import comparison_pairs, comparisons
from concord.evaluation.performance import performance
from concord.evaluation.selection import selection_frequency
from concord.models.settings import Arm
from concord.statistics.discrimination import concordance
from concord.statistics.outcome_kinds import OUTCOME_KINDS


def make_predictions(arm="radiomics", scheme="cv", repeats=2, noise=1.0, seed=0):
    """40 subjects in 4 folds; scores of each fold are shifted by 10."""
    generator = np.random.default_rng(seed)
    outcomes = np.random.default_rng(99)
    event = outcomes.integers(0, 2, 40)
    time = outcomes.exponential(100 * np.exp(-event), 40)
    parts = []
    for repeat in range(1, repeats + 1):
        fold = generator.permutation(np.arange(40) % 4) + 1
        group = np.array(["A", "B"])[np.arange(40) % 2]
        fold = (
            np.where(group == "A", "A", "B") if scheme == "loso" else fold.astype(str)
        )
        score = event + noise * generator.normal(size=40)
        shift = pd.factorize(fold)[0] * 10.0
        parts.append(
            pd.DataFrame(
                {
                    "endpoint": "recurrence",
                    "arm": arm,
                    "scheme": scheme,
                    "repeat": repeat,
                    "fold": fold,
                    "subject_id": [f"P{number:02d}" for number in range(40)],
                    "group": group,
                    "cluster": [f"P{number:02d}" for number in range(40)],
                    "event": event,
                    "time_days": time,
                    "score": score + shift,
                    "probability": np.nan,
                    "risk_group": "low",
                    "reason": None,
                }
            )
        )
    return tables.check(pd.concat(parts, ignore_index=True), "p", "predictions")


def make_fits(predictions, failed=()):
    keys = ["endpoint", "arm", "scheme", "repeat", "fold"]
    fits = predictions.groupby(keys).size().rename("n_development").reset_index()
    fits["n_development"] = 40 - fits["n_development"]
    columns = ["n_events", "n_candidates", "n_selected", "kkt_residual"]
    fits = fits.assign(**dict.fromkeys(columns, 0), estimates_hash="x", message=None)
    fits["status"] = np.where(fits["fold"].isin(failed), "failed", "ok")
    return tables.check(fits, "f", "fits")


def judged(predictions, fits, kind="binary"):
    found = performance(predictions, fits, OUTCOME_KINDS[kind], 0.95)
    return tables.check(found, "performance.tsv", "performance")


@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_metric_is_averaged_over_folds_and_never_pooled(kind):
    predictions = make_predictions()
    row = (
        judged(predictions, make_fits(predictions), kind)
        .set_index("stratum")
        .loc["all"]
    )
    values = [
        concordance(
            rows["event"].to_numpy(int),
            rows["score"].to_numpy(),
            rows["time_days"].to_numpy() if kind == "survival" else None,
        ).value
        for _, rows in predictions.groupby(["repeat", "fold"])
    ]
    assert row["estimate"] == pytest.approx(np.mean(values))
    assert row["lower"] < row["estimate"] < row["upper"]
    assert (row["n"], row["n_folds"]) == (40, 8)
    assert row["metric"] == {"binary": "auc", "survival": "c_index"}[kind]
    expected = {"binary": "DeLong", "survival": "Nadeau-Bengio"}[kind]
    assert expected in row["method"]


def test_rows_for_all_within_and_each_group():
    predictions = make_predictions()
    found = judged(predictions, make_fits(predictions))
    assert found["stratum"].tolist() == ["all", "within", "group=A", "group=B"]
    groups = found.set_index("stratum")["n"]
    assert groups[["group=A", "group=B"]].tolist() == [20, 20]


def test_leave_one_group_out_is_the_mean_over_groups():
    predictions = make_predictions(scheme="loso", repeats=1)
    found = judged(predictions, make_fits(predictions)).set_index("stratum")
    groups = found.loc[["group=A", "group=B"], "estimate"]
    assert found.loc["all", "estimate"] == pytest.approx(groups.mean())
    assert "mean over groups" in found.loc["all", "method"]
    assert "within" not in found.index


def test_failed_and_one_class_folds_are_counted_and_told():
    predictions = make_predictions(repeats=1)
    predictions.loc[predictions["fold"] == "1", "score"] = np.nan
    predictions.loc[predictions["fold"] == "2", "event"] = 1
    found = judged(predictions, make_fits(predictions, failed=["1"]))
    row = found.set_index("stratum").loc["all"]
    assert row["n_folds"] == 2
    assert row["method"].endswith("2 of 4 folds undefined")


def test_arm_without_any_score_has_a_row_with_a_reason():
    predictions = make_predictions(repeats=1).assign(score=np.nan)
    found = judged(predictions, make_fits(predictions, failed=list("1234")))
    row = found.set_index("stratum").loc["all"]
    assert np.isnan(row["estimate"])
    assert row["n_folds"] == 0
    assert "4 of 4 folds undefined" in row["method"]


def test_subject_without_outcome_is_not_counted():
    predictions = make_predictions()
    predictions.loc[predictions["subject_id"] == "P03", "event"] = pd.NA
    found = judged(predictions, make_fits(predictions))
    assert found.set_index("stratum").loc["all", "n"] == 39


def test_comparison_is_paired_fold_by_fold():
    better, worse = make_predictions(), make_predictions("clinical", noise=4.0)
    both = pd.concat([better, worse], ignore_index=True)
    fits = make_fits(both)
    found = comparisons(
        both, fits, OUTCOME_KINDS["binary"], 0.95, [("radiomics", "clinical")]
    )
    row = tables.check(found, "c", "comparisons").iloc[0]
    alone = [judged(part, make_fits(part)).iloc[0] for part in (better, worse)]
    expected = alone[0]["estimate"] - alone[1]["estimate"]
    assert row["estimate"] == pytest.approx(expected)
    assert row["n_folds"] == 8
    assert "Nadeau-Bengio" in row["method"]


def test_arm_compared_with_itself_differs_by_zero():
    one = make_predictions()
    both = pd.concat([one, one.assign(arm="twin")], ignore_index=True)
    found = comparisons(
        both, make_fits(both), OUTCOME_KINDS["binary"], 0.95, [("twin", "radiomics")]
    )
    assert found[["estimate", "lower", "upper"]].to_numpy().tolist() == [[0, 0, 0]]


def test_fold_missing_in_one_arm_is_left_out_of_the_difference():
    one, other = make_predictions(repeats=1), make_predictions("clinical", repeats=1)
    other.loc[other["fold"] == "3", "score"] = np.nan
    both = pd.concat([one, other], ignore_index=True)
    found = comparisons(
        both,
        make_fits(both),
        OUTCOME_KINDS["binary"],
        0.95,
        [("radiomics", "clinical")],
    )
    assert found["n_folds"].tolist() == [3]
    assert found["method"].str.endswith("1 of 4 folds undefined").all()


def test_repeat_that_only_one_arm_has_is_left_out_of_the_difference():
    both = pd.concat(
        [make_predictions(), make_predictions("clinical", repeats=1)], ignore_index=True
    )
    pairs = [("radiomics", "clinical")]
    found = comparisons(both, make_fits(both), OUTCOME_KINDS["binary"], 0.95, pairs)
    assert found["n_folds"].tolist() == [4]
    assert abs(found["estimate"].iloc[0]) < 0.2


def test_each_arm_meets_the_reference_and_its_unharmonized_twin():
    options = {
        "clinical": Arm(),
        "radiomics": Arm(harmonizer="combat", features=["*"]),
        "raw": Arm(features=["*"]),
        "other": Arm(features=["CT.*"]),
    }
    arms = ["clinical", "other", "radiomics", "raw"]
    assert comparison_pairs(arms, "clinical", options) == [
        ("other", "clinical"),
        ("radiomics", "clinical"),
        ("raw", "clinical"),
        ("radiomics", "raw"),
    ]
    assert comparison_pairs(["a", "b"], "a") == [("b", "a")]


def test_an_arm_that_adapts_meets_the_same_arm_without_adaptation():
    plain = {"harmonizer": "combat", "features": ["*"]}
    options = {"adapted": Arm(**plain, unseen="adapt"), "plain": Arm(**plain)}
    options["zscore"] = Arm(**{**plain, "harmonizer": "zscore"})
    found = comparison_pairs(list(options), "plain", options)
    assert found == [("adapted", "plain"), ("zscore", "plain")]
    assert comparison_pairs(["adapted", "plain"], "x", options)[-1] == (
        "adapted",
        "plain",
    )


def test_arms_are_compared_on_the_subjects_that_both_have_scored():
    """The other arm scores the left-out half at random; it must not matter."""
    arm, other = make_predictions(), make_predictions("clinical")
    spent = arm["subject_id"].str[1:].astype(int) % 2 == 0
    arm.loc[spent, "score"] = np.nan
    pairs = [("radiomics", "clinical")]
    found = []
    for noise in (0.0, 1e3):
        changed = other.copy()
        generator = np.random.default_rng(1)
        drawn = noise * generator.normal(size=int(spent.sum()))
        changed.loc[spent.to_numpy(), "score"] += drawn
        both = pd.concat([arm, changed], ignore_index=True)
        table = comparisons(both, make_fits(both), OUTCOME_KINDS["binary"], 0.95, pairs)
        found.append(table["estimate"].iloc[0])
    assert found[0] == found[1]


def test_selection_counts_features_over_successful_fits():
    predictions = make_predictions(repeats=1)
    fits = make_fits(predictions, failed=["4"])
    head = {"endpoint": "recurrence", "arm": "radiomics", "scheme": "cv", "repeat": 1}
    rows = [
        ("1", "CT.f1", True, 0.5),
        ("2", "CT.f1", True, 0.3),
        ("2", "CT.f2", True, -0.1),
        ("1", "covariate.age", False, 1.0),
        ("1", "group=A", True, 1.0),
    ]
    coefficients = pd.DataFrame(
        [
            {**head, "fold": f, "term": t, "penalized": p, "coefficient": c}
            for f, t, p, c in rows
        ]
    )
    found = selection_frequency(coefficients, fits)
    found = tables.check(found, "s", "selection").set_index("term")
    assert found.index.tolist() == ["CT.f1", "CT.f2"]
    assert found.loc["CT.f1", ["n_fits", "n_selected"]].tolist() == [3, 2]
    assert found.loc["CT.f1", "frequency"] == pytest.approx(2 / 3)
    assert found.loc["CT.f1", "mean_coefficient"] == pytest.approx(0.4)

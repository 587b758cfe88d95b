"""Performance tables from predictions."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.calibration import Calibration, Calibrations
from concord.evaluation.comparisons import comparison_pairs, comparisons
from concord.evaluation.performance import performance
from concord.evaluation.selection import selection_frequency
from concord.models.settings.arm import Arm
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
    found = performance(predictions, fits, OUTCOME_KINDS[kind], 0.95, Calibrations())
    return tables.check(found, "performance.tsv", "performance")


def compared(predictions, pairs, calibrations=None):
    fits, kind = make_fits(predictions), OUTCOME_KINDS["binary"]
    widened = calibrations or Calibrations()
    found = comparisons(predictions, fits, kind, 0.95, pairs, widened)
    return tables.check(found, "c", "comparisons")


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
    assert "jackknife" in row["method"]


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
    assert "mean over groups left out" in found.loc["all", "method"]
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
    found = compared(both, [("radiomics", "clinical")])
    row = found.iloc[0]
    alone = [judged(part, make_fits(part)).iloc[0] for part in (better, worse)]
    expected = alone[0]["estimate"] - alone[1]["estimate"]
    assert row["estimate"] == pytest.approx(expected)
    assert row["n_folds"] == 8
    assert "jackknife" in row["method"]


def test_arm_compared_with_itself_differs_by_zero():
    one = make_predictions()
    both = pd.concat([one, one.assign(arm="twin")], ignore_index=True)
    row = compared(both, [("twin", "radiomics")]).iloc[0]
    assert row["estimate"] == 0
    assert np.isnan(row["lower"])
    assert row["reason"] == "no information: no subject differs from the others"


def test_fold_missing_in_one_arm_is_left_out_of_the_difference():
    one, other = make_predictions(repeats=1), make_predictions("clinical", repeats=1)
    other.loc[other["fold"] == "3", "score"] = np.nan
    both = pd.concat([one, other], ignore_index=True)
    found = compared(both, [("radiomics", "clinical")])
    assert found["n_folds"].tolist() == [3]
    assert found["method"].str.endswith("1 of 4 folds undefined").all()


def test_repeat_that_only_one_arm_has_is_left_out_of_the_difference():
    both = pd.concat(
        [make_predictions(), make_predictions("clinical", repeats=1)], ignore_index=True
    )
    found = compared(both, [("radiomics", "clinical")])
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
        table = compared(both, pairs)
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


def test_features_without_a_penalty_are_selected_and_those_left_out_are_not():
    head = {"endpoint": "recurrence", "arm": "a", "scheme": "cv", "repeat": 1}
    fits = pd.DataFrame([{**head, "fold": f, "status": "ok"} for f in "12"])
    rows = [("1", "CT.f1", 0.5), ("2", "CT.f1", 0.0), ("2", "CT.f2", 0.0)]
    coefficients = pd.DataFrame(
        [
            {**head, "fold": f, "term": t, "penalized": False, "coefficient": c}
            for f, t, c in rows
        ]
    )
    (found,) = selection_frequency(coefficients, fits).to_dict("records")

    assert found["term"] == "CT.f1"
    assert (found["n_selected"], found["frequency"]) == (1, 0.5)


def test_a_single_fold_has_the_error_of_delong():
    predictions = make_predictions(repeats=1).assign(fold="1")
    row = judged(predictions, make_fits(predictions)).iloc[0]
    score, event = predictions["score"].to_numpy(), predictions["event"].to_numpy(int)
    wins = (score[event == 1][:, None] > score[event == 0]).astype(float)
    parts = [wins.mean(axis=axis) for axis in (0, 1)]
    expected = sum(part.var(ddof=1) / len(part) for part in parts)
    assert row["standard_error"] == pytest.approx(np.sqrt(expected))


def test_repeats_do_not_count_as_further_subjects():
    """The same folds twice: the error is that of once."""
    once = make_predictions(repeats=1)
    twice = pd.concat([once, once.assign(repeat=2)], ignore_index=True)
    one, two = (judged(table, make_fits(table)).iloc[0] for table in (once, twice))
    assert two["standard_error"] == pytest.approx(one["standard_error"])
    assert two["lower"] == pytest.approx(one["lower"])


def test_rows_of_one_patient_do_not_count_as_further_patients():
    once = make_predictions(repeats=1)
    copies = once.assign(subject_id=once["subject_id"] + "b")
    both = pd.concat([once, copies], ignore_index=True)
    one, two, apart = (
        judged(table, make_fits(table)).iloc[0]
        for table in (once, both, both.assign(cluster=both["subject_id"]))
    )
    assert two["estimate"] == pytest.approx(one["estimate"])
    assert two["standard_error"] == pytest.approx(one["standard_error"], rel=0.15)
    assert apart["standard_error"] < 0.8 * two["standard_error"]


def test_permutations_that_scatter_more_than_their_errors_widen_the_interval():
    predictions = make_predictions()
    null = pd.DataFrame(
        {
            "arm": "radiomics",
            "scheme": "cv",
            "estimate": 0.5 + np.array([-0.1, 0.1] * 50),
            "standard_error": 0.05,
            "free_estimate": np.nan,
            "free_standard_error": np.nan,
        }
    )
    widened = Calibrations.of(null)
    assert widened.get("radiomics", "cv").factor == pytest.approx(2.0, rel=0.01)
    assert widened.get("radiomics", "loso") == Calibration()
    arguments = (predictions, make_fits(predictions), OUTCOME_KINDS["binary"], 0.95)
    plain, wide = (performance(*arguments, c) for c in (Calibrations(), widened))
    ratio = wide["standard_error"] / plain["standard_error"]
    assert ratio.iloc[0] >= 2
    assert wide["widening"].iloc[0] == pytest.approx(2.0, rel=0.01)
    assert "widened by the permutations" in wide["method"].iloc[0]
    assert "not widened" in plain["method"].iloc[0]


def test_permutations_that_scatter_less_never_narrow_an_interval():
    null = pd.DataFrame({"estimate": [0.5, 0.51], "standard_error": 0.1})
    null = null.assign(free_estimate=np.nan, free_standard_error=np.nan)
    assert Calibration.of(null).factor == 1.0
    freely = null.assign(free_estimate=[0.2, 0.8], free_standard_error=0.1)
    assert Calibration.of(freely).factor > 4


@pytest.mark.parametrize("stratum", ["all", "within", "group=A"])
def test_equal_scores_are_no_information_and_have_no_interval(stratum):
    predictions = make_predictions().assign(score=1.0)
    row = judged(predictions, make_fits(predictions)).set_index("stratum").loc[stratum]
    assert row["estimate"] == 0.5
    assert np.isnan([row["lower"], row["upper"], row["standard_error"]]).all()
    assert row["reason"] == "no information: the scores of each fold are equal"


def test_one_event_in_a_group_has_no_interval():
    predictions = make_predictions(repeats=1)
    rows = predictions["group"] == "A"
    first = predictions.loc[rows, "subject_id"].min()
    lone = rows & (predictions["subject_id"] == first)
    predictions.loc[rows, "event"] = 0
    predictions.loc[lone, "event"] = 1
    row = (
        judged(predictions, make_fits(predictions)).set_index("stratum").loc["group=A"]
    )
    assert np.isfinite(row["estimate"])
    assert np.isnan(row["lower"])
    assert "no information" in row["reason"]


def test_a_group_is_compared_in_one_fold_at_a_time():
    """Scores of the folds are shifted by 10: pooled, they would be another value."""
    predictions = make_predictions(repeats=1)
    row = (
        judged(predictions, make_fits(predictions)).set_index("stratum").loc["group=A"]
    )
    mine = predictions[predictions["group"] == "A"]
    wins = pairs = 0
    for _, rows in mine.groupby("fold"):
        found = concordance(rows["event"].to_numpy(int), rows["score"].to_numpy())
        wins, pairs = wins + found.wins, pairs + found.pairs
    assert row["estimate"] == pytest.approx(wins / pairs)
    everything = concordance(mine["event"].to_numpy(int), mine["score"].to_numpy())
    assert row["estimate"] != pytest.approx(everything.value)


def test_groups_that_agree_by_luck_have_the_error_inside_them():
    """Two groups of 20 with the same AUC: a t interval would have no width."""
    predictions = make_predictions(scheme="loso", repeats=1)
    twin = predictions[predictions["group"] == "A"]
    other = twin.assign(
        group="B",
        fold="B",
        subject_id=twin["subject_id"] + "b",
        cluster=twin["cluster"] + "b",
    )
    both = pd.concat([twin, other], ignore_index=True)
    found = judged(both, make_fits(both)).set_index("stratum")
    inside = found.loc["group=A", "standard_error"] / np.sqrt(2)
    assert found.loc["all", "standard_error"] == pytest.approx(inside)


def test_groups_that_differ_have_the_error_between_them():
    predictions = make_predictions(scheme="loso", repeats=1)
    turned = predictions["group"] == "B"
    predictions.loc[turned, "score"] *= -1
    found = judged(predictions, make_fits(predictions)).set_index("stratum")
    values = found.loc[["group=A", "group=B"], "estimate"]
    assert found.loc["all", "standard_error"] == pytest.approx(
        values.std() / np.sqrt(2)
    )
    inside = found.loc[["group=A", "group=B"], "standard_error"]
    assert found.loc["all", "standard_error"] > inside.mean() / np.sqrt(2)

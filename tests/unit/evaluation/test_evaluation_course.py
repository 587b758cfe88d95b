"""Course of survival: risk groups over time, and p-values where they may stand."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.evaluation.course.group_survival import group_survival, time_limit
from concord.evaluation.course.hazards import (
    proportional_hazards,
    standard_scores,
    time_dependent_effect,
)
from concord.evaluation.course.log_rank_tests import log_rank_tests
from concord.evaluation.course.sets import evaluation_sets
from concord.evaluation.course.settings import SurvivalCourse
from concord.statistics.risk_groups import named

SETTINGS = SurvivalCourse(reference_arm="score", confidence=0.95, covariates=["age"])


def predictions(seed=1, n=120, effect=0.0, cuts=(0.0,), scheme="fixed", folds=1):
    """Scores whose log hazard ratio is `effect`; declared sets have one fold each."""
    rng = np.random.default_rng(seed)
    score = rng.normal(size=n)
    time = 300 * rng.exponential(size=n) / np.exp(effect * score)
    end = rng.uniform(100, 900, n)
    subjects = [f"P{number:03d}" for number in range(n)]
    return pd.DataFrame(
        {
            "endpoint": "death",
            "arm": "score",
            "scheme": scheme,
            "repeat": 1,
            "fold": [str(1 + number % folds) for number in range(n)],
            "subject_id": subjects,
            "group": np.array(["A", "B"])[np.arange(n) // 2 % 2],
            "cluster": subjects,
            "event": (time <= end).astype(int),
            "time_days": np.ceil(np.minimum(time, end) / 10) * 10,
            "score": score,
            "probability": np.nan,
            "risk_group": named(score, cuts),
            "reason": pd.NA,
        }
    )


def cohort(table):
    rng = np.random.default_rng(0)
    subjects = table["subject_id"].unique()
    return pd.DataFrame(
        {
            "subject_id": subjects,
            "covariate.age": rng.normal(60, 10, len(subjects)),
            "covariate.stage=II": rng.integers(0, 2, len(subjects)),
            "covariate.stage=III": rng.integers(0, 2, len(subjects)),
        }
    )


def tables_of(table, **changed):
    settings = SETTINGS.model_copy(update=changed)
    sets = list(evaluation_sets(table))
    found = {
        **group_survival(sets, settings),
        "log_rank_tests": log_rank_tests(sets),
        "proportional_hazards": proportional_hazards(sets, cohort(table), settings),
        "time_dependent_effect": time_dependent_effect(sets, settings.confidence),
    }
    return {kind: tables.check(rows, kind, kind) for kind, rows in found.items()}


def test_all_tables_are_of_their_kinds_and_groups_are_in_the_order_of_risk():
    found = tables_of(predictions(effect=0.7, cuts=(-0.5, 0.5)), at_days=[90.0, 200.0])

    groups = found["group_survival"]
    assert groups["risk_group"].tolist() == ["low", "middle", "high"]
    assert groups["n"].sum() == 120
    assert found["rmst_differences"]["reference_group"].tolist() == ["low", "low"]
    at = found["group_survival_at"]
    assert at.groupby("risk_group")["horizon_days"].count().tolist() == [2, 2, 2]
    assert (at["lower"] < at["survival"]).all()
    assert (groups["tau_days"] == 200).all()
    assert len(found["time_dependent_effect"]) == 25


@pytest.mark.parametrize(("scheme", "folds"), [("cv", 5), ("loso", 2)])
def test_where_folds_come_together_no_test_of_groups_has_a_p_value_or_interval(
    scheme, folds
):
    found = tables_of(predictions(effect=1.0, scheme=scheme, folds=folds))

    tests = found["log_rank_tests"]
    assert tests["chi_squared"].notna().all()
    assert tests[["p_value", "trend_p_value"]].isna().all(axis=None)
    assert tests["reason"].str.contains("learnt the groups from outcomes").all()
    stands = tests["reason"].str.contains("that of permuted outcomes stands")
    assert stands.all() == (scheme == "cv")
    apart = found["rmst_differences"]
    assert apart["difference_days"].notna().all()
    assert apart[["standard_error", "lower", "upper"]].isna().all(axis=None)
    assert set(apart["fold"]) == {"all"}


def test_a_declared_set_has_p_values_plain_and_within_groups():
    found = tables_of(predictions(effect=0.8))["log_rank_tests"]
    assert found["within"].fillna("").tolist() == ["", "group"]
    assert (found["p_value"] < 0.01).all()
    assert (found["trend_z"] > 2).all()
    assert found["reason"].isna().all()


def test_two_declared_sets_stand_apart():
    table = predictions(effect=0.8, scheme="temporal", folds=2)
    found = tables_of(table)["log_rank_tests"]
    assert found.groupby("fold")["n"].first().to_dict() == {"1": 60, "2": 60}


def test_only_the_first_repeat_of_the_cross_validation_counts():
    first = predictions(scheme="cv", folds=5)
    again = first.assign(repeat=2, score=-first["score"])
    found = tables_of(pd.concat([first, again]))
    alone = tables_of(first)
    for kind, table in found.items():
        pd.testing.assert_frame_equal(table, alone[kind])


def test_few_expected_events_and_clusters_have_no_p_value_but_a_reason():
    few = predictions(n=16)
    found = tables_of(few)["log_rank_tests"]
    assert found["p_value"].isna().all()
    assert found["reason"].str.contains("chi-squared takes 5").any()

    pairs = predictions(effect=0.8)
    pairs["cluster"] = pairs["cluster"].str[:-1]
    found = tables_of(pairs)
    for kind in ("log_rank_tests", "proportional_hazards"):
        assert found[kind]["p_value"].isna().all()
        assert (found[kind]["reason"].str.contains("one cluster")).all()
    assert found["rmst_differences"]["method"].str.contains("by cluster").all()
    assert found["time_dependent_effect"]["lower"].isna().all()


def test_an_error_by_clusters_that_hold_copies_is_that_of_the_subjects():
    once = predictions(effect=0.5)
    twice = pd.concat([once, once.assign(subject_id="copy " + once["subject_id"])])
    found = [tables_of(table)["rmst_differences"].iloc[0] for table in (once, twice)]
    errors = [row["standard_error"] for row in found]
    assert errors[0] == pytest.approx(errors[1], rel=1e-9)


def test_tau_is_the_largest_declared_day_that_every_group_is_followed_to():
    assert time_limit([400.0, 300.0], [100.0, 250.0, 350.0]) == 250.0
    assert time_limit([400.0, 300.0], [350.0]) == 300.0
    assert time_limit([float("inf"), 300.0], []) == 300.0
    assert time_limit([float("inf")], []) == 0.0


def test_a_group_with_few_events_has_no_interval_and_a_day_nobody_reached_no_value():
    table = predictions(effect=0.0, n=60)
    low = table["risk_group"] == "low"
    table.loc[low, "event"] = 0
    found = tables_of(table, at_days=[50.0, 5000.0])
    alone = found["group_survival"].set_index("risk_group")
    assert np.isnan(alone.loc["low", "lower"])
    assert "0 events" in alone.loc["low", "reason"]
    assert "fewer than 5 events" in found["rmst_differences"]["reason"].iloc[0]
    at = found["group_survival_at"].set_index(["risk_group", "horizon_days"])
    assert at.loc[("low", 50.0), "survival"] == 1.0
    assert "no event until then" in at.loc[("low", 50.0), "reason"]
    assert at.loc[("low", 5000.0), "reason"] == "nobody is followed until then"


def test_nobody_with_a_score_gives_no_rows_of_groups_and_a_reason_of_the_effect():
    nothing = predictions().assign(score=np.nan, risk_group=None)
    found = tables_of(nothing, covariates=[])
    assert found["group_survival"].empty
    assert found["rmst_differences"].empty
    assert found["log_rank_tests"]["p_value"].isna().all()
    assert found["proportional_hazards"]["reason"].notna().all()
    assert "0 events" in found["time_dependent_effect"]["reason"].iloc[0]


def test_scores_of_a_fold_with_one_value_are_left_out():
    table = predictions(scheme="cv", folds=2)
    table.loc[table["fold"] == "2", "score"] = 1.0
    assert np.isnan(standard_scores(table)[1::2]).all()
    found = tables_of(table)["proportional_hazards"]
    assert set(found.loc[found["kind"] == "score", "n"]) == {60}


def test_folds_are_strata_so_that_their_scores_are_never_compared():
    table = predictions(effect=0.6, scheme="cv", folds=3)
    moved = table.assign(score=table["score"] + 100 * table["fold"].astype(int))
    kinds = ("proportional_hazards", "time_dependent_effect")
    for kind in kinds:
        found, other = (tables_of(one)[kind] for one in (table, moved))
        numbers = found.select_dtypes("number").columns
        np.testing.assert_allclose(
            found[numbers].astype(float), other[numbers].astype(float), rtol=1e-6
        )
    assert found["n"].iloc[0] == 120
    tests = tables_of(table)["proportional_hazards"].set_index("kind")["n_strata"]
    assert set(tests["score"]) == {3}
    assert set(tests["covariate"]) == {1}


def test_covariates_of_the_reference_arm_are_tested_together_once():
    table = pd.concat(
        [predictions(scheme="cv", folds=3), predictions(scheme="loso", folds=2)]
    )
    found = tables_of(table, covariates=["age", "stage"])["proportional_hazards"]
    own = found[(found["kind"] == "covariate") & (found["transform"] == "km")]
    assert own["term"].tolist() == ["age", "stage", "GLOBAL"]
    assert own["df"].tolist() == [1, 2, 3]
    assert set(own["scheme"]) == {"cv"}
    others = tables_of(table, reference_arm="other")["proportional_hazards"]
    assert set(others["kind"]) == {"score"}


def test_strata_of_the_endpoint_have_baseline_hazards_of_their_own():
    table = predictions(effect=0.6)
    strata = table.assign(stratum=table["group"])
    found = tables_of(strata)
    assert set(found["proportional_hazards"]["n_strata"]) == {2}
    assert found["log_rank_tests"]["within"].fillna("").tolist() == [
        "",
        "group",
        "stratum",
    ]


def test_the_difference_of_noise_covers_0_and_that_of_a_signal_does_not():
    covered = []
    for seed in range(100):
        row = tables_of_groups(predictions(seed))
        covered.append(row["lower"] <= 0 <= row["upper"])
    assert np.mean(covered) == pytest.approx(0.95, abs=0.06)
    row = tables_of_groups(predictions(effect=1.0))
    assert row["upper"] < 0


def tables_of_groups(table):
    """The difference of two groups of a declared set."""
    sets = list(evaluation_sets(table))
    return group_survival(sets, SETTINGS)["rmst_differences"].iloc[0]


def test_log_rank_p_values_of_noise_are_uniform_in_a_declared_set():
    found = [
        log_rank_tests(list(evaluation_sets(predictions(seed)))) for seed in range(150)
    ]
    p_values = pd.concat(found)["p_value"].dropna()
    assert (p_values < 0.05).mean() < 0.1
    assert p_values.mean() == pytest.approx(0.5, abs=0.08)

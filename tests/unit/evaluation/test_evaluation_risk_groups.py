"""Risk groups: the log-rank test of a published trial, curves and counts."""

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test

from concord import tables
from concord.evaluation import risk_groups
from concord.evaluation.curves import curves
from concord.statistics.log_rank import signed_log_rank
from concord.statistics.outcome_kinds import BINARY, SURVIVAL

from ...synthetic_results import predictions

#: Weeks of remission in Freireich et al. 1963, Blood 21(6): 699-716.
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


@pytest.fixture
def trial():
    return pd.DataFrame(
        {
            "endpoint": "relapse",
            "arm": "treatment",
            "scheme": "cv",
            "repeat": 1,
            "time_days": np.array([*TREATED, *PLACEBO], float),
            "event": [*RELAPSED, *[1] * 21],
            "risk_group": ["low"] * 21 + ["high"] * 21,
        }
    )


def null(z):
    table = pd.DataFrame({"log_rank_z": z, "arm": "treatment", "scheme": "cv"})
    return table.assign(scheme=["cv"] * (len(table) - 1) + ["loso"])


def test_the_log_rank_statistic_is_that_of_the_leukaemia_trial(trial):
    # Chi-squared 16.79 with one degree of freedom (Klein & Moeschberger, example 7.4).
    row = risk_groups.risk_groups(trial, null([0.0, 0.0])).iloc[0]
    assert row["log_rank_z"] == pytest.approx(np.sqrt(16.79), abs=0.001)


def test_high_risk_that_lives_longer_has_a_negative_statistic(trial):
    turned = trial.assign(risk_group=["high"] * 21 + ["low"] * 21)
    row = risk_groups.risk_groups(turned, null([0.0] * 150)).iloc[0]
    assert row["log_rank_z"] == pytest.approx(-np.sqrt(16.79), abs=0.001)
    assert row["p_value"] == 1


def test_the_p_value_is_that_of_the_permutations(trial):
    permuted = [*np.linspace(-3, 3, 117), 4.2, 5.0, 99.0]
    row = risk_groups.risk_groups(trial, null(permuted)).iloc[0]
    assert row["n_permutations"] == 119
    assert row["p_value"] == pytest.approx(3 / 120)
    assert row["reason"] is None


def test_few_permutations_give_no_p_value(trial):
    row = risk_groups.risk_groups(trial, null([0.0] * 50)).iloc[0]
    assert np.isnan(row["p_value"])
    assert row["reason"] == "49 permutations; a p-value takes 99"


def test_the_signed_statistic_is_that_of_lifelines_with_ties_and_left_out_subjects():
    generator = np.random.default_rng(0)
    time = np.ceil(generator.exponential(8, (4, 60)))
    event, high = generator.random((4, 60)) < 0.6, generator.random((4, 60)) < 0.4
    known = generator.random((4, 60)) < 0.9
    found = signed_log_rank(event.astype(int), time, high, known)
    for k in range(4):
        one, other = (known[k] & side for side in (high[k], ~high[k]))
        expected = logrank_test(
            time[k][one], time[k][other], event[k][one], event[k][other]
        )
        assert found[k] ** 2 == pytest.approx(expected.test_statistic, abs=1e-9)


def test_one_risk_group_or_no_event_gives_no_statistic():
    event, time, known = np.ones(2, int), np.array([1.0, 2.0]), np.ones(2, bool)
    assert np.isnan(signed_log_rank(event, time, np.zeros(2, bool), known))
    assert np.isnan(signed_log_rank(0 * event, time, np.array([True, False]), known))


def test_the_curve_of_the_trial_is_that_of_lifelines_and_its_counts_add_up(trial):
    found = risk_groups.survival_curves(trial, 0.95)

    low = found[found["risk_group"] == "low"]
    known = KaplanMeierFitter().fit(TREATED, RELAPSED)
    expected = known.survival_function_.to_numpy().ravel()
    assert low["survival"].to_numpy().tobytes() == expected.tobytes()
    assert low["n_events"].sum() == sum(RELAPSED)
    assert low["n_censored"].sum() == 21 - sum(RELAPSED)
    at_risk = {time: (np.array(TREATED) >= time).sum() for time in low["time_days"]}
    assert low.set_index("time_days")["n_at_risk"].to_dict() == at_risk
    assert (low["lower"] <= low["survival"]).all()
    assert (low["survival"] <= low["upper"]).all()


def test_a_wider_confidence_gives_a_wider_band(trial):
    narrow, wide = (risk_groups.survival_curves(trial, c) for c in (0.8, 0.99))
    inside = (narrow["survival"] < 1) & (narrow["survival"] > 0)
    assert (wide["lower"] < narrow["lower"])[inside].all()
    assert (wide["upper"] > narrow["upper"])[inside].all()


def test_each_subject_counts_once_and_those_without_prediction_are_told(tmp_path):
    table = predictions("survival", "texture")
    first = table.index[table["scheme"].eq("cv") & table["repeat"].eq(1)]
    table.loc[first[:5], ["risk_group", "score"]] = [pd.NA, np.nan]

    made = curves(table, SURVIVAL, 0.95, null([0.0]))
    for kind, rows in made.items():
        tables.write(rows, tmp_path / f"{kind}.tsv", kind)
    found = tables.read(tmp_path / "risk_groups.tsv", "risk_groups").iloc[0]

    assert found["n"] + found["n_missing"] == 60
    assert found["n_missing"] == 5
    curve = tables.read(tmp_path / "kaplan_meier.tsv", "kaplan_meier")
    at_start = curve[curve["time_days"] == 0].set_index("risk_group")["n_at_risk"]
    assert at_start["high"] == found["n_high"]
    assert at_start.sum() == found["n"]
    assert made["roc"].empty


def test_a_binary_endpoint_has_no_survival(tmp_path):
    made = curves(predictions("metastasis", "texture"), BINARY, 0.95, null([0.0]))

    assert len(made["roc"])
    for kind in ("kaplan_meier", "risk_groups"):
        tables.write(made[kind], tmp_path / kind, kind)
        assert tables.read(tmp_path / kind, kind).empty

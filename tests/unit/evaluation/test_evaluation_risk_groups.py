"""Risk groups: the log-rank test of a published trial, curves and counts."""

import numpy as np
import pandas as pd
import pytest
from lifelines import KaplanMeierFitter

from concord import tables
from concord.evaluation import risk_groups
from concord.evaluation.curves import curves
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


def test_the_log_rank_test_gives_the_value_of_the_leukaemia_trial(trial):
    # Chi-squared 16.79 with one degree of freedom (Klein & Moeschberger, example 7.4).
    statistic, p_value = risk_groups.log_rank(trial)
    assert statistic == pytest.approx(16.79, abs=0.005)
    assert p_value == pytest.approx(4.17e-5, rel=0.005)


def test_one_risk_group_or_no_event_gives_no_statistic():
    rows = pd.DataFrame(
        {"time_days": [1.0, 2.0], "event": [1, 1], "risk_group": ["low", "low"]}
    )

    assert np.isnan(risk_groups.log_rank(rows)).all()
    mixed = rows.assign(risk_group=["low", "high"], event=0)
    assert np.isnan(risk_groups.log_rank(mixed)).all()


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

    made = curves(table, SURVIVAL, 0.95)
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
    made = curves(predictions("metastasis", "texture"), BINARY, 0.95)

    assert len(made["roc"])
    for kind in ("kaplan_meier", "risk_groups"):
        tables.write(made[kind], tmp_path / kind, kind)
        assert tables.read(tmp_path / kind, kind).empty

"""Risk groups: the log-rank test of a published trial, and who is drawn."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from concord.figures import kaplan_meier

from ...synthetic_results import plot_kaplan_meier, predictions

SETTINGS = plot_kaplan_meier(arm_label="CT texture")
#: Weeks of remission in Freireich et al. 1963, Blood 21(6): 699-716.
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_the_log_rank_test_gives_the_value_of_the_leukaemia_trial():
    trial = pd.DataFrame(
        {
            "time_days": np.array([*TREATED, *PLACEBO], float),
            "event": [*RELAPSED, *[1] * 21],
            "risk_group": ["low"] * 21 + ["high"] * 21,
        }
    )

    # Chi-squared 16.79 with one degree of freedom (Klein & Moeschberger, example 7.4).
    assert kaplan_meier.log_rank_p(trial) == pytest.approx(4.17e-5, rel=0.005)


def test_one_risk_group_or_no_event_gives_no_p_value():
    rows = pd.DataFrame(
        {"time_days": [1.0, 2.0], "event": [1, 1], "risk_group": ["low", "low"]}
    )

    assert np.isnan(kaplan_meier.log_rank_p(rows))
    mixed = rows.assign(risk_group=["low", "high"], event=0)
    assert np.isnan(kaplan_meier.log_rank_p(mixed))


def test_each_subject_is_drawn_once_with_the_numbers_at_risk():
    table = predictions("survival", "texture")
    rows = kaplan_meier.evaluated(table, "texture")

    figure = kaplan_meier.draw(table, SETTINGS)

    assert rows["subject_id"].is_unique
    assert len(rows) == 60
    high = rows[rows["risk_group"] == "high"]
    assert f"High risk (n = {len(high)}, events = {high['event'].sum()})" in words(
        figure
    )
    at_risk = figure.axes[1].texts
    after_a_year = int((high["time_days"] >= 365.25).sum())
    assert at_risk[len(at_risk) // 2 + 2].get_text() == str(after_a_year)


def test_subjects_without_prediction_are_counted_below_the_figure():
    table = predictions("survival", "texture")
    table.loc[:4, ["risk_group", "score"]] = [pd.NA, np.nan]

    figure = kaplan_meier.draw(table, SETTINGS)

    assert "5 subjects without prediction." in words(figure)


def test_no_prediction_at_all_gives_a_figure_that_says_so():
    empty = predictions("survival", "texture").head(0)

    figure = kaplan_meier.draw(empty, SETTINGS)

    assert "There is no prediction of a risk group." in words(figure)

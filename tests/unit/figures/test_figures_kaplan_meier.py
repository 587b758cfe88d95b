"""The figure of the risk groups: who is drawn, and who is not."""

import numpy as np
import pandas as pd
from matplotlib.text import Text

from concord.figures import kaplan_meier

from ...synthetic_results import plot_kaplan_meier, predictions

SETTINGS = plot_kaplan_meier(arm_label="CT texture")


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


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

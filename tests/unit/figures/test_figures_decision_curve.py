"""The figure of decision curves."""

import numpy as np
import pandas as pd
from matplotlib.text import Text

from concord.figures.evaluation import decision_curve
from concord.figures.settings import FigureStyle

from ...synthetic_results import decision_curve as curves_of
from ...synthetic_results import plot_endpoint

SETTINGS = plot_endpoint(arms={"texture": "CT texture", "clinical": "Clinical"})
CURVES = curves_of("metastasis")


def words_of(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_both_arms_everybody_and_nobody_are_drawn_as_the_table_has_them():
    axes = decision_curve.draw(CURVES, SETTINGS).axes[0]
    lines = {line.get_label(): line.get_xydata() for line in axes.get_lines()}
    names = ["CT texture", "Clinical", "Acting on everybody", "Acting on nobody"]
    assert set(names) <= set(lines)
    own = CURVES.query("arm == 'texture' and scheme == 'cv'")
    assert np.allclose(lines["CT texture"], own[["threshold", "net_benefit"]])
    assert np.allclose(lines["Acting on everybody"][:, 1], own["treat_all"])


def test_lines_differ_without_colour():
    axes = decision_curve.draw(CURVES, SETTINGS).axes[0]
    named = [line for line in axes.get_lines() if line.get_label()[0] != "_"]
    looks = {(line.get_linestyle(), line.get_linewidth()) for line in named}
    assert len(looks) == len(named) == 4


def test_the_axis_above_has_the_odds():
    axes = decision_curve.draw(CURVES, SETTINGS).axes[0].child_axes[0]
    axes.figure.draw_without_rendering()
    labels = {
        text.get_text(): text.get_position()[0] for text in axes.get_xticklabels()
    }
    assert labels["1:4"] == 0.2
    assert labels["1:1"] == 0.5


def test_each_horizon_has_a_panel_and_more_than_three_are_told():
    timed = [CURVES.assign(horizon_days=float(day)) for day in (100, 200, 300, 400)]
    words = words_of(decision_curve.draw(pd.concat(timed), SETTINGS))
    assert "300 days" in words
    assert "400 days" not in words
    assert "1 more times are in the table" in words


def test_without_risks_it_says_so():
    words = words_of(decision_curve.draw(CURVES.iloc[:0], SETTINGS))
    assert "no time is declared" in words


def test_it_fits_one_column():
    narrow = SETTINGS.model_copy(update={"style": FigureStyle(width_mm=85)})
    figure = decision_curve.draw(CURVES, narrow)
    assert figure.get_figwidth() * 25.4 == 85

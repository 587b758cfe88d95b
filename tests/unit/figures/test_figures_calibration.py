"""The figure of calibration: what is drawn, of whom, and what is said where nothing."""

import numpy as np
import pytest
from matplotlib.text import Text

from concord.figures.evaluation import calibration
from concord.figures.settings import FigureStyle

from ... import synthetic_probabilities as probabilities
from ...synthetic_results import plot_endpoint

DAYS = (365.0, 730.0, 1095.0)


def drawn(endpoint="metastasis", days=(), width=140.0, **changed):
    found = probabilities.of_study(endpoint, days) | changed
    settings = plot_endpoint(endpoint, style=FigureStyle(width_mm=width))
    return calibration.draw(*(found[kind] for kind in probabilities.KINDS), settings)


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def lines(axes):
    return {line.get_label(): line for line in axes.get_lines()}


def test_the_curve_of_the_headline_arm_is_drawn_with_the_ideal_and_the_groups():
    figure = drawn()

    curve, bars = figure.axes
    assert {"Ideal", "Smoothed", "A", "B", "C"} <= set(lines(curve))
    table = probabilities.of_study("metastasis")["calibration_curve"]
    headline = plot_endpoint().headline_arm
    own = table[(table["arm"] == headline) & (table["scheme"] == "cv")]
    x, y = lines(curve)["Smoothed"].get_data()
    np.testing.assert_allclose(x, own["predicted"])
    np.testing.assert_allclose(y, own["observed"])
    heights = [bar.get_height() for bar in bars.patches]
    assert sum(abs(height) for height in heights) == 60
    assert "each group, left out, in the large" in words(figure)


def test_points_are_mean_prediction_and_observed_share_of_groups_left_out():
    curve = drawn().axes[0]
    table = probabilities.of_study("metastasis")["calibration"]
    own = table[table["arm"] == plot_endpoint().headline_arm]
    row = own[(own["scheme"] == "loso") & (own["stratum"] == "group=B")].iloc[0]

    (x,), (y,) = lines(curve)["B"].get_data()
    assert (x, y) == (row["mean_prediction"], row["observed"])


@pytest.mark.parametrize(("width", "n_drawn"), [(140.0, 3), (90.0, 2)])
def test_each_horizon_has_a_panel_and_those_without_room_are_named(width, n_drawn):
    figure = drawn("survival", DAYS, width)

    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert sum(title.endswith("days") for title in titles) == n_drawn
    assert ("Not drawn, but in the table: 1095 days" in words(figure)) == (n_drawn == 2)


@pytest.mark.parametrize("n_unknown", [0, 3])
def test_subjects_whose_status_is_unknown_are_told(n_unknown):
    bins = probabilities.of_study("survival", DAYS[:1])["calibration_histogram"]
    told = bins.assign(n_unknown=n_unknown)

    figure = drawn("survival", DAYS[:1], calibration_histogram=told)
    said = "without subjects censored before the horizon" in words(figure)
    assert said == (n_unknown > 0)


def test_without_a_curve_the_figure_says_so():
    empty = probabilities.of_study("survival")

    assert empty["calibration_curve"].empty
    assert "There is no probability to calibrate" in words(drawn("survival"))


def test_risks_that_are_all_small_have_an_axis_that_ends_early():
    found = probabilities.of_study("metastasis")
    columns = ["mean_prediction", "observed", "oe_lower", "oe_upper"]
    small = found["calibration"].copy()
    small[columns[:2]] /= 10
    curve = found["calibration_curve"].copy()
    curve[["predicted", "observed", "lower", "upper"]] /= 10
    bins = found["calibration_histogram"]
    few = bins[bins["upper"] <= 0.1]

    figure = drawn(
        calibration=small, calibration_curve=curve, calibration_histogram=few
    )
    assert figure.axes[0].get_xlim()[1] < 0.3

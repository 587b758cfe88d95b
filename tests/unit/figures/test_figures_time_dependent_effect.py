"""The figure of effects over time: arms that are drawn, and what is said otherwise."""

import numpy as np
from matplotlib.text import Text

from concord.figures.evaluation import time_dependent_effect

from ...synthetic_results import course, plot_endpoint

SETTINGS = plot_endpoint("survival")
EFFECTS = course("survival")["time_dependent_effect"]


def words(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_headline_and_reference_are_drawn_with_band_and_the_constant_effect():
    figure = time_dependent_effect.draw(EFFECTS, SETTINGS)

    left, right = figure.axes
    assert left.get_title("left") == SETTINGS.arms[SETTINGS.headline_arm]
    assert right.get_title("left") == SETTINGS.arms[SETTINGS.reference_arm]
    own = EFFECTS[(EFFECTS["arm"] == SETTINGS.headline_arm)]
    own = own[own["scheme"] == "cv"]
    curve, constant, nothing = left.lines
    assert curve.get_ydata().tolist() == own["log_hazard_ratio"].tolist()
    assert constant.get_ydata()[0] == own["constant"].iloc[0]
    assert nothing.get_ydata()[0] == 0
    text = words(figure)
    assert "Repeated cross-validation (first repeat)" in text
    assert "scores taken as given" in text


def test_an_arm_without_a_curve_is_left_out_and_without_any_a_sentence_says_why():
    columns = ["log_hazard_ratio", "lower", "upper", "time_days"]
    reference = EFFECTS["arm"] == SETTINGS.reference_arm
    one = EFFECTS.copy()
    one.loc[reference, columns] = np.nan
    assert len(time_dependent_effect.draw(one, SETTINGS).axes) == 1

    none = EFFECTS.assign(**dict.fromkeys(columns, np.nan), reason="7 events")
    text = words(time_dependent_effect.draw(none, SETTINGS))
    assert text.startswith("There is no effect over time of")
    assert text.endswith(": 7 events.")
    assert words(time_dependent_effect.draw(EFFECTS.iloc[:0], SETTINGS))


def test_without_cross_validation_the_first_declared_set_is_drawn():
    fixed = EFFECTS[EFFECTS["scheme"] == "cv"].assign(scheme="fixed", fold="1")
    text = words(time_dependent_effect.draw(fixed, SETTINGS))
    assert "Declared evaluation set. Cox model" in text

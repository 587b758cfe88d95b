"""The figure of the AUC over time."""

import numpy as np
from matplotlib.text import Text

from concord.figures.evaluation import time_dependent_auc

from ...synthetic_results import auc_over_time, plot_endpoint

SETTINGS = plot_endpoint(
    "survival", arms={"texture": "CT texture", "clinical": "Clinical"}
)


def words_of(figure):
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_curves_are_those_of_the_table_with_cases_and_controls_below():
    course = auc_over_time("survival")

    figure = time_dependent_auc.draw(course, SETTINGS)

    lines = {line.get_label(): line for line in figure.axes[0].lines}
    for arm, label in SETTINGS.arms.items():
        rows = course[(course["arm"] == arm) & course["estimate"].notna()]
        assert np.allclose(lines[label].get_ydata(), rows["estimate"])
        months = rows["time_days"] / (365.25 / 12)
        assert np.allclose(lines[label].get_xdata(), months)
    words = words_of(figure)
    assert "Cases" in words
    assert "Controls" in words
    assert "95 % confidence, pointwise" in words
    first = course[course["arm"] == "texture"]
    shown = [text.get_text() for text in figure.axes[1].texts]
    counts = first[["n_cases", "n_controls"]].astype(str)
    assert len(shown) >= 4
    assert set(shown) <= set(counts.to_numpy().ravel())


def test_a_day_without_a_value_is_not_drawn():
    course = auc_over_time("survival").copy()
    course.loc[course["time_days"] == course["time_days"].max(), "estimate"] = np.nan
    figure = time_dependent_auc.draw(course, SETTINGS)
    last = max(line.get_xdata()[-1] for line in figure.axes[0].lines[1:])
    assert last < course["time_days"].max() / (365.25 / 12)


def test_without_any_value_there_is_a_message():
    nothing = auc_over_time("survival").assign(estimate=np.nan)
    words = words_of(time_dependent_auc.draw(nothing, SETTINGS))
    assert "No day has cases and controls in the folds." in words

"""The figure of risks by two arms."""

import numpy as np
import pandas as pd
from matplotlib.text import Text

from concord.figures.evaluation import reclassification

from ...synthetic_results import plot_endpoint
from ...synthetic_results import reclassification as risks_of

RISKS = risks_of("metastasis")
SETTINGS = plot_endpoint()


def lines_of(figure):
    return {line.get_label(): line for line in figure.axes[0].get_lines()}


def test_every_subject_is_a_point_of_its_outcome():
    lines = lines_of(reclassification.draw(RISKS, SETTINGS))
    for status, name in (("event", "With"), ("no event", "Without")):
        own = RISKS[RISKS["status"] == status]
        points = lines[f"{name} the event"].get_xydata()
        assert np.allclose(points, own[["risk_reference", "risk"]])
    assert len(RISKS) == RISKS["subject_id"].nunique()


def test_outcomes_have_other_marks_without_colour():
    lines = lines_of(reclassification.draw(RISKS, SETTINGS))
    with_event, without = lines["With the event"], lines["Without the event"]
    assert with_event.get_marker() != without.get_marker()
    assert without.get_markerfacecolor() == "none"


def test_subjects_censored_before_the_horizon_are_marked():
    timed = RISKS.assign(horizon_days=365.0)
    timed.loc[timed.index[0], "status"] = "censored before"
    figure = reclassification.draw(pd.concat([timed, timed]), SETTINGS)
    assert "Censored before" in lines_of(figure)
    words = " ".join(text.get_text() for text in figure.findobj(Text))
    assert "365 days" in words


def test_without_risks_it_says_so():
    figure = reclassification.draw(RISKS.iloc[:0], SETTINGS)
    assert "No risk" in figure.findobj(Text)[0].get_text()

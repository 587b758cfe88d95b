"""Specification curve: one column per analysis, the headline marked in both panels."""

import numpy as np
import pytest

from concord.figures import labels
from concord.figures.evaluation import specification_curve

from ... import synthetic_results as synthetic

ENDPOINT = "metastasis"


def drawn(**changes):
    found = synthetic.multiverse(ENDPOINT)
    table = found["specifications"].assign(**changes)
    settings = synthetic.plot_endpoint(ENDPOINT)
    choices = found["specification_choices"]
    return table, specification_curve.draw(table, choices, settings)


def test_values_ascend_and_the_headline_stands_in_its_column():
    table, figure = drawn()
    curve, panel = figure.axes
    known = table[table["status"] == "ok"].sort_values("estimate")
    points = [line.get_xydata() for line in curve.lines if line.get_marker() == "o"]
    drawn_points = np.concatenate(points)
    by_place = drawn_points[np.argsort(drawn_points[:, 0])]
    assert by_place[:, 1] == pytest.approx(known["estimate"].to_numpy())
    (diamond,) = [line for line in curve.lines if line.get_marker() == "D"]
    place = known["is_headline"].tolist().index(True)
    assert diamond.get_xydata().tolist() == [[place, known["estimate"].iloc[place]]]
    lines = [
        line.get_xdata()[0]
        for line in panel.lines
        if line.get_marker() != "|" and len(set(line.get_xdata())) == 1
    ]
    assert lines == [place]


def test_each_analysis_has_one_mark_per_key():
    table, figure = drawn()
    _, panel = figure.axes
    marks = [
        x for one in panel.lines if one.get_marker() == "|" for x in one.get_xdata()
    ]
    n = (table["status"] == "ok").sum()
    assert sorted(marks) == sorted([*range(n), *range(n)])
    texts = [tick.get_text() for tick in panel.get_yticklabels()]
    assert texts[:3] == ["combat", "none", "zscore"]
    assert {"Harmonizer", "Max features"} <= {text.get_text() for text in panel.texts}


def test_points_are_filled_where_they_lie_above_their_null():
    table, figure = drawn()
    curve, _ = figure.axes
    filled, hollow = (line for line in curve.lines if line.get_marker() == "o")
    known = table[table["status"] == "ok"]
    assert len(filled.get_xdata()) == known["above_null"].sum()
    assert len(hollow.get_xdata()) == (~known["above_null"]).sum()
    band = [text.get_text() for text in curve.get_legend().get_texts()]
    assert band[0] == "Null band"


def test_without_any_value_a_sentence_stands_in_place_of_the_curve():
    _, figure = drawn(status="failed")
    assert [text.get_text() for text in figure.texts] == ["No analysis has a value."]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("arms.radiomics.max_features", "Max features"),
        ("arms.radiomics.model.kind", "Model kind"),
        ("study.reference_reader", "Reference reader"),
        ("harmonization.empirical_bayes", "Harmonization empirical bayes"),
        ("recipes.CT", "Recipe of CT"),
    ],
)
def test_keys_are_named_in_words(key, words):
    assert labels.key_name(key) == words

"""The figure of the mean ROC curves."""

import numpy as np
import pandas as pd
from matplotlib.text import Text

from concord.evaluation.roc import mean_curves
from concord.figures import roc

from ...synthetic_results import operating, performance, plot_endpoint, predictions

SETTINGS = plot_endpoint(arms={"texture": "CT texture", "clinical": "Clinical"})


def words_of(curves, points=None):
    """All words of the figure of these curves."""
    marked = operating("metastasis") if points is None else points
    figure = roc.draw(curves, performance("metastasis"), marked, SETTINGS)
    return " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())


def test_the_legend_has_the_auc_of_the_performance_table():
    rows = pd.concat([predictions("metastasis", a) for a in ("texture", "clinical")])

    words = words_of(mean_curves(rows))

    assert "CT texture AUC 0.68 (0.62 to 0.74), n = 60" in words
    assert "Clinical AUC 0.58 (0.52 to 0.64), n = 60" in words
    assert "Mean over 6 evaluation folds (2 repeats)" in words


def test_operating_points_of_the_headline_arm_are_marked_and_named():
    rows, points = predictions("metastasis", "texture"), operating("metastasis")

    words = words_of(mean_curves(rows))

    for name in ("Youden's index", "Sensitivity of 90 %"):
        assert f"{name} in development" in words
    assert "Risk of 40 % or more" in words
    assert "Marks: CT texture at thresholds of development" in words
    figure = roc.draw(mean_curves(rows), performance("metastasis"), points, SETTINGS)
    marks = [
        [float(line.get_xdata()[0]), float(line.get_ydata()[0])]
        for line in figure.axes[0].lines
        if len(line.get_xdata()) == 1
    ]
    mine = points.query("arm == 'texture' and scheme == 'cv' and stratum == 'all'")
    assert marks == [
        [1 - row["specificity"], row["sensitivity"]] for _, row in mine.iterrows()
    ]


def test_without_operating_points_nothing_is_marked_or_said():
    rows = predictions("metastasis", "texture")

    words = words_of(mean_curves(rows), operating("metastasis").iloc[:0])

    assert "Marks" not in words


def test_a_figure_without_two_classes_says_so():
    rows = predictions("metastasis", "texture").assign(event=1)

    words = words_of(mean_curves(rows))

    assert "No fold holds subjects of both classes." in words


def test_arms_with_fewer_folds_and_missing_predictions_are_told_below_the_figure():
    rows = pd.concat([predictions("metastasis", a) for a in ("texture", "clinical")])
    rows = rows.reset_index(drop=True)
    first = rows[rows["scheme"].eq("cv") & rows["arm"].eq("texture")].iloc[0]
    fold = rows["arm"].eq("texture") & rows["scheme"].eq("cv")
    fold &= rows["repeat"].eq(first["repeat"]) & rows["fold"].eq(first["fold"])
    rows.loc[fold, "score"] = np.nan

    words = words_of(mean_curves(rows))

    assert "Mean over 5 to 6 evaluation folds (2 repeats)" in words
    assert f"{fold.sum()} missing predictions left out." in words


def test_the_curve_rises_at_the_rates_of_the_table():
    rows = predictions("metastasis", "texture")
    table = mean_curves(rows)

    false, true = roc.drawn_curve(table)

    assert false.tolist() == np.repeat(table["false_positive_rate"], 2).tolist()
    assert true[::2].tolist() == table["sensitivity_before"].tolist()
    assert true[1::2].tolist() == table["sensitivity_after"].tolist()

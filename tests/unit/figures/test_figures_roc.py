"""The figure of the mean ROC curves."""

import pandas as pd
from matplotlib.text import Text

from concord.figures import roc

from ...synthetic_results import performance, plot_arms, predictions

SETTINGS = plot_arms(arms={"texture": "CT texture", "clinical": "Clinical"})


def test_the_legend_has_the_auc_of_the_performance_table():
    rows = pd.concat([predictions("metastasis", a) for a in ("texture", "clinical")])

    figure = roc.draw(rows, performance("metastasis"), SETTINGS)

    words = " ".join(" ".join(t.get_text() for t in figure.findobj(Text)).split())
    assert "CT texture AUC 0.68 (0.62 to 0.74)" in words
    assert "Clinical AUC 0.58 (0.52 to 0.64)" in words
    assert "Mean over 6 evaluation folds (2 repeats)" in words


def test_a_figure_without_two_classes_says_so():
    rows = predictions("metastasis", "texture").assign(event=1)

    figure = roc.draw(rows, performance("metastasis"), SETTINGS)

    assert "No fold holds subjects of both classes." in figure.texts[0].get_text()

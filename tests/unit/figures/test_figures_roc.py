"""The averaged ROC curve against scikit-learn and by hand."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from sklearn import metrics

from concord.figures import roc

from ...synthetic_results import performance, plot_arms, predictions

SETTINGS = plot_arms(arms={"texture": "CT texture", "clinical": "Clinical"})


def table(events, scores, fold="1"):
    return pd.DataFrame(
        {"repeat": 1, "fold": fold, "event": events, "score": np.asarray(scores, float)}
    )


def test_the_curve_of_tied_scores_is_that_of_scikit_learn():
    random = np.random.default_rng(2)
    event = random.integers(0, 2, 60)
    score = random.integers(0, 8, 60).astype(float)

    false, true = roc.roc_curve(event, score)

    expected = metrics.roc_curve(event, score, drop_intermediate=False)
    assert false == pytest.approx(expected[0])
    assert true == pytest.approx(expected[1])


def test_the_area_under_the_mean_curve_is_the_mean_area_of_the_folds():
    random = np.random.default_rng(4)
    folds = [
        table(random.permutation([0, 1] * n), random.integers(0, 9, 2 * n), str(n))
        for n in (5, 8, 13)
    ]

    curve = roc.mean_curve(pd.concat(folds))

    areas = [metrics.roc_auc_score(f["event"], f["score"]) for f in folds]
    assert np.trapezoid(curve[1], curve[0]) == pytest.approx(np.mean(areas), abs=1e-12)


def test_a_perfect_and_a_reversed_fold_average_to_one_half_everywhere():
    folds = [table([0, 1], [0, 1], "1"), table([0, 1], [1, 0], "2")]

    false, true = roc.mean_curve(pd.concat(folds))

    assert false.tolist() == [0, 0, 1, 1]
    assert true.tolist() == [0, 0.5, 0.5, 1]


def test_folds_of_one_class_and_rows_without_score_do_not_count():
    good = table([0, 1, 1], [0, 1, np.nan], "1")
    one_class = table([1, 1], [0, 1], "2")

    false, true = roc.mean_curve(pd.concat([good, one_class]))

    assert np.trapezoid(true, false) == 1.0
    assert roc.mean_curve(one_class) is None


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

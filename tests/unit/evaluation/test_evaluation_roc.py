"""The averaged ROC curve against scikit-learn and by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from concord import tables
from concord.evaluation import roc
from concord.statistics.classification.roc_points import roc_curve
from concord.statistics.outcome_kinds import BINARY

from ...synthetic_results import predictions


def table(events, scores, fold="1"):
    return pd.DataFrame(
        {"repeat": 1, "fold": fold, "event": events, "score": np.asarray(scores, float)}
    )


def drawn(curve):
    """The points of a curve, as a figure draws them."""
    grid, before, after = curve
    return np.repeat(grid, 2), np.column_stack([before, after]).ravel()


def test_the_curve_of_tied_scores_is_that_of_scikit_learn():
    random = np.random.default_rng(2)
    event = random.integers(0, 2, 60)
    score = random.integers(0, 8, 60).astype(float)

    false, true = roc_curve(event, score)

    expected = metrics.roc_curve(event, score, drop_intermediate=False)
    assert false == pytest.approx(expected[0])
    assert true == pytest.approx(expected[1])


def test_the_area_under_the_mean_curve_is_the_mean_area_of_the_folds():
    random = np.random.default_rng(4)
    folds = [
        table(random.permutation([0, 1] * n), random.integers(0, 9, 2 * n), str(n))
        for n in (5, 8, 13)
    ]

    false, true = drawn(roc.mean_curve(pd.concat(folds)))

    areas = [metrics.roc_auc_score(f["event"], f["score"]) for f in folds]
    assert np.trapezoid(true, false) == pytest.approx(np.mean(areas), abs=1e-12)


def test_the_area_under_a_curve_of_weighted_subjects_is_their_weighted_auc():
    random = np.random.default_rng(6)
    folds = [
        table(random.permutation([0, 1] * n), random.integers(0, 9, 2 * n), str(n))
        for n in (6, 9)
    ]
    folds = [f.assign(weight=random.uniform(0.5, 3, len(f))) for f in folds]

    false, true = drawn(roc.mean_curve(pd.concat(folds)))

    areas = [BINARY.pairs(fold).value for fold in folds]
    assert np.trapezoid(true, false) == pytest.approx(np.mean(areas), abs=1e-12)
    plain = [BINARY.pairs(fold.drop(columns="weight")).value for fold in folds]
    assert np.mean(areas) != np.mean(plain)


def test_a_perfect_and_a_reversed_fold_average_to_one_half_everywhere():
    folds = [table([0, 1], [0, 1], "1"), table([0, 1], [1, 0], "2")]

    false, true = drawn(roc.mean_curve(pd.concat(folds)))

    assert false.tolist() == [0, 0, 1, 1]
    assert true.tolist() == [0, 0.5, 0.5, 1]


def test_folds_of_one_class_and_rows_without_score_do_not_count():
    good = table([0, 1, 1], [0, 1, np.nan], "1")
    one_class = table([1, 1], [0, 1], "2")

    false, true = drawn(roc.mean_curve(pd.concat([good, one_class])))

    assert np.trapezoid(true, false) == 1.0
    assert roc.mean_curve(one_class) is None


def test_every_arm_has_its_curve_and_its_missing_predictions(tmp_path):
    both = pd.concat([predictions("metastasis", a) for a in ("texture", "clinical")])
    both = both.reset_index(drop=True)
    first = both.index[both["arm"].eq("texture") & both["scheme"].eq("cv")][0]
    both.loc[first, "score"] = np.nan

    made = roc.mean_curves(both)
    tables.write(made, tmp_path / "roc.tsv", "roc")
    found = tables.read(tmp_path / "roc.tsv", "roc")

    missing = found.groupby("arm")["n_missing"].unique().map(list).to_dict()
    assert missing == {"clinical": [0], "texture": [1]}
    assert set(found["n_folds"]) == {6}
    assert set(found["n_repeats"]) == {2}
    mine = both[both["arm"].eq("texture") & both["scheme"].eq("cv")]
    grid, before, after = roc.mean_curve(mine)
    rows = found[found["arm"] == "texture"]
    assert rows["false_positive_rate"].to_numpy().tobytes() == grid.tobytes()
    assert rows["sensitivity_before"].to_numpy().tobytes() == before.tobytes()
    assert rows["sensitivity_after"].to_numpy().tobytes() == after.tobytes()


def test_no_curve_gives_an_empty_table_with_its_columns(tmp_path):
    rows = predictions("metastasis", "texture").assign(event=1)

    tables.write(roc.mean_curves(rows), tmp_path / "roc.tsv", "roc")

    assert tables.read(tmp_path / "roc.tsv", "roc").empty

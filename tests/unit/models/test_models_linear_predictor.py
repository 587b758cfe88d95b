"""A published score: its weights in their own units, validated and never refitted."""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from concord.errors import FitError
from concord.models.estimators.linear_predictor import LinearPredictor
from concord.models.steps.score_columns import ScoreColumns

FEATURE = "CT.tumour.original.morphology.volume"
SCORE = LinearPredictor(
    weights={"age": 0.05, "stage=III": 0.8, FEATURE: -0.2},
    intercept=-1.5,
    means={"age": 60.0},
)
ROWS = pd.DataFrame(
    {
        FEATURE: [10.0, 20.0, np.nan],
        "covariate.age": [50.0, np.nan, 70.0],
        "covariate.stage=II": [0.0, 1.0, 0.0],
        "covariate.stage=III": [1.0, 0.0, np.nan],
    }
)


def filled(rows=ROWS, **options):
    step = ScoreColumns(list(SCORE.weights), **options).fit(rows)
    return step, step.transform(rows)


def test_the_score_is_the_sum_of_its_weights_in_their_own_units():
    rows = ROWS.iloc[[0]].drop(columns="covariate.stage=II")
    score = clone(SCORE).fit(rows, np.zeros(1)).decision_function(rows)

    assert score == pytest.approx([-1.5 + 0.05 * (50 - 60) + 0.8 - 0.2 * 10])


def test_no_outcome_moves_it():
    _, rows = filled()
    first, second = (
        clone(SCORE).fit(rows, np.array(y)) for y in ([0, 0, 1.0], [1, 1, 0.0])
    )

    assert first.estimates() == second.estimates()
    assert first.kkt_residual_ != first.kkt_residual_
    assert first.coef_.tolist() == [-0.2, 0.05, 0.8]


def test_it_comes_back_from_json_bit_for_bit():
    _, rows = filled()
    model = clone(SCORE).fit(rows, np.zeros(3))
    again = LinearPredictor.from_estimates(json.loads(json.dumps(model.estimates())))

    expected = model.decision_function(rows)
    assert again.decision_function(rows).tobytes() == expected.tobytes()
    assert again.estimates() == model.estimates()


def test_a_column_that_is_missing_is_refused_by_name():
    rows = ROWS.drop(columns="covariate.stage=III")
    message = "model.weights names 'stage=III', of which the development rows have no"
    with pytest.raises(FitError, match=message):
        clone(SCORE).fit(rows, np.zeros(3))
    with pytest.raises(FitError, match=r"names \['stage=III'\], of which the dev"):
        filled(rows)


def test_columns_of_the_score_are_kept_in_order_and_gaps_are_filled():
    step, rows = filled()

    assert list(rows.columns) == [FEATURE, "covariate.age", "covariate.stage=III"]
    assert rows[FEATURE].tolist() == [10.0, 20.0, 15.0]
    assert rows["covariate.age"].tolist() == [50.0, 60.0, 70.0]
    assert rows["covariate.stage=III"].tolist() == [1.0, 0.0, 0.0]
    again = ScoreColumns.from_estimates(json.loads(json.dumps(step.estimates())))
    pd.testing.assert_frame_equal(again.transform(ROWS), rows)


def test_a_constant_column_is_kept():
    rows = ROWS.assign(**{FEATURE: 7.0})
    _, found = filled(rows)
    assert found[FEATURE].tolist() == [7.0] * 3


def test_a_value_that_nobody_has_is_the_published_mean_or_refused():
    rows = ROWS.assign(**{"covariate.age": np.nan})
    _, found = filled(rows, means={"age": 61.0})

    assert found["covariate.age"].tolist() == [61.0] * 3
    with pytest.raises(FitError, match="nobody in development has a value of cov"):
        filled(rows)

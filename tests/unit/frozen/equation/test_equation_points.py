"""Points of a nomogram: what is drawn gives the score and the risk."""

import numpy as np
import pytest

from concord.figures.frozen.nomogram import axis_marks, draw
from concord.figures.settings import FigureStyle
from concord.frozen.equation.points import MOST_POINTS, scale_of, why_no_nomogram
from concord.models.absolute_risk import absolute_risk
from concord.models.prediction import Predictor

from ....frozen_documents import frozen_document, lacking_study
from ....modelling_study import make_specification

FEW = {"covariates": ["age", "stage"], "selection": "univariate", "max_features": 2}


def few(kind, **changes):
    options = {**FEW, "harmonizer": "none", **changes}
    return frozen_document(
        lacking_study(missing=0), make_specification(kind, **options)
    )


@pytest.mark.parametrize("changes", [{}, {"transform": "log"}])
def test_points_that_are_added_up_give_the_score(changes):
    document = few("binary", **changes)
    study = lacking_study(missing=0)
    predictor = Predictor.of(document.model)
    predictors = predictor.predictors(study.rows)
    expected = predictor.predict(predictors, 1)["score"]
    scale = scale_of(document)
    columns = [t.column for t in document.equation.terms if "=" not in t.column]
    numbers = [one for one in scale.axes if not one.marks]
    (stage,) = [one for one in scale.axes if one.marks]
    levels = dict(stage.marks)
    for subject, row in predictors.iterrows():
        total = sum(
            scale.points(axis, axis.contributions(np.array([row[column]])))[0]
            for axis, column in zip(numbers, columns, strict=True)
        )
        level = next((n for n in levels if row.get(f"covariate.stage={n}") == 1), "I")
        total += scale.points(stage, np.array([levels[level]]))[0]
        assert scale.scores(total) == pytest.approx(expected[subject], abs=1e-9)


def test_marks_and_risk_axes_are_where_they_are_drawn():
    document = few("survival")
    scale = scale_of(document)
    wide = max(scale.axes, key=lambda one: one.ends[1] - one.ends[0])
    for place, text in axis_marks(scale, wide):
        part = wide.contributions(np.array([float(text)]))
        assert place * MOST_POINTS == pytest.approx(scale.points(wide, part)[0])
    figure = draw(document, FigureStyle())
    (axes,) = figure.axes
    names = [one.get_text() for one in axes.get_yticklabels()]
    height = -names.index("Risk by day 365")
    drawn = [t for t in axes.texts if abs(t.get_position()[1] - height) < 0.2]
    assert len(drawn) > 2
    for text in drawn:
        score = scale.scores(text.get_position()[0] * scale.most)
        risk = absolute_risk(document.model.baseline, np.array([score]), [365.0])
        assert risk[0, 0] == pytest.approx(float(text.get_text()), abs=0.003)


def test_more_than_ten_terms_have_no_nomogram_and_the_reason_is_told():
    document = few("binary", selection="none", correlation_limit=1.0, max_features=20)
    assert "drawn are 1 to 10" in why_no_nomogram(document)

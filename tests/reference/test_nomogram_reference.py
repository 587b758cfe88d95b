"""Points of a nomogram against those of the R package rms."""

import numpy as np
import pandas as pd
import pytest

from concord.frozen.equation.points import Axis, of_axes
from concord.frozen.equation.terms import Transform
from concord.models.estimators.unpenalized import UnpenalizedLogistic

from ..reference_rows import modelling

STARTS = ("nomogram_",)
ENDS = {"fin": (0, 1), "age": (15, 45), "prio": (0, 18)}


@pytest.fixture(scope="module")
def scale(shared_data):
    path = shared_data / "reference" / "modelling" / "data" / "rossi.csv"
    table = pd.read_csv(path)
    model = UnpenalizedLogistic().fit(
        table[list(ENDS)].astype(float), table["arrest"].to_numpy(dtype=float)
    )
    weights = dict(zip(ENDS, model.coef_.tolist(), strict=True))
    axes = [
        Axis(name, "", weights[name], low, high, Transform())
        for name, (low, high) in ENDS.items()
    ]
    return of_axes(axes, model.intercept_)


def test_points_are_those_of_rms(shared_data, scale):
    rows = modelling(shared_data)
    rows = rows[rows.index.str.startswith(STARTS)]
    assert len(rows) > 20
    axes = {one.name: one for one in scale.axes}
    for name, row in rows.iterrows():
        _, predictor, value = name.split("_")
        axis = axes[predictor]
        part = axis.contributions(np.array([float(value)]))
        assert scale.points(axis, part)[0] == pytest.approx(
            float(row["value"]), abs=2e-3
        ), name

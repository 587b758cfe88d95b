"""A line on the score of a model, whatever its pipeline; without one, nothing moves."""

import numpy as np
import pytest

from concord.folds.splitting import splits
from concord.models.fitted_model import Estimates
from concord.models.prediction import Predictor
from concord.models.recalibration import Recalibration

from ...fused_study import fused, two_images
from ...modelling_study import fit_folds, make_specification, make_tables

LINE = Recalibration(intercept=-0.7, slope=0.4)
ARMS = {
    "penalized": ("binary", {}),
    "imputed": ("binary", {"covariates": ["age"], "imputation": "indicator"}),
    "forest": ("binary", {"model": {"kind": "forest", "trees": 20}}),
    "boosting": ("binary", {"model": {"kind": "boosting", "trees": 20}}),
    "cox": ("survival", {}),
    "published": (
        "binary",
        {
            "features": [],
            "harmonizer": "none",
            "covariates": ["age"],
            "model": {"kind": "linear_predictor", "weights": {"age": 0.1}},
        },
    ),
}


def fitted(study, plan):
    split = next(splits(study.rows, study.folds, "cv-1"))
    fit = fit_folds([(split.name, split.development)], plan)
    return fit.models.models[0], split.evaluation


def on_a_line(model):
    estimates = model.required_estimates()
    changed = {
        "recalibration": LINE,
        "cuts": [LINE.of(cut) for cut in estimates.cuts],
    }
    return model.model_copy(update={"estimates": estimates.model_copy(update=changed)})


@pytest.fixture(scope="module")
def study():
    return make_tables(n=90, signal=2.0)


@pytest.mark.parametrize("arm", ARMS)
def test_the_score_is_intercept_plus_slope_times_that_of_the_pipeline(study, arm):
    kind, options = ARMS[arm]
    model, rows = fitted(study, make_specification(kind, **options))
    before = Predictor.of(model).scored(rows, 1)
    after = Predictor.of(on_a_line(model)).scored(rows, 1)

    expected = -0.7 + 0.4 * before["score"].to_numpy()
    np.testing.assert_allclose(after["score"], expected, rtol=0, atol=1e-12)
    assert after["risk_group"].tolist() == before["risk_group"].tolist()
    if kind == "binary":
        chance = 1 / (1 + np.exp(-expected))
        np.testing.assert_allclose(after["probability"], chance, atol=1e-12)


def test_a_fused_score_lies_on_the_line_too():
    model, rows = fitted(two_images(), fused())
    before = Predictor.of(model).scored(rows, 1)
    after = Predictor.of(on_a_line(model)).scored(rows, 1)
    expected = -0.7 + 0.4 * before["score"].to_numpy()
    np.testing.assert_allclose(after["score"], expected, rtol=0, atol=1e-12)
    assert after["risk_group"].tolist() == before["risk_group"].tolist()


def test_a_model_that_was_never_updated_is_written_without_a_line(study):
    model, _ = fitted(study, make_specification())
    written = model.model_dump(mode="json")["estimates"]
    assert "recalibration" not in written
    assert Estimates.model_validate(written).recalibration is None


def test_a_line_comes_back_from_json_bit_for_bit(study):
    model, rows = fitted(study, make_specification())
    moved = on_a_line(model)
    again = type(model).model_validate_json(moved.model_dump_json())
    scores = [Predictor.of(one).scored(rows, 1)["score"] for one in (moved, again)]
    assert scores[0].tolist() == scores[1].tolist()
    assert again.digest() == moved.digest() != model.digest()


def test_two_lines_are_one():
    both = Recalibration(intercept=0.3, slope=2.0).after(LINE)
    assert both.of(1.7) == pytest.approx(0.3 + 2.0 * LINE.of(1.7), abs=1e-15)
    assert LINE.after(None) == LINE


def test_a_line_that_does_not_rise_is_refused():
    with pytest.raises(ValueError, match="greater than 0"):
        Recalibration(intercept=0.0, slope=0.0)

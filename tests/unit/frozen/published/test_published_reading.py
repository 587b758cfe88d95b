"""Published equations as frozen models."""

import math
from copy import deepcopy
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from concord.errors import StudyError
from concord.frozen import document
from concord.frozen.published.reading import read_published
from concord.frozen.reading import read_model
from concord.models.absolute_risk import risks_of_fold
from concord.models.prediction import Predictor

SHIPPED = Path(__file__).parents[4] / "config" / "published" / "equation.yaml"
ENTROPY = "CT.tumour.original.glcm.joint_entropy"
VARIANCE = "CT.tumour.original.statistics.variance"
#: Values of the predictors of the shipped equation, in the order of its columns.
ROWS = [[6.3, 500.0, 70.0, 1.0], [4.1, 80.0, 51.0, 0.0]]


@pytest.fixture
def equation():
    """The shipped equation, to be changed."""
    return yaml.safe_load(SHIPPED.read_text())


@pytest.fixture
def read(tmp_path):
    """Write an equation and read it as a model."""

    def of(equation):
        path = tmp_path / "equation.yaml"
        path.write_text(yaml.safe_dump(equation))
        return read_published(path)

    return of


def timed(equation):
    """The same equation of an outcome with times."""
    del equation["intercept"]
    del equation["thresholds"]
    equation["outcome"] = {"name": "death", "kind": "prognostic", "label": "Death"}
    equation["baseline"] = [
        {"days": 365, "survival": 0.9},
        {"days": 730, "survival": 0.75},
    ]
    return equation


def scores(model, rows=ROWS):
    table = pd.DataFrame(rows, columns=model.estimates.columns, dtype=float)
    return Predictor.of(model.model).predict(table, 1)


def by_hand(entropy, variance, age, stage_3):
    return (
        -0.2
        + 0.9 * (entropy - 5.9) / 0.8
        + 0.4 * (math.log(variance) - 6.0)
        + 0.03 * (age - 64.0)
        + 0.5 * stage_3
    )


def refusal(read, equation):
    with pytest.raises(StudyError) as error:
        read(equation)
    return str(error.value)


def test_scores_and_probabilities_are_those_of_the_equation():
    found = scores(read_model(SHIPPED))

    expected = np.array([by_hand(*row) for row in ROWS])
    assert found["score"].to_numpy() == pytest.approx(expected, rel=1e-12)
    chance = 1 / (1 + np.exp(-expected))
    assert found["probability"].to_numpy() == pytest.approx(chance, rel=1e-12)
    assert found["risk_group"].tolist() == ["high", "low"]


def test_risks_by_days_come_from_the_baseline_survival(read, equation):
    model = read(timed(equation))

    found = scores(model)
    risks = risks_of_fold(model.model, found, model.outcome.at_days)

    assert model.outcome.at_days == [365, 730]
    for score, risk in zip(found["score"], risks, strict=True):
        expected = [1 - s ** math.exp(score) for s in (0.9, 0.75)]
        assert risk == pytest.approx(expected, rel=1e-12)


def test_a_file_gives_the_same_model_each_time_and_travels_as_a_document(tmp_path):
    model = read_published(SHIPPED)

    document.write(model, tmp_path / "model.json")

    assert read_model(tmp_path / "model.json").hash == model.hash
    assert read_published(SHIPPED).hash == model.hash


def test_per_sd_and_per_unit_are_the_same_equation(read, equation):
    other = deepcopy(equation)
    term = other["terms"][0]
    term["coefficient"] /= term.pop("sd")
    logged = other["terms"][1]
    logged |= {"transform": "log10", "mean": 6.0 / math.log(10)}
    logged["coefficient"] *= math.log(10)

    same = scores(read(other))["score"].to_numpy()

    assert same == pytest.approx(scores(read(equation))["score"].to_numpy(), rel=1e-12)


def test_a_code_and_the_name_of_another_tool_are_one_feature(read, equation):
    by_code = read(equation)
    equation["terms"][0]["feature"] = {
        "image": "CT",
        "region": "tumour",
        "pyradiomics": "original_glcm_JointEntropy",
    }
    equation["terms"][1]["feature"] = {
        "image": "CT",
        "region": "tumour",
        "name": "statistics.variance",
    }

    assert read(equation).features == by_code.features
    assert list(by_code.features) == [ENTROPY, VARIANCE]
    known = by_code.features[ENTROPY]
    assert (known.ibsi_code, known.unit, known.recipe) == ("TU9B", "bit", "CT")
    assert known.recipe_hash


def test_a_value_that_is_missing_or_has_no_logarithm_has_no_score():
    model = read_model(SHIPPED)

    with np.errstate(all="ignore"):
        found = scores(model, [[np.nan, 500, 70, 1], [6.0, 0.0, 70, 1]])

    assert np.isnan(found["score"].iloc[0])
    assert not np.isfinite(found["score"].iloc[1])


def test_tables_of_another_tool_are_taken_by_its_names(read, equation):
    del equation["recipes"]
    equation["software"] = "pyradiomics 3.0.1"
    equation["terms"] = [
        {
            "feature": {
                "image": "CT",
                "region": "tumour",
                "pyradiomics": "original_firstorder_Kurtosis",
            },
            "coefficient": 1.0,
        }
    ]

    model = read(equation)

    name = "CT.tumour.original.statistics.kurtosis"
    assert list(model.features) == [name]
    assert model.features[name].software == "pyradiomics 3.0.1"
    assert "recipes" not in model.configuration


@pytest.mark.parametrize(
    ("feature", "told"),
    [
        ({"ibsi_code": "TU9X"}, "ibsi_code 'TU9X' is no code of a known feature; did"),
        (
            {"pyradiomics": "original_glcm_JointEntrop"},
            "is no known name; did you",
        ),
        ({"pyradiomics": "original_firstorder_Kurtosis"}, "is not the same number as"),
        ({"name": "glcm.entropy"}, "name 'glcm.entropy' is no feature"),
        ({"ibsi_code": "TU9B", "filter": "log"}, "filter 'log' is not in the recipe"),
        ({"ibsi_code": "TU9B", "recipe": "fine"}, "recipe 'fine' is none of ['CT']"),
        ({"ibsi_code": "TU9B", "image": "PT"}, "image 'PT' has no recipe"),
        ({"ibsi_code": "RNU0"}, "the recipe does not give morphology.volume_mesh"),
        ({}, "give exactly one of ibsi_code, pyradiomics, mirp, name"),
    ],
)
def test_a_feature_that_cannot_be_told_is_refused(read, equation, feature, told):
    place = {"image": "CT", "region": "tumour"}
    equation["terms"][0]["feature"] = place | feature

    assert told in refusal(read, equation)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"baseline": [{"days": 1, "survival": 0.5}]},
            "baseline: belongs to an",
        ),
        ({"cuts": [1.0, 0.0]}, "cuts: are [1.0, 0.0], expected ascending"),
        ({"software": "any 1"}, "recipes: give either recipes"),
        ({"recipe": {}}, "recipe: Extra inputs are not permitted"),
        ({"terms": []}, "terms: "),
    ],
)
def test_a_fault_of_the_file_is_told_by_its_key(read, equation, change, told):
    assert told in refusal(read, equation | change)


def test_all_faults_of_the_terms_are_told_at_once(read, equation):
    equation["terms"][0]["feature"]["ibsi_code"] = "NONE"
    equation["terms"][1]["unit"] = "HU"

    said = refusal(read, equation)

    assert "terms.1: ibsi_code 'NONE'" in said
    assert "terms.2: unit is 'HU', that of" in said
    assert "'HU2'" in said


def test_a_feature_that_is_weighed_twice_is_refused(read, equation):
    equation["terms"].append(equation["terms"][0])

    assert "weighs CT.tumour.original.glcm.joint_entropy a second" in refusal(
        read, equation
    )

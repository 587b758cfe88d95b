"""Published equations: exact scores, names of features, and what is refused."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from concord.errors import StudyError
from concord.features.recipe.columns import of_study
from concord.features.settings.inheritance import complete
from concord.features.settings.recipe import RecipeSection
from concord.frozen import document
from concord.frozen.published.reading import json_schema, read_published
from concord.frozen.reading import read_model
from concord.models.absolute_risk import risks_of_fold
from concord.models.fitted_model import FittedModel
from concord.models.prediction import Predictor

VOLUME = "CT.tumour.original.morphology.volume_mesh"
CONTRAST = "CT.tumour.original.glcm.contrast"
KURTOSIS = "CT.tumour.original.statistics.kurtosis"
VARIANCE = "CT.tumour.original.statistics.variance"
RECIPE = {"preset": "ct_oncology"}
EQUATION = {
    "name": "signature",
    "title": "Fictitious signature",
    "reference": "Nobody et al.",
    "licence": "free",
    "intended_use": "tests",
    "outcome": {"name": "death", "kind": "diagnostic"},
    "recipes": {"CT": RECIPE},
    "covariates": {
        "age": {"unit": "years"},
        "stage": {"levels": ["I", "II", "III"]},
    },
    "terms": [
        {"ibsi": "RNU0", "coefficient": 0.4, "transform": "log", "centre": 9.0},
        {"ibsi": "ACUI", "coefficient": 0.3, "centre": 5.0},
        {"covariate": "age", "coefficient": 0.02, "centre": 60},
        {"covariate": "stage", "level": "II", "coefficient": 0.5},
        {"covariate": "stage", "level": "III", "coefficient": 1.0},
    ],
    "baseline": {"intercept": -1.2},
    "cuts": [0.0],
    "population": {"description": "nobody", "n": 100},
}


def written(folder: Path, **changes) -> Path:
    path = folder / "equation.yaml"
    path.write_text(yaml.safe_dump(EQUATION | changes))
    return path


def read(folder: Path, **changes):
    return read_published(written(folder, **changes))


def with_terms(folder: Path, *terms, **changes):
    """The model of some terms of features alone."""
    changes = {"covariates": {}, "terms": list(terms)} | changes
    return read(folder, **changes)


def scores(model, **values) -> np.ndarray:
    """Scores of rows whose predictors have these values, by their columns."""
    rows = pd.DataFrame(values)[model.estimates.columns]
    # Through JSON, as a document is written and read.
    fitted = FittedModel.model_validate(json.loads(model.model.model_dump_json()))
    return Predictor.of(fitted).predict(rows, 1)["score"].to_numpy(float)


def refused(folder: Path, **changes) -> str:
    with pytest.raises(StudyError) as error:
        read(folder, **changes)
    assert str(folder) in str(error.value)
    return str(error.value)


def refused_term(folder: Path, **term) -> str:
    return refused(folder, covariates={}, terms=[{"coefficient": 1.0, **term}])


def test_a_score_is_the_equation_by_hand(tmp_path):
    model = read(tmp_path)
    rows = {
        VOLUME: [12345.6, 800.0],
        CONTRAST: [7.25, 0.5],
        "covariate.age": [71.0, 44.0],
        "covariate.stage=II": [1.0, 0.0],
        "covariate.stage=III": [0.0, 1.0],
    }
    by_hand = [
        -1.2 + 0.4 * (math.log(12345.6) - 9) + 0.3 * 2.25 + 0.02 * 11 + 0.5,
        -1.2 + 0.4 * (math.log(800.0) - 9) + 0.3 * -4.5 + 0.02 * -16 + 1.0,
    ]
    assert scores(model, **rows) == pytest.approx(by_hand, abs=1e-12, rel=0)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("none", float),
        ("log", math.log),
        ("log2", math.log2),
        ("log10", math.log10),
        ("log1p", math.log1p),
        ("square_root", math.sqrt),
        ("square", lambda x: x**2),
        ("reciprocal", lambda x: 1 / x),
    ],
)
def test_transforms_are_those_of_their_names(tmp_path, name, function):
    term = {"ibsi": "ACUI", "coefficient": 0.7, "transform": name, "centre": 0.25}
    found = scores(with_terms(tmp_path, term), **{CONTRAST: [3.7]})
    assert found == pytest.approx([-1.2 + 0.7 * (function(3.7) - 0.25)], abs=1e-12)


def test_raw_and_standardized_forms_of_one_equation_give_equal_scores(tmp_path):
    raw = {"ibsi": "ACUI", "coefficient": 0.15, "centre": 6.5}
    per_sd = {
        "ibsi": "ACUI", "coefficient": 0.6, "scale": "sd", "mean": 6.5, "sd": 4.0
    }  # fmt: skip
    values = {CONTRAST: [0.1, 6.5, 40.0]}
    found = scores(with_terms(tmp_path, raw), **values)
    other = scores(with_terms(tmp_path, per_sd), **values)
    assert found == pytest.approx(other, abs=1e-12, rel=0)


@pytest.mark.parametrize(
    "name",
    [
        {"pyradiomics": "original_glcm_Contrast"},
        {"pyradiomics": "glcm_Contrast"},
        {"mirp": "cm_contrast_d1_3d_v_mrg"},
        {"feature": "glcm.contrast"},
        {"ibsi": "acui"},
    ],
)
def test_one_feature_by_any_of_its_names(tmp_path, name):
    expected = with_terms(tmp_path, {"ibsi": "ACUI", "coefficient": 0.3}).features
    found = with_terms(tmp_path, {**name, "coefficient": 0.3}).features
    assert found == expected
    assert list(found) == [CONTRAST]
    assert found[CONTRAST].ibsi_code == "ACUI"


def test_a_feature_has_the_recipe_hash_and_unit_of_a_study(tmp_path):
    own = read(tmp_path).features[VOLUME]
    section = RecipeSection.model_validate(RECIPE)
    (columns,) = of_study(complete({"CT": section}))
    assert own.recipe_hash == columns.recipe.hash()
    assert (own.unit, own.ibsi_code, own.modality) == ("mm3", "RNU0", "CT")
    assert own.measurand == "volume enclosed by the surface mesh of the region"
    assert own.software is None


@pytest.mark.parametrize("transform", ["none", "log"])
def test_kurtosis_of_pyradiomics_is_converted(tmp_path, transform):
    term = {
        "pyradiomics": "original_firstorder_Kurtosis",
        "coefficient": 0.5,
        "centre": 1.0,
        "transform": transform,
    }
    theirs = 1.8 + 3
    value = math.log(theirs) if transform == "log" else theirs
    model = with_terms(tmp_path, term)
    found = scores(model, **{KURTOSIS: [1.8]})
    assert found == pytest.approx([-1.2 + 0.5 * (value - 1)], abs=1e-12)
    assert "theirs = ours + 3" in model.population.facts["features"]


def test_the_standard_deviation_of_pyradiomics_is_a_root(tmp_path):
    name = "original_firstorder_StandardDeviation"
    model = with_terms(tmp_path, {"pyradiomics": name, "coefficient": 0.5})
    found = scores(model, **{VARIANCE: [49.0]})
    assert found == pytest.approx([-1.2 + 0.5 * 7], abs=1e-12)


def test_survival_at_days_gives_the_risk(tmp_path):
    model = with_terms(
        tmp_path,
        {"ibsi": "ACUI", "coefficient": 0.3, "centre": 5.0},
        outcome={"name": "death", "kind": "prognostic", "at_days": [365, 730]},
        baseline={"survival": {365: 0.9, 730: 0.75}},
    )
    (score,) = scores(model, **{CONTRAST: [8.0]})
    assert score == pytest.approx(0.9, abs=1e-12)
    risks = risks_of_fold(model.model, pd.DataFrame({"score": [score]}), [365, 730])
    expected = [1 - 0.9 ** math.exp(0.9), 1 - 0.75 ** math.exp(0.9)]
    assert risks[0] == pytest.approx(expected, abs=1e-12)


def test_the_same_file_gives_the_same_document_which_travels(tmp_path):
    model = read_model(written(tmp_path))
    assert read_model(written(tmp_path)) == model
    document.write(model, tmp_path / "model.json")
    assert read_model(tmp_path / "model.json") == model
    assert model.origin.source == "published"


def test_a_missing_value_has_no_score_unless_the_equation_fills_it(tmp_path):
    term = {"ibsi": "ACUI", "coefficient": 0.3}
    other = {"ibsi": "RNU0", "coefficient": 0.0}
    rows = {CONTRAST: [np.nan], VOLUME: [1.0]}
    assert np.isnan(scores(with_terms(tmp_path, term, other), **rows)).all()
    filled = [{**term, "if_missing": 2.0}, {**other, "if_missing": 1.0}]
    assert scores(with_terms(tmp_path, *filled), **rows) == pytest.approx([-0.6])


def test_a_value_outside_the_domain_of_a_transform_has_no_score(tmp_path):
    term = {"ibsi": "ACUI", "coefficient": 0.3, "transform": "log", "if_missing": 1.0}
    assert np.isnan(scores(with_terms(tmp_path, term), **{CONTRAST: [0.0]})).all()


def test_ranges_that_were_not_published_are_told(tmp_path):
    model = with_terms(
        tmp_path,
        {"ibsi": "ACUI", "coefficient": 0.3, "range": [0.5, 20]},
        {"ibsi": "RNU0", "coefficient": 0.3},
    )
    assert model.applicability.ranges[CONTRAST].highest == 20
    assert list(model.applicability.ranges) == [CONTRAST]
    assert f"not published of {VOLUME}" in model.population.facts["ranges"]


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ({"ibsi": "ACU1"}, "'ACU1' is no IBSI code"),
        ({"ibsi": "ACU1"}, "did you mean 'ACUI'?"),
        ({"ibsi": "BC2M"}, "volume_at_intensity_fraction_90; say which by feature:"),
        ({"ibsi": "ACUI", "feature": "glcm.correlation"}, "is that of glcm.contrast"),
        ({"feature": "glcm.contrasts"}, "did you mean 'glcm.contrast'?"),
        ({"pyradiomics": "GrayLevelNonUniformity"}, "may be original_glrlm_Gray"),
        ({"pyradiomics": "original_glcm_Contrasst"}, "'original_glcm_Contrast'?"),
        ({"pyradiomics": "original_glcm_MCC"}, "stands for no feature of the IBSI"),
        ({"pyradiomics": "original_firstorder_90Percentile"}, "linear interpolation"),
        ({"pyradiomics": "original_shape_MajorAxisLength"}, "sqrt((n - 1) / n)"),
        ({"pyradiomics": "wavelet-HHL_glcm_Contrast"}, "give original_glcm_Contrast"),
        ({"mirp": "cm_contrast_d1_3d_v_mrge"}, "'cm_contrast_d1_3d_v_mrg'?"),
        ({"ibsi": "ACUI", "image": "T1"}, "image is 'T1', expected one of ['CT']"),
        ({"ibsi": "ACUI", "recipe": "fine"}, "needs the recipe 'fine' of CT"),
        ({"ibsi": "ACUI", "filter": "log"}, "has no log.glcm.contrast of CT tumour"),
        ({"ibsi": "ACUI", "aggregation": "3D averaged"}, "gives '3D merged'"),
        ({"ibsi": "ACUI", "mirp": "stat_mean"}, "stand for different features"),
        ({"covariate": "age"}, "'age' is no covariate"),
        ({}, "give either covariate, or one of ibsi"),
        ({"ibsi": "ACUI", "scale": "sd"}, "scale sd needs mean and sd"),
        ({"ibsi": "ACUI", "coeficient": 1}, "unknown key; did you mean 'coefficient'?"),
    ],
)
def test_a_term_that_cannot_be_taken_says_why(tmp_path, term, message):
    assert message in refused_term(tmp_path, **term)


def test_a_difference_that_is_accepted_is_told(tmp_path):
    name = "original_firstorder_90Percentile"
    term = {"pyradiomics": name, "coefficient": 1.0, "accept_difference": True}
    model = with_terms(tmp_path, term)
    assert list(model.features) == ["CT.tumour.original.statistics.percentile_90"]
    assert "linear interpolation" in model.population.facts["features"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cuts": [1.0, 0.0]}, "cuts: are [1.0, 0.0], expected ascending"),
        ({"cuts": []}, "cuts: "),
        ({"baseline": {"survival": {365: 0.9}}}, "no meaning for a diagnostic outcome"),
        ({"recipes": {}}, "needs a main recipe of"),
        ({"recipes": {"CT": {"preset": "ct"}}}, "recipes.CT.preset"),
        ({"covariates": {"age": {}, "sex": {}}}, "sex: stands in no term"),
        ({"terms": [EQUATION["terms"][0]] * 2}, "stands there 2 times"),
        ({"terms": EQUATION["terms"][:4]}, "stage has no coefficient of ['III']"),
        ({"colour": "red"}, "colour: unknown key"),
        ({"reference": None}, "reference: "),
        (
            {
                "outcome": {"name": "a", "kind": "prognostic", "at_days": [100]},
                "baseline": {"survival": {365: 0.9}},
            },
            "baseline.survival is known at [365.0] alone",
        ),
        (
            {
                "outcome": {"name": "a", "kind": "prognostic"},
                "baseline": {"survival": {365: 0.7, 730: 0.9}},
            },
            "expected never rising",
        ),
    ],
)
def test_an_equation_that_contradicts_itself_says_where(tmp_path, changes, message):
    if changes == {"recipes": {}}:
        message = "image is None, expected one of []"
    assert message in refused(tmp_path, **changes)


def test_all_faults_are_told_at_once(tmp_path):
    told = refused(
        tmp_path,
        cuts=[1.0, 0.0],
        covariates={},
        terms=[{"ibsi": "ZZZZ", "coefficient": 1}, {"mirp": "none", "coefficient": 1}],
    )
    assert "The equation is not taken, 3 faults to repair" in told


@pytest.mark.parametrize(
    ("text", "message"),
    [("[1, 2]", "expected the keys of a published equation"), ("a: [", "")],
)
def test_a_file_that_holds_no_equation_is_refused(tmp_path, text, message):
    path = tmp_path / "equation.yml"
    path.write_text(text)
    with pytest.raises(StudyError) as error:
        read_model(path)
    assert message in str(error.value)
    with pytest.raises(StudyError, match="cannot be read as text"):
        read_model(tmp_path / "absent.yaml")
    path.write_bytes(b"#" * 1_000_001)
    with pytest.raises(StudyError, match="expected at most 1000000"):
        read_model(path)


def test_the_schema_names_every_section():
    assert {"TermSection", "OutcomeSection"} <= set(json.loads(json_schema())["$defs"])

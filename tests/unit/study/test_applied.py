"""The configuration of a study that applies frozen models."""

import re
from pathlib import Path

import pytest

from concord.errors import ConfigError
from concord.folds.settings import CovariateSection
from concord.frozen import document as frozen_model
from concord.frozen.document import FrozenModel
from concord.frozen.inputs import FeatureInput, Origin, OutcomeInput
from concord.frozen.reading import read_model
from concord.models.fitted_model import Estimates, FittedModel
from concord.models.settings.arm import Arm
from concord.models.settings.specification import ModelSpecification
from concord.study.applied.composing import composed
from concord.study.applied.merging import merged

EQUATION = Path(__file__).parents[3] / "config" / "published" / "equation.yaml"
RECIPE = {"resample_spacing_mm": [2.0, 2.0, 2.0], "bin_width": 10.0}


def model(**changes):
    """A frozen model of a logistic arm of one covariate and no feature."""
    specification = ModelSpecification(
        endpoint=changes.pop("endpoint", "death"),
        kind="binary",
        name=changes.pop("name", "radiomics"),
        arm=Arm(covariates=["age"]),
        baseline_session="baseline",
        reference_reader="A",
    )
    # Any pipeline will do: nothing is scored here.
    published = read_model(EQUATION)
    estimates = Estimates(
        endpoint=specification.endpoint,
        kind="binary",
        session="baseline",
        reader="A",
        columns=["covariate.age"],
        unseen=None,
        adapt_subjects=None,
        cuts=[0.0],
        spread=1.0,
        pipeline=published.estimates.pipeline,
    )
    fitted = FittedModel(
        scheme="final",
        repeat=1,
        fold="all",
        n_development=40,
        n_events=20,
        estimates=estimates,
    )
    values = {
        "name": specification.name,
        "label": "Radiomics",
        "origin": Origin(study="One", source="fitted", development="all"),
        "outcome": OutcomeInput(kind="diagnostic", label="Death"),
        "specification": specification,
        "model": fitted,
        "features": {},
        "covariates": {"age": CovariateSection(column="age", unit="years")},
        "configuration": {
            "study": {"baseline_session": "baseline", "reference_reader": "A"},
            "recipes": {"CT": RECIPE},
            "ingest": {"mask_threshold": 0.5, "roi_names": {}},
        },
    }
    return FrozenModel.of(**(values | changes))


@pytest.fixture
def given(tmp_path):
    """Write a model beside a configuration; its configuration as it is read."""

    def write(raw=None, **changes):
        frozen_model.write(model(**changes), tmp_path / "model.json")
        return {"model": "model.json", "data_root": "data"} | (raw or {})

    return write


@pytest.fixture
def place(tmp_path):
    """Where the configuration is said to be."""
    return tmp_path / "config.yaml"


def test_a_configuration_without_a_model_stays_as_it_is(place):
    raw = {"study": {"name": "One"}, "arms": {}}

    assert composed(raw, place) == (raw, [])


def test_recipes_covariates_and_arm_come_from_the_model(given, place):
    whole, faults = composed(given(), place)

    assert faults == []
    assert whole["recipes"] == {"CT": RECIPE}
    assert whole["covariates"] == {"age": {"column": "age", "unit": "years"}}
    assert whole["arms"] == {"radiomics": {"label": "Radiomics"}}
    assert whole["evaluation"] == {
        "headline_arm": "radiomics",
        "reference_arm": "radiomics",
    }
    assert whole["endpoints"] == {}


def test_outcomes_are_judged_where_the_study_gives_their_columns(given, place):
    columns = {"endpoints": {"death": {"event": "died"}}}

    whole, faults = composed(given(columns), place)

    assert faults == []
    found = whole["endpoints"]["death"]
    assert found == {"kind": "diagnostic", "label": "Death", "event": "died"}


def test_an_outcome_that_the_model_does_not_predict_is_a_fault(given, place):
    columns = {"endpoints": {"deaths": {"event": "died"}}}

    _, faults = composed(given(columns), place)

    assert [str(one) for one in faults] == [
        f"{place}: endpoints.deaths: is not what the model predicts; did you mean "
        "'death'?"
    ]


@pytest.mark.parametrize("section", ["arms", "recipes", "harmonization", "validation"])
def test_a_section_that_comes_from_the_model_is_a_fault(given, place, section):
    _, faults = composed(given({section: {}}), place)

    assert [fault.key for fault in faults] == [section]
    assert "comes from the frozen model" in faults[0].message


def test_a_column_may_have_another_name_but_a_unit_may_not_differ(given, place):
    own = {"covariates": {"age": {"column": "AGE", "unit": "months"}}}

    whole, faults = composed(given(own), place)

    assert whole["covariates"]["age"]["column"] == "AGE"
    assert [fault.key for fault in faults] == ["covariates.age.unit"]
    assert "'months', but the frozen model says 'years'" in faults[0].message


def test_an_option_of_the_ingest_that_changes_masks_is_a_fault(given, place):
    own = {"ingest": {"mask_threshold": 0.4, "roi_names": {"tumour": ["GTV"]}}}

    whole, faults = composed(given(own), place)

    assert [fault.key for fault in faults] == ["ingest.mask_threshold"]
    assert whole["ingest"]["roi_names"] == {"tumour": ["GTV"]}


def test_a_feature_table_leaves_what_concerns_images_out(given, place):
    whole, _ = composed(given({"feature_table": {"path": "features.tsv"}}), place)

    assert "recipes" not in whole
    assert "ingest" not in whole
    assert "crosscheck" not in whole


def test_models_of_different_endpoints_are_not_compared(given, place, tmp_path):
    raw = given({"model": {"path": "model.json", "compare_with": {"other": "b.json"}}})
    frozen_model.write(model(endpoint="relapse"), tmp_path / "b.json")

    _, faults = composed(raw, place)

    assert [fault.key for fault in faults] == ["model.compare_with.other"]
    assert "predicts 'relapse'" in faults[0].message


def test_models_of_different_recipes_are_refused_by_the_key(given, place, tmp_path):
    raw = given({"model": {"path": "model.json", "compare_with": {"other": "b.json"}}})
    other = {"recipes": {"CT": RECIPE | {"bin_width": 25.0}}}
    frozen_model.write(model(configuration=other), tmp_path / "b.json")

    with pytest.raises(
        ConfigError, match=r"different values of recipes\.CT\.bin_width"
    ):
        composed(raw, place)


def test_the_first_model_of_comparison_is_the_reference(given, place, tmp_path):
    raw = given(
        {"model": {"path": "model.json", "compare_with": {"clinical": "b.json"}}}
    )
    frozen_model.write(model(name="anything"), tmp_path / "b.json")

    whole, faults = composed(raw, place)

    assert faults == []
    assert list(whole["arms"]) == ["radiomics", "clinical"]
    assert whole["evaluation"]["reference_arm"] == "clinical"


def test_a_missing_model_is_told_by_its_file(place):
    with pytest.raises(ConfigError, match=re.escape(str(place.parent / "none.json"))):
        composed({"model": "none.json"}, place)


def test_an_unknown_key_of_the_section_is_told_with_its_name(place):
    with pytest.raises(ConfigError, match=r"model\.paht"):
        composed({"model": {"paht": "model.json"}}, place)


def test_an_edited_model_is_refused(given, place):
    raw = given()
    file = Path(place.parent, "model.json")
    file.write_text(
        file.read_text().replace('"lowest"', '"lowest"', 1).replace("40", "41", 1)
    )

    with pytest.raises(ConfigError, match="edited or damaged"):
        composed(raw, place)


def test_what_differs_strictly_is_told_and_the_first_stays():
    whole, clashes = merged({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, strict=True)

    assert whole == {"a": {"b": 1, "c": 3}}
    assert [key for key, _ in clashes] == ["a.b"]


def feature(image: str = "CT") -> FeatureInput:
    """A feature of an image that a model needs."""
    return FeatureInput(
        image=image,
        modality="CT",
        region="tumour",
        column="original.glcm.contrast",
        filter="original",
        family="glcm",
        feature="contrast",
        ibsi_code=None,
        measurand="a value",
        unit="1",
        unit_ucum=None,
        recipe="CT",
        recipe_hash=None,
        software=None,
    )


def test_an_image_that_no_model_harmonizes_has_the_site_as_its_batch(given, tmp_path):
    raw = given(features={"CT.tumour.original.glcm.contrast": feature()})

    whole, faults = composed(raw, tmp_path / "config.yaml")

    assert faults == []
    assert whole["harmonization"] == {"batch": {"CT": ["site"]}}


def test_a_batch_that_a_model_harmonizes_stays(given, tmp_path):
    raw = given(
        features={"CT.tumour.original.glcm.contrast": feature()},
        configuration={"harmonization": {"batch": {"CT": ["vendor"]}}},
    )

    whole, _ = composed(raw, tmp_path / "config.yaml")

    assert whole["harmonization"] == {"batch": {"CT": ["vendor"]}}


def test_a_study_that_starts_from_a_table_has_no_check_by_a_second_engine(
    given, tmp_path
):
    of_images, _ = composed(given(), tmp_path / "config.yaml")
    of_table, _ = composed(given({"feature_table": {}}), tmp_path / "config.yaml")

    assert "crosscheck" in of_images
    assert "crosscheck" not in of_table

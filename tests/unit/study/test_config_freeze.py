"""Faults of the section `freeze`, and what it freezes."""

import pytest
import yaml

from concord.errors import ConfigError
from concord.features.settings.inheritance import complete, target_faults
from concord.features.settings.recipe import RecipeSection
from concord.frozen.freezing.configuration import restricted
from concord.frozen.settings import FreezeModel, LeakageTestWithFrozen, developments
from concord.image_names import ImageSection
from concord.study.documents import ROOT
from concord.study.study import Study

from ...table_study import write_study
from ...whole_demo import whole_demo

PATH = ROOT / "config" / "config.yaml"


@pytest.fixture
def raw():
    return whole_demo()


def study_of(raw, **freeze):
    raw["freeze"] = freeze
    return Study(raw, PATH, check_sources=False)


def lines_of(raw, **freeze):
    with pytest.raises(ConfigError) as caught:
        study_of(raw, **freeze)
    return str(caught.value).splitlines()[1:]


def test_every_fault_is_told_at_once(raw):
    raw["validation"]["leave_one_group_out"] = False
    told = lines_of(raw, arms=["radiomic"], without=["D"], samples=-1)
    assert len(told) == 1  # a value out of range comes first
    told = lines_of(raw, arms=["radiomic"], without=["D"])
    assert "freeze.arms: names 'radiomic', which is no arm" in told[0]
    assert "'radiomics'" in told[0]
    assert "freeze.without: is ['D'], but validation.leave_one_group_out is" in told[1]
    assert "freeze.without: names 'D', which is no group of the study" in told[2]
    assert "the groups are ['A', 'B', 'C']" in told[2]
    assert len(told) == 3


def test_groups_that_headers_tell_are_looked_for_when_they_are_known(raw):
    raw["validation"]["group"] = "CT.site"
    study_of(raw, without=["Simulated scanners A"])


def test_the_headline_arm_is_frozen_by_default(raw):
    study = study_of(raw)
    settings = FreezeModel.of(study, development="all")
    named = [(model.endpoint, model.name) for model in settings.models]
    assert named == [("recurrence", "radiomics"), ("survival", "radiomics")]
    assert developments(study) == ["all"]
    assert settings.labels == {"radiomics": "Radiomics"}
    assert settings.learning.samples == 0


def test_named_arms_are_frozen_in_the_order_of_the_arms_each_without_the_groups(raw):
    study = study_of(raw, arms=["radiomics", "clinical"], without=["C", "A", "C"])
    settings = FreezeModel.of(study, development="without_C")
    assert list(settings.labels) == ["clinical", "radiomics"]
    assert developments(study) == ["all", "without_C", "without_A"]
    assert settings.development == "without_C"


def test_what_a_document_tells_of_the_study_names_no_place_and_nobody(raw):
    raw["ingest"]["roi_names"] = {"tumour": {"A": "GTV.*", "*": "Tumour"}}
    study = study_of(raw)
    found = FreezeModel.of(study, development="all").configuration
    assert set(found) == {
        "study",
        "validation",
        "harmonization",
        "images",
        "ingest",
        "agreement",
        "recipes",
        "regions",
        "protocol",
    }
    assert set(found["study"]) == {"baseline_session", "reference_reader", "algorithms"}
    hidden = {"waive", "roi_names", "chunk_size", "on_fault", "on_fault_codes"}
    assert not hidden.intersection(found["ingest"])
    assert not [name for name, one in found["recipes"].items() if "like" in one]
    assert found["harmonization"] == {"batch": {"CT": ["site"], "PT": ["site"]}}


@pytest.mark.parametrize(
    ("freeze", "tests"),
    [
        ({}, False),
        ({"without": ["C"]}, True),
        ({"without": ["C"], "arms": ["clinical"]}, False),
        ({"samples": 20}, False),
    ],
)
def test_the_leakage_test_knows_of_frozen_models_of_the_headline(raw, freeze, tests):
    study = study_of(raw, **freeze)
    settings = LeakageTestWithFrozen.of(study, endpoint="survival")
    assert (settings.frozen is not None) == tests


def test_recipes_are_the_same_elsewhere(raw):
    """Whatever they take from presets and others, and whoever else is there."""
    raw["recipes"]["PT"] = {"preset": "pet"}
    raw["recipes"]["CT_small"] = {"like": "CT_slices", "bin_width": 5.0}
    study = study_of(raw)
    whole = FreezeModel.of(study, development="all").configuration
    expected = complete(study.config.recipes, study.config.images)
    for name, recipe in expected.items():
        image = "PT" if name == "PT" else "CT"
        row = {"image": image, "region": "tumour", "recipe": name}
        alone = restricted(whole, [row], [])
        assert set(alone["recipes"]) == {name}
        sections = {n: RecipeSection(**one) for n, one in alone["recipes"].items()}
        images = {n: ImageSection(**one) for n, one in alone["images"].items()}
        assert complete(sections, images)[name] == recipe
        assert list(target_faults(sections, images)) == []


def test_regions_come_with_those_that_they_are_made_of_and_not_the_others(raw):
    raw["regions"] |= {
        "core": {"of": ["tumour"], "kind": "core", "inner_mm": 2.0},
        "edge": {"of": ["rim", "core"], "kind": "difference"},
    }
    whole = FreezeModel.of(study_of(raw), development="all").configuration
    rows = [{"image": "CT", "region": name, "recipe": "CT"} for name in ("tumour",)]
    assert "regions" not in restricted(whole, rows, [])
    edge = [{"image": "CT", "region": "edge", "recipe": "CT"}]
    assert set(restricted(whole, edge, [])["regions"]) == {"edge", "rim", "core"}
    assert set(restricted(whole, edge, [])["protocol"]) == {"CT"}


def test_a_study_of_a_table_tells_how_its_columns_are_read_and_not_where(tmp_path):
    path = write_study(tmp_path) / "config" / "config.yaml"
    study = Study(yaml.safe_load(path.read_text()), path, check_sources=False)
    found = FreezeModel.of(study, development="all").configuration
    assert set(found) == {"study", "validation", "harmonization", "feature_table"}
    assert "path" not in found["feature_table"]
    assert found["feature_table"]["features"]
    row = {"image": "CT", "region": "tumour", "recipe": "as given"}
    assert restricted(found, [row], [])["feature_table"] == found["feature_table"]
    assert restricted(found, [row], [])["harmonization"] == {"batch": {}}

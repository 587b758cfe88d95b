"""Faults of the section `freeze`, and what it freezes."""

import pytest

from concord.errors import ConfigError
from concord.frozen.settings import FreezeModel, LeakageTestWithFrozen, developments
from concord.study.documents import ROOT
from concord.study.study import Study

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
    assert found["recipes"]["CT_noise"]["like"] == "CT"
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

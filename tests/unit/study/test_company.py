"""Company of the headline arm: what the configuration lacks is added by the study."""

from pathlib import Path

import pytest
import yaml

from concord.errors import ConfigError
from concord.evaluation import company
from concord.evaluation.settings import Evaluate
from concord.models.settings.arm import Arm
from concord.report.settings import Report
from concord.study.documents import ROOT
from concord.study.study import Study

from ...table_study import CONFIG, write_study
from ...whole_demo import whole_demo

VOLUME = "CT.tumour.original.morphology.volume"


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def study(folder: Path, arms: dict | None = None, **changes) -> Study:
    """The small study of a table with some arms, and sections changed."""
    config = yaml.safe_load(yaml.safe_dump(CONFIG)) | {
        "data_root": str(folder / "data")
    }
    config["arms"] = arms or config["arms"]
    for section, values in changes.items():
        config[section] = config[section] | values
    return Study(config, folder / "config" / "config.yaml")


def demo(arms: dict, headline: str, **changes) -> Study:
    config = whole_demo() | {"arms": arms, "multiverse": None, "freeze": {}} | changes
    config["evaluation"] |= {"headline_arm": headline, "reference_arm": headline}
    return Study(config, ROOT / "config" / "config.yaml")


def test_a_study_of_two_arms_gets_its_company(folder):
    found = study(folder).config.arms

    assert list(found) == ["clinical", "radiomics", "unharmonized", "site", "volume"]
    twin = found["radiomics"].model_dump() | {
        "harmonizer": "none",
        "label": "Radiomics, not harmonized",
    }
    assert found["unharmonized"].model_dump() == twin
    assert found["site"].predicts_by_group_alone
    assert found["volume"].features == [VOLUME]
    assert not found["volume"].stability_filter


def test_baselines_treat_missing_values_and_volumes_as_the_headline_does(folder):
    arms = {
        "radiomics": {
            "features": ["*"],
            "stability_filter": False,
            "imputation": "indicator",
            "transform": "log",
        }
    }
    own = {"headline_arm": "radiomics", "reference_arm": "radiomics"}
    found = study(folder, arms, evaluation=own).config.arms

    assert found["clinical"].imputation == found["volume"].imputation == "indicator"
    assert found["volume"].transform == "log"
    assert found["clinical"].transform == found["site"].transform == "none"


def test_every_rule_sees_the_added_arms(folder):
    found = study(folder)

    assert list(found.value("arms"))[-1] == "volume"
    assert '"volume":' in found.settings(Evaluate, endpoint="death")
    assert "Volume only" in found.settings(Report)


def test_arms_that_are_equal_count_whatever_their_names(folder):
    arms = {
        "base": {"covariates": ["age"]},
        "hospital": {"group_indicator": True},
        "size": {"features": [VOLUME], "stability_filter": False, "penalty": 0.0},
        "raw": {"features": ["*"], "stability_filter": False},
        "radiomics": CONFIG["arms"]["radiomics"] | {"unseen": "adapt"},
    }
    found = study(folder, arms, evaluation={"reference_arm": "base"})

    assert list(found.config.arms) == list(arms)


def test_an_arm_that_only_resembles_a_twin_is_none(folder):
    arms = CONFIG["arms"] | {
        "raw": {"features": ["*"], "stability_filter": False, "max_features": 4}
    }
    found = study(folder, arms).config.arms

    assert "unharmonized" in found
    assert found["unharmonized"].max_features == found["radiomics"].max_features


def test_a_name_that_is_taken_is_not_taken_twice(folder):
    arms = CONFIG["arms"] | {"Site": {"features": ["*glcm*"], "label": "By texture"}}
    found = study(folder, arms).config.arms

    assert found["Site"].label == "By texture"
    assert found["site_2"].predicts_by_group_alone


def test_a_label_that_is_taken_is_not_printed_twice(folder):
    arms = CONFIG["arms"] | {"x": {"features": ["*glcm*"], "label": "Volume only"}}
    found = study(folder, arms).config.arms

    assert found["volume"].label == "Volume only (added)"


def test_the_headline_may_be_one_of_its_company(folder):
    arms = {"clinical": {"covariates": ["age"]}}
    evaluation = {"headline_arm": "clinical", "reference_arm": "clinical"}
    found = study(folder, arms, evaluation=evaluation).config.arms

    assert list(found) == ["clinical", "site", "volume"]


def test_a_declined_member_is_not_added_and_the_report_has_the_reason(folder):
    declined = {"volume": "all lesions are of one size"}
    found = study(folder, evaluation={"decline_company": declined})

    assert "volume" not in found.config.arms
    assert "all lesions are of one size" in found.settings(Report)


def test_an_unknown_member_is_an_error_with_the_list(folder):
    with pytest.raises(ConfigError) as caught:
        study(folder, evaluation={"decline_company": {"sites": "why not"}})

    message = str(caught.value)
    assert "evaluation.decline_company" in message
    assert "'unharmonized', 'site', 'volume' or 'clinical'" in message


def test_a_member_without_a_reason_is_not_declined(folder):
    with pytest.raises(ConfigError, match="decline_company"):
        study(folder, evaluation={"decline_company": {"volume": ""}})


def test_what_stands_among_the_arms_cannot_be_declined(folder):
    with pytest.raises(ConfigError) as caught:
        study(folder, evaluation={"decline_company": {"clinical": "known"}})

    message = str(caught.value)
    assert "decline_company.clinical: declines what arms.clinical is" in message


def test_one_site_has_no_arm_of_the_site(folder):
    found = study(folder, sheets={"site": "Here", "site_column": None})

    assert "site" not in found.config.arms


def test_a_covariate_that_is_a_proxy_is_not_in_the_clinical_model(folder):
    arms = {"radiomics": CONFIG["arms"]["radiomics"]}
    category = {"kind": "category", "levels": ["unit 0", "unit 1"]}
    death = CONFIG["endpoints"]["death"]
    found = study(
        folder,
        arms,
        covariates={"scanner": {"column": "scanner", **category}},
        endpoints={"death": death | {"proxies": ["scanner"]}},
        evaluation={"reference_arm": "radiomics"},
    )

    assert found.config.arms["clinical"].covariates == ["age"]


def test_without_a_volume_among_the_features_none_is_added(folder):
    found = study(folder, feature_table={"exclude": ["*shape*"]})

    assert "volume" not in found.config.arms


def test_the_volume_is_that_of_the_regions_and_images_of_the_headline():
    of = {"features": ["CT.tumour.*.glcm.*", "PT.rim.original.*"]}
    found = demo({"texture": of}, "texture").config.arms["volume"]

    assert found.features == [
        "CT.tumour.original.morphology.volume_mesh",
        "PT.rim.original.morphology.volume_mesh",
    ]


def test_a_control_headline_has_the_volume_of_its_region():
    of = {"features": ["CT.tumour.original@CT_noise.*"]}
    found = demo({"control": of}, "control").config.arms["volume"]

    assert found.features == ["CT.tumour.original.morphology.volume_mesh"]


def test_recipes_without_morphology_measure_no_volume():
    recipes = whole_demo()["recipes"]
    for recipe in recipes.values():
        recipe["families"] = ["glcm"]
    found = demo({"all": {"features": ["CT.tumour.*"]}}, "all", recipes=recipes)

    assert "volume" not in found.config.arms


def test_the_shipped_demo_lists_all_of_its_company():
    raw = whole_demo()

    assert list(Study(raw, ROOT / "config" / "config.yaml").config.arms) == [
        *raw["arms"]
    ]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("CT.tumour.original.morphology.volume_mesh", True),
        ("*.*.original.shape.VoxelVolume", False),
        ("CT.tumour.unknown.external.Tumour_Volume_mL", True),
        ("CT.tumour.unknown.external.Left_Hippocampus_volume", False),
        ("CT.tumour.original.morphology.surface_volume_ratio", False),
        ("CT.tumour.original.morphology.*", False),
        ("*", False),
    ],
)
def test_a_volume_is_known_by_its_name(name, told):
    assert company.is_volume(name) is told


def test_an_arm_of_volume_and_covariates_is_not_volume_alone():
    assert not company.is_volume_alone(Arm(features=[VOLUME], covariates=["age"]))
    assert company.is_volume_alone(Arm(features=[VOLUME]))


FUSED = {"fusion": {"of": ["images", "age"]}, "label": "Late fusion"}
IMAGES = {"features": ["*"], "harmonizer": "combat", "stability_filter": False}


def fused_study(folder, **arms):
    """A study whose headline arm is fused of a harmonized arm and a clinical one."""
    every = {"age": {"covariates": ["age"]}, "images": IMAGES, "late": FUSED, **arms}
    chosen = {"headline_arm": "late", "reference_arm": "age"}
    return study(folder, every, evaluation=chosen).config.arms


def test_a_fused_headline_gets_the_fusion_of_unharmonized_twins(folder):
    found = fused_study(folder)

    added = ["images_unharmonized", "unharmonized", "site", "volume"]
    assert list(found) == ["age", "images", "late", *added]
    twin = found["images"].model_dump() | {
        "harmonizer": "none",
        "label": "images, not harmonized",
    }
    assert found["images_unharmonized"].model_dump() == twin
    assert found["unharmonized"].fusion.of == ["images_unharmonized", "age"]
    assert found["unharmonized"].label == "Late fusion, not harmonized"
    assert found["volume"].features == [VOLUME]
    assert company.is_unharmonized(found, "unharmonized", "late")


def test_twins_of_members_that_stand_among_the_arms_are_taken(folder):
    plain = IMAGES | {"harmonizer": "none"}
    found = fused_study(folder, plain=plain)

    assert list(found)[4:] == ["unharmonized", "site", "volume"]
    assert found["unharmonized"].fusion.of == ["plain", "age"]


def test_a_fusion_of_twins_among_the_arms_is_the_twin(folder):
    plain = IMAGES | {"harmonizer": "none"}
    late = {"fusion": {"of": ["age", "plain"]}}
    found = fused_study(folder, plain=plain, late_plain=late)

    assert list(found)[5:] == ["site", "volume"]

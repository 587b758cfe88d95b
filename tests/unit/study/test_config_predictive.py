"""Predictive endpoints: what their configuration must say, and who may not know it."""

from pathlib import Path

import pytest
import yaml

from concord.errors import ConfigError
from concord.folds.settings import AssembleCohort
from concord.models.settings.specification import ModelSpecification
from concord.study.study import Study

from ...table_study import BENEFIT, CONFIG, write_study

TREATMENT = BENEFIT["treatment"]


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def study(folder: Path, endpoint: dict, **sections) -> Study:
    """The small table study with one endpoint, and sections changed."""
    config = yaml.safe_load(yaml.safe_dump(CONFIG)) | sections
    config |= {"data_root": str(folder / "data"), "endpoints": {"benefit": endpoint}}
    return Study(config, folder / "config" / "config.yaml")


def faults(folder: Path, endpoint: dict, **sections) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        study(folder, endpoint, **sections)
    lines = str(caught.value).splitlines()[1:]
    return [line.strip().partition(": ")[2] for line in lines]


def treated(**changes) -> dict:
    return BENEFIT | {"treatment": TREATMENT | changes}


def test_its_arms_are_models_of_the_same_outcome(folder):
    binary = study(folder, BENEFIT)
    assert ModelSpecification.of(binary, "benefit", "radiomics").kind == "binary"

    timed = study(folder, BENEFIT | {"time_days": "scanner"})
    assert ModelSpecification.of(timed, "benefit", "radiomics").kind == "survival"


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        (
            {k: v for k, v in BENEFIT.items() if k != "treatment"},
            "endpoints.benefit.treatment: is missing; a predictive endpoint needs",
        ),
        (
            treated(randomized=None),
            "endpoints.benefit.treatment.randomized: expected true or false",
        ),
        (
            treated(control=False),
            "endpoints.benefit.treatment.control: write it in quotation marks",
        ),
        (
            treated(control="surgery"),
            "endpoints.benefit.treatment: control and treated are both 'surgery'",
        ),
        (
            BENEFIT | {"markers": [], "marker_arms": []},
            "endpoints.benefit.markers: is empty, and so is marker_arms",
        ),
        (
            BENEFIT | {"markers": ["aeg"]},
            "endpoints.benefit.markers: 'aeg' is none of the covariates; did you mean",
        ),
        (
            BENEFIT | {"marker_arms": ["radiomic"]},
            "endpoints.benefit.marker_arms: 'radiomic' is none of the arms",
        ),
        (
            BENEFIT | {"adjust": ["stage"]},
            "endpoints.benefit.adjust: 'stage' is none of the covariates",
        ),
        (
            {k: v for k, v in BENEFIT.items() if k != "treatment"}
            | {"kind": "diagnostic"},
            "endpoints.benefit.markers: is of no use without a treatment",
        ),
        (
            BENEFIT | {"kind": "diagnostic", "markers": [], "marker_arms": []},
            "endpoints.benefit.markers: is empty, and so is marker_arms",
        ),
        (
            treated(column="dead", control=0, treated=1),
            "endpoints.benefit.treatment.column: 'dead' is the outcome",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_key(folder, endpoint, expected):
    found = faults(folder, endpoint)

    assert any(line.startswith(expected) for line in found), found


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "diagnostic"},
        {"kind": "prognostic", "time_days": "scanner"},
        {
            "kind": "competing",
            "time_days": "scanner",
            "causes": {1: "relapse", 2: "death"},
        },
    ],
    ids=lambda options: options["kind"],
)
def test_an_endpoint_of_any_kind_may_have_a_treatment(folder, options):
    asked = study(folder, BENEFIT | options)
    without = {k: v for k, v in BENEFIT.items() if k == "event"} | options

    assert asked.endpoint_questions["benefit"] == {options["kind"], "predictive"}
    assert study(folder, without).endpoint_questions["benefit"] == {options["kind"]}


def test_whether_the_treatment_was_randomized_has_no_default(folder):
    given = {k: v for k, v in TREATMENT.items() if k != "randomized"}
    (found,) = faults(folder, BENEFIT | {"treatment": given})

    assert found.startswith("endpoints.benefit.treatment.randomized: this key is miss")
    assert "only if chance alone decided" in found


def test_a_pattern_that_fits_no_feature_of_the_table_is_told(folder):
    (found,) = faults(folder, BENEFIT | {"markers": ["CT.tumour.original.glrlm.*"]})

    assert "endpoints.benefit.markers: 'CT.tumour.original.glrlm.*' fits none" in found


def test_the_treatment_is_no_feature(folder):
    table = CONFIG["feature_table"] | {"features": ["*"], "exclude": ["id", "diag*"]}
    found = faults(folder, treated(column="vendor"), feature_table=table)

    assert any("'vendor' as a feature, which is" in line for line in found)


KNOWN = {
    "covariates": {
        "age": {"column": "age"},
        "operated": {
            "column": "treatment",
            "kind": "category",
            "levels": ["radiotherapy", "surgery"],
        },
    },
    "factors": {},
    "arms": {
        "clinical": {"covariates": ["age", "operated"]},
        "radiomics": CONFIG["arms"]["radiomics"],
    },
}


def test_a_treatment_that_somebody_chose_is_no_predictor(folder):
    (found,) = faults(folder, BENEFIT, **KNOWN)

    assert found.startswith("arms.clinical.covariates: 'operated' reads 'treatment'")
    assert "endpoints.benefit, which was not randomized" in found


def test_a_randomized_treatment_may_predict(folder):
    found = study(folder, treated(randomized=True), **KNOWN)

    assert found.config.arms["clinical"].covariates == ["age", "operated"]


def test_an_added_clinical_arm_does_not_know_the_treatment(folder):
    arms = {"radiomics": CONFIG["arms"]["radiomics"]}
    judged = CONFIG["evaluation"] | {"reference_arm": "radiomics"}
    sections = KNOWN | {"arms": arms, "evaluation": judged}

    chosen = study(folder, BENEFIT, **sections).config.arms["clinical"]
    assert chosen.covariates == ["age"]
    drawn = study(folder, treated(randomized=True), **sections).config.arms["clinical"]
    assert drawn.covariates == ["age", "operated"]


@pytest.mark.parametrize("option", ["markers", "adjust"])
def test_the_treatment_is_not_its_own_marker(folder, option):
    arms = {"clinical": {"covariates": ["age"]}} | {"radiomics": {"features": ["*"]}}
    endpoint = BENEFIT | {option: ["operated"]}
    (found,) = faults(folder, endpoint, **(KNOWN | {"arms": arms}))

    assert f"endpoints.benefit.{option}: 'operated' reads 'treatment'" in found


def test_the_cohort_is_made_again_for_another_treatment_but_not_another_marker(folder):
    before = study(folder, BENEFIT).settings(AssembleCohort)
    other_marker = study(folder, BENEFIT | {"markers": ["age"], "adjust": ["age"]})
    declared = study(folder, treated(randomized=True, label="Surgery"))
    swapped = treated(control="surgery", treated="radiotherapy")

    assert other_marker.settings(AssembleCohort) == before
    assert declared.settings(AssembleCohort) == before
    assert study(folder, swapped).settings(AssembleCohort) != before


def test_a_score_that_knows_a_randomized_treatment_is_no_marker(folder):
    endpoint = treated(randomized=True) | {"marker_arms": ["clinical", "radiomics"]}
    (found,) = faults(folder, endpoint, **KNOWN)

    assert found.startswith("endpoints.benefit.marker_arms: 'clinical' predicts from")

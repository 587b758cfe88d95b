"""Real tables of other tools enter as they are; what is known of them is found."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from concord import tables
from concord.errors import ConfigError
from concord.feature_import import batches as imported_batches
from concord.feature_import import importing
from concord.feature_import.settings import ImportFeatures
from concord.folds import cohort as cohorts
from concord.folds.settings import AssembleCohort
from concord.folds.splitting import SubjectRows
from concord.harmonization.confounding_settings import ConfoundingSection
from concord.harmonization.diagnostics.nesting import nesting
from concord.ingest.acquisition import facts
from concord.models import fold_fit
from concord.models.arm import arm_data
from concord.models.settings.specification import ModelSpecification
from concord.statistics.discrimination import concordance
from concord.study.study import Study

from ..batch_rows import batch_effect

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "config" / "nsclc" / "config.yaml"

#: Two other tables, described as their files are.
OTHERS = {
    "glioma": {
        "sheets": {
            "subjects": "{data_root}/glioma_idh4_features.csv.gz",
            "site_column": "institution",
        },
        "feature_table": {
            "path": "{data_root}/glioma_idh4_features.csv.gz",
            "image": "MR",
            "region": "tumour",
            "features": ["*"],
            "exclude": ["subject_id", "institution", "idh_mutant"],
            "name_style": "as_given",
        },
        "harmonization": {"batch": {"MR": "site"}},
        "endpoints": {"idh": {"kind": "binary", "event": "idh_mutant"}},
    },
    "radiogenomics": {
        "sheets": {"subjects": "{data_root}/nsclc_radiogenomics_features.csv.gz"},
        "feature_table": {
            "path": "{data_root}/nsclc_radiogenomics_features.csv.gz",
            "image": "CT",
            "region": "tumour",
            "features": ["T1_ED_*"],
            "name_style": "as_given",
            "missing": ["#NAME?"],
            "batch_columns": ["manufacturer", "kernel"],
        },
        "harmonization": {"batch": {"CT": "manufacturer"}},
        "endpoints": {
            "death": {"kind": "survival", "event": "os_event", "time_days": "os_days"}
        },
    },
}


def other(name: str, **table) -> dict:
    """A whole configuration of one of the other tables."""
    config = json.loads(json.dumps(OTHERS[name]))
    config["feature_table"] |= table
    return config | {
        "study": {"name": name},
        "arms": {"radiomics": {"features": ["*"], "stability_filter": False}},
        "evaluation": {"headline_arm": "radiomics", "reference_arm": "radiomics"},
    }


def study_of(shared_data: Path, config: dict) -> Study:
    return Study(config | {"data_root": str(shared_data / "tables")}, SHIPPED)


def imported(study: Study):
    """What rule import_features takes from the table, and its batch variables."""
    settings = ImportFeatures.of(study)
    table = tables.read_feature_table(study.feature_tables, settings.table.missing)
    subjects = tables.read_sheet(study.subject_sheets)
    site_of = importing.site_of_subjects(subjects, settings)
    name = ", ".join(Path(path).name for path in study.feature_tables)
    found = importing.import_features(table, site_of, settings, name)
    batches = imported_batches.batch_facts(
        table, found.keys, subjects, site_of, settings, name
    )
    return found, batches


@pytest.fixture(scope="module")
def nsclc(shared_data, tmp_path_factory):
    """The shipped study, its features, and its cohort."""
    study = study_of(shared_data, yaml.safe_load(SHIPPED.read_text()))
    found, batches = imported(study)
    path = tmp_path_factory.mktemp("nsclc") / "batches.tsv"
    tables.write(batches, path, "batch_facts")
    sheet = tables.read_sheet(study.subject_sheets)
    known = facts.read_facts(path)
    cohort, _ = cohorts.assemble(sheet, known, AssembleCohort.of(study))
    return study, found, cohort


def test_973_of_976_patients_of_six_institutions_have_976_features(nsclc):
    _, found, cohort = nsclc

    assert len(cohort) == 976
    assert found.matrix.shape == (973, 976 + 6)
    assert {e["subject_id"]: e["code"] for e in found.exclusions} == dict.fromkeys(
        ("HarvardRT_151", "HarvardRT_241", "Maastro_LUNG1-286"), "NO_FEATURES"
    )
    assert Counter(found.matrix["site"]) == {
        "HarvardRT": 291,
        "Maastro": 210,
        "Moffitt": 183,
        "Radboud": 104,
        "MUMC": 88,
        "M-SPORE": 97,
    }


def test_the_thirty_patients_without_an_id_are_named_by_their_row(nsclc):
    _, found, cohort = nsclc
    named = {s for s in cohort["subject_id"] if s.startswith("row-")}
    of_site = cohort.set_index("subject_id")["site"]

    five = {"row-472", "row-473", "row-480", "row-483", "row-486"}
    assert {s for s in named if of_site[s] == "Maastro"} == five
    assert len({s for s in named if of_site[s] == "MUMC"}) == 25
    assert len(named) == 30
    assert named < set(found.matrix["subject_id"])


def test_names_of_pyradiomics_tell_filter_and_family(nsclc):
    _, found, _ = nsclc
    parts = [name.split(".") for name in found.columns]

    assert Counter(family for _, family, _ in parts)["external"] == 0
    assert {kind for kind, _, _ in parts} >= {"original", "log-sigma-5-mm-3D"}
    assert found.columns["original.morphology.volume"] == "original_shape_Volume"


def test_site_and_outcome_and_treatment_go_together(nsclc):
    _, _, cohort = nsclc
    rates = cohort.groupby("site")["event.alive_2_years"].mean()
    treatment = nesting(cohort, ConfoundingSection(), seed=1)

    assert rates.round(2).to_dict() == {
        "HarvardRT": 0.54,
        "Maastro": 0.28,
        "Moffitt": 0.73,
        "Radboud": 0.27,
        "MUMC": 0.73,
        "M-SPORE": 0.82,
    }
    assert treatment["nested"].all()
    assert treatment.groupby("level")["group"].agg(set).to_dict() == {
        "radiotherapy": {"HarvardRT", "Maastro", "Radboud"},
        "surgery": {"M-SPORE", "MUMC", "Moffitt"},
    }


FIRST_THREE = ("HarvardRT", "Maastro", "Moffitt")


def test_94_percent_of_the_features_differ_between_three_institutions(nsclc):
    _, found, _ = nsclc
    of_three = found.matrix["site"].isin(FIRST_THREE)
    found = replace(found, matrix=found.matrix[of_three])
    site = found.matrix["site"]
    p_values = [
        batch_effect(found.matrix[name], site)["p_value"] for name in found.columns
    ]

    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.94, abs=0.01)


def test_plain_radiomics_transports_as_poorly_as_known(nsclc):
    # The known values are those of a study of three institutions.
    study, found, cohort = nsclc
    cohort = cohort[cohort["site"].isin(FIRST_THREE)].reset_index(drop=True)
    matrix = found.matrix[found.matrix["site"].isin(FIRST_THREE)]
    found = replace(found, matrix=matrix.reset_index(drop=True))
    plan = ModelSpecification.of(study, "alive_2_years", "unharmonized")
    whole = arm_data(SubjectRows(cohort, found.matrix), plan)
    areas = {}
    for site in FIRST_THREE:
        left_out = (whole.predictors["group"] == site).to_numpy()
        known = whole.only(whole.predictors.index[~left_out])
        new = whole.only(whole.predictors.index[left_out])
        new = new.only(new.fittable())
        fit = fold_fit.fit_development(known, plan)
        event = new.outcome["event"].to_numpy()
        areas[site] = concordance(event, fit.decision_function(new.predictors)).value

    # Another selection and model on the same table gave these.
    known_areas = {"HarvardRT": 0.57, "Maastro": 0.58, "Moffitt": 0.50}
    assert areas == pytest.approx(known_areas, abs=0.06)


def test_the_glioma_table_of_four_institutions_enters(shared_data):
    found, batches = imported(study_of(shared_data, other("glioma")))

    assert found.matrix.shape == (168, 683 + 6)
    assert not found.exclusions
    assert batches.empty
    assert found.columns["unknown.external.Gdzscore_ara_of_Gd"] == "Gdzscore_ara of Gd+"


def test_the_table_with_scanners_enters_once_its_word_for_missing_is_declared(
    shared_data,
):
    found, batches = imported(study_of(shared_data, other("radiogenomics")))

    assert found.matrix.shape == (204, 102 + 6)
    assert {u["subject_id"] for u in found.undefined} == {"R01-159"}
    assert len(found.undefined) == 8
    vendor = batches[batches["variable"] == "manufacturer"]
    assert Counter(vendor["value"].fillna("none")) == {
        "GE MEDICAL SYSTEMS": 139,
        "SIEMENS": 53,
        "Philips": 6,
        "none": 5,
        "TOSHIBA": 1,
    }
    with pytest.raises(ConfigError, match=r"Eccentricity': '#NAME\?' is a formula"):
        imported(study_of(shared_data, other("radiogenomics", missing=[])))

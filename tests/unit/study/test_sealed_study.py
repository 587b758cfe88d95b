"""A study with sealed subjects: what it reads of them, and what it never hands on."""

import csv
from copy import deepcopy

import pytest

from concord.errors import ConfigError
from concord.evaluation.sealed.settings import OpenSealed, judged_arms
from concord.feature_import.settings import ImportFeatures
from concord.folds.settings import AssembleCohort
from concord.ingest.acquisition.settings import Drift
from concord.ingest.settings import ProposeBatches
from concord.report.registration.settings import RegisterPlan, config_digest
from concord.stability.settings import Stability
from concord.study.study import Study

from ...table_study import CONFIG, write_rows, write_study

OPENING = {"config": "c", "registered": "no"}


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def study(folder, sealed=("West",), **validation):
    raw = deepcopy(CONFIG) | {"data_root": str(folder / "data")}
    raw["validation"] |= {"sealed": {"group": list(sealed)}} | validation
    return Study(raw, folder / "config" / "config.yaml")


def edited(folder, change):
    """The subjects sheet with other cells in some rows."""
    path = folder / "config" / "subjects.tsv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    write_rows(path, [row | change(row) for row in rows], "\t")


def flipped(*sites):
    return lambda row: (
        {"dead": str(1 - int(row["dead"]))} if row["site"] in sites else {}
    )


SETTINGS = {
    AssembleCohort: {},
    ImportFeatures: {},
    Stability: {},
    Drift: {},
    ProposeBatches: {},
    OpenSealed: OPENING,
    RegisterPlan: {"codes": "{}"},
}


@pytest.mark.parametrize("kind", SETTINGS, ids=lambda kind: kind.__name__)
def test_sealed_outcomes_change_the_settings_of_no_rule(folder, kind):
    before = study(folder).settings(kind, **SETTINGS[kind])
    edited(folder, flipped("West"))

    assert study(folder).settings(kind, **SETTINGS[kind]) == before


@pytest.mark.parametrize("site", ["North", "South"])
def test_other_outcomes_change_those_of_the_cohort_alone(folder, site):
    before = {k: study(folder).settings(k, **SETTINGS[k]) for k in SETTINGS}
    edited(folder, flipped(site))
    after = {k: study(folder).settings(k, **SETTINGS[k]) for k in SETTINGS}

    changed = {kind for kind in SETTINGS if before[kind] != after[kind]}
    assert changed == {AssembleCohort, OpenSealed}


def test_a_plan_knows_no_outcome_at_all(folder):
    before = study(folder).plan_digests()
    edited(folder, lambda row: {"dead": "0"})
    assert study(folder).plan_digests() == before

    edited(folder, lambda row: {"age": "50"})
    assert study(folder).plan_digests() != before


def test_rules_that_learn_without_the_cohort_are_told_who_is_sealed(folder):
    known = study(folder)

    for kind in (Stability, Drift, ProposeBatches):
        assert kind.of(known).sealed == list(known.sealed), kind
    assert len(known.sealed) == 14
    assert AssembleCohort.of(known).sealed == known.sealed


def test_a_fault_of_a_sealed_outcome_is_not_seen_before_the_seal_is_opened(folder):
    edited(folder, lambda row: {"dead": "9"} if row["site"] == "West" else {})

    assert study(folder).sealed


def test_a_covariate_that_gives_the_outcome_away_is_judged_without_the_sealed(folder):
    def age_is_outcome(row):
        return {"age": row["dead"] if row["site"] != "West" else "55"}

    edited(folder, age_is_outcome)
    with pytest.raises(ConfigError, match=r"of 1\.00 \(\d+ events in 28 subjects\)"):
        study(folder)


def test_sealed_subjects_are_neither_measured_again_nor_mapped(folder):
    share = study(folder, sealed=["West"])

    assert share._first("West-0", None) == []
    assert len(share._first("North-0", None)) > 0


def test_scans_of_sealed_subjects_are_no_phantom(folder):
    (folder / "config" / "phantom.tsv").write_text(
        "subject_id\tsite\nW01\tWest\nX\tX\n"
    )
    raw = deepcopy(CONFIG) | {"data_root": str(folder / "data")}
    raw["validation"] |= {"sealed": {"group": "West"}}
    raw["harmonization"] |= {"fit_on": "phantom", "phantom_table": "phantom.tsv"}

    with pytest.raises(ConfigError, match=r"1 subjects with scans are sealed \(W01\)"):
        Study(raw, folder / "config" / "config.yaml")


def test_baselines_are_judged_on_the_sealed_only_under_a_registered_plan(folder):
    config = study(folder).config

    assert judged_arms(config, registered=False) == ["radiomics", "clinical"]
    assert set(judged_arms(config, registered=True)) > {"radiomics", "clinical"}


def test_the_hash_of_a_configuration_knows_no_place_and_no_title(folder):
    one = study(folder)
    raw = deepcopy(CONFIG) | {"data_root": str(folder / "data")}
    raw |= {"report": {"title": "Another title"}}
    raw["validation"] |= {"sealed": {"group": ["West"]}}
    other = Study(raw, folder / "config" / "config.yaml")

    assert config_digest(one.config) == config_digest(other.config)
    assert config_digest(one.config) != config_digest(study(folder, repeats=2).config)

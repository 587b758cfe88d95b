"""RO-Crate of a study: read back, whole, and without names of subjects or places."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from rocrate.rocrate import ROCrate

from concord.files import sha256
from concord.report.settings import ReportSection
from concord.report.sharing import crate
from concord.report.sharing.settings import PackCrate

ENDED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SETTINGS = PackCrate(
    study="Small",
    demonstration=None,
    report=ReportSection(authors=["Ann", "Bob"], data_licence="CC BY 4.0"),
    values={"study.seed": 1},
    sheets={"subjects": "abcd"},
    rows={"subjects": 4, "images": 40},
)


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Results of a table and a folder whose files name a subject."""
    monkeypatch.chdir(tmp_path)
    folder = Path("results/images/A")
    folder.mkdir(parents=True)
    names = ["results/a.tsv", f"{folder}/sub-S001.nii", f"{folder}/sub-S002.nii"]
    for name in names:
        Path(name).write_text(name)
    return pd.DataFrame(
        {
            "file": names,
            "result": ["results/a.tsv", str(folder), str(folder)],
            "sha256": list(map(sha256, names)),
            "size": [Path(name).stat().st_size for name in names],
            "rule": ["first", "second", pd.NA],
        }
    )


def packed(manifest, settings=SETTINGS):
    """The crate's entities by id, as the library reads them back."""
    crate.write_added(settings, "rule all:\n    input: []\n")
    found = crate.crate(settings, manifest, {"snakemake": "9.1", "numpy": "2"}, ENDED)
    crate.write(
        found, "results/ro-crate-metadata.json", "results/ro-crate-preview.html"
    )
    return ROCrate("results")


def test_the_crate_is_a_workflow_run_with_all_that_it_needs(study):
    read = packed(study)

    profiles = {one.id for one in read.root_dataset["conformsTo"]}
    assert profiles == set(crate.PROFILES)
    workflow = read.mainEntity
    assert "ComputationalWorkflow" in workflow.type
    assert workflow["programmingLanguage"]["name"] == "Snakemake"
    run = read.root_dataset["mentions"]
    assert run.type == "CreateAction"
    assert run["instrument"] == workflow
    assert run["endTime"] == ENDED.isoformat()
    assert {one.id for one in run["object"]} == set(crate.GIVEN)
    assert {one.id for one in run["result"]} == {"a.tsv", "images/A/"}
    assert [one["name"] for one in run["agent"]] == ["Ann", "Bob"]
    assert read.license == "CC BY 4.0"
    software = {
        one["name"]: one["softwareVersion"]
        for one in read.get_by_type("SoftwareApplication")
    }
    assert software == {"snakemake": "9.1", "numpy": "2"}


def test_every_reference_leads_to_an_entity_and_every_file_exists(study):
    packed(study)
    graph = json.loads(Path("results/ro-crate-metadata.json").read_text())["@graph"]
    ids = {one["@id"] for one in graph}

    def references(value):
        if isinstance(value, dict):
            yield value["@id"]
        elif isinstance(value, list):
            for one in value:
                yield from references(one)

    named = {one for entity in graph for v in entity.values() for one in references(v)}
    outside = {one for one in named - ids if not one.startswith("https://")}
    assert outside == set()
    for entity in graph:
        if "File" in entity["@type"]:
            path = Path("results", entity["@id"])
            assert entity["sha256"] == sha256(path)
            assert entity["contentSize"] == str(path.stat().st_size)


def test_no_subject_is_named_and_no_place(study, tmp_path):
    packed(study)
    for path in Path("results").rglob("*.*"):
        if path.parent.name != "A" and path.suffix in (".json", ".html"):
            text = path.read_text()
            assert "S001" not in text, path
            assert str(tmp_path) not in text, path


def test_a_folder_stands_by_count_size_and_hash(study):
    (found,) = [one for one in packed(study).data_entities if one.id == "images/A/"]
    assert found.type == "Dataset"
    assert "2 files" in found["description"]
    assert found["size"] == str(study["size"][1:].sum())


def test_few_rows_of_a_sheet_are_not_told(study):
    hidden = SETTINGS.model_copy(
        update={"report": SETTINGS.report.model_copy(update={"smallest_cell": 5})}
    )
    packed(study, hidden)
    inputs = json.loads(Path("results/crate/inputs.json").read_text())
    assert inputs["rows"] == {"subjects": "< 5", "images": 40}


def test_the_crate_is_written_alike_again(study):
    packed(study)
    before = Path("results/ro-crate-metadata.json").read_bytes()
    packed(study)
    assert Path("results/ro-crate-metadata.json").read_bytes() == before


def test_the_preview_loads_nothing(study):
    packed(study)
    page = Path("results/ro-crate-preview.html").read_text()
    assert "<script" not in page
    assert "src=" not in page
    assert "<link" not in page


def test_no_licence_and_no_author_are_no_fault(study):
    bare = SETTINGS.model_copy(update={"report": ReportSection()})
    read = packed(study, bare)
    assert read.license == crate.UNDECLARED
    assert "agent" not in read.root_dataset["mentions"]

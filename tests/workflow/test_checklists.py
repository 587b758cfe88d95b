"""Checklists, manifest and research object of a finished study."""

import json
from pathlib import Path

import pytest

from concord import tables
from concord.files import sha256
from concord.report.checklists.filling import FROM_FACTS, NOT_EVIDENCED
from concord.report.checklists.items import FILES
from concord.report.sharing import manifest

from .conftest import StudyFolder


@pytest.fixture(scope="module")
def folder(finished_table_study) -> Path:
    """The folder of the finished study; nothing is changed in it."""
    return finished_table_study.folder


def filled(folder: Path, name: str):
    """Rows of a filled checklist."""
    return tables.read(folder / f"results/report/checklists/{name}.tsv", "checklist")


@pytest.mark.parametrize("name", FILES)
def test_every_item_from_facts_names_files_that_exist(folder, name):
    rows = filled(folder, name)
    proven = rows[rows["state"] == FROM_FACTS]

    assert len(proven) > 5
    for file in proven["file"]:
        named = [one for one in file.split() if one.startswith("results/")]
        assert named or "configuration" in file, file
        assert all((folder / one).is_file() for one in named), file


def test_what_a_study_of_a_table_lacks_is_not_evidenced_and_says_why(folder):
    rows = filled(folder, "clear").set_index("item")

    assert rows.loc["31", "state"] == NOT_EVIDENCED
    assert "the study makes no stability" in rows.loc["31", "value"]
    assert rows.loc["38", "state"] == FROM_FACTS


def test_the_report_counts_the_items_and_links_the_lists(folder):
    page = (folder / "results/report/report.html").read_text("utf-8")
    assert 'href="checklists/clear.html"' in page
    assert "The counts are no score." in page
    assert (folder / "results/report/data_card.md").is_file()


def test_the_manifest_lists_what_lies_there(folder):
    rows = tables.read(folder / manifest.FILE, "manifest")

    assert rows["file"].is_monotonic_increasing
    assert {"results/report/report.html", "results/cohort/cohort.tsv"} <= {
        *rows["file"]
    }
    assert not rows["file"].str.startswith(("private/", "results/benchmarks")).any()
    assert not rows["rule"].isna().any()
    for file, digest in zip(rows["file"], rows["sha256"], strict=True):
        assert sha256(folder / file) == digest


def test_swapped_results_are_named_and_a_crate_is_made_on_demand(
    finished_table_study, tmp_path
):
    study: StudyFolder = finished_table_study.copy(tmp_path / "study")
    run = study.snakemake("crate")
    assert run.returncode == 0, run.stdout
    graph = json.loads((study.folder / "results/ro-crate-metadata.json").read_text())
    ids = {one["@id"] for one in graph["@graph"]}
    assert {"evaluation/death_performance.tsv", "#run", "crate/Snakefile"} <= ids

    pair = [
        study.folder / f"results/evaluation/death_{name}.tsv"
        for name in ("performance", "comparisons")
    ]
    first, second = (path.read_bytes() for path in pair)
    pair[0].write_bytes(second)
    pair[1].write_bytes(first)
    run = study.snakemake("verify")
    assert run.returncode != 0
    assert "it holds what results/evaluation/death_comparisons.tsv held" in run.stdout

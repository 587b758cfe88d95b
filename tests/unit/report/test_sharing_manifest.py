"""Manifest of the results: what it lists, and what it tells of files since."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from concord import records, tables
from concord.files import sha256
from concord.report.sharing import manifest

TARGETS = ["results/b.tsv", "private/draft.tsv"]


def record(rule, read, wrote):
    job = {"rule": rule, "input": read, "output": wrote, "log": [f"logs/{rule}.log"]}
    params = SimpleNamespace(spec="{}", code="c0de")
    records.write_record(SimpleNamespace(**job, params=params))


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Two jobs with a table each, a folder and a private file; and their manifest."""
    monkeypatch.chdir(tmp_path)
    Path("results/images").mkdir(parents=True)
    Path("results/benchmarks").mkdir()
    Path("results/benchmarks/first.tsv").write_text("3 s\n")
    Path("private").mkdir()
    Path("private/draft.tsv").write_text("who\n")
    Path("results/a.tsv").write_text("1\n")
    Path("results/images/x.nii").write_text("x")
    record("first", [], ["results/a.tsv", "results/images", "private/draft.tsv"])
    Path("results/b.tsv").write_text("2\n")
    record("second", ["results/a.tsv", "results/images"], ["results/b.tsv"])
    write()


def write():
    rows = [vars(one) for one in manifest.listed(TARGETS)]
    tables.write(rows, manifest.FILE, "manifest")


def found():
    checked = manifest.with_manifest(records.check(TARGETS))
    return [(one.file, one.state) for one in checked.departures]


def test_every_result_is_listed_with_its_hash_size_and_rule_and_nothing_private(study):
    rows = tables.read(manifest.FILE, "manifest").to_dict("records")

    assert [(row["file"], row["size"], row["rule"]) for row in rows] == [
        ("results/a.tsv", 2, "first"),
        ("results/b.tsv", 2, "second"),
        ("results/images/x.nii", 1, "first"),
    ]
    assert all(row["sha256"] == sha256(row["file"]) for row in rows)


def test_the_manifest_is_written_alike_again(study):
    before = Path(manifest.FILE).read_bytes()
    write()
    assert Path(manifest.FILE).read_bytes() == before


def test_results_as_they_were_depart_in_nothing(study):
    assert found() == []


def test_an_edited_file_is_told_once(study):
    Path("results/a.tsv").write_text("7\n")
    assert found() == [("results/a.tsv", "changed")]


def test_swapped_files_are_told_with_what_they_hold(study):
    Path("results/a.tsv").write_text("2\n")
    Path("results/b.tsv").write_text("1\n")
    checked = manifest.with_manifest(records.check(TARGETS))

    told = {one.file: (one.state, one.text) for one in checked.departures}
    assert told["results/a.tsv"][0] == told["results/b.tsv"][0] == "swapped"
    assert "it holds what results/b.tsv held" in told["results/a.tsv"][1]


def test_removed_edited_and_swapped_files_are_told_without_any_record(study):
    shutil.rmtree("private")
    Path("results/a.tsv").unlink()
    Path("results/b.tsv").write_text("9\n")
    Path("results/images/x.nii").write_text("1\n")
    checked = manifest.with_manifest(records.check(TARGETS))

    assert [(one.file, one.state) for one in checked.departures] == [
        ("results/a.tsv", "missing"),
        ("results/b.tsv", "manifest"),
        ("results/images/x.nii", "swapped"),
    ]
    assert checked.n_files == 3


def test_a_file_that_was_edited_with_its_record_departs_from_the_manifest(study):
    Path("results/b.tsv").write_text("3\n")
    record("second", ["results/a.tsv", "results/images"], ["results/b.tsv"])
    assert found() == [("results/b.tsv", "manifest")]


def test_a_file_that_was_edited_before_the_listing_has_no_rule(study):
    Path("results/a.tsv").write_text("7\n")
    write()

    rows = tables.read(manifest.FILE, "manifest").set_index("file")
    assert rows["rule"].fillna("").to_dict() == {
        "results/a.tsv": "",
        "results/b.tsv": "second",
        "results/images/x.nii": "first",
    }
    assert found() == [("results/a.tsv", "changed")]


def test_without_a_manifest_the_records_alone_are_told(study):
    Path(manifest.FILE).unlink()
    Path("results/b.tsv").unlink()
    assert found() == [("results/b.tsv", "missing")]

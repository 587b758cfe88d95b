"""concord.records: what jobs wrote is told from what lies there now."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from concord import provenance, records
from concord.errors import StudyError
from concord.files import read_json

WRITTEN = "results/a.tsv", "results/images", "results/b.tsv"


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Two jobs: the second reads a table and a folder that the first wrote."""
    monkeypatch.chdir(tmp_path)
    Path("results/images").mkdir(parents=True)
    Path("results/a.tsv").write_text("1\n")
    Path("results/images/x.nii").write_text("x")
    Path("results/images/.snakemake_timestamp").touch()
    Path("data.csv").write_text("outside")
    first = job("first", ["data.csv"], WRITTEN[:2])
    records.write_record(first)
    Path("results/b.tsv").write_text("2\n")
    records.write_record(job("second", WRITTEN[:2], WRITTEN[2:]))


def job(rule, read, wrote):
    return SimpleNamespace(
        rule=rule,
        input=read,
        output=wrote,
        log=[f"logs/{rule}/A.log"],
        params=SimpleNamespace(spec="{}", code="c0de"),
    )


def found(folders=True):
    checked = records.check(["results/b.tsv"], folders)
    return [(one.file, one.rule, one.state) for one in checked.departures]


def test_results_as_they_were_written_depart_in_nothing(study):
    Path("results/images/.snakemake_timestamp").touch()
    checked = records.check(["results/b.tsv", "results/not_made_yet.tsv"])

    assert checked.departures == ()
    assert checked.n_files == 3
    assert checked.kernels == {provenance.numeric_kernel(): 2}
    assert np.__name__ in provenance.numeric_kernel()


def test_a_record_holds_hashes_and_nothing_of_what_comes_from_outside(study):
    record = read_json("private/records/first/A.json")

    assert record["rule"] == "first"
    assert set(record["outputs"]) == set(WRITTEN[:2])
    assert set(record["outputs"]["results/images"]) == {"x.nii"}
    assert record["inputs"] == {}
    assert set(read_json("private/records/second/A.json")["inputs"]) == set(WRITTEN[:2])


@pytest.mark.parametrize("target", ["results/a.tsv", "results/images/x.nii"])
def test_an_edited_file_is_told_whatever_its_time(study, target):
    path = Path(target)
    path.write_text("y")
    assert found() == [(target, "first", "changed")]


def test_without_folders_only_the_names_in_them_are_looked_at(study):
    Path("results/images/x.nii").write_text("y")
    assert found(folders=False) == []
    Path("results/images/x.nii").unlink()
    Path("results/images/z.nii").touch()
    assert found(folders=False) == [
        ("results/images/x.nii", "first", "missing"),
        ("results/images/z.nii", "first", "changed"),
    ]


def test_a_deleted_intermediate_is_missed(study):
    Path("results/a.tsv").unlink()
    assert found() == [("results/a.tsv", "first", "missing")]


def test_what_was_made_of_an_edited_table_stays_known_after_it_is_put_back(study):
    Path("results/a.tsv").write_text("edited\n")
    records.write_record(job("second", WRITTEN[:2], WRITTEN[2:]))
    Path("results/a.tsv").write_text("1\n")
    assert found() == [("results/b.tsv", "second", "other_input")]


def test_a_result_of_no_job_is_told(study):
    Path("results/c.tsv").write_text("3\n")
    records.write_record(job("second", ["results/c.tsv"], WRITTEN[2:]))
    assert found() == [("results/c.tsv", "", "unrecorded")]


def test_without_records_nothing_can_be_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("results").mkdir()
    Path("results/b.tsv").touch()
    assert records.check(["results/b.tsv"]) == records.Checked()


def test_the_refusal_names_the_first_files_and_the_remedy(study):
    records.require_as_recorded(records.check(["results/b.tsv"]))
    for number in range(25):
        Path(f"results/images/{number}").touch()
    with pytest.raises(StudyError) as caught:
        records.require_as_recorded(records.check(["results/b.tsv"]))
    text = str(caught.value)
    assert text.startswith("Not as recorded are 25 files of 1 of the 3 results:")
    assert "results/images/0: no file of first" in text
    assert "and 5 more" in text
    assert "snakemake --forcerun results/images" in text


def test_files_of_folders_are_told_with_rule_and_hash(study):
    found = records.recorded(["results/b.tsv", "results/not_made_yet.tsv"])

    assert {file: (one.result, one.rule) for file, one in found.items()} == {
        "results/a.tsv": ("results/a.tsv", "first"),
        "results/images/x.nii": ("results/images", "first"),
        "results/b.tsv": ("results/b.tsv", "second"),
    }
    assert found["results/a.tsv"].hash == records.hashes("results/a.tsv")

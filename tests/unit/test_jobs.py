"""concord.jobs: a job that departs from its plan fails, any other leaves a record."""

import json
import logging
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from concord import jobs, planned
from concord.errors import ChangedFileError
from concord.files import read_json
from concord.planned import RUN, SourceStates
from concord.provenance import SCRIPTS


@pytest.fixture
def job(tmp_path, monkeypatch):
    """A job that reads a folder of two files and copies a sheet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN, str(tmp_path / "run"))
    monkeypatch.setattr(logging, "basicConfig", lambda **_: None)
    monkeypatch.setattr(logging, "captureWarnings", lambda _: None)
    for name in ("source", "run", "results", "logs"):
        Path(name).mkdir()
    Path("source/1.dcm").write_text("slice")
    Path("sheet.tsv").write_text("row\n")
    spec = {"sources": {"source": SourceStates().of("source")}, "rows": []}
    return SimpleNamespace(
        rule="copy",
        wildcards={},
        log=["logs/copy.log"],
        input=["source", "sheet.tsv"],
        output=["results/copy.tsv"],
        params=SimpleNamespace(spec=json.dumps(spec), code="c0de"),
    )


def copy(job):
    Path(job.output[0]).write_text(Path("sheet.tsv").read_text())


def test_a_job_leaves_a_record_of_what_it_wrote(job):
    Path("results/.99.copy.tsv").touch()
    jobs.run(copy, job)

    record = read_json("private/records/copy.json")
    assert list(record["outputs"]) == ["results/copy.tsv"]
    assert [path.name for path in Path("results").iterdir()] == ["copy.tsv"]


def test_a_source_that_changes_while_it_is_read_fails_the_job(job):
    def disturbed(job):
        copy(job)
        Path("source/1.dcm").write_text("another slice")

    with pytest.raises(ChangedFileError, match="source 1 of 1 of this job changed"):
        jobs.run(disturbed, job)
    assert not Path("private").exists()


@pytest.mark.parametrize("edited", [False, True])
def test_a_sheet_that_is_not_as_the_run_knew_it_fails_the_job(job, edited):
    jobs_of_run = {"sheet.tsv": "0" * 64} if edited else {}
    Path("run/inputs.json").write_text(json.dumps(jobs_of_run))
    if not edited:
        jobs.run(copy, job)
        return
    with pytest.raises(ChangedFileError, match=r"sheet\.tsv was edited while the run"):
        jobs.run(copy, job)


@pytest.mark.parametrize(("touched", "code"), [(0, "c0de"), (1, "c0de"), (1, "")])
def test_a_job_of_other_code_than_its_run_fails(job, monkeypatch, touched, code):
    Path("run/inputs.json").write_text("{}")
    script = SCRIPTS / "drift.py"
    monkeypatch.setattr("__main__.__file__", f"/x/tmp1.{script.name}", raising=False)
    monkeypatch.setattr(planned, "code_fingerprint", lambda name: code or name)
    newest = max(path.stat().st_ctime_ns for path in SCRIPTS.rglob("*.py"))
    os.utime("run/inputs.json", ns=(0, 0 if touched else newest))
    if code:
        jobs.run(copy, job)
        return
    with pytest.raises(ChangedFileError, match=r"the code of drift\.py changed"):
        jobs.run(copy, job)

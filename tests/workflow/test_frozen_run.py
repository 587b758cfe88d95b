"""What is edited while a run is going is not computed with, or the job refuses."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from concord import planned, provenance
from concord.files import read_json
from concord.planned import RUN
from concord.study.study import Study

from ..table_study import write_study
from .conftest import ROOT, StudyFolder

DICTIONARY = "results/features/dictionary.tsv"


@pytest.fixture
def study(tmp_path) -> StudyFolder:
    """A small study of a table; nothing of it has run."""
    return StudyFolder(write_study(tmp_path / "study"))


def keep(study: StudyFolder, run: Path, monkeypatch, **codes: str) -> None:
    """Keep what the first process of a run read, as its hook at the start does."""
    monkeypatch.chdir(study.folder)
    read = Study(study.config(), Path("config/config.yaml"))
    name = "import_features.py"
    known = {name: provenance.code_fingerprint(name)}
    planned.freeze(str(run), read.as_read(known | codes, []), read.hashes)


def job_on_a_cluster(study: StudyFolder, run: Path):
    """Run one job as an executor starts it on another machine."""
    command = [sys.executable, "-m", "snakemake"]
    command += [
        "--snakefile",
        str(ROOT / "Snakefile"),
        "--directory",
        str(study.folder),
        "--mode",
        "remote",
        "--cores",
        "1",
    ]
    command += ["--target-jobs", "import_features:", "--allowed-rules"]
    command += ["import_features", "--force", "--nolock", "--no-hooks"]
    command += ["--ignore-incomplete", "--runtime-source-cache-path", str(run)]
    return subprocess.run(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


@pytest.mark.parametrize("kept", [True, False])
def test_a_job_on_a_cluster_computes_with_what_its_run_read(
    study, tmp_path, monkeypatch, kept
):
    run = tmp_path / "cache-of-the-run"
    run.mkdir()
    if kept:
        keep(study, run, monkeypatch)
    study.change("feature_table.software", "another 9.9")
    done = job_on_a_cluster(study, run)

    assert done.returncode == 0, done.stdout
    written = (study.folder / DICTIONARY).read_text()
    assert ("pyradiomics 3.1.0" in written) is kept
    assert ("another 9.9" in written) is not kept


def test_a_job_on_a_cluster_refuses_other_code_than_its_run(
    study, tmp_path, monkeypatch
):
    run = tmp_path / "cache-of-the-run"
    run.mkdir()
    keep(study, run, monkeypatch, **{"import_features.py": "other"})
    done = job_on_a_cluster(study, run)

    assert done.returncode != 0
    assert "the code of import_features.py changed while a run was going" in done.stdout
    assert not (study.folder / DICTIONARY).exists()


def test_a_sheet_edited_before_a_job_reads_it_fails_the_job(study):
    sheet = study.folder / "config/subjects.tsv"
    script = study.folder / "edit.py"
    script.write_text(
        "import runpy, sys, pathlib, concord.planned as planned\n"
        "kept = planned.freeze\n"
        "def freeze(*given):\n"
        "    kept(*given)\n"
        f"    path = pathlib.Path({str(sheet)!r})\n"
        "    path.write_text(path.read_text().replace('surgery', 'chemotherapy', 1))\n"
        "planned.freeze = freeze\n"
        "sys.argv[0] = 'snakemake'\n"
        "runpy.run_module('snakemake', run_name='__main__')\n"
    )
    command = [sys.executable, str(script), "--snakefile", str(ROOT / "Snakefile")]
    command += ["--directory", str(study.folder), "--cores", "1"]
    command += ["results/features/features.parquet"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "scripts")}
    environment.pop(RUN, None)
    done = subprocess.run(
        command,
        text=True,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )

    assert done.returncode != 0
    assert "subjects.tsv was edited while the run was going" in done.stdout
    assert not (study.folder / DICTIONARY).exists()


def test_a_run_keeps_what_it_read_until_its_end_and_no_longer(study):
    done = study.snakemake("results/features/features.parquet")

    assert done.returncode == 0, done.stdout
    kept = study.folder / ".snakemake/concord"
    assert list(kept.rglob("*.json")) == []


def test_what_is_kept_comes_back_as_it_was(study, tmp_path, monkeypatch):
    keep(study, tmp_path / "run", monkeypatch)
    found = planned.frozen(str(tmp_path / "run"))
    before = Study(study.config(), Path("config/config.yaml"))
    study.change("study.seed", 99)
    (study.folder / "config/subjects.tsv").write_text("patient\n")
    again = Study(found.config, Path("config/config.yaml"), False, found)

    assert again.config == before.config
    assert again.subjects == before.subjects
    inputs = planned.folder_of("run") / "inputs.json"
    assert read_json(inputs) == before.hashes

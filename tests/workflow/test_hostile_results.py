"""Results are data: whatever they hold, nothing of it is executed."""

import gzip
import io
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from snakemake.script import Snakemake
from snakemake.settings.types import DAGSettings

from concord.provenance import SCRIPTS

from .. import hostile_files, run_forked
from . import planning

#: What lies in a study besides its configuration, and may have come from elsewhere.
TRAVELS = ("results", "private", "logs")


def jobs_of(folder: Path) -> list[tuple[str, Snakemake]]:
    """The first job of each rule that reads results, with its script, as planned."""
    found = {}
    with planning._workflow(folder, "Snakefile") as workflow:
        workflow.dag(DAGSettings(forceall=True))
        inner = workflow._workflow
        inner._prepare_dag(forceall=True, ignore_incomplete=True, lock_warn_only=True)
        inner._build_dag()
        for job in inner.dag.jobs:
            reads = any(str(path).startswith(TRAVELS) for path in job.input)
            if job.rule.script and reads:
                found.setdefault(job.rule.name, _handed(job))
    return sorted(found.items())


def _handed(job) -> tuple[str, Snakemake]:
    """What Snakemake hands to the script of a job."""
    own = (job.input._plainstrings(), job.output._plainstrings(), job.params)
    own += (job.wildcards, job.threads, job.resources, job.log)
    return Snakemake(*own, {}, job.rule.name, None, str(SCRIPTS))


def run(folder: Path, jobs: list[tuple[str, Snakemake]]) -> dict[str, str]:
    """How each job ends in a folder, by its rule."""
    path = folder / "jobs.pickle"
    path.write_bytes(pickle.dumps([(str(SCRIPTS / f"{n}.py"), j) for n, j in jobs]))
    done = subprocess.run(
        [sys.executable, run_forked.__file__, str(path)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    print(done.stderr)
    return dict(line.split("\t") for line in done.stdout.splitlines())


@pytest.fixture(scope="module")
def jobs(finished_study):
    """A job of each rule of the small demo."""
    return jobs_of(finished_study.folder)


@pytest.mark.parametrize("kind", hostile_files.KINDS, ids=lambda kind: kind.__name__)
def test_no_rule_executes_what_stands_in_results(kind, jobs, finished_study, tmp_path):
    folder = finished_study.copy(tmp_path / "study").folder
    markers = tmp_path / "markers"
    markers.mkdir()
    for name in TRAVELS:
        hostile_files.make_hostile(folder / name, kind, markers)

    ends = run(folder, jobs)

    assert not list(markers.iterdir())
    assert len(ends) > 40
    assert set(ends.values()) <= {"done", "failed"}, ends


@pytest.mark.parametrize("name", ["a.json", "b.parquet", "c.nii.gz"])
def test_hostile_files_are_executed_by_a_reader_that_trusts_them(name, tmp_path):
    content = hostile_files.pickled(Path(name), tmp_path / "marker")
    readers = {".gz": lambda c: pickle.loads(gzip.decompress(c)), ".json": pickle.loads}
    trusting = readers.get(Path(name).suffix, _trusting_numpy)

    trusting(content)

    assert (tmp_path / "marker").exists()


def _trusting_numpy(content: bytes):
    return np.load(io.BytesIO(content), allow_pickle=True)


def test_a_run_in_a_folder_from_elsewhere_executes_nothing(
    finished_table_study, tmp_path
):
    study = finished_table_study.copy(tmp_path / "study")
    markers = tmp_path / "markers"
    markers.mkdir()
    for name in (*TRAVELS, ".snakemake"):
        hostile_files.make_hostile(study.folder / name, hostile_files.pickled, markers)
    shutil.rmtree(study.folder / ".snakemake" / "locks", ignore_errors=True)
    plant_modules(study.folder, markers)
    pickled = study.folder / ".snakemake" / "iocache" / "latest.pkl"
    pickled.parent.mkdir(exist_ok=True)
    pickled.write_bytes(hostile_files.pickled(pickled, markers / "iocache"))

    asked = ("--forceall", "--trust-io-cache", "results/cohort/cohort.tsv")
    broken = study.snakemake(*asked)
    shutil.rmtree(study.folder / ".snakemake" / "metadata")
    run = study.snakemake(*asked)

    assert not list(markers.iterdir()), broken.stdout + run.stdout
    assert broken.returncode != 0  # Snakemake takes its records for what they are
    assert run.returncode == 0, run.stdout


def plant_modules(folder: Path, markers: Path) -> None:
    """Modules where scripts, and processes of Snakemake, might import them."""
    places = [folder / ".snakemake" / "scripts", folder / "results"]
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        for name in ("json", "numpy", "pandas", "concord", "struct", "pydantic"):
            marker = markers / f"{place.name}_{name}"
            (place / f"{name}.py").write_text(f"open({str(marker)!r}, 'w')\n")

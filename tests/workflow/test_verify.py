"""Edited and deleted results are told by `snakemake verify` and by the report."""

import os
from pathlib import Path

import pytest

from concord import tables
from concord.records import VERIFICATION

from .conftest import StudyFolder

PERFORMANCE = "results/evaluation/death_performance.tsv"
COHORT = "results/cohort/cohort.tsv"


@pytest.fixture
def study(finished_table_study, tmp_path) -> StudyFolder:
    """A copy of a finished study that may be changed."""
    return finished_table_study.copy(tmp_path / "study")


def edit(path: Path) -> None:
    """Change the last digit of a table; the file looks as old as it was."""
    stat, text = path.stat(), path.read_text()
    place = max(text.rfind(digit) for digit in "0123456789")
    path.write_text(text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_a_finished_study_is_as_its_jobs_wrote_it(study):
    for _ in range(2):
        run = study.snakemake("verify")
        assert run.returncode == 0, run.stdout
        assert "Nothing to be done" not in run.stdout
    page = (study.folder / "results/report/report.html").read_text()
    assert "all are as they were written" in page
    assert "Numeric kernels" in page
    assert "Nothing was excluded." in run.stdout


def test_an_edited_table_and_a_deleted_one_are_listed_and_made_again(study):
    edit(study.folder / PERFORMANCE)
    (study.folder / COHORT).unlink()
    assert study.planned_rules() == set()

    run = study.snakemake("verify")

    assert run.returncode != 0
    assert f"{COHORT}: assemble_cohort wrote it; it was deleted" in run.stdout
    assert f"{PERFORMANCE}: evaluate wrote" in run.stdout
    table = tables.read(study.folder / VERIFICATION, "verification")
    found = dict(zip(table["file"], table["state"], strict=True))
    assert found == {COHORT: "missing", PERFORMANCE: "changed"}
    _, _, command = run.stdout.partition("follows from them: snakemake ")
    again = study.snakemake(*command.splitlines()[0].split())
    assert again.returncode == 0, again.stdout
    assert study.snakemake("verify").returncode == 0


def test_the_report_warns_of_an_edited_table(study):
    edit(study.folder / PERFORMANCE)
    run = study.snakemake("--forcerun", "report")

    assert run.returncode == 0, run.stdout
    page = (study.folder / "results/report/report.html").read_text()
    assert "Results that no job wrote so" in page
    assert f"{PERFORMANCE} was edited after evaluate wrote it" in page

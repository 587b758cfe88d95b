"""The workflow runs from workflow/Snakefile, and as a module of another one."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MODULE = """\
configfile: "config/config.yaml"


module concord:
    snakefile:
        "{root}/workflow/Snakefile"
    config:
        config


use rule * from concord as concord_*
"""


def planned_jobs(folder: Path, *arguments: str) -> dict[str, int]:
    """Jobs of each rule that a dry run without a target plans."""
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "rules"]
    run = subprocess.run(
        [*command, "--cores", "1", *arguments],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert run.returncode == 0, run.stdout
    _, _, rest = run.stdout.partition("Job stats:\n")
    table, _, _ = rest.partition("\n\n")
    rows = [line.split() for line in table.splitlines()[2:]]
    return {name: int(count) for name, count in rows}


@pytest.fixture
def expected(new_study) -> dict[str, int]:
    """Jobs that the Snakefile at the top plans, without its target."""
    jobs = planned_jobs(new_study.folder, "--snakefile", str(ROOT / "Snakefile"))
    assert len(jobs) > 40
    return {name: n for name, n in jobs.items() if name not in ("all", "total")}


def test_workflow_snakefile_plans_what_the_snakefile_at_the_top_plans(
    new_study, expected
):
    snakefile = str(ROOT / "workflow" / "Snakefile")
    jobs = planned_jobs(new_study.folder, "--snakefile", snakefile)
    assert expected.items() <= jobs.items()
    assert set(jobs) - set(expected) == {"everything", "total"}


def test_a_snakefile_of_a_study_can_use_the_workflow_as_a_module(new_study, expected):
    text = MODULE.format(root=ROOT)
    (new_study.folder / "Snakefile").write_text(text, encoding="utf-8")
    jobs = planned_jobs(new_study.folder)
    renamed = {f"concord_{name}": n for name, n in expected.items()}
    assert renamed.items() <= jobs.items()
    assert set(jobs) - set(renamed) == {"concord_everything", "total"}


def test_the_catalog_finds_what_it_asks_for():
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())
    assert set(usage) == {"usage"}
    assert set(usage["usage"]) == {"mandatory-flags", "software-stack-deployment"}
    assert set(usage["usage"]["mandatory-flags"]) == {"desc", "flags"}
    deployment = usage["usage"]["software-stack-deployment"]
    assert set(deployment) == {"conda", "apptainer", "apptainer+conda", "report"}
    assert all(isinstance(value, bool) for value in deployment.values())
    profile = usage["usage"]["mandatory-flags"]["flags"].split()[-1]
    assert (ROOT / profile / "config.yaml").exists()
    readme = (ROOT / "README.md").read_text().lower()
    assert "snakemake" in readme
    assert "workflow" in readme
    assert (ROOT / "config" / "README.md").exists()

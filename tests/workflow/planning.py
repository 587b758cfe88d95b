"""Snakemake's own plan of a study, made in this process: a dry run without a start.

A dry run by the command line spends two of its three seconds on starting Python.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml
from snakemake.api import SnakemakeApi
from snakemake.settings.enums import Quietness, RerunTrigger
from snakemake.settings.types import (
    ConfigSettings,
    DAGSettings,
    DeploymentMethod,
    DeploymentSettings,
    OutputSettings,
    ResourceSettings,
    StorageSettings,
)

ROOT = Path(__file__).resolve().parents[2]
_QUIET = OutputSettings(quiet={Quietness.ALL})
PROFILE = ROOT / "workflow" / "profiles" / "default" / "config.yaml"


def rerun_triggers() -> set[RerunTrigger]:
    """What lets a job run again, by the profile that users run with."""
    names = yaml.safe_load(PROFILE.read_text())["rerun-triggers"]
    return {RerunTrigger.parse_choice(name) for name in names}


def planned_rules(
    folder: Path, *targets: str, everything: bool = False, snakefile: str = "Snakefile"
) -> set[str]:
    """Names of the rules that Snakemake would run for a study; no rule named `all`.

    Parameters
    ----------
    folder : Path
        Study with its `config/`.
    *targets : str
        Rules or files; the default target if none is given.
    everything : bool, default=False
        Plan all jobs of the targets, whatever is there.
    snakefile : str, default="Snakefile"
        Workflow, below the root of the project.
    """
    with _workflow(folder, snakefile, targets=targets) as workflow:
        workflow.dag(
            DAGSettings(
                targets=set(targets),
                forceall=everything,
                rerun_triggers=rerun_triggers(),
            )
        )
        inner = workflow._workflow
        inner._prepare_dag(
            forceall=everything, ignore_incomplete=False, lock_warn_only=True
        )
        inner._build_dag()
        return {job.rule.name for job in inner.dag.needrun_jobs()} - {"all"}


def refusal(folder: Path, *targets: str) -> str:
    """What the workflow says as it refuses to plan a study; empty if it plans it."""
    try:
        planned_rules(folder, *targets)
    except SystemExit as stop:
        return str(stop)
    return ""


def rules(folder: Path, configuration: ConfigSettings | None = None) -> dict:
    """Rules of the workflow by name, for the configuration of a folder."""
    with _workflow(folder, "Snakefile", configuration) as workflow:
        return {rule.name: rule for rule in workflow._workflow.rules}


def environments(folder: Path, prefix: Path | None = None) -> str:
    """Folder in which Snakemake would make the conda environments of rules."""
    deployment = DeploymentSettings({DeploymentMethod.CONDA}, conda_prefix=prefix)
    with _workflow(folder, "Snakefile", deployment=deployment) as workflow:
        return str(workflow._workflow.deployment_settings.conda_prefix)


@contextmanager
def own_environment() -> Iterator[None]:
    """Variables as they were, after a run that tells its processes how to import."""
    kept = dict(os.environ)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def _workflow(
    folder: Path,
    snakefile: str,
    configuration: ConfigSettings | None = None,
    targets: Sequence[str] = (),
    deployment: DeploymentSettings | None = None,
) -> Iterator:
    before, arguments = Path.cwd(), sys.argv
    # The workflow reads from the command line which targets are asked for.
    sys.argv = ["snakemake", *targets]
    try:
        with own_environment(), SnakemakeApi(_QUIET) as api:
            workflow = api.workflow(
                resource_settings=ResourceSettings(cores=1),
                config_settings=configuration or ConfigSettings(),
                deployment_settings=deployment,
                storage_settings=StorageSettings(),
                snakefile=ROOT / snakefile,
                workdir=folder,
            )
            try:
                yield workflow
            finally:
                # Left to the collector of garbage, it would warn of the folder.
                workflow._workflow_store.sourcecache.runtime_cache.cleanup()
    finally:
        sys.argv = arguments
        os.chdir(before)

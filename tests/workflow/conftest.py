"""Small studies that run through the whole workflow."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from ..foreign_study import write_given_study
from ..predicted_study import write_predicted_study
from ..table_study import write_study
from . import planning

ROOT = Path(__file__).resolve().parents[2]


class StudyFolder:
    """A folder with a study, and Snakemake run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def config_file(self) -> Path:
        return self.folder / "config" / "config.yaml"

    def config(self) -> dict:
        return yaml.safe_load(self.config_file.read_text())

    def change(self, key: str, value) -> None:
        """Change one dotted key of the configuration."""
        config = self.config()
        *parents, last = key.split(".")
        place = config
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
        self.config_file.write_text(yaml.safe_dump(config, sort_keys=False))

    def snakemake(self, *arguments: str, cores: int = 2):
        """Run Snakemake as a user does; standard output and error together."""
        command = [sys.executable, "-m", "snakemake", "--snakefile"]
        command += [str(ROOT / "Snakefile"), "--directory", str(self.folder)]
        command += ["--workflow-profile", str(ROOT / "workflow/profiles/default")]
        command += ["--cores", str(cores), *arguments]
        return subprocess.run(
            command,
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def planned_rules(self, *targets: str, everything: bool = False) -> set[str]:
        """Names of the rules that would run; no rule named `all`."""
        return planning.planned_rules(self.folder, *targets, everything=everything)

    def planned_by_command(self) -> set[str]:
        """The same by the command line, as a user asks for a dry run."""
        run = self.snakemake("--quiet", "rules", "--dry-run")
        assert run.returncode == 0, run.stdout
        if "Nothing to be done" in run.stdout:
            return set()
        _, _, rest = run.stdout.partition("Job stats:\n")
        table, _, _ = rest.partition("\n\n")
        names = {line.split()[0] for line in table.splitlines()[2:]}
        return names - {"all", "total"}

    def copy(self, folder: Path) -> "StudyFolder":
        """The study with all its results, time stamps kept."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return StudyFolder(folder)


def small_demo(folder: Path) -> StudyFolder:
    """A demo study of three sites with eight subjects each and four arms."""
    from concord.simulate.settings import SimulationSection
    from concord.simulate.sheets import write_sheets

    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    for site in config["simulation"]["sites"].values():
        site |= {"n_subjects": 8, "n_retest": 4}
    config["arms"] = {
        name: config["arms"][name]
        for name in ("clinical", "site", "unharmonized", "radiomics")
    }
    config["validation"] |= {"folds": 2, "repeats": 1}
    config["evaluation"]["null_permutations"] = 10
    config["variants"]["subjects_per_site"] = 3
    (folder / "config").mkdir(parents=True)
    study = StudyFolder(folder)
    study.config_file.write_text(yaml.safe_dump(config, sort_keys=False))
    simulation = SimulationSection(**config["simulation"])
    write_sheets(folder / "config", simulation, config["study"].get("seed", 1))
    return study


@pytest.fixture
def study_in():
    """Makes a StudyFolder of a folder that holds config/config.yaml."""
    return StudyFolder


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory) -> StudyFolder:
    """The small demo, run to its end on two cores; do not change it."""
    return finished_once(tmp_path_factory, "finished", small_demo)


@pytest.fixture(scope="session")
def finished_table_study(tmp_path_factory) -> StudyFolder:
    """The small study of a feature table, run to its end; do not change it."""

    def small_table_study(folder: Path) -> StudyFolder:
        return StudyFolder(write_study(folder))

    return finished_once(tmp_path_factory, "finished_table", small_table_study)


@pytest.fixture(scope="session")
def finished_given_study(tmp_path_factory) -> StudyFolder:
    """The small study of given predictions, run to its end; do not change it."""

    def small_given_study(folder: Path) -> StudyFolder:
        return StudyFolder(write_given_study(folder))

    return finished_once(tmp_path_factory, "finished_given", small_given_study)


@pytest.fixture(scope="session")
def finished_predicted_study(tmp_path_factory) -> StudyFolder:
    """The small study that applies a model, run to its end; do not change it."""

    def small_predicted_study(folder: Path) -> StudyFolder:
        return StudyFolder(write_predicted_study(folder, outcomes=True))

    return finished_once(tmp_path_factory, "finished_predicted", small_predicted_study)


def finished_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], StudyFolder]
) -> StudyFolder:
    """A study that the first of the processes that share out the tests runs."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            run = make(folder).snakemake()
            assert run.returncode == 0, run.stdout
            done.touch()
    return StudyFolder(folder)


@pytest.fixture
def study(finished_study, tmp_path) -> StudyFolder:
    """A copy of the finished study that may be changed."""
    return finished_study.copy(tmp_path / "study")


@pytest.fixture
def new_study(tmp_path) -> StudyFolder:
    """A small demo study of which nothing has run."""
    return small_demo(tmp_path / "study")

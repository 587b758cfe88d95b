"""A configuration from somebody else: read as data before Snakemake reads it."""

import subprocess
import sys

import pytest

from concord.provenance import SCRIPTS
from concord.study.entry.check import main as check

from ..unit.tables.test_yaml_text import laughs
from . import planning

#: What a partner's file could begin with; Snakemake would execute it at a dry run.
EXECUTES = "__use_yte__: true\n__variables__:\n  x: ?open('MARKER', 'w')\n"


def hostile(study, text: str) -> None:
    """The configuration of a study with a text before it."""
    whole = text + study.config_file.read_text()
    study.config_file.write_text(whole.replace("MARKER", str(study.folder / "marker")))


def test_python_in_a_configuration_is_refused_and_not_executed(new_study):
    hostile(new_study, EXECUTES)

    printed = planning.refusal(new_study.folder)

    assert "config.yaml: __use_yte__: has Snakemake execute" in printed
    assert "config.yaml: __variables__: has Snakemake execute" in printed
    assert not (new_study.folder / "marker").exists()


def test_the_same_by_the_command_line_of_a_user(new_study):
    hostile(new_study, EXECUTES)

    run = new_study.snakemake("check", "--dry-run", "--quiet", "rules")

    assert run.returncode != 0
    assert "__use_yte__: has Snakemake execute" in run.stdout
    assert not (new_study.folder / "marker").exists()


def test_a_configuration_that_is_named_is_refused_with_such_a_key(new_study):
    hostile(new_study, "__use_yte__: false\n")
    run = new_study.snakemake("--dry-run", "--configfile", str(new_study.config_file))
    assert run.returncode != 0
    assert "__use_yte__: has Snakemake execute" in run.stdout


def test_references_that_fill_the_memory_are_refused(new_study):
    hostile(new_study, laughs() + "\n")
    assert "200000 values, with references" in planning.refusal(new_study.folder)


@pytest.mark.parametrize("name", [".numba_config.yaml", "matplotlibrc"])
def test_settings_of_libraries_in_the_folder_of_a_study_are_refused(new_study, name):
    (new_study.folder / name).write_text("cache_dir: results/engine/numba\n")
    assert f"{name}: " in planning.refusal(new_study.folder)


def test_environments_of_rules_lie_outside_of_the_study(new_study, monkeypatch):
    cache = new_study.folder.parent / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    assert planning.environments(new_study.folder) == str(cache / "concord" / "conda")
    other = new_study.folder.parent / "other"
    assert planning.environments(new_study.folder, other) == str(other)

    (cache / "concord").chmod(0o777)
    with pytest.raises(SystemExit, match=r"--conda-prefix: .*others may write"):
        planning.environments(new_study.folder)


def test_the_target_check_makes_nothing_and_tells_what_is_read(new_study):
    run = new_study.snakemake("check", "--quiet", "rules")

    assert run.returncode == 0, run.stdout
    assert "no fault found; 24 subjects, " in run.stdout
    assert f"data_root: {new_study.folder}/results/demo/dicom" in run.stdout
    assert not (new_study.folder / "results").exists()


def test_a_configuration_is_checked_without_snakemake(new_study, capsys, monkeypatch):
    monkeypatch.chdir(new_study.folder)
    assert check([str(new_study.config_file)]) == 0
    assert "no fault found; 24 subjects, " in capsys.readouterr().out

    new_study.change("validation.folds", 1)
    assert check([str(new_study.config_file)]) == 1
    assert "validation.folds" in capsys.readouterr().err

    hostile(new_study, EXECUTES)
    module = [sys.executable, "-m", "concord.study.entry.check"]
    run = subprocess.run(
        [*module, str(new_study.config_file)],
        env={"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "__use_yte__: has Snakemake execute" in run.stderr
    assert not (new_study.folder / "marker").exists()

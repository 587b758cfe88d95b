"""Outputs are complete or absent."""

import json
import os
import stat
from pathlib import Path

import pytest

from concord import files, planned
from concord.errors import StudyError
from concord.files import (
    read_json,
    remove_leftovers,
    whole_file,
    whole_folder,
    write_json,
)


def half_written(context, name: str) -> None:
    """Write one file in a context that then fails."""
    with context as path:
        (path / name if name else path).write_text("new, half")
        raise RuntimeError("in the middle")


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path):
    target = tmp_path / "table.tsv"
    target.write_text("old")

    with pytest.raises(RuntimeError, match="in the middle"):
        half_written(whole_file(target), "")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_replaces_the_old_one_as_a_whole(tmp_path):
    target = tmp_path / "images"
    target.mkdir()
    (target / "stale.nii.gz").write_text("old")

    with whole_folder(target) as folder:
        (folder / "new.nii.gz").write_text("new")
    assert [path.name for path in target.iterdir()] == ["new.nii.gz"]


def test_a_failed_folder_leaves_the_old_one(tmp_path):
    target = tmp_path / "images"
    target.mkdir()
    (target / "old.nii.gz").write_text("old")

    with pytest.raises(RuntimeError, match="in the middle"):
        half_written(whole_folder(target), "new.nii.gz")
    assert [path.name for path in tmp_path.rglob("*")] == ["images", "old.nii.gz"]


def test_json_is_sorted_and_keeps_every_digit(tmp_path):
    path = tmp_path / "a.json"
    write_json({"b": 0.1 + 0.2, "a": 1}, path)

    assert list(json.loads(path.read_text())) == ["a", "b"]
    assert read_json(path)["b"] == 0.1 + 0.2


def test_what_a_killed_process_left_of_an_output_is_removed(tmp_path):
    (tmp_path / ".17.images").mkdir()
    (tmp_path / ".17.images" / "half.nii.gz").touch()
    (tmp_path / ".4711.table.tsv").touch()
    kept = [".4711.other.tsv", ".x.table.tsv", "table.tsv", ".hidden"]
    for name in kept:
        (tmp_path / name).touch()

    remove_leftovers([tmp_path / "images", tmp_path / "table.tsv", "nowhere/a"])

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "1" * 5000, '{"a":' * 100_000, "{", ""]
)
def test_json_that_cannot_be_read_is_one_kind_of_error(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(json.JSONDecodeError):
        read_json(tmp_path / "a.json")


@pytest.fixture
def lax(tmp_path, monkeypatch):
    """A folder of a study, and a umask that lets everybody do everything."""
    monkeypatch.chdir(tmp_path)
    before = os.umask(0)
    yield tmp_path
    os.umask(before)


def mode(path) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


@pytest.mark.parametrize("root", ["private", ".snakemake"])
@pytest.mark.parametrize("is_absolute", [False, True])
def test_private_files_are_for_their_owner_alone(lax, root, is_absolute):
    path = Path(root, "index", "A.tsv")
    # As Snakemake makes the folders of outputs.
    path.parent.mkdir(parents=True)
    files.write_text("Doe", path.absolute() if is_absolute else path)

    assert mode(root) == mode(path.parent) == 0o700
    assert mode(path) == 0o600
    assert Path(root, ".gitignore").read_text() == "*\n"


def test_results_keep_the_modes_of_the_umask(lax):
    files.write_text("1", "results/private/a.tsv")
    assert mode("results/private/a.tsv") == 0o666
    assert not Path("results/.gitignore").exists()
    assert not Path("private").exists()


def test_what_lies_open_in_a_private_folder_is_closed(lax):
    Path("private/index").mkdir(parents=True)
    Path("private/index/old.tsv").write_text("Doe")
    Path("mine").write_text("not of the study")
    Path("private/link").symlink_to(lax / "mine")
    files.close_private()

    assert mode("private") == mode("private/index") == mode(".snakemake") == 0o700
    assert mode("private/index/old.tsv") == 0o600
    assert mode("mine") == 0o666


def test_a_folder_that_cannot_be_closed_is_told(lax, monkeypatch):
    def refuse(self, mode):
        raise PermissionError

    Path("private").mkdir()
    monkeypatch.setattr(Path, "chmod", refuse)
    with pytest.raises(StudyError, match=r"private is open to others.*`chmod 700 priv"):
        files.write_text("Doe", "private/a")
    assert list(Path("private").iterdir()) == []


def test_what_a_run_keeps_of_the_sheets_is_closed(lax):
    sheets = {"config/images.tsv": [[["Doe"]]]}
    planned.freeze("runs/1", planned.Frozen({}, sheets, {}, {}), {})
    kept = planned.folder_of("runs/1")

    assert mode(kept) == mode(kept.parent) == mode(".snakemake") == 0o700
    assert {mode(path) for path in kept.iterdir()} == {0o600}

"""Outputs are complete or absent."""

import json

import pytest

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

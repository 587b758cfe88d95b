"""concord.planned: what was replaced in place is seen, and nothing else."""

import os
from pathlib import Path

import pytest

from concord.errors import ChangedFileError
from concord.planned import SourceStates, require_unchanged, table_state


@pytest.fixture
def source(tmp_path) -> Path:
    """A folder of two slices, one of them in a sub-folder."""
    folder = tmp_path / "source"
    (folder / "series" / "part").mkdir(parents=True)
    for name in ("series/1.dcm", "series/part/2.dcm"):
        (folder / name).write_bytes(b"slice")
    return folder


def state(path) -> str:
    return SourceStates().of(path)


def replaced(path: Path, content: bytes, mtime_ns: int) -> None:
    """Overwrite a file under its old name; its folder does not change."""
    path.write_bytes(content)
    os.utime(path, ns=(mtime_ns, mtime_ns))


@pytest.mark.parametrize("name", ["series/1.dcm", "series/part/2.dcm"])
@pytest.mark.parametrize("change", ["size", "later", "earlier", "gone", "new"])
def test_a_file_changed_at_any_depth_changes_the_state(source, name, change):
    path, before = source / name, state(source)
    time = path.stat().st_mtime_ns
    if change == "gone":
        path.unlink()
    elif change == "new":
        path.with_suffix(".new").touch()
    else:
        step = {"size": 0, "later": 1, "earlier": -1}[change]
        replaced(path, b"longer slice" if change == "size" else b"other", time + step)
    assert state(source) != before


def test_looking_and_touching_the_folder_change_nothing(source):
    before = state(source)
    for path in source.rglob("*"):
        if path.is_file():
            path.read_bytes()
    os.utime(source)
    assert state(source) == before


def test_the_state_does_not_depend_on_the_place(source, tmp_path):
    before = state(source)
    moved = source.rename(tmp_path / "elsewhere")
    assert state(moved) == before


def test_links_are_followed_and_a_loop_ends(source, tmp_path):
    store = tmp_path / "store"
    store.mkdir()
    (store / "3.dcm").write_bytes(b"slice")
    (source / "linked").symlink_to(store)
    (source / "up").symlink_to(source)
    (source / "dangling").symlink_to(tmp_path / "absent")
    states = SourceStates()
    before = states.of(source)
    assert len(states.known) == 5  # the source, three folders in it, the link up
    (store / "3.dcm").write_bytes(b"another")
    between = state(source)
    (tmp_path / "absent").write_bytes(b"here now")
    assert len({before, between, state(source)}) == 3


def test_the_facts_beside_a_nifti_file_belong_to_it(tmp_path):
    image = tmp_path / "a.nii.gz"
    image.write_bytes(b"image")
    before = state(image)
    (tmp_path / "a.json").write_text("{}")
    between = state(image)
    replaced(image, b"IMAGE", image.stat().st_mtime_ns + 1)
    assert len({before, between, state(image)}) == 3
    assert state(tmp_path / "absent.nii") != state(image)


def test_a_table_is_known_by_its_content(tmp_path):
    table = tmp_path / "features.csv"
    table.write_text("a,1\n")
    before, time = table_state(table), table.stat().st_mtime_ns
    os.utime(table)
    assert table_state(table) == before
    replaced(table, b"a,2\n", time)
    assert table_state(table) != before
    table.unlink()
    assert table_state(table) == "absent"


def test_a_folder_is_listed_once_for_all_its_sources(source, monkeypatch):
    listed = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda p: listed.append(p) or scandir(p))
    states = SourceStates()
    states.of(source)
    states.of(source / "series")
    states.of(source / "series")
    assert len(listed) == 3


def test_what_a_run_writes_into_the_folder_of_the_study_is_no_source(
    source, monkeypatch
):
    monkeypatch.chdir(source)
    before = state(source)
    for name in ("results", "private", "logs", ".snakemake"):
        (source / name).mkdir()
        (source / "series" / name).mkdir()
    assert state(source) != before
    for name in ("results", "private", "logs", ".snakemake"):
        (source / "series" / name).rmdir()
    assert state(source) == before


def test_a_source_that_changed_after_the_plan_is_named(source, tmp_path):
    table = tmp_path / "features.csv"
    table.write_text("a,1\n")
    planned = {str(source): state(source)}
    tables = {str(table): table_state(table)}
    require_unchanged(planned)
    require_unchanged(tables, tables)
    (source / "series" / "1.dcm").write_bytes(b"changed while the job ran")
    with pytest.raises(ChangedFileError, match="source 1 of 1 of this job changed"):
        require_unchanged(planned)
    table.write_text("a,2\n")
    with pytest.raises(ChangedFileError, match=r"features\.csv"):
        require_unchanged(tables, tables)

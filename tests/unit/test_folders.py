"""concord.folders: every file below a folder, behind links too, and nothing twice."""

import errno
import os

import pytest

from concord import folders


def below(folder):
    return [path.relative_to(folder).as_posix() for path in folders.files_below(folder)]


@pytest.fixture
def study(tmp_path):
    """Two patients: the folder of the second lies elsewhere, behind a link."""
    for name in ("archive/S2/CT/1", "data/S1/CT/1", "data/S1/CT/2"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    (tmp_path / "data" / "S2").symlink_to(tmp_path / "archive" / "S2")
    return tmp_path / "data"


def test_files_behind_a_linked_folder_are_found(study):
    assert below(study) == ["S1/CT/1", "S1/CT/2", "S2/CT/1"]


def test_a_folder_linked_within_itself_is_entered_once(study):
    (study / "S1" / "CT" / "up").symlink_to(study)
    (study / "S1" / "here").symlink_to(".")
    assert below(study) == ["S1/CT/1", "S1/CT/2", "S2/CT/1"]


def test_a_link_that_leads_nowhere_is_listed_and_known(study):
    (study / "S1" / "CT" / "3").symlink_to("absent")
    (study / "S1" / "CT" / "4").symlink_to("4")
    assert below(study) == [f"S1/CT/{n}" for n in (1, 2, 3, 4)] + ["S2/CT/1"]
    dangling = [p.name for p in folders.files_below(study) if folders.is_dangling(p)]
    assert dangling == ["3", "4"]


def test_stores_of_programs_are_left_out(study):
    for name in (".git", "__MACOSX", "lost+found"):
        (study / name).mkdir()
        (study / name / "object").write_text("x")
    assert below(study) == ["S1/CT/1", "S1/CT/2", "S2/CT/1"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE])
def test_a_folder_that_cannot_be_opened_is_an_error_and_no_absence(
    study, monkeypatch, number
):
    opened = os.scandir

    def scandir(path):
        if str(path).endswith("S1/CT"):
            raise OSError(number, os.strerror(number), str(path))
        return opened(path)

    monkeypatch.setattr(os, "scandir", scandir)
    errors = [e.error for e in folders.entries_below(study) if e.error is not None]
    assert [error.errno for error in errors] == [number]
    with pytest.raises(OSError, match="S1/CT"):
        folders.files_below(study)


def test_companions_and_pointers_are_known_by_name_and_content():
    assert folders.is_companion("._IM1.dcm", b"\0\5\x16\7rest")
    assert not folders.is_companion("IM1.dcm", b"\0\5\x16\7rest")
    assert not folders.is_companion("._IM1.dcm", b"\x02\0\0\0")
    assert folders.is_pointer(b"/annex/objects/MD5E-s9--d4.dcm")
    assert folders.is_pointer(b"version https://git-lfs.github.com/spec/v1")
    assert not folders.is_pointer(bytes(24))

"""Cases of links, of contents that were not fetched, and of what macOS writes."""

import shutil
from pathlib import Path

from .case import Case, refused, right
from .file_cases import beside, plain_file
from .lattice import Truth
from .nifti_cases import FILE, SOURCE, nifti
from .slices import CT, write

POINTER = b"/annex/objects/MD5E-s5158--d41d8cd98f00b204e9800998ecf8427e.dcm\n"
LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"
RESOURCE_FORK = b"\x00\x05\x16\x07" + bytes(200)


def _slices(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def half_behind_a_link(folder: Path) -> Truth:
    """The second half of the slices lies in a folder elsewhere, behind a link."""
    truth = write(folder / "part1")
    archive = folder.with_name(f"{folder.name}_archive")
    archive.mkdir()
    for path in _slices(folder)[3:]:
        shutil.move(path, archive / path.name)
    (folder / "part2").symlink_to(archive)
    return truth


def each_slice_a_link(folder: Path) -> Truth:
    """As DataLad has it: links into `.git`, where the contents lie a second time."""
    truth = write(folder)
    store = folder / ".git" / "annex" / "objects"
    store.mkdir(parents=True)
    for path in [p for p in _slices(folder) if p.parent == folder]:
        shutil.move(path, store / path.name)
        path.symlink_to(store / path.name)
    return truth


def linked_to_itself(folder: Path) -> Truth:
    truth = write(folder / "disk")
    (folder / "disk" / "again").symlink_to(folder)
    return truth


def one_link_nowhere(folder: Path) -> None:
    write(folder)
    last = _slices(folder)[-1]
    last.unlink()
    last.symlink_to(folder / "absent" / last.name)


def source_links_nowhere(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(folder.with_name("absent"))


def last_slice(content: bytes, names: str = "IM{:04d}"):
    """The last slice holds other bytes; its name has no ending that tells DICOM."""

    def write_one(folder: Path) -> None:
        write(folder, names=names)
        _slices(folder)[-1].write_bytes(content)

    return write_one


def companions(folder: Path) -> Truth:
    """A folder copied by macOS: ``._name`` beside each slice."""
    truth = write(folder)
    for path in _slices(folder):
        path.with_name(f"._{path.name}").write_bytes(RESOURCE_FORK)
    return truth


def not_fetched_nifti(folder: Path) -> None:
    nifti()(folder)
    (folder / "scan.nii").write_bytes(POINTER)


def linked_nifti(folder: Path) -> None:
    nifti()(folder)
    (folder / "scan.nii").unlink()
    (folder / "scan.nii").symlink_to(folder / "absent.nii")


def linked_sidecar(folder: Path) -> None:
    nifti()(folder)
    (folder / "scan.json").symlink_to(folder / "absent.json")


RIGHT: list[Case] = [
    right("link_to_half_of_the_slices", half_behind_a_link),
    right("link_of_each_slice", each_slice_a_link),
    right("link_to_the_folder_above", linked_to_itself),
    right("companions_of_macos", companions, "NOT_DICOM"),
    right("companion_folder_of_an_archive", beside(
        lambda folder, number: plain_file("._000.dcm", RESOURCE_FORK)(
            folder / "__MACOSX", 0))),
    right("nii_beside_a_companion", lambda folder: (
        plain_file("._scan.nii", RESOURCE_FORK)(folder.with_name("x"), 0),
        nifti(CT, sidecar={"Units": "HU"})(folder))[1], SOURCE, **FILE),
]  # fmt: skip

REFUSED: list[Case] = [
    refused("link_of_the_last_slice_leads_nowhere", one_link_nowhere, "NOT_FETCHED"),
    refused("link_of_the_source_leads_nowhere", source_links_nowhere, "NOT_FETCHED"),
    refused("pointer_of_git_annex", last_slice(POINTER), "NOT_FETCHED"),
    refused("pointer_of_git_lfs", last_slice(LFS_POINTER), "NOT_FETCHED"),
    refused("last_slice_without_ending_damaged", last_slice(b"<html>404</html>" * 9),
            "UNREADABLE_FILE"),
    refused("nii_is_a_pointer", not_fetched_nifti, "NOT_FETCHED", **FILE),
    refused("nii_link_leads_nowhere", linked_nifti, "NOT_FETCHED", **FILE),
    refused("nii_link_of_the_sidecar_leads_nowhere", linked_sidecar, "NOT_FETCHED",
            **FILE),
]  # fmt: skip

CASES = RIGHT + REFUSED

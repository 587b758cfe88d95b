"""Sources lie below the data root, after all links, or are told by their line."""

import re

import pytest

from concord.study.entry import sources
from concord.study.study import Study

from .test_entry_names import of_images, write


@pytest.fixture
def study(tmp_path):
    """A function that makes a study whose sources exist, and says what is wrong."""
    config, rows = of_images()
    root = tmp_path / "data"
    for sheet in ("images", "masks"):
        for row in rows[sheet]:
            path = root / row["source"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.mkdir() if sheet == "images" else path.write_bytes(b"")
            if sheet == "images":
                (path / "1.dcm").write_bytes(b"")
    (tmp_path / "archive").mkdir()
    config["data_root"] = str(root)

    def told(**changed) -> list[str]:
        write(tmp_path, rows)
        try:
            Study(config | changed, tmp_path / "config.yaml")
        except ValueError as error:
            return [line.strip() for line in str(error).splitlines()[1:]]
        return []

    told.rows, told.root, told.archive = rows, root, tmp_path / "archive"
    return told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("../archive", "leads upwards by '..'"),
        ("S1/../../archive", "leads upwards by '..'"),
        ("/etc", "is absolute"),
        ("C:\\data", "is absolute"),
        ("\\\\host\\share", "is absolute"),
        ("{data_root}/S1", "holds a brace"),
        ("S1/{0}", "holds a brace"),
        ("-rf", "begins with '-'"),
        ("S1/-rf", "begins with '-'"),
        ("S1/\u202egnp.T1", "holds U+202E (right-to-left override)"),
    ],
)
def test_a_path_that_is_none_below_the_root_is_told_by_line_and_column(
    study, source, told
):
    study.rows["images"][1]["source"] = study.rows["masks"][2]["source"] = source
    found = "\n".join(study())

    assert re.search(r"images\.tsv: line 3, column '?source'?[:,]", found), found
    assert re.search(r"masks\.tsv: line 4, column '?source'?[:,]", found), found
    assert told in found or "which cannot be seen" in found
    assert "\u202e" not in found


def test_a_link_that_leads_elsewhere_is_told_by_its_line_until_it_is_declared(study):
    (study.archive / "1.dcm").write_bytes(b"")
    (study.root / "linked").symlink_to(study.archive)
    study.rows["images"][1]["source"] = "linked"

    (fault,) = study()
    assert "images.tsv: line 3, column 'source': " in fault
    assert f"{study.root}/linked leads to {study.archive}, which is not below" in fault
    assert "linked_roots" in fault
    assert study(linked_roots=[str(study.archive)]) == []
    assert study(linked_roots=[str(study.archive.parent)]) == []
    (absent,) = study(linked_roots=[str(study.archive), "/absent"])
    assert absent == "linked_roots: /absent: this folder does not exist"


def test_a_link_within_a_source_counts_too(study):
    other = study.archive / "deep"
    other.mkdir()
    (study.root / "S2" / "T1" / "more").mkdir()
    (study.root / "S2" / "T1" / "more" / "part").symlink_to(other)
    (fault,) = study()
    assert "images.tsv: line 3, column 'source': " in fault
    assert f"S2/T1/more/part leads to {other}" in fault

    (study.root / "S2" / "T1" / "more" / "part").unlink()
    (other / "file.dcm").write_bytes(b"")
    (study.root / "S2" / "T1" / "2.dcm").symlink_to(other / "file.dcm")
    (fault,) = study()
    assert f"S2/T1/2.dcm leads to {other}/file.dcm" in fault
    assert study(linked_roots=[str(other)]) == []


def test_many_links_that_lead_elsewhere_are_one_line(study):
    for row in study.rows["images"]:
        (study.root / row["source"] / "2.dcm").symlink_to("/etc/hostname")
    (fault,) = study()
    assert "so do 4 in lines 2, 3, 4, 5" in fault


def test_links_below_the_root_and_to_what_datalad_keeps_are_read(study):
    root = study.root
    (root / "S1" / "again").symlink_to(root)
    (root / "S1" / "T1" / "up").symlink_to("../..")
    (root / "S2" / "T1" / "nowhere").symlink_to("/absent")
    store = root / ".git" / "annex" / "objects" / "a"
    store.mkdir(parents=True)
    (store / "key").write_bytes(b"")
    (root / "S3" / "T1" / "2.dcm").symlink_to("../../.git/annex/objects/a/key")
    assert study() == []


def test_a_root_that_is_a_part_of_a_dataset_may_link_to_the_contents_of_it(study):
    store = study.root.parent / ".git" / "annex" / "objects"
    store.mkdir(parents=True)
    (store / "key").write_bytes(b"")
    (store.parent / "other").write_bytes(b"")
    (study.root / "S1" / "T1" / "2.dcm").symlink_to(store / "key")
    assert study() == []
    (study.root / "S1" / "T1" / "3.dcm").symlink_to(store.parent / "other")
    (fault,) = study()
    assert "3.dcm leads to" in fault


def test_a_data_root_that_is_a_link_is_followed(study, tmp_path):
    (tmp_path / "way").symlink_to("data")
    assert study(data_root=str(tmp_path / "way")) == []


@pytest.mark.parametrize("root", ["/data/A", "../A", "{site}/A", "-A", "A/../../B"])
def test_dicom_roots_are_paths_below_the_data_root(study, root):
    (fault,) = study(dicom_roots={"N": root})
    assert "dicom_roots.N: " in fault


def test_a_folder_whose_name_begins_like_the_root_is_elsewhere(study, tmp_path):
    (tmp_path / "data2").mkdir()
    assert [*sources.leaving(tmp_path / "data2", [str(study.root)])]
    assert not [*sources.leaving(study.root / "S1", [str(study.root)])]

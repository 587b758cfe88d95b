"""concord.ingest.index and drafts: every series is listed, every sheet drafted."""

import pytest

from concord.errors import StudyError
from concord.ingest import drafts
from concord.ingest.header import hashed
from concord.ingest.index import index_root

from ..dicom_factory import rectangle, write_rtstruct, write_series

BOX = [rectangle((-9.6, 20.4), (-7.2, 23.2), -27.0)]
ROOTS = {"A": "siteA"}


@pytest.fixture
def root(tmp_path):
    """Demo layout, STS layout, a damaged file, another modality, a loose outline."""
    demo = tmp_path / "P1" / "retest"
    write_series(demo / "CT")
    write_series(demo / "PT", "PT", series="1.2.3.6")
    write_rtstruct(demo / "RT" / "CT_reader-B.dcm", {"GTV 1": BOX, "2nd": BOX})
    write_rtstruct(demo / "RT" / "loose.dcm", {"x": BOX}, series="1.7")
    write_series(tmp_path / "P2" / "MR_T1" / "image", "MR", series="1.2.3.7")
    write_rtstruct(
        tmp_path / "P2" / "MR_T1" / "mask" / "RS.dcm", {"G": BOX}, series="1.2.3.7"
    )
    write_series(
        tmp_path / "P2" / "US",
        change=lambda k, header: setattr(header, "Modality", "US"),
        series="1.2.3.8",
    )
    (demo / "CT" / "cut.dcm").write_bytes(b"")
    (demo / "notes.txt").write_text("not DICOM")
    return tmp_path


@pytest.fixture
def series(root):
    return index_root(root, "A", 1)


def test_every_series_outline_and_damaged_file_is_a_row(series):
    found = {(row["folder"], row["modality"], row["n_files"]) for row in series}
    assert found == {
        ("P1/retest/CT", "CT", 5),
        ("P1/retest/CT", None, 1),
        ("P1/retest/PT", "PT", 5),
        ("P1/retest/RT", "RTSTRUCT", 1),
        ("P2/MR_T1/image", "MR", 5),
        ("P2/MR_T1/mask", "RTSTRUCT", 1),
        ("P2/US", "US", 5),
    }
    assert len(series) == 8


def test_rows_tell_facts_and_hashes_but_no_identifier(series):
    ct = next(row for row in series if row["modality"] == "CT")
    assert (ct["rows"], ct["columns"], ct["slice_thickness_mm"]) == (6, 7, 3)
    assert ct["series"] == hashed("1.2.3.5")
    outline = next(row for row in series if row["file"].endswith("reader-B.dcm"))
    assert outline["references_series"] == ct["series"]
    assert outline["rois"] == "GTV 1|2nd"
    assert "CANARY" not in str(series)
    assert "1.2.3" not in str(series)


def test_the_hash_of_a_patient_depends_on_root_and_seed(root):
    patients = {
        index_root(root, n, s)[1]["patient"] for n, s in (("A", 1), ("B", 1), ("A", 2))
    }
    assert len(patients) == 3
    assert {len(patient) for patient in patients} == {12}


def test_damaged_files_are_counted_with_the_first_fault(series):
    broken = next(row for row in series if row["modality"] is None)
    assert broken["problem"] == (
        "1 files cannot be read; first: EMPTY_FILE: cut.dcm is empty."
    )


def test_a_root_that_is_no_folder_is_an_error(tmp_path):
    with pytest.raises(StudyError, match="DICOM root 'A' is not a folder"):
        index_root(tmp_path / "absent", "A", 1)


def test_images_are_drafted_by_the_rule_of_folders(series):
    assert [tuple(row.values()) for row in drafts.image_rows(series, ROOTS)] == [
        ("P1", "retest", "CT", "siteA/P1/retest/CT"),
        ("P1", "retest", "PT", "siteA/P1/retest/PT"),
        ("P2", "baseline", "MR", "siteA/P2/MR_T1/image"),
    ]


def test_masks_are_drafted_from_the_series_they_cite(series):
    rows = [tuple(row.values()) for row in drafts.mask_rows(series, ROOTS)]
    folder = "siteA/P1/retest/RT"
    assert rows == [
        ("P1", "retest", "CT", "GTV_1", "B", f"{folder}/CT_reader-B.dcm", "GTV 1"),
        ("P1", "retest", "CT", "roi_2nd", "B", f"{folder}/CT_reader-B.dcm", "2nd"),
        ("P2", "baseline", "MR", "G", "A", "siteA/P2/MR_T1/mask/RS.dcm", "G"),
    ]


def test_whatever_no_sheet_lists_is_told_with_its_reason(series):
    listed = [
        "siteA/P1/retest/CT",
        "siteA/P2/MR_T1/image",
        "siteA/P2/MR_T1/mask/RS.dcm",
    ]
    rows = drafts.unlisted_rows(series, ROOTS, listed)
    reasons = {(row["folder"], row["modality"]): row["reason"] for row in rows}
    assert len(rows) == 5
    assert reasons["P1/retest/PT", "PT"] == "no sheet lists it"
    assert "EMPTY_FILE" in reasons["P1/retest/CT", None]
    assert reasons["P2/US", "US"] == "modality US is not used"
    loose = [row["reason"] for row in rows if row["modality"] == "RTSTRUCT"]
    assert loose == [
        "no sheet lists it",
        "the RTSTRUCT does not cite exactly one image series of this root",
    ]


@pytest.mark.parametrize(
    ("folder", "subject", "session"),
    [
        ("S1/baseline/CT", "S1", "baseline"),
        ("S1/retest/CT", "S1", "retest"),
        ("STS_025/CT/image", "STS_025", "baseline"),
        ("STS_025/FDG_PET/image", "STS_025", "baseline"),
        ("S 1/week.2/x/y", "S_1", "week_2"),
        ("S1/CT", "S1", "baseline"),
        (".", "hash", "baseline"),
    ],
)
def test_subject_and_session_follow_the_folders(folder, subject, session):
    row = {"folder": folder, "patient": "hash"}
    assert drafts.subject_of(row) == subject
    assert drafts.session_of(row) == session

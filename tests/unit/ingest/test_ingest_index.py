"""concord.ingest.index and drafts: every series is listed, every sheet drafted."""

import errno
import json
import re

import nibabel as nib
import numpy as np
import pytest
from pydicom import Dataset, dcmread, dcmwrite
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from concord.errors import MachineFault, StudyError
from concord.ingest.dicom.header import hashed
from concord.ingest.index import cache, drafts, listing, scan, telling_ids
from concord.ingest.index.summary import summary_rows
from concord.planned import SourceStates
from concord.privacy.secret import keyed
from concord.tables.kinds import KINDS

from ...dicom_factory import index_root, rectangle, write_rtstruct, write_series

BOX = [rectangle((-9.6, 20.4), (-7.2, 23.2), -27.0)]
ROOTS = {"A": "siteA"}
#: A usable CT series.
SERIES = dict.fromkeys(KINDS["series"]) | {
    "root": "A",
    "folder": "S1/CT",
    "file": "S1/CT/1.dcm",
    "modality": "CT",
    "series": "0b",
}
#: Transfer syntax -> implicit VR, little endian.
SYNTAXES = {
    DeflatedExplicitVRLittleEndian: (False, True),
    ExplicitVRBigEndian: (False, False),
    ExplicitVRLittleEndian: (False, True),
    ImplicitVRLittleEndian: (True, True),
}


@pytest.fixture
def root(tmp_path):
    """Demo layout, STS layout, a damaged file, another modality, a loose mask."""
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
    return drafts.named(index_root(root, "A"), "folder")


def test_every_series_segmentation_and_damaged_file_is_a_row(series):
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


def test_rows_tell_facts_and_hashes(series):
    ct = next(row for row in series if row["modality"] == "CT")
    assert (ct["rows"], ct["columns"], ct["slice_thickness_mm"]) == (6, 7, 3)
    assert ct["series"] == hashed("1.2.3.5")
    segmentation = next(row for row in series if row["file"].endswith("reader-B.dcm"))
    assert segmentation["references_series"] == ct["series"]
    assert json.loads(segmentation["rois"]) == ["GTV 1", "2nd"]
    assert "1.2.3" not in str(series)


def test_the_hash_of_a_patient_depends_on_root_and_key(root):
    patients = set()
    for name, key in (("A", b"1"), ("B", b"1"), ("A", b"2")):
        with keyed(key):
            patients.add(index_root(root, name)[2]["patient"])
    assert len(patients) == 3
    assert {len(patient) for patient in patients} == {12}


def test_damaged_files_are_counted_with_the_first_fault(series):
    broken = next(row for row in series if row["modality"] is None)
    assert broken["code"] == "EMPTY_FILE"
    assert broken["problem"] == (
        "1 files cannot be read; first: EMPTY_FILE: cut.dcm: it is empty."
    )


def test_images_are_drafted_by_the_rule_of_folders(series):
    drafted = drafts.image_rows(series, ROOTS)
    keys = ("subject_id", "session", "modality", "source")
    assert [tuple(row[key] for key in keys) for row in drafted] == [
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
    assert reasons["P2/US", "US"] == "UNUSED_MODALITY: US is not used"
    loose = [row["reason"] for row in rows if row["modality"] == "RTSTRUCT"]
    assert loose == [
        "no sheet lists it",
        "the segmentation does not cite exactly one image series of this root",
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
        (".", "Phash", "baseline"),
        ("S1/2019-03-04 Thorax/CT", "S1", "session2"),
        ("S1/20190304/CT", "S1", "session2"),
    ],
)
def test_subject_and_session_follow_the_folders(folder, subject, session):
    earlier = SERIES | {"patient": "hash", "study_date": "20180101"}
    row = earlier | {"folder": folder, "study_date": "20190304"}
    _, named = drafts.named([earlier, row], "folder")
    assert (named["subject_id"], named["session"]) == (subject, session)


def test_keyed_ids_replace_folders_and_sessions_follow_the_dates():
    visits = [("20200101", "x"), ("20190101", "y"), ("20190101", "z")]
    rows = [
        SERIES | {"patient": "0a", "study_date": date, "folder": f"Doe/{name}/CT"}
        for date, name in visits
    ]
    named = drafts.named(rows, "keyed_hash")
    assert {row["subject_id"] for row in named} == {"P0a"}
    assert [row["session"] for row in named] == ["session2", "baseline", "baseline"]


def doe(k, header):
    header.PatientName, header.PatientID = "Doe^Jane", "00471123"
    header.PatientBirthDate = "19470213"


def test_a_folder_that_tells_who_it_is_becomes_no_subject_id(tmp_path):
    for number, folder in enumerate(["Jane_Doe", "471123", "1947-02-13", "S2"]):
        write_series(tmp_path / folder / "CT", change=doe, series=f"1.2.{number}")
    write_series(tmp_path / "Jane_Doe" / "PT", "PT", series="1.9")
    series = index_root(tmp_path, "A")
    held = {row["folder"]: row["id_holds"] for row in series}
    assert held == {
        "Jane_Doe/CT": "PatientName",
        "Jane_Doe/PT": None,
        "471123/CT": "PatientID",
        "1947-02-13/CT": "PatientBirthDate",
        "S2/CT": None,
    }

    with pytest.raises(StudyError, match=r"SUBJECT_ID_TELLS.* 3 of 4 folders") as told:
        telling_ids.require_folders_tell_nobody(series, "folder", "patients")
    assert "PatientBirthDate (1), PatientID (1), PatientName (1)" in str(told.value)
    assert "id_holds of private/index/A_series.tsv" in str(told.value)
    assert "Remove `subject_ids: folder`" in str(told.value)
    assert not {"Jane", "471123", "1947"} & set(re.findall(r"\w+", str(told.value)))
    with pytest.raises(StudyError, match=r"2 of 4 folders .*Date.*, PatientName"):
        telling_ids.require_folders_tell_nobody(series, "folder", "public")
    telling_ids.require_folders_tell_nobody(series, "folder", "simulated")
    telling_ids.require_folders_tell_nobody(series, "keyed_hash", "patients")


def test_a_path_that_holds_the_name_is_counted_without_it(tmp_path):
    write_series(tmp_path / "Jane_Doe" / "CT", change=doe)
    write_series(tmp_path / "Jane_Doe" / "PT", "PT", series="1.9")
    write_series(tmp_path / "S2" / "CT", change=doe)
    series = drafts.named(index_root(tmp_path, "A"), "keyed_hash")
    assert [row["subject_id"] for row in series] == [f"P{r['patient']}" for r in series]
    (ct, pt) = summary_rows(series, [])
    assert ct["problems"] == "PATH_NAMES_PATIENT 1"
    assert pt["problems"] is None
    linked = drafts.linkage_rows(series)
    assert {row["folder"] for row in linked} == {"Jane_Doe", "S2"}


def test_several_series_of_a_folder_are_drafted_with_their_numbers(tmp_path):
    def number(value):
        return lambda k, header: setattr(header, "SeriesNumber", value)

    write_series(tmp_path / "S1" / "CT", change=number(2))
    write_series(tmp_path / "S1" / "CT", change=number(5), series="1.9", prefix="other")
    series = drafts.named(index_root(tmp_path, "A"), "folder")
    rows = drafts.image_rows(series, ROOTS)
    assert [row.get("series") for row in rows] == ["2", "5"]


@pytest.mark.parametrize("syntax", sorted(SYNTAXES))
def test_the_walk_finds_what_pydicom_finds(tmp_path, syntax):
    plain, nested = write_series(tmp_path)[:2]
    header = dcmread(plain)
    inner = Dataset()
    inner.StudyInstanceUID, inner.Modality = "9.9.9", "XX"
    deeper = Dataset()
    deeper.ReferencedImageSequence = [inner, inner]
    header.ReferencedStudySequence = [deeper, inner]
    header.SliceThickness = "2.5"
    header["ReferencedStudySequence"].is_undefined_length = True
    for item in header.ReferencedStudySequence:
        item.is_undefined_length_sequence_item = True
    implicit, little = SYNTAXES[syntax]
    fresh = Dataset()
    fresh.update({element.tag: element for element in header})
    fresh.file_meta = header.file_meta
    fresh.file_meta.TransferSyntaxUID = syntax
    dcmwrite(nested, fresh, implicit_vr=implicit, little_endian=little)
    (row,) = [f for f in scan.scan(tmp_path) if f.path == nested.name]
    found = (row.modality, row.study, row.series, row.rows, row.columns)
    assert found == ("CT", "1.2.3", "1.2.3.5", "6", "7")
    assert row.thickness == "2.5"


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_a_file_cut_anywhere_is_a_fault_or_what_the_whole_file_is(tmp_path, syntax):
    path = write_series(tmp_path / "whole")[0]
    header = dcmread(path)
    header.file_meta.TransferSyntaxUID = syntax
    header.save_as(path, implicit_vr=syntax == ImplicitVRLittleEndian)
    (whole,) = [f for f in scan.scan(tmp_path / "whole") if f.path == path.name]
    data = path.read_bytes()
    (tmp_path / "cut").mkdir()
    for size in range(0, len(data), 7):
        (tmp_path / "cut" / f"{size:05d}.dcm").write_bytes(data[:size])
    for facts in scan.scan(tmp_path / "cut"):
        assert facts.code or facts[5:8] + facts[12:14] == whole[5:8] + whole[12:14]


def test_any_number_of_processes_finds_the_same(tmp_path, monkeypatch):
    for number in range(8):
        write_series(tmp_path / str(number), series=f"1.2.{number}")
    (tmp_path / "cut.dcm").write_bytes(b"")
    monkeypatch.setattr(scan, "_BATCH", 5)
    monkeypatch.setattr(scan, "_WORTHWHILE", 1)
    one = scan.scan(tmp_path)
    assert len(one) == 41
    assert scan.scan(tmp_path, processes=3) == one


def test_a_changed_file_is_read_again_and_a_known_one_is_not(tmp_path, monkeypatch):
    paths = write_series(tmp_path)
    first = scan.scan(tmp_path)
    state = SourceStates().of(tmp_path)
    assert SourceStates().of(tmp_path) == state
    paths[2].write_bytes(b"")
    assert SourceStates().of(tmp_path) != state
    read = []
    facts = scan._facts
    monkeypatch.setattr(scan, "_facts", lambda path: read.append(path) or facts(path))
    second = scan.scan(tmp_path, first)
    assert read == [paths[2]]
    assert [f.code for f in second if f.path == paths[2].name] == ["EMPTY_FILE"]
    other = [f._replace(version=0) for f in first]
    read.clear()
    scan.scan(tmp_path, other)
    assert len(read) == 5


def test_an_unforeseen_error_of_one_file_does_not_stop_the_index(tmp_path, monkeypatch):
    write_series(tmp_path)
    monkeypatch.setattr(scan, "_decoded", lambda raw: {}["Doe"])
    (row,) = index_root(tmp_path, "A")
    assert row["code"] == "INTERNAL_ERROR"
    assert "KeyError in ingest/index/scan.py" in row["problem"]
    assert "Doe" not in row["problem"]


def test_a_fault_of_the_machine_fails_the_index(tmp_path, monkeypatch):
    write_series(tmp_path)

    def broken(path):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(scan, "_dicom_facts", broken)
    with pytest.raises(
        MachineFault, match=r"file 1 of 5 of the root: Input/output error"
    ):
        scan.scan(tmp_path)


def test_a_file_that_could_not_be_opened_is_tried_again(tmp_path, monkeypatch):
    write_series(tmp_path)

    def locked(path):
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(scan, "_dicom_facts", locked)
        first = scan.scan(tmp_path)
    assert {facts.code for facts in first} == {"UNREADABLE_FILE"}
    cache.write_file_facts(first, tmp_path / "a.parquet")
    assert cache.read_file_facts(tmp_path / "a.parquet") == []


def test_a_root_in_bids_layout_drafts_images_and_masks(tmp_path):
    for name in (
        "sub-01/ses-pre/anat/sub-01_ses-pre_T1w.nii.gz",
        "sub-01/ses-pre/pet/sub-01_ses-pre_trc-FDG_pet.nii",
        "sub-02/ct/sub-02_ct.nii.gz",
        "sub-02/ct/sub-02_scout.nii.gz",
        "derivatives/x/sub-01/ses-pre/pet/sub-01_ses-pre_label-GTV_desc-B_mask.nii.gz",
        "derivatives/x/sub-02/ct/sub-02_dseg.nii.gz",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    labels = tmp_path / "derivatives/x/sub-02/ct/sub-02_dseg.tsv"
    labels.write_text("index\tname\n1\ttumour\n2\tnode\n")
    series = drafts.named(index_root(tmp_path, "A"), "folder")
    keys = ("subject_id", "session", "image", "modality", "source")
    images = [[row[k] for k in keys] for row in drafts.image_rows(series, ROOTS)]
    anat, pet = "siteA/sub-01/ses-pre/anat", "siteA/sub-01/ses-pre/pet"
    assert images == [
        ["01", "pre", "PT", "PT", f"{pet}/sub-01_ses-pre_trc-FDG_pet.nii"],
        ["01", "pre", "T1", "MR", f"{anat}/sub-01_ses-pre_T1w.nii.gz"],
        ["02", "baseline", "CT", "CT", "siteA/sub-02/ct/sub-02_ct.nii.gz"],
    ]
    masks = drafts.mask_rows(series, ROOTS)
    assert [
        (m["subject_id"], m["image"], m["region"], m["reader"], m["roi"]) for m in masks
    ] == [
        ("01", "PT", "GTV", "B", None),
        ("02", "CT", "node", "A", "2"),
        ("02", "CT", "tumour", "A", "1"),
    ]
    listed = [row["source"] for row in [*drafts.image_rows(series, ROOTS), *masks]]
    assert not drafts.unlisted_rows(series, ROOTS, listed)
    assert len(drafts.unlisted_rows(series, ROOTS, listed[1:])) == 1


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ("index\tname\n1\ttumour\nx\tnode\n", "line 3 has no name, or an index"),
        ("index\tname\n1\ttumour\n2\n", "line 3 has 1 cells"),
        ("number\tname\n1\ttumour\n", "index: the column is missing"),
    ],
)
def test_a_table_of_labels_that_is_unclear_drafts_no_region(tmp_path, labels, told):
    folder = tmp_path / "derivatives/x/sub-02/ct"
    folder.mkdir(parents=True)
    (folder / "sub-02_dseg.nii.gz").write_bytes(b"")
    (folder / "sub-02_dseg.tsv").write_text(labels)
    series = drafts.named(index_root(tmp_path, "A"), "folder")
    assert not drafts.mask_rows(series, ROOTS)
    assert not drafts.image_rows(series, ROOTS)
    (row,) = drafts.unlisted_rows(series, ROOTS, [])
    assert row["code"] == "UNREADABLE_FILE"
    assert told in row["reason"]


def test_a_linked_patient_is_indexed_and_what_was_not_fetched_is_told(root, tmp_path):
    archive = tmp_path.parent / f"{tmp_path.name}_archive"
    write_series(archive / "CT", series="1.2.3.9")
    (root / "P3").symlink_to(archive)
    (root / "P3" / "CT" / "last.dcm").symlink_to("absent")
    (root / "P2" / "US" / "IM7").write_bytes(b"/annex/objects/MD5E-s9--d4.dcm\n")
    (root / "P2" / "US" / "._000.dcm").write_bytes(b"\0\5\x16\7" + bytes(99))

    rows = index_root(root, "A")
    found = {(row["folder"], row["code"]): row["n_files"] for row in rows}
    assert found["P3/CT", None] == 5
    assert found["P3/CT", "NOT_FETCHED"] == 1
    assert found["P2/US", "NOT_FETCHED"] == 1
    assert ("P2/US", "UNREADABLE_FILE") not in found
    told = [row["problem"] for row in rows if row["code"] == "NOT_FETCHED"]
    assert all("datalad get" in problem for problem in told)


def test_a_changed_file_behind_a_link_changes_the_listing_of_a_root(tmp_path):
    write_series(tmp_path / "archive")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "P1").symlink_to(tmp_path / "archive")
    before = listing.listing(tmp_path / "root")
    (tmp_path / "archive" / "000.dcm").write_bytes(b"other")
    assert listing.listing(tmp_path / "root") != before


def test_a_series_of_several_volumes_is_drafted_with_a_row_for_each(tmp_path):
    for time in range(3):

        def change(k, header, time=time):
            header.TemporalPositionIdentifier = time + 1
            header.SOPInstanceUID = f"1.2.3.{time}.{k}"

        write_series(tmp_path / "P1" / "DCE", "MR", change=change, prefix=f"{time}")
    write_rtstruct(tmp_path / "P1" / "RS.dcm", {"GTV": BOX})
    write_series(tmp_path / "P1" / "CT", series="1.2.3.6")

    series = drafts.named(index_root(tmp_path, "A"), "folder")
    images = drafts.image_rows(series, ROOTS)
    assert [(row["image"], row["volume"]) for row in images] == [
        ("CT", None),
        ("MR_t1", "t1"),
        ("MR_t2", "t2"),
        ("MR_t3", "t3"),
    ]
    (mask,) = drafts.mask_rows(series, ROOTS)
    assert (mask["image"], mask["also_for"]) == ("MR_t1", "MR_t2 MR_t3")


def test_a_nifti_file_of_several_volumes_is_drafted_with_a_row_for_each(tmp_path):
    path = tmp_path / "sub-01" / "anat" / "sub-01_T2w.nii.gz"
    path.parent.mkdir(parents=True)
    nib.save(nib.Nifti1Image(np.zeros((2, 3, 4, 2), np.int16), np.eye(4)), path)
    series = drafts.named(index_root(tmp_path, "A"), "folder")
    images = drafts.image_rows(series, ROOTS)
    assert [row["volume"] for row in images] == ["t1", "t2"]

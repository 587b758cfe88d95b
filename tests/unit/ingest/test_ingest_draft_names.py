"""Drafts take nothing from folders and headers that tells who a patient is."""

import json

import pytest
from pydicom import dcmread

from concord.ingest.dicom import modalities
from concord.ingest.dicom.header import tolerant
from concord.ingest.index import drafts, identity, regions, telling
from concord.ingest.index.summary import summary_rows

from ...dicom_factory import index_root, rectangle, write_rtstruct, write_series

BOX = [rectangle((-9.6, 20.4), (-7.2, 23.2), -27.0)]
ROOTS = {"A": "siteA"}


def person(name, number, character_set="ISO_IR 192", **more):
    """A change of slices that fills their identity."""

    def change(k, header):
        header.SpecificCharacterSet = character_set
        header.PatientName, header.PatientID = name, number
        for keyword, value in {"StudyDate": "20200101", **more}.items():
            setattr(header, keyword, value)

    return change


def drafted(folder, subject_ids="folder"):
    return drafts.named(index_root(folder, "A"), subject_ids)


#: Second folder, header, and the session: a common name or one by the date.
SESSIONS = [
    ("SMITH_Anna", person("SMITH^Anna", "77777777"), "baseline"),
    ("AnnaSmith2", person("SMITH^Anna", "77777777"), "baseline"),
    ("dr_Hausarzt", person("Klein^Ida", "88888888"), "baseline"),
    ("99999999", person("Gross^Ina", "99999999"), "baseline"),
    ("x1047", person("Gross^Ina", "1047"), "baseline"),
    ("week 12", person("Gross^Ina", "12"), "baseline"),
    ("7", person("Gross^Ina", "7"), "baseline"),
    ("LiNa", person("Li^Na", "1"), "baseline"),
    ("Ng_pre", person("Ng^Yu", "1"), "baseline"),
    ("Müller", person("Mueller^Udo", "1"), "baseline"),
    ("MUELLER", person("M\xfcller^Udo", "1", "ISO_IR 100"), "baseline"),
    ("Muller", person("Müller^Udo", "1"), "baseline"),
    ("иванов", person("Иванов^Пётр", "1", "ISO_IR 144"), "baseline"),
    ("王小东", person("Wang^XiaoDong=王^小东", "1", "GB18030"), "baseline"),
    (
        "山田",
        person("Yamada^Tarou=山田^太郎", "1", ["", "ISO 2022 IR 87"]),
        "baseline",
    ),
    ("Chest", person("Chest^Bo", "1"), "baseline"),
    ("pre 13.02.47", person("Roe^Ann", "1", PatientBirthDate="19470213"), "baseline"),
    ("op_Roe", person("Low^Kim", "1", OperatorsName="Roe^R"), "baseline"),
    ("A_77881", person("Low^Kim", "1", AccessionNumber="A-77881"), "baseline"),
    ("retest", person("Smith^Anna", "77777777"), "retest"),
    ("week 12", person("Smith^Anna", "112"), "week_12"),
    ("baseline", person("Base^Line", "1"), "baseline"),
    ("follow_up2", person("Low^Kim", "2"), "follow_up2"),
    ("Charite", person("Low^Kim", "2", InstitutionName="Charite"), "baseline"),
    ("Siemens", person("Low^Kim", "2", InstitutionName="Charite"), "Siemens"),
]


@pytest.mark.parametrize(("folder", "change", "session"), SESSIONS)
def test_a_session_is_called_by_its_folder_unless_that_tells_who_it_is(
    tmp_path, folder, change, session
):
    write_series(tmp_path / "S1" / folder / "CT", change=change)
    (row,) = drafted(tmp_path)
    assert row["session"] == session


def test_sessions_whose_folders_tell_are_numbered_in_the_order_of_their_dates(
    tmp_path,
):
    for day, name in enumerate(("Smith_2", "Smith_1"), 1):
        change = person("Smith^Anna", "1", StudyDate=f"2020010{day}")
        write_series(tmp_path / "S1" / name / "CT", change=change, series=f"1.{day}")
    assert [(row["folder"], row["session"]) for row in drafted(tmp_path)] == [
        ("S1/Smith_1/CT", "session2"),
        ("S1/Smith_2/CT", "baseline"),
    ]


def test_one_header_with_a_name_tells_it_of_all_below_the_folder(tmp_path):
    session = tmp_path / "S1" / "Smith"
    write_series(session / "CT", change=person("Smith^Anna", "1"), series="1.1")
    write_series(session / "PT", "PT", change=person("", "1"), series="1.2")
    assert {row["session"] for row in drafted(tmp_path)} == {"baseline"}


def segmented(folder, rois, change, names):
    """One CT and a segmentation with some names of ROIs in files of some names."""
    write_series(folder / "S1" / "CT", change=change)
    for name in names:
        path = folder / "S1" / "RT" / name
        write_rtstruct(path, dict.fromkeys(rois, BOX))
        header = dcmread(path)
        change(0, header)
        header.save_as(path)
    return drafts.mask_rows(drafted(folder), ROOTS)


def test_a_region_keeps_no_name_of_an_roi_that_tells_who_the_patient_is(tmp_path):
    rois = ["GTV Smith", "SMITH", "gtv anna 2", "Lung_L", "1947-02-13", "GTV", "GTV_2"]
    change = person("Smith^Anna", "77", PatientBirthDate="19470213")
    rows = segmented(tmp_path, rois, change, ["RS.dcm"])

    called = {row["roi"]: row["region"] for row in rows}
    series = drafted(tmp_path)
    told = telling.telling_rois(series)
    assert told == {"GTV Smith", "SMITH", "gtv anna 2", "1947-02-13"}
    assert called == {
        "GTV Smith": "GTV_3",  # GTV and GTV_2 are there
        "SMITH": "roi_2",
        "gtv anna 2": "gtv",
        "Lung_L": "Lung_L",
        "1947-02-13": "roi_5",
        "GTV": "GTV",
        "GTV_2": "GTV_2",
    }


def test_readers_whose_names_tell_are_numbered_alike_in_all_files(tmp_path):
    names = ["CT_reader-Roe.dcm", "CT_reader-Low.dcm", "CT_reader-B.dcm"]
    change = person("Smith^Anna", "77", OperatorsName=["Roe^R", "Low^K"])
    rows = segmented(tmp_path, ["GTV"], change, names)
    assert {(row["source"][-7:-4], row["reader"]) for row in rows} == {
        ("Low", "reader1"),
        ("Roe", "reader2"),
        ("r-B", "B"),
    }


def test_numbers_of_readers_avoid_names_that_are_there():
    assert regions.reader_names(["Roe", "reader1", "A"], ["Roe"]) == {
        "A": "A",
        "Roe": "reader2",
        "reader1": "reader1",
    }


def test_sessions_of_bids_that_are_dates_are_numbered(tmp_path):
    mask = "derivatives/x/sub-1/ses-20200202/ct/sub-1_ses-20200202_label-GTV_mask"
    for name in (
        "sub-1/ses-20200202/ct/sub-1_ses-20200202_ct",
        "sub-1/ses-20200101/ct/sub-1_ses-20200101_ct",
        "sub-2/ses-20210101/ct/sub-2_ses-20210101_ct",
        mask,
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / f"{name}.nii").write_bytes(b"")
    rows = drafted(tmp_path)
    assert [(row["file"].rpartition("/")[2][:18], row["session"]) for row in rows] == [
        ("sub-1_ses-20200202", "session2"),
        ("sub-1_ses-20200101", "baseline"),
        ("sub-1_ses-20200202", "session2"),
        ("sub-2_ses-20210101", "baseline"),
    ]


def test_images_are_named_by_a_vocabulary_whatever_a_description_holds(tmp_path):
    change = person("Smith^Anna", "77", SeriesDescription="T2 Smith Anna")
    write_series(tmp_path / "S1" / "MR", "MR", change=change)
    (row,) = drafted(tmp_path)
    assert row["image"] == "T2"


def test_the_index_keeps_places_and_no_words_of_those_who_treated(tmp_path):
    change = person("Low^Kim", "1", ReferringPhysicianName="Hausarzt^Jo")
    write_series(tmp_path / "S1" / "x_hausarzt" / "CT", change=change)
    (row,) = index_root(tmp_path, "A")
    assert row["telling"] == "2"
    kept = {key: cell for key, cell in row.items() if key not in ("folder", "file")}
    assert "hausarzt" not in json.dumps(kept).lower()


def test_a_modality_that_dicom_does_not_have_is_told_nowhere(tmp_path):
    def change(k, header):
        header.Modality = "SMITH"

    write_series(tmp_path / "S1" / "CT", change=change)
    rows = drafted(tmp_path)
    assert rows[0]["problem"] == "UNUSED_MODALITY: this modality is not used"
    assert [row["modality"] for row in summary_rows(rows, [])] == ["other"]
    assert modalities.told("SMITH") is modalities.told(None) is None
    assert modalities.told("CT") == "CT"


def test_a_character_set_that_nobody_knows_is_read_as_utf_8():
    absent = [b""] * (len(identity.TAGS) - 1)
    values = dict(zip(identity.ELEMENTS, [b"odd", *absent], strict=True))
    values["PatientName"] = "Müller^Udo".encode()
    with tolerant():
        who = identity.identity(list(values.values()))
    assert who.is_person("MUELLER")
    assert not who.is_person("Miller")

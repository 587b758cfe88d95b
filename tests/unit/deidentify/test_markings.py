"""Pictures that are marked as showing text or a face stay behind."""

import pytest
from pydicom import Dataset, dcmread
from pydicom.datadict import dictionary_VR, tag_for_keyword

from concord import tables
from concord.deidentify import markings
from concord.deidentify.markings import require_unmarked
from concord.deidentify.values import NotExported
from concord.privacy import secret

from ...dicom_factory import write_series
from ...hard_cases.enhanced_cases import in_group
from ...hard_cases.multiframe import write as write_enhanced
from .exporting import exported, image_row

CT = "1.2.840.10008.5.1.4.1.1.2"
#: Marks that say it outright, and those that only make a picture suspect.
OUTRIGHT = {
    "BurnedInAnnotation": "YES",
    "RecognizableVisualFeatures": "YES",
    "SpecimenLabelInImage": "YES",
}
SUSPECT = [
    ("ImageType", ["DERIVED", "SECONDARY"]),
    ("ImageType", ["DERIVED", "SECONDARY", "REFORMATTED"]),
    ("ImageType", ["DERIVED", "PRIMARY", "SCREEN SAVE"]),
    ("ImageType", ["ORIGINAL", "PRIMARY", "SCREEN_CAPTURE"]),
    ("ImageType", ["DERIVED", "PRIMARY", "DOSE_INFO"]),
    ("FrameType", ["DERIVED", "SECONDARY"]),
    *(("ConversionType", t) for t in ("DV", "DI", "DF", "WSD", "SD", "SI", "DRW")),
    ("ConversionType", "SYN"),
    ("DateOfSecondaryCapture", "20200101"),
    ("SecondaryCaptureDeviceManufacturer", "Maker"),
    ("VideoImageFormatAcquired", "NTSC"),
    *(("Modality", m) for m in ("OT", "SC", "DOC", "US", "XA", "PX", "SR", "PR")),
    *(
        ("SOPClassUID", f"1.2.840.10008.5.1.4.1.1.{end}")
        for end in ("7", "7.1", "7.4", "6.1", "3.1", "12.1", "77.1.4.1", "104.1")
    ),
]


@pytest.fixture(autouse=True)
def key():
    with secret.keyed(b"k" * 32):
        yield


def header(**more) -> Dataset:
    found = Dataset()
    found.SOPClassUID, found.Modality = CT, "CT"
    found.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    for keyword, value in more.items():
        setattr(found, keyword, value)
    return found


def nested(inner: Dataset) -> Dataset:
    outer, item = header(), Dataset()
    item.ReferencedImageSequence = [inner]
    outer.SourceImageSequence = [item]
    return outer


def test_every_element_of_interest_is_one_of_dicom():
    assert [k for k in markings._OF_INTEREST if tag_for_keyword(k) is None] == []
    assert all(dictionary_VR(keyword) == "CS" for keyword in OUTRIGHT)


def test_an_ordinary_image_is_not_marked():
    require_unmarked([header(), header(BurnedInAnnotation="NO")], False)
    require_unmarked([header(ImageType=["DERIVED", "PRIMARY", "AXIAL"])], False)


@pytest.mark.parametrize("keyword", OUTRIGHT)
def test_what_says_outright_that_a_person_is_shown_is_refused_always(keyword):
    marked = header(**{keyword: OUTRIGHT[keyword]})
    for found in (marked, nested(marked)):
        with pytest.raises(NotExported, match=f"^{keyword} is YES"):
            require_unmarked([header(), found], True)


@pytest.mark.parametrize(("keyword", "value"), SUSPECT)
def test_a_suspect_picture_passes_if_declared_or_looked_at(keyword, value):
    suspect = header(**{keyword: value})
    with pytest.raises(NotExported, match=r"BurnedInAnnotation is not NO.*reviewed_im"):
        require_unmarked([header(), suspect], False)
    require_unmarked([suspect], True)
    suspect.BurnedInAnnotation = "NO"
    require_unmarked([suspect], False)


def test_a_private_storage_class_is_refused_always():
    with pytest.raises(NotExported, match="storage class is not one of the standard"):
        require_unmarked([header(SOPClassUID="1.3.12.2.1107.5.9.1")], True)


def export(tmp_path, *reviewed):
    row = image_row(tmp_path / "data", "CT")
    folder = exported(tmp_path, [row], [], list(reviewed))
    (found,) = tables.read(f"{folder}.tsv", "exported").to_dict("records")
    return found, list(folder.rglob("*.dcm"))


def test_one_marked_slice_keeps_its_whole_series(tmp_path):
    def change(k, found):
        if k == 3:
            found.ImageType = ["DERIVED", "SECONDARY", "AXIAL"]

    write_series(tmp_path / "data", change=change)
    row, files = export(tmp_path)
    assert files == []
    assert row["n_files"] == 0
    assert "DERIVED, SECONDARY" in row["refused"]
    row, files = export(tmp_path, "CT")
    assert len(files) == row["n_files"] == 5
    assert dcmread(files[0]).get("BurnedInAnnotation") is None


def test_a_mark_within_the_functional_groups_counts(tmp_path):
    edit = in_group("CTImageFrameType", "FrameType", ["DERIVED", "SECONDARY"], 2)
    write_enhanced(tmp_path / "data", frame_edits=[edit])
    row, files = export(tmp_path)
    assert files == []
    assert "FrameType" in row["refused"]

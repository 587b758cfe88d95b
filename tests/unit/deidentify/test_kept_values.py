"""A kept element holds what its keyword says: terms, ranges, times, known UIDs."""

import pytest
from pydicom import DataElement, Dataset, dcmread
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from concord.deidentify.actions import TECHNICAL, TIMES, action_of
from concord.deidentify.header import deidentified
from concord.deidentify.kept_codes import terms
from concord.deidentify.kept_numbers import ranges, renumbered
from concord.deidentify.pseudonyms import Pseudonyms
from concord.deidentify.values import Keeper, NotExported
from concord.ingest.dicom.header import tolerant
from concord.privacy import secret

from ...dicom_factory import make_pet, write_series

ID = 471108154
TEXTS = {"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"}
NUMBERS = {"DS", "FD", "FL", "IS", "SL", "SS", "SV", "UL", "US", "UV", "US or SS"}


@pytest.fixture(autouse=True)
def key():
    with secret.keyed(b"k" * 32):
        yield


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("series")
    return write_series(folder, "PT", change=make_pet, keep=[0])[0]


def cleaned(path, change) -> Dataset:
    with tolerant():
        header = dcmread(path)
        change(header)
        return deidentified(header, Pseudonyms("P1"))


def with_value(keyword, value):
    """A change that puts a value at the top and into an item, whatever its type."""

    def change(header):
        kind = dictionary_VR(keyword).split(" or ")[0]
        item = Dataset()
        for target in (header, item):
            target[keyword] = DataElement(tag_for_keyword(keyword), kind, value)
        header.PerformedProtocolCodeSequence = [item]

    return change


def test_a_word_in_a_code_string_stays_only_if_it_is_a_defined_term(path):
    for keyword, known in terms().items():
        term = min(known)
        kept = cleaned(path, with_value(keyword, term))
        assert kept.get(keyword) == term, keyword
        if keyword not in ("ImageType", "FrameType"):
            gone = cleaned(path, with_value(keyword, "DOE JANE"))
            assert not gone.get(keyword), keyword
            both = cleaned(path, with_value(keyword, [term, "DOE"]))
            assert both.get(keyword) == term, keyword


def test_words_of_an_image_type_keep_their_places(path):
    change = with_value("ImageType", ["ORIGINAL", "PRIMARY", "DOE", "M"])
    assert cleaned(path, change).ImageType == ["ORIGINAL", "PRIMARY", "OTHER", "M"]


def test_a_hospitals_number_stays_in_no_number(path):
    """Neither an id outside the range nor one that the header names passes."""
    for keyword, allowed in ranges().items():
        value = str(ID) if dictionary_VR(keyword) in ("DS", "IS") else ID
        if dictionary_VR(keyword).startswith("US"):
            value = 65535
        if (
            keyword == "ContourData"
            or allowed.highest >= ID
            or (dictionary_VR(keyword).startswith("US") and allowed.highest >= 65535)
        ):
            continue
        change = with_value(keyword, value)
        if allowed.is_essential:
            with pytest.raises(NotExported, match=f"^{keyword} is out of its range"):
                cleaned(path, change)
        else:
            kept = cleaned(path, change)
            assert kept[keyword].is_empty, keyword
            (item,) = kept.PerformedProtocolCodeSequence
            assert item[keyword].is_empty, keyword


@pytest.mark.parametrize("text", [str(ID), f"{ID}.5", f"00{ID}", f"0.{ID}"])
def test_an_id_that_a_header_names_is_no_dose_of_a_tracer(path, text):
    def change(header):
        header.PatientID = str(ID)
        header.RadiopharmaceuticalInformationSequence[0].RadionuclideTotalDose = text

    (tracer,) = cleaned(path, change).RadiopharmaceuticalInformationSequence
    assert tracer["RadionuclideTotalDose"].is_empty


def test_a_short_id_hides_no_measure_that_is_like_it(path):
    def change(header):
        header.PatientID = "80"

    assert cleaned(path, change).PatientWeight == 80


def test_the_words_of_one_slice_guard_the_texts_of_all(path):
    header, other = dcmread(path), dcmread(path)
    header.ManufacturerModelName, other.OperatorsName = "Scanner of Doe", "Doe^Jane"
    names = Pseudonyms("P1")
    keeper = Keeper.of(names, [header, other])
    assert not deidentified(header, names, None, keeper).ManufacturerModelName
    assert deidentified(header, names).ManufacturerModelName == "Scanner of Doe"


@pytest.mark.parametrize("text", ["80 Doe", "nan", "inf", "8_0", "٨٠", "0x50", "1e999"])
def test_a_decimal_string_is_a_number_and_nothing_else(path, text):
    def change(header):
        element = DataElement(tag_for_keyword("PatientWeight"), "DS", None)
        element._value = text
        header["PatientWeight"] = element

    assert cleaned(path, change)["PatientWeight"].is_empty


def test_more_values_than_a_keyword_has_go(path):
    assert cleaned(path, with_value("KVP", ["47", "11"]))["KVP"].is_empty


def test_numbers_that_count_are_counted_anew_and_still_cite_each_other(path):
    header = dcmread(path)
    header.SeriesNumber, header.InstanceNumber = ID, 4711
    header.StructureSetROISequence, header.ROIContourSequence = [], []
    for number in (ID, 17):
        roi, drawn = Dataset(), Dataset()
        roi.ROINumber, drawn.ReferencedROINumber = number, number
        header.StructureSetROISequence.append(roi)
        header.ROIContourSequence.append(drawn)
    other = Dataset()
    other.InstanceNumber, other.StackID = 12, "5"
    names = Pseudonyms("P1")
    keeper = Keeper.of(names, [header, other])

    clean = deidentified(header, names, {17: "tumour"}, keeper)
    assert (clean.SeriesNumber, clean.InstanceNumber) == (1, 2)
    rois = [(i.ROINumber, i.ROIName) for i in clean.StructureSetROISequence]
    assert rois == [(2, "ROI 2"), (1, "tumour")]
    cited = [item.ReferencedROINumber for item in clean.ROIContourSequence]
    assert cited == [2, 1]


@pytest.mark.parametrize("text", ["Doe", "47110815", "1200Doe", "250000", "12:00:00"])
def test_a_time_of_day_is_one(path, text):
    for keyword in TIMES:
        assert cleaned(path, with_value(keyword, text))[keyword].is_empty
        kept = cleaned(path, with_value(keyword, "112233.450000"))
        assert kept[keyword].value == "112233.450000"


@pytest.mark.parametrize(
    "text", [f"20200101{ID}", "20200101120000.4711081", "20200101+9999", "47110815"]
)
def test_a_date_with_time_holds_nothing_behind_it(text):
    assert Pseudonyms("P1").moment(text) == ""


def test_uids_are_known_ones_of_the_standard_or_keyed():
    names = Pseudonyms("P1")
    assert names.uid("1.2.840.10008.1.2.1") == "1.2.840.10008.1.2.1"
    assert names.uid(f"1.2.840.10008.{ID}").startswith("2.25.")
    assert names.uid("Doe").startswith("2.25.")


@pytest.mark.parametrize("keyword", TECHNICAL)
def test_a_technical_text_is_short_printable_and_without_the_patients_words(
    path, keyword
):
    for text in ("Doe's scanner", "x" * 65, "line\nline", f"v{ID}"):

        def change(header, text=text):
            header.PatientName, header.PatientID = "Doe^Jane", str(ID)
            with_value(keyword, text)(header)

        assert cleaned(path, change)[keyword].is_empty, text
    assert cleaned(path, with_value(keyword, "B30f"))[keyword].value == "B30f"


def test_a_value_of_another_type_than_its_keyword_goes(path):
    def change(header):
        header.add_new(tag_for_keyword("PatientWeight"), "LO", "80 Doe")
        header.add_new(tag_for_keyword("KVP"), "UI", "1.2.4711")

    clean = cleaned(path, change)
    assert "PatientWeight" not in clean
    assert "KVP" not in clean


@pytest.mark.parametrize(
    ("keyword", "kind", "content"),
    [("PixelSpacing", "DS", b"x\\y "), ("Rows", "US", b"abc")],
)
def test_an_essential_value_that_cannot_be_read_refuses_the_file(
    path, keyword, kind, content
):
    def change(header):
        tag = BaseTag(tag_for_keyword(keyword))
        raw = RawDataElement(tag, kind, len(content), content, 0, False, True)
        header[tag] = raw

    with pytest.raises(NotExported, match=rf"^{keyword} (is out of|cannot be read)"):
        cleaned(path, change)


def test_a_value_that_cannot_be_read_goes(path):
    def change(header):
        tag = BaseTag(tag_for_keyword("AcquisitionMatrix"))
        header[tag] = RawDataElement(tag, "US", 3, b"Doe", 0, False, True)

    assert not cleaned(path, change).get("AcquisitionMatrix")


def test_what_is_on_no_list_loses_its_value(path):
    """Every keyword of the dictionary that could hold a name or a number."""
    from pydicom.datadict import DicomDictionary

    kept = {*terms(), *ranges(), *renumbered(), *TECHNICAL, *TIMES}
    for tag, (vr, *_, keyword) in DicomDictionary.items():
        if not keyword or keyword in kept or tag >> 16 == 2:
            continue
        kind = vr.split(" or ")[0]
        action = action_of(DataElement(tag, kind, None))
        if vr in NUMBERS | {"CS", "OB", "OW", "OF", "OD", "OL", "OV", "UN"}:
            assert action in ("remove", "own", "table"), keyword
        elif vr in TEXTS:
            assert action in ("remove", "empty", "dummy", "own", "code", "zone"), (
                keyword
            )

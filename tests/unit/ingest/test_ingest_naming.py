"""Names that drafts propose for images, by words of a vocabulary alone."""

import pytest

from concord.ingest.index import drafts
from concord.ingest.index.naming import assigned, of_bids, proposed

from ...dicom_factory import (
    index_root,
    make_pet,
    rectangle,
    write_rtstruct,
    write_series,
)

#: A name that no draft may hold, in every description.
CANARY = "Doe^Canary"


@pytest.mark.parametrize(
    ("modality", "facts", "name"),
    [
        ("MR", {"description": "t1_mprage_sag"}, "T1"),
        ("MR", {"description": "T1w TSE", "agent": "Gadovist"}, "T1c"),
        ("MR", {"description": "t1_vibe_post"}, "T1c"),
        ("MR", {"description": "t1 se", "agent": "NONE"}, "T1"),
        ("MR", {"protocol": "T2 TSE ax"}, "T2"),
        ("MR", {"description": "t2_tirm dark-fluid"}, "FLAIR"),
        ("MR", {"description": "ep2d_diff_b1000"}, "DWI"),
        ("MR", {"description": "ep2d_diff_ADC"}, "ADC"),
        ("MR", {"description": "x", "image_type": "DERIVED\\ADC"}, "ADC"),
        ("MR", {"description": "x", "b_value": "800"}, "DWI"),
        ("MR", {"description": "twist dynamic T1"}, "DCE"),
        ("MR", {"description": "pd fs"}, "PD"),
        ("MR", {"scanning_sequence": "SE", "te": "12", "tr": "500"}, "T1"),
        ("MR", {"scanning_sequence": "SE", "te": "95", "tr": "4000"}, "T2"),
        ("MR", {"scanning_sequence": "SE", "te": "12", "tr": "3000"}, "PD"),
        (
            "MR",
            {"scanning_sequence": "SE\\IR", "te": "95", "tr": "9000", "ti": "2500"},
            "FLAIR",
        ),
        ("MR", {"scanning_sequence": "GR", "te": "4", "tr": "20"}, None),
        ("MR", {"scanning_sequence": "SE", "te": "x", "tr": "500"}, None),
        ("MR", {"description": "T10 vertebra, Petra Venous"}, None),
        ("CT", {"description": "Abdomen portal-venous 3.0"}, "CT_venous"),
        ("CT", {"description": "art. Phase"}, "CT_arterial"),
        ("CT", {"description": "Thorax nativ"}, "CT_noncontrast"),
        ("CT", {"description": "Thorax", "agent": "Iomeron"}, None),
        ("PT", {"tracer": "C-B1031"}, "PET_FDG"),
        ("PT", {"tracer": "Fluoromisonidazole F^18^"}, "PET_FMISO"),
        ("PT", {"tracer": "Solution", "description": "PET FET"}, "PET_FET"),
        ("US", {"description": "t1"}, None),
    ],
)
def test_a_header_tells_the_image_in_words_of_the_vocabulary(modality, facts, name):
    assert proposed({"modality": modality} | facts) == name


def test_the_name_of_a_file_in_bids_layout_tells_the_image():
    assert of_bids("MR", "T1w", {}) == "T1"
    assert of_bids("MR", "T1w", {"ce": "gadolinium"}) == "T1c"
    assert of_bids("MR", "FLAIR", {}) == "FLAIR"
    assert of_bids("PT", "pet", {"trc": "FDG"}) == "PET_FDG"
    assert of_bids("CT", "ct", {}) is None


def row(image, modality="MR", number="1", subject="P1", session="baseline"):
    keys = {"subject_id": subject, "session": session, "modality": modality}
    place = {"root": "A", "folder": f"{subject}/{number}", "file": f"{number}.dcm"}
    return keys | place | {"series_number": number, "study_date": None, "image": image}


def names(*rows):
    return [found["image"] for found in assigned(rows)]


def test_a_series_of_which_nothing_is_told_has_the_name_of_its_modality():
    assert names(row(None)) == ["MR"]
    assert names(row(None, "CT"), row(None, "PT", "2")) == ["CT", "PT"]


def test_equal_names_of_a_session_are_numbered_in_the_order_of_acquisition():
    rows = [row("T1", number="10"), row("T1", number="9"), row(None, number="11")]
    rows += [row(None, number="12"), row("T1", session="later")]
    assert names(*rows) == ["T1", "T1_2", "MR", "MR_2", "T1"]
    assert names(*reversed(rows)) == names(*rows)
    assert assigned(rows)[0]["series_number"] == "9"


def test_phase_and_tracer_name_an_image_only_where_the_study_needs_them():
    assert names(row("CT_venous", "CT"), row(None, "CT", subject="P2")) == ["CT", "CT"]
    assert names(row("PET_FDG", "PT"), row("PET_FDG", "PT", subject="P2")) == [
        "PT",
        "PT",
    ]
    two = row("CT_arterial", "CT"), row("CT_venous", "CT", "2")
    assert names(*two, row("CT_venous", "CT", subject="P2")) == [
        "CT_arterial",
        "CT_venous",
        "CT_venous",
    ]
    tracers = row("PET_FDG", "PT"), row("PET_FMISO", "PT", subject="P2")
    assert names(*tracers) == ["PET_FDG", "PET_FMISO"]


@pytest.fixture
def series(tmp_path):
    """T1, T2, another T2 and a PET of one session, described with a name."""
    texts = {"T1": "t1 tse", "T2": "t2 tse", "again": "t2 haste"}
    for number, (folder, text) in enumerate(texts.items(), 1):

        def described(k, header, text=text, number=number):
            header.SeriesDescription = f"{text} {CANARY}"
            header.ProtocolName = CANARY
            header.SeriesNumber = number

        uid = f"1.2.3.{number}"
        write_series(tmp_path / "P1" / folder, "MR", series=uid, change=described)
    write_series(tmp_path / "P1" / "PT", "PT", series="1.2.3.8", change=make_pet)
    box = [rectangle((-9.6, 20.4), (-7.2, 23.2), -27.0)]
    write_rtstruct(tmp_path / "P1" / "RT" / "a.dcm", {"G": box}, series="1.2.3.2")
    return drafts.named(index_root(tmp_path, "A"), "folder")


def test_drafts_of_a_session_with_several_series_are_valid_and_free_of_text(series):
    found = drafts.image_rows(series, {"A": "siteA"})
    assert [(r["image"], r["modality"]) for r in found] == [
        ("PT", "PT"),
        ("T1", "MR"),
        ("T2", "MR"),
        ("T2_2", "MR"),
    ]
    (segmented,) = drafts.mask_rows(series, {"A": "siteA"})
    assert segmented["image"] == "T2"
    cells = [str(cell) for row in [*series, *found, segmented] for cell in row.values()]
    assert not any("Canary" in cell or "haste" in cell for cell in cells)

"""concord.deidentify: exported DICOM names nobody and is worth the same."""

from types import SimpleNamespace

import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.datadict import tag_for_keyword

from concord import tables
from concord.deidentify import actions
from concord.deidentify.header import deidentified
from concord.deidentify.pseudonyms import LEAST_DAYS, MOST_DAYS, Pseudonyms
from concord.deidentify.settings import DeidentifyDicom
from concord.errors import StudyError
from concord.images import require_same_grid
from concord.ingest.image import read_image
from concord.ingest.mask import read_mask
from concord.ingest.settings import IngestSection
from concord.privacy import secret

from ... import canary
from ...dicom_factory import make_pet, write_series
from .exporting import exported, image_row

#: Facts of the patient that SUV and its variants need.
PATIENT = ("PatientSex", "PatientAge", "PatientSize", "PatientWeight")


@pytest.fixture(autouse=True)
def key():
    with secret.keyed(b"k" * 32):
        yield


@pytest.fixture
def planter():
    return canary.Planter()


@pytest.fixture
def patient(tmp_path, planter):
    """CT, PET, RTSTRUCT and SEG of a patient with tokens everywhere, and their rows."""
    canary.write_patient(tmp_path / "data", 0, planter)
    (ct,) = (tmp_path / "data").rglob("CT *")
    (pet,) = (tmp_path / "data").rglob("PET *")
    others = [path for path in ct.parent.iterdir() if path not in (ct, pet)]
    segmentations = {dcmread(p).Modality: p for p in others[0].iterdir()}
    drawn = {"region": "tumour", "reader": "A", "roi": ""}
    return SimpleNamespace(
        images=[image_row(ct, "CT"), image_row(pet, "PT")],
        masks=[
            image_row(segmentations["RTSTRUCT"], "CT", **drawn),
            image_row(segmentations["SEG"], "PT", **drawn),
        ],
    )


def test_no_token_is_left_in_files_or_their_names(tmp_path, patient, planter):
    folder = exported(tmp_path, patient.images, patient.masks)

    assert canary.leaks([folder.parent], planter.tokens, with_times=False) == {}
    assert len(list(folder.rglob("*.dcm"))) == 2 * canary.SHAPE[0] + 2
    table = tables.read(f"{folder}.tsv", "exported")
    assert table["path"].tolist() == [
        "sub-P1_ses-baseline_CT",
        "sub-P1_ses-baseline_PT",
        "sub-P1_ses-baseline_CT_label-tumour_desc-A_mask.dcm",
        "sub-P1_ses-baseline_PT_label-tumour_desc-A_mask.dcm",
    ]


def test_a_file_without_the_region_of_a_reader_who_missed_it_is_exported(
    tmp_path, patient, planter
):
    missed = [row | {"roi": "never drawn"} for row in patient.masks]
    folder = exported(tmp_path, patient.images, missed)

    assert len(tables.read(f"{folder}.tsv", "exported")) == 4
    assert canary.leaks([folder.parent], planter.tokens, with_times=False) == {}


def test_images_suv_and_masks_are_those_of_the_originals(tmp_path, patient):
    folder = exported(tmp_path, patient.images, patient.masks)
    settings = IngestSection()
    for image, segmentation in zip(patient.images, patient.masks, strict=True):
        name = f"sub-P1_ses-baseline_{image['image']}"
        copy = image | {"source": str(folder / name)}
        before, facts = read_image(image)
        after, copied_facts = read_image(copy)
        require_same_grid(before, after)
        np.testing.assert_array_equal(before.array, after.array)
        assert facts["Units"] == copied_facts["Units"]
        mask, _ = read_mask(segmentation, before, facts, settings)
        source = folder / f"{name}_label-tumour_desc-A_mask.dcm"
        copied = segmentation | {"source": str(source), "roi": "tumour"}
        again, notes = read_mask(copied, after, copied_facts, settings)
        assert mask.any()
        np.testing.assert_array_equal(mask, again)
        assert "RT_SERIES" not in " ".join(notes)


def test_every_file_says_that_and_how_its_identity_was_removed(tmp_path, patient):
    folder = exported(tmp_path, patient.images, patient.masks)
    for path in folder.rglob("*.dcm"):
        header = dcmread(path)
        assert header.PatientIdentityRemoved == "YES"
        assert header.LongitudinalTemporalInformationModified == "MODIFIED"
        codes = [i.CodeValue for i in header.DeidentificationMethodCodeSequence]
        assert codes == ["113100", "113107", "113108", "113111"]
        assert (header.PatientName, header.PatientID) == ("P1", "P1")
        assert path.read_bytes()[:128] == b"\0" * 128


def test_dates_of_a_subject_move_by_one_number_of_days():
    first, second = Pseudonyms("P1"), Pseudonyms("P2")
    assert first.moment("20200301") != second.moment("20200301")
    days = [
        np.datetime64(f"{d[:4]}-{d[4:6]}-{d[6:8]}")
        for d in (first.moment("20200229"), first.moment("20210301120000.5+0100"))
    ]
    assert int((days[1] - days[0]).astype(int)) == 366
    moved = np.datetime64("2020-02-29") - days[0]
    assert LEAST_DAYS <= int(moved.astype(int)) <= MOST_DAYS
    assert first.moment("20210301120000.5+0100").endswith("120000.5+0100")
    assert first.moment("Doe 20200101") == ""
    assert first.moment("20200101Doe") == ""
    assert first.moment("20209999") == ""


def test_pseudonyms_depend_on_the_secret_and_nothing_else():
    same = Pseudonyms("P1").uid("1.2.3"), Pseudonyms("P2").uid("1.2.3")
    assert same[0] == same[1]
    assert same[0].startswith("2.25.")
    assert len(same[0]) <= 64
    with secret.keyed(b"other"):
        assert Pseudonyms("P1").uid("1.2.3") != same[0]
        assert Pseudonyms("P1").shift_days != Pseudonyms("P2").shift_days
    assert Pseudonyms("P1").uid("1.2.840.10008.1.2") == "1.2.840.10008.1.2"


def test_ages_above_89_years_become_90():
    names = Pseudonyms("P1")
    assert [names.age(a) for a in ("045Y", "089Y", "093Y", "006M", "x")] == [
        "045Y",
        "089Y",
        "090Y",
        "006M",
        "",
    ]


def one_header(tmp_path, change) -> Dataset:
    path = write_series(tmp_path, "PT", change=make_pet, keep=[0])[0]
    header = dcmread(path)
    change(header)
    return deidentified(header, Pseudonyms("P1"))


def test_private_elements_stay_only_where_suv_needs_them(tmp_path):
    def change(header):
        ge = header.private_block(0x0009, "GEMS_PETD_01", create=True)
        ge.add_new(0x0D, "DT", "20200101110000.00")
        ge.add_new(0x0E, "LO", "Doe")
        philips = header.private_block(0x7053, "Philips PET Private Group", create=True)
        philips.add_new(0x00, "DS", "1.5")
        philips.add_new(0x09, "UN", b"2.5 ")
        other = header.private_block(0x0031, "Doe", create=True)
        other.add_new(1, "LO", "Doe")

    clean = one_header(tmp_path, change)
    ge = clean.private_block(0x0009, "GEMS_PETD_01")
    assert ge[0x0D].value == Pseudonyms("P1").moment("20200101110000.00")
    assert 0x0E not in ge
    philips = clean.private_block(0x7053, "Philips PET Private Group")
    assert (philips[0x00].value, philips[0x09].value) == (1.5, 2.5)
    assert 0x0031 not in {element.tag.group for element in clean}


def test_a_private_scale_factor_that_is_no_number_goes(tmp_path):
    def change(header):
        block = header.private_block(0x7053, "Philips PET Private Group", create=True)
        block.add_new(0x00, "LO", "Doe")

    assert 0x7053 not in {e.tag.group for e in one_header(tmp_path, change)}


@pytest.mark.parametrize("text", ["Doe", "471108154", "1.471108154", "nan", "1e999"])
def test_a_private_scale_factor_is_a_plain_number_and_no_id(tmp_path, text):
    def change(header):
        header.PatientID = "471108154"
        block = header.private_block(0x7053, "Philips PET Private Group", create=True)
        block.add_new(0x00, "UN", text.encode())

    assert 0x7053 not in {e.tag.group for e in one_header(tmp_path, change)}


def test_facts_for_suv_stay_and_free_texts_overlays_and_unknown_codes_go(tmp_path):
    def change(header):
        header.PatientSize, header.PatientSex, header.PatientAge = "1.8", "F", "061Y"
        header.PatientBirthDate = "19590101"
        header.StudyDescription = header.ImageComments = "Doe"
        header.Manufacturer, header.PatientName = "Doe Systems", "Doe^Jane"
        header.ManufacturerModelName = "Biograph"
        header.add_new(0x60003000, "OW", b"Doe0")
        header.add_new(0x60000022, "LO", "Doe")
        known, unknown = Dataset(), Dataset()
        known.CodeValue, known.CodingSchemeDesignator = "39607008", "SCT"
        known.CodeMeaning = "the lung of Doe"
        unknown.CodeValue, unknown.CodingSchemeDesignator = "D1", "99DOE"
        unknown.CodeMeaning = "Doe"
        header.AnatomicRegionSequence = [known, unknown]

    clean = one_header(tmp_path, change)
    assert (clean.PatientWeight, clean.PatientSize) == (80, 1.8)
    assert (clean.PatientSex, clean.PatientAge) == ("F", "061Y")
    assert not clean.PatientBirthDate
    assert clean.AcquisitionTime == "110000.00"
    assert clean.ManufacturerModelName == "Biograph"
    assert clean.Manufacturer == ""
    meanings = [item.CodeMeaning for item in clean.AnatomicRegionSequence]
    assert meanings == ["Lung structure (body structure)", "Removed"]
    assert "Doe" not in str(clean)
    assert b"Doe" not in clean.to_json().encode()
    assert 0x6000 not in {element.tag.group for element in clean}


@pytest.mark.parametrize(("told", "kept"), [("+0100", "+0100"), ("Doe", "")])
def test_the_zone_of_the_scanner_stays_so_that_decay_is_known(tmp_path, told, kept):
    def change(header):
        header.TimezoneOffsetFromUTC = told

    assert one_header(tmp_path, change).TimezoneOffsetFromUTC == kept


def test_the_action_of_the_table_is_taken_at_every_depth(tmp_path):
    def change(header):
        inner, outer = Dataset(), Dataset()
        inner.AccessionNumber, inner.InstitutionName = "4711000", "Clinic"
        inner.ReferencedSOPInstanceUID = "1.2.3.4"
        outer.ReferencedImageSequence = [inner]
        header.SourceImageSequence = [outer]

    clean = one_header(tmp_path, change)
    (item,) = clean.SourceImageSequence[0].ReferencedImageSequence
    assert not item.AccessionNumber
    assert item.InstitutionName == "REMOVED"
    assert item.ReferencedSOPInstanceUID == Pseudonyms("P1").uid("1.2.3.4")


def test_every_retained_keyword_is_one_of_dicom():
    keywords = (*actions._listed(), *PATIENT, *actions._CONTENTS)
    assert [k for k in keywords if tag_for_keyword(k) is None] == []


def test_what_the_profile_removes_stays_by_a_stated_option_only():
    """Characteristics of the patient, and times under the option of modified dates."""
    stay = {k for k, action in actions._listed().items() if action not in ("own",)}
    listed = {k for k in stay if int(tag_for_keyword(k)) in actions._by_profile()}
    assert listed == {*PATIENT, *actions.TIMES, actions.ZONE}


def test_what_the_ingest_excluded_is_not_exported(tmp_path, patient):
    folder = exported(tmp_path, patient.images[:1], [])
    assert [path.name for path in folder.iterdir()] == ["sub-P1_ses-baseline_CT"]


def test_real_data_need_a_secret_before_they_are_exported():
    study = SimpleNamespace(value={"privacy.secret_file": None, "simulation": None}.get)
    with pytest.raises(
        StudyError, match=r"privacy\.secret_file is null.* `snakemake secret`"
    ):
        DeidentifyDicom.of(study, chunk="A-0", image="CT")

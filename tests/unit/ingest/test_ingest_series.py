"""concord.ingest: a DICOM series becomes one regular volume or is refused by name."""

import shutil

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import (
    EnhancedCTImageStorage,
    RawDataStorage,
    SecondaryCaptureImageStorage,
)

from concord.errors import IngestFault
from concord.ingest.dicom.header import hashed
from concord.ingest.image import read_series

from ...dicom_factory import (
    ORIGIN_MM,
    SERIES,
    SHAPE,
    SPACING_MM,
    ramp,
    save,
    write_rtstruct,
    write_series,
)

OBLIQUE = (0.8, 0.6, 0.0, -0.48, 0.64, 0.6)


def fault_of(folder, modality="CT"):
    with pytest.raises(IngestFault) as caught:
        read_series(folder, modality)
    return caught.value


def shifted(amount_mm, axis, only=None):
    """A change that moves slices: by `amount_mm` per slice, or `only` one."""

    def change(k, header):
        position = [float(value) for value in header.ImagePositionPatient]
        position[axis] += amount_mm * (k if only is None else k == only)
        header.ImagePositionPatient = position

    return change


def with_value(keyword, value, *slices):
    """A change that sets a keyword in some slices (in all, if none is named)."""

    def change(k, header):
        if not slices or k in slices:
            setattr(header, keyword, value)

    return change


def test_a_regular_series_keeps_values_and_geometry_whatever_the_file_order(tmp_path):
    write_series(tmp_path)
    volume, facts = read_series(tmp_path, "CT")

    np.testing.assert_array_equal(volume.array, ramp() - 1024)
    assert volume.array.dtype == np.int16
    assert volume.spacing_mm == pytest.approx(SPACING_MM)
    assert volume.origin_mm == pytest.approx(ORIGIN_MM)
    np.testing.assert_allclose(volume.direction, np.eye(3), atol=1e-12)
    assert (facts["n_slices"], facts["n_rows"], facts["n_columns"]) == SHAPE
    assert facts["notes"] == []


def test_slices_against_the_normal_are_turned_round(tmp_path):
    write_series(tmp_path, spacing_mm=(-3.0, 0.9, 0.8))
    volume, _ = read_series(tmp_path, "CT")

    np.testing.assert_array_equal(volume.array, ramp()[::-1] - 1024)
    assert volume.origin_mm == pytest.approx((-10, 20, -42))


def test_an_oblique_series_has_its_axes_as_direction(tmp_path):
    write_series(tmp_path, cosines=OBLIQUE)
    volume, _ = read_series(tmp_path, "CT")

    normal = np.cross(OBLIQUE[:3], OBLIQUE[3:])
    axes = np.column_stack([OBLIQUE[:3], OBLIQUE[3:], normal])
    np.testing.assert_allclose(volume.direction, axes, atol=1e-9)
    last = volume.affine() @ [6, 5, 4, 1]
    expected = ORIGIN_MM + axes @ [6 * 0.8, 5 * 0.9, 4 * 3.0]
    np.testing.assert_allclose(last[:3], expected, atol=1e-6)
    np.testing.assert_array_equal(volume.array, ramp() - 1024)


def test_other_files_and_modalities_in_the_folder_do_not_disturb(tmp_path):
    write_series(tmp_path)
    write_series(tmp_path, "MR", series="1.2.3.6", prefix="mr")
    write_rtstruct(tmp_path / "rs.dcm", {})
    (tmp_path / "readme.txt").write_text("notes")
    volume, facts = read_series(tmp_path, "CT")

    assert volume.array.shape == SHAPE
    assert facts["notes"] == ["NOT_DICOM 1 files"]


def test_a_localizer_within_the_series_is_left_aside_and_noted(tmp_path):
    write_series(tmp_path)
    is_scout = with_value("ImageType", ["ORIGINAL", "PRIMARY", "LOCALIZER"])
    write_series(tmp_path, origin_mm=(0, 0, 500), keep=[0], prefix="s", change=is_scout)
    volume, facts = read_series(tmp_path, "CT")

    assert volume.array.shape == SHAPE
    assert facts["notes"] == ["LOCALIZER_DROPPED 1 files"]


def test_an_exact_copy_of_a_file_is_left_aside_and_noted(tmp_path):
    paths = write_series(tmp_path)
    shutil.copy(paths[2], tmp_path / "copy.dcm")
    volume, facts = read_series(tmp_path, "CT")

    assert volume.array.shape == SHAPE
    assert facts["notes"] == ["DUPLICATE_INSTANCE 1 files"]


def test_two_series_of_the_modality_are_ambiguous_and_listed(tmp_path):
    write_series(tmp_path)
    write_series(tmp_path, series="1.2.3.7", prefix="b", keep=[0, 1])
    fault = fault_of(tmp_path)

    assert fault.code == "SERIES_AMBIGUOUS"
    assert "2 CT series" in str(fault)
    assert "files 5" in str(fault)
    assert "files 2" in str(fault)
    assert SERIES not in str(fault)


def test_a_list_of_series_tells_no_kernel_that_names_the_patient(tmp_path):
    def change(k, header):
        header.PatientName, header.ConvolutionKernel = "Smith^Anna", "for Smith"

    write_series(tmp_path, change=change)
    write_series(tmp_path, series="1.2.3.7", prefix="b")
    text = str(fault_of(tmp_path))

    assert "kernel B30f" in text
    assert "Smith" not in text


def test_a_source_of_another_modality_is_told_by_a_term_of_dicom_alone(tmp_path):
    write_series(tmp_path, change=with_value("Modality", "SMITH"))
    fault = fault_of(tmp_path)

    assert fault.code == "WRONG_MODALITY"
    assert "holds no image" in str(fault)


def test_the_sheet_chooses_a_series_by_its_number_or_hash(tmp_path):
    number = with_value("SeriesNumber", 4)
    write_series(tmp_path, change=number)
    other = ramp() + np.int16(1)
    write_series(tmp_path, stored=other, series="1.2.3.7", prefix="b")

    volume, facts = read_series(tmp_path, "CT", {"series": "4"})
    np.testing.assert_array_equal(volume.array, ramp() - 1024)
    volume, facts = read_series(tmp_path, "CT", {"series": hashed("1.2.3.7")})
    np.testing.assert_array_equal(volume.array, other - 1024)
    assert facts["series"] == hashed("1.2.3.7")
    with pytest.raises(IngestFault, match=r"there are .*number 4, files 5") as caught:
        read_series(tmp_path, "CT", {"series": "5"})
    assert caught.value.code == "SERIES_NOT_FOUND"


def test_series_of_one_number_stay_ambiguous(tmp_path):
    number = with_value("SeriesNumber", 4)
    write_series(tmp_path, change=number)
    write_series(tmp_path, series="1.2.3.7", prefix="b", change=number)
    with pytest.raises(IngestFault, match="2 CT series") as caught:
        read_series(tmp_path, "CT", {"series": "4"})
    assert caught.value.code == "SERIES_AMBIGUOUS"


def test_objects_without_an_image_are_left_aside_and_noted(tmp_path):
    write_series(tmp_path)
    is_raw = with_value("SOPClassUID", RawDataStorage)
    write_series(tmp_path, series="1.2.3.8", prefix="r", keep=[0], change=is_raw)
    volume, facts = read_series(tmp_path, "CT")
    assert volume.array.shape == SHAPE
    assert facts["notes"] == ["NON_IMAGE_DROPPED 1 files"]


def test_a_series_of_localizers_only_is_refused(tmp_path):
    is_scout = with_value("ImageType", ["ORIGINAL", "PRIMARY", "LOCALIZER"])
    write_series(tmp_path, change=is_scout)
    assert fault_of(tmp_path).code == "LOCALIZER"


def test_derived_slices_are_noted(tmp_path):
    write_series(tmp_path, change=with_value("ImageType", ["DERIVED", "PRIMARY"], 2))
    _, facts = read_series(tmp_path, "CT")
    assert facts["notes"] == ["DERIVED_IMAGE 1 of 5 slices"]


def test_no_message_names_a_file_or_quotes_the_parser(tmp_path):
    path = write_series(tmp_path / "Canary")[1]
    path.write_bytes(path.read_bytes()[:700])
    fault = fault_of(tmp_path)
    assert "file 5 of 5" in str(fault)
    assert not {"Canary", path.name} & set(str(fault).replace(":", " ").split())


def test_a_missing_modality_and_an_empty_folder_are_told_apart(tmp_path):
    write_series(tmp_path / "ct")
    (tmp_path / "empty").mkdir()

    fault = fault_of(tmp_path / "ct", "PT")
    assert fault.code == "WRONG_MODALITY"
    assert "holds CT, expected PT" in str(fault)
    assert fault_of(tmp_path / "empty").code == "SERIES_NOT_FOUND"
    assert fault_of(tmp_path / "absent").code == "SERIES_NOT_FOUND"


def test_a_missing_slice_is_named_with_its_gap(tmp_path):
    write_series(tmp_path, keep=[0, 1, 2, 4])
    fault = fault_of(tmp_path)

    assert fault.code == "MISSING_SLICE"
    assert "1 slice missing: gap 6.00 mm" in str(fault)
    assert "4 of 5" in str(fault)


@pytest.mark.parametrize(
    ("code", "change", "text"),
    [
        ("NON_UNIFORM_SPACING", shifted(0.2, 2, only=2), "6.7% of the spacing"),
        ("GANTRY_TILT", shifted(3 * np.tan(np.radians(15)), 1), "15.0 degrees"),
        ("INPLANE_SHIFT", shifted(8.0, 0, only=3), "up to 8.00 mm"),
        (
            "MIXED_ORIENTATION",
            with_value("ImageOrientationPatient", [1, 0, 0, 0, 0.6, 0.8], 1),
            "1 of 5 slices",
        ),
        ("MIXED_PIXEL_SPACING", with_value("PixelSpacing", [0.5, 0.5], 1), "0.5"),
        ("MIXED_FRAME_OF_REFERENCE", with_value("FrameOfReferenceUID", "1.9", 1), "1"),
        ("NO_GEOMETRY", with_value("ImagePositionPatient", None, 1), "1 of 5 slices"),
        ("NO_GEOMETRY", with_value("PixelSpacing", None), "in 5 of 5 slices"),
        ("BAD_SPACING", with_value("PixelSpacing", [0, 0]), r"0\0 in 5 slices"),
        ("MOSAIC", with_value("ImageType", ["ORIGINAL", "MOSAIC"]), "mosaic"),
        ("NO_GEOMETRY", with_value("SOPClassUID", EnhancedCTImageStorage), "enhanced"),
        ("UNSUPPORTED_SOP", with_value("SOPClassUID", RawDataStorage), "Raw Data"),
        (
            "SECONDARY_CAPTURE",
            with_value("SOPClassUID", SecondaryCaptureImageStorage),
            "screenshot",
        ),
    ],
)
def test_a_series_that_is_no_regular_grid_is_refused_by_name(
    tmp_path, code, change, text
):
    write_series(tmp_path, change=change)
    fault = fault_of(tmp_path)

    assert fault.code == code
    assert text in str(fault)


def test_a_slice_of_another_size_is_refused(tmp_path):
    write_series(tmp_path, keep=[0, 1, 2])
    larger = np.zeros((5, 8, 7), np.int16)
    write_series(tmp_path, stored=larger, keep=[3, 4], prefix="b")
    fault = fault_of(tmp_path)

    assert fault.code == "MIXED_MATRIX"
    assert "2 of 5 slices have Rows and Columns [8, 7], the others [6, 7]" in str(fault)


def test_two_volumes_at_the_same_positions_are_refused(tmp_path):
    write_series(tmp_path)
    write_series(tmp_path, prefix="b", change=with_value("SOPInstanceUID", "1.2.99"))
    fault = fault_of(tmp_path)

    assert fault.code == "DUPLICATE_POSITION"
    assert "5 positions occur 2 times (10 slices, 5 positions)" in str(fault)


def test_all_faults_of_the_geometry_are_told_at_once(tmp_path):
    def change(k, header):
        shifted(0.5, 2, only=2)(k, header)
        shifted(1.0, 1)(k, header)

    write_series(tmp_path, change=change)
    fault = fault_of(tmp_path)

    assert fault.code == "NON_UNIFORM_SPACING"
    assert "NON_UNIFORM_SPACING: " in str(fault)
    assert "INPLANE_SHIFT: " in str(fault)


def test_rounding_of_positions_is_no_fault(tmp_path):
    write_series(tmp_path, change=shifted(0.008, 2, only=2))
    volume, _ = read_series(tmp_path, "CT")
    assert volume.spacing_mm == pytest.approx(SPACING_MM)


def test_a_single_slice_is_no_volume(tmp_path):
    write_series(tmp_path, keep=[0])
    assert fault_of(tmp_path).code == "SINGLE_SLICE"


def test_a_thickness_that_is_not_the_spacing_is_noted(tmp_path):
    write_series(tmp_path, change=with_value("SliceThickness", "5"))
    _, facts = read_series(tmp_path, "CT")
    assert facts["notes"] == ["THICKNESS_NE_SPACING 5 mm, spacing 3 mm"]


@pytest.mark.parametrize(
    ("keep", "code"),
    [
        (0, "EMPTY_FILE"),
        (100, "UNREADABLE_FILE"),
        (200, "TRUNCATED_FILE"),
        (-40, "TRUNCATED_FILE"),
    ],
)
def test_a_file_that_was_cut_off_anywhere_is_refused(tmp_path, keep, code):
    path = write_series(tmp_path)[4]
    path.write_bytes(path.read_bytes()[:keep])
    fault = fault_of(tmp_path)

    assert fault.code == code
    assert "file 2 of 5" in str(fault)
    assert path.name not in str(fault)
    assert "archive" in str(fault)


def test_a_file_without_pixels_is_refused(tmp_path):
    def change(k, header):
        if k == 1:
            del header.PixelData

    write_series(tmp_path, change=change)
    fault = fault_of(tmp_path)
    assert fault.code == "NO_PIXEL_DATA"
    assert "1 of 5 files" in str(fault)


def test_a_large_file_that_was_cut_off_is_refused(tmp_path):
    path = write_series(tmp_path, stored=np.zeros((3, 64, 64), np.int16))[1]
    path.write_bytes(path.read_bytes()[:-1000])
    fault = fault_of(tmp_path)

    assert fault.code == "TRUNCATED_FILE"
    assert "has 7192 bytes of pixels, needs 8192" in str(fault)


def test_nothing_identifying_is_among_the_facts(tmp_path):
    write_series(tmp_path)
    _, facts = read_series(tmp_path, "CT")

    text = str(facts)
    for secret in ("Canary", "CANARY", "1.2.3", str(tmp_path)):
        assert secret not in text
    assert facts["ConvolutionKernel"] == "B30f"
    assert facts["KVP"] == 120
    assert facts["Units"] == "HU"
    assert len(facts["series"]) == len(facts["frame_of_reference"]) == 16


def test_facts_that_differ_between_slices_are_named(tmp_path):
    write_series(tmp_path, change=lambda k, h: setattr(h, "XRayTubeCurrent", 90 + k))
    _, facts = read_series(tmp_path, "CT")

    assert facts["XRayTubeCurrent"] is None
    assert facts["varying"] == ["XRayTubeCurrent"]


def test_a_directory_file_is_not_taken_for_a_cut_one(tmp_path):
    write_series(tmp_path)
    directory = Dataset()
    directory.SOPClassUID = "1.2.840.10008.1.3.10"
    directory.SOPInstanceUID = "1.2.3.8"
    save(directory, tmp_path / "DICOMDIR")
    volume, _ = read_series(tmp_path, "CT")
    assert volume.array.shape == SHAPE

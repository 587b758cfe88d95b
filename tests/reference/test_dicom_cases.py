"""Real series that readers commonly get wrong are refused by name."""

import tarfile

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.ingest.convert import read_series
from concord.ingest.masks import read_mask
from concord.ingest.rtstruct import read_roi


def fault_of(folder, modality):
    with pytest.raises(IngestFault) as caught:
        read_series(folder, modality)
    return caught.value


def unpacked(archive, folder):
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder


@pytest.fixture
def cases(shared_data):
    return shared_data / "dicom_cases"


def test_gantry_tilt_and_variable_spacing_are_both_told(cases, tmp_path):
    archive = cases / "ct_gantry_tilt_variable_spacing_ge.tar.xz"
    fault = fault_of(unpacked(archive, tmp_path), "CT")
    assert fault.code == "NON_UNIFORM_SPACING"
    assert "GANTRY_TILT: slices are sheared by 18.5 degrees" in str(fault)


def test_three_time_points_in_one_series_are_refused(cases, tmp_path):
    archive = cases / "mr_dce_sagittal_3timepoints.tar.xz"
    fault = fault_of(unpacked(archive, tmp_path), "MR")
    assert fault.code == "DUPLICATE_POSITION"
    assert "12 positions occur 3 times" in str(fault)


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_enhanced_files_are_refused(cases, modality):
    fault = fault_of(cases / "transfer_syntax", modality)
    assert fault.code == "UNSUPPORTED_SOP"
    assert f"Enhanced {modality} Image Storage" in str(fault)


def test_an_oblique_series_is_read_with_its_axes(cases):
    volume, facts = read_series(cases / "rtstruct" / "oriented_data", "CT")
    assert volume.array.shape == (3, 50, 100)
    assert volume.spacing_mm == pytest.approx((4.5, 3.5, 2.5), rel=1e-4)
    np.testing.assert_allclose(
        volume.direction[:, 0], [0.9541666, -0.2080757, 0.2151061], atol=1e-6
    )
    np.testing.assert_allclose(
        volume.direction.T @ volume.direction, np.eye(3), atol=1e-9
    )
    last = volume.affine() @ [0, 0, 2, 1]
    np.testing.assert_allclose(last[:3], [122.0159697, -428.1596, 38.0798], atol=1e-3)
    assert facts["frame_of_reference"] is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("rt.dcm", "RT_FRAME_OF_REFERENCE"),
        ("invalid_reference_rt.dcm", "CONTOUR_OUTSIDE"),
        ("non_existent_reference_rt.dcm", "CONTOUR_OUTSIDE"),
    ],
)
def test_structure_sets_that_do_not_fit_the_series_are_refused(cases, name, code):
    folder = cases / "rtstruct" / "mock_data"
    image, facts = read_series(folder, "CT")
    settings = {"contour_tolerance": 0.25, "accept_frame_of_reference_mismatch": []}
    row = {"subject_id": "P1", "source": folder / name, "roi": "ROI-1"}
    assert read_roi(folder / name, "ROI-1").contours
    with pytest.raises(IngestFault) as caught:
        read_mask(row, image, facts, settings)
    assert caught.value.code == code


def test_a_dicom_segmentation_is_not_taken_for_a_structure_set(cases):
    with pytest.raises(IngestFault, match="DICOM SEG, which is not read yet"):
        read_roi(cases / "dicom_seg" / "seg_image_ct_binary.dcm", None)

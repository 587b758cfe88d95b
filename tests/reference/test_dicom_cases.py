"""Real series that readers commonly get wrong are refused by name."""

import tarfile

import numpy as np
import pydicom
import pytest

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.dicom.header import hashed
from concord.ingest.image import read_series
from concord.ingest.mask import read_mask
from concord.ingest.segmentation.sources import opened
from concord.ingest.settings import IngestSection


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
    assert opened(folder / name).candidates[0].pieces
    with pytest.raises(IngestFault) as caught:
        mask_of(folder / name, image, facts, "ROI-1")
    assert caught.value.code == code


def mask_of(path, image, facts, roi="", **settings):
    section = IngestSection.model_validate(settings)
    row = {"subject_id": "P1", "source": path, "roi": roi}
    return read_mask(row, image, facts, section)[0]


def grid(shape, spacing_mm, origin_mm):
    return Volume(np.zeros(shape, np.int16), spacing_mm, origin_mm, np.eye(3))


def facts_of(path):
    header = pydicom.dcmread(path, stop_before_pixels=True)
    return {"series": None, "frame_of_reference": hashed(header.FrameOfReferenceUID)}


#: Grid of the three slices that the small segmentations lie on.
SMALL = grid((3, 16, 16), (1.25, 0.488281, 0.488281), (-125.0, -128.100006, 103.019997))


@pytest.mark.parametrize(
    ("name", "settings", "voxels"),
    [
        ("seg_image_ct_binary.dcm", {}, [127, 256, 255]),
        ("seg_image_ct_binary_fractional.dcm", {}, [127, 256, 255]),
        ("seg_image_ct_true_fractional.dcm", {}, None),
        ("seg_image_ct_true_fractional.dcm", {"seg_threshold": 0.1}, [149, 256, 256]),
    ],
)
def test_segmentations_of_highdicom_are_read_as_pydicom_decodes_them(
    cases, name, settings, voxels
):
    path = cases / "dicom_seg" / name
    found = mask_of(path, SMALL, facts_of(path), "first segment", **settings)
    dataset = pydicom.dcmread(path)
    most = int(dataset.get("MaximumFractionalValue", 1))
    expected = dataset.pixel_array >= settings.get("seg_threshold", 0.5) * most
    order = np.argsort(
        [
            frame.PlanePositionSequence[0].ImagePositionPatient[2]
            for frame in dataset.PerFrameFunctionalGroupsSequence
        ]
    )
    np.testing.assert_array_equal(found, expected[order])
    if voxels:
        assert found.sum(axis=(1, 2)).tolist() == voxels


@pytest.mark.parametrize(
    ("number", "frames", "voxels"), [(1, slice(1, 4), 48), (2, slice(5, 8), 12)]
)
def test_segments_that_overlap_are_told_apart_and_a_frame_outside_is_not_lost(
    cases, number, frames, voxels
):
    path = cases / "dicom_seg" / "seg_image_ct_binary_overlap.dcm"
    pixels = pydicom.dcmread(path).pixel_array
    with pytest.raises(IngestFault, match=r"25\.0% of the segmented volume") as caught:
        mask_of(path, SMALL, facts_of(path), str(number))
    assert caught.value.code == "CONTOUR_OUTSIDE"
    allowed = {"largest_share_outside": 0.3}
    found = mask_of(path, SMALL, facts_of(path), str(number), mask_checks=allowed)
    np.testing.assert_array_equal(found, pixels[frames])
    assert found.sum() == voxels


def test_a_segmentation_of_one_frame_falls_on_its_slice(cases):
    path = cases / "dicom_seg" / "seg_image_ct_binary_single_frame.dcm"
    origin_mm = (-158.135803, -179.035797, -80.699997)
    image = grid((3, 128, 128), (5.0, 0.661468, 0.661468), origin_mm)
    found = mask_of(path, image, facts_of(path))
    assert found.sum(axis=(1, 2)).tolist() == [0, 1832, 0]
    np.testing.assert_array_equal(found[1], pydicom.dcmread(path).pixel_array)


def test_bits_that_do_not_fill_their_bytes_fall_on_the_round_region(cases, tmp_path):
    archive = cases / "dicom_seg" / "liver_ct3slices_seg.tar.xz"
    folder = unpacked(archive, tmp_path) / "data_5"
    path = folder / "mask" / "mask.dcm"
    image = grid((3, 38, 23), (2.5, 0.7, 0.7), (46.4649, 5.01881, -177.75))
    found = mask_of(path, image, facts_of(path), "Liver")
    middle = pydicom.dcmread(folder / "image" / "IMG0002.dcm")
    assert middle.ImagePositionPatient[2] == -175.25
    corners = np.zeros((38, 23), bool)
    corners[np.ix_([0, -1], [0, -1])] = True
    for plane, expected in zip(
        found, (corners, corners | (middle.pixel_array == 1), corners), strict=True
    ):
        np.testing.assert_array_equal(plane, expected)


def test_a_segmentation_of_another_scan_is_refused(cases):
    path = cases / "dicom_seg" / "seg_image_ct_binary.dcm"
    other = facts_of(cases / "dicom_seg" / "ct_image.dcm")
    with pytest.raises(IngestFault) as caught:
        mask_of(path, SMALL, other)
    assert caught.value.code == "SEG_FRAME_OF_REFERENCE"

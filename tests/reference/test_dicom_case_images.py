"""Real series that need more than stacking: tilted, 4D, enhanced, compressed."""

import shutil
import tarfile

import numpy as np
import pydicom
import pytest
from scipy.ndimage import map_coordinates

from concord.errors import IngestFault
from concord.ingest.dicom import frames
from concord.ingest.dicom.decoding import stored
from concord.ingest.image import read_series
from concord.ingest.settings import ImageSettings


def unpacked(archive, folder):
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    return folder


@pytest.fixture
def cases(shared_data):
    return shared_data / "dicom_cases"


@pytest.fixture(scope="module")
def tilted(shared_data, tmp_path_factory):
    """Slices of a head scan at 18.5 degrees: 14 at 4 mm, then 14 at 7 mm."""
    name = "ct_gantry_tilt_variable_spacing_ge.tar.xz"
    folder = unpacked(shared_data / "dicom_cases" / name, tmp_path_factory.mktemp("ge"))
    files = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(files, key=lambda path: pydicom.dcmread(path).ImagePositionPatient[2])


def copied(files, folder):
    folder.mkdir()
    for path in files:
        shutil.copy(path, folder)
    return folder


def sheared_stack(files):
    """Values of the slices, and the matrix from (i, j, k) to their LPS points."""
    slices = [pydicom.dcmread(path) for path in files]
    first, last = slices[0], slices[-1]
    matrix = np.eye(4)
    row_mm, column_mm = map(float, first.PixelSpacing)
    cosines = np.array(first.ImageOrientationPatient, float)
    matrix[:3, 0], matrix[:3, 1] = cosines[:3] * column_mm, cosines[3:] * row_mm
    ends = [np.array(s.ImagePositionPatient, float) for s in (first, last)]
    matrix[:3, 2] = (ends[1] - ends[0]) / (len(slices) - 1)
    matrix[:3, 3] = ends[0]
    values = np.stack(
        [s.pixel_array * s.RescaleSlope + s.RescaleIntercept for s in slices]
    )
    return values.astype(float), matrix


@pytest.mark.parametrize(
    ("part", "spacing_mm"), [(slice(0, 14), 4.002), (slice(14, 28), 6.999)]
)
def test_a_real_tilt_is_undone_as_interpolation_in_space_does(
    tilted, tmp_path, part, spacing_mm
):
    folder = copied(tilted[part], tmp_path / "part")
    with pytest.raises(IngestFault, match=r"sheared by 18\.5 degrees") as caught:
        read_series(folder, "CT")
    assert caught.value.code == "GANTRY_TILT"
    volume, facts = read_series(folder, "CT", settings=ImageSettings(tilt="resample"))

    assert "GANTRY_TILT_RESAMPLED 18.5 degrees" in facts["notes"]
    assert volume.spacing_mm[0] == pytest.approx(spacing_mm, abs=1e-3)
    assert volume.array.shape[1] > 512
    values, sheared = sheared_stack(tilted[part])
    k, j, i = np.indices(volume.array.shape).reshape(3, -1)
    points = volume.affine() @ np.stack([i, j, k, np.ones_like(i)])
    places = np.round((np.linalg.inv(sheared) @ points)[2::-1], 6)
    expected = map_coordinates(values, places, order=1, cval=np.nan, prefilter=False)
    inside = np.isfinite(expected)
    assert inside.sum() >= 0.99 * values.size * 511 / 512
    difference = np.abs(volume.array.ravel()[inside] - expected[inside])
    # Half a unit is the rounding; positions of the header have six digits.
    assert np.quantile(difference, 0.999) <= 0.51
    assert difference.max() < 5
    # Nothing is cut off: the brightest bone is still there.
    assert volume.array.max() >= 0.97 * values.max()


def test_a_real_series_of_two_spacings_is_evened_out_only_if_asked_for(
    tilted, tmp_path
):
    folder = copied(tilted, tmp_path / "all")
    settings = ImageSettings(tilt="resample", uneven_spacing="resample")
    volume, facts = read_series(folder, "CT", settings=settings)
    first = pydicom.dcmread(tilted[0])

    codes = {note.split()[0] for note in facts["notes"]}
    assert {"GANTRY_TILT_RESAMPLED", "UNEVEN_SPACING_RESAMPLED"} <= codes
    values = first.pixel_array * first.RescaleSlope + first.RescaleIntercept
    corner = np.array(first.ImagePositionPatient, float) - volume.origin_mm
    start = round(float(volume.direction[:, 1] @ corner) / volume.spacing_mm[1])
    np.testing.assert_array_equal(volume.array[0, start : start + 512], values)
    last = np.array(pydicom.dcmread(tilted[-1]).ImagePositionPatient, float)
    apart_mm = (last - first.ImagePositionPatient) @ volume.direction[:, 2]
    extent_mm = (len(volume.array) - 1) * volume.spacing_mm[0]
    assert extent_mm == pytest.approx(apart_mm, abs=1e-6)


@pytest.fixture
def dynamic(cases, tmp_path):
    return unpacked(cases / "mr_dce_sagittal_3timepoints.tar.xz", tmp_path)


def test_three_time_points_in_one_series_are_told_and_one_is_chosen(dynamic):
    with pytest.raises(IngestFault, match=r"t2 \(12 slices, seconds after") as caught:
        read_series(dynamic, "MR")
    assert caught.value.code == "VOLUME_AMBIGUOUS"
    with pytest.raises(IngestFault, match="no volume has the name") as caught:
        read_series(dynamic, "MR", {"volume": "t4"})
    assert caught.value.code == "VOLUME_NOT_FOUND"
    files = [pydicom.dcmread(path) for path in dynamic.rglob("*") if path.is_file()]
    files = sorted(files, key=lambda f: (f.ContentTime, f.ImagePositionPatient[0]))
    for number, name in enumerate(("t1", "t2", "t3")):
        volume, facts = read_series(dynamic, "MR", {"volume": name})
        expected = [f.pixel_array for f in files[12 * number : 12 * number + 12]]
        turned = volume.direction[0, 2] < 0
        np.testing.assert_array_equal(volume.array, expected[:: -1 if turned else 1])
        assert facts["volume"] == name


@pytest.mark.parametrize("name", ["t1", "t2", "t3"])
def test_dcm2niix_gives_the_same_time_points(dynamic, name):
    own, _ = read_series(dynamic, "MR", {"volume": name})
    other, facts = read_series(dynamic, "MR", {"volume": name, "backend": "dcm2niix"})
    np.testing.assert_array_equal(own.array, other.array)
    np.testing.assert_allclose(own.affine(), other.affine(), atol=1e-9)
    assert facts["notes"][0].startswith("BACKEND_USED dcm2niix")


def test_an_enhanced_ct_is_read_frame_by_frame(cases):
    path = cases / "transfer_syntax" / "eCT_Supplemental.dcm"
    volume, facts = read_series(path, "CT")
    header = pydicom.dcmread(path)
    shared = header.SharedFunctionalGroupsSequence[0]
    places = [
        item.PlanePositionSequence[0].ImagePositionPatient
        for item in header.PerFrameFunctionalGroupsSequence
    ]
    cosines = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    order = np.argsort(np.array(places) @ np.cross(cosines[:3], cosines[3:]))
    rescale = shared.PixelValueTransformationSequence[0]
    expected = header.pixel_array[order] * rescale.RescaleSlope
    expected = expected + rescale.RescaleIntercept

    np.testing.assert_array_equal(volume.array, expected)
    assert volume.spacing_mm == pytest.approx((10, 0.388672, 0.388672))
    np.testing.assert_allclose(volume.origin_mm, places[order[0]])
    assert "KVP" in facts
    assert header.PatientID not in str(facts)


@pytest.mark.parametrize("modality", ["CT", "MR"])
def test_all_files_of_the_folder_are_told_apart_by_image(cases, modality):
    if modality == "CT":
        volume, _ = read_series(cases / "transfer_syntax", "CT")
        assert volume.array.shape == (2, 512, 512)
    else:
        with pytest.raises(IngestFault, match="without functional groups") as caught:
            read_series(cases / "transfer_syntax", "MR")
        assert caught.value.code == "NO_GEOMETRY"


@pytest.mark.parametrize(
    "name",
    ["", "_RLE", "_big_endian", "_jpeg_2k_lossless", "_jpeg_ls_lossless"],
)
def test_frames_are_the_same_in_every_transfer_syntax(cases, name):
    folder = cases / "transfer_syntax"
    expected = pydicom.dcmread(folder / "emri_small.dcm").pixel_array
    file = frames.open_file(folder / f"emri_small{name}.dcm")
    for index in (9, 0, 4):
        plane = stored(frames.Frame(file.header, file, index))
        np.testing.assert_array_equal(plane, expected[index])


def test_slices_of_the_structure_set_cases_keep_their_values(cases):
    folder = cases / "rtstruct" / "mock_data"
    volume, _ = read_series(folder, "CT")
    slices = [pydicom.dcmread(folder / f"ct_{number}.dcm") for number in (1, 2)]
    slices = sorted(slices, key=lambda s: s.ImagePositionPatient[2])
    for plane, header in zip(volume.array, slices, strict=True):
        expected = header.pixel_array * header.RescaleSlope + header.RescaleIntercept
        np.testing.assert_array_equal(plane, expected)
    np.testing.assert_allclose(volume.origin_mm, slices[0].ImagePositionPatient)


def test_an_image_of_one_slice_and_an_image_without_unit_are_refused(cases, tmp_path):
    with pytest.raises(IngestFault) as caught:
        read_series(cases / "dicom_seg" / "ct_image.dcm", "CT")
    assert caught.value.code == "SINGLE_SLICE"
    archive = cases / "dicom_seg" / "liver_ct3slices_seg.tar.xz"
    with pytest.raises(IngestFault, match="CT values are 0 to 1") as caught:
        read_series(unpacked(archive, tmp_path) / "data_5" / "image", "CT")
    assert caught.value.code == "RESCALE_MISSING"

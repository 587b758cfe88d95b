"""Frames: enhanced files are read like slices of their own."""

from datetime import UTC, datetime

import numpy as np
import pytest
from pydicom import Dataset
from pydicom.uid import EnhancedCTImageStorage, EnhancedMRImageStorage

from concord.errors import IngestFault
from concord.ingest.dicom import frames, times
from concord.ingest.image import read_series

from ...dicom_factory import AXIAL, SPACING_MM, ramp, save, slice_header


def groups(**sequences):
    """Functional groups, each a sequence of one item."""
    item = Dataset()
    for name, attributes in sequences.items():
        inner = Dataset()
        for keyword, value in attributes.items():
            setattr(inner, keyword, value)
        setattr(item, name, [inner])
    return item


def write_enhanced(path, stored, heights_mm, per_frame=None, modality="CT"):
    """One file with a frame per plane; `per_frame` adds functional groups."""
    header = slice_header(modality, stored[0], AXIAL, SPACING_MM)
    is_ct = modality == "CT"
    header.SOPClassUID = EnhancedCTImageStorage if is_ct else EnhancedMRImageStorage
    header.SOPInstanceUID = f"1.2.3.{path.stem}"
    header.NumberOfFrames = len(stored)
    for keyword in (
        *("PixelSpacing", "ImageOrientationPatient", "SliceThickness"),
        *("RescaleSlope", "RescaleIntercept"),
    ):
        if keyword in header:
            delattr(header, keyword)
    shared = groups(
        PixelMeasuresSequence={"PixelSpacing": [0.9, 0.8], "SliceThickness": 3},
        PlaneOrientationSequence={"ImageOrientationPatient": list(AXIAL)},
        PixelValueTransformationSequence={
            "RescaleSlope": 1,
            "RescaleIntercept": -1024 if is_ct else 0,
        },
        CTExposureSequence={"XRayTubeCurrentInmA": 120.0},
    )
    header.SharedFunctionalGroupsSequence = [shared]
    header.PerFrameFunctionalGroupsSequence = [
        groups(
            PlanePositionSequence={"ImagePositionPatient": [-10, 20, height_mm]},
            **(per_frame(index) if per_frame else {}),
        )
        for index, height_mm in enumerate(heights_mm)
    ]
    header.PixelData = stored.tobytes()
    header["PixelData"].VR = "OW"
    path.parent.mkdir(parents=True, exist_ok=True)
    save(header, path)


ORDER = [3, 0, 4, 1, 2]
HEIGHTS = [-30.0 + 3 * k for k in ORDER]


def test_shuffled_frames_are_put_in_their_places(tmp_path):
    write_enhanced(tmp_path / "1.dcm", ramp()[ORDER], HEIGHTS)
    volume, facts = read_series(tmp_path, "CT")
    np.testing.assert_array_equal(volume.array, ramp() - 1024)
    assert volume.spacing_mm == pytest.approx(SPACING_MM)
    assert volume.origin_mm == pytest.approx((-10, 20, -30))
    assert facts["XRayTubeCurrent"] == 120


def test_each_frame_has_its_own_rescale(tmp_path):
    def rescale(index):
        values = {"RescaleSlope": 1 + index, "RescaleIntercept": -1000 - index}
        return {"PixelValueTransformationSequence": values}

    write_enhanced(tmp_path / "1.dcm", ramp()[ORDER], HEIGHTS, rescale)
    volume, _ = read_series(tmp_path, "CT")
    index = np.argsort(ORDER)[:, None, None]
    np.testing.assert_array_equal(volume.array, ramp() * (1 + index) - 1000 - index)


def test_a_series_may_be_spread_over_several_enhanced_files(tmp_path):
    write_enhanced(tmp_path / "1.dcm", ramp()[:2], [-30, -27])
    write_enhanced(tmp_path / "2.dcm", ramp()[2:], [-24, -21, -18])
    volume, _ = read_series(tmp_path, "CT")
    np.testing.assert_array_equal(volume.array, ramp() - 1024)


def test_frames_of_several_b_values_are_volumes(tmp_path):
    def diffusion(index):
        return {"MRDiffusionSequence": {"DiffusionBValue": [0.0, 800.0][index // 5]}}

    stored = np.concatenate([ramp(), ramp() + np.int16(1000)])
    heights = [-30.0 + 3 * k for k in [*range(5)] * 2]
    write_enhanced(tmp_path / "1.dcm", stored, heights, diffusion, "MR")
    volume, _ = read_series(tmp_path, "MR", {"volume": "b800"})
    np.testing.assert_array_equal(volume.array, ramp() + 1000)
    with pytest.raises(IngestFault, match=r"b0 \(5 slices, b-value 0\), b800"):
        read_series(tmp_path, "MR")


def test_a_missing_frame_is_a_missing_slice(tmp_path):
    write_enhanced(tmp_path / "1.dcm", ramp()[[0, 1, 3, 4]], [-30, -27, -21, -18])
    with pytest.raises(IngestFault, match=r"gap 6\.00 mm") as caught:
        read_series(tmp_path, "CT")
    assert caught.value.code == "MISSING_SLICE"


def test_a_file_that_lacks_frames_or_their_bytes_is_refused(tmp_path):
    path = tmp_path / "1.dcm"
    write_enhanced(path, ramp(), [-30, -27, -24, -21])
    with pytest.raises(IngestFault, match="has 5 frames and describes 4") as caught:
        read_series(tmp_path, "CT")
    assert caught.value.code == "BAD_VALUE"
    write_enhanced(path, ramp(), HEIGHTS)
    path.write_bytes(path.read_bytes()[:-84])
    with pytest.raises(
        IngestFault, match="has 336 bytes of pixels, needs 420"
    ) as caught:
        read_series(tmp_path, "CT")
    assert caught.value.code == "TRUNCATED_FILE"


def test_a_source_may_be_a_single_file(tmp_path):
    write_enhanced(tmp_path / "1.dcm", ramp()[ORDER], HEIGHTS)
    volume, _ = read_series(tmp_path / "1.dcm", "CT")
    np.testing.assert_array_equal(volume.array, ramp() - 1024)


def test_flat_headers_have_the_names_of_classic_files(tmp_path):
    def echo(index):
        return {
            "MREchoSequence": {"EffectiveEchoTime": 10.0 + index},
            "FrameContentSequence": {
                "FrameAcquisitionDateTime": "20200102101112.5+0100",
                "TemporalPositionIndex": 3,
            },
            "MRImageFrameTypeSequence": {"FrameType": ["ORIGINAL", "PRIMARY", "M"]},
        }

    write_enhanced(tmp_path / "1.dcm", ramp(), HEIGHTS, echo, "MR")
    file = frames.open_file(tmp_path / "1.dcm")
    header = frames.frames_of(file)[2].header
    assert header.EchoTime == 12
    assert header.TemporalPositionIdentifier == 3
    assert list(header.ImageType) == ["ORIGINAL", "PRIMARY", "M"]
    assert (header.AcquisitionDate, header.AcquisitionTime) == ("20200102", "101112.5")
    assert "PerFrameFunctionalGroupsSequence" not in header
    assert header.PatientID == "CANARY-ID"


@pytest.mark.parametrize("zone", [None, "+0000", "-0500"])
def test_times_of_frames_are_told_by_the_clock_of_the_scanner_with_its_zone(
    tmp_path, zone
):
    def told(index):
        moment = "20200102001112.5+0100"
        return {"FrameContentSequence": {"FrameAcquisitionDateTime": moment}}

    write_enhanced(tmp_path / "1.dcm", ramp(), HEIGHTS, told, "MR")
    file = frames.open_file(tmp_path / "1.dcm")
    if zone is not None:
        file.header.TimezoneOffsetFromUTC = zone
    header = frames.frames_of(file)[0].header
    expected = datetime(2020, 1, 1, 23, 11, 12, 500_000, tzinfo=UTC)
    assert times.moment(header, "Acquisition") == expected
    assert header.TimezoneOffsetFromUTC == (zone or "+0100")

"""concord.ingest.rtstruct: one ROI by name, linked by frame of reference."""

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.ingest.contours import rasterize
from concord.ingest.convert import read_series
from concord.ingest.header import hashed
from concord.ingest.rtstruct import link_notes, read_roi

from ..dicom_factory import FRAME, SERIES, rectangle, write_rtstruct, write_series

BOX = [rectangle((-9.6, 20.4), (-7.2, 23.2), -27.0)]


@pytest.fixture
def structures(tmp_path):
    path = tmp_path / "rs.dcm"
    write_rtstruct(path, {"GTV": BOX, "gtv": BOX, "GTV_node": BOX, "Heart (1": BOX})
    return path


@pytest.mark.parametrize(
    ("pattern", "name"),
    [("GTV", "GTV"), ("gtv", "gtv"), ("GTV_.*", "GTV_node"), ("Heart (1", "Heart (1")],
)
def test_an_exact_name_comes_before_a_pattern(structures, pattern, name):
    assert read_roi(structures, pattern).name == name


@pytest.mark.parametrize(
    ("pattern", "code", "text"),
    [
        ("Lung", "ROI_NOT_FOUND", "no ROI is 'Lung'. The file has: 'GTV', 'gtv'"),
        ("(?i)gtv.*", "ROI_AMBIGUOUS", "3 ROIs fit '(?i)gtv.*', expected 1"),
        ("", "ROI_AMBIGUOUS", "4 ROIs fit the only ROI"),
        ("GT", "ROI_NOT_FOUND", "no ROI is 'GT'"),
        ("Lung (2", "ROI_NOT_FOUND", "no regular expression"),
    ],
)
def test_no_or_several_fitting_rois_are_refused_with_the_names(
    structures, pattern, code, text
):
    with pytest.raises(IngestFault) as caught:
        read_roi(structures, pattern)
    assert caught.value.code == code
    assert text in str(caught.value)


def test_the_name_may_be_left_out_if_there_is_one_roi(tmp_path):
    write_rtstruct(tmp_path / "rs.dcm", {"x": BOX})
    roi = read_roi(tmp_path / "rs.dcm", None)
    assert roi.name == "x"
    assert roi.frames == {hashed(FRAME)}
    assert roi.series == {hashed(SERIES)}
    assert FRAME not in str(roi)


def test_an_outline_falls_on_the_voxels_of_its_series(tmp_path):
    write_series(tmp_path / "ct")
    write_rtstruct(tmp_path / "rs.dcm", {"x": BOX})
    volume, facts = read_series(tmp_path / "ct", "CT")
    roi = read_roi(tmp_path / "rs.dcm", "x")
    found = rasterize(roi.contours, volume)

    expected = np.zeros(volume.array.shape, bool)
    expected[1, 1:4, 1:4] = True  # x -9.2 to -7.6, y 20.9 to 22.7, z -27
    np.testing.assert_array_equal(found.mask, expected)
    assert link_notes(roi, facts["series"], facts["frame_of_reference"], False) == ()


def roi_of(tmp_path, **links):
    write_rtstruct(tmp_path / "rs.dcm", {"x": BOX}, **links)
    return read_roi(tmp_path / "rs.dcm", "x")


def test_another_frame_of_reference_is_refused_unless_accepted(tmp_path):
    roi = roi_of(tmp_path, frame="1.9.9")
    image = hashed(SERIES), hashed(FRAME)
    with pytest.raises(IngestFault, match="contours may belong to another") as caught:
        link_notes(roi, *image, False)
    assert caught.value.code == "RT_FRAME_OF_REFERENCE"
    assert link_notes(roi, *image, True) == ("RT_FRAME_OF_REFERENCE_ACCEPTED",)


def test_another_series_of_the_same_frame_is_noted(tmp_path):
    roi = roi_of(tmp_path, series="1.9.8")
    assert link_notes(roi, hashed(SERIES), hashed(FRAME), False) == ("RT_SERIES",)


def test_another_series_and_another_frame_are_refused_even_if_accepted(tmp_path):
    roi = roi_of(tmp_path, series="1.9.8", frame="1.9.9")
    with pytest.raises(IngestFault, match="frames of reference differ too") as caught:
        link_notes(roi, hashed(SERIES), hashed(FRAME), True)
    assert caught.value.code == "RT_SERIES"


def test_an_image_without_frame_of_reference_needs_acceptance(tmp_path):
    roi = roi_of(tmp_path)
    with pytest.raises(IngestFault, match="the image has none"):
        link_notes(roi, None, None, False)
    assert link_notes(roi, None, None, True) == ("RT_FRAME_OF_REFERENCE_ACCEPTED",)


def test_a_file_that_is_no_rtstruct_is_refused(tmp_path):
    path = write_series(tmp_path)[0]
    with pytest.raises(IngestFault, match="Modality CT, expected an RTSTRUCT"):
        read_roi(path, "x")
    with pytest.raises(IngestFault, match="neither an RTSTRUCT file nor a NIfTI"):
        read_roi(tmp_path / "absent.dcm", "x")

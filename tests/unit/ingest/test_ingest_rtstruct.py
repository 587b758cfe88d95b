"""RTSTRUCT: ROIs of a structure set, linked by frame of reference."""

import numpy as np
import pytest
from pydicom import Dataset

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.dicom import header
from concord.ingest.dicom.header import hashed
from concord.ingest.mask import read_mask
from concord.ingest.segmentation import sources
from concord.ingest.segmentation.rtstruct import contours_of
from concord.ingest.settings import IngestSection

from ...dicom_factory import (
    FRAME,
    ORIGIN_MM,
    SERIES,
    SHAPE,
    SPACING_MM,
    rectangle,
    save,
    write_rtstruct,
    write_series,
)

BOX = [rectangle((-9.6, 20.4), (-7.2, 23.2), -27.0)]
OTHER = [rectangle((-7.0, 20.4), (-5.8, 23.2), -27.0)]
IMAGE = Volume(np.zeros(SHAPE, np.int16), SPACING_MM, ORIGIN_MM, np.eye(3))


def facts(series=SERIES, frame=FRAME):
    return {"series": hashed(series), "frame_of_reference": hashed(frame)}


def read(path, roi="x", image_facts=None, **settings):
    section = IngestSection.model_validate(settings)
    row = {"subject_id": "P1", "source": path, "roi": roi, "region": "tumour"}
    return read_mask(row, IMAGE, image_facts or facts(), section)


def fault_of(path, roi="x", image_facts=None, **settings):
    with pytest.raises(IngestFault) as caught:
        read(path, roi, image_facts, **settings)
    return caught.value


def written(tmp_path, rois=None, **links):
    path = tmp_path / "rs.dcm"
    write_rtstruct(path, rois or {"x": BOX}, **links)
    return path


def test_an_segmentation_falls_on_the_voxels_of_its_series(tmp_path):
    mask, notes = read(written(tmp_path))
    expected = np.zeros(SHAPE, bool)
    expected[1, 1:4, 1:4] = True  # x -9.2 to -7.6, y 20.9 to 22.7, z -27
    np.testing.assert_array_equal(mask, expected)
    assert notes == ()


def test_several_rois_are_united_only_if_the_study_says_so(tmp_path):
    path = written(tmp_path, {"GTV 1": BOX, "GTV 2": OTHER, "Heart": BOX})
    assert fault_of(path, "GTV.*").code == "ROI_AMBIGUOUS"
    merged, notes = read(path, "GTV.*", merge_rois=True)
    parts = [read(path, name)[0] for name in ("GTV 1", "GTV 2")]
    np.testing.assert_array_equal(merged, parts[0] | parts[1])
    assert notes == ("MERGED_ROIS 2 regions",)


def test_rois_that_overlap_are_united_not_cancelled(tmp_path):
    path = written(tmp_path, {"GTV 1": BOX, "GTV 2": BOX})
    merged, _ = read(path, "GTV.*", merge_rois=True)
    assert merged.sum() == 9


def test_no_message_tells_the_name_of_a_roi(tmp_path):
    names = {"Canary^Name": BOX, "Canary^Other": OTHER}
    path = written(tmp_path, names)
    for cell in ("Canary^Nobody", "Canary.*", "", "(Canary"):
        fault = fault_of(path, cell)
        assert "Canary" not in str(fault)
        assert "rs.dcm" not in str(fault)
    assert "The source has 2 regions" in str(fault_of(path, ""))


def test_another_frame_of_reference_is_refused_unless_waived(tmp_path):
    path = written(tmp_path, frame="1.9.9")
    fault = fault_of(path)
    assert fault.code == "RT_FRAME_OF_REFERENCE"
    assert "may belong to another scan" in str(fault)
    assert "1.9.9" not in str(fault)
    waive = {"RT_FRAME_OF_REFERENCE": ["P1"]}
    assert read(path, waive=waive)[1] == ("RT_FRAME_OF_REFERENCE_WAIVED",)
    waive = {"RT_FRAME_OF_REFERENCE": ["P2"]}
    assert fault_of(path, waive=waive).code == "RT_FRAME_OF_REFERENCE"


def test_another_series_of_the_same_frame_is_noted(tmp_path):
    assert read(written(tmp_path, series="1.9.8"))[1] == ("OTHER_SERIES_CITED",)


def test_another_series_and_another_frame_are_refused_even_if_waived(tmp_path):
    path = written(tmp_path, series="1.9.8", frame="1.9.9")
    fault = fault_of(path, waive={"RT_FRAME_OF_REFERENCE": ["P1"]})
    assert fault.code == "RT_SERIES"
    assert "the frames of reference differ too" in str(fault)


def test_an_image_without_frame_of_reference_needs_a_waiver(tmp_path):
    path = written(tmp_path)
    bare = {"series": None, "frame_of_reference": None}
    assert "the image has none" in str(fault_of(path, image_facts=bare))
    waive = {"RT_FRAME_OF_REFERENCE": ["P1"]}
    _, notes = read(path, image_facts=bare, waive=waive)
    assert notes == ("RT_FRAME_OF_REFERENCE_WAIVED",)


def test_instances_that_the_segmentation_cites_are_not_looked_at(tmp_path):
    path = written(tmp_path)
    dataset = header.read(path)
    cited = Dataset()
    cited.ReferencedSOPInstanceUID = "1.9.7"
    for contour in dataset.ROIContourSequence[0].ContourSequence:
        contour.ContourImageSequence = [cited]
    save(dataset, path)
    assert read(path)[1] == ()


@pytest.mark.parametrize("raw", [True, False])
def test_numbers_are_the_same_read_from_bytes_and_by_pydicom(tmp_path, raw):
    dataset = header.read(written(tmp_path))
    contour = dataset.ROIContourSequence[0].ContourSequence[0]
    if not raw:
        assert contour.ContourData[0] == pytest.approx(-9.6)
    found = contours_of(dataset, dataset.StructureSetROISequence[0])
    np.testing.assert_array_equal(found[0].points_mm, BOX[0][0])


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([b"1", b"2"], "2 numbers, expected finite triplets"),
        ([b"1", b"2", b"Canary"], r"cannot be read as numbers \(ValueError\)"),
        ([b"1", b"2", b"nan"], "3 numbers, expected finite triplets"),
    ],
)
def test_points_that_are_none_are_refused(tmp_path, values, text):
    path = written(tmp_path)
    content = path.read_bytes()
    old = b"\\".join(b"%.6f" % value for value in np.ravel(BOX[0][0]))
    assert old in content
    path.write_bytes(content.replace(old, b"\\".join(values).ljust(len(old))))
    with pytest.raises(IngestFault, match=text) as caught:
        read(path)
    assert caught.value.code == "BAD_VALUE"
    assert "Canary" not in str(caught.value)


def test_a_file_that_is_no_segmentation_is_refused(tmp_path):
    path = write_series(tmp_path)[0]
    with pytest.raises(IngestFault, match="Modality CT, expected an RTSTRUCT"):
        sources.opened(path)
    with pytest.raises(IngestFault, match="neither an RTSTRUCT or DICOM SEG file"):
        sources.opened(tmp_path / "absent.dcm")


def test_an_edited_file_is_read_again(tmp_path):
    path = written(tmp_path)
    assert len(sources.opened(path).candidates) == 1
    written(tmp_path, {"x": BOX, "another": BOX})
    assert len(sources.opened(path).candidates) == 2

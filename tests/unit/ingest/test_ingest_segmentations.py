"""concord.ingest.segmentation: DICOM SEG of every type, placed by geometry."""

import numpy as np
import pydicom
import pytest

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.dicom.header import hashed
from concord.ingest.mask import read_mask
from concord.ingest.segmentation import sources
from concord.ingest.settings import IngestSection

from ...dicom_factory import (
    AXIAL,
    FRAME,
    ORIGIN_MM,
    SERIES,
    SHAPE,
    SPACING_MM,
    write_segmentation,
    write_series,
)

FACTS = {"series": hashed(SERIES), "frame_of_reference": hashed(FRAME)}


def grid(shape=SHAPE, spacing_mm=SPACING_MM, origin_mm=ORIGIN_MM, cosines=AXIAL):
    axes = np.array(cosines, float).reshape(2, 3)
    direction = np.column_stack([*axes, np.cross(*axes)])
    return Volume(np.zeros(shape, np.int16), spacing_mm, tuple(origin_mm), direction)


def read(path, image=None, roi="", facts=None, **settings):
    section = IngestSection.model_validate(settings)
    row = {"subject_id": "P1", "source": path, "roi": roi, "region": "tumour"}
    return read_mask(row, image or grid(), facts or FACTS, section)


def fault_of(path, image=None, roi="", facts=None, **settings):
    with pytest.raises(IngestFault) as caught:
        read(path, image, roi, facts, **settings)
    return caught.value


def box(*places):
    mask = np.zeros(SHAPE, bool)
    for place in places or [np.s_[1:3, 2:4, 2:5]]:
        mask[place] = True
    return mask


@pytest.fixture
def series(tmp_path):
    return write_series(tmp_path / "ct")


def written(tmp_path, series, pixels, *args, **options):
    path = tmp_path / "seg.dcm"
    write_segmentation(path, series, pixels.astype(np.uint8), *args, **options)
    return path


@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP"])
@pytest.mark.parametrize("sparse", [True, False])
def test_voxels_come_back_whether_or_not_empty_frames_are_stored(
    tmp_path, series, kind, sparse
):
    path = written(tmp_path, series, box(), kind=kind, omit_empty_frames=sparse)
    mask, notes = read(path)
    np.testing.assert_array_equal(mask, box())
    assert notes == ()


@pytest.mark.parametrize(
    "cosines",
    [(0, 1, 0, 0, 0, -1), (0.8, 0.6, 0, -0.48, 0.64, 0.6)],
    ids=["sagittal", "oblique"],
)
def test_voxels_come_back_in_any_orientation(tmp_path, cosines):
    series = write_series(tmp_path / "ct", cosines=cosines)
    mask, _ = read(written(tmp_path, series, box()), grid(cosines=cosines))
    np.testing.assert_array_equal(mask, box())


def test_frames_in_the_planes_of_another_axis_still_fall_on_their_voxels(tmp_path):
    """Sagittal frames on an axial image: columns are rows, rows are slices."""
    spacing_mm = (0.8, 3.0, 0.9)
    series = write_series(
        tmp_path / "ct",
        stored=np.zeros((7, 5, 6), np.int16),
        cosines=(0, 1, 0, 0, 0, 1),
        spacing_mm=spacing_mm,
    )
    path = written(tmp_path, series, box().transpose(2, 0, 1))
    mask, _ = read(path)
    np.testing.assert_array_equal(mask, box())


def test_a_cropped_segmentation_falls_on_its_part_of_the_image(tmp_path, series):
    image = grid((7, 9, 11), origin_mm=(-11.6, 18.2, -33.0))
    mask, _ = read(written(tmp_path, series, box()), image)
    expected = np.zeros((7, 9, 11), bool)
    expected[1:6, 2:8, 2:9] = box()
    np.testing.assert_array_equal(mask, expected)


@pytest.mark.parametrize(
    ("threshold", "expected"), [(0.5, [3, 4]), (0.3, [2, 3, 4]), (1.0, [4])]
)
@pytest.mark.parametrize("most", [255, 200])
def test_fractional_voxels_count_from_the_threshold_on(
    tmp_path, series, threshold, expected, most
):
    pixels = np.zeros(SHAPE)
    pixels[2, 1:5] = np.array([0.2, 0.4, 0.6, 1.0])[:, None]
    path = tmp_path / "seg.dcm"
    options = {"kind": "FRACTIONAL", "max_fractional_value": most}
    write_segmentation(path, series, pixels, **options)
    mask, _ = read(path, seg_threshold=threshold)
    assert np.flatnonzero(mask[2].all(axis=1)).tolist() == expected
    assert mask.sum() == 7 * len(expected)


OVERLAPPING = np.stack([box(), box(np.s_[2:4, 1:4, 3:6]), box(np.s_[0, :, :])], -1)
LABELS = ("GTV 1", "GTV 2", "Body")


def test_segments_that_overlap_keep_their_own_voxels(tmp_path, series):
    path = written(tmp_path, series, OVERLAPPING, LABELS)
    for number, label in enumerate(LABELS, 1):
        for cell in (label, str(number), label.replace(" ", ".")):
            mask, notes = read(path, roi=cell)
            np.testing.assert_array_equal(mask, OVERLAPPING[..., number - 1])
            assert "SEG_OVERLAP" in notes
    mask, _ = read(path, roi="GTV.*", merge_rois=True)
    np.testing.assert_array_equal(mask, OVERLAPPING[..., :2].any(axis=-1))
    assert fault_of(path, roi="GTV.*").code == "ROI_AMBIGUOUS"


def test_a_label_map_keeps_its_segments_apart(tmp_path, series):
    pixels = np.where(box(), 2, 0) + np.where(box(np.s_[3:5, 1:5, 1:6]), 1, 0)
    path = written(tmp_path, series, pixels, LABELS[:2], kind="LABELMAP")
    source = sources.opened(path)
    assert [(c.number, c.name) for c in source.candidates] == [
        (1, LABELS[0]),
        (2, LABELS[1]),
    ]
    for number in (1, 2):
        np.testing.assert_array_equal(read(path, roi=str(number))[0], pixels == number)


def test_another_frame_of_reference_is_refused_unless_waived(tmp_path, series):
    path = written(tmp_path, series, box())
    facts = FACTS | {"frame_of_reference": hashed("1.9.9")}
    fault = fault_of(path, facts=facts, resample_masks="nearest")
    assert fault.code == "SEG_FRAME_OF_REFERENCE"
    assert "list the subject in ingest.waive.SEG_FRAME_OF_REFERENCE" in str(fault)
    mask, notes = read(path, facts=facts, waive={"SEG_FRAME_OF_REFERENCE": ["P1"]})
    np.testing.assert_array_equal(mask, box())
    assert notes == ("SEG_FRAME_OF_REFERENCE_WAIVED",)


def test_another_series_of_the_same_frame_is_noted(tmp_path, series):
    facts = FACTS | {"series": hashed("1.9.8")}
    _, notes = read(written(tmp_path, series, box()), facts=facts)
    assert notes == ("OTHER_SERIES_CITED",)


@pytest.mark.parametrize(
    ("image", "text"),
    [
        (grid(origin_mm=(-9.8, 20.0, -30.0)), "frame 1 lies 0.25 voxels beside it"),
        (grid(origin_mm=(-10.0, 20.0, -29.0)), "frame 1 lies 0.33 voxels beside it"),
        (grid(spacing_mm=(3.0, 1.8, 1.6)), "pixels are larger, smaller or turned"),
        (grid(spacing_mm=(3.0, 0.9, 0.78)), "frame 1 lies 0.15 voxels beside it"),
        (grid((15, 6, 7), (1.0, 0.9, 0.8)), "slices are 3.00 mm apart, those of the"),
    ],
)
def test_another_grid_is_refused(tmp_path, series, image, text):
    fault = fault_of(written(tmp_path, series, box()), image)
    assert fault.code == "SEG_GRID"
    assert text in str(fault)


def test_another_grid_takes_the_nearest_voxel_if_the_study_says_so(tmp_path, series):
    image = grid((15, 12, 14), (1.0, 0.45, 0.4), (-10.2, 19.775, -31.0))
    mask, notes = read(
        written(tmp_path, series, box()), image, resample_masks="nearest"
    )
    whole = box().repeat(3, 0).repeat(2, 1).repeat(2, 2)
    np.testing.assert_array_equal(mask, whole)
    assert notes == ("MASK_RESAMPLED nearest",)


def test_slices_left_out_of_a_segmentation_are_empty_when_resampled(tmp_path, series):
    pixels = box(np.s_[0, 2:4, 2:5], np.s_[3, 2:4, 2:5])
    path = written(tmp_path, series, pixels)
    image = grid(origin_mm=(-9.8, 20.2, -29.5))
    mask, _ = read(path, image, resample_masks="nearest")
    np.testing.assert_array_equal(mask, pixels)


def test_a_segmentation_beyond_the_image_is_refused_with_the_share(tmp_path, series):
    image = grid(origin_mm=(-10.0, 20.0, -24.0))
    fault = fault_of(written(tmp_path, series, box()), image)
    assert fault.code == "CONTOUR_OUTSIDE"
    assert "50.0% of the segmented volume lies outside the image" in str(fault)


def test_a_segmentation_without_a_position_or_with_nonsense_is_refused(
    tmp_path, series
):
    path = written(tmp_path, series, box())
    dataset = pydicom.dcmread(path)
    del dataset.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence
    dataset.save_as(tmp_path / "bare.dcm")
    assert fault_of(tmp_path / "bare.dcm").code in ("NO_GEOMETRY", "SEG_UNREADABLE")
    del dataset.SegmentSequence
    dataset.save_as(tmp_path / "none.dcm")
    fault = fault_of(tmp_path / "none.dcm")
    assert fault.code == "SEG_UNREADABLE"
    assert "none.dcm" not in str(fault)

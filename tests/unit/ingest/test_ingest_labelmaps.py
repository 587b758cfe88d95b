"""Label maps: chosen labels of a NIfTI file on the grid of an image."""

from dataclasses import replace

import numpy as np
import pytest

from concord import images
from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.mask import read_mask
from concord.ingest.settings import IngestSection

SHAPE = (5, 8, 9)
IMAGE = Volume(np.zeros(SHAPE, np.int16), (3.0, 0.9, 0.8), (1.0, 2.0, 3.0), np.eye(3))


def labels(dtype=np.uint8):
    array = np.zeros(SHAPE, dtype)
    array[1:4, 1:4, 1:4] = 1
    array[1:4, 4:6, 1:4] = 2
    array[2:4, 2:5, 5:8] = 7
    return array


def written(tmp_path, array, volume=IMAGE):
    path = tmp_path / "Canary.nii.gz"
    images.write(replace(volume, array=array), path)
    return path


def read(path, roi="", image=IMAGE, **settings):
    section = IngestSection.model_validate(settings)
    row = {"subject_id": "P1", "source": path, "roi": roi, "region": "tumour"}
    return read_mask(row, image, {}, section)


def fault_of(path, roi="", image=IMAGE, **settings):
    with pytest.raises(IngestFault) as caught:
        read(path, roi, image, **settings)
    assert "Canary" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
@pytest.mark.parametrize(
    ("roi", "expected"),
    [("2", [2]), ("1|2", [1, 2]), ("7;;1", [7]), ("5;;1|7", [1, 7])],
)
def test_the_cell_names_the_label_or_labels(tmp_path, roi, expected, dtype):
    mask, notes = read(written(tmp_path, labels(dtype)), roi)
    np.testing.assert_array_equal(mask, np.isin(labels(), expected))
    assert notes[0] == "NIFTI_SOURCE"


def test_the_cell_may_be_empty_if_there_is_one_label(tmp_path):
    mask, _ = read(written(tmp_path, np.where(labels() == 2, 255, 0).astype(np.uint8)))
    np.testing.assert_array_equal(mask, labels() == 2)
    assert fault_of(written(tmp_path, labels())).code == "ROI_AMBIGUOUS"


@pytest.mark.parametrize(
    ("array", "code", "text"),
    [
        (labels(np.float32) / 2, "MASK_LABELS", "values from 0 to 1, expected whole"),
        (labels(np.int16) - 1, "MASK_LABELS", "values from -1 to -1, expected whole"),
        (labels(np.int32) * 5000, "MASK_LABELS", "to 10000, expected whole numbers"),
    ],
)
def test_what_is_no_label_map_is_refused(tmp_path, array, code, text):
    fault = fault_of(written(tmp_path, array), "1")
    assert fault.code == code
    assert text in str(fault)


def test_a_label_map_of_nothing_is_a_mask_of_a_reader_who_found_nothing(tmp_path):
    mask, notes = read(written(tmp_path, np.zeros(SHAPE, np.uint8)), "1")
    assert not mask.any()
    assert notes == ("NIFTI_SOURCE", "FOUND_NOTHING")


def test_a_label_that_is_absent_is_refused(tmp_path):
    assert fault_of(written(tmp_path, labels()), "3").code == "ROI_NOT_FOUND"


def test_another_grid_is_refused_unless_the_study_resamples(tmp_path):
    path = written(tmp_path, labels())
    moved = replace(IMAGE, origin_mm=(1.0, 2.3, 3.0))
    fault = fault_of(path, "2", moved)
    assert fault.code == "MASK_GRID"
    assert "origin_mm is [1.0, 2.0, 3.0], but its image has [1.0, 2.3, 3.0]" in str(
        fault
    )
    mask, notes = read(path, "2", moved, resample_masks="nearest")
    np.testing.assert_array_equal(mask, labels() == 2)
    assert notes[:2] == ("NIFTI_SOURCE", "MASK_RESAMPLED nearest")


@pytest.mark.parametrize("turn", [0, 20])
def test_resampling_takes_the_voxel_that_holds_each_centre(tmp_path, turn):
    angle = np.deg2rad(turn)
    axes = np.array(
        [
            [np.cos(angle), -np.sin(angle), 0],
            [np.sin(angle), np.cos(angle), 0],
            [0, 0, 1],
        ]
    )
    image = Volume(np.zeros((9, 20, 22)), (1.4, 0.5, 0.45), (1.5, 1.0, 2.0), axes)
    source = replace(IMAGE, array=labels())
    mask, _ = read(
        written(tmp_path, labels()),
        "7",
        image,
        resample_masks="nearest",
        mask_checks={"largest_share_outside": 0.9},
    )
    k, j, i = np.indices(image.array.shape)
    points = image.affine() @ [i.ravel(), j.ravel(), k.ravel(), np.ones(i.size)]
    found = np.rint(np.linalg.inv(source.affine()) @ points)[:3].astype(int)[::-1]
    inside = ((found >= 0) & (found < np.array(SHAPE)[:, None])).all(axis=0)
    expected = np.zeros(i.size, bool)
    expected[inside] = source.array[tuple(found[:, inside])] == 7
    assert expected.any()
    np.testing.assert_array_equal(mask.ravel(), expected)


@pytest.mark.parametrize("z_mm", [12.1, -6.1])
def test_resampling_refuses_a_mask_that_lies_outside(tmp_path, z_mm):
    far = replace(IMAGE, origin_mm=(1.0, 2.0, z_mm))
    fault = fault_of(written(tmp_path, labels()), "1", far, resample_masks="nearest")
    assert fault.code == "CONTOUR_OUTSIDE"

"""concord.agreement.overlap against counts known from geometry."""

import math

import numpy as np
import pytest

from concord.agreement.overlap import crop, n_common, overlap

SPACING_MM = (2.0, 1.0, 0.5)


def box(first, last, shape=(12, 14, 16)):
    mask = np.zeros(shape, bool)
    mask[tuple(slice(a, b) for a, b in zip(first, last, strict=True))] = True
    return crop(mask, SPACING_MM)


def test_crop_keeps_the_voxels_and_where_they_were():
    mask = np.zeros((6, 7, 8), bool)
    mask[2, 3, 4] = mask[4, 3, 1] = True

    outline = crop(mask, SPACING_MM)

    assert outline.start == (2, 3, 1)
    assert outline.voxels.shape == (3, 1, 4)
    assert (np.argwhere(outline.voxels) + outline.start).tolist() == [
        [2, 3, 4],
        [4, 3, 1],
    ]


def test_crop_does_not_keep_the_whole_image_alive():
    outline = crop(np.ones((4, 4, 4), bool)[:, ::2], SPACING_MM)

    assert outline.voxels.base is None


def test_dice_of_cubes_of_seven_voxels_shifted_by_two_is_five_sevenths():
    found = overlap(box((0, 0, 0), (7, 7, 7)), box((0, 2, 0), (7, 9, 7)))

    assert found["dice"] == pytest.approx(5 / 7, abs=1e-15)
    assert found["status"] == "ok"
    assert found["volume_difference"] == 0


def test_volume_is_the_number_of_voxels_times_their_volume():
    found = overlap(box((0, 0, 0), (2, 3, 4)), box((5, 5, 5), (6, 8, 9)))

    assert (found["volume_mm3"], found["volume_b_mm3"]) == (24.0, 12.0)
    assert found["volume_difference"] == pytest.approx(2 * (12 - 24) / 36)
    assert found["dice"] == 0


@pytest.mark.parametrize("shift", [(0, 0, 0), (1, 0, 2), (-3, 2, 1), (5, 0, 0)])
def test_common_voxels_are_those_of_the_whole_arrays(shift):
    generator = np.random.default_rng(7)
    first = np.zeros((14, 12, 11), bool)
    first[4:8, 3:8, 2:7] = generator.random((4, 5, 5)) < 0.5
    second = np.roll(generator.permutation(first, axis=1), shift, axis=(0, 1, 2))

    common = n_common(crop(first, SPACING_MM), crop(second, SPACING_MM))

    assert common == np.count_nonzero(first & second)


def test_boxes_that_only_touch_share_no_voxel():
    assert n_common(box((0, 0, 0), (3, 3, 3)), box((3, 0, 0), (6, 3, 3))) == 0


def test_two_empty_masks_have_no_dice():
    empty = box((0, 0, 0), (0, 0, 0))
    found = overlap(empty, empty)

    assert found["status"] == "both_empty"
    assert math.isnan(found["dice"])
    assert math.isnan(found["volume_difference"])
    assert found["volume_mm3"] == found["volume_b_mm3"] == 0


def test_one_empty_mask_has_dice_zero():
    found = overlap(box((0, 0, 0), (0, 0, 0)), box((1, 1, 1), (2, 2, 2)))

    assert (found["status"], found["dice"]) == ("one_empty", 0)
    assert found["volume_difference"] == 2

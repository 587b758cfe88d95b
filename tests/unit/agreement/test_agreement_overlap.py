"""concord.agreement.overlap against counts known from geometry."""

import math

import numpy as np
import pytest

from concord.agreement.overlap import against, crop, n_common, overlap

SPACING_MM = (2.0, 1.0, 0.5)


def box(first, last, shape=(12, 14, 16)):
    mask = np.zeros(shape, bool)
    mask[tuple(slice(a, b) for a, b in zip(first, last, strict=True))] = True
    return crop(mask, SPACING_MM)


def test_crop_keeps_the_voxels_and_where_they_were():
    mask = np.zeros((6, 7, 8), bool)
    mask[2, 3, 4] = mask[4, 3, 1] = True

    segmentation = crop(mask, SPACING_MM)

    assert segmentation.start == (2, 3, 1)
    assert segmentation.voxels.shape == (3, 1, 4)
    assert (np.argwhere(segmentation.voxels) + segmentation.start).tolist() == [
        [2, 3, 4],
        [4, 3, 1],
    ]


def test_crop_does_not_keep_the_whole_image_alive():
    segmentation = crop(np.ones((4, 4, 4), bool)[:, ::2], SPACING_MM)

    assert segmentation.voxels.base is None


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
    assert math.isnan(found["centroid_distance_mm"])
    assert (found["n_components"], found["n_components_b"]) == (0, 1)


def test_jaccard_is_the_share_of_the_union():
    found = overlap(box((0, 0, 0), (7, 7, 7)), box((0, 2, 0), (7, 9, 7)))

    assert found["jaccard"] == pytest.approx(5 / 9, abs=1e-15)
    assert found["jaccard"] == pytest.approx(found["dice"] / (2 - found["dice"]))


def test_difference_in_ml_has_the_sign_of_the_second_reader():
    found = overlap(box((0, 0, 0), (10, 10, 10)), box((0, 0, 0), (10, 10, 5)))

    assert found["volume_difference_ml"] == pytest.approx(-0.5)


def test_centroids_of_a_shifted_box_are_apart_by_the_shift_in_mm():
    found = overlap(box((0, 0, 0), (4, 3, 2)), box((3, 2, 6), (7, 5, 8)))

    expected = math.hypot(3 * 2.0, 2 * 1.0, 6 * 0.5)
    assert found["centroid_distance_mm"] == pytest.approx(expected, abs=1e-12)


def test_the_centroid_is_the_mean_of_the_voxel_centres():
    mask = np.random.default_rng(2).random((5, 6, 7)) < 0.2

    expected = np.argwhere(mask).mean(axis=0) * SPACING_MM
    assert crop(mask, SPACING_MM).centroid_mm == pytest.approx(expected, abs=1e-12)


def test_parts_that_share_a_corner_are_one_component():
    mask = np.zeros((4, 4, 4), bool)
    mask[0, 0, 0] = mask[1, 1, 1] = mask[3, 3, 3] = True

    assert crop(mask, SPACING_MM).n_components == 2


def test_sensitivity_and_precision_take_the_reference_as_the_truth():
    mask, reference = box((0, 0, 0), (4, 4, 4)), box((0, 0, 0), (4, 4, 8))

    assert against(mask, reference) == {"sensitivity": 0.5, "precision": 1.0}
    assert against(reference, mask) == {"sensitivity": 1.0, "precision": 0.5}


def test_a_share_of_an_empty_mask_is_not_defined():
    empty, full = box((0, 0, 0), (0, 0, 0)), box((0, 0, 0), (2, 2, 2))

    assert against(empty, full)["sensitivity"] == 0
    assert math.isnan(against(empty, full)["precision"])
    assert math.isnan(against(full, empty)["sensitivity"])


@pytest.mark.parametrize(
    ("first", "last", "touches"),
    [
        ((0, 3, 3), (2, 5, 5), True),
        ((3, 3, 3), (5, 14, 5), True),
        ((1, 1, 1), (11, 13, 15), False),
        ((0, 0, 0), (0, 0, 0), False),
    ],
)
def test_a_mask_touches_the_border_if_it_has_an_outermost_voxel(first, last, touches):
    assert box(first, last).touches_border is touches

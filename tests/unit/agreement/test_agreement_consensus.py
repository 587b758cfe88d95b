"""concord.agreement.consensus on simulated readers of a known truth."""

import numpy as np
import pytest
from scipy import ndimage

from concord.agreement import consensus as module
from concord.agreement.consensus import consensus
from concord.agreement.overlap import crop, overlap

SPACING_MM = (3.0, 1.0, 1.0)
SHAPE = (16, 40, 40)


def truth():
    k, j, i = np.indices(SHAPE)
    return ((k - 8) / 5) ** 2 + ((j - 20) / 12) ** 2 + ((i - 20) / 12) ** 2 <= 1


def drawn(seed, bias, wobble=0.7):
    """A reader: the truth moved outward by a bias, in voxels, with a smooth wobble."""
    inside = truth()
    distance = ndimage.distance_transform_edt(inside)
    distance -= ndimage.distance_transform_edt(~inside)
    noise = np.random.default_rng(seed).normal(size=SHAPE)
    noise = ndimage.gaussian_filter(noise, 2)
    return distance + bias + wobble * noise / noise.std() > 0.5


def crops(masks):
    return [crop(mask, SPACING_MM) for mask in masks]


def whole(segmentation):
    array = np.zeros(segmentation.grid_shape, bool)
    array[tuple(map(slice, segmentation.start, segmentation.end))] = segmentation.voxels
    return array


def dice_to_truth(segmentation):
    return overlap(segmentation, crop(truth(), SPACING_MM))["dice"]


@pytest.mark.parametrize("n", [3, 4, 5])
def test_the_majority_holds_voxels_of_more_than_half_of_the_readers(n):
    masks = [drawn(seed, 0) for seed in range(n)]

    found = consensus(crops(masks), "majority")
    np.testing.assert_array_equal(whole(found), 2 * np.sum(masks, axis=0) > n)


def test_a_tie_is_outside():
    masks = np.zeros((4, 3, 5, 6), bool)
    masks[:2, 1, 1:4, 1:4] = True
    masks[2, 1, 2, 2] = True

    assert np.argwhere(whole(consensus(crops(masks), "majority"))).tolist() == [
        [1, 2, 2]
    ]


@pytest.mark.parametrize("method", ["majority", "staple"])
def test_readers_who_agree_have_their_segmentation_as_consensus(method):
    masks = [truth()] * 3

    found = consensus(crops(masks), method)
    np.testing.assert_array_equal(whole(found), truth())


@pytest.mark.parametrize("method", ["majority", "staple"])
def test_readers_who_drew_nothing_have_an_empty_consensus(method):
    found = consensus(crops(np.zeros((3, 4, 5, 6), bool)), method)

    assert found.n_voxels == 0
    assert found.grid_shape == (4, 5, 6)


@pytest.mark.parametrize("method", ["majority", "staple"])
def test_a_reader_who_found_nothing_has_a_vote(method):
    nothing = np.zeros_like(truth())

    outvoted = consensus(crops([truth(), truth(), nothing]), method)
    np.testing.assert_array_equal(whole(outvoted), truth())
    if method == "majority":
        assert consensus(crops([truth(), nothing, nothing]), method).n_voxels == 0


@pytest.fixture(scope="module")
def with_a_loose_reader():
    """Four readers who scatter around the truth, and one who segments 3 voxels wide."""
    return crops([*(drawn(seed, 0, 1.2) for seed in (1, 2, 3, 4)), drawn(9, 3, 1.2)])


def test_a_loose_reader_spoils_staple_more_than_the_majority(with_a_loose_reader):
    majority, staple = (
        consensus(with_a_loose_reader, how) for how in ("majority", "staple")
    )

    assert dice_to_truth(majority) == pytest.approx(0.98, abs=0.005)
    assert dice_to_truth(staple) == pytest.approx(0.92, abs=0.01)
    assert staple.n_voxels > majority.n_voxels


def test_staple_decides_where_an_even_number_of_readers_ties():
    readers = crops([*(drawn(seed, 0) for seed in (1, 2, 3)), drawn(9, 3)])

    majority, staple = (consensus(readers, how) for how in ("majority", "staple"))
    assert dice_to_truth(staple) > dice_to_truth(majority) > 0.97
    assert staple.n_voxels > majority.n_voxels


def test_staple_does_not_depend_on_the_size_of_the_image():
    masks = [drawn(1, 0), drawn(2, 0.5), drawn(3, 2)]
    wide = [np.pad(mask, 20) for mask in masks]

    small, large = (consensus(crops(m), "staple") for m in (masks, wide))
    np.testing.assert_array_equal(small.voxels, large.voxels)
    assert large.start == tuple(start + 20 for start in small.start)


def test_the_margin_around_the_segmentations_decides_what_staple_holds(
    with_a_loose_reader, monkeypatch
):
    usual = consensus(with_a_loose_reader, "staple")
    monkeypatch.setattr(module, "STAPLE_MARGIN", 1)
    narrow = consensus(with_a_loose_reader, "staple")

    assert narrow.n_voxels < 0.95 * usual.n_voxels


def test_staple_gives_equal_voxels_at_every_run():
    masks = crops([drawn(1, 0), drawn(2, 0.5), drawn(3, 2)])

    first, second = (consensus(masks, "staple") for _ in range(2))
    np.testing.assert_array_equal(first.voxels, second.voxels)

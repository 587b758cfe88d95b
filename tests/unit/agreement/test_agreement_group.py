"""concord.agreement.group against counts by hand and second implementations."""

from itertools import combinations

import numpy as np
import pytest

from concord.agreement.group import fleiss_kappa, group_agreement, votes
from concord.agreement.overlap import crop

SPACING_MM = (2.0, 1.0, 0.5)


def readers(n, seed=1, shape=(6, 9, 10)):
    """Masks that agree more often than by chance."""
    random = np.random.default_rng(seed)
    truth = random.random(shape) < 0.3
    masks = [truth ^ (random.random(shape) < 0.1) for _ in range(n)]
    for mask in masks:
        mask[[0, -1]] = False
    return masks


def crops(masks):
    return [crop(mask, SPACING_MM) for mask in masks]


def kappa_by_definition(masks):
    """Fleiss (1971), item by item and category by category."""
    filled = np.argwhere(np.any(masks, axis=0))
    box = tuple(map(slice, filled.min(axis=0), filled.max(axis=0) + 1))
    items = np.array([mask[box].ravel() for mask in masks]).T
    n = len(masks)
    agreement, shares = [], np.zeros(2)
    for item in items:
        counts = np.array([(item == category).sum() for category in (False, True)])
        agreement.append((counts * (counts - 1)).sum() / (n * (n - 1)))
        shares += counts / n
    expected = ((shares / len(items)) ** 2).sum()
    return (np.mean(agreement) - expected) / (1 - expected)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_kappa_is_that_of_its_definition(n):
    masks = readers(n)

    found = group_agreement(crops(masks))
    assert found["fleiss_kappa"] == pytest.approx(kappa_by_definition(masks))
    assert found["n_readers"] == n


def test_kappa_of_four_voxels_by_hand():
    # Three readers: 3, 2, 1 and 0 of them marked a voxel. Agreement (1 + 1/3 + 1/3 +
    # 1) / 4 = 2/3, by chance 1/2.
    assert fleiss_kappa(np.array([3, 2, 1, 0]), 3) == pytest.approx(1 / 3)


def test_kappa_does_not_depend_on_the_size_of_the_image():
    masks = readers(3)
    wide = [np.pad(mask, 5) for mask in masks]

    assert group_agreement(crops(wide)) == group_agreement(crops(masks))


def test_kappa_of_equal_boxes_is_not_defined():
    assert np.isnan(fleiss_kappa(np.full((2, 3, 4), 3), 3))
    assert np.isnan(fleiss_kappa(np.zeros((0, 0, 0), np.uint8), 3))


@pytest.mark.parametrize("n", [2, 4])
def test_generalized_dice_weighs_pairs_by_their_size(n):
    masks = readers(n, seed=4)
    pairs = list(combinations(masks, 2))
    tanimoto = sum((a & b).sum() for a, b in pairs) / sum(
        (a | b).sum() for a, b in pairs
    )

    found = group_agreement(crops(masks))["generalized_dice"]
    assert found == pytest.approx(2 * tanimoto / (1 + tanimoto))


def test_generalized_dice_of_two_readers_is_dice():
    first, second = readers(2)

    found = group_agreement(crops([first, second]))["generalized_dice"]
    assert found == pytest.approx(
        2 * (first & second).sum() / (first.sum() + second.sum())
    )


def test_volumes_of_union_and_intersection_are_those_of_the_whole_arrays():
    masks = readers(3)
    found = group_agreement(crops(masks))

    assert found["union_ml"] == pytest.approx(np.any(masks, axis=0).sum() / 1000)
    assert found["intersection_ml"] == pytest.approx(np.all(masks, axis=0).sum() / 1000)


def test_readers_who_drew_nothing_have_no_agreement():
    found = group_agreement(crops(np.zeros((3, 4, 5, 6), bool)))

    assert np.isnan(found["generalized_dice"])
    assert np.isnan(found["fleiss_kappa"])
    assert found["union_ml"] == 0


def test_votes_count_the_readers_of_each_voxel():
    masks = readers(4)
    drawn, start = votes(crops([*masks, np.zeros_like(masks[0])]))

    expected = np.sum(masks, axis=0)
    box = tuple(slice(a, a + n) for a, n in zip(start, drawn.shape, strict=True))
    np.testing.assert_array_equal(drawn, expected[box])
    assert drawn.sum() == expected.sum()

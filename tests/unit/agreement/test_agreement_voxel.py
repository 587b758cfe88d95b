"""concord.agreement.voxel against closed forms and a distance transform."""

import numpy as np
import pytest
from scipy import ndimage

from concord.agreement import voxel
from concord.agreement.overlap import crop


def compare(first, second, spacing_mm):
    surfaces = (voxel.surface(crop(mask, spacing_mm)) for mask in (first, second))
    return voxel.distances(*surfaces).summary()


def by_distance_transform(first, second, spacing_mm):
    """The same measures by another road: distance maps of the whole grid."""
    directed = []
    edges = []
    for mask in (first, second):
        padded = np.pad(mask, 1)
        edges.append(padded & ~ndimage.binary_erosion(padded))
    for start, target in (edges, edges[::-1]):
        distance = ndimage.distance_transform_edt(~target, sampling=spacing_mm)
        directed.append(distance[start])
    pooled = np.concatenate(directed)
    (hd_ab, hd_ba), (hd95_ab, hd95_ba) = (
        [np.percentile(part, share) for part in directed] for share in (100, 95)
    )
    return {
        "hd_mm": pooled.max(),
        "hd_ab_mm": hd_ab,
        "hd_ba_mm": hd_ba,
        "hd95_mm": max(hd95_ab, hd95_ba),
        "hd95_ab_mm": hd95_ab,
        "hd95_ba_mm": hd95_ba,
        "hd95_pooled_mm": np.percentile(pooled, 95),
        "assd_mm": pooled.mean(),
        "masd_mm": np.mean([part.mean() for part in directed]),
    }


def blob(seed, shape=(14, 22, 24)):
    noise = np.random.default_rng(seed).normal(size=shape)
    smooth = ndimage.gaussian_filter(noise, 3)
    return smooth > np.quantile(smooth, 0.75)


#: HD, HD95, ASSD and surface Dice at 1 and 3 mm of two blobs, by MONAI 1.6.1.
MONAI = [
    (
        (1, 2),
        (1.0, 1.0, 1.0),
        (10.630146026611328, 7.8102498054504395, 2.3732869625091553),
        (0.45249101519584656, 0.6779661178588867),
    ),
    (
        (3, 4),
        (3.27, 0.98, 0.98),
        (13.859292984008789, 10.554923057556152, 4.009547710418701),
        (0.26038646697998047, 0.46086955070495605),
    ),
    (
        (5, 6),
        (5.0, 0.7, 0.7),
        (7.981227874755859, 5.773213863372803, 1.99325430393219),
        (0.40318799018859863, 0.7707454562187195),
    ),
]


@pytest.mark.parametrize(("seeds", "spacing_mm", "distances_mm", "dice"), MONAI)
def test_distances_and_surface_dice_are_those_of_monai(
    seeds, spacing_mm, distances_mm, dice
):
    surfaces = [voxel.surface(crop(blob(seed), spacing_mm)) for seed in seeds]
    distances = voxel.distances(*surfaces)

    found = distances.summary()
    names = ("hd_mm", "hd95_mm", "assd_mm")
    assert [found[name] for name in names] == pytest.approx(distances_mm, rel=1e-6)
    shares = [distances.surface_dice(tolerance) for tolerance in (1.0, 3.0)]
    assert shares == pytest.approx(dice, rel=1e-6)


def test_a_distance_that_equals_the_tolerance_is_within_it():
    first, second = np.zeros((2, 1, 1, 12), bool)
    first[..., :3] = second[..., 3:6] = True

    surfaces = [voxel.surface(crop(m, (1.0, 1.0, 0.1))) for m in (first, second)]
    distances = voxel.distances(*surfaces)

    assert distances.surface_dice(0.3) == 1.0
    assert distances.surface_dice(0.2) == pytest.approx(2 / 3)


def test_two_single_voxels_are_apart_by_the_distance_of_their_centres():
    first, second = np.zeros((2, 3, 3, 9), bool)
    first[1, 1, 1] = second[1, 1, 5] = True

    found = compare(first, second, (3.0, 1.0, 0.5))

    assert set(found.values()) == {2.0}


def test_squares_in_a_plane_that_are_shifted_by_two_have_an_assd_of_one():
    first, second = np.zeros((2, 7, 9), bool)
    first[:, :7] = second[:, 2:] = True

    found = compare(first, second, (1.0, 1.0))

    assert (found["hd_mm"], found["hd95_mm"], found["assd_mm"]) == (2.0, 2.0, 1.0)


def test_every_voxel_of_a_single_slice_is_boundary():
    first, second = np.zeros((2, 1, 7, 9), bool)
    first[..., :7] = second[..., 2:] = True

    found = compare(first, second, (1.0, 1.0, 1.0))

    assert (found["hd_mm"], found["hd95_mm"]) == (2.0, 2.0)
    assert found["assd_mm"] == pytest.approx(7 * (1 + 2) / 49, abs=1e-15)


@pytest.mark.parametrize(("axis", "shift_mm"), [(0, 6.0), (1, 2.0), (2, 1.0)])
def test_distances_of_a_shifted_cube_are_the_shift_in_mm(axis, shift_mm):
    cube = np.zeros((13, 13, 13), bool)
    cube[2:9, 2:9, 2:9] = True

    found = compare(cube, np.roll(cube, 2, axis), (3.0, 1.0, 0.5))

    assert found["hd_mm"] == found["hd95_mm"] == shift_mm


@pytest.mark.parametrize("spacing_mm", [(1.0, 1.0, 1.0), (3.27, 0.98, 0.98)])
def test_distances_are_those_of_distance_transforms(spacing_mm):
    first, second = blob(1), blob(2)

    found = compare(first, second, spacing_mm)

    expected = by_distance_transform(first, second, spacing_mm)
    assert found == pytest.approx(expected, abs=1e-12)


def test_larger_directed_percentile_and_pooled_percentile_are_two_numbers():
    first = np.zeros((20, 20, 60), bool)
    first[5:15, 5:15, 5:15] = True
    second = first.copy()
    second[9:11, 9:11, 5:35] = True

    found = compare(first, second, (1.0, 1.0, 1.0))

    assert found["hd95_mm"] > found["hd95_pooled_mm"] > 0
    assert found["hd_mm"] == 20.0


def test_the_border_of_the_image_is_boundary():
    whole = np.ones((5, 5, 5), bool)
    core = np.zeros((5, 5, 5), bool)
    core[2, 2, 2] = True

    found = compare(whole, core, (1.0, 1.0, 1.0))

    assert found["hd_mm"] == pytest.approx(np.sqrt(12))


def test_distances_do_not_depend_on_the_order_of_readers():
    first, second = blob(3), blob(4)

    there = compare(first, second, (2.0, 1.0, 0.7))
    back = compare(second, first, (2.0, 1.0, 0.7))
    assert there["hd_ab_mm"] != there["hd_ba_mm"]
    for name in ("hd", "hd95"):
        names = [f"{name}_ab_mm", f"{name}_ba_mm"]
        assert [there[n] for n in names] == [back[n] for n in names[::-1]]
        assert there[f"{name}_mm"] == back[f"{name}_mm"]
    assert there["assd_mm"] == pytest.approx(back["assd_mm"], abs=1e-12)


def test_distances_do_not_depend_on_the_order_of_axes():
    first, second, spacing_mm = blob(3), blob(4), np.array([2.0, 1.0, 0.7])
    order = (2, 0, 1)

    turned = compare(
        first.transpose(order), second.transpose(order), spacing_mm[list(order)]
    )
    assert turned == pytest.approx(compare(first, second, spacing_mm), abs=1e-12)


def test_distances_double_with_the_spacing():
    first, second = blob(5), blob(6)
    single = compare(first, second, (2.0, 1.0, 0.7))
    double = compare(first, second, (4.0, 2.0, 1.4))

    assert double == pytest.approx({key: 2 * value for key, value in single.items()})


def test_distances_do_not_depend_on_the_size_of_the_image():
    first, second = blob(5), blob(6)
    margin = ((3, 0), (1, 7), (0, 2))

    wide = compare(np.pad(first, margin), np.pad(second, margin), (2.0, 1.0, 0.7))
    assert wide == pytest.approx(compare(first, second, (2.0, 1.0, 0.7)), abs=1e-12)


def test_equal_masks_have_no_distance():
    assert set(compare(blob(1), blob(1), (2.0, 1.0, 0.7)).values()) == {0.0}

"""Laws that distances obey whatever the masks, on random blobs."""

import numpy as np
import pytest
from scipy import ndimage

from concord.agreement.overlap import crop, overlap
from concord.agreement.pairs import DEFINITIONS

SPACING_MM = np.array([2.5, 0.9, 0.7])
TOLERANCES_MM = (0.5, 1.0, 3.0)

#: How far numbers may differ if only rounding does. Marching cubes joins corners of
#: a cell by rules that know the axes, so turning the axes turns some triangles.
ROUNDING = {"mesh": 1e-9, "voxel": 1e-12}
TURNED = {"mesh": 0.03, "voxel": 1e-12}


def blobs(seed):
    """Two smooth random masks that overlap in part."""
    random = np.random.default_rng(seed)
    shared = random.normal(size=(12, 20, 22))
    for _ in range(2):
        noise = shared + random.normal(size=shared.shape)
        smooth = ndimage.gaussian_filter(noise, 2.5)
        yield smooth > np.quantile(smooth, 0.7)


def measured(definition, masks, spacing_mm=SPACING_MM):
    """Every distance, and the surface Dice at some tolerances."""
    module = DEFINITIONS[definition]
    surfaces = (module.surface(crop(mask, spacing_mm)) for mask in masks)
    found = module.distances(*surfaces)
    shares = {f"surface_dice_{t}": found.surface_dice(t) for t in TOLERANCES_MM}
    return found.summary() | shares


def swapped(found):
    """The measures of the same pair in the other order."""
    return found | {
        f"{name}_{order}_mm": found[f"{name}_{order[::-1]}_mm"]
        for name in ("hd", "hd95")
        for order in ("ab", "ba")
    }


pytestmark = [
    pytest.mark.parametrize("definition", ["mesh", "voxel"]),
    pytest.mark.parametrize("seed", range(4)),
]


def test_the_order_of_the_readers_swaps_the_directions_alone(definition, seed):
    masks = list(blobs(seed))
    there, back = measured(definition, masks), measured(definition, masks[::-1])

    assert there == pytest.approx(swapped(back), abs=ROUNDING[definition])


def test_the_order_of_the_axes_does_not_matter(definition, seed):
    order = np.array([2, 0, 1])
    masks = list(blobs(seed))
    turned = [mask.transpose(order) for mask in masks]

    found = measured(definition, turned, SPACING_MM[order])
    expected = measured(definition, masks)
    assert found == pytest.approx(expected, rel=TURNED[definition])


def test_mirrored_masks_have_the_same_distances(definition, seed):
    masks = list(blobs(seed))
    mirrored = [mask[:, ::-1] for mask in masks]

    found = measured(definition, mirrored)
    expected = measured(definition, masks)
    assert found == pytest.approx(expected, rel=TURNED[definition])


def test_distances_and_tolerances_scale_together(definition, seed):
    masks = list(blobs(seed))
    single = measured(definition, masks)
    double = measured(definition, masks, 2 * SPACING_MM)

    for name, value in single.items():
        if name.endswith("_mm"):
            assert double[name] == pytest.approx(2 * value, abs=1e-9), name
    assert double["surface_dice_1.0"] == pytest.approx(single["surface_dice_0.5"])


def test_the_size_of_the_image_does_not_matter(definition, seed):
    masks = list(blobs(seed))
    wide = [np.pad(mask, ((3, 0), (1, 7), (0, 2))) for mask in masks]

    found = measured(definition, wide)
    assert found == pytest.approx(measured(definition, masks), abs=ROUNDING[definition])


def test_a_mask_has_no_distance_from_itself(definition, seed):
    mask, _ = blobs(seed)
    found = measured(definition, (mask, mask.copy()))

    distances = [found[name] for name in found if name.endswith("_mm")]
    assert max(distances) == pytest.approx(0, abs=1e-9)
    assert {found[name] for name in found if "dice" in name} == {1.0}


def test_summaries_are_ordered_as_their_meaning_is(definition, seed):
    found = measured(definition, list(blobs(seed)))

    assert found["assd_mm"] <= found["hd95_pooled_mm"] <= found["hd_mm"]
    assert found["hd95_pooled_mm"] <= found["hd95_mm"] <= found["hd_mm"]
    assert found["hd_mm"] == max(found["hd_ab_mm"], found["hd_ba_mm"])
    assert found["hd95_mm"] == max(found["hd95_ab_mm"], found["hd95_ba_mm"])
    shares = [found[f"surface_dice_{t}"] for t in TOLERANCES_MM]
    assert 0 < shares[0] < shares[1] < shares[2] <= 1


def test_boxes_of_their_own_give_the_overlap_of_the_whole_arrays(definition, seed):
    first, second = blobs(seed)
    found = overlap(crop(first, SPACING_MM), crop(second, SPACING_MM))

    common, union = (first & second).sum(), (first | second).sum()
    assert found["jaccard"] == pytest.approx(common / union)
    assert found["dice"] == pytest.approx(2 * common / (first.sum() + second.sum()))

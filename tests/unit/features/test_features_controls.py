"""Controls keep what they promise and destroy the rest."""

import numpy as np
import pytest
from scipy import ndimage

from concord.features.engines.pictologics import measure
from concord.features.errors import UnusableRegion
from concord.features.preparation.controls import (
    control_random,
    replaced_by_noise,
    shuffled,
    shuffled_region,
)
from concord.features.preparation.prepared import prepare
from concord.features.recipe.resolve import resolve
from concord.features.settings.recipe import RecipeSection

NAMES = ("s1", "baseline", "CT", "tumour", "A")
SPACING = (1.0, 1.0, 1.0)


def recipe(**values):
    given = {
        "resample_spacing_mm": (1.2, 1.2, 1.2),
        "intensity_range": (-150, 200),
        "bin_width": 20,
        "families": ["morphology", "statistics", "histogram", "glcm"],
    }
    return resolve(RecipeSection(**(given | values)), "CT")


def case(shape=(26, 30, 28)):
    noise = np.random.default_rng(3).normal(size=shape)
    image = 600 * ndimage.gaussian_filter(noise, 2) + 30
    k, j, i = np.indices(shape)
    mask = ((k - 12) / 8) ** 2 + ((j - 14) / 10) ** 2 + ((i - 13) / 9) ** 2 <= 1
    return image, mask


def random(control="shuffled"):
    return control_random(1, NAMES, control)


def values(region, family, chosen=None):
    found = measure(region, chosen or recipe()).values
    return {name: v for name, v in found.items() if name.split(".")[1] == family}


#: Not of the mesh and mask alone, but weighted with intensities.
INTENSITY_WEIGHTED = ("integrated", "moran", "geary", "centre_of_mass")


def shape_alone(region):
    found = values(region, "morphology")
    return {
        name: value
        for name, value in found.items()
        if not any(word in name for word in INTENSITY_WEIGHTED)
    }


def voxels_and_bins(region):
    inside = region.intensity_mask
    return set(zip(region.image[inside], region.levels[inside], strict=True))


def test_a_shuffled_region_keeps_its_values_shape_and_bins():
    region = prepare(*case(), SPACING, recipe())
    control = shuffled_region(region, random())
    inside = region.intensity_mask
    assert (control.image[inside] != region.image[inside]).mean() > 0.9
    assert (np.sort(control.image[inside]) == np.sort(region.image[inside])).all()
    assert (control.image[~inside] == region.image[~inside]).all()
    # A voxel and its bin move together.
    assert voxels_and_bins(control) == voxels_and_bins(region)
    for family in ("statistics", "histogram"):
        assert values(control, family) == pytest.approx(values(region, family))
    assert len(shape_alone(region)) > 15
    assert shape_alone(control) == shape_alone(region)


def test_a_shuffled_region_has_no_texture_left():
    region = prepare(*case(), SPACING, recipe())
    name = "original.glcm.correlation"
    assert values(region, "glcm")[name] > 0.5
    control = shuffled_region(region, random())
    assert abs(values(control, "glcm")[name]) < 0.03


def test_the_region_given_stays_as_it_was():
    region = prepare(*case(), SPACING, recipe())
    image, levels = region.image.copy(), region.levels.copy()
    shuffled_region(region, random())
    assert (region.image == image).all()
    assert (region.levels == levels).all()


def test_a_shuffled_image_keeps_its_values_in_the_mask_or_as_a_whole():
    image, mask = case()
    control = shuffled(image, mask, random())
    assert (np.sort(control[mask]) == np.sort(image[mask])).all()
    assert (control[mask] != image[mask]).mean() > 0.9
    assert (control[~mask] == image[~mask]).all()
    whole = shuffled(image, mask, random(), everywhere=True)
    assert (np.sort(whole, axis=None) == np.sort(image, axis=None)).all()
    assert (whole[~mask] != image[~mask]).mean() > 0.9


def test_noise_has_the_mean_and_sd_of_the_region():
    image, mask = case()
    control = replaced_by_noise(image, mask, random("noise"))
    number = mask.sum()
    spread = image[mask].std()
    assert abs(control[mask].mean() - image[mask].mean()) < 4 * spread / number**0.5
    assert control[mask].std() == pytest.approx(spread, rel=0.05)
    assert abs(np.corrcoef(control[mask], image[mask])[0, 1]) < 0.07
    assert (control[~mask] == image[~mask]).all()


def test_noise_of_a_fixed_mean_and_sd_leaves_volume_and_shape_alone():
    image, mask = case()
    chosen = recipe(resample_spacing_mm=(1.0, 1.0, 1.0), intensity_range=(-1000, None))
    made = []
    for gain in (1, 3):
        control = replaced_by_noise(
            gain * image, mask, random("noise"), mean=40, sd=10, everywhere=True
        )
        made.append(prepare(control, mask, SPACING, chosen))
    assert (made[0].image == made[1].image).all()
    original = prepare(image, mask, SPACING, chosen)
    assert shape_alone(made[0]) == shape_alone(original)
    found = values(made[0], "statistics")
    assert found["original.statistics.mean"] == pytest.approx(40, abs=1)
    assert found["original.statistics.variance"] == pytest.approx(100, rel=0.1)
    correlation = values(made[0], "glcm")["original.glcm.correlation"]
    assert abs(correlation) < 0.03


def test_whole_numbers_become_float32_noise():
    image, mask = case()
    control = replaced_by_noise(image.astype(np.int16), mask, random("noise"))
    assert control.dtype == np.float32
    assert (control[mask] % 1 != 0).mean() > 0.9


def test_controls_depend_on_names_alone():
    image, mask = case()
    region = prepare(image, mask, SPACING, recipe())
    first = shuffled_region(region, random()).image
    assert first.tobytes() == shuffled_region(region, random()).image.tobytes()
    for other in (
        control_random(2, NAMES, "shuffled"),
        control_random(1, ("s2", *NAMES[1:]), "shuffled"),
        control_random(1, NAMES, "noise"),
    ):
        assert (shuffled_region(region, other).image != first).any()


@pytest.mark.parametrize("control", [shuffled, replaced_by_noise])
def test_an_empty_mask_says_so(control):
    image, mask = case()
    with pytest.raises(UnusableRegion, match="the mask holds no voxel") as caught:
        control(image, mask & False, random())
    assert caught.value.code == "empty_mask"


@pytest.mark.parametrize(
    "first",
    [
        {"control": "noise"},
        {"control": "shuffled"},
        {"normalization": {"method": "zscore", "scale_from": "region"}},
    ],
)
def test_an_empty_mask_is_excluded_whatever_a_recipe_does_first(first):
    image, mask = case()
    with pytest.raises(UnusableRegion, match="the mask holds no voxel") as caught:
        prepare(image, mask & False, SPACING, recipe(**first))
    assert caught.value.code == "empty_mask"

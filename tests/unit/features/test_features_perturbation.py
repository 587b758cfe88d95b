"""Perturbations against closed forms: shifts, turns, volumes, planted noise."""

import numpy as np
import pytest
from scipy import ndimage

from concord.features.errors import UnusableRegion
from concord.features.preparation.regions import signed_distance_mm
from concord.features.repeats.contour_randomization import randomize_contour
from concord.features.repeats.noise import add_noise, estimate_noise
from concord.features.repeats.perturbation import (
    Perturbation,
    _moved,
    change_volume,
    perturb,
    perturbations,
)
from concord.features.settings.perturbations import PerturbationSection

SPACING = (3.0, 1.0, 1.5)
NAMES = ("s1", "baseline", "CT", "tumour", "A")


def ellipsoid(shape, spacing_mm, semi_axes_mm, shift_mm=(0, 0, 0)):
    points = np.indices(shape) * np.reshape(spacing_mm, (3, 1, 1, 1))
    middle = (np.array(shape) - 1) / 2 * spacing_mm + shift_mm
    offsets = points - np.reshape(middle, (3, 1, 1, 1))
    return ((offsets / np.reshape(semi_axes_mm, (3, 1, 1, 1))) ** 2).sum(0) <= 1


def smooth_image(shape, spacing_mm):
    k, j, i = np.indices(shape) * np.reshape(spacing_mm, (3, 1, 1, 1))
    return 50 * np.sin(j / 6) * np.cos(i / 7) + 3 * k


def case(shape=(20, 60, 48), semi_axes_mm=(9, 12, 16)):
    mask = ellipsoid(shape, SPACING, semi_axes_mm)
    return smooth_image(shape, SPACING), mask


def dice(first, second):
    return 2 * (first & second).sum() / (first.sum() + second.sum())


def disturbed(image, mask, seed=1, names=NAMES, spacing_mm=SPACING, **values):
    chosen = Perturbation(**values)
    return perturb(image, mask, spacing_mm, chosen, seed=seed, names=names)


def settings(**values):
    return PerturbationSection(**values)


def test_no_perturbation_returns_the_arrays_themselves():
    image, mask = case()
    changed, inside = disturbed(image, mask)
    assert changed is image
    assert inside is mask


def rotate(image, mask, spacing_mm, degrees):
    return _moved(image, mask, spacing_mm, degrees, 0.0)


def translate(image, mask, voxels):
    return _moved(image, mask, (1.0, 1.0, 1.0), 0.0, voxels)


def test_a_rotation_by_a_full_turn_changes_nothing():
    image, mask = case()
    turned, inside = rotate(image, mask, SPACING, 360.0)
    np.testing.assert_allclose(turned, image, atol=1e-8)
    assert (inside == mask).all()


def test_a_quarter_turn_on_square_pixels_is_that_of_the_array():
    mask = np.zeros((3, 21, 21), bool)
    mask[1, 10, 4:17] = True
    image = np.random.default_rng(0).normal(size=mask.shape)
    turned, inside = rotate(image, mask, (2.0, 1.0, 1.0), 90.0)
    # From the axis i (towards higher columns) towards j (higher rows).
    np.testing.assert_allclose(turned, np.rot90(image, -1, axes=(1, 2)), atol=1e-9)
    assert (inside == np.rot90(mask, -1, axes=(1, 2))).all()


def test_a_rotation_is_one_of_mm_on_pixels_that_are_not_square():
    shape = (5, 80, 60)
    mask = ellipsoid(shape, SPACING, (5, 20, 12))
    _, inside = rotate(np.zeros(shape), mask, SPACING, 90.0)
    expected = ellipsoid(shape, SPACING, (5, 12, 20))
    assert dice(inside, expected) > 0.97


def test_rotation_and_back_restores_a_smooth_image():
    image, mask = case()
    there, inside = rotate(image, mask, SPACING, 13.0)
    back, restored = rotate(there, inside, SPACING, -13.0)
    assert np.abs(there - image)[mask].max() > 10
    assert np.abs(back - image)[mask].max() < 1
    assert dice(restored, mask) > 0.98


def test_a_translation_by_one_voxel_is_a_shift_of_the_array():
    image, mask = case()
    moved, inside = translate(image, mask, 1.0)
    np.testing.assert_allclose(moved[:-1, :-1, :-1], image[1:, 1:, 1:], atol=1e-9)
    assert (inside[:-1, :-1, :-1] == mask[1:, 1:, 1:]).all()


def test_a_translation_by_half_a_voxel_takes_the_value_between():
    k, j, i = np.indices((24, 26, 28)) * 1.0
    mask = np.zeros(k.shape, bool)
    mask[10:14, 11:15, 12:16] = True
    moved, _ = translate(100 * k + 10 * j + i**2, mask, 0.5)
    middle = (slice(10, 14),) * 3
    expected = (100 * k + 10 * j + (i + 0.5) ** 2 + 55)[middle]
    np.testing.assert_allclose(moved[middle], expected, atol=1e-3)


@pytest.mark.parametrize("sd", [3.0, 40.0])
def test_the_sd_of_planted_noise_is_found_under_a_smooth_image(sd):
    image = smooth_image((16, 80, 80), (3.0, 0.8, 0.8))
    noise = np.random.default_rng(2).normal(0, sd, image.shape)
    assert estimate_noise(image + noise) == pytest.approx(sd, rel=0.03)


def test_background_of_one_value_does_not_hide_the_noise():
    image = np.full((10, 100, 100), -1024.0)
    image[:, :70, :70] = np.random.default_rng(2).normal(0, 12, (10, 70, 70))
    assert estimate_noise(image) == pytest.approx(12, rel=0.1)
    assert estimate_noise(np.full((4, 20, 20), 7.0)) == 0


def test_added_noise_has_the_sd_of_the_noise_times_the_scale():
    image = np.random.default_rng(2).normal(0, 10, (12, 60, 60))
    for scale in (1, 2.5):
        added = add_noise(image, np.random.default_rng(3), scale=scale) - image
        assert added.std() == pytest.approx(10 * scale, rel=0.05)
        assert abs(added.mean()) < scale
    added = add_noise(image, np.random.default_rng(3), sd=4.0) - image
    assert added.std() == pytest.approx(4, rel=0.02)


@pytest.mark.parametrize("fraction", [-0.4, 0.5, 2.0])
def test_no_voxel_left_out_is_nearer_than_one_taken(fraction):
    _, mask = case()
    distance = signed_distance_mm(mask, SPACING)
    changed = change_volume(mask, SPACING, fraction, np.random.default_rng(1))
    assert distance[changed].max() <= distance[~changed].min() + 1e-9


@pytest.mark.parametrize("fraction", [-0.5, -0.1, 0.1, 0.25, 1.0])
def test_the_volume_changes_by_its_fraction_to_the_voxel(fraction):
    _, mask = case()
    changed = change_volume(mask, SPACING, fraction, np.random.default_rng(1))
    assert changed.sum() == round(mask.sum() * (1 + fraction))
    assert (changed & mask).sum() == min(changed.sum(), mask.sum())


def test_a_changed_volume_is_an_even_one_in_mm():
    mask = ellipsoid((21, 61, 41), SPACING, (15, 15, 15))
    grown = change_volume(mask, SPACING, 0.728, np.random.default_rng(1))
    assert dice(grown, ellipsoid(mask.shape, SPACING, (18, 18, 18))) > 0.97


def test_a_region_never_shrinks_to_nothing():
    mask = np.zeros((5, 5, 5), bool)
    mask[2, 2, 2:4] = True
    changed = change_volume(mask, SPACING, -0.9, np.random.default_rng(1))
    assert changed.sum() == 1
    assert (changed & mask).sum() == 1


def noisy_lesion(radius_mm, spacing_mm=(3.0, 1.0, 1.0), shape=(24, 70, 70)):
    mask = ellipsoid(shape, spacing_mm, (radius_mm,) * 3)
    noise = np.random.default_rng(4).normal(size=shape)
    texture = ndimage.gaussian_filter(noise, 1.2 / np.array(spacing_mm))
    return 60 * texture + 60 * mask, mask, spacing_mm


def test_randomized_contours_differ_within_a_sensible_range():
    image, mask, spacing_mm = noisy_lesion(15)
    made = [
        randomize_contour(image, mask, spacing_mm, np.random.default_rng(seed))
        for seed in range(3)
    ]
    overlaps = [dice(each, mask) for each in made]
    assert min(overlaps) > 0.85
    assert max(overlaps) < 0.98
    assert 0.85 < dice(made[0], made[1]) < 1
    for each in made:
        assert each.sum() == pytest.approx(mask.sum(), rel=0.15)


def test_larger_supervoxels_move_the_contour_of_a_region_without_contrast_further():
    _, mask, spacing_mm = noisy_lesion(15)
    image = np.random.default_rng(5).normal(size=mask.shape)

    def overlap(volume_mm3):
        random = np.random.default_rng(1)
        options = {"supervoxel_mm3": volume_mm3}
        return dice(mask, randomize_contour(image, mask, spacing_mm, random, **options))

    assert overlap(2000) < overlap(60) - 0.02


def test_small_regions_are_made_of_enough_pieces_to_differ():
    image, mask, spacing_mm = noisy_lesion(7)
    made = [
        randomize_contour(image, mask, spacing_mm, np.random.default_rng(seed))
        for seed in range(3)
    ]
    assert all(dice(each, mask) > 0.75 for each in made)
    assert dice(made[0], made[1]) < 0.97


def test_a_contour_of_a_tiny_region_keeps_a_voxel():
    image, _, spacing_mm = noisy_lesion(15)
    mask = np.zeros(image.shape, bool)
    mask[0, 0, 0] = True
    for seed in range(2):
        random = np.random.default_rng(seed)
        assert randomize_contour(image, mask, spacing_mm, random).any()


def test_equal_names_give_equal_bytes_and_others_do_not():
    image, mask, spacing_mm = noisy_lesion(12)
    options = {"noise": 1, "volume_fraction": 0.1, "spacing_mm": spacing_mm}
    first, first_mask = disturbed(image, mask, **options)
    again, again_mask = disturbed(image, mask, **options)
    assert first.tobytes() == again.tobytes()
    assert first_mask.tobytes() == again_mask.tobytes()
    for changed in (
        {"seed": 2},
        {"names": ("s2", *NAMES[1:])},
        {"noise": 2},
        {"volume_fraction": 0.11},
    ):
        other, _ = disturbed(image, mask, **(options | changed))
        assert (other != first).any()


def test_steps_are_done_together_in_the_order_of_the_source():
    image, mask = case()
    whole = {"rotation_degrees": 9.0, "translation_voxels": 0.5}
    together, inside = disturbed(image, mask, **whole, volume_fraction=0.2)
    turned, turned_mask = disturbed(image, mask, **whole)
    assert (together == turned).all()
    assert inside.sum() == round(turned_mask.sum() * 1.2)
    assert (inside & turned_mask).sum() == turned_mask.sum()


def test_the_crop_does_not_show_where_a_recipe_reads():
    image = np.random.default_rng(1).normal(size=(10, 170, 120))
    mask = ellipsoid(image.shape, SPACING, (6, 9, 9))
    options = {"spacing_mm": SPACING, "rotation_degrees": 5.0}
    cropped, inside = disturbed(image, mask, **options)
    turned, turned_mask = rotate(image, mask, SPACING, 5.0)
    near = (slice(None), slice(45, 125), slice(32, 88))
    np.testing.assert_allclose(cropped[near], turned[near], atol=1e-5)
    assert (inside == turned_mask).all()
    assert (cropped[:, :5] == image[:, :5]).all()


def test_whole_numbers_become_float32_and_other_voxels_stay():
    image, mask, spacing_mm = noisy_lesion(12)
    whole = np.rint(image).astype(np.int16)
    changed, inside = disturbed(whole, mask, spacing_mm=spacing_mm, noise=1)
    assert changed.dtype == np.float32
    assert inside is mask
    assert (changed[mask] % 1 != 0).mean() > 0.9


def test_a_region_that_is_lost_says_so():
    image, mask = case()
    with pytest.raises(UnusableRegion, match="the mask holds no voxel") as caught:
        disturbed(image, mask & False, noise=1)
    assert caught.value.code == "empty_mask"
    thin = np.zeros(mask.shape, bool)
    thin[10, 30, 24] = True
    with pytest.raises(UnusableRegion, match="no voxel of 1 reaches") as caught:
        disturbed(image, thin, translation_voxels=0.5)
    assert caught.value.code == "empty_perturbed"
    image[10, 30, 24] = np.nan
    with pytest.raises(UnusableRegion, match="1 voxels in or near the region"):
        disturbed(image, mask, noise=1)


def test_names_are_stable_and_tell_what_was_done():
    names = [
        each.name
        for each in perturbations(
            settings(
                rotations_degrees=[-13, 13],
                translations_voxels=[0.25],
                noise_repetitions=2,
                volume_fractions=[-0.1, 0.1],
                contour_repetitions=1,
            )
        )
    ]
    assert names == [
        "rotate-13",
        "rotate+13",
        "translate+0.25",
        "noise-1",
        "noise-2",
        "volume-10",
        "volume+10",
        "contour-1",
    ]
    assert Perturbation().name == "none"


def test_combined_perturbations_are_all_but_the_one_that_does_nothing():
    made = perturbations(
        settings(
            combine=True,
            rotations_degrees=[0, 13],
            volume_fractions=[0, 0.1],
            noise_scale=2,
            supervoxel_mm3=50,
        )
    )
    assert [each.name for each in made] == [
        "volume+10",
        "rotate+13",
        "rotate+13_volume+10",
    ]
    assert {(each.noise_scale, each.supervoxel_mm3) for each in made} == {(2, 50)}
    assert perturbations(settings()) == []
    assert perturbations(settings(combine=True)) == []


def test_the_scale_of_the_noise_changes_the_image():
    image, mask, spacing_mm = noisy_lesion(12)
    options = {"noise": 1, "spacing_mm": spacing_mm}
    single, _ = disturbed(image, mask, **options)
    double, _ = disturbed(image, mask, noise_scale=2, **options)
    np.testing.assert_allclose(double - image, 2 * (single - image), atol=1e-9)

"""Resampling, resegmentation and binning against closed forms and whole grids."""

import numpy as np
import pytest
from scipy import ndimage

from concord.features.errors import UnusableRegion
from concord.features.preparation.discretization import MAX_LEVELS, discretized
from concord.features.preparation.grid import PEAK_RADIUS_MM
from concord.features.preparation.prepared import prepare
from concord.features.recipe.recipe import Histogram
from concord.features.recipe.resolve import resolve
from concord.features.settings.recipe import RecipeSection


def recipe(modality="PT", **values):
    given = {"intensity_range": (-1000, None), "bin_width": 5, "min_voxels": 1} | values
    return resolve(RecipeSection(**given), modality)


def ball(shape, spacing_mm, centre_mm, radius_mm):
    points = np.indices(shape) * np.reshape(spacing_mm, (3, 1, 1, 1))
    return ((points - np.reshape(centre_mm, (3, 1, 1, 1))) ** 2).sum(0) <= radius_mm**2


def case(shape=(30, 60, 64), spacing_mm=(3.0, 0.9, 0.9), radius_mm=8.0):
    image = np.random.default_rng(3).normal(50, 20, shape)
    centre = [n * s * 0.45 for n, s in zip(shape, spacing_mm, strict=True)]
    return image, ball(shape, spacing_mm, centre, radius_mm), spacing_mm


def whole_grid(image, mask, spacing_mm, target_mm):
    """The whole image on the target grid, centres of both grids in one place."""
    scale = np.array(target_mm) / spacing_mm
    shape = np.ceil(np.round(np.array(image.shape) / scale, 6)).astype(int)
    offset = (np.array(image.shape) - 1) / 2 - scale * (shape - 1) / 2
    options = {"offset": offset, "output_shape": tuple(shape), "mode": "nearest"}
    image = ndimage.affine_transform(image, np.diag(scale), order=3, **options)
    share = ndimage.affine_transform(mask * 1.0, np.diag(scale), order=1, **options)
    return image, share >= 0.5 - 1e-9


def test_a_cropped_region_equals_the_same_region_of_the_whole_resampled_image():
    image, mask, spacing_mm = case()
    region = prepare(image, mask, spacing_mm, recipe(resample_spacing_mm=(1.1, 1, 1.3)))
    whole, inside = whole_grid(image, mask, spacing_mm, (1.3, 1, 1.1))
    assert region.mask.sum() == inside.sum() > 1000
    np.testing.assert_allclose(region.image[region.mask], whole[inside], atol=1e-6)


def test_a_region_at_the_edge_of_the_image_equals_the_whole_resampled_image():
    image, _, spacing_mm = case()
    mask = np.zeros(image.shape, bool)
    mask[:4, -5:, :6] = True
    region = prepare(image, mask, spacing_mm, recipe())
    whole, inside = whole_grid(image, mask, spacing_mm, (1, 1, 1))
    assert region.mask.sum() == inside.sum()
    np.testing.assert_allclose(region.image[region.mask], whole[inside], atol=1e-6)


def test_other_voxels_far_from_the_region_do_not_change_a_bit():
    image, mask, spacing_mm = case(shape=(60, 120, 120))
    changed = image.copy()
    changed[-2:, -10:, -10:] = 1e6
    first = prepare(image, mask, spacing_mm, recipe())
    second = prepare(changed, mask, spacing_mm, recipe())
    assert first.image.tobytes() == second.image.tobytes()


def test_cubic_interpolation_reproduces_a_cubic_polynomial():
    k, j, i = np.indices((20, 40, 40)) - 20.0
    image = 0.01 * i**3 - 0.2 * j**2 + k
    mask = ball(image.shape, (1, 1, 1), (10, 20, 20), 3)
    region = prepare(
        image, mask, (1.0, 1.0, 1.0), recipe(resample_spacing_mm=(0.5, 0.5, 0.5))
    )
    centre = np.argwhere(region.mask).mean(axis=0)
    offset = np.argwhere(region.mask) - centre
    k, j, i = (offset * 0.5).T
    k = k - 10
    np.testing.assert_allclose(
        region.image[region.mask], 0.01 * i**3 - 0.2 * j**2 + k, atol=2e-3
    )


def test_volume_of_a_ball_survives_resampling():
    image, mask, spacing_mm = case(radius_mm=12)
    region = prepare(image, mask, spacing_mm, recipe())
    assert region.mask.sum() == pytest.approx(
        mask.sum() * np.prod(spacing_mm), rel=0.01
    )


def test_a_spacing_of_float32_does_not_shift_the_grid():
    image, mask, _ = case()
    exact = prepare(image, mask, (2.4, 1.2, 1.2), recipe())
    stored = tuple(float(np.float32(value)) for value in (2.4, 1.2, 1.2))
    rounded = prepare(image, mask, stored, recipe())
    np.testing.assert_allclose(exact.image, rounded.image, atol=1e-3)


def test_without_resampling_the_values_are_those_of_the_scan():
    image, mask, spacing_mm = case()
    region = prepare(image, mask, spacing_mm, recipe(resample_spacing_mm=None))
    assert region.spacing_mm == spacing_mm
    np.testing.assert_array_equal(region.image[region.mask], image[mask])


def test_resampling_to_the_spacing_of_the_scan_changes_nothing():
    image, mask, spacing_mm = case()
    region = prepare(image, mask, spacing_mm, recipe(resample_spacing_mm=(0.9, 0.9, 3)))
    np.testing.assert_array_equal(region.image[region.mask], image[mask])


def test_the_grid_has_room_for_the_local_intensity_sphere():
    image, mask, spacing_mm = case(shape=(60, 120, 120))
    region = prepare(image, mask, spacing_mm, recipe(resample_spacing_mm=(2, 2, 2)))
    occupied = np.argwhere(region.mask)
    room = min(occupied.min(), (np.array(region.mask.shape) - 1 - occupied).min())
    assert room * 2 >= PEAK_RADIUS_MM


def test_the_intensity_range_leaves_the_morphological_mask_alone():
    image, mask, spacing_mm = case()
    full = prepare(image, mask, spacing_mm, recipe())
    cut = prepare(image, mask, spacing_mm, recipe(intensity_range=(40, 60)))
    assert (cut.mask == full.mask).all()
    inside = cut.image[cut.intensity_mask]
    assert 40 <= inside.min() < inside.max() <= 60
    assert cut.intensity_mask.sum() < full.intensity_mask.sum()
    assert (cut.levels[~cut.intensity_mask] == 0).all()


def test_hounsfield_units_are_whole_after_resampling():
    image, mask, spacing_mm = case()
    region = prepare(image, mask, spacing_mm, recipe("CT"))
    assert (region.image == np.rint(region.image)).all()
    raw = prepare(image, mask, spacing_mm, recipe("CT", round_intensities=False))
    np.testing.assert_array_equal(region.image, np.rint(raw.image))


def test_standardized_intensities_have_mean_0_and_sd_1_in_the_region():
    image, mask, spacing_mm = case()
    chosen = recipe("MR", normalization={"method": "zscore"}, resample_spacing_mm=None)
    region = prepare(image, mask, spacing_mm, chosen)
    inside = region.image[region.mask]
    assert inside.mean() == pytest.approx(0, abs=1e-12)
    assert inside.std() == pytest.approx(1)


def test_standardizing_makes_linear_scanner_units_equal():
    image, mask, spacing_mm = case()
    chosen = recipe("MR", normalization={"method": "zscore"})
    first = prepare(image, mask, spacing_mm, chosen)
    second = prepare(7 * image + 300, mask, spacing_mm, chosen)
    np.testing.assert_allclose(first.image, second.image, atol=1e-9)


@pytest.mark.parametrize("interpolator", ["nearest", "linear"])
def test_the_interpolator_changes_the_values(interpolator):
    image, mask, spacing_mm = case()
    cubic = prepare(image, mask, spacing_mm, recipe())
    other = prepare(image, mask, spacing_mm, recipe(image_interpolator=interpolator))
    assert np.abs(cubic.image - other.image).max() > 1


def test_anti_alias_smooths_only_where_the_grid_gets_coarser():
    image, mask, _ = case(shape=(60, 60, 60))
    coarse = {"resample_spacing_mm": (3, 3, 3)}
    plain = prepare(image, mask, (1.0, 1.0, 1.0), recipe(**coarse))
    smooth = prepare(image, mask, (1.0, 1.0, 1.0), recipe(**coarse, anti_alias=True))
    assert smooth.image.std() < 0.5 * plain.image.std()
    finer = prepare(image, mask, (3.0, 3.0, 3.0), recipe(anti_alias=True))
    same = prepare(image, mask, (3.0, 3.0, 3.0), recipe())
    np.testing.assert_array_equal(finer.image, same.image)


def test_the_mask_threshold_decides_on_shared_voxels():
    image, mask, spacing_mm = case()
    low = prepare(image, mask, spacing_mm, recipe(mask_threshold=0.3))
    high = prepare(image, mask, spacing_mm, recipe(mask_threshold=0.9))
    assert low.mask.sum() > high.mask.sum()


def test_bins_of_fixed_size_follow_the_ibsi_formula():
    values = np.array([-150.0, -140.1, -140.0, 0.0, 250.0, -999.0])
    inside = np.array([True, True, True, True, True, False])
    levels, number = discretized(values, inside, Histogram("FBS", 10, start=-150))
    assert levels.tolist() == [1, 1, 2, 16, 41, 0]
    assert number == 41


def test_bins_of_fixed_number_span_the_region_and_keep_the_maximum():
    values = np.array([0.0, 2.4, 2.5, 9.9, 10.0, 99.0])
    inside = values < 50
    levels, number = discretized(values, inside, Histogram("FBN", n_bins=4))
    assert levels.tolist() == [1, 1, 2, 4, 4, 0]
    assert number == 4


def test_one_value_is_one_bin():
    levels, number = discretized(
        np.full(5, 3.0), np.ones(5, bool), Histogram("FBN", n_bins=32)
    )
    assert (levels == 1).all()
    assert number == 1


def test_a_bin_width_in_the_wrong_unit_is_refused():
    values = np.array([0.0, 30000.0])
    with pytest.raises(UnusableRegion, match=rf"300001 grey levels, .* {MAX_LEVELS}"):
        discretized(values, np.ones(2, bool), Histogram("FBS", 0.1, start=0))


@pytest.mark.parametrize(
    ("change", "values", "code"),
    [
        (lambda image, mask: mask.fill(False), {}, "empty_mask"),
        (lambda image, mask: None, {"min_voxels": 10**6}, "too_small"),
        (lambda image, mask: None, {"intensity_range": (5000, None)}, "too_small"),
        (lambda image, mask: image.fill(np.nan), {}, "not_finite"),
        (
            lambda image, mask: image.fill(5),
            {"normalization": {"method": "zscore"}},
            "one_grey_level",
        ),
    ],
)
def test_a_region_that_cannot_be_used_says_why(change, values, code):
    image, mask, spacing_mm = case()
    change(image, mask)
    with pytest.raises(UnusableRegion) as caught:
        prepare(image, mask, spacing_mm, recipe(**values))
    assert caught.value.code == code


def test_nan_far_from_the_region_does_no_harm():
    image, mask, spacing_mm = case(shape=(60, 120, 120))
    image[-1, -1, -1] = np.nan
    assert np.isfinite(prepare(image, mask, spacing_mm, recipe()).image).all()


def test_bins_may_start_at_a_multiple_of_the_width_below_the_minimum():
    values = np.array([-3.0, 12.0, 26.0])
    bins, number = discretized(values, np.ones(3, bool), Histogram("FBS", width=25.0))
    assert (bins.tolist(), number) == ([1, 2, 3], 3)


def test_a_box_too_large_is_refused_with_its_size_before_memory_is_taken():
    image = np.zeros((40, 40, 40), np.float32)
    mask = np.ones(image.shape, bool)
    fine = recipe(resample_spacing_mm=(0.01, 0.01, 0.01))
    with pytest.raises(UnusableRegion, match=r"4000 x 4000 x 4000 = 64000000000") as e:
        prepare(image, mask, (1.0, 1.0, 1.0), fine)
    assert e.value.code == "too_large"
    assert "at most 30000000 are allowed (max_voxels)" in str(e.value)


def test_outliers_leave_the_intensity_mask_but_not_the_morphological_mask():
    rng = np.random.default_rng(1)
    image = rng.normal(0, 10, (12, 12, 12))
    image[5, 5, 5] = 240.0
    mask = np.ones(image.shape, bool)
    settings = {"resample_spacing_mm": None, "round_intensities": False}
    region = prepare(image, mask, (1.0,) * 3, recipe(outlier_sd=3.0, **settings))
    limits = image.mean() - 3 * image.std(), image.mean() + 3 * image.std()
    expected = (image >= limits[0]) & (image <= limits[1])
    np.testing.assert_array_equal(region.intensity_mask, expected)
    assert region.mask.all()


def test_slices_stay_where_the_spacing_along_z_is_open():
    image = np.random.default_rng(2).normal(0, 30, (9, 30, 30))
    mask = np.zeros(image.shape, bool)
    mask[2:7, 8:22, 8:22] = True
    region = prepare(
        image, mask, (5.0, 1.0, 1.0), recipe(resample_spacing_mm=(2, 2, None))
    )
    assert region.spacing_mm == (5.0, 2.0, 2.0)
    assert np.flatnonzero(region.mask.any(axis=(1, 2))).size == 5

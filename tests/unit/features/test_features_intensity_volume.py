"""The intensity-volume histogram against its definition, and where it has none."""

import numpy as np
import pytest

from concord.features.engines.intensity_volume import axis, intensity_volume
from concord.features.engines.level_differences import normalised_inverse_differences
from concord.features.recipe.resolve import resolve
from concord.features.settings.recipe import RecipeSection


def recipe(modality="PT", **values):
    given = {"intensity_range": (0, None), "bin_width": 0.25}
    return resolve(RecipeSection(**(given | values)), modality)


def features(values, chosen):
    found = intensity_volume(np.asarray(values, float), chosen)
    v10, v90, dv, i10, i90, di, area = found.values()
    assert dv == v10 - v90 or np.isnan(dv)
    assert di == i10 - i90
    return v10, v90, i10, i90, area


def test_an_open_range_ends_half_a_bin_below_the_largest_intensity():
    along = axis(np.array([0.01, 0.52, 1.03]), recipe())
    assert along.steps.tolist() == [1, 6, 11]
    assert (along.lowest, along.highest, along.last) == (1, 10, 11)
    closed = axis(np.array([0.01, 0.52, 1.03]), recipe(intensity_range=(0, 2)))
    assert (closed.lowest, closed.highest) == (1, 20)


def test_the_intensity_at_a_fraction_of_the_range_is_not_rounded_down_to_a_bin():
    """Ten bins of 0.1 and a maximum of 1.03: 10 % of the range lies above bin 1."""
    values = [0.05] * 50 + [0.15] * 30 + [0.55] * 15 + [1.03] * 5
    v10, v90, i10, i90, _ = features(values, recipe())
    assert (v10, v90) == (0.5, 0.05)
    assert (i10, i90) == pytest.approx((0.65, 0.15))


def test_decimal_bins_are_counted_as_whole_numbers():
    """At every bin: the sum 0.05 + 0.1 + ... misses some of their centres."""
    for top in range(12, 200):
        values = 0.1 * np.arange(top) + 0.05
        v10, v90, *_ = features(values, recipe())
        span = top - 2
        assert v10 == pytest.approx(1 - np.ceil(span / 10 - 1e-9) / top)
        assert v90 == pytest.approx(1 - np.ceil(span * 9 / 10 - 1e-9) / top)


def test_the_area_of_a_uniform_region_is_half_the_range_whatever_its_unit():
    ramp = np.arange(0, 1001)
    for modality, factor in (("PT", 0.01), ("CT", 1)):
        chosen = recipe(modality, intensity_range=(0, factor * 1000), bin_width=25)
        assert features(ramp * factor, chosen)[-1] == pytest.approx(0.5, abs=0.01)


def test_whole_intensities_are_their_own_steps_up_to_the_largest_one():
    chosen = recipe("CT", intensity_range=(-10, None), bin_width=5)
    v10, v90, i10, i90, _ = features([-10] * 5 + [-8] * 4 + [10], chosen)
    assert (v10, v90) == (0.5, 0.1)
    assert (i10, i90) == (-7, -9)


def test_a_range_of_one_step_has_no_share():
    v10, v90, i10, i90, area = features([0.11, 0.15, 0.18], recipe())
    assert np.isnan([v10, v90, area]).all()
    assert (i10, i90) == pytest.approx((0.15, 0.15))


def brute(levels, mask):
    """Both features from every pair of neighbours, one by one."""
    places = {tuple(p) for p in np.argwhere(mask)}
    found = []
    for p in places:
        for step in np.ndindex(3, 3, 3):
            q = tuple(np.add(p, step) - 1)
            if q != p and q in places:
                found.append(abs(int(levels[p]) - int(levels[q])))
    relative = np.array(found) / levels[mask].max()
    return np.mean(1 / (1 + relative)), np.mean(1 / (1 + relative**2))


def test_normalised_differences_are_those_of_all_pairs_of_neighbours():
    rng = np.random.default_rng(2)
    levels = rng.integers(5, 12, (6, 5, 7))
    mask = rng.random(levels.shape) < 0.6
    found = normalised_inverse_differences(levels, mask)
    assert tuple(found.values()) == pytest.approx(brute(levels, mask))


def test_normalised_differences_of_voxels_without_neighbours_are_undefined():
    mask = np.zeros((5, 5, 5), bool)
    mask[0, 0, 0] = mask[4, 4, 4] = True
    assert normalised_inverse_differences(np.full(mask.shape, 3), mask) == {}

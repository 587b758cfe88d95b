"""Moran's I and Geary's C against the sums over all pairs that define them."""

import numpy as np
import pytest

from concord.features.engines.autocorrelation import autocorrelation

SPACING_MM = (3.0, 1.0, 0.5)


def region(shape, share=0.6):
    generator = np.random.default_rng(5)
    values = np.cumsum(generator.normal(0, 30, shape), axis=1)
    return values, generator.random(shape) < share


def over_all_pairs(values, mask, spacing_mm):
    """The definitions of the IBSI manual, pair by pair."""
    places = np.argwhere(mask) * spacing_mm
    x = values[mask]
    distance = np.linalg.norm(places[:, None] - places, axis=2)
    weight = np.where(distance > 0, 1 / np.where(distance > 0, distance, 1), 0)
    d = x - x.mean()
    moran = x.size * (weight * np.outer(d, d)).sum() / weight.sum() / (d**2).sum()
    squares = (weight * (x[:, None] - x) ** 2).sum()
    geary = (x.size - 1) * squares / (2 * weight.sum() * (d**2).sum())
    return moran, geary


@pytest.mark.parametrize("shape", [(5, 9, 8), (1, 12, 7), (6, 1, 1), (1, 1, 2)])
def test_both_are_the_sums_over_all_pairs_of_voxels(shape):
    values, mask = region(shape, share=1.1 if max(shape) < 7 else 0.6)
    found = autocorrelation(values, mask, SPACING_MM)
    expected = over_all_pairs(values, mask, SPACING_MM)
    np.testing.assert_allclose(found, expected, rtol=1e-10)


def test_neither_depends_on_the_box_around_the_region_or_the_unit_of_the_image():
    values, mask = region((5, 9, 8))
    padded = [np.pad(array, ((2, 0), (1, 3), (0, 4))) for array in (values, mask)]
    expected = autocorrelation(values, mask, SPACING_MM)
    assert autocorrelation(*padded, SPACING_MM) == expected
    scaled = autocorrelation(values * 7 - 300, mask, SPACING_MM)
    np.testing.assert_allclose(scaled, expected, rtol=1e-10)


@pytest.mark.parametrize("kind", ["empty", "one voxel", "one intensity"])
def test_a_region_without_contrast_has_neither(kind):
    values, mask = region((5, 9, 8))
    if kind == "one intensity":
        values[:] = 40
    else:
        mask[:] = False
        mask[0, 0, 0] = kind == "one voxel"
    assert np.isnan(autocorrelation(values, mask, SPACING_MM)).all()

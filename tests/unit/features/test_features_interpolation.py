"""Resampling axis by axis: equal to the general transform, exact where it must be."""

import numpy as np
import pytest
from scipy import ndimage

from concord.features.preparation.interpolation import interpolated


def volume(shape=(9, 14, 11)):
    return np.random.default_rng(3).normal(0, 100, shape)


GRIDS = {
    "finer": ((-0.4, 0.2, -0.3), (0.4, 0.9, 0.7), (23, 15, 16)),
    "coarser": ((0.5, 1.1, 0.3), (2.0, 1.7, 2.3), (4, 8, 5)),
    "beyond the edge": ((-3.2, -1.5, -0.5), (1.1, 1.0, 1.3), (14, 17, 10)),
}


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("order", [0, 1, 3])
def test_values_are_those_of_the_general_transform(grid, order):
    origin, step, shape = GRIDS[grid]
    expected = ndimage.affine_transform(
        volume(), np.diag(step), origin, shape, order=order, mode="nearest"
    )
    found = interpolated(volume(), np.array(origin), np.array(step), shape, order=order)
    assert found.flags.c_contiguous
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("order", [0, 1, 3])
def test_the_same_grid_gives_the_same_values(order):
    found = interpolated(volume(), np.zeros(3), np.ones(3), volume().shape, order=order)
    np.testing.assert_allclose(found, volume(), rtol=0, atol=1e-10)


def test_a_cubic_spline_passes_through_a_parabola():
    places = np.arange(60.0)
    line = np.tile(places[:, None, None] ** 2, (1, 2, 2))
    origin, step = np.array([20.3, 0, 0]), np.array([0.7, 1, 1])
    found = interpolated(line, origin, step, (20, 2, 2), order=3)
    expected = (20.3 + 0.7 * np.arange(20)) ** 2
    np.testing.assert_allclose(found[:, 1, 0], expected, rtol=1e-6)

"""Hard cases of masks are right to the voxel or refused by name, never wrong."""

import math

import numpy as np
import pytest

from concord.ingest.segmentation.contours import Contour, rasterize

from ..hard_cases import contour_cases, label_cases, mask_bomb_cases
from ..hard_cases.contours import CENTRE_MM, GRID, circle, image
from ..hard_cases.mask_case import require_outcome

CASES = [*contour_cases.CASES, *label_cases.CASES, *mask_bomb_cases.CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hard_mask_is_right_or_refused_by_its_code(case, tmp_path):
    require_outcome(case, tmp_path / "source")


@pytest.mark.parametrize("radius_mm", [1.5, 3.0, 5.0, 10.0])
def test_volumes_are_unbiased_over_many_positions(radius_mm):
    """A filler that includes edges would be 12 to 83 % too large."""
    source = np.random.default_rng(3)
    grid, found_mm3 = image(GRID), []
    for _ in range(400):
        centre = np.array(CENTRE_MM) + source.uniform(0, (0.8, 0.9))
        contour = circle(radius_mm, 5, centre=centre, vertices=64)
        contours = [Contour(contour.in_space(GRID))]
        found_mm3.append(rasterize(contours, grid).mask.sum() * 0.8 * 0.9 * 3)
    assert np.mean(found_mm3) == pytest.approx(3 * math.pi * radius_mm**2, rel=0.015)


def test_the_cases_are_many_and_have_names_of_their_own():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
    assert len(contour_cases.CASES) >= 28
    assert len(label_cases.CASES) >= 15

"""Masks that were made on another image of the session."""

from dataclasses import replace

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.segmentation.options import SegmentationOptions
from concord.ingest.settings import SegmentationSettings
from concord.ingest.shared_mask import taken_over

GRID = Volume(
    np.zeros((4, 8, 8), np.uint8), (3.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3)
)
COARSE = Volume(
    np.zeros((4, 4, 4), np.uint8), (3.0, 2.0, 2.0), (0.5, 0.5, 0.0), np.eye(3)
)
SAME = ({"frame_of_reference": "f"}, {"frame_of_reference": "f"})
OTHER = ({"frame_of_reference": "f"}, {"frame_of_reference": "g"})
NEAREST = SegmentationOptions(SegmentationSettings(resample_masks="nearest"))


@pytest.fixture
def mask():
    drawn = np.zeros(GRID.array.shape, bool)
    drawn[1:3, 2:6, 4:8] = True
    return drawn


def code_of(*arguments):
    with pytest.raises(IngestFault) as caught:
        taken_over(*arguments)
    return caught.value.code


def test_on_equal_grids_the_voxels_are_the_same(mask):
    found, notes = taken_over(mask, GRID, GRID, SAME, SegmentationOptions())
    np.testing.assert_array_equal(found, mask)
    assert notes == ()


def test_another_grid_is_a_fault_unless_the_study_resamples(mask):
    assert code_of(mask, GRID, COARSE, SAME, SegmentationOptions()) == "MASK_GRID"
    found, notes = taken_over(mask, GRID, COARSE, SAME, NEAREST)
    expected = np.zeros(COARSE.array.shape, bool)
    expected[1:3, 1:3, 2:4] = True
    np.testing.assert_array_equal(found, expected)
    assert notes == ("MASK_RESAMPLED nearest",)


def test_another_frame_of_reference_is_a_fault_unless_waived(mask):
    code = "RT_FRAME_OF_REFERENCE"
    assert code_of(mask, GRID, GRID, OTHER, NEAREST) == code
    waived = replace(NEAREST, waived=frozenset([code]))
    found, notes = taken_over(mask, GRID, GRID, OTHER, waived)
    np.testing.assert_array_equal(found, mask)
    assert notes[0].startswith(f"{code}_WAIVED")


@pytest.mark.parametrize("facts", [({}, {}), ({"frame_of_reference": "f"}, {})])
def test_images_whose_frame_is_unknown_are_compared_by_their_grids(mask, facts):
    taken_over(mask, GRID, GRID, facts, SegmentationOptions())


def test_a_mask_outside_the_other_image_is_a_fault(mask):
    away = replace(COARSE, origin_mm=(40.0, 0.0, 0.0))
    assert code_of(mask, GRID, away, SAME, NEAREST) == "CONTOUR_OUTSIDE"

"""Regridding: a linear ramp of position stays one, wherever it is taken."""

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.geometry.regrid import evenly_spaced, unsheared
from concord.ingest.image import read_series
from concord.ingest.settings import ImageSettings

from ...dicom_factory import write_series

SLOPE = np.array([3.0, 5.0, 7.0])
OBLIQUE = np.column_stack([(0.8, 0.6, 0.0), (-0.48, 0.64, 0.6), (0.36, -0.48, 0.8)])


def sheared(shear, heights_mm, direction):
    """A stack whose voxels hold SLOPE times their position; and its steps in mm."""
    steps_mm = (float(np.diff(heights_mm).mean()), 0.9, 0.8)
    k, j, i = np.indices((len(heights_mm), 12, 14))
    along = [i * 0.8 + shear[1] * heights_mm[k], j * 0.9 + shear[0] * heights_mm[k]]
    points = np.stack([*along, heights_mm[k]], axis=-1) @ direction.T
    origin_mm = (-20.0, 30.0, 5.0)
    return Volume(points @ SLOPE + origin_mm @ SLOPE, steps_mm, origin_mm, direction)


def expected(volume):
    k, j, i = np.indices(volume.array.shape)
    ones = np.ones(k.shape)
    points = np.stack([i, j, k, ones], axis=-1) @ volume.affine().T
    return points[..., :3] @ SLOPE


@pytest.mark.parametrize("direction", [np.eye(3), OBLIQUE])
@pytest.mark.parametrize("shear", [(0.3, 0.0), (-0.3, 0.0), (0.0, 0.27), (-0.2, -0.1)])
def test_a_sheared_ramp_is_right_everywhere_for_either_sign(direction, shear):
    heights_mm = 3.0 * np.arange(6)
    stack = sheared(shear, heights_mm, direction)
    volume = unsheared(stack, heights_mm, shear, filling=-1e6)

    covered = volume.array > -1e5
    assert covered.sum() >= 0.8 * stack.array.size
    np.testing.assert_allclose(volume.array[covered], expected(volume)[covered])
    # Nothing is cut off: every voxel of the stack lies within the new grid.
    for shift, axis in zip(shear, (1, 2), strict=True):
        pixels = abs(shift) * heights_mm[-1] / stack.spacing_mm[axis]
        grown = volume.array.shape[axis] - stack.array.shape[axis]
        assert pixels <= grown <= pixels + 2


def test_whole_shifts_move_voxels_without_changing_them():
    heights_mm = np.array([0.0, 3.0, 6.0])
    array = np.arange(3 * 4 * 5, dtype=np.int16).reshape(3, 4, 5)
    stack = Volume(array, (3.0, 1.0, 1.0), (0.0, 0.0, 0.0), np.eye(3))
    volume = unsheared(stack, heights_mm, (-1 / 3, 0.0), filling=-7)

    assert volume.origin_mm == (0, -2, 0)
    assert volume.array.shape == (3, 6, 5)
    for k in range(3):
        np.testing.assert_array_equal(volume.array[k, 2 - k : 6 - k], array[k])
    assert (volume.array == -7).sum() == 3 * 2 * 5


def test_uneven_slices_of_a_ramp_are_right_at_equal_steps():
    heights_mm = np.array([0.0, 3.0, 5.4, 9.0, 12.0])
    volume = evenly_spaced(sheared((0, 0), heights_mm, OBLIQUE), heights_mm)
    assert volume.spacing_mm[0] == pytest.approx(3.0)
    assert len(volume.array) == 5
    np.testing.assert_allclose(volume.array, expected(volume))


def tilted(folder, degrees, heights=None):
    def change(k, header):
        height = 3.0 * k if heights is None else heights[k]
        shift = np.tan(np.radians(degrees)) * height
        header.ImagePositionPatient = [-10, f"{20 + shift:.8g}", -30 + height]

    j = np.indices((5, 20, 8))[1].astype(np.int16)
    write_series(folder, stored=100 * j, change=change)


@pytest.mark.parametrize("degrees", [15, -15])
def test_a_tilted_series_is_refused_or_resampled_as_the_study_says(tmp_path, degrees):
    tilted(tmp_path, degrees)
    with pytest.raises(IngestFault, match=r"15\.0 degrees.*ingest.tilt") as caught:
        read_series(tmp_path, "CT")
    assert caught.value.code == "GANTRY_TILT"

    volume, facts = read_series(tmp_path, "CT", settings=ImageSettings(tilt="resample"))
    assert facts["notes"] == ["GANTRY_TILT_RESAMPLED 15.0 degrees"]
    # Stored values rise by 100 per row of 0.9 mm; each slice starts at its own y.
    k, j, _ = np.indices(volume.array.shape)
    y_mm = volume.origin_mm[1] + 0.9 * j
    start_mm = 20 + np.tan(np.radians(degrees)) * 3 * k
    rows = np.round((y_mm - start_mm) / 0.9, 6)
    inside = (rows >= 0) & (rows <= 19)
    np.testing.assert_allclose(
        volume.array[inside], (100 * rows - 1024)[inside], atol=0.5001
    )
    assert (volume.array[~inside] == -1024).all()


def test_uneven_and_tilted_slices_are_both_told_and_both_undone(tmp_path):
    heights = [0.0, 3.0, 5.0, 9.0, 12.0]
    tilted(tmp_path, 10, heights)
    with pytest.raises(IngestFault) as caught:
        read_series(tmp_path, "CT", settings=ImageSettings(tilt="resample"))
    assert caught.value.code == "NON_UNIFORM_SPACING"
    assert "ingest.uneven_spacing" in str(caught.value)
    settings = ImageSettings(tilt="resample", uneven_spacing="resample")
    volume, facts = read_series(tmp_path, "CT", settings=settings)
    assert len(volume.array) == 5
    codes = [note.split()[0] for note in facts["notes"]]
    assert "UNEVEN_SPACING_RESAMPLED" in codes


def test_a_gap_of_more_than_two_slices_is_never_bridged(tmp_path):
    def change(k, header):
        header.ImagePositionPatient = [0, 0, [0, 3, 6, 9, 16][k]]

    write_series(tmp_path, change=change)
    with pytest.raises(IngestFault, match="too wide to be bridged") as caught:
        read_series(tmp_path, "CT", settings=ImageSettings(uneven_spacing="resample"))
    assert caught.value.code == "NON_UNIFORM_SPACING"


def test_the_tolerance_of_the_spacing_is_the_study_s(tmp_path):
    def change(k, header):
        header.ImagePositionPatient = [0, 0, 3 * k + 0.1 * (k == 2)]

    write_series(tmp_path, change=change)
    with pytest.raises(IngestFault, match=r"0\.100 mm .3\.3% .*limit 0\.050 mm"):
        read_series(tmp_path, "CT")
    _, facts = read_series(
        tmp_path, "CT", settings=ImageSettings(spacing_tolerance=0.05)
    )
    assert facts["notes"][0].startswith("NON_UNIFORM_SPACING_ACCEPTED up to 0.100 mm")


def test_a_tilt_that_no_gantry_has_is_not_undone():
    volume = Volume(np.zeros((3, 10, 10), np.int16), (1.0,) * 3, (0.0,) * 3, np.eye(3))
    with pytest.raises(IngestFault, match="10 pixels would become 2000010") as caught:
        unsheared(volume, np.arange(3.0), (1e6, 0.0), 0.0)
    assert caught.value.code == "TOO_LARGE"

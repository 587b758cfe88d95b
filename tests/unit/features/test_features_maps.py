"""Feature maps against the engine, ball by ball, and against brute force."""

import numpy as np
import pytest
from scipy import ndimage

from concord import images
from concord.errors import StudyError
from concord.features.engines.pictologics import measure
from concord.features.maps import feature_maps as maps
from concord.features.maps.feature_maps import feature_maps, map_volume
from concord.features.preparation.prepared import prepare
from concord.features.preparation.resegmentation import Region
from concord.features.recipe.resolve import resolve
from concord.features.settings.recipe import RecipeSection

SPACING = (2.0, 1.0, 1.0)


def recipe(**values):
    given = {
        "resample_spacing_mm": None,
        "intensity_range": (-120, 150),
        "bin_width": 25,
        "min_voxels": 1,
    }
    return resolve(RecipeSection(**(given | values)), "CT")


def prepared(shape=(10, 16, 18), **values):
    noise = np.random.default_rng(3).normal(size=shape)
    image = 250 * ndimage.gaussian_filter(noise, (0.5, 1, 1)) + 20
    k, j, i = np.indices(shape)
    mask = ((k - 4) / 4) ** 2 + ((j - 8) / 7) ** 2 + ((i - 9) / 8) ** 2 <= 1
    return prepare(image, mask, SPACING, recipe(**values))


def in_ball(region, place, radius_mm):
    """The region in a ball, cut out of the whole grid."""
    offsets = np.indices(region.mask.shape) - np.reshape(place, (3, 1, 1, 1))
    distance = np.sqrt(((offsets * np.reshape(SPACING, (3, 1, 1, 1))) ** 2).sum(0))
    inside = region.intensity_mask & (distance <= radius_mm)
    return Region(
        image=region.image,
        mask=inside,
        intensity_mask=inside,
        levels=np.where(inside, region.levels, 0),
        n_levels=region.n_levels,
        spacing_mm=SPACING,
    )


def sampled(region, number=12):
    places = np.argwhere(region.intensity_mask)
    return [tuple(place) for place in places[:: len(places) // number]]


def feature_map(region, column, radius_mm, recipe, **options):
    return feature_maps(region, [column], radius_mm, recipe, **options)[column]


def test_the_region_has_an_edge_within_its_mask():
    region = prepared()
    assert 200 < region.intensity_mask.sum() < region.mask.sum()


@pytest.mark.parametrize("column", sorted(maps._CLOSED_FORMS))
def test_closed_forms_equal_the_engine_at_sampled_voxels(column):
    region, family = prepared(), column.split(".")[1]
    found = feature_map(region, column, 3.0, recipe())
    for place in sampled(region):
        expected = measure(in_ball(region, place, 3.0), recipe(families=[family]))
        assert found[place] == pytest.approx(expected.values[column], rel=1e-9)


@pytest.mark.parametrize("discretization", ["FBS", "FBN"])
def test_texture_is_that_of_the_ball_with_the_bins_of_the_region(discretization):
    bins = {"discretization": "FBN", "n_bins": 8, "bin_width": None}
    chosen = {} if discretization == "FBS" else bins
    region = prepared(**chosen)
    columns = [
        "original.glcm.joint_entropy",
        "original.ngtdm.coarseness",
        "original.statistics.median",
    ]
    found = feature_maps(region, columns, 3.0, recipe(**chosen), step=3)
    families = ["statistics", "glcm", "ngtdm"]
    places = np.argwhere(np.isfinite(found[columns[0]]))[::7]
    assert len(places) > 3
    for place in map(tuple, places):
        expected = measure(
            in_ball(region, place, 3.0), recipe(families=families, **chosen)
        )
        for column in columns:
            assert found[column][place] == pytest.approx(
                expected.values[column], rel=1e-9
            )


def test_a_map_has_values_in_the_intensity_mask_alone():
    region = prepared()
    found = feature_map(region, "original.statistics.mean", 2.0, recipe())
    assert (np.isfinite(found) == region.intensity_mask).all()


def test_steps_leave_voxels_out_and_change_none():
    region = prepared()
    column = "original.statistics.variance"
    whole = feature_map(region, column, 2.0, recipe())
    coarse = feature_map(region, column, 2.0, recipe(), step=2)
    kept = np.zeros(whole.shape, bool)
    kept[::2, ::2, ::2] = True
    assert (np.isfinite(coarse) == kept & region.intensity_mask).all()
    np.testing.assert_array_equal(
        coarse[np.isfinite(coarse)], whole[np.isfinite(coarse)]
    )


def test_a_ball_is_one_of_mm():
    ball = maps._ball(2.0, SPACING)
    assert ball.shape == (3, 5, 5)
    assert ball.sum() == 2 + 13
    assert ball[0].sum() == 1


def test_the_closed_forms_do_not_lose_digits_far_from_zero():
    region = prepared()
    moved = Region(
        region.image + 1e6,
        region.mask,
        region.intensity_mask,
        region.levels,
        region.n_levels,
        region.spacing_mm,
    )
    column = "original.statistics.variance"
    near, far = (feature_map(r, column, 2.0, recipe()) for r in (region, moved))
    np.testing.assert_allclose(near, far, rtol=1e-6, atol=1e-6)


def test_texture_of_one_grey_level_is_not_defined():
    region = prepared()
    flat = Region(
        region.image,
        region.mask,
        region.intensity_mask,
        np.where(region.intensity_mask, 3, 0).astype(np.int32),
        5,
        region.spacing_mm,
    )
    columns = ["original.glcm.contrast", "original.histogram.mean"]
    found = feature_maps(flat, columns, 3.0, recipe(), step=4)
    assert np.isnan(found[columns[0]]).all()
    assert set(found[columns[1]][np.isfinite(found[columns[1]])].tolist()) == {3.0}


def test_maps_that_would_take_too_long_are_refused_with_the_numbers():
    region = prepared()
    count = region.intensity_mask.sum()
    message = f"at {count} voxels would take about .* s, at most 0.1 s are allowed"
    with pytest.raises(StudyError, match=message) as caught:
        feature_maps(region, ["original.glcm.contrast"], 3.0, recipe(), limit_s=0.1)
    assert "Use step: " in str(caught.value)
    closed = ["original.statistics.mean"]
    assert feature_maps(region, closed, 3.0, recipe(), limit_s=0.1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"column": "original.morphology.sphericity"}, "sphericity has no map: expect"),
        ({"column": "original.glcm.colour"}, "colour has no map"),
        ({"radius_mm": 0.9}, "radius_mm is 0.9, but the next voxel is 1 mm away"),
        ({"step": 0}, "step is 0, expected 1 or more"),
    ],
)
def test_maps_that_make_no_sense_are_refused(values, message):
    options = {"column": "original.glcm.contrast", "radius_mm": 3.0, "step": 1}
    options |= values
    with pytest.raises(StudyError, match=message):
        feature_map(prepared(), recipe=recipe(), **options)


def test_a_map_lies_where_the_voxels_of_the_patient_are(tmp_path):
    shape, spacing_mm = (20, 40, 44), (2.5, 0.9, 0.8)
    turn = np.radians(20)
    direction = np.array(
        [
            [np.cos(turn), -np.sin(turn), 0],
            [np.sin(turn), np.cos(turn), 0],
            [0, 0, 1],
        ]
    )
    grid = images.Volume(np.zeros(shape), spacing_mm, (-20.0, 35.0, 100.0), direction)
    k, j, i = np.indices(shape)
    points = np.stack([i, j, k, np.ones(shape)], axis=-1) @ grid.affine().T
    mask = np.zeros(shape, bool)
    mask[6:12, 14:25, 16:30] = True
    options = {
        "resample_spacing_mm": (1.0, 1.1, 1.3),
        "image_interpolator": "linear",
        "intensity_range": (-500, None),
        "round_intensities": False,
    }
    chosen = recipe(**options)
    for axis in range(3):
        volume = images.Volume(points[..., axis], spacing_mm, grid.origin_mm, direction)
        region = prepare(volume.array, mask, spacing_mm, chosen)
        made = map_volume(region.image, volume, mask, chosen)
        images.write(made, tmp_path / "map.nii.gz")
        read = images.read(tmp_path / "map.nii.gz")
        inside = np.argwhere(region.mask)[:, ::-1]
        there = np.c_[inside, np.ones(len(inside))] @ read.affine().T
        np.testing.assert_allclose(there[:, axis], read.array[region.mask], atol=1e-3)


def test_a_map_of_another_region_is_refused():
    region = prepared()
    volume = images.Volume(region.image, SPACING, (0.0, 0.0, 0.0), np.eye(3))
    other = np.zeros(region.mask.shape, bool)
    other[0, 0, 0] = True
    with pytest.raises(StudyError, match="image: the map has the shape"):
        map_volume(region.image[1:], volume, other, recipe())

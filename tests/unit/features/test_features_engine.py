"""The engine adapter against closed forms, and on regions that break formulas."""

import numpy as np
import pytest

from concord.features import ibsi
from concord.features.engines import pictologics as engine
from concord.features.engines import setup
from concord.features.extraction.region_features import with_reasons
from concord.features.families import TEXTURE_FAMILIES
from concord.features.ibsi import by_column
from concord.features.preparation.prepared import prepare
from concord.features.recipe.columns import RecipeColumns
from concord.features.recipe.resolve import resolve
from concord.features.settings.recipe import RecipeSection


def recipe(modality="CT", **values):
    given = {
        "resample_spacing_mm": None,
        "intensity_range": (-200, 200),
        "bin_width": 10,
        "min_voxels": 1,
    }
    return resolve(RecipeSection(**(given | values)), modality)


def outcome(image, mask, spacing_mm=(1.0, 1.0, 1.0), **values):
    chosen = recipe(**values)
    region = prepare(image, mask, spacing_mm, chosen)
    return with_reasons(region, chosen, engine.measure)


def cuboid(shape=(20, 22, 24), corner=(6, 6, 6), size=(5, 6, 8)):
    mask = np.zeros(shape, bool)
    mask[tuple(slice(c, c + n) for c, n in zip(corner, size, strict=True))] = True
    return mask


def noise(shape=(20, 22, 24)):
    return np.random.default_rng(5).normal(20, 40, shape)


def test_statistics_are_those_of_the_voxels():
    image, mask = noise(), cuboid()
    values = outcome(
        image, mask, round_intensities=False, intensity_range=None, bin_start=-500
    ).values
    inside = image[mask]
    for name, expected in {
        "mean": inside.mean(),
        "variance": inside.var(),
        "minimum": inside.min(),
        "maximum": inside.max(),
        "median": np.median(inside),
        "energy": (inside**2).sum(),
        "root_mean_square": np.sqrt((inside**2).mean()),
    }.items():
        assert values[f"original.statistics.{name}"] == pytest.approx(expected)


def test_size_and_spacing_are_in_mm_along_the_right_axes():
    spacing = (3.0, 2.0, 1.0)
    values = outcome(noise(), cuboid(), spacing).values
    assert values["original.morphology.volume_voxel_counting"] == 5 * 6 * 8 * 6
    box = (15.0, 12.0, 8.0)
    points = np.indices((5, 6, 8)).reshape(3, -1) * np.reshape(spacing, (3, 1))
    axis = 4 * np.sqrt(np.linalg.eigvalsh(np.cov(points)))[-1]
    assert values["original.morphology.major_axis_length"] == pytest.approx(axis)
    diameter = values["original.morphology.maximum_3d_diameter"]
    assert 17 < diameter < np.linalg.norm(box)


def test_sphericity_of_a_ball_is_near_one():
    points = np.indices((60, 60, 60)) - 30.0
    mask = (points**2).sum(0) <= 20**2
    values = outcome(noise((60, 60, 60)), mask).values
    assert values["original.morphology.volume_mesh"] == pytest.approx(
        4 / 3 * np.pi * 20**3, rel=0.01
    )
    # The mesh of a voxel ball has steps; its area is 8 % too large.
    assert 0.9 < values["original.morphology.sphericity"] < 1


def test_texture_of_a_chessboard_has_its_closed_form():
    mask = cuboid()
    image = np.where(np.indices(mask.shape).sum(0) % 2, 5.0, -195.0)
    values = outcome(image, mask).values
    pairs = {"equal": 0, "unequal": 0}
    inside = mask.astype(int)
    for step in np.ndindex(3, 3, 3):
        offset = tuple(np.subtract(step, 1))
        if offset <= (0, 0, 0):
            continue
        count = (inside * np.roll(inside, offset, (0, 1, 2))).sum()
        pairs["unequal" if sum(offset) % 2 else "equal"] += count
    share = pairs["unequal"] / sum(pairs.values())
    # Grey levels 1 and 21 differ by 20.
    assert values["original.glcm.contrast"] == pytest.approx(400 * share)
    assert values["original.glcm.difference_average"] == pytest.approx(20 * share)
    assert values["original.histogram.entropy"] == pytest.approx(1)


def test_peaks_read_the_surroundings_of_the_region():
    mask = np.zeros((40, 40, 40), bool)
    mask[19:22, 19:22, 19:22] = True
    image = np.where(mask, 10.0, 100.0) + np.indices(mask.shape)[0] * 0.0
    values = outcome(image, mask).values
    assert values["original.local_intensity.global_peak"] > 50


def test_voxels_out_of_range_leave_intensity_but_not_shape():
    image, mask = noise(), cuboid()
    image[8, 8, 8] = 3000
    full = outcome(image, mask, intensity_range=(-5000, 5000)).values
    cut = outcome(image, mask).values
    shape = "original.morphology.volume_mesh"
    assert cut[shape] == full[shape]
    assert cut["original.statistics.maximum"] < 200
    assert full["original.statistics.maximum"] == 3000


@pytest.mark.parametrize(
    ("modality", "values", "expected"),
    [
        ("CT", {}, "whole"),
        ("PT", {"intensity_range": (0, None), "ivh_bin_width": 2.0}, "centre"),
        ("MR", {"ivh_n_bins": 50}, "bin"),
    ],
)
def test_volume_histogram_intensities_are_in_their_declared_steps(
    modality, values, expected
):
    found = outcome(np.abs(noise()), cuboid(), modality=modality, **values).values
    intensity = found["original.ivh.intensity_at_volume_fraction_10"]
    assert intensity % 2 == 1 if expected == "centre" else intensity == int(intensity)
    if expected == "bin":
        assert 1 <= intensity <= 50


def test_volume_histogram_of_a_ramp_has_its_closed_form():
    mask = np.zeros((12, 12, 120), bool)
    mask[5:7, 5:7, 10:110] = True
    image = np.broadcast_to(np.arange(120.0) - 10, mask.shape).copy()
    values = outcome(image, mask, intensity_range=(0, 100)).values
    assert values["original.ivh.volume_at_intensity_fraction_10"] == 0.9
    assert values["original.ivh.volume_at_intensity_fraction_90"] == 0.1
    assert values["original.ivh.intensity_at_volume_fraction_10"] == 90


def test_a_flat_region_keeps_its_shape_and_loses_its_texture_with_a_reason():
    found = outcome(np.full((20, 22, 24), 7.0), cuboid())
    for column, value in found.values.items():
        if by_column()[column].family in ("ivh", *TEXTURE_FAMILIES):
            assert np.isnan(value)
            assert "one bin" in found.undefined[column]
    assert found.values["original.morphology.volume_mesh"] > 0
    assert found.values["original.statistics.mean"] == 7


@pytest.mark.parametrize(
    "size", [(1, 1, 1), (1, 1, 2), (1, 6, 6), (2, 1, 9), (14, 16, 18)]
)
def test_every_undefined_value_of_an_odd_region_has_a_reason(size):
    found = outcome(noise(), cuboid(corner=(3, 3, 3), size=size))
    undefined = {column for column, value in found.values.items() if np.isnan(value)}
    assert undefined == set(found.undefined)
    assert len(found.values) == len(ibsi.features())
    assert not np.isinf(list(found.values.values())).any()


def test_a_region_that_fills_the_image_is_measured():
    shape = (8, 9, 10)
    found = outcome(noise(shape), np.ones(shape, bool))
    assert found.values["original.morphology.volume_voxel_counting"] == 720


def test_a_failing_family_costs_only_itself(monkeypatch):
    def broken(task):
        raise ValueError("no matrix")

    groups = [
        (name, families, broken if name == "texture" else compute)
        for name, families, compute in engine._GROUPS
    ]
    monkeypatch.setattr(engine, "_GROUPS", groups)
    found = outcome(noise(), cuboid())
    assert found.undefined["original.glcm.contrast"] == "ValueError: no matrix"
    assert np.isfinite(found.values["original.statistics.mean"])
    assert len(found.undefined) == 95


def test_only_the_families_of_the_recipe_are_measured():
    found = outcome(noise(), cuboid(), families=["statistics", "ngtdm"])
    assert {column.split(".")[1] for column in found.values} == {"statistics", "ngtdm"}
    assert len(found.values) == 23


def test_the_same_region_gives_the_same_bits_twice():
    first = outcome(noise(), cuboid()).values
    assert first == outcome(noise(), cuboid()).values


def test_another_release_of_the_engine_is_refused(monkeypatch):
    import pictologics

    setup.require_engine.cache_clear()
    monkeypatch.setattr(pictologics, "__version__", "0.10.0")
    with pytest.raises(Exception, match=r"is pictologics 0\.10\.0, expected 0\.9\.0"):
        setup.require_engine()


AUTOCORRELATION = {"original.morphology.morans_i", "original.morphology.gearys_c"}


def test_spatial_autocorrelation_switched_off_has_no_columns():
    whole = outcome(noise(), cuboid())
    without = outcome(noise(), cuboid(), spatial_autocorrelation=False)

    assert set(whole.values) - set(without.values) == AUTOCORRELATION
    assert without.values == {name: whole.values[name] for name in without.values}
    chosen = recipe(spatial_autocorrelation=False)
    assert not AUTOCORRELATION & set(RecipeColumns("CT", "CT", chosen, None).names())


def test_a_region_beyond_the_limit_has_no_autocorrelation_with_the_reason():
    count = int(cuboid().sum())
    at_limit = outcome(noise(), cuboid(), autocorrelation_max_voxels=count)
    beyond = outcome(noise(), cuboid(), autocorrelation_max_voxels=count - 1)

    assert at_limit.values == outcome(noise(), cuboid()).values
    assert {n for n in AUTOCORRELATION if np.isnan(beyond.values[n])} == AUTOCORRELATION
    assert {beyond.undefined[name] for name in AUTOCORRELATION} == {
        f"{count} voxels in the intensity mask, spatial autocorrelation is computed "
        f"for at most {count - 1} (autocorrelation_max_voxels)"
    }
    others = set(beyond.values) - AUTOCORRELATION
    assert {n: beyond.values[n] for n in others} == {
        n: at_limit.values[n] for n in others
    }


def test_recipes_that_say_nothing_of_autocorrelation_keep_their_hash():
    later = {"spatial_autocorrelation", "autocorrelation_max_voxels"}
    assert not later & set(recipe().complete())
    others = [
        recipe(spatial_autocorrelation=False),
        recipe(autocorrelation_max_voxels=1000),
    ]
    assert len({recipe().hash(), *(one.hash() for one in others)}) == 3

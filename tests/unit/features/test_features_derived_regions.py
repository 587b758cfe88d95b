"""Derived regions against balls, boxes and plain set operations."""

import math
from itertools import pairwise

import numpy as np
import pytest

from concord.errors import ConfigError, GridMismatchError
from concord.features.errors import UnusableRegion
from concord.features.preparation.regions import (
    derive,
    in_order,
    signed_distance_mm,
    surroundings,
)
from concord.features.settings.regions import RegionSection

SPACINGS = [(1.0, 1.0, 1.0), (2.0, 0.8, 1.0), (3.0, 0.9, 0.9)]


def derive_all(masks, image, spacing_mm, regions, *, image_name):
    """Every derived region of one image, or why it cannot be."""
    known, found = dict(masks), {}
    for name in in_order(regions):
        try:
            found[name] = known[name] = derive(
                known, image, spacing_mm, regions[name], image_name=image_name
            )
        except UnusableRegion as error:
            found[name] = error
    return found


def section(**values):
    return RegionSection(**({"of": "tumour"} | values))


def ball(spacing_mm, radius_mm, size_mm=46, shift_mm=(0.3, 0.1, -0.2)):
    shape = tuple(int(size_mm / step) for step in spacing_mm)
    points = np.indices(shape) * np.reshape(spacing_mm, (3, 1, 1, 1))
    middle = (np.array(shape) - 1) / 2 * spacing_mm + shift_mm
    offsets = points - np.reshape(middle, (3, 1, 1, 1))
    return np.sqrt((offsets**2).sum(0)) <= radius_mm


def ball_volume(radius_mm):
    return 4 / 3 * math.pi * radius_mm**3


def made(mask, spacing_mm, image=None, modality="CT", **values):
    image = np.zeros(mask.shape) if image is None else image
    return derive(
        {"tumour": mask}, image, spacing_mm, section(**values), image_name=modality
    )


def slab(shape=(9, 12, 40), first=10, last=20):
    mask = np.zeros(shape, bool)
    mask[:, :, first:last] = True
    return mask


def test_distance_to_a_plane_is_half_a_voxel_at_the_voxels_beside_it():
    distance = signed_distance_mm(slab(), (3.0, 2.0, 0.5))[4, 6]
    expected = 0.5 * np.array([1.5, 0.5, -0.5, -1.5])
    np.testing.assert_allclose(distance[8:12], expected)
    np.testing.assert_allclose(distance[18:22], expected[::-1])


def test_distance_to_an_oblique_plane_is_half_the_distance_of_its_layers():
    k, j, i = np.indices((5, 20, 20))
    distance = signed_distance_mm(i + j + 0 * k < 20, (4.0, 1.0, 1.0))
    assert distance[2, 10, 6] == pytest.approx(-3.5 / math.sqrt(2))
    assert distance[2, 10, 13] == pytest.approx(3.5 / math.sqrt(2))


@pytest.mark.parametrize("spacing_mm", SPACINGS)
def test_distance_to_a_ball_has_hardly_a_bias(spacing_mm):
    radius = 12.0
    mask = ball(spacing_mm, radius)
    points = np.indices(mask.shape) * np.reshape(spacing_mm, (3, 1, 1, 1))
    middle = (np.array(mask.shape) - 1) / 2 * spacing_mm + (0.3, 0.1, -0.2)
    offsets = points - np.reshape(middle, (3, 1, 1, 1))
    truth = np.sqrt((offsets**2).sum(0)) - radius
    error = signed_distance_mm(mask, spacing_mm) - truth
    near = np.abs(truth) < 8
    voxel = math.prod(spacing_mm) ** (1 / 3)
    for side in (mask, ~mask):
        assert abs(error[near & side].mean()) < 0.1 * voxel
    assert error[near].std() < 0.3 * voxel


def test_the_sign_is_that_of_the_mask():
    mask = np.random.default_rng(0).random((8, 9, 10)) < 0.3
    assert ((signed_distance_mm(mask, (3.0, 1.0, 0.7)) < 0) == mask).all()


def test_distances_without_a_surface_are_infinite():
    full = np.ones((2, 3, 4), bool)
    assert (signed_distance_mm(full, (1.0, 1.0, 1.0)) == -np.inf).all()
    assert (signed_distance_mm(~full, (1.0, 1.0, 1.0)) == np.inf).all()


@pytest.mark.parametrize("spacing_mm", SPACINGS)
@pytest.mark.parametrize(
    ("settings", "inner_mm", "outer_mm"),
    [
        ({"kind": "shell", "outer_mm": 5}, 12, 17),
        ({"kind": "shell", "inner_mm": 3, "outer_mm": 3}, 9, 15),
        ({"kind": "core", "inner_mm": 3}, 0, 9),
        ({"kind": "inner_rim", "inner_mm": 3}, 9, 12),
        ({"kind": "grown", "outer_mm": 5}, 0, 17),
    ],
)
def test_volumes_of_a_ball_are_within_a_voxel_of_the_surfaces(
    spacing_mm, settings, inner_mm, outer_mm
):
    found = made(ball(spacing_mm, 12), spacing_mm, **settings)
    volume = found.sum() * math.prod(spacing_mm)
    expected = ball_volume(outer_mm) - ball_volume(inner_mm)
    surface = 4 * math.pi * (outer_mm**2 + inner_mm**2)
    voxel = math.prod(spacing_mm) ** (1 / 3)
    assert abs(volume - expected) < 0.25 * voxel * surface


@pytest.mark.parametrize("spacing_mm", SPACINGS)
def test_parts_of_a_region_make_up_the_whole(spacing_mm):
    mask = ball(spacing_mm, 12)
    core = made(mask, spacing_mm, kind="core", inner_mm=3)
    rim = made(mask, spacing_mm, kind="inner_rim", inner_mm=3)
    shell = made(mask, spacing_mm, kind="shell", outer_mm=4)
    grown = made(mask, spacing_mm, kind="grown", outer_mm=4)
    thick = made(mask, spacing_mm, kind="shell", inner_mm=3, outer_mm=4)
    assert (core | rim == mask).all()
    assert not (core & rim).any()
    assert not (shell & mask).any()
    assert (shell | mask == grown).all()
    assert (shell | rim == thick).all()


def test_distances_nest():
    mask = ball(SPACINGS[1], 12)
    sizes = [
        made(mask, SPACINGS[1], kind="grown", outer_mm=outer) for outer in (1, 2, 4, 8)
    ]
    for inner, outer in pairwise(sizes):
        assert (inner & outer).sum() == inner.sum() < outer.sum()


def test_the_crop_changes_no_voxel():
    mask = ball((1.0, 1.0, 1.0), 6)
    distance = signed_distance_mm(mask, (1.0, 1.0, 1.0))
    shell = made(mask, (1.0, 1.0, 1.0), kind="shell", inner_mm=1, outer_mm=7)
    assert (shell == ((distance >= -1) & (distance <= 7))).all()


def test_the_edge_of_the_image_is_no_surface():
    mask = slab(first=0, last=10)
    core = made(mask, (1.0, 1.0, 1.0), kind="core", inner_mm=2)
    assert (core == slab(first=0, last=8)).all()
    shell = made(mask, (1.0, 1.0, 1.0), kind="shell", outer_mm=3)
    assert (shell == slab(first=10, last=13)).all()


def test_a_rim_keeps_to_the_intensity_range_of_its_modality():
    mask = slab()
    image = np.zeros(mask.shape)
    image[:, :6] = -900
    image[0, 6, 21] = np.nan
    shell = made(mask, (1.0, 1.0, 1.0), kind="shell", outer_mm=3)
    limits = {"CT": (-500, 500), "MR": (None, -500)}
    options = {"kind": "shell", "outer_mm": 3, "intensity_range": limits}
    soft = made(mask, (1.0, 1.0, 1.0), image, **options)
    assert (soft == shell & (image >= -500)).all()
    dark = made(mask, (1.0, 1.0, 1.0), image, modality="MR", **options)
    assert (dark == shell & (image <= -500)).all()
    either = made(mask, (1.0, 1.0, 1.0), image, modality="PT", **options)
    assert (either == shell).all()


def several():
    masks = {"tumour": slab(), "node": slab(first=25, last=30), "bone": slab(last=12)}
    return masks, np.zeros(masks["tumour"].shape)


def test_sets_of_regions_are_those_of_their_voxels():
    masks, image = several()
    found = derive_all(
        masks,
        image,
        (1.0, 1.0, 1.0),
        {
            "all": section(of=["tumour", "node"], kind="union"),
            "soft": section(of=["tumour", "bone"], kind="difference"),
            "rim": section(kind="shell", outer_mm=8, exclude=["node"]),
        },
        image_name="CT",
    )
    assert (found["all"] == (masks["tumour"] | masks["node"])).all()
    assert (found["soft"] == slab(first=12)).all()
    expected = slab(first=2, last=28) & ~masks["tumour"] & ~masks["node"]
    assert (found["rim"] == expected).all()
    assert (masks["tumour"] == slab()).all()


def test_a_region_may_be_made_of_a_derived_one():
    masks, image = several()
    regions = {
        "far": section(of="near", kind="shell", outer_mm=2, exclude=["tumour"]),
        "near": section(kind="shell", outer_mm=2),
    }
    assert in_order(regions) == ["near", "far"]
    found = derive_all(masks, image, (1.0, 1.0, 1.0), regions, image_name="CT")
    expected = slab(first=6, last=24) & ~slab(first=8, last=22)
    assert (found["far"] == expected).all()


def test_a_fault_costs_the_regions_that_need_it_alone():
    masks, image = several()
    masks["tumour"] = masks["tumour"] & False
    found = derive_all(
        masks,
        image,
        (1.0, 1.0, 1.0),
        {
            "rim": section(kind="shell", outer_mm=5),
            "second": section(of="rim", kind="grown", outer_mm=5),
            "good": section(of="node", kind="grown", outer_mm=1, exclude=["tumour"]),
        },
        image_name="CT",
    )
    assert (found["rim"].code, found["second"].code) == (
        "empty_mask",
        "missing_region",
    )
    assert "region tumour holds no voxel" in str(found["rim"])
    assert "region rim was not segmented" in str(found["second"])
    assert found["good"].sum() == 9 * 12 * 7


def test_a_region_that_comes_out_empty_says_why():
    with pytest.raises(UnusableRegion, match="the core of tumour holds no voxel: 0 by"):
        made(slab(), (1.0, 1.0, 1.0), kind="core", inner_mm=6)
    with pytest.raises(
        UnusableRegion, match="648 by distance, 0 within the intensity range"
    ) as caught:
        made(
            slab(),
            (1.0, 1.0, 1.0),
            kind="shell",
            outer_mm=3,
            intensity_range={"CT": (10, None)},
        )
    assert caught.value.code == "empty_region"


def test_a_mask_of_another_grid_is_an_error():
    masks, image = several()
    with pytest.raises(GridMismatchError, match=r"region tumour: the mask has the sha"):
        derive(
            masks,
            image[1:],
            (1.0, 1.0, 1.0),
            section(kind="core", inner_mm=1),
            image_name="CT",
        )


def test_regions_made_of_each_other_are_an_error():
    regions = {
        "a": section(of="b", kind="core", inner_mm=1),
        "b": section(of="a", kind="core", inner_mm=1),
    }
    with pytest.raises(ConfigError, match="are made of each other"):
        in_order(regions)


def test_surroundings_are_measured_in_mm_and_end_with_the_image():
    mask = np.zeros((10, 40, 40), bool)
    mask[5, 20, 2] = True
    box = surroundings(mask, (3.0, 1.0, 0.5), 4.0)
    assert box == (slice(2, 9), slice(15, 26), slice(0, 12))

"""concord.agreement.mesh against closed forms and an exhaustive search."""

import math

import numpy as np
import pytest

from concord.agreement import elements, mesh, nearest
from concord.agreement.distances import DirectedDistances, weighted_percentile
from concord.agreement.overlap import crop

SPACINGS_MM = [(1.0, 1.0, 1.0), (3.27, 0.98, 0.98), (5.0, 0.7, 0.7)]

#: Where a sphere lies with respect to the voxels matters, so several are taken.
CENTRES_MM = [(0.3, 0.2, 0.1), (1.1, 0.35, 0.2), (2.0, 0.1, 0.3)]


def ball(radius_mm, centre_mm, spacing_mm, half_mm=23.0):
    axes = [np.arange(-(half_mm // s), half_mm // s + 1) * s for s in spacing_mm]
    offsets = np.meshgrid(*axes, indexing="ij")
    squared = sum((x - c) ** 2 for x, c in zip(offsets, centre_mm, strict=True))
    return squared <= radius_mm**2


def compare(first, second, spacing_mm):
    surfaces = (mesh.surface(crop(mask, spacing_mm)) for mask in (first, second))
    return mesh.distances(*surfaces).summary()


def swapped(found):
    """The summary of the same pair in the other order."""
    return found | {
        f"{name}_{order}_mm": found[f"{name}_{order[::-1]}_mm"]
        for name in ("hd", "hd95")
        for order in ("ab", "ba")
    }


def of_spheres(radii_mm, shift_mm, spacing_mm):
    """Mean over several places of the spheres."""
    found = []
    for centre in CENTRES_MM:
        moved = (centre[0], centre[1], centre[2] + shift_mm)
        balls = (ball(radii_mm[0], centre, spacing_mm),)
        balls += (ball(radii_mm[1], moved, spacing_mm),)
        found.append(compare(*balls, spacing_mm))
    return {key: np.mean([one[key] for one in found]) for key in found[0]}


@pytest.mark.parametrize("spacing_mm", SPACINGS_MM)
@pytest.mark.parametrize(
    ("radii_mm", "shift_mm", "assd_mm"),
    [((15, 15), 2, 1.0), ((15, 15), 5, 2.5), ((15, 17), 0, 2.0)],
)
def test_assd_of_spheres_is_that_of_geometry_to_minus_17_and_plus_1_percent(
    radii_mm, shift_mm, assd_mm, spacing_mm
):
    found = of_spheres(radii_mm, shift_mm, spacing_mm)

    assert 0.83 * assd_mm <= found["assd_mm"] <= 1.01 * assd_mm


def test_hd95_of_shifted_spheres_follows_the_distance_law():
    # Distances are uniform on [0, 2] to first order: 95 % lie below 1.9 mm.
    found = of_spheres((15, 15), 2, (1.0, 1.0, 1.0))

    assert found["hd95_mm"] == pytest.approx(1.9, rel=0.05)
    assert found["hd_mm"] == pytest.approx(2.0, rel=0.01)


def test_the_error_of_the_assd_falls_with_the_size_of_the_voxels():
    errors = [
        1.0 - of_spheres((15, 15), 2, (size, size, size))["assd_mm"]
        for size in (2.0, 1.0, 0.5)
    ]

    assert errors[0] > errors[1] > errors[2] > 0


def test_two_single_voxels_are_octahedra():
    # Corners at half a voxel; each centroid lies 1/6 along every axis. The near
    # and the far side look at the corner (1.5, 0, 0) of the other octahedron.
    first, second = np.zeros((2, 1, 1, 3), bool)
    first[0, 0, 0] = second[0, 0, 2] = True
    far = math.hypot(3 / 2 + 1 / 6, 1 / 6, 1 / 6)
    near = math.hypot(3 / 2 - 1 / 6, 1 / 6, 1 / 6)

    found = compare(first, second, (1.0, 1.0, 1.0))

    for key in ("hd_mm", "hd95_mm", "hd95_pooled_mm"):
        assert found[key] == pytest.approx(far, abs=1e-12)
    assert found["assd_mm"] == pytest.approx((near + far) / 2, abs=1e-12)


def test_area_of_a_single_voxel_is_that_of_an_octahedron():
    surface = mesh.surface(crop(np.ones((1, 1, 1), bool), (1.0, 1.0, 1.0)))

    assert surface.sizes == pytest.approx(np.full(8, math.sqrt(3) / 8))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_no_triangle_of_any_mask_is_smaller_than_that_at_a_corner(share):
    voxels = np.random.default_rng(2).random((25, 25, 25)) < share

    surface = mesh.surface(crop(voxels, (1.0, 1.0, 1.0)))

    assert surface.sizes.min() == pytest.approx(math.sqrt(3) / 8)


@pytest.mark.parametrize(("axis", "shift_mm"), [(0, 6.0), (1, 2.0), (2, 1.0)])
def test_distances_of_a_shifted_cube_are_the_shift_in_mm(axis, shift_mm):
    cube = np.zeros((13, 13, 13), bool)
    cube[2:9, 2:9, 2:9] = True

    found = compare(cube, np.roll(cube, 2, axis), (3.0, 1.0, 0.5))

    assert found["hd_mm"] == pytest.approx(shift_mm, abs=1e-12)


def test_large_triangles_count_more_than_many_small_ones():
    distances = DirectedDistances(np.array([3.0, 1.0, 2.0]), np.array([1.0, 94.0, 5.0]))

    assert weighted_percentile(distances) == 2.0


def test_the_percentile_is_the_lowest_distance_that_reaches_the_share():
    distances = DirectedDistances(np.array([2.0, 1.0]), np.array([5.0, 95.0]))

    assert weighted_percentile(distances) == 1.0


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((0.5, 0.5, 2.0), 2.0),
        ((1.0, -3.0, 0.0), 3.0),
        ((-3.0, -4.0, 0.0), 5.0),
        ((5.0, 0.0, 4.0), 5.0),
        ((2.0, 2.0, 1.0), math.sqrt(3)),
        ((0.0, 0.0, 0.0), 0.0),
    ],
    ids=["inside", "edge", "corner", "other corner", "long edge", "on it"],
)
def test_distance_to_a_triangle_in_each_of_its_regions(point, expected):
    corners = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 2.0, 0.0]])

    found = elements.distance_to_triangles(np.array(point), corners)

    assert found == pytest.approx(expected, abs=1e-15)


def test_distance_to_a_triangle_is_the_least_over_its_points():
    generator = np.random.default_rng(3)
    corners = generator.normal(size=(40, 3, 3))
    points = 2 * generator.normal(size=(40, 3))
    steps = np.linspace(0, 1, 201)
    shares = np.array([(1 - v - w, v, w) for v in steps for w in steps if v + w <= 1])

    sampled = np.linalg.norm(shares @ corners - points[:, None], axis=2).min(axis=1)

    found = elements.distance_to_triangles(points, corners)
    assert (found <= sampled + 1e-12).all()
    assert found == pytest.approx(sampled, abs=0.02)


def exhaustive(start, target):
    """Distance of each centroid to all triangles, one by one."""
    points, corners = (
        start.centroids_mm[:, None],
        target.vertices_mm[target.elements][None],
    )
    return elements.distance_to_triangles(points, corners).min(axis=1)


@pytest.mark.parametrize("cube", [1.0, 6.0, 1000.0])
@pytest.mark.parametrize("spacing_mm", SPACINGS_MM)
def test_the_search_finds_the_nearest_triangle_of_all(spacing_mm, cube, monkeypatch):
    monkeypatch.setattr(nearest, "CUBE", cube)
    centres = zip((3, 4), CENTRES_MM, strict=False)
    masks = [ball(r, c, spacing_mm, half_mm=11.0) for r, c in centres]
    masks[1] |= ball(2, (0.0, 7.0, 0.0), spacing_mm, half_mm=11.0)
    surfaces = [mesh.surface(crop(mask, spacing_mm)) for mask in masks]

    for start, target in (surfaces, surfaces[::-1]):
        found = nearest.nearest_mm(start, target)
        assert found == pytest.approx(exhaustive(start, target), abs=1e-9)


@pytest.mark.parametrize("pairs", [1, 5000])
def test_the_search_in_small_portions_finds_the_same(pairs, monkeypatch):
    spheres = zip((5, 8), CENTRES_MM[1:], strict=True)
    masks = [ball(radius, c, SPACINGS_MM[1], 11.0) for radius, c in spheres]
    start, target = (mesh.surface(crop(mask, SPACINGS_MM[1])) for mask in masks)
    whole = nearest.nearest_mm(start, target)

    monkeypatch.setattr(nearest, "PAIRS", pairs)
    monkeypatch.setattr(nearest, "BLOCK", 7)
    assert nearest.nearest_mm(start, target).tolist() == whole.tolist()
    assert whole == pytest.approx(exhaustive(start, target), abs=1e-9)


def test_rounding_in_single_precision_hides_no_triangle_of_a_far_mesh():
    # All of the outer mesh is about as far from the middle as its nearest triangle.
    spacing_mm = (1.5, 0.8, 0.8)
    shell = ball(22.5, (0.0, 0.0, 0.0), spacing_mm)
    middle = ball(1.5, (0.4, 0.1, 0.2), spacing_mm)
    start, target = (mesh.surface(crop(mask, spacing_mm)) for mask in (middle, shell))

    found = nearest.nearest_mm(start, target)
    assert found == pytest.approx(exhaustive(start, target), abs=1e-12)


@pytest.mark.parametrize("slices", [1, 5])
def test_a_mesh_made_of_parts_has_the_triangles_of_the_whole(slices, monkeypatch):
    mask = ball(5, CENTRES_MM[0], SPACINGS_MM[0], 11.0)
    mask[-2, 3:9, 4:7] = True  # empty slices lie between

    monkeypatch.setattr(mesh, "SLICES", 100)
    whole = mesh.surface(crop(mask, SPACINGS_MM[0]))
    monkeypatch.setattr(mesh, "SLICES", slices)
    parts = mesh.surface(crop(mask, SPACINGS_MM[0]))

    assert parts.centroids_mm.tolist() == whole.centroids_mm.tolist()
    assert parts.sizes.tolist() == whole.sizes.tolist()
    corners = (s.vertices_mm[s.elements].tolist() for s in (parts, whole))
    assert next(corners) == next(corners)


@pytest.mark.parametrize(
    ("third", "radius"),
    [
        ((0.0, 2.0, 0.0), math.hypot(4, 2) / 2),
        ((2.0, 2 * math.sqrt(3), 0.0), 4 / math.sqrt(3)),
        ((1.0, 0.5, 0.0), 4 / 2),
    ],
    ids=["right angle", "equal sides", "obtuse"],
)
def test_the_disc_of_a_triangle_is_the_smallest_that_holds_its_corners(third, radius):
    vertices = np.array([(0.0, 0.0, 0.0), (4.0, 0.0, 0.0), third])

    surface = elements.surface_of(vertices, np.arange(3)[None])

    away = np.linalg.norm(vertices - surface.tree.data, axis=1).max()
    assert surface.radii_mm == pytest.approx([away], abs=1e-12)
    assert away == pytest.approx(radius, abs=1e-12)
    assert surface.tree.data[0, 2] == 0.0


def test_the_nearest_triangle_may_be_one_with_a_far_centroid():
    # A large triangle passes below the point; the nearest centroid is of a small one.
    small = np.array([[0, 0, 4], [0, 0.1, 4], [0.1, 0, 4]], float)
    large = np.array([[-40, -40, 0], [1, 60, 0], [60, 1, 0]], float)
    target = elements.surface_of(
        np.concatenate([small, large]), np.arange(6).reshape(2, 3)
    )
    start = elements.surface_of(small * (1, 1, 0) + (0, 0, 1.5), np.arange(3)[None])

    assert nearest.nearest_mm(start, target) == pytest.approx([1.5], abs=1e-12)


def test_distances_do_not_depend_on_the_order_of_readers():
    masks = ball(8, CENTRES_MM[0], SPACINGS_MM[1]), ball(9, CENTRES_MM[2], (3, 1, 1))
    masks = [mask[:10, :30, :30] for mask in masks]

    there, back = (compare(*pair, SPACINGS_MM[1]) for pair in (masks, masks[::-1]))
    assert there == pytest.approx(swapped(back), abs=1e-12)


def test_distances_hardly_depend_on_the_order_of_axes():
    spacing_mm = SPACINGS_MM[1]
    masks = [ball(8, centre, spacing_mm) for centre in CENTRES_MM[:2]]
    order = (2, 0, 1)

    turned = compare(
        *(mask.transpose(order) for mask in masks), [spacing_mm[axis] for axis in order]
    )
    assert turned == pytest.approx(compare(*masks, spacing_mm), rel=0.03)


def test_distances_double_with_the_spacing():
    masks = [ball(8, centre, SPACINGS_MM[1]) for centre in CENTRES_MM[:2]]
    single = compare(*masks, SPACINGS_MM[1])
    double = compare(*masks, [2 * size for size in SPACINGS_MM[1]])

    assert double == pytest.approx({key: 2 * value for key, value in single.items()})


def test_distances_do_not_depend_on_the_size_of_the_image():
    masks = [ball(8, centre, SPACINGS_MM[1]) for centre in CENTRES_MM[:2]]
    wide = [np.pad(mask, ((3, 0), (1, 7), (0, 2))) for mask in masks]

    found = compare(*wide, SPACINGS_MM[1])
    assert found == pytest.approx(compare(*masks, SPACINGS_MM[1]), abs=1e-9)


def test_a_mask_that_fills_the_image_has_a_closed_surface():
    whole = np.ones((4, 5, 6), bool)

    found = compare(whole, np.pad(whole, 2)[2:-2, 2:-2, 2:-2], (2.0, 1.0, 1.0))

    assert found["hd_mm"] == pytest.approx(0.0, abs=1e-12)
    surface = mesh.surface(crop(whole, (2.0, 1.0, 1.0)))
    extent_mm = np.ptp(surface.vertices_mm, axis=0)
    assert extent_mm.tolist() == [8.0, 5.0, 6.0]


def test_equal_masks_have_no_distance():
    mask = ball(8, CENTRES_MM[0], SPACINGS_MM[1])

    found = compare(mask, mask, SPACINGS_MM[1])
    assert max(found.values()) == pytest.approx(0.0, abs=1e-12)

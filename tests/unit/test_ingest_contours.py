"""concord.ingest.contours: a voxel belongs to a contour that holds its centre."""

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.contours import Contour, rasterize
from concord.ingest.polygons import area, edges_cross, inside

SHAPE, SPACING_MM = (6, 40, 50), (3.0, 0.9, 0.8)


def volume(direction=None):
    axes = np.eye(3) if direction is None else direction
    return Volume(np.zeros(SHAPE, np.int16), SPACING_MM, (5.0, -7.0, 11.0), axes)


def contour(points, k, image=None, kind="CLOSED_PLANAR"):
    """A contour from voxel coordinates (i, j) and slice k."""
    points = np.asarray(points, float)
    homogeneous = np.column_stack(
        [points, np.full(len(points), k), np.ones(len(points))]
    )
    return Contour((homogeneous @ (image or volume()).affine().T)[:, :3], kind)


def square(low, high):
    return [(low, low), (high, low), (high, high), (low, high)]


def circle(centre, radius_mm, n=400):
    angle = 2 * np.pi * np.arange(n) / n
    x = centre[0] + radius_mm / SPACING_MM[2] * np.cos(angle)
    return np.column_stack([x, centre[1] + radius_mm / SPACING_MM[1] * np.sin(angle)])


def filled(contours, **settings):
    found = rasterize(contours, volume(), **settings)
    return found.mask, found.notes


def fault_of(contours, **settings):
    with pytest.raises(IngestFault) as caught:
        rasterize(contours, volume(), **settings)
    return caught.value


def box(low, high):
    expected = np.zeros(SHAPE[1:], bool)
    expected[low:high, low:high] = True
    return expected


def test_a_square_holds_the_centres_between_its_edges():
    mask, notes = filled([contour(square(3.5, 9.5), 2)])
    np.testing.assert_array_equal(mask[2], box(4, 10))
    assert mask.sum() == 36
    assert notes == ()


def test_squares_that_share_an_edge_on_centres_share_no_voxel_and_miss_none():
    left = inside(np.array([(2, 2), (6, 2), (6, 9), (2, 9)], float), (12, 12))
    right = inside(np.array([(6, 9), (6, 2), (11, 2), (11, 9)], float), (12, 12))
    both = inside(np.array([(2, 2), (11, 2), (11, 9), (2, 9)], float), (12, 12))
    assert not (left & right).any()
    np.testing.assert_array_equal(left | right, both)
    assert both.sum() == 9 * 7


def test_a_slanted_shared_edge_is_split_alike_in_both_directions():
    generator = np.random.default_rng(5)
    for _ in range(50):
        left, right = generator.uniform((-1, 26), (4, 31)), generator.uniform(0, 30, 2)
        left, right = (left[0], right[0]), (left[1], right[1])
        bottom, top = (generator.uniform(5, 25), -1), (generator.uniform(5, 25), 31)
        parts = (
            inside(np.array([bottom, top, (-1, 31), left, (-1, -1)]), (30, 30)),
            inside(np.array([top, bottom, (40, -1), right, (40, 31)]), (30, 30)),
        )
        whole = np.array(
            [bottom, (40, -1), right, (40, 31), top, (-1, 31), left, (-1, -1)]
        )
        assert not (parts[0] & parts[1]).any()
        np.testing.assert_array_equal(parts[0] | parts[1], inside(whole, (30, 30)))


def test_inside_agrees_with_winding_angles_at_every_centre():
    generator = np.random.default_rng(1)
    angle = np.sort(generator.uniform(0, 2 * np.pi, 25))
    radius = generator.uniform(3, 14, 25)
    star = np.column_stack([15 + radius * np.cos(angle), 15 + radius * np.sin(angle)])

    rows, columns = np.indices((30, 30))
    delta = star[None, None] - np.stack([columns, rows], -1)[:, :, None]
    turned = np.diff(np.arctan2(delta[..., 1], delta[..., 0]), append=np.nan)
    first, last = delta[:, :, 0], delta[:, :, -1]
    turned[..., -1] = np.arctan2(first[..., 1], first[..., 0]) - np.arctan2(
        last[..., 1], last[..., 0]
    )
    turns = ((turned + np.pi) % (2 * np.pi) - np.pi).sum(axis=-1) / (2 * np.pi)
    np.testing.assert_array_equal(inside(star, (30, 30)), np.abs(turns) > 0.5)


def test_a_cylinder_has_its_volume_within_the_error_of_its_pixels():
    radius_mm, slices = 10.0, range(1, 5)
    mask, _ = filled([contour(circle((25.2, 20.1), radius_mm), k) for k in slices])
    volume_mm3 = mask.sum() * np.prod(SPACING_MM)
    assert volume_mm3 == pytest.approx(np.pi * radius_mm**2 * 4 * 3, rel=0.01)


def test_the_volume_of_small_cylinders_is_right_on_average():
    generator = np.random.default_rng(2)
    counts = [
        inside(circle(generator.uniform(15, 25, 2), 3.0), SHAPE[1:]).sum()
        for _ in range(300)
    ]
    expected = np.pi * 3.0**2 / (SPACING_MM[1] * SPACING_MM[2])
    assert np.mean(counts) == pytest.approx(expected, rel=0.01)


def test_a_contour_inside_another_is_a_hole_and_one_inside_that_an_island():
    rings = [contour(square(low, high), 0) for low, high in ((2.5, 30.5), (8.5, 20.5))]
    mask, notes = filled(rings)
    np.testing.assert_array_equal(mask[0], box(3, 31) & ~box(9, 21))
    assert notes == ()

    mask, _ = filled([*rings, contour(square(11.5, 15.5), 0)])
    np.testing.assert_array_equal(mask[0], box(3, 31) & ~box(9, 21) | box(12, 16))


def test_a_keyhole_contour_gives_the_same_hole():
    outer, inner = square(2.5, 30.5), square(8.5, 20.5)
    keyhole = [*outer, outer[0], inner[0], *inner[:0:-1], inner[0]]
    mask, notes = filled([contour(keyhole, 0)])
    np.testing.assert_array_equal(mask[0], box(3, 31) & ~box(9, 21))
    assert notes == ()


def test_contours_that_cross_are_united_and_noted():
    mask, notes = filled([contour(square(2.5, 12.5), 0), contour(square(7.5, 20.5), 0)])
    np.testing.assert_array_equal(mask[0], box(3, 13) | box(8, 21))
    assert notes == ("OVERLAPPING_CONTOURS",)


def test_contours_that_overlap_with_corners_on_edges_are_united():
    wide = [(2, 2), (12, 2), (12, 12), (2, 12)]
    moved = [(7, 2), (17, 2), (17, 12), (7, 12)]
    mask, notes = filled([contour(wide, 0), contour(moved, 0)])
    assert mask.sum() == 15 * 10
    assert notes == ("OVERLAPPING_CONTOURS",)


def test_a_copy_of_a_contour_does_not_erase_it():
    first = square(2.5, 12.5)
    copy = [*first[1:], (2.5, 7.0), first[0]]
    mask, notes = filled([contour(first, 0), contour(copy, 0)])
    np.testing.assert_array_equal(mask[0], box(3, 13))
    assert notes == ("OVERLAPPING_CONTOURS",)


def test_a_hole_within_two_united_contours_stays_a_hole():
    shapes = [square(2.5, 20.5), square(15.5, 30.5), square(5.5, 9.5)]
    mask, _ = filled([contour(shape, 0) for shape in shapes])
    np.testing.assert_array_equal(mask[0], (box(3, 21) | box(16, 31)) & ~box(6, 10))


def test_contours_of_type_xor_cancel_where_they_overlap():
    shapes = [square(2.5, 12.5), square(7.5, 20.5)]
    mask, notes = filled([contour(s, 0, kind="CLOSEDPLANAR_XOR") for s in shapes])
    np.testing.assert_array_equal(mask[0], box(3, 13) ^ box(8, 21))
    assert notes == ()


def test_points_and_open_contours_are_left_aside_and_noted():
    mask, notes = filled(
        [
            contour(square(3.5, 9.5), 2),
            contour([(1, 1)], 2, kind="POINT"),
            contour(square(1, 30), 2, kind="OPEN_PLANAR"),
        ]
    )
    assert mask.sum() == 36
    assert notes == ("POINT_IGNORED", "OPEN_CONTOUR_IGNORED")


@pytest.mark.parametrize("sign", [1, -1])
def test_any_direction_of_the_image_gives_the_same_voxels(sign):
    oblique = np.array([[0.8, -0.48, 0.36], [0.6, 0.64, -0.48], [0, 0.6, 0.8]])
    image = volume(oblique * [1, 1, sign])
    found = rasterize([contour(square(3.5, 9.5), 2, image)], image)
    np.testing.assert_array_equal(found.mask[2], box(4, 10))


def test_a_plane_snaps_to_the_nearest_slice_within_the_tolerance():
    mask, _ = filled([contour(square(3.5, 9.5), 2.2), contour(square(3.5, 9.5), 3.2)])
    assert mask.any(axis=(1, 2)).nonzero()[0].tolist() == [2, 3]


def test_contours_half_way_between_slices_are_refused():
    fault = fault_of([contour(square(3.5, 9.5), k + 0.5) for k in range(3)])
    assert fault.code == "CONTOUR_BETWEEN_SLICES"
    assert "3 of 3 contour planes lie up to 0.50 slice spacings away" in str(fault)


def test_of_contours_drawn_on_finer_slices_the_nearest_count():
    thirds = range(3, 13)  # planes at slices 1, 1 1/3, 1 2/3 ... 4
    highs = [9.5 if third % 3 == 0 else 30.5 for third in thirds]
    mask, notes = filled(
        [
            contour(square(3.5, high), third / 3)
            for third, high in zip(thirds, highs, strict=True)
        ]
    )
    assert mask.sum(axis=(1, 2)).tolist() == [0, 36, 36, 36, 36, 0]
    assert notes == ("FINER_CONTOURS",)


def test_an_end_plane_between_slices_is_not_dropped():
    fault = fault_of([contour(square(3.5, 9.5), k) for k in (1, 2, 3.4)])
    assert fault.code == "CONTOUR_BETWEEN_SLICES"


def test_slices_without_contour_between_others_are_refused():
    fault = fault_of([contour(square(3.5, 9.5), k) for k in (0, 2, 4)])
    assert fault.code == "CONTOUR_GAP"
    assert "2 of 5 slices" in str(fault)
    assert "first: slice 1" in str(fault)


@pytest.mark.parametrize(
    ("points", "k", "text"),
    [
        (square(3.5, 9.5), 7, "slices 7.0 to 7.0 of 0 to 5"),
        (square(-1.5, 9.5), 1, "columns -1.5 to 9.5"),
        ([(3, 3), (51, 3), (51, 9)], 1, "the image has 50 columns"),
    ],
)
def test_contours_beyond_the_image_are_refused(points, k, text):
    fault = fault_of([contour(points, k)])
    assert fault.code == "CONTOUR_OUTSIDE"
    assert text in str(fault)


def test_a_contour_that_leaves_its_slice_is_refused():
    tilted = contour(square(3.5, 9.5), 2)
    tilted.points_mm[0, 2] += 4
    fault = fault_of([tilted])
    assert fault.code == "CONTOUR_NOT_PLANAR"
    assert "extends over 1.33 slices" in str(fault)


def test_a_region_without_area_or_without_voxel_is_refused():
    assert fault_of([contour([(1, 1)], 2, kind="POINT")]).code == "ROI_EMPTY"
    fault = fault_of([contour(square(3.2, 3.4), 2)])
    assert fault.code == "ROI_EMPTY"
    assert "smaller than a voxel" in str(fault)


def test_edges_that_only_touch_do_not_cross():
    touching = np.array(square(5, 9), float)
    outer = np.array([(1, 1), (9, 1), (9, 12), (1, 12)], float)
    assert not edges_cross(outer, touching)
    assert edges_cross(outer, touching + np.array([2, 0.5]))
    assert area(outer) == 88

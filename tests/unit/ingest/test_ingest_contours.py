"""Masks of contours: a voxel belongs to a contour that holds its centre."""

import tracemalloc

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest.segmentation.contours import Contour, rasterize
from concord.ingest.segmentation.crossing import edges_cross
from concord.ingest.segmentation.options import SegmentationOptions
from concord.ingest.segmentation.polygons import area, inside
from concord.ingest.settings import SegmentationSettings

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


def options(waived=frozenset(), **settings):
    return SegmentationOptions(SegmentationSettings(**settings), waived)


def filled(contours, **settings):
    found = rasterize(contours, volume(), options(**settings))
    return found.mask, found.notes


def fault_of(contours, **settings):
    with pytest.raises(IngestFault) as caught:
        rasterize(contours, volume(), options(**settings))
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


def test_contours_that_cross_between_the_centres_of_pixels_are_united():
    spike = [(5.5, 7.4), (2.2, 7.3), (5.5, 7.2)]  # leaves the square, holds no centre
    second = [(5.5, 5.5), (9.5, 5.5), (9.5, 9.5), (5.5, 9.5), *spike]
    mask, notes = filled([contour(square(2.5, 20.5), 0), contour(second, 0)])
    np.testing.assert_array_equal(mask[0], box(3, 21))
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
        (
            square(3.5, 9.5),
            7,
            "100.0% of the segmented volume lies outside the image: it extends over",
        ),
        (square(3.5, 9.5), 12, "leaves the image by more than half of its size"),
        (square(-1.5, 9.5), 1, "17.4% of the segmented volume"),
        ([(3, 3), (51, 3), (51, 9)], 1, "the image has 6 slices, 40 rows, 50 columns"),
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


def test_a_little_outside_the_image_is_noted_with_its_share():
    wide = [(-0.7, 10.5), (48.5, 10.5), (48.5, 11.5), (-0.7, 11.5)]
    few = [(-2.5, 12.5), (48.5, 12.5), (48.5, 30.5), (-2.5, 30.5)]
    assert filled([contour(wide, 1)])[1] == ()
    fault = fault_of([contour(few, 1)])
    assert "3.9% of the segmented volume" in str(fault)
    mask, notes = filled([contour(few, 1)], mask_checks={"largest_share_outside": 0.04})
    assert mask.sum() == 49 * 18
    assert notes[0].startswith("PARTLY_OUTSIDE 3.9% of the segmented volume")
    _, notes = filled([contour(few, 1)], waived=frozenset(["CONTOUR_OUTSIDE"]))
    assert notes[0].startswith("CONTOUR_OUTSIDE_WAIVED 3.9%")


def areas(mask):
    return mask.sum(axis=(1, 2)).tolist()


def test_slices_without_contour_take_the_nearest_if_the_study_says_so():
    shapes = [contour(square(3.5, high), k) for high, k in ((9.5, 0), (13.5, 3))]
    assert fault_of(shapes).code == "CONTOUR_GAP"
    mask, notes = filled(shapes, fill_gaps="nearest")
    assert areas(mask) == [36, 36, 100, 100, 0, 0]
    assert notes == (
        "CONTOUR_GAP_FILLED 2 of 4 slices between the first and the last contour "
        "have none (first: slice 1), by nearest",
    )


def test_interpolated_slices_lie_between_their_neighbours():
    centre = (25, 20)
    radii_mm = {0: 4.0, 2: 6.0, 5: 12.0}
    shapes = [contour(circle(centre, radius), k) for k, radius in radii_mm.items()]
    mask, notes = filled(shapes, fill_gaps="interpolate")
    found_mm = np.sqrt(np.array(areas(mask)) * 0.9 * 0.8 / np.pi)
    assert found_mm == pytest.approx([4, 5, 6, 8, 10, 12], abs=0.3)
    assert "3 of 6 slices" in notes[0]
    assert notes[0].endswith("by interpolate")


def test_contours_between_slices_fill_as_many_slices_as_there_are_contours():
    halves = [contour(square(3.5, high), k) for high, k in ((9.5, 1.5), (13.5, 2.5))]
    mask, notes = filled(halves, fill_gaps="nearest")
    assert areas(mask) == [0, 0, 36, 100, 0, 0]
    assert notes[0].startswith(
        "CONTOUR_BETWEEN_SLICES_FILLED 2 of 2 contour planes lie up to 0.50 slice"
    )
    mask, _ = filled(halves, fill_gaps="interpolate")
    assert areas(mask)[:2] == [0, 0]
    assert 36 < areas(mask)[2] < 100
    assert areas(mask)[3] == 100


def test_a_gap_that_the_study_waives_stays_empty():
    shapes = [contour(square(3.5, 9.5), k) for k in (0, 2)]
    for how in ("refuse", "nearest"):
        mask, notes = filled(shapes, fill_gaps=how, waived=frozenset(["CONTOUR_GAP"]))
        assert areas(mask) == [36, 0, 36, 0, 0, 0]
        assert notes[0].startswith("CONTOUR_GAP_WAIVED 1 of 3 slices")


def test_segmentations_too_far_apart_cannot_be_interpolated():
    apart = [contour(square(1.5, 5.5), 0), contour(square(20.5, 24.5), 2)]
    fault = fault_of(apart, fill_gaps="interpolate")
    assert fault.code == "CONTOUR_GAP"
    assert "slice 1 has no contour, and those beside it lie too far apart" in str(fault)


LONG = Volume(np.zeros((30, 40, 50), np.int16), SPACING_MM, (0.0, 0.0, 0.0), np.eye(3))


def drawn(*runs, image=LONG, **settings):
    """Mask and notes of squares, each with its slices and its first pixel."""
    shapes = [
        contour(square(low - 0.5, low + 9.5), k, image)
        for slices, low in runs
        for k in slices
    ]
    found = rasterize(shapes, image, options(**settings))
    return np.flatnonzero(found.mask.any(axis=(1, 2))).tolist(), found.notes


TWO_PARTS = ("PARTS_ALONG_NORMAL 2 parts",)


@pytest.mark.parametrize("how", ["refuse", "nearest", "interpolate"])
@pytest.mark.parametrize(
    "runs",
    [
        # Elsewhere in the slice: two nodes.
        [(range(2, 6), 3), (range(8, 11), 25)],
        # Above one another, further apart than either is long.
        [(range(2, 6), 3), (range(12, 15), 4)],
    ],
)
def test_two_runs_of_slices_far_apart_are_two_parts(runs, how):
    slices, notes = drawn(*runs, fill_gaps=how)
    assert slices == [k for run, _ in runs for k in run]
    assert notes == TWO_PARTS


@pytest.mark.parametrize(
    "runs",
    [
        # One slice forgotten, wherever the segmentation goes on.
        [(range(2, 6), 3), (range(7, 11), 3)],
        [(range(2, 6), 3), (range(7, 11), 25)],
        # Several slices forgotten of one body.
        [(range(2, 8), 3), (range(11, 16), 4)],
        # A single slice apart may be a slip.
        [(range(2, 6), 3), (range(12, 13), 25)],
        # Regular patterns: every second and every third slice; two of four.
        [(range(2, 12, 2), 3)],
        [(range(2, 14, 3), 3)],
        [((2, 3, 6, 7, 10, 11, 14, 15), 3)],
    ],
)
def test_other_gaps_are_refused(runs):
    with pytest.raises(IngestFault) as caught:
        drawn(*runs)
    assert caught.value.code == "CONTOUR_GAP"


def test_filling_never_joins_two_parts_drawn_on_every_second_slice():
    runs = [(range(2, 8, 2), 3), (range(16, 22, 2), 25)]
    slices, notes = drawn(*runs, fill_gaps="nearest")
    assert slices == [*range(2, 7), *range(16, 21)]
    assert notes[0] == TWO_PARTS[0]
    assert notes[1].startswith("CONTOUR_GAP_FILLED 4 of 19 slices")


def test_only_the_box_of_a_region_takes_memory():
    large = Volume(
        np.broadcast_to(np.int16(0), (400, 512, 512)), (3, 1, 1), (0, 0, 0), np.eye(3)
    )
    shapes = [contour(circle((250, 250), 20), k, large) for k in range(100, 140)]
    tracemalloc.start()
    mask = rasterize(shapes, large).mask
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert mask[120].any()
    assert peak < 1.1 * mask.size  # the mask itself, a byte per voxel

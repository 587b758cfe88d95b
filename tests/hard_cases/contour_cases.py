"""Cases of RTSTRUCT files."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset

from .contours import (
    CENTRE_MM,
    GRID,
    XOR,
    Contour,
    box,
    circle,
    cylinder,
    disc,
    keyhole,
    moved,
    rectangle,
    where,
    write_structure_set,
)
from .edits import raw
from .geometry_cases import DOUBLE_OBLIQUE, SAGITTAL
from .lattice import Lattice
from .mask_case import MaskCase, refused, right

HEIGHTS = range(3, 9)
OTHER_FRAME = "1.2.826.0.1.7.3.9"
WIDE = replace(GRID, spacing_mm=(3.0, 0.5, 1.25))
TALL = replace(GRID, spacing_mm=(3.0, 1.25, 0.5))
BODY = cylinder(10, HEIGHTS)
BODY_MASK = disc(10, HEIGHTS)
NOTHING = np.zeros_like(BODY_MASK)
LEAVES_OUT = {"absent_is_empty": ["A"]}


def rois(contours=BODY, grid: Lattice = GRID, **more):
    return lambda path: write_structure_set(path, {"GTV": contours}, grid, **more)


def several(names: dict, **more):
    return lambda path: write_structure_set(path, names, **more)


def ring(x, y, outer, inner):
    distance = np.hypot(x - CENTRE_MM[0], y - CENTRE_MM[1])
    return (distance < outer) & (distance > inner)


def donut(outer=10, inner=5, kind="CLOSED_PLANAR", inner_first=False):
    pairs = [
        (circle(outer, k, kind=kind), circle(inner, k, kind=kind)) for k in HEIGHTS
    ]
    return [o for pair in pairs for o in (pair[::-1] if inner_first else pair)]


DONUT_MASK = where(lambda x, y, k: ring(x, y, 10, 5), HEIGHTS)
TARGET_MASK = where(lambda x, y, k: ring(x, y, 12, 8) | ring(x, y, 4, -1), HEIGHTS)


#: A cone: the radius tells the height that a slice was taken from.
def radius_at(height: float) -> float:
    return 12.2 - 0.83 * height


def cone(heights):
    return [circle(radius_at(height), height) for height in heights]


def cone_mask(heights_of: dict[int, float]):
    def inside(x, y, k):
        distance = np.hypot(x - CENTRE_MM[0], y - CENTRE_MM[1])
        return distance < radius_at(heights_of[k])

    return where(inside, list(heights_of))


FINE = [round(height / 3, 6) for height in range(9, 28)]  # every mm, 9 to 27 mm
HALVES = [k + 0.5 for k in range(3, 9)]
COARSE = [2, 4, 6, 8]
LEFT, RIGHT_ = (CENTRE_MM[0] - 4, CENTRE_MM[1]), (CENTRE_MM[0] + 4, CENTRE_MM[1])
OVERLAP = [circle(6, k, centre=c) for k in HEIGHTS for c in (LEFT, RIGHT_)]
OVERLAP_MASK = disc(6, HEIGHTS, LEFT) | disc(6, HEIGHTS, RIGHT_)
POINT = Contour(np.array([CENTRE_MM]), 5, "POINT")
LINE = Contour(np.array([CENTRE_MM, (3.0, 4.0), (9.0, 4.0)]), 5, "OPEN_PLANAR")
SQUARE = ((5.03, 6.07), (20.17, 25.11))


def bow_tie(height: float) -> Contour:
    """A contour that crosses itself: two triangles by the even-odd rule."""
    return Contour(
        np.array([(5.03, 5.0), (25.03, 25.0), (25.03, 5.0), (5.03, 25.0)]), height
    )


def bow_tie_test(x, y, k):
    rise, fall = y - 5 - (x - 5.03), y - 25 + (x - 5.03)
    return (x > 5.03) & (x < 25.03) & (rise * fall < 0)


def tilted(contours):
    """Contours whose points climb by 0.8 slice from one side to the other."""

    def write(path: Path) -> None:
        def edit(header: Dataset) -> None:
            for contour in header.ROIContourSequence[0].ContourSequence:
                points = np.array(contour.ContourData, float).reshape(-1, 3)
                points[:, 2] += 0.12 * (points[:, 0] - points[:, 0].mean())
                contour.ContourData = [f"{value:.6f}" for value in points.ravel()]

        write_structure_set(path, {"GTV": contours}, edit=edit)

    return write


def data(values: list[str]):
    """A structure set of which one contour has these numbers."""

    def edit(header: Dataset) -> None:
        item = header.ROIContourSequence[0].ContourSequence[2]
        raw("ContourData", "\\".join(values))(0, item)

    return rois(edit=edit)


def reordered(header: Dataset) -> None:
    """Contours and regions in an order of their own, linked by number only."""
    header.ROIContourSequence = list(header.ROIContourSequence)[::-1]
    for item in header.ROIContourSequence:
        item.ContourSequence = list(item.ContourSequence)[::-1]


def split_items(header: Dataset) -> None:
    """The contours of one region spread over two items."""
    first = header.ROIContourSequence[0]
    second = Dataset()
    second.ReferencedROINumber = first.ReferencedROINumber
    second.ContourSequence = list(first.ContourSequence)[3:]
    first.ContourSequence = list(first.ContourSequence)[:3]
    header.ROIContourSequence.append(second)


def without_contours(header: Dataset) -> None:
    del header.ROIContourSequence[0].ContourSequence


def without_items(header: Dataset) -> None:
    header.ROIContourSequence = []


def on(grid: Lattice, radius: float = 6.0, centre=(9.13, 9.58)):
    contours = [circle(radius, k, centre=centre) for k in HEIGHTS]
    return rois(contours, grid), disc(radius, HEIGHTS, centre, grid)


def _oriented(name: str, cosines) -> MaskCase:
    grid = replace(GRID, cosines=cosines)
    write, mask = on(grid)
    return right(f"rt_{name}", write, mask, grid=grid)


RIGHT: list[MaskCase] = [
    right("rt_cylinder", rois(), BODY_MASK),
    right("rt_small_cylinder", rois(cylinder(1.5, HEIGHTS)), disc(1.5, HEIGHTS)),
    right("rt_donut", rois(donut()), DONUT_MASK),
    right("rt_donut_inner_first", rois(donut(inner_first=True)), DONUT_MASK),
    right("rt_donut_with_island", rois(
        [circle(r, k) for k in HEIGHTS for r in (4, 12, 8)]), TARGET_MASK),
    right("rt_keyhole", rois([keyhole(10, 5, k) for k in HEIGHTS]), DONUT_MASK),
    right("rt_overlapping", rois(OVERLAP), OVERLAP_MASK, "OVERLAPPING_CONTOURS"),
    right("rt_apart", rois([circle(3, k, centre=c) for k in HEIGHTS for c in (
        LEFT, RIGHT_)]), disc(3, HEIGHTS, LEFT) | disc(3, HEIGHTS, RIGHT_)),
    right("rt_same_contour_twice", rois(BODY + BODY), BODY_MASK,
          "OVERLAPPING_CONTOURS"),
    right("rt_squares_share_an_edge", rois([o for k in HEIGHTS for o in (
        box((5.03, 6.07), (12.0, 25.11), k), box((12.0, 6.07), (20.17, 25.11), k))]),
        rectangle(*SQUARE, HEIGHTS)),
    right("rt_xor_donut", rois(donut(kind=XOR)), DONUT_MASK),
    right("rt_xor_overlapping", rois([replace(o, kind=XOR) for o in OVERLAP]),
          disc(6, HEIGHTS, LEFT) ^ disc(6, HEIGHTS, RIGHT_)),
    right("rt_bow_tie", rois([bow_tie(k) for k in HEIGHTS]),
          where(bow_tie_test, HEIGHTS)),
    right("rt_vertices_reversed", rois([
        replace(o, points=o.points[::-1]) for o in BODY]), BODY_MASK),
    right("rt_first_vertex_repeated", rois([
        replace(o, points=np.concatenate([o.points, o.points[:1]])) for o in BODY]),
        BODY_MASK),
    right("rt_contours_shuffled", rois(BODY[::2] + BODY[1::2]), BODY_MASK),
    right("rt_on_one_slice", rois(cylinder(10, [5])), disc(10, [5])),
    right("rt_a_fifth_off_the_slices", rois(cone([k + 0.2 for k in HEIGHTS])),
          cone_mask({k: k + 0.2 for k in HEIGHTS})),
    right("rt_finer_than_the_slices", rois(cone(FINE)),
          cone_mask({k: float(k) for k in range(3, 10)}), "FINER_CONTOURS"),
    right("rt_between_nearest", rois(cylinder(10, HALVES)), disc(10, range(4, 9)),
          "CONTOUR_BETWEEN_SLICES_FILLED", settings={"fill_gaps": "nearest"},
          share=0.21),
    right("rt_between_interpolated", rois(cone(HALVES)),
          cone_mask({k: float(k) for k in range(4, 9)}),
          "CONTOUR_BETWEEN_SLICES_FILLED", settings={"fill_gaps": "interpolate"},
          share=0.25),
    right("rt_gap_nearest", rois(cylinder(10, COARSE)), disc(10, range(2, 9)),
          "CONTOUR_GAP_FILLED", settings={"fill_gaps": "nearest"}),
    right("rt_gap_interpolated_cylinder", rois(cylinder(10, COARSE)),
          disc(10, range(2, 9)), "CONTOUR_GAP_FILLED",
          settings={"fill_gaps": "interpolate"}),
    right("rt_gap_interpolated_cone", rois(cone(COARSE)),
          cone_mask({k: float(k) for k in range(2, 9)}), "CONTOUR_GAP_FILLED",
          settings={"fill_gaps": "interpolate"}, share=0.03),
    right("rt_gap_waived", rois(cylinder(10, [2, 3, 4, 6, 7, 8])),
          disc(10, [2, 3, 4, 6, 7, 8]), "CONTOUR_GAP_WAIVED",
          settings={"waive": {"CONTOUR_GAP": ["P1"]}}),
    right("rt_frame_of_reference_waived", rois(frame=OTHER_FRAME), BODY_MASK,
          "RT_FRAME_OF_REFERENCE_WAIVED",
          settings={"waive": {"RT_FRAME_OF_REFERENCE": ["P1"]}}),
    right("rt_other_series_same_frame", rois(series="1.2.826.0.1.7.9"), BODY_MASK,
          "OTHER_SERIES_CITED"),
    _oriented("sagittal", SAGITTAL),
    _oriented("oblique", DOUBLE_OBLIQUE),
    right("rt_pixels_wide", *on(WIDE), grid=WIDE),
    right("rt_pixels_tall", *on(TALL), grid=TALL),
    right("rt_point_beside", rois([POINT, *BODY]), BODY_MASK, "POINT_IGNORED"),
    right("rt_line_beside", rois([*BODY, LINE]), BODY_MASK, "OPEN_CONTOUR_IGNORED"),
    right("rt_by_name", several({"GTV": cylinder(3, HEIGHTS), "PTV": BODY}), BODY_MASK,
          roi="PTV"),
    right("rt_by_pattern", several({"GTV_1": cylinder(3, HEIGHTS), "PTV_1": BODY}),
          BODY_MASK, roi="P.*"),
    right("rt_by_second_alternative", several({"GTV": BODY, "PTV": BODY}), BODY_MASK,
          roi="CTV;;GTV"),
    right("rt_merged", several({"GTV_a": cylinder(3, HEIGHTS), "GTV_b": BODY}),
          BODY_MASK, "MERGED_ROIS", roi="GTV.*", settings={"merge_rois": True}),
    right("rt_items_reordered", lambda path: write_structure_set(
        path, {"GTV": BODY, "PTV": cylinder(3, HEIGHTS)}, edit=reordered), BODY_MASK,
        roi="GTV"),
    right("rt_items_split", rois(edit=split_items), BODY_MASK),
]  # fmt: skip


def points_lost(path: Path) -> None:
    """A contour whose last points were cut off, as by a limit of the text's length."""
    rois()(path)
    header = dcmread(path)
    contour = header.ROIContourSequence[0].ContourSequence[2]
    contour.ContourData = list(contour.ContourData)[:90]
    header.save_as(path)


def type_lost(path: Path) -> None:
    """A closed contour of which nobody knows that it is closed."""
    rois()(path)
    header = dcmread(path)
    del header.ROIContourSequence[0].ContourSequence[2].ContourGeometricType
    header.save_as(path)


def other_number(header: Dataset) -> None:
    """Contours that belong to an ROI which the file does not describe."""
    header.ROIContourSequence[0].ReferencedROINumber = 12345


def number_with_a_fraction(path: Path) -> None:
    rois(edit=other_number)(path)
    path.write_bytes(path.read_bytes().replace(b"12345 ", b"1.001 "))


def one_number_for_all(header: Dataset) -> None:
    for item in (*header.StructureSetROISequence, *header.ROIContourSequence):
        if "ROINumber" in item:
            item.ROINumber = 1
        else:
            item.ReferencedROINumber = 1


#: What a reader delivers who found nothing: a reading, not a fault.
FOUND_NOTHING: list[MaskCase] = [
    right("rt_no_contours", rois(edit=without_contours), NOTHING, "FOUND_NOTHING"),
    right("rt_no_contours_and_other_regions", several(
        {"GTV": BODY, "PTV": BODY}, edit=without_contours), NOTHING, "FOUND_NOTHING",
        roi="GTV"),
    right("rt_no_contours_united_with_drawn_ones", several(
        {"GTV": BODY, "PTV": BODY}, edit=without_contours), BODY_MASK,
        roi=".TV", settings={"merge_rois": True}),
    right("rt_name_absent_of_a_reader_who_leaves_out", rois(), NOTHING, "FOUND_NOTHING",
          roi="PTV", settings=LEAVES_OUT),
    right("rt_no_item_of_contours_of_a_reader_who_leaves_out", rois(
        edit=without_items), NOTHING, "FOUND_NOTHING", settings=LEAVES_OUT),
    right("rt_no_regions_of_a_reader_who_leaves_out", several({}), NOTHING,
          "FOUND_NOTHING", settings=LEAVES_OUT),
]  # fmt: skip

REFUSED: list[MaskCase] = [
    refused("rt_no_item_of_contours", rois(edit=without_items), "ROI_EMPTY"),
    refused("rt_name_absent_of_another_reader", rois(), "ROI_NOT_FOUND", roi="PTV",
            settings={"absent_is_empty": ["AI"]}),
    refused("rt_pattern_is_broken_of_a_reader_who_leaves_out", rois(),
            "ROI_NOT_FOUND", roi="GTV(", settings=LEAVES_OUT),
    refused("rt_no_contours_and_another_frame_of_reference", rois(
        frame=OTHER_FRAME, edit=without_contours), "RT_FRAME_OF_REFERENCE"),
    refused("rt_name_absent_and_another_frame_of_reference", rois(frame=OTHER_FRAME),
            "RT_FRAME_OF_REFERENCE", roi="PTV", settings=LEAVES_OUT),
    refused("rt_points_of_a_contour_lost", points_lost, "CONTOUR_INCOMPLETE"),
    refused("rt_type_of_a_contour_lost", type_lost, "CONTOUR_INCOMPLETE"),
    refused("rt_contours_of_a_number_with_a_fraction", number_with_a_fraction,
            "BAD_VALUE"),
    refused("rt_contours_of_another_number", rois(edit=other_number), "ROI_EMPTY"),
    refused("rt_two_regions_of_one_number", several(
        {"GTV": BODY, "PTV": cylinder(3, HEIGHTS)}, edit=one_number_for_all),
        "BAD_VALUE", roi="GTV"),
    refused("rt_between_slices", rois(cylinder(10, HALVES)), "CONTOUR_BETWEEN_SLICES"),
    refused("rt_a_third_off_the_slices", rois(
        cylinder(10, [k + 0.33 for k in HEIGHTS])), "CONTOUR_BETWEEN_SLICES"),
    refused("rt_every_other_slice", rois(cylinder(10, COARSE)), "CONTOUR_GAP"),
    refused("rt_one_slice_forgotten", rois(cylinder(10, [2, 3, 4, 6, 7, 8])),
            "CONTOUR_GAP"),
    refused("rt_two_slices_forgotten", rois(cylinder(10, [2, 3, 4, 7, 8, 9])),
            "CONTOUR_GAP"),
    refused("rt_spacing_of_another_scan", rois(cylinder(10, [
        2 + 0.7 * n for n in range(9)])), "CONTOUR_BETWEEN_SLICES"),
    refused("rt_other_frame_of_reference", rois(frame=OTHER_FRAME),
            "RT_FRAME_OF_REFERENCE"),
    refused("rt_other_frame_and_series", rois(
        frame=OTHER_FRAME, series="1.2.826.0.1.7.9"), "RT_FRAME_OF_REFERENCE"),
    refused("rt_other_frame_and_series_waived", rois(
        frame=OTHER_FRAME, series="1.2.826.0.1.7.9"), "RT_SERIES",
        settings={"waive": {"RT_FRAME_OF_REFERENCE": ["P1"]}}),
    refused("rt_waived_for_another_subject", rois(frame=OTHER_FRAME),
            "RT_FRAME_OF_REFERENCE",
            settings={"waive": {"RT_FRAME_OF_REFERENCE": ["P2"]}}),
    refused("rt_image_without_frame_of_reference", rois(), "RT_FRAME_OF_REFERENCE",
            frame=None),
    refused("rt_of_an_axial_scan_on_a_sagittal_one", rois(
        cylinder(6, HEIGHTS, centre=(9.13, 9.58))), "CONTOUR_NOT_PLANAR",
        grid=replace(GRID, cosines=SAGITTAL)),
    refused("rt_not_planar", tilted(BODY), "CONTOUR_NOT_PLANAR"),
    refused("rt_only_a_point", rois([POINT]), "ROI_EMPTY"),
    refused("rt_only_lines", rois([LINE]), "ROI_EMPTY"),
    refused("rt_smaller_than_a_voxel", rois(cylinder(0.2, HEIGHTS)), "ROI_EMPTY"),
    refused("rt_one_voxel", rois([circle(0.5, 5, centre=(16.0, 18.0))]),
            "ROI_TOO_SMALL"),
    refused("rt_wholly_outside", rois(moved(BODY, (300, 0))), "CONTOUR_OUTSIDE"),
    refused("rt_half_outside", rois(moved(BODY, (-17, 0))), "CONTOUR_OUTSIDE"),
    refused("rt_above_the_image", rois(cylinder(10, range(9, 15))), "CONTOUR_OUTSIDE"),
    refused("rt_name_absent", rois(), "ROI_NOT_FOUND", roi="PTV"),
    refused("rt_pattern_is_broken", rois(), "ROI_NOT_FOUND", roi="GTV("),
    refused("rt_two_fit", several({"GTV_a": BODY, "GTV_b": BODY}), "ROI_AMBIGUOUS",
            roi="GTV.*"),
    refused("rt_several_and_no_name", several({"GTV": BODY, "PTV": BODY}),
            "ROI_AMBIGUOUS"),
    refused("rt_no_regions", several({}), "ROI_NOT_FOUND"),
    refused("rt_numbers_not_triplets", data(["1", "2", "3", "4"]), "BAD_VALUE"),
    refused("rt_numbers_not_finite", data(["1", "2", "3", "nan", "5", "6", "7", "8",
                                           "9"]), "BAD_VALUE"),
    refused("rt_of_another_modality", lambda path: write_structure_set(
        path, {"GTV": BODY}, edit=lambda h: setattr(
            h, "SOPClassUID", "1.2.840.10008.5.1.4.1.1.2")), "UNSUPPORTED_SOP"),
    refused("rt_is_text", lambda path: path.parent.mkdir(parents=True) or (
        path.write_text("no contour")), "UNSUPPORTED_SOP"),
    refused("rt_absent", lambda path: None, "UNSUPPORTED_SOP"),
]  # fmt: skip

CASES = RIGHT + FOUND_NOTHING + REFUSED

"""Cases of DICOM SEG files and NIfTI label maps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import JPEGLSLossless, RLELossless

from .contours import GRID, disc
from .geometry_cases import DOUBLE_OBLIQUE, SAGITTAL
from .lattice import Lattice
from .mask_case import MaskCase, refused, right
from .voxel_masks import write_label_map, write_segmentation

SLICES = range(3, 9)
BODY = disc(10, SLICES)
NOTHING = np.zeros_like(BODY)
LEAVES_OUT = {"absent_is_empty": ["A"]}
SMALL = disc(4, range(4, 7))
OTHER = disc(5, range(5, 10), (12.0, 14.1))
OTHER_FRAME = "1.2.826.0.1.7.3.9"

#: A matrix whose frames do not end at a whole byte of a binary segmentation.
ODD = replace(GRID, shape=(7, 31, 35))
ODD_BODY = disc(9, range(1, 6), grid=ODD, centre=(13.13, 13.58))
TWO = np.stack([BODY, OTHER], axis=-1).astype(np.uint8)
ENDS_AT_BORDER = "TOUCHES_BORDER"


def seg(array=BODY, kind="BINARY", grid: Lattice = GRID, **more):
    stored = array.astype(np.uint8) if array.dtype == bool else array
    return lambda path: write_segmentation(path, stored, kind, grid, **more)


def label_map(array=BODY, grid: Lattice = GRID, **more):
    stored = array.astype(np.uint8) if array.dtype == bool else array
    return lambda path: write_label_map(path, stored, grid, **more)


def shrunk(slices: slice, rows: slice, columns: slice) -> Lattice:
    """Part of the grid, as a grid of its own."""
    k, j, i = slices.start, rows.start, columns.start
    corner = GRID.affine() @ [i, j, k, 1]
    shape = tuple(part.stop - part.start for part in (slices, rows, columns))
    return replace(GRID, shape=shape, origin_mm=tuple(corner[:3].tolist()))


def shifted(*voxels: float) -> Lattice:
    corner = GRID.affine() @ [*voxels, 1]
    return replace(GRID, origin_mm=tuple(corner[:3].tolist()))


def frames_reversed(header: Dataset) -> None:
    """The frames in the opposite order, each with its own place."""
    size = header.Rows * header.Columns
    bits = np.unpackbits(np.frombuffer(header.PixelData, np.uint8), bitorder="little")[
        : size * header.NumberOfFrames
    ].reshape(-1, size)[::-1]
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    header.PixelData = packed + b"\0" * (len(packed) % 2)
    header.PerFrameFunctionalGroupsSequence = list(
        header.PerFrameFunctionalGroupsSequence
    )[::-1]


def cut(write):
    def write_cut(path: Path) -> None:
        write(path)
        path.write_bytes(path.read_bytes()[:-200])

    return write_cut


def bare(header: Dataset) -> None:
    """Leave out labels, codes, thickness and references, as some programs do."""
    measures = header.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    del measures.SliceThickness
    measures.pop("SpacingBetweenSlices", None)
    item = header.SegmentSequence[0]
    del item.SegmentLabel, item.SegmentAlgorithmType
    del item.SegmentedPropertyCategoryCodeSequence
    del item.SegmentedPropertyTypeCodeSequence
    del header.StudyInstanceUID
    for groups in header.PerFrameFunctionalGroupsSequence:
        groups.pop("DerivationImageSequence", None)


def without_places(header: Dataset) -> None:
    for groups in header.PerFrameFunctionalGroupsSequence:
        del groups.PlanePositionSequence[0].ImagePositionPatient


def without_numbers(header: Dataset) -> None:
    del header.SegmentSequence[0].SegmentNumber


def undescribed(header: Dataset) -> None:
    del header.SegmentSequence[1]


def divided(header: Dataset) -> None:
    header.ConcatenationUID = "1.2.826.0.1.7.99"
    header.InConcatenationNumber, header.InConcatenationTotalNumber = 2, 3


def nearly_two_places(apart_mm: float):
    """A label map whose qform is moved against its sform."""
    import nibabel as nib

    def write(path: Path) -> None:
        label_map()(path)
        image = nib.load(path)
        moved = image.affine.copy()
        moved[0, 3] += apart_mm
        image.set_qform(moved, 1)
        nib.save(nib.Nifti1Image(np.asarray(image.dataobj), None, image.header), path)

    return write


#: Axes turned by a thousandth: no cosine differs by more than another rounding.
_ANGLE = 9e-4
_SIN, _COS = float(np.sin(_ANGLE)), float(np.cos(_ANGLE))
TURNED = (_COS, _SIN, 0.0, -_SIN, _COS, 0.0)


def four_dimensional(path: Path) -> None:
    import nibabel as nib

    path.parent.mkdir(parents=True, exist_ok=True)
    nib.save(nib.Nifti1Image(np.ones((4, 4, 4, 2), np.uint8), np.eye(4)), path)


#: Probability falls from 1 at the centre to 0 at 20 mm: half of it at 10 mm.
def probability() -> np.ndarray:
    from .contours import CENTRE_MM

    y, x = np.meshgrid(np.arange(40) * 0.9, np.arange(44) * 0.8, indexing="ij")
    distance = np.hypot(x - CENTRE_MM[0], y - CENTRE_MM[1])
    found = np.zeros(GRID.shape, np.float32)
    found[list(SLICES)] = np.clip(1 - distance / 20, 0, 1)
    return found


BOX = (slice(2, 10), slice(5, 36), slice(6, 40))
PART = shrunk(*BOX)
LARGER = replace(shifted(-3, -2, -2), shape=(16, 44, 50))
PADDED = np.pad(BODY, ((2, 2), (2, 2), (3, 3)))
SAGITTAL_GRID = replace(GRID, cosines=SAGITTAL)
OBLIQUE_GRID = replace(GRID, cosines=DOUBLE_OBLIQUE)
LABELS = (BODY * 2 + 0).astype(np.uint8)
LABELS[SMALL] = 7
ORGANS = (BODY * 1 + SMALL * 1).astype(np.uint8)  # SMALL lies in BODY
NII = {"file": "mask.nii.gz"}
NEAREST = {"resample_masks": "nearest"}
FINE = replace(GRID, spacing_mm=(3.0, 0.225, 0.2))
SPECK = np.zeros_like(BODY)
SPECK[5, 10, 10] = True  # between the voxel centres of the image
TOO_LARGE = np.ones(LARGER.shape, bool)

RIGHT: list[MaskCase] = [
    right("seg_binary_sparse", seg(), BODY),
    right("seg_binary_all_frames", seg(sparse=False), BODY),
    right("seg_binary_bits_not_whole_bytes", seg(ODD_BODY, grid=ODD), ODD_BODY,
          grid=ODD),
    right("seg_overlapping_first", seg(TWO, labels=("GTV", "PTV")), BODY, "SEG_OVERLAP",
          roi="GTV"),
    right("seg_overlapping_second", seg(TWO, labels=("GTV", "PTV")), OTHER,
          "SEG_OVERLAP", roi="PTV"),
    right("seg_overlapping_merged", seg(TWO, labels=("GTV_a", "GTV_b")), BODY | OTHER,
          "MERGED_ROIS", "SEG_OVERLAP", roi="GTV.*", settings={"merge_rois": True}),
    right("seg_two_by_number", seg(TWO, labels=("GTV", "PTV")), BODY | OTHER,
          "MERGED_ROIS", "SEG_OVERLAP", roi="1|2"),
    right("seg_second_by_number", seg(TWO, labels=("GTV", "PTV")), OTHER,
          "SEG_OVERLAP", roi="2"),
    right("seg_frames_reversed", seg(edit=frames_reversed), BODY),
    right("seg_fractional_half", seg(probability(), "FRACTIONAL"), BODY, share=0.01),
    right("seg_fractional_three_quarters", seg(probability(), "FRACTIONAL"),
          disc(5, SLICES), settings={"seg_threshold": 0.75}, share=0.05),
    right("seg_fractional_occupancy", seg(
        BODY.astype(np.float32), "FRACTIONAL", fractional="OCCUPANCY"), BODY),
    right("seg_fractional_rle", seg(probability(), "FRACTIONAL", syntax=RLELossless),
          BODY, share=0.01),
    right("seg_label_map", seg(ORGANS, "LABELMAP",
                               labels=("BODY", "CORE")), BODY & ~SMALL, roi="BODY"),
    right("seg_label_map_core", seg(ORGANS, "LABELMAP",
                                    labels=("BODY", "CORE")), SMALL, roi="CORE"),
    right("seg_label_map_both", seg(ORGANS, "LABELMAP",
                                    labels=("BODY", "CORE")), BODY, "MERGED_ROIS",
          roi="1|2"),
    right("seg_label_map_jpeg_ls", seg(BODY, "LABELMAP", syntax=JPEGLSLossless), BODY),
    right("seg_cropped", seg(BODY[BOX], grid=PART), BODY),
    right("seg_padded", seg(PADDED, grid=LARGER), BODY),
    right("seg_sagittal", seg(grid=SAGITTAL_GRID), BODY, grid=SAGITTAL_GRID),
    right("seg_oblique", seg(grid=OBLIQUE_GRID), BODY, grid=OBLIQUE_GRID),
    right("seg_of_another_series", seg(series="1.2.826.0.1.7.9"), BODY,
          "OTHER_SERIES_CITED"),
    right("seg_frame_of_reference_waived", seg(frame=OTHER_FRAME), BODY,
          "SEG_FRAME_OF_REFERENCE_WAIVED",
          settings={"waive": {"SEG_FRAME_OF_REFERENCE": ["P1"]}}),
    right("seg_by_whole_voxels_off", seg(grid=shifted(2, 0, 0)),
          np.roll(BODY, 2, axis=2)),
    right("seg_off_the_grid_nearest", seg(grid=shifted(0.3, -0.3, 0)), BODY,
          "MASK_RESAMPLED", settings=NEAREST),
    right("nifti_mask", label_map(), BODY, "NIFTI_SOURCE", **NII),
    right("nifti_mask_uncompressed", label_map(), BODY, "NIFTI_SOURCE",
          file="mask.nii"),
    right("nifti_mask_float", label_map(BODY.astype(np.float32)), BODY, "NIFTI_SOURCE",
          **NII),
    right("nifti_labels_by_number", label_map(LABELS), SMALL, "NIFTI_SOURCE", roi="7",
          **NII),
    right("nifti_labels_two", label_map(LABELS), BODY, "NIFTI_SOURCE", roi="2|7",
          **NII),
    right("nifti_oblique", label_map(grid=OBLIQUE_GRID), BODY, "NIFTI_SOURCE",
          grid=OBLIQUE_GRID, **NII),
    right("nifti_off_the_grid_nearest", label_map(grid=shifted(0.3, -0.3, 0)), BODY,
          "NIFTI_SOURCE", "MASK_RESAMPLED", settings=NEAREST, **NII),
    right("nifti_labels_as_scaled_bytes", label_map(
        (BODY * 3.0), dtype="uint8"), BODY, "NIFTI_SOURCE", roi="3", **NII),
    right("nifti_labels_of_0999", label_map((BODY * 0.999).astype(np.float32)), BODY,
          "NIFTI_SOURCE", "LABELS_ROUNDED", **NII),
    right("seg_without_what_tells_nothing_of_voxels", seg(edit=bare), BODY),
    right("nifti_a_fiftieth_of_a_voxel_off", label_map(grid=shifted(0.02, -0.02, 0.02)),
          BODY, "NIFTI_SOURCE", "GRID_TOLERATED", **NII),
    right("nifti_two_matrices_nearly_alike", nearly_two_places(0.01), BODY,
          "NIFTI_SOURCE", "GRID_TOLERATED", **NII),
    right("seg_a_fiftieth_of_a_voxel_off", seg(grid=shifted(0.02, -0.02, 0.02)), BODY,
          "GRID_TOLERATED"),
    right("nifti_axes_flipped_nearest", label_map(flip=(0, 1)), BODY, "NIFTI_SOURCE",
          "MASK_RESAMPLED", settings=NEAREST, **NII),
    right("nifti_cropped_nearest", label_map(BODY[BOX], grid=PART), BODY,
          "NIFTI_SOURCE", "MASK_RESAMPLED", settings=NEAREST, **NII),
]  # fmt: skip

#: What a reader delivers who found nothing: a reading, not a fault.
FOUND_NOTHING: list[MaskCase] = [
    right("seg_empty_segment", seg(np.stack(
        [BODY, np.zeros_like(BODY)], axis=-1).astype(np.uint8),
        labels=("GTV", "PTV")), NOTHING, "FOUND_NOTHING", roi="PTV"),
    right("seg_empty", seg(np.zeros_like(BODY), sparse=False), NOTHING,
          "FOUND_NOTHING"),
    right("seg_all_below_the_threshold", seg(
        probability() * 0.4, "FRACTIONAL"), NOTHING, "FOUND_NOTHING"),
    right("seg_name_absent_of_a_reader_who_leaves_out", seg(), NOTHING,
          "FOUND_NOTHING", roi="PTV", settings=LEAVES_OUT),
    right("seg_label_map_name_absent_of_a_reader_who_leaves_out", seg(
        ORGANS, "LABELMAP", labels=("BODY", "CORE")), NOTHING, "FOUND_NOTHING",
        roi="PTV", settings=LEAVES_OUT),
    right("nifti_empty", label_map(np.zeros_like(BODY)), NOTHING, "NIFTI_SOURCE",
          "FOUND_NOTHING", **NII),
    right("nifti_empty_of_a_label", label_map(np.zeros_like(BODY)), NOTHING,
          "NIFTI_SOURCE", "FOUND_NOTHING", roi="3", **NII),
    right("nifti_label_absent_of_a_reader_who_leaves_out", label_map(LABELS), NOTHING,
          "NIFTI_SOURCE", "FOUND_NOTHING", roi="3", settings=LEAVES_OUT, **NII),
]  # fmt: skip

REFUSED: list[MaskCase] = [
    refused("nifti_empty_on_another_grid", label_map(np.zeros_like(BODY)[1:]),
            "MASK_GRID", **NII),
    refused("nifti_lost_between_two_grids", label_map(SPECK, grid=FINE), "ROI_EMPTY",
            settings=NEAREST, **NII),
    refused("seg_lost_between_two_grids", seg(SPECK, grid=FINE), "ROI_EMPTY",
            settings=NEAREST),
    refused("seg_empty_of_another_frame_of_reference", seg(
        np.zeros_like(BODY), sparse=False, frame=OTHER_FRAME),
        "SEG_FRAME_OF_REFERENCE"),
    refused("seg_other_frame_of_reference", seg(frame=OTHER_FRAME),
            "SEG_FRAME_OF_REFERENCE"),
    refused("seg_half_a_voxel_off", seg(grid=shifted(0.5, 0, 0)), "SEG_GRID"),
    refused("seg_half_a_slice_off", seg(grid=shifted(0, 0, 0.5)), "SEG_GRID"),
    refused("seg_other_spacing", seg(grid=replace(GRID, spacing_mm=(3.0, 0.9, 0.7))),
            "SEG_GRID"),
    refused("seg_other_slice_spacing", seg(grid=replace(
        GRID, spacing_mm=(2.5, 0.9, 0.8))), "SEG_GRID"),
    refused("seg_other_orientation", seg(grid=OBLIQUE_GRID), "SEG_GRID"),
    refused("seg_wholly_outside", seg(grid=shifted(400, 0, 0)), "CONTOUR_OUTSIDE"),
    refused("seg_partly_outside", seg(grid=shifted(24, 0, 0)), "CONTOUR_OUTSIDE"),
    refused("seg_larger_than_the_image", seg(TOO_LARGE, grid=LARGER),
            "CONTOUR_OUTSIDE"),
    refused("seg_several_and_no_name", seg(TWO, labels=("GTV", "PTV")),
            "ROI_AMBIGUOUS"),
    refused("seg_name_absent", seg(), "ROI_NOT_FOUND", roi="PTV"),
    refused("seg_two_fit", seg(TWO, labels=("GTV_a", "GTV_b")), "ROI_AMBIGUOUS",
            roi="GTV.*"),
    refused("seg_of_no_type", seg(
        probability(), "FRACTIONAL", edit=lambda header: setattr(
            header, "SegmentationType", None)), "SEG_UNREADABLE"),
    refused("seg_maximum_too_small", seg(
        probability(), "FRACTIONAL", edit=lambda header: setattr(
            header, "MaximumFractionalValue", 1)), "SEG_UNREADABLE"),
    refused("seg_maximum_above_a_byte", seg(
        probability(), "FRACTIONAL", edit=lambda header: setattr(
            header, "MaximumFractionalValue", 600)), "SEG_UNREADABLE"),
    refused("seg_of_fewer_frames", seg(edit=lambda header: setattr(
        header, "NumberOfFrames", 5)), "SURPLUS_PIXELS"),
    refused("seg_of_narrower_frames", seg(edit=lambda header: setattr(
        header, "Columns", 43)), "SURPLUS_PIXELS"),
    refused("seg_of_wider_frames", seg(edit=lambda header: setattr(
        header, "Columns", 46)), "SEG_UNREADABLE"),
    refused("seg_cut", cut(seg(sparse=False)), "SEG_UNREADABLE"),
    refused("nifti_between_labels", label_map((BODY * 0.95).astype(np.float32)),
            "MASK_LABELS", **NII),
    refused("seg_without_the_place_of_frames", seg(edit=without_places), "NO_GEOMETRY"),
    refused("seg_without_segment_numbers", seg(edit=without_numbers),
            "SEG_UNREADABLE"),
    refused("seg_one_part_of_three", seg(edit=divided), "MISSING_PART"),
    refused("seg_of_a_segment_not_described", seg(TWO, labels=("GTV", "PTV"),
                                                  edit=undescribed),
            "SEG_INCOMPLETE"),
    refused("seg_a_fiftieth_of_a_voxel_off_and_no_tolerance", seg(
        grid=shifted(0.02, -0.02, 0.02)), "SEG_GRID", settings={"grid_tolerance": 0}),
    refused("nifti_a_fiftieth_of_a_voxel_off_and_no_tolerance", label_map(
        grid=shifted(0.02, 0, 0)), "MASK_GRID", settings={"grid_tolerance": 0}, **NII),
    refused("nifti_two_matrices_apart", nearly_two_places(0.1), "NIFTI_GEOMETRY",
            **NII),
    refused("nifti_turned_by_a_thousandth", label_map(grid=replace(
        GRID, cosines=TURNED)), "MASK_GRID", settings={"grid_tolerance": 0.02}, **NII),
    refused("nifti_half_a_voxel_off", label_map(grid=shifted(0.5, 0, 0)), "MASK_GRID",
            **NII),
    refused("nifti_one_micrometre_in_spacing", label_map(grid=replace(
        GRID, spacing_mm=(3.0, 0.9, 0.802))), "MASK_GRID", **NII),
    refused("nifti_axes_flipped", label_map(flip=(0,)), "MASK_GRID", **NII),
    refused("nifti_other_shape", label_map(BODY[1:]), "MASK_GRID", **NII),
    refused("nifti_label_absent", label_map(LABELS), "ROI_NOT_FOUND", roi="3", **NII),
    refused("nifti_labels_without_choice", label_map(LABELS), "ROI_AMBIGUOUS", **NII),
    refused("nifti_of_an_image", label_map(
        (BODY * 0.3).astype(np.float32)), "MASK_LABELS", **NII),
    refused("nifti_negative", label_map(-BODY.astype(np.int16)), "MASK_LABELS", **NII),
    refused("nifti_not_finite", label_map(np.where(BODY, np.nan, 0).astype(
        np.float32)), "MASK_LABELS", **NII),
    refused("nifti_four_dimensional", four_dimensional, "NIFTI_UNREADABLE", **NII),
    refused("nifti_cut", cut(label_map()), "NIFTI_UNREADABLE", file="mask.nii"),
    refused("nifti_cut_compressed", cut(label_map()), "NIFTI_UNREADABLE", **NII),
]  # fmt: skip

CASES = RIGHT + FOUND_NOTHING + REFUSED

"""Cases of the geometry of classic series."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from .case import Case, refused, right
from .edits import drop, moved, noisy, put, raw, turned
from .lattice import Lattice, Truth
from .slices import CT, MR, PET, Recipe, write

SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
PRONE = (-1.0, 0.0, 0.0, 0.0, -1.0, 0.0)
MIRRORED = (-1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
OBLIQUE = (0.8, 0.6, 0.0, 0.0, 0.0, -1.0)
DOUBLE_OBLIQUE = (0.8, 0.6, 0.0, -0.48, 0.64, 0.6)

#: Sideways shift per slice of a gantry tilted by 15 degrees.
TILT_MM = 3.0 * np.tan(np.radians(15))

UNEVEN = (0.0, 1.1, 2.2, 3.0, 4.1, 5.2, 6.0, 7.1)

SHUFFLED = (5, 2, 7, 0, 3, 6, 1, 4)


def at(recipe: Recipe = CT, **lattice) -> Recipe:
    return replace(recipe, lattice=replace(recipe.lattice, **lattice))


def series(*edits, recipe: Recipe = CT, **options):
    """What writes one series into a folder."""
    return lambda folder: write(folder, recipe, *edits, **options)


def kept(*slices: int, recipe: Recipe = CT):
    """A series of which only some slices are written: equal to a shorter one."""

    def write_kept(folder: Path) -> Truth:
        truth = write(folder, recipe, keep=slices)
        step = slices[1] - slices[0]
        lattice = recipe.lattice
        spacing = (step * lattice.spacing_mm[0], *lattice.spacing_mm[1:])
        origin = tuple(lattice.position(slices[0]).tolist())
        shape = (len(slices), *lattice.shape[1:])
        short = Lattice(shape, spacing, origin, lattice.cosines)
        return replace(truth, lattice=short, values=truth.values[list(slices)])

    return write_kept


def with_foreign_slice(*edits, **lattice):
    """A series and one more slice of it, changed and somewhere else."""

    def write_both(folder: Path) -> Truth:
        other = at(origin_mm=(-10.0, 20.0, -6.0), **lattice)
        write(folder, other, put("SOPInstanceUID", "1.2.826.0.1.7.9.9"), *edits,
              keep=[0], names="XX{:04d}.dcm")  # fmt: skip
        return write(folder)

    return write_both


def written_twice(*edits):
    """Every slice once more with another UID, changed."""

    def write_both(folder: Path) -> Truth:
        def rename(k, header):
            header.SOPInstanceUID = f"1.2.826.0.1.7.9.{k + 1}"

        write(folder, CT, rename, *edits, names="B{:04d}.dcm")
        return write(folder, names="A{:04d}.dcm")

    return write_both


def misleading(k, header):
    """Numbers that contradict the positions."""
    header.InstanceNumber, header.SliceLocation = 100 - 7 * k % 8, f"{-k * 5}"
    header.AcquisitionNumber, header.SpacingBetweenSlices = 1, "7.5"


_ORIENTED = {
    "sagittal": SAGITTAL,
    "coronal": CORONAL,
    "prone": PRONE,
    "mirrored": MIRRORED,
    "oblique": OBLIQUE,
    "double_oblique": DOUBLE_OBLIQUE,
}

RIGHT: list[Case] = [
    right("ct_in_order", series()),
    right("ct_files_reversed", series(numbers=range(8, 0, -1))),
    right("ct_files_shuffled", series(numbers=SHUFFLED)),
    right("ct_slices_downwards", series(recipe=at(spacing_mm=(-3.0, 0.9, 0.8)))),
    *(
        right(f"{recipe.modality.lower()}_{name}", series(recipe=at(recipe, cosines=c)),
              modality=recipe.modality)
        for recipe in (CT, MR, PET)
        for name, c in _ORIENTED.items()
        if recipe is CT or name in ("sagittal", "double_oblique")
    ),
    right("mr_axial", series(recipe=MR), modality="MR"),
    right("pet_slope_per_slice", series(recipe=PET), modality="PT"),
    right("pixels_not_square", series(recipe=at(spacing_mm=(3.0, 0.5, 1.25)))),
    right("slices_thin", series(recipe=at(spacing_mm=(0.4, 0.9, 0.8)))),
    right("many_small_slices", series(recipe=at(shape=(40, 6, 5)))),
    right("instance_numbers_mislead", series(misleading)),
    right("instance_numbers_all_equal", series(put("InstanceNumber", 1))),
    right("instance_numbers_absent", series(drop("InstanceNumber"))),
    right("positions_with_jitter", series(noisy("ImagePositionPatient", 0.01))),
    right("positions_with_more_jitter", series(noisy("ImagePositionPatient", 0.03)),
          "NON_UNIFORM_SPACING_ACCEPTED"),
    right("orientation_with_noise", series(noisy("ImageOrientationPatient", 1e-4))),
    right("spacing_with_rounding", series(
        put("PixelSpacing", ["0.90000001", "0.8"], 3))),
    right("thickness_is_not_spacing", series(put("SliceThickness", "5")),
          "THICKNESS_NE_SPACING"),
    right("thickness_absent", series(drop("SliceThickness"))),
    right("first_slice_missing", kept(*range(1, 8))),
    right("last_slice_missing", kept(*range(7))),
    right("every_other_slice", kept(0, 2, 4, 6), "THICKNESS_NE_SPACING"),
    right("position_in_exponents", series(
        raw("ImagePositionPatient", "-1.0E+1\\2.0e1\\-30", 0))),
    right("position_padded", series(
        raw("ImagePositionPatient", "  -10.0 \\ 20.0\\-30.000  ", 0))),
    right("tilt_resampled", series(
        recipe=at(shear_mm=(0.0, TILT_MM), shape=(8, 24, 12))),
        "GANTRY_TILT_RESAMPLED", settings={"tilt": "resample"}, is_exact=False),
    right("tilt_negative_resampled", series(
        recipe=at(shear_mm=(0.0, -TILT_MM), shape=(8, 24, 12))),
        "GANTRY_TILT_RESAMPLED", settings={"tilt": "resample"}, is_exact=False),
    right("tilt_sideways_resampled", series(
        recipe=at(shear_mm=(0.5, -TILT_MM), shape=(8, 24, 12))),
        "GANTRY_TILT_RESAMPLED", settings={"tilt": "resample"}, is_exact=False),
    right("tilt_oblique_mr_resampled", series(
        recipe=at(MR, shear_mm=(0.0, TILT_MM), shape=(8, 24, 12),
                  cosines=DOUBLE_OBLIQUE)),
        "GANTRY_TILT_RESAMPLED", settings={"tilt": "resample"}, is_exact=False,
        modality="MR"),
    right("tilt_pet_resampled", series(
        recipe=at(PET, shear_mm=(0.0, TILT_MM), shape=(8, 24, 12))),
        "GANTRY_TILT_RESAMPLED", settings={"tilt": "resample"}, is_exact=False,
        modality="PT"),
    right("no_tilt_is_not_resampled", series(), settings={"tilt": "resample"}),
    right("uneven_resampled", series(recipe=at(steps=UNEVEN)),
          "UNEVEN_SPACING_RESAMPLED", "THICKNESS_NE_SPACING",
          settings={"uneven_spacing": "resample"}, is_exact=False),
    right("uneven_and_tilted_resampled", series(
        recipe=at(shear_mm=(0.0, TILT_MM), shape=(8, 24, 12), steps=UNEVEN)),
        "UNEVEN_SPACING_RESAMPLED", "THICKNESS_NE_SPACING", "GANTRY_TILT_RESAMPLED",
        settings={"uneven_spacing": "resample", "tilt": "resample"}, is_exact=False),
    right("five_percent_allowed", series(
        moved(lambda k: (0, 0, 0.12 * (k == 4)))), "NON_UNIFORM_SPACING_ACCEPTED",
        settings={"spacing_tolerance": 0.05}),
]  # fmt: skip

REFUSED: list[Case] = [
    refused("middle_slice_missing", kept(0, 1, 2, 3, 5, 6, 7), "MISSING_SLICE"),
    refused("second_slice_missing", kept(0, 2, 3, 4, 5, 6, 7), "MISSING_SLICE"),
    refused("second_to_last_slice_missing", kept(0, 1, 2, 3, 4, 5, 7),
            "MISSING_SLICE"),
    refused("two_neighbours_missing", kept(0, 1, 4, 5, 6, 7), "MISSING_SLICE"),
    refused("two_apart_missing", kept(0, 1, 3, 4, 6, 7), "MISSING_SLICE"),
    refused("of_three_one_missing", kept(0, 1, 3), "NON_UNIFORM_SPACING"),
    refused("all_slices_twice_other_uid", written_twice(), "DUPLICATE_POSITION"),
    refused("one_slice_twice_other_uid", lambda folder: (
        write(folder), write(folder, CT, put("SOPInstanceUID", "1.2.826.0.1.7.9.9"),
                             keep=[3], names="Z{:04d}.dcm"))[0],
        "DUPLICATE_POSITION"),
    refused("one_slice_twice_same_uid_other_pixels", lambda folder: (
        write(folder), write(folder, replace(CT, offset=50), keep=[3],
                             names="Z{:04d}.dcm"))[0],
        "DUPLICATE_POSITION"),
    refused("spacing_uneven_by_5_percent", series(
        moved(lambda k: (0, 0, 0.15 * (k % 2)))), "NON_UNIFORM_SPACING"),
    refused("uneven_and_tilted", series(recipe=at(
        shear_mm=(0.0, TILT_MM), steps=UNEVEN)), "NON_UNIFORM_SPACING", "GANTRY_TILT"),
    refused("uneven_with_a_wide_gap_is_not_resampled", series(recipe=at(
        steps=(0.0, 1.1, 2.2, 3.0, 4.1, 7.5, 8.6, 9.5))), "NON_UNIFORM_SPACING",
        settings={"uneven_spacing": "resample"}),
    refused("missing_slice_is_not_resampled", kept(0, 1, 2, 3, 5, 6, 7),
            "MISSING_SLICE", settings={"uneven_spacing": "resample"}),
    refused("spacing_grows", series(
        moved(lambda k: (0, 0, 0.02 * k * k))), "NON_UNIFORM_SPACING"),
    refused("two_stacks_of_other_spacing", series(
        moved(lambda k: (0, 0, 1.5 * max(k - 4, 0)))), "NON_UNIFORM_SPACING"),
    refused("gantry_tilt", series(recipe=at(shear_mm=(0.0, TILT_MM))), "GANTRY_TILT"),
    refused("gantry_tilt_negative", series(recipe=at(shear_mm=(0.0, -TILT_MM))),
            "GANTRY_TILT"),
    refused("gantry_tilt_of_one_degree", series(
        recipe=at(shear_mm=(0.0, 3 * np.tan(np.radians(1))))), "GANTRY_TILT"),
    refused("tilt_of_uneven_slices_is_not_resampled", series(
        moved(lambda k: (0, TILT_MM * k, 0.3 * (k == 3)))),
        "NON_UNIFORM_SPACING", settings={"tilt": "resample"}),
    refused("jump_in_plane", series(moved(lambda k: (8.0 * (k > 3), 0, 0))),
            "INPLANE_SHIFT"),
    refused("jump_of_one_slice", series(moved(lambda k: (0.5 * (k == 4), 0, 0))),
            "INPLANE_SHIFT"),
    refused("slices_turn_round", series(turned(lambda k: 0.5 * k)),
            "MIXED_ORIENTATION"),
    refused("one_slice_turned_by_half_a_degree", series(
        turned(lambda k: 0.5 * (k == 5))), "MIXED_ORIENTATION"),
    refused("two_orientations", with_foreign_slice(cosines=SAGITTAL),
            "MIXED_ORIENTATION"),
    refused("one_slice_upside_down", series(
        put("ImageOrientationPatient", list(PRONE), 2)), "MIXED_ORIENTATION"),
    refused("two_pixel_spacings", series(
        put("PixelSpacing", ["0.45", "0.4"], 4, 5, 6, 7)), "MIXED_PIXEL_SPACING"),
    refused("two_matrices", with_foreign_slice(shape=(8, 12, 10)), "MIXED_MATRIX"),
    refused("two_frames_of_reference", series(
        put("FrameOfReferenceUID", "1.2.826.0.1.7.3.1", 6, 7)),
        "MIXED_FRAME_OF_REFERENCE"),
    refused("single_slice", series(keep=[3]), "SINGLE_SLICE"),
    refused("pixel_spacing_zero", series(put("PixelSpacing", ["0", "0"])),
            "BAD_SPACING"),
    refused("pixel_spacing_negative", series(put("PixelSpacing", ["-0.9", "0.8"])),
            "BAD_SPACING"),
    refused("pixel_spacing_zero_in_one", series(put("PixelSpacing", ["0", "0"], 2)),
            "BAD_SPACING", "MIXED_PIXEL_SPACING"),
    refused("pixel_spacing_absent", series(drop("PixelSpacing")), "NO_GEOMETRY"),
    refused("pixel_spacing_of_one_number", series(raw("PixelSpacing", "0.9")),
            "NO_GEOMETRY"),
    refused("pixel_spacing_with_commas", series(raw("PixelSpacing", "0,9\\0,8")),
            "BAD_VALUE"),
    refused("pixel_spacing_not_finite", series(raw("PixelSpacing", "nan\\0.8")),
            "NO_GEOMETRY"),
    refused("position_absent", series(drop("ImagePositionPatient")), "NO_GEOMETRY"),
    refused("position_absent_in_one", series(drop("ImagePositionPatient", 3)),
            "NO_GEOMETRY"),
    refused("position_not_finite", series(raw("ImagePositionPatient", "inf\\0\\0", 3)),
            "NO_GEOMETRY"),
    refused("position_of_two_numbers", series(
        raw("ImagePositionPatient", "-10\\20", 3)), "NO_GEOMETRY"),
    refused("positions_all_equal", series(
        put("ImagePositionPatient", ["-10", "20", "-30"])), "DUPLICATE_POSITION"),
    refused("orientation_absent", series(drop("ImageOrientationPatient")),
            "NO_GEOMETRY"),
    refused("orientation_zero", series(put("ImageOrientationPatient", [0] * 6)),
            "NO_GEOMETRY"),
    refused("orientation_not_of_unit_length", series(
        put("ImageOrientationPatient", [2, 0, 0, 0, 2, 0])), "NO_GEOMETRY"),
    refused("orientation_not_at_right_angles", series(
        put("ImageOrientationPatient", [1, 0, 0, 0.6, 0.8, 0])), "NO_GEOMETRY"),
    refused("untagged_scout_in_series", with_foreign_slice(
        cosines=SAGITTAL, shape=(8, 32, 32)), "MIXED_MATRIX", "MIXED_ORIENTATION"),
]  # fmt: skip

CASES = RIGHT + REFUSED

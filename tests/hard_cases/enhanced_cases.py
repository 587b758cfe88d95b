"""Cases of enhanced multi-frame files."""

from dataclasses import replace
from pathlib import Path

from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    LegacyConvertedEnhancedCTImageStorage,
)

from .case import Case, refused, right
from .codecs import LOSSLESS, compressed
from .geometry_cases import DOUBLE_OBLIQUE, PRONE, SAGITTAL, SHUFFLED, TILT_MM, at
from .lattice import Truth
from .multiframe import (
    E_CT,
    E_MR,
    in_group,
    put,
    shorter,
    without_group,
    write,
)
from .slices import Encoding, save_as
from .slices import write as write_classic

SLOPES = replace(E_CT, encoding=Encoding(
    slopes=(1.0, 2.0, 0.5), intercepts=(-1024.0, 0.0, -512.0)))  # fmt: skip
ALL = ("PixelMeasures", "PlaneOrientation", "PixelValueTransformation")


def file(recipe=E_CT, **options):
    return lambda folder: write(folder, recipe, **options)


def frames(*order: int):
    """An enhanced file that holds only some slices."""
    return lambda folder: shorter(write(folder, order=order), order)


def two_files(folder: Path) -> Truth:
    """A concatenation: one volume over two files of one series."""

    def name(number):
        return [put("SOPInstanceUID", f"1.2.826.0.1.7.2.1.{number}"),
                put("InConcatenationNumber", number)]  # fmt: skip

    write(folder, order=range(4), file_edits=name(1), name="a.dcm")
    return write(folder, order=range(4, 8), file_edits=name(2), name="b.dcm")


def beside_classic(folder: Path) -> Truth:
    """The same slices as classic files of another series."""
    write_classic(folder, series="1.2.826.0.1.7.8")
    return write(folder)


def scout_among(folder: Path) -> None:
    """A localizer frame in front of the volume, as its frame type says."""

    def mark(k: int, item: Dataset) -> None:
        kind = Dataset()
        scout = "LOCALIZER" if k == 0 else "VOLUME"
        kind.FrameType = ["ORIGINAL", "PRIMARY", scout, "NONE"]
        item.CTImageFrameTypeSequence = [kind]

    turned = in_group("PlaneOrientation", "ImageOrientationPatient", list(SAGITTAL), 0)
    write(folder, shared=("PixelMeasures",), frame_edits=[mark, turned])


def fewer_groups(header: Dataset) -> None:
    del header.PerFrameFunctionalGroupsSequence[-1]


def half_the_pixels(header: Dataset) -> None:
    header.PixelData = header.PixelData[: len(header.PixelData) // 2]


def cut(folder: Path) -> None:
    write(folder)
    path = folder / "enhanced.dcm"
    path.write_bytes(path.read_bytes()[:-300])


def cut_compressed(folder: Path) -> None:
    write(folder, save=compressed(LOSSLESS["jpeg_lossless_sv1"]))
    path = folder / "enhanced.dcm"
    path.write_bytes(path.read_bytes()[:-300])


def burned(header: Dataset) -> None:
    header.BurnedInAnnotation = "YES"


RIGHT: list[Case] = [
    right("enhanced_ct", file()),
    right("enhanced_mr", file(E_MR), modality="MR"),
    right("enhanced_reversed", file(order=range(7, -1, -1))),
    right("enhanced_shuffled", file(order=SHUFFLED)),
    right("enhanced_mr_shuffled_oblique", file(
        at(E_MR, cosines=DOUBLE_OBLIQUE), order=SHUFFLED), modality="MR"),
    right("enhanced_sagittal", file(at(cosines=SAGITTAL))),
    right("enhanced_slope_per_frame", file(SLOPES)),
    right("enhanced_slope_per_frame_shuffled", file(SLOPES, order=SHUFFLED)),
    right("enhanced_rescale_shared", file(shared=ALL)),
    right("enhanced_geometry_in_every_frame", file(shared=())),
    right("enhanced_first_frame_missing", frames(*range(1, 8))),
    right("enhanced_over_two_files", two_files),
    right("enhanced_legacy_converted", file(file_edits=[
        put("SOPClassUID", LegacyConvertedEnhancedCTImageStorage)])),
    right("enhanced_jitter", file(frame_edits=[in_group(
        "PlanePosition", "ImagePositionPatient", ["-10.01", "20.0", "-20.99"], 3)]),
        "NON_UNIFORM_SPACING_ACCEPTED"),
    right("enhanced_monochrome1", file(file_edits=[
        put("PhotometricInterpretation", "MONOCHROME1")])),
    right("enhanced_signed_12_bits", file(replace(
        E_CT, encoding=Encoding("int16", 12, (1.0,), (0.0,))))),
    *(right(f"enhanced_{name}", file(save=save_as(syntax))) for name, syntax in {
        "implicit": ImplicitVRLittleEndian,
        "big_endian": ExplicitVRBigEndian,
        "deflated": DeflatedExplicitVRLittleEndian}.items()),
    *(right(f"enhanced_{name}", file(order=SHUFFLED, save=compressed(syntax)))
      for name, syntax in LOSSLESS.items()),
    right("enhanced_tilt_resampled", file(
        at(shear_mm=(0.0, TILT_MM), shape=(8, 24, 12))), "GANTRY_TILT_RESAMPLED",
        settings={"tilt": "resample"}, is_exact=False),
]  # fmt: skip

REFUSED: list[Case] = [
    refused("enhanced_slice_missing", frames(0, 1, 2, 3, 5, 6, 7), "MISSING_SLICE"),
    refused("enhanced_second_slice_missing", frames(0, 2, 3, 4, 5, 6, 7),
            "MISSING_SLICE"),
    refused("enhanced_one_part_of_two", file(file_edits=[
        put("ConcatenationUID", "1.2.826.0.1.7.9"), put("InConcatenationNumber", 1),
        put("InConcatenationTotalNumber", 2)]), "MISSING_PART"),
    refused("enhanced_slice_twice", lambda folder: write(
        folder, order=[0, 1, 2, 3, 3, 4, 5, 6, 7]), "DUPLICATE_POSITION"),
    refused("enhanced_spacing_uneven", file(frame_edits=[in_group(
        "PlanePosition", "ImagePositionPatient", ["-10", "20", "-20.7"], 3)]),
        "NON_UNIFORM_SPACING"),
    refused("enhanced_tilt", file(at(shear_mm=(0.0, TILT_MM))), "GANTRY_TILT"),
    refused("enhanced_two_orientations", file(shared=("PixelMeasures",), frame_edits=[
        in_group("PlaneOrientation", "ImageOrientationPatient", list(PRONE), 2)]),
        "MIXED_ORIENTATION"),
    refused("enhanced_localizer_frame", scout_among, "MIXED_ORIENTATION"),
    refused("enhanced_two_pixel_spacings", file(shared=(), frame_edits=[
        in_group("PixelMeasures", "PixelSpacing", ["0.45", "0.4"], 5, 6, 7)]),
        "MIXED_PIXEL_SPACING"),
    refused("enhanced_without_measures", file(shared=(), frame_edits=[
        without_group("PixelMeasures")]), "NO_GEOMETRY"),
    refused("enhanced_without_a_position", file(frame_edits=[
        without_group("PlanePosition", 3)]), "NO_GEOMETRY"),
    refused("enhanced_ct_without_a_rescale", file(frame_edits=[
        without_group("PixelValueTransformation", 3)]), "RESCALE_MISSING"),
    refused("enhanced_mr_without_a_rescale", file(
        replace(E_MR, encoding=Encoding("uint16", 12, (0.5,), (0.0,))),
        frame_edits=[without_group("PixelValueTransformation", 3)]),
        "RESCALE_INCONSISTENT", modality="MR"),
    refused("enhanced_without_functional_groups", file(file_edits=[
        lambda header: delattr(header, "PerFrameFunctionalGroupsSequence")]),
        "NO_GEOMETRY"),
    refused("enhanced_fewer_groups_than_frames", file(file_edits=[fewer_groups]),
            "BAD_VALUE"),
    refused("enhanced_fewer_pixels_than_frames", file(file_edits=[half_the_pixels]),
            "TRUNCATED_FILE"),
    refused("enhanced_more_groups_than_frames", file(file_edits=[
        put("NumberOfFrames", 6)]), "BAD_VALUE"),
    refused("enhanced_cut", cut, "TRUNCATED_FILE"),
    refused("enhanced_compressed_cut", cut_compressed, "TRUNCATED_FILE"),
    refused("enhanced_burned_in", file(file_edits=[burned]), "BURNED_IN"),
    refused("enhanced_lossy", file(file_edits=[put("LossyImageCompression", "01")]),
            "LOSSY_COMPRESSION"),
    refused("enhanced_and_classic_series", beside_classic, "SERIES_AMBIGUOUS"),
    refused("enhanced_wrong_modality", file(E_MR), "WRONG_MODALITY"),
    refused("enhanced_single_frame", lambda folder: write(folder, order=[3]),
            "SINGLE_SLICE"),
]  # fmt: skip

CASES = RIGHT + REFUSED

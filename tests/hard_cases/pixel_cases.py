"""Cases of stored pixels: transfer syntaxes, types, rescales, kinds of picture."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from .case import Case, refused, right
from .codecs import (
    JPEG_BASELINE,
    LOSSLESS,
    compressed,
    irreversible,
    near_lossless,
    other_syntax,
)
from .edits import drop, put, raw
from .geometry_cases import series
from .lattice import Lattice, Truth
from .slices import (
    CT,
    LAST_SLICE,
    MR,
    PET,
    Encoding,
    Recipe,
    save_as,
    set_pixels,
    write,
)

UINT12 = replace(CT, encoding=Encoding("uint16", 12))
SIGNED12 = replace(CT, encoding=Encoding("int16", 12, (1.0,), (0.0,)))
FRACTIONAL = replace(CT, encoding=Encoding("int16", 16, (0.25,), (-1024.5,)))
WIDE = Recipe("MR", encoding=Encoding("int16", 16, (100.0,), (0.0,)), scale=5e3)
BYTES = Recipe("MR", encoding=Encoding("uint8", 8, None, None), scale=0.35, offset=125)
LONG = Recipe("MR", encoding=Encoding("uint32", 32, None, None), scale=50, offset=1e5)
ODD = replace(BYTES, lattice=Lattice((7, 9, 11)))
VARYING = replace(
    CT, encoding=Encoding(slopes=(1.0, 2.0, 0.5), intercepts=(-1024.0, 0.0, -512.0))
)


def overlaid(k: int, header: Dataset) -> None:
    """Put an overlay into the bits above BitsStored, as old scanners did."""
    plane = np.frombuffer(header.PixelData, "<u2").copy()
    plane |= np.random.default_rng(k).integers(0, 16, plane.size, "u2") << 12
    header.PixelData = plane.tobytes()


def at_the_top(k: int, header: Dataset) -> None:
    """Store 12 bits at the upper end of 16."""
    plane = np.frombuffer(header.PixelData, "<u2") << 4
    header.PixelData, header.HighBit = plane.astype("<u2").tobytes(), 15


def mixed_sign(k: int, header: Dataset) -> None:
    """Declare every other slice signed; all values fit both."""
    if k % 2:
        header.PixelRepresentation = 1


def with_modality_lut(k: int, header: Dataset) -> None:
    """Double the stored values by a table that starts at 100."""
    table = Dataset()
    table.LUTDescriptor, table.ModalityLUTType = [3996, 100, 16], "US"
    table["LUTDescriptor"].VR = "US"
    entries = (np.arange(100, 4096, dtype="<u2") * 2).tobytes()
    table.add_new("LUTData", "OW", entries)
    header.ModalityLUTSequence = [table]
    drop("RescaleSlope")(k, header)
    drop("RescaleIntercept")(k, header)


def coloured(k: int, header: Dataset) -> None:
    plane = np.zeros((header.Rows, header.Columns), "u1")
    set_pixels(header, plane)
    header.SamplesPerPixel, header.PhotometricInterpretation = 3, "RGB"
    header.PlanarConfiguration, header.PixelData = 0, bytes(3 * plane.size)


def eight_bits(k: int, header: Dataset) -> None:
    """Squeeze the values into a byte, as JPEG baseline needs."""
    plane = np.frombuffer(header.PixelData, "<u2") >> 4
    set_pixels(header, plane.astype("u1").reshape(header.Rows, header.Columns))


def one_rescale_lost(folder: Path) -> Truth:
    def change(k, header):
        if k == 4:
            del header.RescaleSlope, header.RescaleIntercept

    recipe = replace(MR, encoding=Encoding("uint16", 12, (0.5,), (0.0,)))
    return write(folder, recipe, change)


def each_in_another_syntax(folder: Path) -> Truth:
    writers = [compressed(syntax) for syntax in LOSSLESS.values()]
    writers += [save_as(), save_as(ImplicitVRLittleEndian)]

    def save(header: Dataset, path: Path) -> None:
        writers[header.InstanceNumber % len(writers)](header, path)

    return write(folder, UINT12, save=save)


def suv_as_stored(k: int, header: Dataset) -> None:
    header.Units, header.SUVType = "GML", "BW"


def lost_rescale(k: int, header: Dataset) -> None:
    """Values from 0 as stored, with a rescale that says they are HU."""
    header.RescaleSlope, header.RescaleIntercept = "1", "0"


_PLAIN = {
    "implicit": ImplicitVRLittleEndian,
    "big_endian": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}
_SIGNED_PET = replace(PET, encoding=Encoding("uint16", 16, (0.5, 0.75), (0.0,)))

RIGHT: list[Case] = [
    *(right(f"syntax_{name}", series(save=save_as(syntax)))
      for name, syntax in _PLAIN.items()),
    *(right(f"syntax_{name}_{kind}", series(recipe=recipe, save=compressed(syntax)))
      for name, syntax in LOSSLESS.items()
      for kind, recipe in (("unsigned", UINT12), ("signed", CT))),
    right("syntax_jpeg_ls_by_another_encoder", series(
        recipe=UINT12, save=near_lossless(0, flagged=False))),
    right("syntax_each_slice_another", each_in_another_syntax),
    right("file_without_preamble", series(save=save_as(bare=True))),
    right("pet_compressed", series(recipe=PET, save=compressed(LOSSLESS["rle"])),
          modality="PT"),
    right("unsigned_12_bits", series(recipe=UINT12)),
    right("signed_12_bits", series(recipe=SIGNED12)),
    right("mixed_sign", series(mixed_sign, recipe=UINT12)),
    right("garbage_above_bits_stored", series(overlaid, recipe=UINT12)),
    right("garbage_above_bits_stored_signed", series(overlaid, recipe=SIGNED12)),
    right("values_above_bit_0", series(at_the_top, recipe=UINT12)),
    right("monochrome1", series(put("PhotometricInterpretation", "MONOCHROME1"))),
    right("slope_and_intercept_per_slice", series(recipe=VARYING)),
    right("slope_fractional", series(recipe=FRACTIONAL)),
    right("values_beyond_16_bits", series(recipe=WIDE), modality="MR"),
    right("mr_8_bits", series(recipe=BYTES), modality="MR"),
    right("mr_8_bits_odd_length", series(recipe=ODD), modality="MR"),
    right("mr_32_bits", series(recipe=LONG), modality="MR"),
    right("mr_rescaled", series(recipe=replace(
        MR, encoding=Encoding("uint16", 12, (2.5,), (-7.0,)))), modality="MR"),
    right("pet_unsigned", series(recipe=_SIGNED_PET), modality="PT"),
    right("pet_in_suv", series(suv_as_stored, recipe=replace(
        PET, unit=1.0, scale=0.004, offset=3.0,
        encoding=Encoding(slopes=(0.0005, 0.001), intercepts=(0.0,)))), modality="PT"),
    right("modality_lut", series(with_modality_lut, recipe=replace(
        MR, unit=2.0)), "MODALITY_LUT_APPLIED", modality="MR"),
    right("derived_image", series(put(
        "ImageType", ["DERIVED", "PRIMARY", "AXIAL"])), "DERIVED_IMAGE"),
    right("rescale_type_hu", series(put("RescaleType", "HU"))),
    right("lossy_flag_00", series(put("LossyImageCompression", "00"))),
    right("burned_in_no", series(put("BurnedInAnnotation", "NO"))),
    right("padding_value_declared", series(put("PixelPaddingValue", -2000))),
    right("lossy_waived", series(put("LossyImageCompression", "01")),
          "LOSSY_COMPRESSION_WAIVED",
          settings={"waive": {"LOSSY_COMPRESSION": ["P1"]}}),
]  # fmt: skip


def one_slice(keyword: str, value: str):
    def change(k: int, header: Dataset) -> None:
        if k == 3:
            setattr(header, keyword, value)

    return change


def tenfold_slope(k: int, header: Dataset) -> None:
    if k == 3:
        header.RescaleSlope = str(10 * float(header.RescaleSlope))


def tenth_at_the_end(k: int, header: Dataset) -> None:
    if k == LAST_SLICE:
        header.RescaleSlope = str(0.1 * float(header.RescaleSlope))


def tenfold_at_the_end(k: int, header: Dataset) -> None:
    if k == LAST_SLICE:
        header.RescaleSlope = str(10 * float(header.RescaleSlope))


REFUSED: list[Case] = [
    refused("ct_intercept_lost_in_one_slice", series(one_slice(
        "RescaleIntercept", "0")), "RESCALE_JUMP"),
    refused("ct_intercept_of_one_slice_an_HU_apart", series(one_slice(
        "RescaleIntercept", "-1025")), "RESCALE_JUMP"),
    refused("ct_slope_of_the_last_slice_a_tenth", series(tenth_at_the_end),
            "RESCALE_JUMP"),
    refused("pet_intercept_of_one_slice", series(one_slice(
        "RescaleIntercept", "100"), recipe=PET), "RESCALE_JUMP", modality="PT"),
    refused("pet_slope_of_the_last_slice_ten_times", series(
        tenfold_at_the_end, recipe=PET), "RESCALE_JUMP", modality="PT"),
    refused("pet_slope_of_one_slice_ten_times", series(
        tenfold_slope, recipe=PET), "RESCALE_JUMP",
        modality="PT"),
    refused("pet_of_fewer_slices_than_told", series(
        put("NumberOfSlices", 9), recipe=PET), "SLICES_FEWER_THAN_TOLD", modality="PT"),
    refused("file_without_preamble_and_usual_start", series(
        drop("SpecificCharacterSet"), save=save_as(bare=True)), "UNREADABLE_FILE"),
    refused("codec_absent", series(
        save=other_syntax("1.2.840.10008.1.2.4.100")), "CODEC_MISSING"),
    refused("lossy_flag_01", series(put("LossyImageCompression", "01")),
            "LOSSY_COMPRESSION"),
    refused("lossy_flag_in_one_slice", series(put("LossyImageCompression", "01", 5)),
            "LOSSY_COMPRESSION"),
    refused("lossy_near_lossless_flagged", series(
        recipe=UINT12, save=near_lossless(3, flagged=True)), "LOSSY_COMPRESSION"),
    refused("lossy_near_lossless_not_flagged", series(
        recipe=UINT12, save=near_lossless(3, flagged=False)), "LOSSY_COMPRESSION"),
    refused("lossy_jpeg_baseline_not_flagged", series(
        eight_bits, drop("LossyImageCompression"), recipe=UINT12,
        save=compressed(JPEG_BASELINE)), "LOSSY_COMPRESSION"),
    refused("lossy_jpeg_2000_not_flagged", series(recipe=UINT12, save=irreversible),
            "LOSSY_COMPRESSION"),
    refused("burned_in", series(put("BurnedInAnnotation", "YES")), "BURNED_IN"),
    refused("coloured", series(coloured), "NOT_GREYSCALE"),
    refused("ct_slope_absent", series(drop("RescaleSlope")), "RESCALE_MISSING"),
    refused("ct_rescale_absent_in_one", series(
        drop("RescaleIntercept", 2)), "RESCALE_MISSING"),
    refused("ct_rescale_lost", series(lost_rescale, recipe=UINT12), "RESCALE_MISSING"),
    refused("ct_modality_lut_without_hounsfield_units", series(
        with_modality_lut, recipe=UINT12), "RESCALE_MISSING"),
    refused("ct_slope_zero", series(put("RescaleSlope", "0")), "BAD_VALUE"),
    refused("ct_slope_not_finite", series(raw("RescaleSlope", "nan", 3)),
            "RESCALE_MISSING"),
    refused("mr_slope_not_finite", series(
        raw("RescaleSlope", "inf", 3), recipe=replace(
            MR, encoding=Encoding("uint16", 12, (2.0,), (0.0,)))),
        "RESCALE_INCONSISTENT", modality="MR"),
    refused("mr_rescale_lost_in_one", one_rescale_lost, "RESCALE_INCONSISTENT",
            modality="MR"),
    refused("rescale_type_not_hu", series(put("RescaleType", "OD")), "RESCALE_TYPE"),
    refused("pet_rescale_absent", series(drop("RescaleSlope"), recipe=PET),
            "RESCALE_MISSING", modality="PT"),
    refused("pet_units_unknown", series(put("Units", "PROPCNTS"), recipe=PET),
            "PET_UNITS", modality="PT"),
    refused("pet_not_attenuation_corrected", series(
        put("CorrectedImage", ["DECY"]), recipe=PET), "PET_NOT_CORRECTED",
        modality="PT"),
    refused("pet_without_weight", series(drop("PatientWeight"), recipe=PET),
            "PET_MISSING", modality="PT"),
    refused("pet_units_differ", series(put("Units", "GML", 3), recipe=PET),
            "PET_INCONSISTENT", modality="PT"),
    refused("pet_weights_differ", series(put("PatientWeight", "70", 3), recipe=PET),
            "PET_INCONSISTENT", modality="PT"),
]  # fmt: skip

CASES = RIGHT + REFUSED

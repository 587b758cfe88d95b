"""Stored pixels of a series, and the values they stand for."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.pixels import get_decoder, pixel_array
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

from ..errors import IngestFault
from . import header as hd
from .faults import Found, raise_all, some

INT16 = np.iinfo(np.int16)

#: Modalities whose stored numbers mean nothing without slope and intercept.
NEEDS_RESCALE = frozenset({"CT", "PT"})

#: Values of RescaleType for which CT numbers are Hounsfield units.
_HOUNSFIELD = frozenset({None, "HU", "US"})


def require_usable(
    paths: Sequence[Path], headers: Sequence[Dataset], modality: str
) -> None:
    """Raise one IngestFault for everything that keeps pixels from being read.

    Raises
    ------
    IngestFault
        NO_PIXEL_DATA, TRUNCATED_FILE, CODEC_MISSING, LOSSY_COMPRESSION,
        NOT_GREYSCALE, BURNED_IN, MODALITY_LUT or RESCALE_MISSING.
    """
    raise_all(_undescribed(headers))
    raise_all([*_incomplete(paths, headers), *_codec_faults(headers)])
    raise_all([*_content_faults(headers), *_rescale_faults(headers, modality)])


def volume_array(
    paths: Sequence[Path],
    headers: Sequence[Dataset],
    modality: str,
    factor: float = 1.0,
) -> np.ndarray:
    """Values of a series: HU, SUV or the scanner's own units.

    Parameters
    ----------
    paths, headers : sequences of length n
        Slices in the order of k.
    modality : str
        CT and MR become int16 where that is exact, else float32; PT float32.
    factor : float, default=1.0
        Multiplies the rescaled values (PET: from Bq/ml to SUV).

    Returns
    -------
    ndarray, shape (n, rows, columns)
    """
    slopes = np.array([_rescale(h, "RescaleSlope", 1.0) for h in headers]) * factor
    offsets = np.array([_rescale(h, "RescaleIntercept", 0.0) for h in headers]) * factor
    stack = np.stack([stored(path) for path in paths])
    if modality != "PT" and _fits_int16(stack, slopes, offsets):
        array = np.empty(stack.shape, np.int16)
        slopes, offsets = slopes.astype(np.int64), offsets.astype(np.int64)
    else:
        array = np.empty(stack.shape, np.float32)
    for k, plane in enumerate(stack):
        array[k] = plane * slopes[k] + offsets[k]
    return array


def compact(array: np.ndarray, modality: str) -> np.ndarray:
    """Values of a volume as int16 where that is exact, else float32; PT float32."""
    if modality != "PT" and np.array_equal(array, np.rint(array)):
        one, zero = np.ones(len(array)), np.zeros(len(array))
        if _fits_int16(array, one, zero):
            return array.astype(np.int16)
    return array.astype(np.float32)


def require_hounsfield(array: np.ndarray, modality: str) -> None:
    """Raise RESCALE_MISSING if no voxel of a CT lies below water."""
    if modality == "CT" and array.min() >= 0:
        raise IngestFault(
            "RESCALE_MISSING",
            f"CT values are {array.min():g} to {array.max():g}, but air is "
            "-1000 HU and fat -100 HU: the rescale was lost. Export the series again.",
        )


def stored(path: Path) -> np.ndarray:
    """Stored pixels of one slice, shape (rows, columns); unused bits are cleared."""
    try:
        return pixel_array(path)
    except OSError:
        raise
    except Exception as error:  # decoders raise whatever they like
        raise IngestFault(
            "TRUNCATED_FILE",
            f"the pixels of {path.name} cannot be decoded ({error}). Copy it again "
            "from the archive.",
        ) from error


def _undescribed(headers: Sequence[Dataset]) -> Iterator[Found]:
    for keyword in ("Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit"):
        absent = sum(hd.number(header, keyword) is None for header in headers)
        if absent:
            text = f"{keyword} is absent in {absent} of {len(headers)} files. Copy "
            yield Found("NO_PIXEL_DATA", text + "them again from the archive.")


def _incomplete(paths: Sequence[Path], headers: Sequence[Dataset]) -> Iterator[Found]:
    """Files without pixels or with fewer bytes than their header needs."""
    absent = [
        p.name for p, h in zip(paths, headers, strict=True) if "PixelData" not in h
    ]
    again = "Copy them again from the archive."
    if absent:
        text = f"{len(absent)} of {len(paths)} files have no pixels: {some(absent)}. "
        yield Found("NO_PIXEL_DATA", text + again)
    short = []
    for path, header in zip(paths, headers, strict=True):
        present, needed = _pixel_bytes(path, header)
        if present < needed:
            short.append(f"{path.name} has {present} bytes of pixels, needs {needed}")
    if short:
        text = f"{len(short)} of {len(paths)} files are cut short: {some(short)}. "
        yield Found("TRUNCATED_FILE", text + again)


def _pixel_bytes(path: Path, header: Dataset) -> tuple[int, int]:
    """Bytes of pixels that a file has and needs; equal where that is unknown."""
    syntax = _syntax(header)
    if "PixelData" not in header or syntax.is_encapsulated:
        return 0, 0
    needed = int(header.Rows) * int(header.Columns) * int(header.BitsAllocated) // 8
    element = header.get_item("PixelData", keep_deferred=True)
    if not isinstance(element, RawDataElement):
        return len(element.value), needed
    if syntax == DeflatedExplicitVRLittleEndian:
        return element.length, needed
    return min(element.length, path.stat().st_size - element.value_tell), needed


def _codec_faults(headers: Sequence[Dataset]) -> Iterator[Found]:
    for syntax in sorted({_syntax(header) for header in headers}):
        if syntax.is_encapsulated and not _decodable(syntax):
            text = f"no installed package decodes {syntax.name}. Install one that does "
            yield Found("CODEC_MISSING", text + "or ask for an uncompressed export.")


def _syntax(header: Dataset) -> UID:
    """Transfer syntax of a file; without a file header, implicit little endian."""
    meta = getattr(header, "file_meta", None)
    return UID(getattr(meta, "TransferSyntaxUID", None) or "1.2.840.10008.1.2")


def _decodable(syntax: UID) -> bool:
    try:
        return get_decoder(syntax).is_available
    except NotImplementedError:
        return False


def _content_faults(headers: Sequence[Dataset]) -> Iterator[Found]:
    """Pictures that are not measurements."""
    checks = {
        "LOSSY_COMPRESSION": ("LossyImageCompression", {"01"}, "an original"),
        "BURNED_IN": ("BurnedInAnnotation", {"YES"}, "an unmarked"),
        "NOT_GREYSCALE": ("SamplesPerPixel", {"2", "3", "4"}, "a greyscale"),
    }
    for code, (keyword, bad, wanted) in checks.items():
        values = [hd.text(header, keyword) for header in headers]
        count = sum(value in bad for value in values)
        if count:
            seen = next(value for value in values if value in bad)
            text = f"{keyword} is {seen} in {count} of {len(headers)} files. Ask for "
            yield Found(code, text + f"{wanted} export.")
    frames = sum((hd.number(header, "NumberOfFrames") or 1) > 1 for header in headers)
    if frames:
        text = f"{frames} of {len(headers)} files hold several frames, expected one "
        end = "slice per file. Convert the series to NIfTI and list that as source."
        yield Found("UNSUPPORTED_SOP", text + end)
    padded = sum(int(h.HighBit) != int(h.BitsStored) - 1 for h in headers)
    if padded:
        text = f"{padded} files store their values above bit 0 (HighBit is not "
        yield Found("BAD_VALUE", text + "BitsStored - 1). Ask for another export.")


def _rescale_faults(headers: Sequence[Dataset], modality: str) -> Iterator[Found]:
    luts = sum("ModalityLUTSequence" in header for header in headers)
    if luts:
        text = f"{luts} files hold a Modality LUT Sequence, expected RescaleSlope and "
        yield Found("MODALITY_LUT", text + "RescaleIntercept. Ask for another export.")
    absent = sum(
        hd.number(header, keyword) is None
        for header in headers
        for keyword in ("RescaleSlope", "RescaleIntercept")
    )
    if absent and modality in NEEDS_RESCALE and not luts:
        text = f"RescaleSlope or RescaleIntercept is absent ({absent} times in "
        end = f"{len(headers)} files): {modality} values have no unit. Export it again."
        yield Found("RESCALE_MISSING", text + end)
    kinds = {hd.text(header, "RescaleType") for header in headers}
    if modality == "CT" and not kinds <= _HOUNSFIELD:
        text = f"RescaleType is {sorted(map(str, kinds))}, expected HU. List a series "
        yield Found("RESCALE_TYPE", text + "of Hounsfield units instead.")


def _rescale(header: Dataset, keyword: str, default: float) -> float:
    found = hd.number(header, keyword)
    return default if found is None else found


def _fits_int16(stack: np.ndarray, slopes: np.ndarray, offsets: np.ndarray) -> bool:
    """Whether slope * value + offset is a 16-bit integer everywhere."""
    if not (np.array_equal(slopes, np.rint(slopes))):
        return False
    if not (np.array_equal(offsets, np.rint(offsets))):
        return False
    planes = stack.reshape(len(stack), -1)
    ends = np.array([planes.min(axis=1), planes.max(axis=1)], float) * slopes + offsets
    return bool((ends >= INT16.min).all() and (ends <= INT16.max).all())

"""Stored integers of frames, whatever the transfer syntax."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from pydicom.encaps import generate_frames
from pydicom.pixels import get_decoder
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    RLELossless,
)

from ...errors import IngestFault
from . import deflated
from . import header as hd
from .codestreams import Told, nothing_left_out, require_as_told
from .encapsulated import DELIMITER, ITEM
from .frames import DicomFile, Frame

#: What the decoders need to know beside the bytes.
_OPTIONS = {
    "rows": "Rows",
    "columns": "Columns",
    "bits_allocated": "BitsAllocated",
    "bits_stored": "BitsStored",
    "pixel_representation": "PixelRepresentation",
}

#: How a JPEG 2000 frame starts, and its marker of the coding style.
_CODESTREAM, _CODING_STYLE = b"\xff\x4f\xff\x51", b"\xff\x52"
_CODESTREAM_BYTES = 65536


def is_decodable(syntax: UID) -> bool:
    """True if an installed package decodes a transfer syntax."""
    if not syntax.is_encapsulated:
        return True
    try:
        return get_decoder(syntax).is_available
    except NotImplementedError:
        return False


def stored(frame: Frame) -> np.ndarray:
    """Stored integers of one frame, shape (rows, columns).

    Bits beside the stored ones are cleared, and the sign is extended from the
    highest one. The array may be read-only.

    Raises
    ------
    IngestFault
        TRUNCATED_FILE if the pixels cannot be decoded, SURPLUS_PIXELS if a compressed
        frame holds more than the header tells, BAD_VALUE if bits that do not count hold
        values below those that do.
    """
    try:
        plane = _plane(frame)
    except IngestFault:
        raise
    except Exception as error:  # decoders raise whatever they like
        hd.reraise_of_system(hd.naming(error, frame.file.path))
        raise IngestFault(
            "TRUNCATED_FILE",
            f"the pixels of {frame.file.label} cannot be decoded "
            f"({type(error).__name__}). Copy it again from the archive.",
        ) from error
    syntax = frame.file.syntax
    if syntax.is_encapsulated and syntax != RLELossless:
        return _extended(plane, frame.header, int(frame.header.BitsStored) - 1)
    _require_no_lower_bits(plane, frame)
    return _extended(plane, frame.header, int(frame.header.HighBit))


def _require_no_lower_bits(plane: np.ndarray, frame: Frame) -> None:
    """Raise BAD_VALUE if something is stored below the bits that count.

    Vendors that shift values up leave zeros there; anything else may be the lower
    half of values whose number of bits is told wrongly.
    """
    below = int(frame.header.HighBit) + 1 - int(frame.header.BitsStored)
    if below and (plane & plane.dtype.type((1 << below) - 1)).any():
        raise IngestFault(
            "BAD_VALUE",
            f"{frame.file.label} has values in the {below} bits below those that "
            "BitsStored and HighBit name. Ask for another export.",
        )


def _plane(frame: Frame) -> np.ndarray:
    """One frame as the file holds it, without a look at unused bits."""
    file, header = frame.file, frame.header
    shape = int(header.Rows), int(header.Columns)
    if file.syntax.is_encapsulated:
        return _decoded(frame)
    if file.syntax == DeflatedExplicitVRLittleEndian:
        content = _inflated(file)
        dtype, count = _dtype(frame), shape[0] * shape[1]
        start = frame.index * count * dtype.itemsize
        return np.frombuffer(content, dtype, count, start).reshape(shape)
    return _native(frame, shape)


def _native(frame: Frame, shape: tuple[int, int]) -> np.ndarray:
    """Uncompressed pixels, straight from their place in the file."""
    pixels = frame.file.pixels
    if pixels is None:
        raise ValueError("no pixels")
    dtype, count = _dtype(frame), shape[0] * shape[1]
    start = frame.index * count * dtype.itemsize
    if not pixels.little_endian and dtype.itemsize == 1 and pixels.element == "OW":
        # Bytes of a big-endian file were swapped in pairs.
        whole = -(-(start + count) // 2)
        words = np.fromfile(frame.file.path, "<u2", whole, offset=pixels.offset)
        flat = words.byteswap().view(dtype)[start : start + count]
        return flat.reshape(shape)
    return np.fromfile(
        frame.file.path, dtype, count, offset=pixels.offset + start
    ).reshape(shape)


def _dtype(frame: Frame) -> np.dtype:
    pixels, header = frame.file.pixels, frame.header
    order = "<" if pixels is None or pixels.little_endian else ">"
    kind = "i" if int(header.PixelRepresentation) else "u"
    return np.dtype(f"{order}{kind}{int(header.BitsAllocated) // 8}")


def _decoded(frame: Frame) -> np.ndarray:
    """One frame of compressed pixels."""
    header, file = frame.header, frame.file
    content = _compressed(file)[frame.index]
    told = Told(int(header.Rows), int(header.Columns), 1)
    n_bytes = int(header.BitsAllocated) // 8
    require_as_told(content, told, n_bytes, file.syntax, file.label)
    options: dict[str, Any] = {
        "number_of_frames": 1,
        "samples_per_pixel": 1,
        "photometric_interpretation": str(header.PhotometricInterpretation),
        "pixel_keyword": "PixelData",
        "apply_j2k_sign_correction": True,
        "apply_jls_sign_correction": True,
        "correct_unused_bits": False,
    }
    options |= {name: int(header[key].value) for name, key in _OPTIONS.items()}
    decoder = get_decoder(file.syntax)
    with nothing_left_out(file.label):
        return decoder.as_array(_as_single(content), index=0, raw=True, **options)[0]


def _as_single(content: bytes) -> bytes:
    """Compressed bytes of one frame, with the items that decoders expect."""
    padded = content + b"\0" * (len(content) % 2)
    length = len(padded).to_bytes(4, "little")
    return ITEM + b"\0\0\0\0" + ITEM + length + padded + DELIMITER + b"\0\0\0\0"


@lru_cache(maxsize=1)
def _inflated(file: DicomFile) -> bytes:
    """All pixels of a deflated file, and nothing that may follow them."""
    if file.pixels is None or file.pixels.length is None:
        raise ValueError("no pixels")
    start = file.pixels.offset
    stream = deflated.content(file.path, start + file.pixels.length)
    stream.seek(start)
    return stream.read(file.pixels.length)


@lru_cache(maxsize=1)
def _compressed(file: DicomFile) -> list[bytes]:
    """Compressed frames of a file; frames of one file are asked for in a row."""
    if file.pixels is None:
        raise ValueError("no pixels")
    with file.path.open("rb") as source:
        source.seek(file.pixels.offset)
        content = source.read()
    count = int(hd.number(file.header, "NumberOfFrames") or 1)
    return [*generate_frames(content, number_of_frames=count)]


def _extended(plane: np.ndarray, header: object, high_bit: int) -> np.ndarray:
    """Values of the stored bits only, with the sign of the highest one."""
    allocated = plane.dtype.itemsize * 8
    bits = int(header.BitsStored)  # type: ignore[attr-defined]
    above, beside = allocated - 1 - high_bit, allocated - bits
    if not beside:
        return plane
    shifted = plane << plane.dtype.type(above) if above else plane
    return shifted >> plane.dtype.type(beside)


def is_irreversible(file: DicomFile) -> bool:
    """True if the first JPEG 2000 frame of a file was made by the lossy transform."""
    if file.pixels is None:
        return False
    with file.path.open("rb") as source:
        source.seek(file.pixels.offset)
        start = source.read(_CODESTREAM_BYTES)
    begin = start.find(_CODESTREAM)
    marker = start.find(_CODING_STYLE, begin)
    # Marker, length, style, progression, layers, component transform, levels, width,
    # height and style of the code blocks; then 0 for the irreversible transform.
    return 0 <= begin < marker < len(start) - 13 and start[marker + 13] == 0


def in_file_order(frames: Sequence[Frame]) -> list[int]:
    """Indices of frames so that each file is opened and decoded once, in order."""
    return sorted(
        range(len(frames)),
        key=lambda k: (str(frames[k].file.path), frames[k].index),
    )


def forget() -> None:
    """Free the pixels of the file that was decoded last."""
    _inflated.cache_clear()
    _compressed.cache_clear()

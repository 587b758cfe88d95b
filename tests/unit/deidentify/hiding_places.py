"""Places of a DICOM file where a name can hide from whoever reads its elements.

A token stands for the name: as text, and as the digits of a hospital's number.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from ...hard_cases.codecs import LOSSLESS, compressed
from ...hard_cases.slices import save_as

TOKEN, NUMBER = "ZQHIDDENKW", 471108154
BYTES = TOKEN.encode()
NATIVE = {
    "explicit": ExplicitVRLittleEndian,
    "implicit": ImplicitVRLittleEndian,
    "big_endian": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}
SYNTAXES = [*NATIVE, *LOSSLESS]

Save = Callable[[Dataset, Path], None]


def writer(syntax: str) -> Save:
    """A function that writes a slice in a syntax, with tokens wherever it has room."""
    if syntax in NATIVE:
        return _native(syntax)
    return _compressed(syntax)


def _native(syntax: str) -> Save:
    write = save_as(NATIVE[syntax])

    def save(header: Dataset, path: Path) -> None:
        header.PixelData += BYTES
        elements(header)
        header.add_new(0xFFFCFFFC, "OB", BYTES)
        write(header, path)
        _around(path)

    return save


def _compressed(syntax: str) -> Save:
    write = compressed(LOSSLESS[syntax])

    def save(header: Dataset, path: Path) -> None:
        write(header, path)
        file = dcmread(path)
        (frame,) = generate_frames(file.PixelData, number_of_frames=1)
        frame = bytes(frame).rstrip(b"\0") if syntax != "rle" else bytes(frame)
        frame = _commented(frame, syntax)
        if syntax != "rle":  # behind the end of the stream, and in an item of its own
            frame += BYTES
        file.PixelData = encapsulate([frame])
        if syntax != "rle":
            file.PixelData += (
                b"\xfe\xff\0\xe0" + len(BYTES).to_bytes(4, "little") + BYTES
            )
        file["PixelData"].is_undefined_length = True
        file.add_new(0xFFFCFFFC, "OB", BYTES)
        elements(file)  # GDCM stumbles over some of them
        file.save_as(path)
        _around(path)

    return save


def _commented(frame: bytes, syntax: str) -> bytes:
    """A compressed frame with a comment, or in what its stream leaves unused."""
    if syntax == "rle":
        # Of fifteen places of segments, two are used.
        return frame[:12] + BYTES + frame[12 + len(BYTES) :]
    if syntax == "jpeg_2000":
        length = (len(BYTES) + 4).to_bytes(2)
        comment, place = (
            b"\xff\x64" + length + b"\0\1" + BYTES,
            frame.index(b"\xff\x90"),
        )
    else:
        length = (len(BYTES) + 2).to_bytes(2)
        comment, place = b"\xff\xfe" + length + BYTES, 2
    return frame[:place] + comment + frame[place:]


def longer_runs(header: Dataset, path: Path) -> None:
    """Write a slice in RLE whose last segment goes on behind its pixels."""
    compressed(LOSSLESS["rle"])(header, path)
    file = dcmread(path)
    (frame,) = generate_frames(file.PixelData, number_of_frames=1)
    run = bytes([len(BYTES) - 1]) + BYTES
    file.PixelData = encapsulate([bytes(frame) + run + b"\x80" * (len(run) % 2)])
    file["PixelData"].is_undefined_length = True
    file.save_as(path)


def plant(path: Path) -> None:
    """Tokens in and around a file that is there, which pixels need not have."""
    file = dcmread(path)
    elements(file)
    file.add_new(0xFFFCFFFC, "OB", BYTES)
    file.save_as(path)
    _around(path)


def _around(path: Path) -> None:
    """Tokens in the preamble, in the file header, and behind the data set."""
    content = path.read_bytes()
    length = int.from_bytes(content[140:144], "little")
    end = 144 + length
    title = _element(0x0016, b"AE", BYTES)
    creator = _element(0x0100, b"UI", b"1.2.840.4711" + b"\0")
    private = b"\2\0\2\1OB\0\0" + len(BYTES).to_bytes(4, "little") + BYTES
    meta = content[144:end] + title + creator + private
    whole = BYTES.ljust(128, b"\0") + content[128:140]
    whole += len(meta).to_bytes(4, "little") + meta + content[end:]
    path.write_bytes(whole + BYTES)


def _element(number: int, kind: bytes, value: bytes) -> bytes:
    value += b"\0" * (len(value) % 2)
    tag = b"\2\0" + number.to_bytes(2, "little")
    return tag + kind + len(value).to_bytes(2, "little") + value


def unused_bits(k: int, header: Dataset) -> None:
    """The token in the bits above the 12 that are stored, four bits to a pixel."""
    pixels = np.frombuffer(header.PixelData, "<u2").copy()
    nibbles = np.array([part for byte in BYTES for part in (byte >> 4, byte & 15)])
    pixels[: len(nibbles)] |= (nibbles << 12).astype("u2")
    header.PixelData = pixels.tobytes()


def nibbles_above(pixels: np.ndarray) -> bytes:
    """What the bits above the 12 stored ones spell."""
    high = (pixels.ravel().view("u2") >> 12)[: 2 * len(BYTES)]
    return bytes((high[0::2] << 4 | high[1::2]).astype("u1"))


def elements(header: Dataset) -> None:
    """Elements of text, drawings, sound and pictures, at two depths."""
    _add_contents(header)
    inner, outer = Dataset(), Dataset()
    _add_contents(inner)
    outer.ReferencedImageSequence = [inner]
    header.SourceImageSequence = [outer]


def _add_contents(header: Dataset) -> None:
    words = BYTES + BYTES
    icon, item, code = Dataset(), Dataset(), Dataset()
    icon.Rows, icon.Columns, icon.BitsAllocated = 2, 10, 8
    icon.add_new(0x7FE00010, "OB", words)
    header.IconImageSequence = [icon]
    header.add_new(0x60000010, "US", 4)
    header.add_new(0x60003000, "OW", words)
    header.add_new(0x50003000, "OW", words)
    header.add_new(0x5000200C, "OW", words)
    header.add_new(0x00281201, "OW", words)
    header.add_new(0x00281221, "OW", words)
    header.add_new(0x00283006, "OW", words)  # LUTData outside of any table
    header.add_new(0x00420011, "OB", words)
    header.add_new(0x00189810, "US", 4711)
    header.add_new(0x7FE00001, "OV", words.ljust(24, b"\0"))
    item.TextValue = item.UnformattedTextValue = TOKEN
    item.NumericValue, item.PersonName = str(NUMBER), TOKEN
    item.add_new(0x00283006, "OW", words)
    item.add_new(0x54001010, "OW", words)  # WaveformData
    for name in ("Content", "GraphicAnnotation", "Waveform", "VOILUT"):
        setattr(header, f"{name}Sequence", [item])
    code.CodeValue, code.CodingSchemeDesignator = "T-D3000", "SRT"
    code.CodeMeaning = code.CodingSchemeVersion = code.LongCodeValue = TOKEN
    code.ContextUID = f"1.2.840.10008.{NUMBER}"
    header.AnatomicRegionSequence = [code]
    block = header.private_block(0x0031, TOKEN, create=True)
    block.add_new(1, "LO", TOKEN)
    header.add_new(0x00090001, "UN", BYTES)  # private, of no creator

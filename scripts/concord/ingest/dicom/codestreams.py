"""Compressed frames: how many pixels they say that they hold, before they are decoded.

A decoder believes the frame, not the header of the file: seven kilobytes of JPEG 2000
may claim gigabytes. So what a frame says of itself must be what the header says.

References
----------
.. [1] ITU-T T.81 (JPEG), Annex B; T.87 (JPEG-LS), Annex C; T.800 (JPEG 2000), Annex A
       and I. DICOM PS3.5, Annex G (RLE).
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from pydicom.uid import UID, JPEG2000TransferSyntaxes, RLELossless

from ...errors import IngestFault

_JPEG, _JPEG_2000 = b"\xff\xd8", b"\xff\x4f\xff\x51"
_JP2 = b"\0\0\0\x0cjP  \r\n\x87\n"

#: Another image behind the end of the first one; a byte may make its length even.
_ANOTHER = re.compile(rb"\xff\xd9\0?(?:\xff\xd8\xff[\xc0-\xfe]|\xff\x4f\xff\x51\0)")

#: Markers of JPEG that describe the frame, and those that stand alone.
_FRAMES = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})

#: Runs of RLE that are all as short as they can be take this many bytes for one.
_WORST_RLE = 2.1
_RLE_HEADER = 64
#: What the decoder of RLE says of bytes that it leaves out.
_PADDING = re.compile(r"(?<!\d)(\d+) vs\. (\d+) bytes expected")


class Told(NamedTuple):
    """Rows, columns and samples of each pixel."""

    rows: int
    columns: int
    samples: int

    def __str__(self) -> str:
        return f"{self.rows} rows x {self.columns} columns x {self.samples} samples"


def starts(content: bytes, syntax: UID) -> bool:
    """True if bytes are the start of a frame; each item of RLE is one."""
    if syntax == RLELossless:
        return True
    if syntax in JPEG2000TransferSyntaxes:
        return content.startswith((_JPEG_2000[: len(content)], _JP2[: len(content)]))
    return content.startswith(_JPEG)


def require_as_told(
    content: bytes, header: Told, n_bytes: int, syntax: UID, label: str
) -> None:
    """Raise a fault unless a frame holds the pixels that the header tells.

    Parameters
    ----------
    content : bytes
        One compressed frame.
    header : Told
        What Rows, Columns and SamplesPerPixel say.
    n_bytes : int
        Bytes of one sample, BitsAllocated / 8.

    Raises
    ------
    IngestFault
        SURPLUS_PIXELS if it holds more, TRUNCATED_FILE if fewer or if it does not say.
    """
    if syntax == RLELossless:
        _require_rle(content, header, n_bytes, label)
        return
    told = _told(content, syntax, label)
    if told != header:
        more = any(own > said for own, said in zip(told, header, strict=True))
        raise IngestFault(
            "SURPLUS_PIXELS" if more else "TRUNCATED_FILE",
            f"a compressed frame of {label} has {told}, but the header tells {header}. "
            "Ask for another export.",
        )
    if _ANOTHER.search(content):
        raise IngestFault(
            "SURPLUS_PIXELS",
            f"a compressed frame of {label} holds several images, expected 1. Ask for "
            "another export.",
        )


def _told(content: bytes, syntax: UID, label: str) -> Told:
    """Size that a frame of JPEG, JPEG-LS or JPEG 2000 says that it has."""
    is_jpeg_2000 = syntax in JPEG2000TransferSyntaxes
    try:
        told = _of_jpeg_2000(content) if is_jpeg_2000 else _of_jpeg(content)
    except IndexError:
        told = None
    if told is None:
        raise IngestFault(
            "TRUNCATED_FILE",
            f"a compressed frame of {label} does not begin as its kind does. Copy it "
            "again from the archive.",
        )
    return told


@contextmanager
def nothing_left_out(label: str) -> Iterator[None]:
    """Within this context, a decoder of RLE that leaves bytes out is a fault.

    Raises
    ------
    IngestFault
        SURPLUS_PIXELS.
    """
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        yield
    for sizes in filter(None, (_PADDING.search(str(w.message)) for w in found)):
        raise IngestFault(
            "SURPLUS_PIXELS",
            f"a frame of {label} holds {sizes[1]} bytes in an RLE segment, but Rows "
            f"and Columns tell {sizes[2]}. Ask for another export.",
        )


def _require_rle(content: bytes, header: Told, n_bytes: int, label: str) -> None:
    """Refuse frames of too many segments, or longer than runs can make them."""
    segments = int.from_bytes(content[:4], "little")
    expected = header.samples * n_bytes
    pixels = header.rows * header.columns
    longest = int(expected * _WORST_RLE * (pixels + _RLE_HEADER)) + _RLE_HEADER
    if segments == expected and len(content) <= longest:
        return
    more = segments > expected or len(content) > longest
    raise IngestFault(
        "SURPLUS_PIXELS" if more else "TRUNCATED_FILE",
        f"a frame of {label} has {segments} RLE segments of {len(content)} bytes, but "
        f"the header tells {header} of {n_bytes} bytes: {expected} segments of at most "
        f"{longest} bytes. Ask for another export.",
    )


def _of_jpeg_2000(content: bytes) -> Told | None:
    """Size in the marker SIZ, which must follow the start of the codestream."""
    at = next(_codestreams(content), None)
    if at is None or content[at : at + 4] != _JPEG_2000 or len(content) < at + 42:
        return None
    right, below, left, above = (
        int.from_bytes(content[at + n : at + n + 4]) for n in (8, 12, 16, 20)
    )
    samples = int.from_bytes(content[at + 40 : at + 42])
    return Told(below - above, right - left, samples)


def _codestreams(content: bytes) -> Iterator[int]:
    """Where codestreams begin: at the start, or in boxes of a JP2 file."""
    if not content.startswith(_JP2):
        yield 0
        return
    place = 0
    while place + 16 <= len(content):
        length = int.from_bytes(content[place : place + 4])
        begin = place + 8
        if length == 1:
            length = int.from_bytes(content[begin : begin + 8])
            begin += 8
        if content[place + 4 : place + 8] == b"jp2c":
            yield begin
        if length < 8:
            return
        place += length


def _of_jpeg(content: bytes) -> Told | None:
    """Size in the first marker of a frame, up to the first scan."""
    if not content.startswith(_JPEG):
        return None
    place = 2
    while content[place] == 0xFF:
        marker = content[place + 1]
        if marker in _FRAMES:
            rows, columns = (
                int.from_bytes(content[place + n : place + n + 2]) for n in (5, 7)
            )
            return Told(rows, columns, content[place + 9])
        if marker in (0xDA, 0xD9):
            return None
        alone = marker in _ALONE
        length = int.from_bytes(content[place + 2 : place + 4])
        # Any number of 0xFF may stand before a marker.
        place += 1 if marker == 0xFF else 2 if alone else 2 + max(length, 2)
    return None

"""Deflated DICOM files, unpacked no further than their headers and pixels reach.

A megabyte of zeros unpacks to a gigabyte. So a file is unpacked up to a limit to find
its header, and then as far as the header says that its pixels go.
"""

import io
import zlib
from pathlib import Path
from typing import BinaryIO

from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from ...errors import IngestFault
from ..sizes import LARGEST_HEADER
from .file_labels import label

_MAGIC = b"DICM"
_FILE_GROUP, _SYNTAX = b"\x02\0", b"\x02\0\x10\0"
_DEFLATED = DeflatedExplicitVRLittleEndian.encode()
_PLAIN = ExplicitVRLittleEndian.encode().ljust(len(_DEFLATED), b"\0")
#: Types of the file header whose length has four bytes, after two that are reserved.
_LONG = (b"OB", b"OW", b"UN", b"SQ", b"UT")
#: Bytes of a file in which its own header ends, at first and at most.
_STARTS = (1 << 10, 1 << 20)
#: No header of zlib around the data, and its largest window.
_RAW = -15


class Unpacked(io.BytesIO):
    """A deflated file as if it were not, up to a limit.

    Attributes
    ----------
    is_whole : bool
        False if the limit cut it.
    """

    is_whole = True


def opened(file: BinaryIO, path: Path, limit: int = LARGEST_HEADER) -> BinaryIO:
    """A file as it is, from its start; a deflated one unpacked up to a limit in bytes.

    The transfer syntax of what is unpacked is that of its bytes, explicit little
    endian.

    Raises
    ------
    IngestFault
        UNREADABLE_FILE if it is deflated and cannot be unpacked.
    """
    end = _deflated_from(file, path)
    file.seek(0)
    if end is None:
        return file
    start, packed = file.read(end), file.read()
    unpacker = zlib.decompressobj(_RAW)
    try:
        content = unpacker.decompress(packed, limit)
    except zlib.error:
        raise _damaged(path) from None
    stream = Unpacked(start.replace(_DEFLATED, _PLAIN) + content)
    stream.is_whole = len(content) < limit
    stream.name = str(path)
    if stream.is_whole and not unpacker.eof:
        raise IngestFault(
            "TRUNCATED_FILE",
            f"{label(path)} is deflated and ends before its content does. Copy it "
            "again from the archive.",
        )
    return stream


def content(path: Path, end: int) -> BinaryIO:
    """A deflated file as if it were not, up to a place or to its own end."""
    with path.open("rb") as file:
        return opened(file, path, end)


def _damaged(path: Path) -> IngestFault:
    return IngestFault(
        "UNREADABLE_FILE",
        f"{label(path)} is deflated and cannot be unpacked. Copy it again from the "
        "archive.",
    )


def _deflated_from(file: BinaryIO, path: Path) -> int | None:
    """Where the deflated part of a file begins; None if it is not deflated."""
    start = b""
    for size in _STARTS:
        start += file.read(size - len(start))
        found = _walked(start)
        if found is not None or len(start) < size:
            break
    if found is None:
        # A file header that nobody can follow must not hide what would be unpacked.
        if _DEFLATED in start:
            raise _damaged(path)
        return None
    end, syntax = found
    return end if syntax.strip(b"\0 ") == _DEFLATED else None


def _walked(start: bytes) -> tuple[int, bytes] | None:
    """Where the header of the file itself ends, and its transfer syntax."""
    place, syntax = 132 if start[128:132] == _MAGIC else 0, b""
    while place + 12 <= len(start):
        if start[place : place + 2] != _FILE_GROUP:
            return place, syntax
        kind = start[place + 4 : place + 6]
        if not kind.isalpha():
            return None
        at, width = (place + 8, 4) if kind in _LONG else (place + 6, 2)
        after = at + width + int.from_bytes(start[at : at + width], "little")
        if start[place : place + 4] == _SYNTAX:
            syntax = start[at + width : after]
        place = after
    return None

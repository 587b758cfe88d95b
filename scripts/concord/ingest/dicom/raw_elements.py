"""A few raw elements of a DICOM header, read without building a data set.

The index looks at every file of a hospital, where the time goes into converting values
that nobody asked for. This walk skips from element to element by their lengths. It
knows the two little-endian encodings, and gives up on anything odd, which pydicom then
reads.
"""

from collections.abc import Collection
from struct import Struct, error
from typing import BinaryIO

from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
)

from ...errors import IngestFault

#: Bytes read first, and in all if the header is longer; -1 is the whole file.
FIRST_READ = 1 << 13
LONGER_READS = (1 << 17, -1)

TRANSFER_SYNTAX = 0x00020010
_PREAMBLE = 132
_META_END = 0x0002FFFF
_UNDEFINED = 0xFFFFFFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
#: Value representations whose length has four bytes, after two that are reserved.
_LONG = frozenset(
    {b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR"}
    | {b"UT", b"UV"}
)
_SLOW = {DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian}
_EXPLICIT = Struct("<HH2sH").unpack_from
_IMPLICIT = Struct("<HHI").unpack_from
_LENGTH = Struct("<I").unpack_from

Elements = dict[int, bytes]


class OddHeader(Exception):
    """The walk does not understand the header; pydicom may."""


class _TooShort(Exception):
    """The bytes at hand end within the header."""


def raw_elements(
    file: BinaryIO, start: bytes, wanted: Collection[int], last: int
) -> Elements:
    """Raw values of the wanted elements of a file's top level and meta header.

    Parameters
    ----------
    file : binary file
        Where `start` was read from; read further only if the header is longer.
    start : bytes
        The first bytes of a file with the preamble of DICOM.
    wanted : collection of int
        Tags, group and element in one number, such as 0x00080060.
    last : int
        Highest tag of interest; what follows is not read.

    Raises
    ------
    OddHeader
        If the header does not follow the two common encodings to its end.
    IngestFault
        TRUNCATED_FILE, if the file ends within the header.
    """
    data = start
    for size in (len(start), *LONGER_READS):
        data += file.read(size - len(data) if size >= 0 else -1)
        try:
            return _walk(data, wanted, last)
        except _TooShort:
            if 0 < size <= len(data):
                continue
            raise IngestFault(
                "TRUNCATED_FILE",
                f"it ends before its header says ({len(data)} bytes). Copy it again "
                "from the archive.",
            ) from None
        except (error, RecursionError):
            break
    raise OddHeader


def _walk(data: bytes, wanted: Collection[int], last: int) -> Elements:
    if data[128:_PREAMBLE] != b"DICM":
        raise OddHeader
    found: Elements = {}
    position = _explicit(data, _PREAMBLE, found, {*wanted, TRANSFER_SYNTAX}, _META_END)
    syntax = found.get(TRANSFER_SYNTAX, b"").decode("ascii", "replace").strip("\0 ")
    if not syntax or syntax in _SLOW:
        raise OddHeader
    names_types = data[position + 4 : position + 6].isalpha()
    if names_types == (syntax == ImplicitVRLittleEndian):
        raise OddHeader
    walk = _explicit if names_types else _implicit
    walk(data, position, found, wanted, last)
    return found


def _explicit(
    data: bytes, position: int, found: Elements, wanted: Collection[int], last: int
) -> int:
    """Walk elements that name their type; the place of the first one after `last`."""
    end = len(data)
    while position + 8 <= end:
        group, element, kind, length = _EXPLICIT(data, position)
        tag = group << 16 | element
        if tag > last:
            return position
        start = position + 8
        if kind in _LONG:
            (length,) = _LENGTH(data, start)
            start += 4
        elif not kind.isalpha():
            raise OddHeader
        if length == _UNDEFINED:
            # An unknown type of undefined length is encoded without types.
            position = _after_items(data, start, kind != b"UN")
            continue
        position = start + length
        if tag in wanted and position <= end:
            found[tag] = data[start:position]
    return _end(data, position)


def _implicit(
    data: bytes, position: int, found: Elements, wanted: Collection[int], last: int
) -> int:
    """Walk elements that do not name their type."""
    end = len(data)
    while position + 8 <= end:
        group, element, length = _IMPLICIT(data, position)
        tag = group << 16 | element
        if tag > last:
            return position
        start = position + 8
        if length == _UNDEFINED:
            position = _after_items(data, start, explicit=False)
            continue
        position = start + length
        if tag in wanted and position <= end:
            found[tag] = data[start:position]
    return _end(data, position)


def _end(data: bytes, position: int) -> int:
    """The end of the data, if an element ends there."""
    if position != len(data):
        raise _TooShort
    return position


def _after_items(data: bytes, position: int, explicit: bool) -> int:
    """The place after a sequence of undefined length."""
    while True:
        group, element, length = _item_header(data, position)
        position += 8
        tag = group << 16 | element
        if tag == _SEQUENCE_END:
            return position
        if tag != _ITEM:
            raise OddHeader
        if length == _UNDEFINED:
            walk = _explicit if explicit else _implicit
            # Delimiters have no type, so the walk must stop before them.
            position = walk(data, position, {}, (), _ITEM) + 8
        else:
            position += length


def _item_header(data: bytes, position: int) -> tuple[int, int, int]:
    if position + 8 > len(data):
        raise _TooShort
    return _IMPLICIT(data, position)

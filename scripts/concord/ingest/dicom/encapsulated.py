"""Items of compressed pixels: how long they are, and how many frames they begin."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from .codestreams import starts
from .frames import DicomFile

ITEM, DELIMITER = b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"

#: Bytes of an item that tell whether a frame begins with it.
_TELLING = 12


class Items(NamedTuple):
    """Bytes that the compressed pixels of a file have and need, and their frames."""

    present: int
    needed: int
    frames: int


class _Item(NamedTuple):
    end: int
    length: int
    start: bytes


def items_of(file: DicomFile) -> Items:
    """Lengths and frames of the items of a file, without reading them.

    The mark of the end may lack. Frames are those that the table of offsets lists, or
    that begin with an item, whichever are more.
    """
    if file.pixels is None:
        return Items(0, 0, 0)
    end, begun, listed = file.pixels.offset, 0, 0
    with file.path.open("rb") as source:
        for number, item in enumerate(_items(source, file.pixels.offset)):
            end = item.end
            if end > file.size:
                break
            if number == 0:
                listed = item.length // 4
            else:
                begun += starts(item.start, file.syntax)
    extended = file.header.get("ExtendedOffsetTable") or b""
    frames = max(begun, listed, len(extended) // 8)
    return Items(file.size - file.pixels.offset, end - file.pixels.offset, frames)


def _items(source: BinaryIO, offset: int) -> Iterator[_Item]:
    """Each item, until the end of the sequence or of the file."""
    while True:
        source.seek(offset)
        start = source.read(8 + _TELLING)
        if len(start) < 8 or start[:4] != ITEM:
            return
        length = int.from_bytes(start[4:8], "little")
        offset += 8 + length
        yield _Item(offset, length, start[8 : 8 + min(length, _TELLING)])

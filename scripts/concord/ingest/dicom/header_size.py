"""Sizes of DICOM headers that are refused before, or while, they are parsed."""

import re
from mmap import ACCESS_READ, mmap
from typing import BinaryIO

from .. import sizes
from ..faults.collecting import raise_ingest_faults
from .deflated import Unpacked

#: How each item of a sequence begins in the little-endian encodings.
_ITEM = re.compile(b"\xfe\xff\x00\xe0")


def require_few_items(source: BinaryIO) -> None:
    """Raise TOO_LARGE if an open file holds more items than any header needs.

    Items of compressed pixels count as well; there are as many as frames. The file is
    left at its start.
    """
    size = source.seek(0, 2)
    source.seek(0)
    if size < sizes.COUNTED_FROM:
        return
    if isinstance(source, Unpacked):
        count = sum(1 for _ in _ITEM.finditer(source.getbuffer()))
    else:
        with mmap(source.fileno(), 0, access=ACCESS_READ) as content:
            count = sum(1 for _ in _ITEM.finditer(content))
    raise_ingest_faults(sizes.many_items(count))


def require_whole(source: BinaryIO) -> None:
    """Raise TOO_LARGE if a limit cut an unpacked header, which was read up to here."""
    if not isinstance(source, Unpacked) or source.is_whole:
        return
    if source.tell() >= len(source.getbuffer()):
        raise_ingest_faults([sizes.large_header(sizes.LARGEST_HEADER)])

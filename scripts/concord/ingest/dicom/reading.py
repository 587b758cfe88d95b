"""Data sets read from open files by pydicom."""

from io import BytesIO
from typing import Any, BinaryIO

from pydicom import Dataset, dcmread


def data_set(source: BinaryIO, **options: Any) -> Dataset:
    """The data set of an open file as pydicom reads it, from the start.

    The file is left where the reader stopped. A damaged length makes it ask for as much
    memory, which the file never fills. Then the bytes of the file, which give no more
    than there is, are read instead.
    """
    try:
        return dcmread(source, force=True, **options)
    except MemoryError:
        source.seek(0)
        content = BytesIO(source.read())
    options |= {"defer_size": None}
    found = dcmread(content, force=True, **options)
    source.seek(content.tell())
    return found

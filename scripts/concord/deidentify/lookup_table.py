"""Entries of a Modality LUT: as many as its descriptor says, and no more."""

import numpy as np
from pydicom import DataElement, Dataset
from pydicom.datadict import tag_for_keyword

from .values import NotExported

_AGAIN = "Ask for another export of the series."
_LUT_DATA = int(tag_for_keyword("LUTData") or 0)
#: More entries do not fit into an element that tells its type and holds numbers.
_MOST_NUMBERS = 32767


def cut_table(item: Dataset, is_little: bool) -> DataElement:
    """The entries that LUTDescriptor describes, for a file of little endian.

    Raises
    ------
    NotExported
        If there are fewer, or one needs more bits than the descriptor says.
    """
    value = item.LUTData
    descriptor = [int(number) for number in item.get("LUTDescriptor") or []]
    if len(descriptor) != 3:
        raise NotExported(f"LUTDescriptor is no list of three numbers. {_AGAIN}")
    count, bits = descriptor[0] % 65536 or 65536, descriptor[2]
    entries = _entries(value, count, is_little)
    if len(entries) < count or int(entries.max()) >= 1 << bits:
        raise NotExported(
            f"the Modality LUT has {len(entries)} entries, expected {count} of at most "
            f"{bits} bits. {_AGAIN}"
        )
    if isinstance(value, bytes) or count > _MOST_NUMBERS:
        content = entries.astype(entries.dtype.newbyteorder("<")).tobytes()
        return DataElement(_LUT_DATA, "OW", content + b"\0" * (len(content) % 2))
    return DataElement(_LUT_DATA, "US", [int(entry) for entry in entries])


def _entries(value: object, count: int, is_little: bool) -> np.ndarray:
    """The first `count` entries, or all if they are fewer."""
    if not isinstance(value, bytes):
        numbers = np.atleast_1d(np.asarray(value, np.int64))[:count]
        return numbers.astype(np.uint16)
    width = 1 if len(value) < 2 * count else 2
    order = "<" if is_little else ">"
    whole = value[: len(value) // width * width]
    return np.frombuffer(whole, f"{order}u{width}")[:count]

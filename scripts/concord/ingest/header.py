"""DICOM files: found by content, read without their pixels, values checked."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import Dataset, dcmread
from pydicom.config import disable_value_validation

from ..errors import IngestFault

#: Values longer than this many bytes stay in the file until they are used.
DEFER_SIZE = 4096

#: How a file without the 128-byte preamble starts: group 0002 or 0008.
_BARE_STARTS = (b"\x02\x00\x00\x00", b"\x08\x00\x00\x00", b"\x08\x00\x05\x00")

#: Scanners often break the rules for values; only unusable ones matter here.
tolerant = disable_value_validation


def files_below(folder: Path) -> Iterator[Path]:
    """All files below a folder, sorted by path."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def is_dicom(path: Path) -> bool:
    """Whether a file is DICOM by its content."""
    with path.open("rb") as file:
        start = file.read(132)
    return start[128:] == b"DICM" or start[:4] in _BARE_STARTS


def read(path: Path, keywords: Sequence[str] | None = None) -> Dataset:
    """Read a file without its pixels; of `keywords` only, if given.

    Raises
    ------
    IngestFault
        UNREADABLE_FILE or TRUNCATED_FILE.
    """
    try:
        return dcmread(
            path,
            force=True,
            defer_size=DEFER_SIZE,
            stop_before_pixels=keywords is not None,
            specific_tags=list(keywords) if keywords else None,
        )
    except OSError:
        raise
    except EOFError as error:
        raise IngestFault(
            "TRUNCATED_FILE",
            f"{path.name} ends before its header says ({path.stat().st_size} bytes). "
            "Copy it again from the archive.",
        ) from error
    except Exception as error:  # the parser meets arbitrary bytes here
        raise IngestFault(
            "UNREADABLE_FILE",
            f"{path.name} starts like DICOM but cannot be read ({error}). Copy it "
            "again from the archive.",
        ) from error


def value(header: Dataset, keyword: str) -> Any:
    """The value of a keyword; None if it is absent or empty."""
    try:
        found = header.get(keyword)
    except (ValueError, TypeError, OverflowError, KeyError) as error:
        raise IngestFault(
            "BAD_VALUE", f"{keyword} cannot be read: {error}. Repair the header."
        ) from error
    return (
        None
        if found is None or (hasattr(found, "__len__") and not len(found))
        else found
    )


def text(header: Dataset, keyword: str) -> str | None:
    """A value as text; several values are separated by a backslash."""
    found = value(header, keyword)
    if found is None:
        return None
    parts = (
        [found] if isinstance(found, str) or not hasattr(found, "__iter__") else found
    )
    return "\\".join(str(part).strip() for part in parts) or None


def numbers(header: Dataset, keyword: str, length: int) -> np.ndarray | None:
    """A value as `length` floats; None if absent or of another length."""
    found = value(header, keyword)
    try:
        array = np.atleast_1d(np.asarray(found, float)) if found is not None else None
    except (ValueError, TypeError) as error:
        raise IngestFault(
            "BAD_VALUE", f"{keyword} is {found!r}, expected numbers. Repair the header."
        ) from error
    return array if array is not None and array.shape == (length,) else None


def number(header: Dataset, keyword: str) -> float | None:
    """A value as one finite float; None if absent."""
    found = numbers(header, keyword, 1)
    return float(found[0]) if found is not None and np.isfinite(found[0]) else None


def hashed(identifier: str | None) -> str | None:
    """First 16 hex digits of the SHA-256 of a UID; None if there is none."""
    if not identifier:
        return None
    return hashlib.sha256(str(identifier).encode()).hexdigest()[:16]

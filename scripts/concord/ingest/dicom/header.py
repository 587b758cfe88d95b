"""DICOM files: found by content, read without their pixels, values checked."""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from pydicom import Dataset
from pydicom.config import disable_value_validation
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement, convert_raw_data_element
from pydicom.tag import BaseTag
from pydicom.uid import DeflatedExplicitVRLittleEndian

from ... import folders
from ...errors import IngestFault, run_fault
from ...privacy.secret import keyed_hash
from ..faults.collecting import some
from . import deflated, header_size, reading
from .file_labels import label

#: Values longer than this many bytes stay in the file until they are used.
DEFER_SIZE = 4096

#: How a file without the 128-byte preamble starts: group 0002 or 0008.
_BARE_STARTS = (b"\x02\x00\x00\x00", b"\x08\x00\x00\x00", b"\x08\x00\x05\x00")

#: What the first bytes of a file tell: the preamble and the magic word.
START_BYTES = 132

#: Types of numbers that are written as text, and of those that are not.
_TEXT_NUMBERS, _BINARY_INTEGERS = ("DS", "IS"), ("US", "SS", "UL", "SL", "UV", "SV")

#: Types whose values depend on nothing but their bytes, not on a character set.
_PLAIN = frozenset({"CS", "DA", "DS", "DT", "FD", "FL", "IS", "TM", "UI", "US"})

#: Elements of the file header that are used.
_OF_FILE = ("MediaStorageSOPClassUID", "TransferSyntaxUID")


@contextmanager
def tolerant() -> Iterator[None]:
    """Within this context, pydicom neither refuses odd values nor talks about them.

    Scanners often break the rules for values, and only unusable ones matter here.
    Warnings of pydicom quote values of the header, which no log may hold.
    """
    logger = logging.getLogger("pydicom")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with disable_value_validation(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def files_of(source: Path) -> list[Path]:
    """All files of a source, which is a folder or a single file, sorted by path.

    Raises
    ------
    IngestFault
        SERIES_NOT_FOUND if there is neither; NOT_FETCHED if a link leads nowhere.
    """
    require_fetched(source)
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise IngestFault(
            "SERIES_NOT_FOUND",
            "the source is neither a folder of DICOM files nor a NIfTI file "
            "(.nii, .nii.gz). Correct `source` in the image sheet.",
        )
    files = folders.files_below(source)
    absent = [
        f"file {number} of {len(files)}"
        for number, path in enumerate(files, 1)
        if folders.is_dangling(path)
    ]
    if absent:
        raise not_fetched(f"{len(absent)} of {len(files)} files", absent)
    return files


def require_fetched(path: Path) -> None:
    """Raise NOT_FETCHED if a file is a link that leads nowhere, or a pointer."""
    if not folders.is_fetched(path):
        raise not_fetched("the file")


def not_fetched(what: str, labels: Sequence[str] = ()) -> IngestFault:
    """The fault of files whose content is not there."""
    listed = f": {some(labels)}" if labels else ""
    return IngestFault(
        "NOT_FETCHED",
        f"the content of {what} of the source is not there{listed}: a link that leads "
        "nowhere, or the pointer of git-annex or Git LFS. Fetch it (datalad get, git "
        "annex get, git lfs pull), or mend the link.",
    )


def is_dicom(path: Path) -> bool:
    """True if a file is DICOM by its content."""
    with path.open("rb") as file:
        return starts_like_dicom(file.read(START_BYTES))


def starts_like_dicom(start: bytes) -> bool:
    """True if the first 132 bytes of a file are those of a DICOM file."""
    return start[128:] == b"DICM" or start[:4] in _BARE_STARTS


def read(path: Path, keywords: Sequence[str] | None = None) -> Dataset:
    """Read a file without its pixels; of `keywords` only, if given.

    Raises
    ------
    IngestFault
        UNREADABLE_FILE or TRUNCATED_FILE.
    """
    with path.open("rb") as file:
        stream = deflated.opened(file, path)
        return parsed(stream, path, keywords is not None, keywords)


def parsed(
    source: BinaryIO,
    path: Path,
    stop_before_pixels: bool = True,
    keywords: Sequence[str] | None = None,
) -> Dataset:
    """The header of an open file, which is left where the pixels begin.

    Raises
    ------
    IngestFault
        UNREADABLE_FILE, TRUNCATED_FILE or TOO_LARGE.
    """
    header_size.require_few_items(source)
    is_unpacked = isinstance(source, deflated.Unpacked)
    try:
        header = reading.data_set(
            source,
            # What was unpacked is in no file that could be read again.
            defer_size=None if is_unpacked else DEFER_SIZE,
            stop_before_pixels=stop_before_pixels or is_unpacked,
            specific_tags=list(keywords) if keywords else None,
        )
        for keyword in _OF_FILE:  # values are parsed when they are asked for
            header.file_meta.get(keyword)
    except EOFError as error:
        header_size.require_whole(source)
        text = f"ends before its header says ({path.stat().st_size} bytes)"
        raise _unread("TRUNCATED_FILE", path, text) from error
    except Exception as error:  # the parser meets arbitrary bytes here
        reraise_of_system(naming(error, path))
        text = f"starts like DICOM but cannot be read ({type(error).__name__})"
        raise _unread("UNREADABLE_FILE", path, text) from error
    header_size.require_whole(source)
    if is_unpacked:
        header.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    return header


def _unread(code: str, path: Path, text: str) -> IngestFault:
    return IngestFault(code, f"{label(path)} {text}. Copy it again from the archive.")


def naming(error: Exception, path: Path) -> Exception:
    """An error of the file system that names its file, also if it arose in reading."""
    if isinstance(error, OSError) and error.filename is None:
        error.filename = str(path)
    return error


def reraise_of_system(error: Exception) -> None:
    """Raise an error of the file system or for want of memory again.

    pydicom and nibabel raise OSError for files that are cut or damaged, too; those of
    parsers have no number.
    """
    numbered = isinstance(error, OSError) and error.errno is not None
    if numbered or run_fault(error) is not None:
        raise error


def value(header: Dataset, keyword: str) -> Any:
    """The value of a keyword; None if it is absent or empty."""
    try:
        found = _found(header, keyword)
    except Exception as error:  # values are parsed here, from arbitrary bytes
        reraise_of_system(error)
        raise IngestFault(
            "BAD_VALUE",
            f"{keyword} cannot be read ({type(error).__name__}). Repair the header.",
        ) from error
    empty = found is None or (hasattr(found, "__len__") and not len(found))
    return None if empty else found


def _found(header: Dataset, keyword: str) -> Any:
    """A value as pydicom gives it; equal bytes are converted once for all slices."""
    tag, kind = _described(keyword)
    element = header.get_item(tag)
    if not isinstance(element, RawDataElement) or element.VR not in (kind, None):
        return header.get(keyword)
    content = element.value
    if kind not in _PLAIN or not isinstance(content, bytes) or len(content) > 256:
        return header.get(keyword)
    return _converted(
        tag, kind, content, element.is_implicit_VR, element.is_little_endian
    )


@lru_cache
def _described(keyword: str) -> tuple[BaseTag, str]:
    """Tag and type of a keyword."""
    tag = BaseTag(tag_for_keyword(keyword) or 0)
    return tag, dictionary_VR(tag)


@lru_cache(maxsize=8192)
def _converted(
    tag: BaseTag, kind: str, content: bytes, is_implicit: bool, is_little: bool
) -> Any:
    raw = RawDataElement(tag, kind, len(content), content, 0, is_implicit, is_little)
    return convert_raw_data_element(raw).value


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
    _require_own_type(header, keyword)
    try:
        array = np.atleast_1d(np.asarray(found, float)) if found is not None else None
    except (ValueError, TypeError, OverflowError) as error:
        raise IngestFault(
            "BAD_VALUE", f"{keyword} does not hold numbers. Repair the header."
        ) from error
    return array if array is not None and array.shape == (length,) else None


def _require_own_type(header: Dataset, keyword: str) -> None:
    """Refuse text that a damaged type would read as a binary number.

    The text "0 " of a decimal string, taken as an unsigned short, is the number 8240.
    """
    tag, kind = _described(keyword)
    element = header.get_item(tag)
    if element is None or element.VR not in _BINARY_INTEGERS:
        return
    if kind in _TEXT_NUMBERS:
        raise IngestFault(
            "BAD_VALUE",
            f"{keyword} has the type {element.VR}, expected {kind}: "
            "the header is damaged. Copy the file again from the archive.",
        )


def or_none(get: Callable[..., Any], header: Dataset, *arguments: object) -> Any:
    """Result of a function of a header; None where a value cannot be read."""
    try:
        return get(header, *arguments)
    except IngestFault:
        return None


def number(header: Dataset, keyword: str) -> float | None:
    """A value as one finite float; None if absent."""
    found = numbers(header, keyword, 1)
    return float(found[0]) if found is not None and np.isfinite(found[0]) else None


def hashed(identifier: str | None) -> str | None:
    """Keyed hash of a UID, 16 hex digits; None if there is none."""
    return keyed_hash(str(identifier), "uid") if identifier else None

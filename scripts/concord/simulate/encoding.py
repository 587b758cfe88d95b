"""DICOM files in explicit little endian, encoded element by element.

For objects that are made here, many of them alike: the writer of pydicom, which this
uses for the values, looks at all that is nested in a data set once per level.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from struct import pack
from typing import Any

from pydicom import DataElement, Dataset
from pydicom.charset import convert_encodings, default_encoding
from pydicom.dataset import FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import correct_ambiguous_vr, writers
from pydicom.tag import BaseTag
from pydicom.uid import UID, ExplicitVRLittleEndian
from pydicom.valuerep import CUSTOMIZABLE_CHARSET_VR, EXPLICIT_VR_LENGTH_32

_PREFIX = b"\0" * 128 + b"DICM"
_ITEM = b"\xfe\xff\x00\xe0"
#: Writer of the values of each type, and its format if it has one.
_WRITERS: Any = writers
_GROUP_LENGTH = BaseTag(0x00020000)


def encoded(dataset: Dataset) -> dict[BaseTag, bytes]:
    """Each element of a data set as it stands in a file, by its tag, ascending.

    Sequences and their items get lengths; no element may be encapsulated.
    """
    return dict(_elements(correct_ambiguous_vr(dataset, True), default_encoding))


def write_elements(
    path: Path, elements: Mapping[BaseTag, bytes], meta: Dataset
) -> None:
    """Write elements in the order of their tags, after preamble and file meta."""
    head = encoded(meta)
    del head[_GROUP_LENGTH]
    content = b"".join(head.values())
    length = _with_length(_GROUP_LENGTH, "UL", pack("<I", len(content)))
    body = b"".join(elements[tag] for tag in sorted(elements))
    path.write_bytes(_PREFIX + length + content + body)


def file_meta(sop_class: UID, instance: UID, implementation: UID) -> FileMetaDataset:
    """File meta information of an object in explicit little endian."""
    meta = FileMetaDataset()
    meta.FileMetaInformationGroupLength = 0
    meta.FileMetaInformationVersion = b"\x00\x01"
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = instance
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = implementation
    meta.ImplementationVersionName = "CONCORD"
    return meta


def _elements(
    dataset: Dataset, inherited: str | list[str]
) -> Iterator[tuple[BaseTag, bytes]]:
    charset = dataset.get("SpecificCharacterSet", inherited)
    encodings = convert_encodings(charset)
    for element in dataset:
        value = (
            b"".join(_item(item, encodings) for item in element.value)
            if element.VR == "SQ"
            else _value(element, encodings)
        )
        yield element.tag, _with_length(element.tag, element.VR, value)


def _item(dataset: Dataset, encodings: list[str]) -> bytes:
    content = b"".join(element for _, element in _elements(dataset, encodings))
    return _ITEM + pack("<I", len(content)) + content


def _value(element: DataElement, encodings: list[str]) -> bytes:
    if element.is_empty:
        return b""
    buffer: Any = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, False
    write, number_format = _WRITERS[element.VR]
    if element.VR in CUSTOMIZABLE_CHARSET_VR:
        write(buffer, element, encodings=encodings)
    elif number_format is not None:
        write(buffer, element, number_format)
    else:
        write(buffer, element)
    return bytes(buffer.getvalue())


def _with_length(tag: BaseTag, vr: str, value: bytes) -> bytes:
    start = pack("<HH", tag.group, tag.element) + vr.encode()
    if vr in EXPLICIT_VR_LENGTH_32:
        return start + pack("<HI", 0, len(value)) + value
    return start + pack("<H", len(value)) + value

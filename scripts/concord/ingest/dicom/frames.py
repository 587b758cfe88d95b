"""Frames: the single slices of classic and enhanced multi-frame files, alike.

Each frame has a flat header, in which the attributes of the functional groups of an
enhanced file are found by keyword at the top, as in a classic file of one slice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    EnhancedCTImageStorage,
    EnhancedMRImageStorage,
    EnhancedPETImageStorage,
    LegacyConvertedEnhancedCTImageStorage,
    LegacyConvertedEnhancedMRImageStorage,
    LegacyConvertedEnhancedPETImageStorage,
)

from ...errors import IngestFault
from ..sizes import LARGEST_HEADER
from . import deflated, reading, times
from . import header as hd
from .file_labels import label

#: Storage classes with many frames in one file.
ENHANCED = frozenset(
    {
        EnhancedCTImageStorage,
        EnhancedMRImageStorage,
        EnhancedPETImageStorage,
        LegacyConvertedEnhancedCTImageStorage,
        LegacyConvertedEnhancedMRImageStorage,
        LegacyConvertedEnhancedPETImageStorage,
    }
)

_PIXEL_DATA = 0x7FE00010
_SHARED, _PER_FRAME = 0x52009229, 0x52009230
_UNDEFINED = 0xFFFFFFFF

#: Keyword of an enhanced file -> the one that classic files have for the same fact.
_CLASSIC_NAMES = {
    "EffectiveEchoTime": "EchoTime",
    "FrameType": "ImageType",
    "InversionTimes": "InversionTime",
    "ExposureInmAs": "Exposure",
    "XRayTubeCurrentInmA": "XRayTubeCurrent",
    "RFEchoTrainLength": "EchoTrainLength",
    "NominalCardiacTriggerDelayTime": "TriggerTime",
    "TemporalPositionIndex": "TemporalPositionIdentifier",
    "FrameAcquisitionNumber": "AcquisitionNumber",
    "FrameAcquisitionDuration": "ActualFrameDuration",
}


@dataclass(frozen=True)
class PixelData:
    """Where the pixels of a file begin, and how they are encoded."""

    offset: int  # of the value, in bytes; of a deflated file, in what it unpacks to
    length: int | None  # in bytes; None if encapsulated
    little_endian: bool
    element: str  # such as OW


@dataclass(frozen=True, eq=False)
class DicomFile:
    """A DICOM file: its header, and where its pixels are (None: it has none)."""

    path: Path
    header: Dataset
    pixels: PixelData | None
    size: int

    @cached_property
    def syntax(self) -> UID:
        """Transfer syntax; without a file header, implicit little endian."""
        meta = getattr(self.header, "file_meta", None)
        return UID(str(getattr(meta, "TransferSyntaxUID", "") or "1.2.840.10008.1.2"))

    @property
    def label(self) -> str:
        """Label of the file in messages."""
        return label(self.path)


@dataclass(frozen=True, eq=False)
class Frame:
    """One slice: its flat header, its file, and its index among the file's frames."""

    header: Dataset
    file: DicomFile
    index: int = 0


def open_file(path: Path) -> DicomFile | None:
    """A file without its pixels; None if it is not DICOM.

    Raises
    ------
    IngestFault
        UNREADABLE_FILE or TRUNCATED_FILE.
    """
    with path.open("rb") as file:
        if not hd.starts_like_dicom(file.read(hd.START_BYTES)):
            return None
        file.seek(0)
        stream = deflated.opened(file, path)
        header = hd.parsed(stream, path)
        at = stream.tell()
        start = stream.read(12)
        size = file.seek(0, 2)
    return DicomFile(path, header, _pixel_data(at, start, header), size)


def whole(file: DicomFile) -> Dataset:
    """A file with its pixels; a deflated one no further than its header tells."""
    if file.syntax != DeflatedExplicitVRLittleEndian:
        with file.path.open("rb") as source:
            return reading.data_set(source)
    end = 0 if file.pixels is None else file.pixels.offset + (file.pixels.length or 0)
    found = reading.data_set(deflated.content(file.path, end or LARGEST_HEADER))
    found.file_meta.TransferSyntaxUID = file.syntax
    return found


def _pixel_data(at: int, start: bytes, header: Dataset) -> PixelData | None:
    """Facts on the pixels in the 12 bytes at which the header ends."""
    _, is_little = header.original_encoding
    order = "little" if is_little in (True, None) else "big"
    if len(start) < 8:
        return None
    group, element = (int.from_bytes(start[i : i + 2], order) for i in (0, 2))  # type: ignore[arg-type]
    if group << 16 | element != _PIXEL_DATA:
        return None
    explicit = start[4:6].isalpha() and start[4:6].isupper() and start[6:8] == b"\0\0"
    length = int.from_bytes(start[8:12] if explicit else start[4:8], order)  # type: ignore[arg-type]
    return PixelData(
        offset=at + (12 if explicit else 8),
        length=None if length == _UNDEFINED else length,
        little_endian=order == "little",
        element=start[4:6].decode() if explicit else "OW",
    )


def is_enhanced(header: Dataset) -> bool:
    """True if a file is of a storage class with functional groups."""
    return (hd.text(header, "SOPClassUID") or "") in ENHANCED


def frames_of(file: DicomFile) -> list[Frame]:
    """The frames of a file, in the order of its pixels.

    Raises
    ------
    IngestFault
        NO_GEOMETRY or BAD_VALUE if an enhanced file does not describe each of its
        frames.
    """
    if not is_enhanced(file.header):
        return [Frame(file.header, file)]
    try:
        return _described_frames(file)
    except (IngestFault, OSError):
        raise
    except Exception as error:  # nested values are parsed here, from arbitrary bytes
        raise IngestFault(
            "BAD_VALUE",
            f"the functional groups of {file.label} cannot be read "
            f"({type(error).__name__}). Copy it again from the archive.",
        ) from error


def _described_frames(file: DicomFile) -> list[Frame]:
    groups = hd.value(file.header, "PerFrameFunctionalGroupsSequence") or []
    count = hd.number(file.header, "NumberOfFrames") or 1
    if not groups:
        raise IngestFault(
            "NO_GEOMETRY",
            f"{file.label} is an enhanced file of {count:g} frames without functional "
            "groups, so that no frame has a place. Ask for another export.",
        )
    if len(groups) != count:
        raise IngestFault(
            "BAD_VALUE",
            f"{file.label} says that it has {count:g} frames and describes "
            f"{len(groups)}. Copy it again from the archive.",
        )
    shared = hd.value(file.header, "SharedFunctionalGroupsSequence") or []
    common = _top_elements(file.header)
    for item in shared[:1]:
        common |= dict(_grouped_elements(item))
    return [
        Frame(_flat(common | dict(_grouped_elements(item))), file, index)
        for index, item in enumerate(groups)
    ]


Element = DataElement | RawDataElement


def _top_elements(header: Dataset) -> dict[BaseTag, Element]:
    """All elements of a header but the functional groups, and how many frames."""
    skipped = {_SHARED, _PER_FRAME, tag_for_keyword("NumberOfFrames")}
    return {
        tag: header.get_item(tag)  # type: ignore[misc]
        for tag in header.keys()  # noqa: SIM118
        if tag not in skipped
    }


def _grouped_elements(item: Dataset) -> Iterator[tuple[BaseTag, Element]]:
    """The elements of every functional group of one item."""
    for group in item:
        if group.VR != "SQ":
            continue
        for inner in group.value[:1]:
            for tag in inner.keys():  # noqa: SIM118
                yield tag, inner.get_item(tag)


def _flat(elements: dict[BaseTag, Element]) -> Dataset:
    """A header of these elements, with the names of classic files filled in."""
    flat = Dataset(elements)
    for enhanced, classic in _CLASSIC_NAMES.items():
        found = hd.value(flat, enhanced)
        if found is not None:
            flat[classic] = DataElement(classic, dictionary_VR(classic), found)
    _add_times(flat)
    return flat


def _add_times(flat: Dataset) -> None:
    """Dates and times of a frame in the form of classic files."""
    for enhanced, classic in (
        ("FrameAcquisitionDateTime", "Acquisition"),
        ("DecayCorrectionDateTime", "Series"),
    ):
        try:
            day, clock, zone = times.date_time(hd.text(flat, enhanced))
        except ValueError:
            continue
        if clock is not None:
            _put_moment(flat, classic, times.at(day, clock, zone))


def _put_moment(flat: Dataset, which: str, moment: datetime) -> None:
    """Write a moment as date and time on the clock of the scanner."""
    zone = times.zone_of(flat)
    if moment.tzinfo is not None and zone is None:
        flat.TimezoneOffsetFromUTC = f"{moment:%z}"
    elif moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    setattr(flat, f"{which}Date", f"{moment:%Y%m%d}")
    setattr(flat, f"{which}Time", f"{moment:%H%M%S.%f}".rstrip("0").rstrip("."))

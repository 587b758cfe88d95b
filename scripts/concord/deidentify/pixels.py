"""Pixels of a copy: written anew from their numbers, and nothing beside them.

Whatever a file holds behind its pixels, between the fragments of a compressed stream,
in the comments of that stream, or in bits that no element describes, is not copied,
because the numbers alone are. Copies are therefore not compressed.
"""

from pathlib import Path
from typing import Any

import numpy as np
from pydicom import DataElement, Dataset
from pydicom.uid import JPEG2000, JPEG2000Lossless

from ..ingest.dicom.decoding import forget, is_irreversible, stored
from ..ingest.dicom.frames import DicomFile, frames_of
from ..ingest.segmentation import sources
from .values import NotExported

_PIXELS = 0x7FE00010
_AGAIN = "Ask for another export of the series."
#: Transfer syntaxes that lose information whatever the header says.
_LOSSY = frozenset(
    {
        "1.2.840.10008.1.2.4.50",
        "1.2.840.10008.1.2.4.51",
        "1.2.840.10008.1.2.4.81",
    }
)


def put_image(clean: Dataset, file: DicomFile) -> None:
    """Write the pixels of a file of an image into its copy.

    Raises
    ------
    NotExported
        If the file has another number of frames than it says.
    IngestFault
        If the pixels cannot be decoded.
    """
    frames = frames_of(file)
    if len(frames) != int(clean.get("NumberOfFrames") or 1):
        raise NotExported(
            f"{file.label} says that it has {clean.NumberOfFrames} frames, of which "
            f"{len(frames)} can be told apart. {_AGAIN}"
        )
    planes = np.stack([stored(frame) for frame in frames])
    forget()
    clean.HighBit = int(clean.BitsStored) - 1
    if _is_lossy(file):
        clean.LossyImageCompression = "01"
    _put(clean, planes.astype(planes.dtype.newbyteorder("<")).tobytes())


def put_segments(clean: Dataset, path: Path) -> None:
    """Write the pixels of a DICOM SEG into its copy."""
    source: Any = sources.opened(path)
    frames = range(1, int(clean.get("NumberOfFrames") or 1) + 1)
    planes = np.stack([source.dataset.get_stored_frame(number) for number in frames])
    if int(clean.BitsAllocated) == 1:
        content = np.packbits(planes.astype(bool).ravel(), bitorder="little").tobytes()
    else:
        width = int(clean.BitsAllocated) // 8
        content = planes.astype(f"<u{width}").tobytes()
        clean.HighBit = int(clean.BitsStored) - 1
    _put(clean, content)


def _put(clean: Dataset, content: bytes) -> None:
    vr = "OB" if int(clean.BitsAllocated) <= 8 else "OW"
    clean.add(DataElement(_PIXELS, vr, content + b"\0" * (len(content) % 2)))


def _is_lossy(file: DicomFile) -> bool:
    if file.syntax in (JPEG2000, JPEG2000Lossless):
        return is_irreversible(file)
    return file.syntax in _LOSSY

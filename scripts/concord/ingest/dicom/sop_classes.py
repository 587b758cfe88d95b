"""Kinds of DICOM files: images that are read, those that are not, and asides."""

from pydicom import Dataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    EnhancedCTImageStorage,
    EnhancedMRImageStorage,
    EnhancedPETImageStorage,
    LegacyConvertedEnhancedCTImageStorage,
    LegacyConvertedEnhancedMRImageStorage,
    LegacyConvertedEnhancedPETImageStorage,
    MediaStorageDirectoryStorage,
    MRImageStorage,
    PositronEmissionTomographyImageStorage,
    SecondaryCaptureImageStorage,
)

from ...errors import IngestFault
from . import header as hd

#: Storage classes of each modality: of one slice per file, and of many.
_CLASSES = {
    "CT": {
        CTImageStorage,
        EnhancedCTImageStorage,
        LegacyConvertedEnhancedCTImageStorage,
    },
    "MR": {
        MRImageStorage,
        EnhancedMRImageStorage,
        LegacyConvertedEnhancedMRImageStorage,
    },
    "PT": {
        PositronEmissionTomographyImageStorage,
        EnhancedPETImageStorage,
        LegacyConvertedEnhancedPETImageStorage,
    },
}
_IMAGES = frozenset().union(*_CLASSES.values())

#: Classes of files that no image of this workflow is stored as.
_PRIVATE_FRAMES = {
    "1.3.12.2.1107.5.9.1": "the private CSA class of Siemens",
    "1.3.46.670589.11.0.0.12.1": "a private class of Philips (MR spectrum)",
    "1.3.46.670589.5.0.2": "a private class of Philips",
}

#: Number of slices in a mosaic (private element of Siemens).
_TILES = (0x0019, 0x100A)


def is_directory(header: Dataset) -> bool:
    """True if a file is a DICOMDIR."""
    meta = getattr(header, "file_meta", None)
    return getattr(meta, "MediaStorageSOPClassUID", "") == MediaStorageDirectoryStorage


def is_capture(header: Dataset) -> bool:
    """True if a file is a screenshot."""
    sop_class = hd.text(header, "SOPClassUID") or ""
    return sop_class.startswith(SecondaryCaptureImageStorage)


def is_no_image(header: Dataset) -> bool:
    """True if a file is neither an image that is read nor a screenshot."""
    sop_class = hd.text(header, "SOPClassUID") or ""
    return not is_capture(header) and sop_class not in _IMAGES


def is_localizer(header: Dataset) -> bool:
    """True if a file is a scout image for planning the scan."""
    return "LOCALIZER" in (hd.text(header, "ImageType") or "").split("\\")


def require_readable(header: Dataset, modality: str) -> None:
    """Raise the fault of what this reader does not read; a backend might."""
    sop_class = hd.text(header, "SOPClassUID") or ""
    if sop_class in _IMAGES - _CLASSES[modality]:
        raise IngestFault(
            "WRONG_MODALITY",
            f"Modality is {modality}, but the series is stored as "
            f"{UID(sop_class).name}. Ask for the original export.",
        )
    reason = unsupported_reason(header)
    if reason:
        code, text = reason.split(": ", 1)
        raise IngestFault(
            code,
            f"{text}. Put dcm2niix into the column `backend` of the image sheet, or "
            "convert it to NIfTI and list that file as source.",
        )


def is_mosaic(header: Dataset) -> bool:
    """True if many slices are tiled into one picture, as Siemens does."""
    tiles = header.get(_TILES)
    several = tiles is not None and str(tiles.value).strip() not in ("", "0", "1")
    return several or "MOSAIC" in (hd.text(header, "ImageType") or "").split("\\")


def unsupported_reason(header: Dataset) -> str | None:
    """Code and text of what this reader does not read; None if it does."""
    sop_class = hd.text(header, "SOPClassUID") or ""
    if sop_class in _PRIVATE_FRAMES:
        return f"MULTIFRAME_PRIVATE: the series has {_PRIVATE_FRAMES[sop_class]}"
    if sop_class not in _IMAGES:
        name = getattr(header.get("SOPClassUID"), "name", "")
        known = name if name and not name[0].isdigit() else "an unknown class"
        return (
            f"UNSUPPORTED_SOP: the series is stored as {known}, expected CT, MR or PET "
            "Image Storage or their enhanced forms"
        )
    if is_mosaic(header):
        return (
            "MOSAIC: the series is a Siemens mosaic (many slices tiled into one "
            "picture)"
        )
    return None

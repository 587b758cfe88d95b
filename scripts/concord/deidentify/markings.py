"""Marks of burned-in text and faces, by every element that the standard offers."""

from collections.abc import Iterable

from pydicom import Dataset
from pydicom.multival import MultiValue

from .pseudonyms import STANDARD_UIDS
from .values import NotExported
from .walk import readable_elements

#: Elements that say outright that a picture shows a person or names one.
_OUTRIGHT = {
    "BurnedInAnnotation": "text that is burned in",
    "RecognizableVisualFeatures": "a face, or what else a person is known by",
    "SpecimenLabelInImage": "a label",
}
#: Storage classes of pictures into which names are usually written: the start of the
#: UID, and what it is.
_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.7.": "a secondary capture",
    "1.2.840.10008.5.1.4.1.1.3.": "an ultrasound",
    "1.2.840.10008.5.1.4.1.1.6.": "an ultrasound",
    "1.2.840.10008.5.1.4.1.1.12.": "an angiography or fluoroscopy",
    "1.2.840.10008.5.1.4.1.1.77.": "a photograph, video or ophthalmic picture",
    "1.2.840.10008.5.1.4.1.1.9.": "a waveform or sound",
    "1.2.840.10008.5.1.4.1.1.11.": "a presentation with drawn notes",
    "1.2.840.10008.5.1.4.1.1.88.": "a report",
    "1.2.840.10008.5.1.4.1.1.104.": "a document",
}
_SUSPECT_MODALITIES = """
AR AU BI CR DG DOC DR DX ECG EPS ES GM HC IO IVUS KO MG OAM OCT OP OPM OPT OT PLAN PR
PX REG RESP RF RG RTIMAGE SC SM SMR SR US VF XA XC
"""
_MODALITIES = frozenset(_SUSPECT_MODALITIES.split())
#: Words of ImageType and FrameType of pictures of a screen.
_SCREEN_WORDS = (
    "SCREEN",
    "CAPTURE",
    "SNAPSHOT",
    "SCANNED",
    "DISPLAY",
    "REPORT",
    "DOSE INFO",
    "PRINT",
)
#: Elements that only a capture, a scan of paper or film, or a video has.
_OF_CAPTURE = (
    "ConversionType",
    "DateOfSecondaryCapture",
    "DigitalImageFormatAcquired",
    "HardcopyCreationDeviceID",
    "HardcopyDeviceManufacturer",
    "SecondaryCaptureDeviceID",
    "SecondaryCaptureDeviceManufacturer",
    "TimeOfSecondaryCapture",
    "VideoImageFormatAcquired",
)

#: Words of each value of a keyword, at any depth.
type Told = dict[str, list[list[str]]]

_OF_INTEREST = (*_OUTRIGHT, "Modality", "ImageType", "FrameType", *_OF_CAPTURE)
_LOOK = (
    "Look at the pictures; if they show neither names nor faces, list the image in "
    "privacy.reviewed_images."
)


def require_unmarked(headers: Iterable[Dataset], is_reviewed: bool) -> None:
    """Raise NotExported if a header marks its picture as one that may name a person.

    A picture of a suspect kind passes if BurnedInAnnotation is NO, or if somebody has
    looked at the image.

    Parameters
    ----------
    headers : iterable of Dataset
        Headers of the files of one image or segmentation.
    is_reviewed : bool
        True if `privacy.reviewed_images` names the image.
    """
    for header in headers:
        sop_class = str(header.get("SOPClassUID") or "").strip("\0 ")
        if sop_class not in STANDARD_UIDS:
            raise NotExported(
                "its storage class is not one of the standard, so that nothing tells "
                "what its elements hold. Convert it, or leave it out."
            )
        told = _told(header)
        for keyword, shown in _OUTRIGHT.items():
            if ["YES"] in told[keyword]:
                raise NotExported(
                    f"{keyword} is YES: the pictures show {shown}. Ask for an unmarked "
                    "export, or leave the image out."
                )
        reason = _suspicion(told, sop_class)
        declared = told["BurnedInAnnotation"] == [["NO"]]
        if reason and not declared and not is_reviewed:
            raise NotExported(f"{reason}, and BurnedInAnnotation is not NO. {_LOOK}")


def _suspicion(told: Told, sop_class: str) -> str | None:
    """Mark of a kind of picture that often has text burned in; None without any."""
    for start, kind in _CLASSES.items():
        if f"{sop_class}.".startswith(start):
            return f"the file is stored as {kind}"
    modalities = {word for words in told["Modality"] for word in words} & _MODALITIES
    if modalities:
        return f"Modality is {min(modalities)}"
    captured = [keyword for keyword in _OF_CAPTURE if any(map(any, told[keyword]))]
    if captured:
        return f"{captured[0]} is there, as in captures of a screen or film"
    types = told["ImageType"] + told["FrameType"]
    words = {word.replace("_", " ") for words in types for word in words}
    if any(mark in word for mark in _SCREEN_WORDS for word in words):
        return "ImageType or FrameType names a picture of a screen"
    if any(words[:2] == ["DERIVED", "SECONDARY"] for words in types):
        return "ImageType or FrameType is DERIVED, SECONDARY"
    return None


def _told(header: Dataset) -> Told:
    """The words of each element of interest, in a header and in all its items."""
    told: Told = {keyword: [] for keyword in _OF_INTEREST}
    for element in readable_elements(header):
        if element.keyword in told:
            value = element.value
            several = isinstance(value, MultiValue | list)
            parts = value if several else [value]
            words = [str(part or "").strip("\0 ").upper() for part in parts]
            told[element.keyword].append(words)
    return told

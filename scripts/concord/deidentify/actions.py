"""Action on each element: the table of PS3.15, and what this study retains.

The table of the Basic Application Level Confidentiality Profile (edition 2026c) comes
from dicom-anonymizer. The profile trusts elements that it does not list; here, every
one goes that is not on a list of what is kept, and the lists say what may stand in it.
"""

from functools import cache
from typing import Literal

from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table
from pydicom import DataElement
from pydicom.datadict import dictionary_VR

from .kept_codes import terms
from .kept_numbers import ranges, renumbered

Action = Literal[
    "age",
    "code",
    "count",
    "date",
    "dummy",
    "empty",
    "items",
    "number",
    "own",
    "pointer",
    "remove",
    "table",
    "term",
    "text",
    "time",
    "uid",
    "zone",
]

EDITION = "PS3.15 2026c"

#: Technical texts, kept unless they hold an identifying word of the same header.
TECHNICAL = (
    "Manufacturer",
    "ManufacturerModelName",
    "SoftwareVersions",
    "ConvolutionKernel",
    "FilterType",
    "ReconstructionMethod",
    "AttenuationCorrectionMethod",
    "ScatterCorrectionMethod",
    "Radiopharmaceutical",
    "SequenceName",
    "TransmitCoilName",
    "ReceiveCoilName",
)
#: Zone of the scanner's clock: without it, times that name a zone cannot be compared
#: with those that do not, and the decay of a PET is unknown. The option of modified
#: dates permits it.
ZONE = "TimezoneOffsetFromUTC"
#: Texts that the study writes itself, whatever the original says.
OWN = (
    "PatientName",
    "PatientID",
    "ROIName",
    "SegmentLabel",
    "DeidentificationMethod",
    "PatientIdentityRemoved",
    "LongitudinalTemporalInformationModified",
    "SpecificCharacterSet",
)
#: Texts of coded entries, which are looked up anew.
CODED = ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")
#: Times of day, without which no decay is known, nor which slice came first.
TIMES = (
    "StudyTime",
    "SeriesTime",
    "AcquisitionTime",
    "ContentTime",
    "RadiopharmaceuticalStartTime",
    "RadiopharmaceuticalStopTime",
    "ContrastBolusStartTime",
    "ContrastBolusStopTime",
)
#: Elements that name other elements, as indices of frames do.
POINTERS = ("DimensionIndexPointer", "FunctionalGroupPointer", "FrameIncrementPointer")
#: The one table that values of pixels need; it stands in the Modality LUT only.
TABLE = "LUTData"
#: Contents that hold text, drawings, sounds or small pictures, or describe them.
_CONTENTS = frozenset(
    {
        "ContentSequence",
        "GraphicAnnotationSequence",
        "GraphicLayerSequence",
        "IconImageSequence",
        "ReferencedPresentationLUTSequence",
        "SoftcopyVOILUTSequence",
        "TextObjectSequence",
        "VOILUTSequence",
        "WaveformAnnotationSequence",
        "WaveformSequence",
    }
)
_TEXTS = frozenset({"AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
_PATIENT_GROUP = 0x0010
#: Groups of curves and overlays, which may hold drawn or written names.
_DRAWN = frozenset([*range(0x5000, 0x5100), *range(0x6000, 0x6100)])

#: Elements with an action of their own.
_SPECIAL: dict[str, Action] = {
    "PatientAge": "age",
    ZONE: "zone",
    TABLE: "table",
    "DeidentificationMethodCodeSequence": "remove",
}

_PROFILE: dict[Action, tuple[str, ...]] = {
    "remove": ("X_TAGS",),
    "empty": ("Z_TAGS", "X_Z_TAGS"),
    "dummy": ("D_TAGS", "Z_D_TAGS", "X_D_TAGS", "X_Z_D_TAGS"),
    "uid": ("U_TAGS", "X_Z_U_STAR_TAGS"),
}


def action_of(element: DataElement) -> Action:
    """Action on a public element; `dummy` is for text and what it contains."""
    keyword, vr = element.keyword, element.VR
    if element.tag.group in _DRAWN or not keyword or not _has_own_type(element):
        return "remove"
    if keyword in _listed():
        return _listed()[keyword]
    if vr == "SQ":
        return _of_items(element)
    if vr == "UI":
        return "uid"
    if vr in ("DA", "DT"):
        return "empty" if element.tag.group == _PATIENT_GROUP else "date"
    if vr == "TM":
        return "empty"
    if vr in _TEXTS - {"CS"}:
        return _by_profile().get(int(element.tag), "empty")
    return "remove"


def _has_own_type(element: DataElement) -> bool:
    """True if the value representation is the one of the dictionary.

    Of another type, a value is not what its keyword says.
    """
    expected = dictionary_VR(element.tag)
    return element.VR in (expected, *expected.split(" or "))


def _of_items(element: DataElement) -> Action:
    if element.keyword in _CONTENTS:
        return "remove"
    action = _by_profile().get(int(element.tag), "items")
    return action if action in ("remove", "empty") else "items"


@cache
def _listed() -> dict[str, Action]:
    """The action on every element that a list names."""
    lists: dict[Action, tuple[str, ...]] = {
        "number": tuple(ranges()),
        "count": tuple(renumbered()),
        "term": tuple(terms()),
        "text": TECHNICAL,
        "own": OWN,
        "code": CODED,
        "time": TIMES,
        "pointer": POINTERS,
    }
    found = {
        keyword: action for action, keywords in lists.items() for keyword in keywords
    }
    return found | _SPECIAL


@cache
def _by_profile() -> dict[int, Action]:
    """The action of each tag of the table."""
    found: dict[int, Action] = {}
    for action, names in _PROFILE.items():
        for name in names:
            for tag in getattr(table, name):
                if len(tag) == 2:  # the ranges are curves and overlays
                    found[tag[0] << 16 | tag[1]] = action
    return found

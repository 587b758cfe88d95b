"""Action on each element: the table of PS3.15, and what this study retains.

The table of the Basic Application Level Confidentiality Profile (edition 2026c) comes
from dicom-anonymizer. Beyond it, every free text goes that is not named here, because
the profile trusts elements that it does not list.
"""

from functools import cache
from typing import Literal

from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table
from pydicom import DataElement

Action = Literal[
    "remove", "empty", "dummy", "uid", "shift", "age", "keep", "code", "zone"
]

EDITION = "PS3.15 2026c"

#: Facts of the patient that SUV and its variants need.
PATIENT = ("PatientSex", "PatientAge", "PatientSize", "PatientWeight")
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
    "RandomsCorrectionMethod",
    "Radiopharmaceutical",
    "SequenceName",
    "TransmitCoilName",
    "ReceiveCoilName",
    "AnatomicalOrientationType",
)
#: Zone of the scanner's clock: without it, times that name a zone cannot be compared
#: with those that do not, and the decay of a PET is unknown. The option of modified
#: dates permits it.
ZONE = "TimezoneOffsetFromUTC"
#: Texts that the study writes itself.
OWN = ("PatientName", "PatientID", "ROIName", "SegmentLabel", "DeidentificationMethod")
#: Texts of coded entries, which are looked up anew.
CODED = ("CodeValue", "CodingSchemeDesignator", "CodeMeaning")
#: Times of day, without which no decay is known.
_TIMES = frozenset({"TM"})
_DATES = frozenset({"DA", "DT"})
_TEXTS = frozenset({"AE", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})
_BULK = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
#: Pixels, and the tables they need.
_KEPT_BULK = frozenset(
    {0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010, 0x00283006}
    | {0x00281201, 0x00281202, 0x00281203, 0x00660023, 0x00189810}
)
_PATIENT_GROUP = 0x0010
#: Groups of curves and overlays, which may hold drawn or written names.
_DRAWN = frozenset([*range(0x5000, 0x5100), *range(0x6000, 0x6100)])

#: Retained elements of which only the value of a known form stays.
_SPECIAL: dict[str, Action] = {"PatientAge": "age", ZONE: "zone"}

_PROFILE: dict[Action, tuple[str, ...]] = {
    "remove": ("X_TAGS",),
    "empty": ("Z_TAGS", "X_Z_TAGS"),
    "dummy": ("D_TAGS", "Z_D_TAGS", "X_D_TAGS", "X_Z_D_TAGS"),
    "uid": ("U_TAGS", "X_Z_U_STAR_TAGS"),
}


def action_of(element: DataElement) -> Action:
    """Action on a public element; `dummy` is for text and what it contains."""
    if element.tag.group in _DRAWN:
        return "remove"
    keyword = element.keyword
    if keyword in _retained():
        return _SPECIAL.get(keyword, "keep")
    if keyword in CODED:
        return "code"
    return _by_type(element) or _by_profile().get(int(element.tag), "keep")


def _by_type(element: DataElement) -> Action | None:
    """Action that a value representation decides, whatever the table says."""
    vr, tag = element.VR, int(element.tag)
    if vr == "UI":
        return "uid"
    if vr in _DATES and element.tag.group != _PATIENT_GROUP:
        return "shift"
    if vr in _DATES or (vr in _TIMES and element.tag.group == _PATIENT_GROUP):
        return "empty"
    if vr in _TIMES:
        return "keep"
    if vr in _BULK:
        return "keep" if tag in _KEPT_BULK else "remove"
    if vr in _TEXTS:
        return _by_profile().get(tag, "empty")
    return None


@cache
def _retained() -> frozenset[str]:
    return frozenset((*PATIENT, *TECHNICAL, *OWN, ZONE))


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

"""Identifiers of a patient in a header, and texts that must not hold them."""

import re
from collections.abc import Iterable
from typing import Any

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword

from ..errors import reraise_run_fault

#: Elements whose words identify a patient, or those who treated them.
IDENTIFYING = (
    "PatientName",
    "PatientID",
    "OtherPatientIDs",
    "OtherPatientNames",
    "PatientBirthName",
    "PatientMotherBirthName",
    "PatientBirthDate",
    "PatientAddress",
    "PatientTelephoneNumbers",
    "MilitaryRank",
    "MedicalRecordLocator",
    "AccessionNumber",
    "AdmissionID",
    "StudyID",
    "IssuerOfPatientID",
    "InstitutionName",
    "InstitutionAddress",
    "InstitutionalDepartmentName",
    "StationName",
    "DeviceSerialNumber",
    "ReferringPhysicianName",
    "ReferringPhysicianAddress",
    "ReferringPhysicianTelephoneNumbers",
    "ConsultingPhysicianName",
    "PhysiciansOfRecord",
    "PerformingPhysicianName",
    "NameOfPhysiciansReadingStudy",
    "RequestingPhysician",
    "OperatorsName",
    "ResponsiblePerson",
)
#: Shorter words are initials, numbers of rooms and the like; shorter numbers, years.
LEAST_LENGTH, LEAST_DIGITS = 3, 5
#: Words of institutions that vendors and kernels have, too; they name nobody.
_COMMON = (
    "abdomen advanced and anon anonymous anonymized axial body bone brain canon care "
    "cardiac center centre chest clinic clinical der des department diagnostic die "
    "electric elscint fast for general head health healthcare healthineers helical "
    "hitachi hospital image images imaging institut institute lung medical medicine "
    "mediso mri neuro neusoft none nuclear oncology original patient pet petct "
    "philips picker primary radiology radiotherapy recon research samsung scan "
    "scanner sharp shimadzu siemens soft spiral standard system systems technologies "
    "the toshiba und united universitaet university unknown varian von whole "
)
COMMON_WORDS = frozenset(_COMMON.split())
#: Facts that Concord writes itself, and terms that DICOM defines.
_OWN_FACTS = frozenset(
    {"series", "frame_of_reference", "notes", "concord_version", "Units", "modality"}
    | {"varying", "volume", "TransferSyntax", "DecayCorrection", "CorrectedImage"}
    | {"PatientPosition", "MRAcquisitionType", "ScanningSequence", "SequenceVariant"}
)
_WORDS = re.compile(r"[^\W_]+")


def words(text: str) -> set[str]:
    """Words of a text in lower case that could identify somebody."""
    return {word for word in _WORDS.findall(text.casefold()) if _is_telling(word)}


def _is_telling(word: str) -> bool:
    least = LEAST_DIGITS if word.isdigit() else LEAST_LENGTH
    return len(word) >= least and word not in COMMON_WORDS


def identifying_words(headers: Iterable[Dataset]) -> frozenset[str]:
    """Words of all identifying elements of some headers, top level.

    Elements that cannot be read, or hold several components, give what they can.
    """
    found: set[str] = set()
    seen: set[Any] = set()
    for header in headers:
        for keyword in IDENTIFYING:
            raw = _raw(header, keyword)
            if raw not in seen:
                seen.add(raw)
                found |= _words_of(header, keyword)
    return frozenset(found)


def holds(text: str, identifying: Iterable[str]) -> bool:
    """True if a text holds an identifying word.

    Words of three characters count only as whole words, longer ones anywhere:
    names are often run together.
    """
    folded = text.casefold()
    whole = set(_WORDS.findall(folded))
    return any(
        word in whole or (len(word) > LEAST_LENGTH and word in folded)
        for word in identifying
    )


def without_identifiers(
    facts: dict[str, Any], identifying: frozenset[str]
) -> tuple[dict[str, Any], list[str]]:
    """Facts whose texts hold no identifying word, and notes of those removed.

    Parameters
    ----------
    facts : dict
        Facts of a sidecar; texts, and texts within lists, are looked at.

    Returns
    -------
    tuple of dict and list of str
        The facts with None in place of such texts; the note IDENTIFIER_REMOVED
        names the facts, never their values.
    """
    removed = [
        name
        for name, fact in facts.items()
        if name not in _OWN_FACTS and _any_holds(fact, identifying)
    ]
    if not removed:
        return facts, []
    kept = facts | dict.fromkeys(removed, None)
    return kept, [f"IDENTIFIER_REMOVED {', '.join(sorted(removed))}"]


def path_names_patient(path: str, patient_name: str, patient_id: str) -> bool:
    """True if a path holds a part of a patient's name.

    Parts that the PatientID holds, too, are pseudonyms, not names.
    """
    return holds(path, words(patient_name) - words(patient_id))


def _any_holds(fact: Any, identifying: frozenset[str]) -> bool:
    texts = fact if isinstance(fact, list) else [fact]
    return any(isinstance(text, str) and holds(text, identifying) for text in texts)


def _raw(header: Dataset, keyword: str) -> Any:
    """A cheap stand-in for a value: its bytes if it was not converted yet."""
    tag = tag_for_keyword(keyword)
    element = header.get_item(tag) if tag is not None else None
    found = getattr(element, "value", None)
    return keyword, found if isinstance(found, bytes) else str(found)


def _words_of(header: Dataset, keyword: str) -> set[str]:
    try:
        return words(str(header.get(keyword) or ""))
    except Exception as error:  # what cannot be read cannot be looked for
        reraise_run_fault(error)
        return set()

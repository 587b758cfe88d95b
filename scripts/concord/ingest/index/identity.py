"""Parts of a path and names of regions that tell who a patient is, by one header.

The words of the header are compared and forgotten: the index keeps the places of what
tells, never the words.
"""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from pydicom import Dataset
from pydicom.charset import convert_encodings, decode_bytes
from pydicom.multival import MultiValue

from ...privacy import dates_in_texts, folding, matching, subject_id
from ...privacy.identifiers import (
    BIRTH_DATE,
    words_of_numbers,
    words_of_others,
    words_of_people,
)
from . import telling_ids
from .regions import reader_of

#: Elements of the identity that lie before the pixels of a header, by keyword. What
#: comes later (RequestingPhysician, AdmissionID) is looked at when a file is converted.
ELEMENTS = {
    "SpecificCharacterSet": 0x00080005,
    "AccessionNumber": 0x00080050,
    "ReferringPhysicianName": 0x00080090,
    "ConsultingPhysicianName": 0x0008009C,
    "PhysiciansOfRecord": 0x00081048,
    "PerformingPhysicianName": 0x00081050,
    "NameOfPhysiciansReadingStudy": 0x00081060,
    "OperatorsName": 0x00081070,
    "PatientName": 0x00100010,
    "PatientID": 0x00100020,
    BIRTH_DATE: 0x00100030,
    "OtherPatientIDs": 0x00101000,
    "OtherPatientNames": 0x00101001,
    "PatientBirthName": 0x00101005,
    "PatientMotherBirthName": 0x00101060,
    "MedicalRecordLocator": 0x00101090,
    "ResponsiblePerson": 0x00102297,
    "InstitutionName": 0x00080080,
    "InstitutionAddress": 0x00080081,
    "StationName": 0x00081010,
    "InstitutionalDepartmentName": 0x00081040,
    "PatientAddress": 0x00101040,
    "PatientTelephoneNumbers": 0x00102154,
    "DeviceSerialNumber": 0x00181000,
    "StudyID": 0x00200010,
}
TAGS = tuple(ELEMENTS.values())
#: Modalities of which the names of files tell the reader.
SEGMENTATIONS = frozenset({"RTSTRUCT", "SEG"})
#: Characters after which a text is in the first character set again.
_DELIMITERS = {ord(character) for character in "^=\t\n\f\r"}


class Identity(NamedTuple):
    """Words of people and birth dates of a header, and its other identifiers.

    `patient` is PatientID, PatientBirthDate and PatientName as they are.
    """

    people: frozenset[str]
    others: frozenset[str]
    patient: tuple[str, str, str] = ("", "", "")

    def is_person(self, text: str) -> bool:
        """True if a text names somebody, or holds a birth date."""
        return _holds(text, self.people) or matching.names_by_title(text)

    def is_told(self, text: str) -> bool:
        """True if a text names somebody, or holds any date or another identifier.

        No part of it may then become a name in the study.
        """
        return (
            self.is_person(text)
            or _holds(text, self.others)
            or bool(dates_in_texts.full_dates_in(folding.folded(text)))
        )


def _holds(text: str, words: frozenset[str]) -> bool:
    return matching.holds(text, words, matching.LEAST_IN_DRAFTS, has_codes=False)


def identity(values: Sequence[bytes]) -> Identity:
    """The identity in the raw elements of `ELEMENTS`; empty ones if they are absent."""
    return _identity(*values)


@lru_cache(maxsize=64)
def _identity(character_set: bytes, *values: bytes) -> Identity:
    encodings = _encodings(character_set.decode("ascii", "replace"))
    _, *keywords = ELEMENTS
    texts = {
        keyword: _texts(value, encodings)
        for keyword, value in zip(keywords, values, strict=True)
    }
    patient_id, birth_date, name = (
        "\\".join(texts[keyword])
        for keyword in (subject_id.PATIENT_ID, BIRTH_DATE, subject_id.NAME)
    )
    return Identity(
        words_of_people(texts),
        words_of_numbers(texts) | words_of_others(texts),
        (patient_id, birth_date, name),
    )


def raw(header: Dataset, tag: int) -> bytes:
    """Bytes of an element that has not been converted; else its text as UTF-8."""
    found = getattr(header.get_item(tag), "value", None)
    if isinstance(found, bytes):
        return found
    parts = found if isinstance(found, MultiValue) else [found or ""]
    return "\\".join(map(str, parts)).encode()


def with_telling_facts(facts: dict[str, Any], path: str) -> dict[str, Any]:
    """Facts of a file with the places of what must not become a name in the study.

    Parameters
    ----------
    facts : dict
        With the identity as `who`, which is left out; other files are as they were.
    path : str
        Path of the file below its root.
    """
    facts = dict(facts)
    who = facts.pop("who", None)
    if who is None:
        return facts
    top, *files = PurePosixPath(path).parts
    held = subject_id.held(top, *who.patient) if files else []
    reader = reader_of(path) if facts["modality"] in SEGMENTATIONS else ""
    return facts | {
        "named": names_person(path, who),
        "id_holds": telling_ids.joined([held]),
        "telling": telling_parts(path, who, reader),
        "telling_rois": telling_names(json.loads(facts.get("rois") or "[]"), who),
    }


def telling_parts(path: str, who: Identity, reader: str = "") -> str | None:
    """Places, from 1, of the parts of a path that tell who the patient is.

    Parameters
    ----------
    path : str
        Path of a file below its root.
    reader : str
        The reader that the name of the file tells; the file counts by it alone, as
        its name is used for nothing else.

    Returns
    -------
    str or None
        Numbers separated by blanks; None if no part tells.
    """
    *folders, _ = PurePosixPath(path).parts
    return _places(_is_told(name, who) for name in (*folders, reader))


def telling_names(names: Sequence[str], who: Identity) -> str | None:
    """Places, from 1, of the names of regions that tell who the patient is."""
    return _places(who.is_told(name) for name in names)


def names_person(path: str, who: Identity) -> bool:
    """True if a folder or the file of a path names somebody, or holds a birth date."""
    *folders, name = PurePosixPath(path).parts
    # Files are numbered, and no name has digits: so the cache finds most of them.
    letters = "".join(c for c in name if not c.isdigit())
    return any(_is_person(part, who) for part in (*folders, letters))


@lru_cache(maxsize=4096)
def _is_told(text: str, who: Identity) -> bool:
    return who.is_told(text)


@lru_cache(maxsize=4096)
def _is_person(text: str, who: Identity) -> bool:
    return who.is_person(text)


def _places(told: Iterable[bool]) -> str | None:
    return " ".join(str(n) for n, tells in enumerate(told, 1) if tells) or None


def _encodings(character_set: str) -> list[str]:
    """Encodings of a header; the default one in place of those that nobody knows."""
    return convert_encodings([part.strip("\0 ") for part in character_set.split("\\")])


def _texts(value: bytes, encodings: Sequence[str]) -> list[str]:
    if not value:
        return []
    is_default = list(encodings) == ["iso8859"]
    try:
        # Files often hold UTF-8 without saying so.
        text = value.decode("utf-8") if is_default else _decoded(value, encodings)
    except UnicodeDecodeError:
        text = _decoded(value, encodings)
    parts = [part.strip("\0 ") for part in text.split("\\")]
    return [part for part in parts if part]


def _decoded(value: bytes, encodings: Sequence[str]) -> str:
    return decode_bytes(value, list(encodings), _DELIMITERS)

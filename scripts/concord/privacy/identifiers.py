"""Identifiers of a patient in a header, and texts that must not hold them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydicom import Dataset
from pydicom.datadict import tag_for_keyword
from pydicom.multival import MultiValue

from ..errors import reraise_run_fault
from . import dates_in_texts, folding, matching
from .common_words import COMMON_WORDS, NO_NAMES, PARTICLES
from .matching import holds

#: Names of the patient, and of those who treated him.
PEOPLE = (
    "PatientName",
    "OtherPatientNames",
    "PatientBirthName",
    "PatientMotherBirthName",
    "ResponsiblePerson",
    "ReferringPhysicianName",
    "ConsultingPhysicianName",
    "PhysiciansOfRecord",
    "PerformingPhysicianName",
    "NameOfPhysiciansReadingStudy",
    "RequestingPhysician",
    "OperatorsName",
)
#: Numbers of the patient and of his examinations.
NUMBERS = (
    "PatientID",
    "OtherPatientIDs",
    "MedicalRecordLocator",
    "AccessionNumber",
    "AdmissionID",
)
BIRTH_DATE = "PatientBirthDate"
#: Other texts whose words identify a patient, or those who treated him.
_OTHERS = (
    "PatientAddress",
    "PatientTelephoneNumbers",
    "MilitaryRank",
    "StudyID",
    "IssuerOfPatientID",
    "InstitutionName",
    "InstitutionAddress",
    "InstitutionalDepartmentName",
    "StationName",
    "DeviceSerialNumber",
    "ReferringPhysicianAddress",
    "ReferringPhysicianTelephoneNumbers",
)
#: Elements whose words identify a patient, or those who treated them.
IDENTIFYING = (*PEOPLE, *NUMBERS, BIRTH_DATE, *_OTHERS)
#: Words of other texts than names that are shorter are initials, numbers of rooms and
#: the like; shorter numbers, years.
LEAST_LENGTH, LEAST_DIGITS = 3, 5
#: Numbers of an id that has letters, too, may be looked for alone from here on.
_LEAST_WITHIN_IDS = 4
#: Family, given and middle name; a title and what follows a name are none.
_COMPONENTS = 3
#: Words of no person.
_SAY_NOTHING = COMMON_WORDS | NO_NAMES
#: Facts that Concord writes itself, and terms that DICOM defines.
_OWN_FACTS = frozenset(
    {"series", "frame_of_reference", "notes", "concord_version", "Units", "modality"}
    | {"varying", "volume", "TransferSyntax", "DecayCorrection", "CorrectedImage"}
    | {"PatientPosition", "MRAcquisitionType", "ScanningSequence", "SequenceVariant"}
)


def words(text: str) -> set[str]:
    """Folded words of a text other than a name that could identify somebody."""
    return {word for word in folding.runs(folding.folded(text)) if _is_telling(word)}


def _is_telling(word: str) -> bool:
    least = LEAST_DIGITS if word.isdigit() else LEAST_LENGTH
    return len(word) >= least and word not in _SAY_NOTHING


def identifying_words(headers: Iterable[Dataset]) -> frozenset[str]:
    """Words of all identifying elements of some headers, top level.

    They are meant for technical texts: words that vendors and kernels use, too, are
    left out. Elements that cannot be read, or hold several components, give what they
    can.
    """
    found: set[str] = set()
    for header in _distinct(headers, IDENTIFYING):
        named = naming_words([header]) - COMMON_WORDS
        found |= {word for word in named if len(word) > 1 or not word.isascii()}
        found |= words_of_others({k: texts(header, k) for k in (*NUMBERS, *_OTHERS)})
    return frozenset(found)


def naming_words(headers: Iterable[Dataset]) -> frozenset[str]:
    """Names and numbers of patients and those who treated them, and birth dates.

    They are meant for what a study is called by: sessions, regions, readers. Words
    that are also common ones are among them; institutions are not, as a site may be
    called by its own.
    """
    keywords = (*PEOPLE, *NUMBERS, BIRTH_DATE)
    found: set[str] = set()
    for header in _distinct(headers, keywords):
        found |= words_of_people({key: texts(header, key) for key in keywords})
        found |= words_of_numbers({key: texts(header, key) for key in keywords})
    return frozenset(found)


def words_of_people(texts_of: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Words of the names of a header, and the birth date as YYYYMMDD.

    A PatientName that is the PatientID is a pseudonym and no name.

    Parameters
    ----------
    texts_of : mapping of list of str
        Texts of each element by its keyword.
    """
    numbers = [text for key in NUMBERS for text in texts_of.get(key, ())]
    names = {
        text
        for key in PEOPLE
        for text in texts_of.get(key, ())
        if not _is_pseudonym(text, numbers)
    }
    # A number without any digit is a name that somebody put there.
    names |= {text for text in numbers if not any(c.isdigit() for c in text)}
    found = {word for name in names for word in _words_of_name(name)}
    born = [text for text in texts_of.get(BIRTH_DATE, ()) if text]
    dates = {"".join(folding.digit_runs(folding.folded(text))) for text in born}
    return frozenset(found | {day for day in dates if dates_in_texts.is_date(day)})


def words_of_numbers(texts_of: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Numbers of a patient: whole ids without punctuation, and runs of digits."""
    numbers = [text for key in NUMBERS for text in texts_of.get(key, ())]
    numbers += [n for n in texts_of.get("PatientName", ()) if _is_pseudonym(n, numbers)]
    found: set[str] = set()
    for text in map(folding.folded, numbers):
        runs = folding.digit_runs(text)
        if not runs:
            continue
        whole = "".join(folding.runs(text))
        found.add(whole)
        if not whole.isdigit():
            found |= {run for run in runs if len(run) >= _LEAST_WITHIN_IDS}
    return frozenset(found)


def words_of_others(texts_of: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Words of institutions, addresses, devices and the letters of ids."""
    found = [text for key in (*NUMBERS, *_OTHERS) for text in texts_of.get(key, ())]
    return frozenset(word for text in found for word in words(text))


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


def texts(header: Dataset, keyword: str) -> list[str]:
    """Texts of an element, one for each of its values; none if it cannot be read."""
    try:
        value = header.get(keyword)
        parts = value if isinstance(value, MultiValue | list | tuple) else [value]
        found = [str(part) for part in parts if part is not None]
        return [folding.mended(text) for text in found if text.strip()]
    except Exception as error:  # what cannot be read cannot be looked for
        reraise_run_fault(error)
        return []


def _any_holds(fact: Any, identifying: frozenset[str]) -> bool:
    parts = fact if isinstance(fact, list) else [fact]
    return any(isinstance(text, str) and holds(text, identifying) for text in parts)


def _distinct(headers: Iterable[Dataset], keywords: Iterable[str]) -> Iterator[Dataset]:
    """Headers that differ in some elements, which those of a series seldom do."""
    seen: set[Any] = set()
    for header in headers:
        raw = tuple(_raw(header, keyword) for keyword in keywords)
        if raw not in seen:
            seen.add(raw)
            yield header


def _raw(header: Dataset, keyword: str) -> Any:
    """A cheap stand-in for a value: its bytes if it was not converted yet."""
    tag = tag_for_keyword(keyword)
    element = header.get_item(tag) if tag is not None else None
    found = getattr(element, "value", None)
    return found if isinstance(found, bytes) else str(found)


def _is_pseudonym(name: str, numbers: Iterable[str]) -> bool:
    """True if a name of one component with digits is, or shares its digits with, an id.

    Names of people have no digits; and hospitals write them in components.
    """
    text = folding.folded(name.rstrip("^= "))
    digits = {run.lstrip("0") for run in folding.digit_runs(text)}
    if not digits or "^" in text or "," in text or " " in text:
        return False
    return any(
        digits & {run.lstrip("0") for run in folding.digit_runs(folding.folded(number))}
        for number in numbers
    )


def _words_of_name(name: str) -> Iterator[str]:
    """Words of all writings of a name: family, given and middle name."""
    for writing in name.split("="):
        for component in writing.split("^")[:_COMPONENTS]:
            yield from _words_of_component(component)


def _words_of_component(component: str) -> Iterator[str]:
    """Words of one component in their spellings; particles only if they are all."""
    plain = folding.letter_runs(folding.folded(component))
    out = folding.letter_runs(folding.transcribed(component))
    for word, written_out in zip(plain, out, strict=True):
        if word not in NO_NAMES and (len(plain) == 1 or word not in PARTICLES):
            yield from (word, written_out)
            short = folding.without_transcriptions(word)
            if len(short) >= matching.RUN_TOGETHER:
                yield short
    yield from _without_foreign_letters(component)


def _without_foreign_letters(component: str) -> Iterator[str]:
    """Words as programs write them that know ASCII alone: M_ller is Müller.

    A word without its first or last letter is one that the text may hold by itself.
    """
    for word in folding.letter_runs(component.casefold()):
        if not (word[0].isascii() and word[-1].isascii()):
            continue
        plain = folding.folded(word.encode("ascii", "ignore").decode())
        if matching.RUN_TOGETHER <= len(plain) < len(word):
            yield plain

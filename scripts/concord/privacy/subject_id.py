"""Subject ids that tell who somebody is, by what the header of a file says.

An id stands in every table, figure and name of a file, so it must not be what the
hospital, or a neighbour, knows the patient by.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import permutations

from pydicom import Dataset

from ..errors import IngestFault, reraise_run_fault
from .identifiers import LEAST_DIGITS, path_names_patient

#: What an id may hold, by the keyword of the element.
PATIENT_ID, BIRTH_DATE, NAME = "PatientID", "PatientBirthDate", "PatientName"
#: A name that is the pseudonym, too, as archives of public data write it.
REPEATED = "PatientName (as in PatientID)"
#: Code of the fault of a sheet whose id tells who it is.
CODE = "SUBJECT_ID_TELLS"
#: Hash of a draft, in whose digits others are found by chance alone.
_DRAFTED = re.compile(r"P[0-9a-f]{12}")
_DIGITS = re.compile(r"\d+")

_DATA: ContextVar[str] = ContextVar("data", default="simulated")


@contextmanager
def of_data(data: str) -> Iterator[None]:
    """Within this context, headers name whom `privacy.data` says."""
    token = _DATA.set(data)
    try:
        yield
    finally:
        _DATA.reset(token)


def held(subject_id: str, patient_id: str, birth_date: str, name: str) -> list[str]:
    """Keywords of the elements of a header that a subject id holds.

    Case, accents, punctuation and leading zeros do not count. A run of five digits or
    more that PatientID has, too, is one. The birth date is one in any order of day,
    month and year, the year with four digits or two.

    Parameters
    ----------
    subject_id : str
        Id of the sheet, or name of a folder.
    patient_id, birth_date, name : str
        Values of the header; empty if it has none.
    """
    if _DRAFTED.fullmatch(subject_id):
        return [PATIENT_ID] if _same(subject_id, patient_id) else []
    found = {
        PATIENT_ID: _same(subject_id, patient_id) or _share(subject_id, patient_id),
        BIRTH_DATE: _holds_date(subject_id, birth_date),
        NAME: path_names_patient(subject_id, name, patient_id),
    }
    # Without PatientID, whose parts are no names for the detector.
    found[REPEATED] = not found[NAME] and path_names_patient(subject_id, name, "")
    return [keyword for keyword, holds in found.items() if holds]


def forbidden(keywords: list[str], data: str) -> list[str]:
    """Those of the elements held that tell who somebody is.

    Where PatientID is a pseudonym, an id may hold it, and so may a name that repeats
    it, as in public data.
    """
    if data == "simulated":
        return []
    if data == "patients":
        return keywords
    return [keyword for keyword in keywords if keyword in (BIRTH_DATE, NAME)]


def require_tells_nobody(subject_id: str, header: Dataset) -> None:
    """Raise IngestFault if a subject id of a sheet tells who the patient is.

    The text names the elements, never the id or what they hold.
    """
    keywords = (PATIENT_ID, BIRTH_DATE, NAME)
    values = [_text(header, keyword) for keyword in keywords]
    telling = forbidden(held(subject_id, *values), _DATA.get())
    if telling:
        raise IngestFault(CODE, f"the subject id holds the {sentence(telling)}")


def sentence(keywords: list[str]) -> str:
    """Elements that ids hold, and what to do, to end a sentence with."""
    elements = " and the ".join(keywords)
    text = (
        f"{elements} of the header, and would name the patient in all results. Call "
        "subjects by an id that only the hospital can resolve, such as the keyed "
        "hashes that `snakemake index` drafts (private/linkage.tsv tells which is "
        "whose)"
    )
    if {BIRTH_DATE, NAME}.isdisjoint(keywords):
        text += "; if PatientID is a pseudonym already, say so: `privacy.data: "
        text += "pseudonymized`, or `public` if everybody has the files"
    return f"{text}."


def _same(first: str, second: str) -> bool:
    return bool(_bare(second)) and _bare(first) == _bare(second)


def _bare(text: str) -> str:
    """Letters and digits in lower case, without accents and leading zeros."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    signs = "".join(sign for sign in plain if sign.isalnum())
    return re.sub(r"(?<!\d)0+(?=\d)", "", signs)


def _share(first: str, second: str) -> bool:
    """True if two texts have a run of digits in common, as a hospital's number."""
    runs = [
        {run.lstrip("0") for run in _DIGITS.findall(text) if len(run) >= LEAST_DIGITS}
        for text in (first, second)
    ]
    if runs[0] & runs[1] - {""}:
        return True
    whole = _bare(second)
    return len(whole) >= LEAST_DIGITS and whole in _bare(first)


def _holds_date(text: str, date: str) -> bool:
    """True if a text holds a date (YYYYMMDD), with or without punctuation."""
    if not re.fullmatch(r"\d{8}", date):
        return False
    year, month, day = date[:4], date[4:6], date[6:]
    runs = _DIGITS.findall(text)
    whole = {"".join(parts) for parts in permutations((year, month, day))}
    short = {"".join(parts) for parts in permutations((year[2:], month, day))}
    if any(form in run for form in whole for run in runs) or short & set(runs):
        return True
    triples = zip(runs, runs[1:], runs[2:], strict=False)
    parts = [sorted(map(int, (y, month, day))) for y in (year, year[2:])]
    return any(sorted(map(int, triple)) in parts for triple in triples)


def _text(header: Dataset, keyword: str) -> str:
    try:
        return str(header.get(keyword) or "")
    except Exception as error:  # what cannot be read cannot be compared
        reraise_run_fault(error)
        return ""

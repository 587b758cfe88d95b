"""Subject ids that tell who somebody is, by what the header of a file says.

An id stands in every table, figure and name of a file, so it must not be what the
hospital, or a neighbour, knows the patient by.
"""

import re
import unicodedata
from functools import lru_cache

from pydicom import Dataset

from ..errors import IngestFault
from . import folding
from .identifiers import texts, words_of_numbers, words_of_people
from .matching import holds
from .settings import named_by_headers

#: What an id may hold, by the keyword of the element.
PATIENT_ID, BIRTH_DATE, NAME = "PatientID", "PatientBirthDate", "PatientName"
#: A name that is the pseudonym, too, as archives of public data write it.
REPEATED = "PatientName (as in PatientID)"
#: Code of the fault of a sheet whose id tells who it is.
CODE = "SUBJECT_ID_TELLS"
#: Hash of a draft, in whose digits others are found by chance alone.
_DRAFTED = re.compile(r"P[0-9a-f]{12}")


@lru_cache(maxsize=4096)
def _held(subject_id: str, patient_id: str, birth_date: str, name: str) -> list[str]:
    if _DRAFTED.fullmatch(subject_id):
        return [PATIENT_ID] if _same(subject_id, patient_id) else []
    numbers = words_of_numbers({PATIENT_ID: [patient_id]})
    names = words_of_people({PATIENT_ID: [patient_id], NAME: [name]})
    pseudonyms = {*folding.runs(folding.folded(patient_id))}
    found = {
        PATIENT_ID: _same(subject_id, patient_id) or holds(subject_id, numbers),
        BIRTH_DATE: holds(subject_id, words_of_people({BIRTH_DATE: [birth_date]})),
        NAME: holds(subject_id, names - pseudonyms),
    }
    found[REPEATED] = not found[NAME] and holds(subject_id, names)
    return [keyword for keyword, is_held in found.items() if is_held]


def held(subject_id: str, patient_id: str, birth_date: str, name: str) -> list[str]:
    """Keywords of the elements of a header that a subject id holds.

    Case, accents, punctuation and leading zeros of PatientID do not count. Names,
    numbers and birth dates are found as in other texts (`identifiers`).

    Parameters
    ----------
    subject_id : str
        Id of the sheet, or name of a folder.
    patient_id, birth_date, name : str
        Values of the header; empty if it has none.
    """
    return list(_held(subject_id, patient_id, birth_date, name))


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


def telling(subject_id: str, header: Dataset) -> list[str]:
    """Elements of a header that a subject id must not hold, but does, by keyword."""
    values = ["\\".join(texts(header, key)) for key in (PATIENT_ID, BIRTH_DATE, NAME)]
    return forbidden(held(subject_id, *values), named_by_headers())


def require_tells_nobody(subject_id: str, header: Dataset) -> None:
    """Raise IngestFault if a subject id of a sheet tells who the patient is.

    The text names the elements, never the id or what they hold.
    """
    found = telling(subject_id, header)
    if found:
        raise IngestFault(CODE, f"the subject id holds the {sentence(found)}")


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

"""Roles of the columns of a clinical table, by the words of their names."""

import re
from collections.abc import Iterable

from .cells import Column

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def _listed(words: str) -> list[str]:
    """Words of a text."""
    return words.split()


TIME = frozenset(
    _listed(
        "time times day days month months mo mos year years yr yrs week weeks "
        "survival followup follow fu duration tte interval zeit tage monate jahre"
    )
)
EVENT = frozenset(
    _listed(
        "event events status death dead died deceased deadstatus mortality vital "
        "recurrence recurred relapse relapsed progression progressed metastasis "
        "metastases metastatic mets failure response responder pcr outcome lr dm os "
        "pfs dfs efs rfs dss css ttp tod rezidiv"
    )
)
#: Words that make a 1 mean that nothing happened.
REVERSED = frozenset(_listed("censor censored censoring alive living lebt"))
#: Words of what is known or decided only after the scan, besides events and times.
LATER = EVENT | REVERSED | TIME | frozenset(_listed("toxicity necrosis last outcome"))
TREATMENT = frozenset(
    _listed(
        "treatment therapy therapie chemo chemotherapy radiotherapy radiation "
        "radiochemo chemoradiotherapy surgery surgical operation resection drug "
        "dose regimen arm immunotherapy protocol medication"
    )
)
#: Words of facts that are normally known before the outcome, the likeliest
#: predictors first.
BASELINE = tuple(
    _listed(
        "age alter stage stadium tnm ajcc uicc figo tstage nstage mstage grade "
        "grading ecog karnofsky kps performance hpv psa gleason isup idh mgmt "
        "smoking smoker smoked packyears sex gender geschlecht bmi histology"
    )
)
SITE = frozenset(
    _listed("site centre center hospital institution institute clinic zentrum klinik")
)
#: Words beside one of a site that make it a place in the body.
_BODY = frozenset(
    _listed(
        "primary tumor tumour disease anatomic anatomical body location recurrence "
        "met mets metastasis biopsy"
    )
)
_PERSON = frozenset(
    _listed(
        "name names surname firstname lastname vorname nachname birth born dob "
        "birthdate birthday geburtsdatum address street zip phone telephone email "
        "mrn ssn insurance accession initials physician"
    )
)
_IDENTIFIER = frozenset(_listed("id ids identifier patient subject case pid code"))
_DAYS_PER = {
    "day": 1.0,
    "tage": 1.0,
    "week": 7.0,
    "month": 30.4375,
    "mo": 30.4375,
    "mos": 30.4375,
    "monate": 30.4375,
    "year": 365.25,
    "yr": 365.25,
    "yrs": 365.25,
    "jahre": 365.25,
}


def words(name: str) -> list[str]:
    """Words of the name of a column in small letters: ``OS.Time`` is os, time."""
    return [word.lower() for word in _WORD.findall(name)]


def has_word(name: str, known: Iterable[str]) -> bool:
    """True if one word of a name is known."""
    return not set(known).isdisjoint(words(name))


def names_a_person(name: str) -> bool:
    """True for a column that names or finds a person, by its name."""
    return has_word(name, _PERSON)


def names_an_identifier(name: str) -> bool:
    """True for a column that may hold ids, by its name."""
    return has_word(name, _IDENTIFIER)


def is_site(column: Column) -> bool:
    """True for a column of hospitals: by its name, and with several rows of each."""
    named = has_word(column.name, SITE) and not has_word(column.name, _BODY)
    return named and 1 < len(column.levels) <= len(column.present) / 2


def days_per_unit(name: str) -> float | None:
    """Days in the unit that a name tells; None if it tells none."""
    for word in words(name):
        for unit in (word, word.removesuffix("s")):
            if unit in _DAYS_PER:
                return _DAYS_PER[unit]
    return None


def is_time(column: Column) -> bool:
    """True for a column of numbers, none below 0, that may be times."""
    if column.kind != "number" or not has_word(column.name, TIME):
        return False
    return min(column.numbers) >= 0 and not has_word(column.name, BASELINE)


def is_event(column: Column) -> bool:
    """True for a column of yes and no whose name tells an outcome."""
    return column.kind == "binary" and has_word(column.name, EVENT | REVERSED)


def is_later(name: str) -> bool:
    """True for the name of what may be known only after the scan."""
    return has_word(name, LATER) and baseline_rank(name) is None


def baseline_rank(name: str) -> int | None:
    """Place of a column among the likely predictors; None if it is none."""
    found = [BASELINE.index(word) for word in words(name) if word in BASELINE]
    if not found or has_word(name, EVENT | REVERSED):
        return None
    return min(found)


def stem(name: str) -> frozenset[str]:
    """Words of a name that tell the outcome: without those of time and event alone."""
    empty = TIME | frozenset(
        _listed(
            "event events status to of the up last overall free indicator flag vital "
            "dead death died deceased deadstatus censor censored censoring"
        )
    )
    return frozenset(words(name)) - empty

"""Faults of one image or mask: gathered, waived where the study says so, raised."""

from collections.abc import Iterable

from ...errors import Finding, IngestFault
from ..settings import FaultSettings
from .codes import CODES, WAIVED

__all__ = [
    "CODES",
    "Finding",
    "is_waived",
    "raise_ingest_faults",
    "raise_unwaived",
    "some",
    "waived_note",
]


def raise_ingest_faults(found: Iterable[Finding]) -> None:
    """Raise one IngestFault that lists every fault; nothing if there is none.

    The first fault gives the code. With several, each text follows its code.
    """
    found = tuple(found)
    if len(found) == 1:
        raise IngestFault(found[0].code, found[0].text)
    if found:
        text = " ".join(f"{fault.code}: {fault.text}" for fault in found)
        raise IngestFault(found[0].code, text, found)


def is_waived(settings: FaultSettings, code: str, subject_id: str) -> bool:
    """True if `ingest.waive` names this subject for a waivable code."""
    return CODES[code].waivable and subject_id in settings.waive.get(code, [])


def waived_note(code: str, text: str) -> str:
    """The note that a waived fault becomes: its code, marked, and its text."""
    return f"{code}{WAIVED} {text}"


def raise_unwaived(
    found: Iterable[Finding], settings: FaultSettings, subject_id: str
) -> tuple[str, ...]:
    """Raise the faults that are not waived for a subject; notes of the others."""
    found = tuple(found)
    waived = [f for f in found if is_waived(settings, f.code, subject_id)]
    raise_ingest_faults(fault for fault in found if fault not in waived)
    return tuple(waived_note(*fault) for fault in waived)


def some(names: Iterable[object], limit: int = 3) -> str:
    """The first few names, and how many more there are."""
    listed = [str(name) for name in names]
    more = f" and {len(listed) - limit} more" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more

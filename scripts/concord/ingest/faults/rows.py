"""Rows of the sheets: their file names, and what happens to a faulty one."""

import logging
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ...errors import IngestFault, StudyError, raise_run_fault, run_fault
from ...provenance import place_in_package
from ..settings import FaultSettings

Row = Mapping[str, Any]

#: Fault of an id that tells who it is (`privacy.subject_id`).
SUBJECT_ID_TELLS = "SUBJECT_ID_TELLS"
IMAGE_KEYS = ("subject_id", "site", "session", "image")
MASK_KEYS = (*IMAGE_KEYS, "region", "reader")
EXCLUDED_KEYS = ("subject_id", "session", "image", "region", "reader")


def convert_rows(
    rows: Iterable[Row],
    convert: Callable[[Row], dict[str, Any]],
    stage: str,
    settings: FaultSettings,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Convert each row; return the results and the rows of the exclusions table.

    An error that nobody foresaw is the fault INTERNAL_ERROR of its row, so that one
    odd patient never loses the others. A fault of the machine is none of a row: it
    fails the job.

    Parameters
    ----------
    convert : callable
        Takes a row and returns its row of the result; may raise IngestFault.
    stage : str
        Name of the rule, for the exclusions table.
    settings : FaultSettings
        `on_fault` and `on_fault_codes` say whether a fault excludes the row or is
        raised.

    Returns
    -------
    tuple of list of dict
        The converted rows, and one row of table kind "exclusions" per fault.

    Raises
    ------
    MachineFault
        Naming the row and, where it is known, the file of its source.
    """
    done, excluded = [], []
    rows = list(rows)
    for number, row in enumerate(rows, 1):
        try:
            done.append(_converted(row, convert))
        except IngestFault as fault:
            _stop_if_it_tells(fault, f"row {number} of the {len(rows)} of this job")
            key = {name: row.get(name) for name in EXCLUDED_KEYS}
            place = _place(row)
            _stop_if_asked(fault, place, settings)
            logging.warning("%s excluded: %s: %s", place, fault.code, fault)
            excluded += [
                {"stage": stage, **key, "code": code, "reason": " ".join(text.split())}
                for code, text in fault.findings
            ]
    return done, excluded


def _converted(row: Row, convert: Callable[[Row], dict[str, Any]]) -> dict[str, Any]:
    """The result of a row; unforeseen errors become a fault without their text."""
    try:
        return convert(row)
    except IngestFault as fault:
        raise_run_fault(fault, _place_of_file(row, fault))
        raise
    except Exception as error:
        raise_run_fault(error, _place_of_file(row, error))
        # The text of a foreign error may quote the header or name the file.
        raise IngestFault(
            "INTERNAL_ERROR",
            f"{type(error).__name__} in {place_in_package(error)}. This is a case "
            "that the program does not know; please report it with this line.",
        ) from None


def _place(row: Row) -> str:
    """Keys of a row, for messages."""
    found = (row.get(name) for name in EXCLUDED_KEYS)
    return " ".join(str(part) for part in found if part)


def _place_of_file(row: Row, error: BaseException) -> str:
    """Keys of a row, and the number of the file of its source that an error names."""
    source, place = str(row.get("source") or ""), _place(row)
    name = getattr(run_fault(error), "filename", None)
    if name is None or not Path(source).is_dir():
        return place
    # By number, as in all messages: its name may be that of the patient.
    files = sorted(path for path in Path(source).rglob("*") if path.is_file())
    if Path(name) not in files:
        return place
    return f"{place}, file {files.index(Path(name)) + 1} of {len(files)} of its source"


def _stop_if_it_tells(fault: IngestFault, place: str) -> None:
    """Raise a fault of an id that tells who it is, whose exclusion would tell it, too.

    The row is named by its place, in the order of the sheet.
    """
    if fault.code == SUBJECT_ID_TELLS:
        fault.add_note(f"at {place}, which follow the order of the sheet")
        raise fault


def _stop_if_asked(fault: IngestFault, place: str, settings: FaultSettings) -> None:
    """Raise the fault again if the action of one of its codes is to stop."""
    for code, _ in fault.findings:
        special = settings.on_fault_codes.get(code)
        if (special or settings.on_fault) == "stop":
            key = f"ingest.on_fault_codes.{code}" if special else "ingest.on_fault"
            fault.add_note(f"at {place}; {key} is 'stop'")
            raise fault


def require_distinct(rows: Iterable[Row], name: Callable[[Row], str]) -> None:
    """Raise StudyError if two rows would write the same file."""
    seen: dict[str, Row] = {}
    for row in rows:
        other = seen.setdefault(name(row), row)
        if other is not row:
            keys = [{k: r[k] for k in MASK_KEYS if k in r} for r in (other, row)]
            raise StudyError(
                f"two rows would both be written to {name(row)}: {keys[0]} and "
                f"{keys[1]}. Rename one; only letters and digits count."
            )

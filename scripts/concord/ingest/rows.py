"""Rows of the sheets: their file names, and what happens to a faulty one."""

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..errors import IngestFault, StudyError

Row = Mapping[str, Any]

IMAGE_KEYS = ("subject_id", "site", "session", "modality")
MASK_KEYS = (*IMAGE_KEYS, "region", "reader")
EXCLUDED_KEYS = ("subject_id", "session", "modality", "region", "reader")


def convert_rows(
    rows: Iterable[Row],
    convert: Callable[[Row], dict[str, Any]],
    stage: str,
    on_fault: str,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Convert each row; return the results and the rows of the exclusions table.

    Parameters
    ----------
    convert : callable
        Takes a row and returns its row of the result; may raise IngestFault.
    stage : str
        Name of the rule, for the exclusions table.
    on_fault : str
        ``"exclude"`` goes on with the next row, ``"stop"`` raises the fault.
    """
    done, excluded = [], []
    for row in rows:
        try:
            done.append(convert(row))
        except IngestFault as fault:
            key = {name: row.get(name) for name in EXCLUDED_KEYS}
            place = " ".join(str(part) for part in key.values() if part)
            if on_fault == "stop":
                fault.add_note(f"at {place}; ingest.on_fault is 'stop'")
                raise
            logging.warning("%s excluded: %s: %s", place, fault.code, fault)
            reason = " ".join(str(fault).split())
            excluded.append(
                {"stage": stage, **key, "code": fault.code, "reason": reason}
            )
    return done, excluded


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


def image_name(row: Row) -> str:
    """BIDS-style name of an image, without ending."""
    subject, session = _label(row["subject_id"]), _label(row["session"])
    return f"sub-{subject}_ses-{session}_{row['modality']}"


def mask_name(row: Row) -> str:
    """BIDS-style name of a mask, without ending."""
    region, reader = _label(row["region"]), _label(row["reader"])
    return f"{image_name(row)}_label-{region}_desc-{reader}_mask"


def _label(identifier: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", identifier)

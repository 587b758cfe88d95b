"""Predictions as the terminal tells them at the end of a run.

The first process says them, so nothing heavy is imported.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, str]

#: Subjects that are told one by one; of more, only how many there are.
_MOST_TOLD = 20
_MISSING = ("", "NA")
_NOTICE = "Research results: no decision on a patient may rest on them."


def told(table: str, folder: Path = Path()) -> str:
    """Lines on each prediction: risk and interval, or why there is none, and flags.

    Parameters
    ----------
    table : str
        Table of kind "patient_predictions", relative to `folder`.
    folder : Path
        Folder of the study.
    """
    with (folder / table).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    subjects = {row["subject_id"] for row in rows}
    documents = Path(table).with_name("patients")
    lines = list(_counted(rows) if len(subjects) > _MOST_TOLD else map(_line, rows))
    where = f"Read {table}; {documents}/ holds a document of each patient."
    return "\n".join([*lines, where, _NOTICE]) + "\n"


def _counted(rows: Sequence[Row]) -> Iterator[str]:
    """Lines on how many subjects each model gives a score."""
    of = Counter((row["arm"], row["subject_id"], row["status"]) for row in rows)
    counts = Counter((arm, status) for arm, _, status in of)
    for (arm, status), number in sorted(counts.items()):
        yield f"{arm}: {number} {status}"


def _line(row: Row) -> str:
    flags = [f for name in ("red_flags", "amber_flags") if (f := _cell(row, name))]
    names = list(dict.fromkeys(" ".join(flags).split()))
    said = f"; flags: {', '.join(names)}" if names else "; no flag"
    return f"{row['subject_id']} {row['arm']} ({row['endpoint']}): {_found(row)}{said}"


def _found(row: Row) -> str:
    """The risk with its interval, or the score of a model without, or the reason."""
    if row["status"] != "scored":
        return f"{row['status']}: {_cell(row, 'reason')}"
    days = _cell(row, "horizon_days")
    risk = _cell(row, "risk") or _cell(row, "probability")
    if not risk:
        return f"score {_number(row['score'])}"
    lower, upper = _cell(row, "lower"), _cell(row, "upper")
    interval = f" ({_number(lower)} to {_number(upper)})" if lower and upper else ""
    when = f" by day {float(days):g}" if days else ""
    return f"risk{when} {_number(risk)}{interval}"


def _cell(row: Row, name: str) -> str:
    cell = row.get(name) or ""
    return "" if cell in _MISSING else cell


def _number(cell: str) -> str:
    return f"{float(cell.lstrip(chr(39))):.3g}"

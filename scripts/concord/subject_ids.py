"""Names of subjects that their source does not name, and tables without some."""

import re
from collections.abc import Collection, Iterable
from typing import Any, Literal

#: What happens to subjects without an id: an error, or the number of their row.
UnnamedSubjects = Literal["refuse", "number"]


def row_name(number: int) -> str:
    """Name of a subject without an id: its row, the first being 1."""
    return f"row-{number}"


def numbered(
    ids: Iterable[str | None], policy: str, missing: Collection[str] = ()
) -> list[str | None]:
    """Ids, the missing ones named by their row if `policy` is "number".

    Two readers of one table come to the same names; of two tables they cannot, so the
    configuration allows it only where the features and the subjects are the same files.
    Rows of several files are counted on from one to the next.

    Parameters
    ----------
    ids : iterable of str or None
        Ids of all rows, in order.
    policy : {"refuse", "number"}
        What happens to rows without an id.
    missing : collection of str
        Words that stand for no id, such as ``"MUMC_nan"``; looked at only if rows are
        numbered.
    """
    if policy != "number":
        return list(ids)
    return [
        name if name and name not in missing else row_name(row)
        for row, name in enumerate(ids, 1)
    ]


def look_of(name: str) -> str:
    """Text shared by ids that a spreadsheet may have turned into each other: 001 and 1.

    Case, leading zeros of numbers, and ``.0`` at the end do not count.
    """
    plain = re.sub(r"\.0+$", "", name.strip().casefold())
    return re.sub(r"(?<!\d)0+(?=\d)", "", plain)


def without(table: Any, subjects: Iterable[str]) -> Any:
    """Rows of a DataFrame whose `subject_id` is none of some subjects."""
    names = set(subjects)
    if not names:
        return table
    return table[~table["subject_id"].isin(names)].reset_index(drop=True)

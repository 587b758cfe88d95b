"""Names of subjects that their source does not name."""

import re
from collections.abc import Iterable
from typing import Literal

#: What happens to subjects without an id: an error, or the number of their row.
UnnamedSubjects = Literal["refuse", "number"]


def row_name(number: int) -> str:
    """Name of a subject without an id: its row, the first being 1."""
    return f"row-{number}"


def numbered(ids: Iterable[str | None], policy: str) -> list[str | None]:
    """Ids, the missing ones named by their row if `policy` is "number".

    Two readers of one file come to the same names; of two files they cannot, so the
    configuration allows it only where the features and the subjects are one file.
    """
    if policy != "number":
        return list(ids)
    return [name or row_name(row) for row, name in enumerate(ids, 1)]


def look_of(name: str) -> str:
    """Text shared by ids that a spreadsheet may have turned into each other: 001 and 1.

    Case, leading zeros of numbers, and ``.0`` at the end do not count.
    """
    plain = re.sub(r"\.0+$", "", name.strip().casefold())
    return re.sub(r"(?<!\d)0+(?=\d)", "", plain)

"""Subjects of the images and rows of the clinical table that belong together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from . import roles
from .cells import Column
from .question import Questions, listed


class Matches(NamedTuple):
    """Subjects with images and a row of the clinical table.

    Attributes
    ----------
    id_column : str or None
        Column of the table with the ids; None if none fits.
    row_of : dict of int
        Index of the row of each subject that has one.
    """

    id_column: str | None
    row_of: dict[str, int]


def matched(
    table: Mapping[str, Column],
    known: Mapping[str, Iterable[str]],
    ignore: bool,
    questions: Questions,
) -> Matches:
    """Rows of the subjects: by the column that holds most of their ids.

    Parameters
    ----------
    table : mapping of Column
        The clinical table.
    known : mapping
        Names that each subject goes by: its id, its PatientID, its folder.
    ignore : bool
        Take ids for equal that differ by case, blanks, punctuation or leading zeros.
    """
    names = {
        s: list(dict.fromkeys(n for n in found if n)) for s, found in known.items()
    }
    column = _id_column(table, names, ignore)
    if column is None:
        _ask_for_ids(table, names, questions)
        return Matches(None, {})
    rows = _rows_of(table[column].cells, ignore)
    row_of: dict[str, int] = {}
    repeated = []
    for subject, found in names.items():
        places = {place for name in found for place in rows.get(_key(name, ignore), ())}
        if len(places) == 1:
            row_of[subject] = places.pop()
        elif places:
            repeated.append(subject)
    questions.check("sheets", f"the ids of the clinical table are in {column!r}")
    if repeated:
        questions.ask(
            "subjects.tsv",
            f"{len(repeated)} subjects have several rows in the clinical table and "
            f"were left out: {listed(repeated)}",
        )
    _tell_unmatched(table[column], names, row_of, repeated, ignore, questions)
    return Matches(column, row_of)


def _key(name: str, ignore: bool) -> str:
    """An id as it is compared."""
    if not ignore:
        return name
    text = "".join(sign for sign in name.lower() if sign.isalnum())
    return text.lstrip("0") or text


def _rows_of(cells: Iterable[str], ignore: bool) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for place, cell in enumerate(cells):
        if cell:
            rows[_key(cell, ignore)].append(place)
    return rows


def _id_column(
    table: Mapping[str, Column], names: Mapping[str, list[str]], ignore: bool
) -> str | None:
    """The column with the ids of most subjects; of equal ones, one called an id."""

    def rank(name: str) -> tuple[int, bool]:
        keys = {_key(cell, ignore) for cell in table[name].present}
        hits = sum(any(_key(n, ignore) in keys for n in f) for f in names.values())
        return hits, roles.names_an_identifier(name)

    best = max(table, key=rank)
    return best if rank(best)[0] else None


def _ask_for_ids(
    table: Mapping[str, Column], names: Mapping[str, list[str]], questions: Questions
) -> None:
    """Say that no column holds the ids of the subjects, and what would help."""
    loose = _id_column(table, names, ignore=True)
    hint = (
        f" Those of {loose!r} do if case, blanks, punctuation and leading zeros are "
        "ignored: add match_ids=ignore_spelling to the command if that is right"
        if loose
        else " Name the folders of the patients as in the table, or add a column with "
        "the names of the folders"
    )
    some = listed(list(names)[:3])
    questions.ask(
        "sheets",
        f"no column of the clinical table holds the ids of the images ({some} ...)."
        f"{hint}",
    )


def _tell_unmatched(
    ids: Column,
    names: Mapping[str, list[str]],
    row_of: Mapping[str, int],
    repeated: Iterable[str],
    ignore: bool,
    questions: Questions,
) -> None:
    """List the subjects and the rows that are alone, and spellings that are near."""
    without = [s for s in names if s not in row_of and s not in set(repeated)]
    hit = {_key(n, ignore) for found in names.values() for n in found}
    rows = [cell for cell in ids.levels if _key(cell, ignore) not in hit]
    if without:
        questions.ask(
            "images.tsv",
            f"{len(without)} subjects have images but no row in the clinical table and "
            f"were left out: {listed(without)}",
        )
    if rows:
        questions.ask(
            "subjects.tsv",
            f"{len(rows)} rows of the clinical table have no images and were left out: "
            f"{listed(rows)}",
        )
    near = _near(without, names, rows)
    if near and not ignore:
        questions.ask(
            "subjects.tsv",
            f"are these the same patients, spelt differently: {listed(near)}? If so, "
            "add match_ids=ignore_spelling to the command",
        )


def _near(
    without: Iterable[str], names: Mapping[str, list[str]], rows: Iterable[str]
) -> list[str]:
    """Subjects and rows that would match if the spelling were ignored."""
    spelt = {_key(row, True): row for row in rows}
    counts = Counter(_key(row, True) for row in rows)
    near = []
    for subject in without:
        keys = {_key(name, True) for name in names[subject]}
        near += [f"{subject} and {spelt[key]}" for key in keys if counts[key] == 1]
    return near

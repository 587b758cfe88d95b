"""Last words of a run on the terminal: who was excluded, why, and where to read it.

The first process says them, so nothing heavy is imported.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..evaluation.sealed.chained import read_versions

#: Table of exclusions -> what its rows exclude, and tables of the chunks before it.
_TABLES = {
    "results/ingest/exclusions.tsv": (
        "images and segmentations",
        ("results/images/*_exclusions.tsv", "results/masks/*_exclusions.tsv"),
    ),
    "results/features/exclusions.tsv": (
        "segmented regions without features",
        ("results/features/chunks/*_exclusions.tsv",),
    ),
}
_SEALED = "results/cohort/sealed.tsv"
_KEYS = ("subject_id", "session", "image", "region", "reader")


def exclusions_told(folder: Path = Path()) -> str:
    """Lines on what a study excluded so far; empty if nothing was looked at yet.

    Parameters
    ----------
    folder : Path
        Folder of the study.
    """
    found = {name: _rows(folder, name, *_TABLES[name]) for name in _TABLES}
    known = {name: told for name, told in found.items() if told is not None}
    if not known:
        return ""
    lines = [line for line in known.values() if line] or ["Nothing was excluded."]
    return "\n".join([*lines, *_sealed(folder)]) + "\n"


def plan_told(path: str, folder: Path = Path()) -> str:
    """Line on the registered plan that stands."""
    version = read_versions(folder / path)[-1]
    return (
        f"The plan is registered as version {version['version']} of "
        f"{version['registered']}. Read {Path(path).with_suffix('.md')}, and keep the "
        "folder under version control.\n"
    )


def _sealed(folder: Path) -> Iterator[str]:
    """Line on the sealed subjects, if the study has any."""
    path = folder / _SEALED
    if path.is_file():
        subjects = len(list(_read([path])))
        yield f"Sealed subjects, in no result: {subjects}. Read {_SEALED}."


def _rows(folder: Path, name: str, noun: str, parts: tuple[str, ...]) -> str | None:
    """The line of one table; None if neither it nor a part of it is there."""
    paths = [folder / name]
    if not paths[0].is_file():
        paths = [path for part in parts for path in sorted(folder.glob(part))]
        name = " and ".join(parts)
    if not paths:
        return None
    return _line(list(_read(paths)), noun, name)


def _read(paths: Iterable[Path]) -> Iterator[dict[str, str]]:
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file, delimiter="\t")


def _line(rows: list[dict[str, str]], noun: str, where: str) -> str:
    if not rows:
        return ""
    excluded = {tuple(row.get(key) or "" for key in _KEYS) for row in rows}
    subjects = len({row["subject_id"] for row in rows})
    codes = Counter(row["code"] for row in rows)
    why = ", ".join(
        f"{code} {count}"
        for code, count in sorted(codes.items(), key=lambda one: (-one[1], one[0]))
    )
    people = "1 subject" if subjects == 1 else f"{subjects} subjects"
    return f"Excluded {noun}: {len(excluded)}, of {people} ({why}). Read {where}."

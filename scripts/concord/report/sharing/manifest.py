"""Manifest of all results, and what was edited, swapped or removed since then.

The records of the jobs (`concord.records`) lie in the private folder. The manifest goes
along with the results, so that they can be verified where the records are not.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ... import records, tables
from ...files import sha256
from ...records import Checked, Departure, Recorded

FILE = "results/MANIFEST.tsv"
_RESULTS = "results/"
#: Departures that the manifest can say more of.
_CONTENT = ("changed", "missing")


@dataclass(frozen=True)
class Listed:
    """One result: a row of the manifest."""

    file: str
    result: str  # what the rule makes as a whole
    sha256: str
    size: int  # byte
    rule: str  # empty if the file was edited before


class WriteManifest(records.Verify):
    """Settings of rule manifest: results that are listed, with all they were made from.

    `asked` is empty: the manifest is written when its results are.
    """


def listed(targets: Iterable[str]) -> list[Listed]:
    """Targets and all results that they were made from, file by file, sorted.

    The files of a folder stand by themselves; private ones are left out, and so are
    caches and benchmarks, which no job writes as its output. What is not as its job
    recorded it has no rule.
    """
    found = {
        file: one
        for file, one in records.recorded(targets).items()
        if file.startswith(_RESULTS) and file != FILE and Path(file).is_file()
    }
    return [_listed(file, one) for file, one in sorted(found.items())]


def _listed(file: str, recorded: Recorded) -> Listed:
    digest, size = sha256(file), os.path.getsize(file)
    rule = recorded.rule if digest.startswith(recorded.hash) else ""
    return Listed(file, recorded.result, digest, size, rule)


def with_manifest(checked: Checked, path: str = FILE) -> Checked:
    """A check by the records with what the manifest tells besides; unchanged without.

    A file that the records tell is told once: as swapped, if it holds what the
    manifest says of another file.
    """
    if not Path(path).is_file():
        return checked
    told = {one.file: one for one in _told(path)}
    departures = [_merged(one, told.pop(one.file, None)) for one in checked.departures]
    found = sorted([*departures, *told.values()], key=lambda o: (o.file, o.state))
    count = checked.n_files or len(tables.read(path, "manifest"))
    return replace(checked, departures=tuple(found), n_files=count)


def _merged(recorded: Departure, told: Departure | None) -> Departure:
    if told is None or recorded.state not in _CONTENT:
        return recorded
    return told if told.state == "swapped" else recorded


def _told(path: str) -> Iterator[Departure]:
    """Files that are not as the manifest lists them."""
    rows = tables.read(path, "manifest")
    of_content = dict(zip(rows["sha256"], rows["file"], strict=True))
    makers = rows["rule"].fillna("no job")
    columns = (rows["file"], rows["result"], rows["sha256"], makers)
    for file, result, digest, rule in zip(*columns, strict=True):
        if not Path(file).is_file():
            text = f"{rule} wrote it and {path} lists it; it was removed"
            yield Departure(file, result, rule, "missing", text)
        elif (found := sha256(file)) != digest:
            yield Departure(file, result, rule, *_changed(rule, found, of_content))


def _changed(rule: str, found: str, of_content: Mapping[str, str]) -> tuple[str, str]:
    """State and text of another content: of another result, or one nobody lists."""
    if found in of_content:
        return "swapped", f"{rule} wrote it; it holds what {of_content[found]} held"
    return (
        "manifest",
        f"it is not as {FILE} lists it: edited together with its record, or made again "
        "since; `snakemake` writes the manifest anew",
    )

"""Records that jobs leave of what they wrote and read; check of results by them.

Snakemake looks at times: a table that was edited by hand flows into all that follows,
and a deleted one is not missed. Each job records the hash of every file that it wrote
and of every result that it read, and the numeric kernel of its processor.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from .errors import StudyError
from .files import read_json, sha256, write_json
from .provenance import digest, numeric_kernel
from .settings import RuleSettings, StudyView

FOLDER = Path("private", "records")
#: Folders of what rules make.
_MADE = ("results/", "private/")
#: Snakemake's own file in a folder that a rule makes.
_STAMP = ".snakemake_timestamp"
LENGTH = 16
#: Table of all departures (kind "verification"), and how many a message tells.
VERIFICATION = "results/verification.tsv"
SHOWN = 20

#: Hash of a file; of each of its files, by their path in it, if it is a folder.
Hashes = str | dict[str, str]


class Verify(RuleSettings):
    """Settings of rule verify: results whose origin is checked, and when it was asked.

    The time lets the check run whenever it is asked for.
    """

    targets: list[str]
    asked: str

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings; `names` holds `targets`, one on each line, and `asked`."""
        return cls(targets=names["targets"].splitlines(), asked=names["asked"])


@dataclass(frozen=True)
class Departure:
    """One result that is not as the records tell."""

    file: str
    result: str  # what a rule makes as a whole: the file, or the folder it lies in
    rule: str
    state: str  # changed, missing, other_input or unrecorded
    text: str


@dataclass(frozen=True)
class Checked:
    """Result of a check by the records."""

    departures: tuple[Departure, ...] = ()
    n_files: int = 0
    kernels: dict[str, int] = field(default_factory=dict)  # jobs by kernel


def write_record(job: Any) -> None:
    """Record what a job wrote and read; of an input that no rule makes, nothing.

    Inputs and outputs of rules alone count; what comes from outside is in `params`.
    """
    outputs = {str(path): hashes(path) for path in job.output}
    if not outputs:
        return
    read = [str(path) for path in job.input if str(path).startswith(_MADE)]
    record = {
        "rule": job.rule,
        "settings": digest(job.params.spec),
        "code": job.params.code,
        "kernel": numeric_kernel(),
        "outputs": outputs,
        "inputs": {path: _one(hashes(path)) for path in read if os.path.exists(path)},
    }
    write_json(record, _path(job.log[0]))


def _path(log: str) -> Path:
    """Where the record of a job lies, which is named like its log file."""
    return FOLDER.joinpath(*Path(log).with_suffix(".json").parts[1:])


def hashes(path: str | Path) -> Hashes:
    """Hash of a file, or of each file in a folder by its path in it."""
    folder = Path(path)
    if not folder.is_dir():
        return sha256(folder)[:LENGTH]
    found = sorted(one for one in folder.rglob("*") if one.is_file())
    return {
        one.relative_to(folder).as_posix(): sha256(one)[:LENGTH]
        for one in found
        if one.name != _STAMP
    }


def _one(found: Hashes) -> str:
    """One hash of a file or folder."""
    if isinstance(found, str):
        return found
    lines = "".join(f"{name}\0{one}\n" for name, one in sorted(found.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:LENGTH]


def check(targets: Iterable[str], folders: bool = True) -> Checked:
    """Compare targets, and all that they were made from, with the records of the jobs.

    Parameters
    ----------
    targets : iterable of str
        Results; those that no job has made yet are left out.
    folders : bool, default=True
        Hash the files of folders, such as those of images; otherwise look only
        whether they are there.

    Returns
    -------
    Checked
        Nothing if there is no record at all, as of results of an older version.
    """
    records = [read_json(path) for path in sorted(FOLDER.rglob("*.json"))]
    makers = {path: record for record in records for path in record["outputs"]}
    used = _used(targets, makers) if makers else []
    paths = [path for path, record in used if record]
    found = [one for path, record in used for one in _departures(path, record, folders)]
    jobs = {id(record): record for _, record in used if record}
    for record in jobs.values():
        found += _other_inputs(record, makers)
    kernels: dict[str, int] = {}
    for record in jobs.values():
        kernels[record["kernel"]] = kernels.get(record["kernel"], 0) + 1
    kernels.pop("", None)
    order = sorted(found, key=lambda one: (one.file, one.state))
    return Checked(tuple(order), len(paths), dict(sorted(kernels.items())))


@dataclass(frozen=True)
class Recorded:
    """One file that a job wrote."""

    result: str  # what the rule makes as a whole: the file, or the folder it lies in
    rule: str
    hash: str


def recorded(targets: Iterable[str]) -> dict[str, Recorded]:
    """Files of targets, and of all that they were made from, as jobs recorded them.

    The files of folders stand by themselves; those that no job recorded are left out.
    """
    records = [read_json(path) for path in sorted(FOLDER.rglob("*.json"))]
    makers = {path: record for record in records for path in record["outputs"]}
    found: dict[str, Recorded] = {}
    for path, record in _used(targets, makers):
        wrote = record["outputs"][path] if record else {}
        files = {path: wrote} if isinstance(wrote, str) else _below(path, wrote)
        rule = record["rule"] if record else ""
        found |= {file: Recorded(path, rule, one) for file, one in files.items()}
    return found


def _below(folder: str, wrote: Mapping[str, str]) -> dict[str, str]:
    return {f"{folder}/{name}": one for name, one in wrote.items()}


def require_as_recorded(checked: Checked) -> None:
    """Raise StudyError if results are not as recorded, naming the first ones."""
    if not checked.departures:
        return
    files = {one.file for one in checked.departures}
    made = list(dict.fromkeys(one.result for one in checked.departures))
    shown = [f"  {one.file}: {one.text}" for one in checked.departures[:SHOWN]]
    more = len(checked.departures) - len(shown)
    raise StudyError(
        "\n".join(
            [
                f"Not as recorded are {len(files)} files of {len(made)} of the "
                f"{checked.n_files} results:",
                *shown,
                *([f"  and {more} more ({VERIFICATION} lists all)"] if more else []),
                "To make them again, with all that follows from them: snakemake "
                f"--forcerun {' '.join(made[:SHOWN])}",
            ]
        )
    )


def _used(
    targets: Iterable[str], makers: Mapping[str, dict[str, Any]]
) -> list[tuple[str, dict[str, Any] | None]]:
    """All results that targets were made from, by their records, and themselves."""
    pending, seen = [path for path in targets if path.startswith(_MADE)], {}
    while pending:
        path = pending.pop()
        record = makers.get(path)
        if path in seen or (record is None and not os.path.exists(path)):
            continue
        seen[path] = record
        pending += record["inputs"] if record else []
    return sorted(seen.items())


def _departures(
    path: str, record: Mapping[str, Any] | None, folders: bool
) -> Iterator[Departure]:
    """A result that is missing, edited, or of no job."""
    if record is None:
        yield Departure(
            path, path, "", "unrecorded", "no job recorded that it wrote it"
        )
        return
    wrote, rule = record["outputs"][path], record["rule"]
    if not os.path.exists(path):
        yield Departure(path, path, rule, "missing", f"{rule} wrote it; it was deleted")
    elif isinstance(wrote, str):
        found = sha256(path)[:LENGTH]
        if found != wrote:
            text = f"{rule} wrote {wrote}, the file now is {found}"
            yield Departure(path, path, rule, "changed", text)
    else:
        yield from _in_folder(path, rule, wrote, folders)


def _in_folder(
    folder: str, rule: str, wrote: dict[str, str], deep: bool
) -> Iterator[Departure]:
    """Files of a folder that are missing, edited or more than were written."""
    names = {one.relative_to(folder).as_posix(): one for one in _files(Path(folder))}
    for name in sorted(wrote.keys() - names.keys()):
        text = f"{rule} wrote it; it was deleted"
        yield Departure(f"{folder}/{name}", folder, rule, "missing", text)
    for name in sorted(names.keys() - wrote.keys()):
        text = f"no file of {rule}, which wrote the others of the folder"
        yield Departure(f"{folder}/{name}", folder, rule, "changed", text)
    for name in sorted(wrote.keys() & names.keys()) if deep else ():
        found = sha256(names[name])[:LENGTH]
        if found != wrote[name]:
            text = f"{rule} wrote {wrote[name]}, the file now is {found}"
            yield Departure(f"{folder}/{name}", folder, rule, "changed", text)


def _files(folder: Path) -> Iterator[Path]:
    found = (one for one in folder.rglob("*") if one.is_file())
    return (one for one in found if one.name != _STAMP)


def _other_inputs(
    record: Mapping[str, Any], makers: Mapping[str, dict[str, Any]]
) -> Iterator[Departure]:
    """Results that a job read in another state than their own job wrote."""
    for path, read in sorted(record["inputs"].items()):
        wrote = _one(makers[path]["outputs"][path]) if path in makers else read
        if read != wrote:
            first = sorted(record["outputs"])[0]
            text = f"{record['rule']} read {path} in another state than was written"
            yield Departure(first, first, record["rule"], "other_input", text)

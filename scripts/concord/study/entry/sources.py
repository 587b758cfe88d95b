"""Sources of the sheets: they exist, and lie below the folders that the study names.

A path out of a sheet that somebody else wrote, or a link in an archive that came from
elsewhere, could have any file of the reader's machine copied into results. So a source
stays below `data_root`, after all links are followed, or below a folder that
`linked_roots` names.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from ...config_faults import Fault
from ...file_names import misleading
from ...folders import SKIPPED
from ...tables.outside import Line, at_lines
from ..config import StudyConfig
from ..sheets import Sheet

#: Faults of one kind that are told one by one; more are counted in one.
_MOST = 3
#: Where DataLad and git-annex keep the content that a file is a link to.
_ANNEX = Path(".git", "annex", "objects")


def path_fault(source: str) -> str:
    """Why a text is no path below a folder, or an empty text; no file is looked at."""
    parts = PurePosixPath(source).parts
    sign = misleading(source) or next((one for one in "\t\r\n" if one in source), "")
    if sign:
        return f"holds {sign if sign.strip() else 'the end of a line or a tab'}"
    if PureWindowsPath(source).anchor or parts[:1] == ("/",):
        return "is absolute, expected a path below data_root"
    if ".." in parts:
        return "leads upwards by '..', expected a path below data_root"
    if "{" in source or "}" in source:
        return "holds a brace, with which Snakemake marks what varies"
    if any(part.startswith("-") for part in parts):
        return "has a part that begins with '-', which programs take for an option"
    return ""


def brace_faults(paths: Mapping[str, Iterable[str]], where: str) -> Iterator[Fault]:
    """Paths of inputs, by their keys, that Snakemake would take for patterns."""
    for key, path in ((key, one) for key, several in paths.items() for one in several):
        if "{" in path or "}" in path:
            yield Fault(
                where,
                key,
                f"the path {path!r} holds a brace, with which Snakemake marks the "
                "parts of a path that vary; rename the file or folder",
            )


def listed_faults(sheets: Iterable[Sheet]) -> Iterator[Fault]:
    """Sources of sheets that are no paths below a folder, each by its line."""
    for sheet in sheets:
        lines: dict[str, list[Line]] = {}
        for line, row in sheet.numbered():
            if row.get("source") and not row.get("segmented_on"):
                lines.setdefault(row["source"], []).append(line)
        for source, found in lines.items():
            if told := path_fault(source):
                place = f"{at_lines(found)}, column 'source'"
                yield Fault(str(sheet.path), place, f"{source!a} {told}")


def root_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """DICOM roots that are no paths below a folder, as (key, message)."""
    for name, root in config.dicom_roots.items():
        if told := path_fault(root):
            yield f"dicom_roots.{name}", f"{root!a} {told}"


def source_faults(config: StudyConfig, *sheets: Sheet) -> list[Fault]:
    """Sources that do not exist, or lead to elsewhere by a link."""
    root = Path(config.data_root)
    if not root.is_dir():
        return [Fault("data_root", str(root), "this folder does not exist")]
    allowed = allowed_roots(root, config.linked_roots)
    faults = [
        Fault("linked_roots", folder, "this folder does not exist")
        for folder in config.linked_roots
        if not Path(folder).is_dir()
    ]
    for sheet in sheets:
        own = {
            line: row["source"]
            for line, row in sheet.numbered()
            if not row.get("segmented_on") and _is_usable(row["source"])
        }
        present = {n: source for n, source in own.items() if (root / source).exists()}
        absent = [n for n in own if n not in present]
        faults += _absent_faults(sheet, absent, root)
        faults += _leaving_faults(sheet, present, root, allowed)
    return faults


def _is_usable(source: str) -> bool:
    """True of a path that may be looked up."""
    return bool(source) and not path_fault(source)


def allowed_roots(root: Path, more: Iterable[str]) -> list[str]:
    """Folders that sources may lie in, all links followed.

    These are the data root, the contents that DataLad or git-annex keep of it, even if
    it is a part of a dataset, and the declared ones.
    """
    real = Path(os.path.realpath(root))
    stores = [one / _ANNEX for one in (real, *real.parents) if (one / _ANNEX).is_dir()]
    return [str(real), *map(str, stores[:1]), *(os.path.realpath(one) for one in more)]


def _absent_faults(sheet: Sheet, absent: list[Line], root: Path) -> Iterator[Fault]:
    """A fault for each source or, of many, for the first and their number."""
    many = len(absent) > _MOST
    rest = (
        f"; so do not {len(absent)} in {at_lines(absent)}; is data_root right?"
        if many
        else ""
    )
    rows = dict(sheet.numbered())
    for line in absent[: 1 if many else None]:
        path = root / rows[line]["source"]
        subject = rows[line]["subject_id"]
        yield Fault(str(sheet.path), subject, f"source {path} does not exist{rest}")


def _leaving_faults(
    sheet: Sheet, sources: Mapping[Line, str], root: Path, allowed: list[str]
) -> Iterator[Fault]:
    """Sources that lead to elsewhere; of many, the first and their number."""
    known: dict[str, tuple[str, str] | None] = {}
    found = []
    for line, source in sources.items():
        if source not in known:
            known[source] = next(leaving(root / source, allowed), None)
        if (way := known[source]) is not None:
            found.append((line, *way))
    many = len(found) > _MOST
    rest = f"; so do {len(found)} in {at_lines([n for n, *_ in found])}" if many else ""
    for line, path, target in found[: 1 if many else None]:
        yield Fault(
            str(sheet.path),
            f"line {line}, column 'source'",
            f"{path} leads to {target}, which is not below data_root{rest}; list the "
            "folder of it in linked_roots if the study may read it",
        )


def leaving(path: Path, allowed: list[str]) -> Iterator[tuple[str, str]]:
    """Links and targets that lead out of the allowed folders, at a path and below it.

    Links to folders are followed as `folders.entries_below` follows them; a link that
    leads nowhere reads nothing and is left to the reader.
    """
    real = os.path.realpath(path)
    if not _is_in(real, allowed):
        yield str(path), real
    elif os.path.isdir(real):
        yield from _leaving_below(str(path), allowed, {real})


def _leaving_below(
    folder: str, allowed: list[str], seen: set[str]
) -> Iterator[tuple[str, str]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return  # told by the job that reads it
    for entry in entries:
        if entry.name in SKIPPED:
            continue
        if entry.is_symlink():
            real = os.path.realpath(entry.path)
            if not os.path.exists(real) or real in seen:
                continue
            if not _is_in(real, allowed):
                yield entry.path, real
                continue
            seen.add(real)
        if entry.is_dir():
            yield from _leaving_below(entry.path, allowed, seen)


def _is_in(real: str, allowed: Iterable[str]) -> bool:
    return any(Path(real).is_relative_to(root) for root in allowed)

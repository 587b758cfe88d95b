"""The three sheets of a study: read as text and checked as a whole."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ..batch_labels import Spellings
from ..config_faults import Fault, nearest
from ..file_names import label, name_fault
from ..tables.kinds import KINDS
from ..tables.outside import Line, OutsideTableError, at_lines
from ..tables.stacked import Files, listed, named, read_stacked
from .config import StudyConfig

Row = dict[str, str]

#: Cells that count as missing.
MISSING = frozenset({"", "NA", "NaN", "n/a"})

#: Columns of the image and mask sheets that may be absent or empty.
OPTIONAL = frozenset({"roi", "series", "volume", "backend", "unit", "also_for"})

#: What the column `backend` of the image sheet may hold.
BACKENDS = ("", "dcm2niix")

#: What identifies an image and a segmentation.
IMAGE_KEY = ["subject_id", "session", "image"]
MASK_KEY = [*IMAGE_KEY, "region", "reader"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class Sheet(NamedTuple):
    """A sheet's file, its rows, and their lines if some rows were left out.

    Of a sheet of several files, `path` names them all and lines name theirs.
    """

    path: Path | str
    rows: list[Row]
    lines: Sequence[Line] = ()

    def numbered(self) -> Iterator[tuple[Line, Row]]:
        """Rows with their lines in the file; the first row stands in line 2."""
        lines = self.lines or range(2, len(self.rows) + 2)
        return zip(lines, self.rows, strict=False)


def read_sheet(
    files: Files,
    missing: Collection[str] = (),
    everywhere: Collection[str] = (),
) -> tuple[Sheet, list[Fault]]:
    """Read TSV, CSV or Excel workbooks; what cannot be read is a list of faults.

    Words of `missing` are allowed although they tell of a failed formula; no file may
    lack a column of `everywhere`.
    """
    place = place_of(listed(files))
    try:
        table = read_stacked(files, missing, everywhere)
    except OutsideTableError as error:
        return Sheet(place, []), error.faults
    cells = [
        {name: _cell(name, cell) for name, cell in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]
    return Sheet(place, cells, tuple(table.lines)), []


def place_of(paths: Sequence[Path]) -> Path | str:
    """File of a sheet or, of several, their names."""
    return paths[0] if len(paths) == 1 else named(paths)


def without(sheet: Sheet, column: str, subjects: Collection[str]) -> Sheet:
    """The sheet without the rows of some subjects."""
    if not subjects:
        return sheet
    kept = [(n, row) for n, row in sheet.numbered() if row.get(column) not in subjects]
    return Sheet(sheet.path, [row for _, row in kept], [n for n, _ in kept])


def hidden(
    sheet: Sheet, key: str, subjects: Collection[str], columns: Collection[str]
) -> list[Row]:
    """Rows of a sheet, those of some subjects with empty cells in some columns."""
    empty = dict.fromkeys(columns, "")
    return [row | empty if row[key] in subjects else row for row in sheet.rows]


def leave_out_faults(config: StudyConfig, sheet: Sheet, path: Path) -> list[Fault]:
    """Subjects that are left out but not in the subjects sheet, or without a reason."""
    column = config.sheets.subject_id_column
    known = {row[column] for row in sheet.rows}
    faults = []
    for subject, reason in config.sheets.leave_out.items():
        key = f"sheets.leave_out.{subject}"
        if subject not in known:
            hint = nearest(subject, known)
            faults.append(Fault(str(path), key, f"is no subject of {sheet.path}{hint}"))
        if not reason.strip():
            faults.append(Fault(str(path), key, "has no reason; write why"))
    return faults


def named_images(sheet: Sheet, modalities: Mapping[str, str]) -> Sheet:
    """The rows of images with the name of each and, if they had none, its modality.

    An image without a name has that of its modality, as in sheets without the column
    `image`; an image without a modality has the one that the study declares for its
    name, or that is its name.
    """
    if not _names_images(sheet):
        return sheet
    rows = []
    for row in sheet.rows:
        modality = _given(row, "modality")
        image = _given(row, "image") or modality
        known = modality or modalities.get(image, "")
        rows.append(row | {"image": image, "modality": known})
    return sheet._replace(rows=rows)


def named_masks(sheet: Sheet) -> Sheet:
    """The rows of masks with the name of their image; it may be its modality."""
    if not _names_images(sheet):
        return sheet
    rows = []
    for row in sheet.rows:
        image = _given(row, "image") or _given(row, "modality")
        rest = {key: cell for key, cell in row.items() if key != "modality"}
        rows.append(rest | {"image": image})
    return sheet._replace(rows=rows)


def _names_images(sheet: Sheet) -> bool:
    return bool(sheet.rows and {"image", "modality"} & set(sheet.rows[0]))


def _given(row: Row, column: str) -> str:
    cell = row.get(column, "")
    return "" if cell in MISSING else cell


def _cell(column: str, value: str | None) -> str:
    """A cell as text; empty if nothing is there or, where allowed, if it says so."""
    empty = not value or (column in OPTIONAL and value in MISSING)
    return "" if empty else str(value)


def column_faults(sheet: Sheet, columns: set[str]) -> list[Fault]:
    """One fault for each column that the sheet lacks."""
    present = set(sheet.rows[0]) if sheet.rows else set()
    if not present:
        return [Fault(str(sheet.path), "", "the sheet has no rows")]
    return [
        Fault(str(sheet.path), name, f"this column is missing{nearest(name, present)}")
        for name in sorted(columns - present)
    ]


def subject_columns(config: StudyConfig) -> set[str]:
    """Columns that the configuration reads from the subjects sheet."""
    sheets = config.sheets
    columns = {sheets.subject_id_column, sheets.site_column, sheets.cluster_column}
    columns |= {covariate.column for covariate in config.covariates.values()}
    columns |= {factor.column for factor in config.factors.values()}
    for endpoint in config.endpoints.values():
        columns |= set(endpoint.all_columns.values())
    validation = config.validation
    declared = (validation.temporal, validation.fixed, validation.sealed)
    columns |= {split.column for split in declared if split is not None}
    return {column for column in columns if column is not None}


def outcome_columns(config: StudyConfig) -> set[str]:
    """Columns of the subjects sheet that tell an outcome, or are a proxy of one."""
    endpoints = config.endpoints.values()
    own = {column for one in endpoints for column in one.columns.values()}
    return own | {column for one in endpoints for column in one.proxies}


def sheet_columns(kind: str) -> set[str]:
    """Columns that the sheet of images or masks must have."""
    return set(KINDS[kind]) - OPTIONAL


def cell_faults(sheet: Sheet, columns: set[str], key: list[str]) -> Iterator[Fault]:
    """Empty cells, names that are spelt in several ways, and repeated keys."""
    for column in sorted(columns):
        empty = [line for line, row in sheet.numbered() if row[column] in MISSING]
        if empty:
            message = f"{column} is empty; fill it, or remove what does not belong"
            yield Fault(str(sheet.path), at_lines(empty), message)
    yield from spelling_faults(sheet, [c for c in key[1:] if c in columns])
    known: dict[tuple[str, ...], list[Line]] = {}
    for line, row in sheet.numbered():
        known.setdefault(tuple(row[column] for column in key), []).append(line)
    for values, lines in known.items():
        if len(lines) > 1:
            name = ", ".join(f"{k}={v}" for k, v in zip(key, values, strict=True))
            told = f"is listed {len(lines)} times ({at_lines(lines)})"
            yield Fault(str(sheet.path), name, told)


def spelling_faults(sheet: Sheet, columns: Sequence[str]) -> Iterator[Fault]:
    """Values that differ in case, blanks or the form of characters alone."""
    for column in columns:
        cells = Counter(row[column] for row in sheet.rows)
        for spelt in Spellings.of(cells, safe=False).merged.values():
            found = [f"{one!r} ({cells[one]} times)" for one in spelt]
            yield Fault(
                str(sheet.path),
                f"column {column!r}",
                f"{' and '.join(found)} would be different names; write one",
            )


def id_faults(sheet: Sheet, column: str) -> Iterator[Fault]:
    """Ids that cannot name a file, or that differ only by punctuation."""
    ids = dict.fromkeys(row[column] for row in sheet.rows)
    labels: dict[str, str] = {}
    for identifier in ids:
        if not _ID.fullmatch(identifier):
            yield Fault(
                str(sheet.path),
                column,
                f"{identifier!r} holds other characters than letters, digits, '-' "
                "and '_'",
            )
        elif told := name_fault(identifier):
            yield Fault(str(sheet.path), column, f"{identifier!r} {told}; rename it")
        other = labels.setdefault(label(identifier).lower(), identifier)
        if other != identifier:
            yield Fault(
                str(sheet.path),
                column,
                f"{identifier!r} and {other!r} would name the same file",
            )

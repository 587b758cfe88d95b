"""Faults of a table of features that another tool computed."""

from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from ..batch_labels import Spellings
from ..errors import ConfigError, quoted
from ..file_names import name_fault, on_one_line
from ..subject_ids import look_of
from . import naming
from .cells import Numbers
from .settings import ImportFeatures

_MAX_SHOWN = 5
_MAX_COLUMNS = 8


def raise_table_faults(faults: Iterable[str], source: str) -> None:
    """Raise ConfigError with one line per fault, if there is any."""
    lines = [f"  {on_one_line(f'{source}: {fault}.')}" for fault in faults]
    if lines:
        raise ConfigError("\n".join(["The feature table is not valid:", *lines]))


def column_faults(
    columns: list[str], chosen: list[str], settings: ImportFeatures
) -> Iterator[str]:
    """Columns that are missing or stand there twice, and patterns that fit none."""
    keys = settings.key_columns().values()
    numbers = settings.table.unnamed_subjects == "number"
    named = [] if numbers else [settings.table.subject_id_column]
    named += [column for column, _ in keys if column is not None]
    for column in named:
        if column not in columns:
            yield (
                f"the column {column!r} is missing; the table has {_several(columns)}; "
                "correct the name here or in feature_table"
            )
    used = [*named, *chosen, *settings.table.batch_columns]
    for column in dict.fromkeys(used):
        if columns.count(column) > 1:
            yield f"{columns.count(column)} columns are called {column!r}; rename them"
    for pattern in settings.table.features:
        if not naming.chosen_columns(columns, [pattern], []):
            yield (
                f"the pattern {pattern!r} of feature_table.features fits no column; "
                f"the table has {_several(columns)}"
            )
    if not chosen:
        yield "feature_table.exclude leaves no column that is a feature"


def name_faults(names: Mapping[str, str]) -> Iterator[str]:
    """Columns that would get one name."""
    for name, columns in naming.collisions(names).items():
        yield (
            f"the columns {columns} would all become {name!r}; give them other names "
            "in feature_table.names"
        )


def key_faults(keys: pd.DataFrame, settings: ImportFeatures) -> Iterator[str]:
    """Keys that are empty, unusable, unknown to the study or not unique."""
    lines = pd.Series(keys.attrs.get("lines", range(2, len(keys) + 2)), keys.index)
    for key in map(str, keys):
        empty = keys[key] == ""
        if empty.any():
            yield f"{key} is empty in {_lines(lines[empty])}{_remedy(key)}"
    for values, rows in keys[keys.duplicated(keep=False)].groupby(list(keys)):
        key = ", ".join(map(str, values))
        yield f"the key {key} stands in {_lines(lines[rows.index])}; keep one"
    yield from spelling_faults(keys)
    for key in ("subject_id", "session", "region", "reader"):
        for name, rows in keys.groupby(key):
            if told := name_fault(str(name)):
                place = f"{key} {quoted(str(name), key)} in {_lines(lines[rows.index])}"
                yield f"{place} {told}; rename it"
    yield from _vocabulary_faults(keys, settings)


def _vocabulary_faults(keys: pd.DataFrame, settings: ImportFeatures) -> Iterator[str]:
    """Images, regions, sessions and readers that the study cannot use."""
    for region in sorted(set(keys["region"])):
        if region and region != naming.safe(region):
            yield (
                f"region {region!r} holds other characters than letters, digits, '-' "
                "and '_', which names of features cannot"
            )
    known = settings.images
    for image in sorted(set(keys["image"]).difference(known, [""])):
        yield f"image {image!r} has no batch in harmonization.batch; known: {known}"
    wanted = [
        ("session", settings.baseline_session, "study.baseline_session"),
        ("reader", settings.reference_reader, "study.reference_reader"),
    ]
    for key, value, setting in wanted:
        present = set(keys[key])
        if value not in present:
            yield (
                f"no row has {key} {value!r}, which {setting} asks for; known: "
                f"{sorted(present)}"
            )


def subject_faults(found: set[str], site_of: Mapping[str, str]) -> Iterator[str]:
    """Ids that are spelt in two ways, and sites of which no subject stands there."""
    if found.isdisjoint(site_of):
        return  # told by `nothing_left`
    by_look = {look_of(name): name for name in sorted(set(site_of) - found)}
    alike = [
        f"{name!r} and {by_look[look_of(name)]!r}"
        for name in sorted(found - set(site_of))
        if name and look_of(name) in by_look
    ]
    if alike:
        yield (
            f"subjects are written in two ways, here and in the subjects sheet: "
            f"{_some(alike)}; write each alike, with its zeros"
        )
    subjects: dict[str, list[str]] = {}
    for subject, site in site_of.items():
        subjects.setdefault(site, []).append(subject)
    for site, names in sorted(subjects.items()):
        # One subject without a row is an absence as others are.
        if len(names) > 1 and found.isdisjoint(names):
            yield (
                f"none of the {len(names)} subjects of site {site!r} stands in it: "
                f"{_some(sorted(map(repr, names)))}; correct the ids, or list who is "
                "not meant in sheets.leave_out"
            )


def spelling_faults(keys: pd.DataFrame) -> Iterator[str]:
    """Names that differ in case, blanks or the form of characters alone."""
    for key in ("session", "image", "region", "reader"):
        for spelt in Spellings.of(set(keys[key]), safe=False).merged.values():
            yield (
                f"{' and '.join(map(repr, spelt))} would be different names of the "
                f"{key}; write one"
            )


def cell_faults(subjects: list[str], read: Mapping[str, Numbers]) -> Iterator[str]:
    """One line for each column that holds cells that are no numbers."""
    for column, found in read.items():
        if found.wrong:
            wrong = found.wrong.items()
            cells = [f"{quoted(text)} ({subjects[row]})" for row, text in wrong]
            yield (
                f"column {column!r} holds {_some(cells)} where numbers are expected; "
                "correct them, list the word in feature_table.missing, or leave the "
                "column out by feature_table.exclude"
            )


def nothing_left(keys: pd.DataFrame, subjects: Iterable[str], any_known: bool) -> str:
    """Why no row of the table can be used."""
    if any_known:
        return "no row of a subject of the study holds any feature"
    found, wanted = sorted(set(keys["subject_id"])), sorted(subjects)
    return (
        f"no subject of the study stands in it; its subjects are called {found[:3]}, "
        f"those of the study {wanted[:3]}; write them alike"
    )


def _remedy(key: str) -> str:
    """Key of the configuration that helps where a cell is empty."""
    if key != "subject_id":
        return ""
    return (
        "; fill it or, if this table is the subjects sheet too, set "
        "feature_table.unnamed_subjects to 'number'"
    )


def _lines(numbers: pd.Series) -> str:
    """Lines of the file, whose first one holds the names."""
    lines = [str(line) for line in numbers]
    return f"{'line' if len(lines) == 1 else 'lines'} {_some(lines)}"


def _several(columns: list[str]) -> str:
    return _some([repr(column) for column in columns], _MAX_COLUMNS)


def _some(items: list[str], most: int = _MAX_SHOWN) -> str:
    """The first items of a list, and how many more there are."""
    more = len(items) - most
    return ", ".join(items[:most]) + (f" and {more} more" if more > 0 else "")

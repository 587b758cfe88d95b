"""Names of sheets and configuration that cannot be, or that would share a file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...batch_labels import Spellings, is_unknown
from ...config_faults import Fault
from ...file_names import misleading, name_fault, shared_labels
from ...tables.outside import Line, at_lines
from ..config import StudyConfig
from ..sheets import Sheet

#: Signs that part the name of a feature, or have a meaning in patterns.
_PARTS = re.compile(r"[.@\[\]]")
#: Letters of a value that a message shows.
_SHOWN = 60


def sheet_faults(sheet: Sheet, columns: Sequence[str]) -> Iterator[Fault]:
    """Cells of some columns that cannot be names, by line, and names that share files.

    Empty cells are left to the checks of what must be there.
    """
    where = str(sheet.path)
    for column in columns:
        lines: dict[str, list[Line]] = {}
        for line, row in sheet.numbered():
            lines.setdefault(row.get(column, ""), []).append(line)
        for name, found in lines.items():
            if told := name_fault(name) or _region_fault(column, name):
                place = f"{at_lines(found)}, column {column!r}"
                yield Fault(where, place, f"{_shown(name)} {told}; rename it")
        spelt = Spellings.of(lines, safe=False)
        names = sorted(spelt.label(one) for one in lines if not is_unknown(one))
        for one, other in shared_labels(names):
            text = f"{_shown(one)} and {_shown(other)} would name the same file"
            yield Fault(where, f"column {column!r}", f"{text}; rename one")


def _region_fault(column: str, name: str) -> str:
    """Why a region cannot be a part of the name of a feature, or of a pattern of it."""
    found = _PARTS.search(name) if column == "region" else None
    return f"holds {found[0]!r}, which names of features cannot" if found else ""


def region_faults(config: StudyConfig, masks: Sheet) -> Iterator[Fault]:
    """Regions made of others whose names share a file with those of segmented ones."""
    segmented = sorted({row["region"] for row in masks.rows})
    for one, other in shared_labels([*segmented, *config.regions]):
        if one in segmented and other in config.regions:
            text = f"and {_shown(one)} of {masks.path} would name the same file"
            yield Fault(f"regions.{other}", "", f"{text}; rename one")


def key_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Names of one section that differ in case alone, as some file systems cannot."""
    for section in type(config).model_fields:
        known: dict[str, str] = {}
        value = getattr(config, section)
        for name in value if isinstance(value, Mapping) else ():
            other = known.setdefault(name.lower(), name)
            if other != name:
                yield f"{section}.{name}", f"and {other!r} would name the same file"


def named_faults(config: StudyConfig) -> Iterator[tuple[str, str]]:
    """Names of a site, session or reader in the configuration that cannot be."""
    study = config.study
    values = {
        "sheets.site": config.sheets.site,
        "study.baseline_session": study.baseline_session,
        "study.reference_reader": study.reference_reader,
    }
    for key, value in values.items():
        if value is not None and (told := name_fault(value) or _empty(value)):
            yield key, f"{_shown(value)} {told}"


def _empty(value: str) -> str:
    return "" if value.strip() else "is empty, expected a name"


def text_faults(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Keys and texts of a configuration with characters that control or reorder text.

    Parameters
    ----------
    value : Any
        The configuration as read, or a part of it.
    key : str
        Its dotted key.
    """
    if isinstance(value, str) and (sign := misleading(value)):
        yield key, f"holds {sign}, which cannot be seen; write the text without it"
    entries: Sequence[tuple[Any, Any]] = ()
    if isinstance(value, Mapping):
        entries = list(value.items())
    elif isinstance(value, list | tuple):
        entries = list(enumerate(value))
    for name, entry in entries:
        place = f"{key}.{name}" if key else str(name)
        if sign := misleading(str(name)):
            yield ascii(place), f"the key holds {sign}; write it without"
        else:
            yield from text_faults(entry, place)


def _shown(name: str) -> str:
    text = ascii(name) if misleading(name) else repr(name)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."

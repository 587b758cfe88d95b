"""Counts of the index per root and modality, without any name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ..dicom import modalities

Row = Mapping[str, Any]
Key = tuple[str, str]

UNREADABLE, OTHER = "unreadable", "other"


def summary_rows(
    series: Iterable[Row], unlisted: Iterable[Row]
) -> list[dict[str, Any]]:
    """Rows of table kind "index_summary", sorted.

    Parameters
    ----------
    series, unlisted : iterable of mapping
        Rows of table kinds "series" and "unlisted"; missing values are None.
    """
    groups: dict[Key, list[Row]] = defaultdict(list)
    for row in series:
        groups[_key(row)].append(row)
    left_out = Counter(_key(row) for row in unlisted)
    return [_summary(key, groups[key], left_out[key]) for key in sorted(groups)]


def _summary(key: Key, rows: list[Row], unlisted: int) -> dict[str, Any]:
    root, modality = key
    is_read = modality != UNREADABLE
    files = sum(row["n_files"] for row in rows)
    codes = Counter(row["code"] for row in rows if row["code"])
    if any(row["names_patient"] for row in rows):
        codes["PATH_NAMES_PATIENT"] = sum(bool(row["names_patient"]) for row in rows)
    return {
        "root": root,
        "modality": modality,
        "patients": len({row["patient"] for row in rows}) if is_read else None,
        "studies": len({row["study"] for row in rows if row["study"]}),
        "series": len(rows) if is_read else None,
        "files": files,
        "unreadable": 0 if is_read else files,
        "unlisted": unlisted if is_read else None,
        "problems": ", ".join(f"{code} {n}" for code, n in sorted(codes.items()))
        or None,
    }


def _key(row: Row) -> Key:
    modality = row["modality"]
    if not modality:
        return row["root"], UNREADABLE
    return row["root"], modalities.told(modality) or OTHER

"""Regions by the names of ROIs, one where names differ by the image alone.

Planning systems often call one structure by the image it was drawn on: ``GTV_CT``,
``GTV_PET``, ``GTV mass MR T1``. The words of images are left out of such names, and
spellings that differ by case or punctuation alone become the commonest one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]


def _listed(words: str) -> list[str]:
    """Words of a text."""
    return words.split()


#: Words of a name that tell the image and nothing of the structure.
IMAGE_WORDS = frozenset(
    _listed(
        "ct cct cect mr mri mrt t1 t1w t1c t1ce t1gd t2 t2w flair adc dwi pd swi pt "
        "pet fdg suv petct fmiso flt fet psma dotatate"
    )
)


def region(name: str) -> str:
    """An ROI name as a region: letters, digits and underscores."""
    found = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
    return found if found[:1].isalpha() else f"roi_{found}"


def in_common(rows: Iterable[Row]) -> list[Row]:
    """Rows of the mask sheet with one region where names differ by the image alone.

    Regions are only called alike if no image then has two of them by one reader.
    """
    rows = list(rows)
    names = {row["region"] for row in rows}
    groups: dict[str, set[str]] = defaultdict(set)
    for name in names:
        groups[_stem(name).lower()].add(name)
    common: dict[str, str] = {}
    for members in groups.values():
        if not _collide(rows, members):
            common |= dict.fromkeys(members, _called(members, rows))
    return [row | {"region": common.get(row["region"], row["region"])} for row in rows]


def _stem(name: str) -> str:
    """A region without the words of images; as it is if nothing else is left."""
    words = [word for word in name.split("_") if word.lower() not in IMAGE_WORDS]
    return "_".join(words) if words and words[0][:1].isalpha() else name


def _called(members: Iterable[str], rows: Iterable[Row]) -> str:
    """The one name of several regions: the commonest spelling without the image."""
    members = set(members)
    if len(members) == 1:
        return members.pop()
    counts = Counter(_stem(r["region"]) for r in rows if r["region"] in members)
    return min(counts, key=lambda name: (-counts[name], name))


def _collide(rows: Iterable[Row], members: set[str]) -> bool:
    """True if one image would have two regions of one name by one reader."""
    counts = Counter(_segmented(row) for row in rows if row["region"] in members)
    return any(count > 1 for count in counts.values())


def _segmented(row: Mapping[str, Any]) -> tuple[str, ...]:
    keys = ("subject_id", "session", "image", "reader")
    return tuple(str(row[key]) for key in keys)

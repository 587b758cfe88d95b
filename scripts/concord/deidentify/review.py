"""Every element that the copies hold, with its values, and what went."""

import zlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from pydicom import DataElement, Dataset
from pydicom.multival import MultiValue

from .actions import Action, action_of
from .pseudonyms import STANDARD_UIDS

#: Words of the column kept_as.
_KEPT_AS: dict[Action, str] = {
    "age": "age, at most 90 years",
    "code": "code that DICOM knows",
    "count": "counted anew",
    "date": "moved date",
    "dummy": "dummy",
    "empty": "dummy",
    "number": "number in its range",
    "own": "written by the study",
    "pointer": "name of an element",
    "table": "look-up table",
    "term": "defined term",
    "text": "technical text",
    "time": "time of day",
    "zone": "zone of the clock",
}
KEYED, STANDARD, PIXELS = "keyed UID", "UID of the standard", "pixels"
PRIVATE, NOT_KEPT = "private element that SUV needs", "not kept"
#: Kinds whose values are not listed one by one, but by the lowest and highest.
RANGED = frozenset({"counted anew", "moved date", "number in its range", "time of day"})
#: Kinds whose values are not listed at all.
UNLISTED = frozenset({KEYED, PIXELS, "look-up table"})
_OWN_SEQUENCE = "DeidentificationMethodCodeSequence"


class Place(NamedTuple):
    """An element by its path of keywords, its type, and how it is kept."""

    element: str
    vr: str
    kept_as: str


@dataclass
class Review:
    """Elements of copies, counted by files.

    `removed` is filled while a file is cleaned, and counted by `note`.
    """

    removed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    files: Counter[Place] = field(default_factory=Counter)
    distinct: dict[Place, set[Hashable]] = field(default_factory=dict)
    values: Counter[tuple[Place, str]] = field(default_factory=Counter)
    limits: dict[Place, tuple[float, float]] = field(default_factory=dict)

    def note(self, clean: Dataset) -> None:
        """Count the elements of a copy, and what was removed from its original."""
        found: dict[Place, set[str]] = defaultdict(set)
        for place, element in _elements(clean):
            found[place] |= self._told(place, element)
        for place, texts in found.items():
            self.files[place] += 1
            self.values.update((place, text) for text in texts)
        for name, vr, reason in self.removed:
            place = Place(name, vr, NOT_KEPT)
            self.files[place] += place not in found  # once for all reasons
            found[place].add(reason)
            self.values[place, reason] += 1
        self.removed.clear()

    def _told(self, place: Place, element: DataElement) -> set[str]:
        """The texts to list of an element; its other values are counted here."""
        value = element.value
        if place.kept_as in UNLISTED:
            content = value if isinstance(value, bytes) else str(value).encode()
            self.distinct.setdefault(place, set()).add(zlib.crc32(content))
            return set()
        several = isinstance(value, MultiValue | list | tuple)
        parts = list(value) if several else [value]
        if place.kept_as in RANGED:
            self._widen(place, [number for part in parts for number in _number(part)])
            key = zlib.crc32("\\".join(map(str, parts)).encode())
            self.distinct.setdefault(place, set()).add(key)
            return set()
        text = "\\".join(str(part) for part in parts)
        self.distinct.setdefault(place, set()).add(text)
        return {text}

    def _widen(self, place: Place, numbers: list[float]) -> None:
        if not numbers:
            return
        low, high = self.limits.get(place, (np.inf, -np.inf))
        self.limits[place] = min(low, *numbers), max(high, *numbers)

    def add(self, other: "Review") -> None:
        """Count the files of another review, too."""
        self.files.update(other.files)
        self.values.update(other.values)
        for place, found in other.distinct.items():
            self.distinct.setdefault(place, set()).update(found)
        for place, limits in other.limits.items():
            self._widen(place, list(limits))

    def rows(self) -> list[dict[str, Any]]:
        """Rows of table kind "deidentified_values".

        One row for each element, without a value, and one for each value that is
        listed.
        """
        rows: list[dict[str, Any]] = []
        listed = defaultdict(list)
        for (place, text), count in self.values.items():
            listed[place].append((text, count))
        for place in sorted(self.files):
            low, high = self.limits.get(place, (np.nan, np.nan))
            n_values = len(self.distinct.get(place, listed[place]))
            whole = {"value": None, "lowest": low, "highest": high}
            counts = {"n_values": n_values, "n_files": self.files[place]}
            rows.append(_told(place) | whole | counts)
            for text, count in sorted(listed[place]):
                one = {"value": text, "lowest": np.nan, "highest": np.nan}
                rows.append(_told(place) | one | {"n_values": 1, "n_files": count})
        return rows


def _told(place: Place) -> dict[str, Any]:
    return place._asdict() | {"vr": place.vr or None}


def _elements(clean: Dataset) -> Iterator[tuple[Place, DataElement]]:
    """Every element with a value of a copy and its file header."""
    yield from _walked(clean.file_meta, "")
    yield from _walked(clean, "")


def _walked(dataset: Dataset, path: str) -> Iterator[tuple[Place, DataElement]]:
    for element in dataset:
        name = element.keyword or f"({element.tag.group:04X},{element.tag.element:04X})"
        if element.VR == "SQ":
            for item in element.value:
                yield from _walked(item, f"{path}{name}.")
        elif not element.is_empty:
            yield Place(f"{path}{name}", element.VR, _kept_as(element, path)), element


def _kept_as(element: DataElement, path: str) -> str:
    if element.tag.is_private:
        return PRIVATE
    if element.keyword == "PixelData":
        return PIXELS
    if path.startswith(_OWN_SEQUENCE):
        return _KEPT_AS["own"]
    action = action_of(element)
    if action == "uid" or element.tag.group == 2:
        is_standard = str(element.value) in STANDARD_UIDS
        return STANDARD if is_standard else KEYED
    return _KEPT_AS[action]


def _number(part: Any) -> list[float]:
    """A number, or the digits of a date or time as one; empty if it is none."""
    try:
        return [float(str(part).partition("+")[0])]
    except ValueError:
        return []

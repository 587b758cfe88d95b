"""Labels of sites, groups and batches: one spelling for what is one.

Values that differ only in case, blanks, Unicode form (composed, full width, kinds of
dashes) or as 1 and 1.0 are one label. Values that look alike but may differ in meaning
(1 and 01, 1.1 and 1.10, "1 1" and "11") stay apart and are named. Every place that
reads such values asks this module.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

#: Label of what is not known.
UNKNOWN = "unknown"
_UNKNOWN_KEYS = frozenset({"", "unknown", "na", "nan", "n/a", "<na>"})
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_FIRST_ZEROS = re.compile(r"(?<![\d.])0+(?=\d)")
_BLANKS = re.compile(r"[\s_]+")


@dataclass(frozen=True)
class Spellings:
    """Values of one column and the label of each."""

    names: Mapping[str, str]  # label by `key`
    merged: Mapping[str, tuple[str, ...]]  # label -> its spellings, if several
    alike: tuple[tuple[str, ...], ...]  # labels that look alike but stay apart
    clashes: Mapping[str, tuple[str, ...]]  # label -> different values it would mean

    @classmethod
    def of(cls, values: Iterable[Any], safe: bool = True) -> "Spellings":
        """Spellings of a column; the commonest one names a label.

        Parameters
        ----------
        values : iterable
            Values as read, each as often as it stands there.
        safe : bool
            Whether the labels are made safe for file names and table cells.
        """
        texts = [text_of(value) for value in values if not is_unknown(value)]
        counts = Counter(tidy(text) for text in texts)
        by_key: dict[str, list[str]] = {}
        for text in sorted(set(texts), key=lambda t: (-counts[tidy(t)], tidy(t), t)):
            by_key.setdefault(key(text), []).append(text)
        name = safe_label if safe else tidy
        names = {own: name(found[0]) for own, found in by_key.items()}
        return cls(
            names,
            {
                names[own]: tuple(sorted({text.strip() for text in same}))
                for own, same in by_key.items()
                if len({text.strip() for text in same}) > 1
            },
            _alike(names),
            _clashes(names, by_key),
        )

    def label(self, value: Any) -> str:
        """Label of a value of the column; "unknown" of a missing one."""
        return UNKNOWN if is_unknown(value) else self.names[key(text_of(value))]

    def faults(self, where: str) -> list[str]:
        """A message for each label that would stand for different values."""
        return [
            f"{where}: the values {list(found)} would all become the label {label!r}; "
            "make them distinct or equal."
            for label, found in self.clashes.items()
        ]


def is_unknown(value: Any) -> bool:
    """True if a value is missing or says that it is not known."""
    return value is None or pd.isna(value) or key(text_of(value)) in _UNKNOWN_KEYS


@lru_cache(maxsize=65_536)
def key(text: str) -> str:
    """Text that all spellings of one label share."""
    folded = unicodedata.normalize("NFKC", tidy(text).casefold())
    # A blank between digits may part two numbers; any other blank says nothing.
    spaced = _BLANKS.sub(" ", folded).strip()
    joined = re.sub(r"(?<!\d) | (?!\d)", "", spaced)
    return re.sub(r"^([+-]?\d+)\.0+$", r"\1", joined)


@lru_cache(maxsize=65_536)
def tidy(text: str) -> str:
    """Text in composed Unicode, with plain dashes and single blanks."""
    plain = unicodedata.normalize("NFKC", _DASHES.sub("-", text))
    seen = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", seen).strip()


def safe_label(value: Any) -> str:
    """A value as the label of a batch or group; missing is "unknown".

    Blanks, slashes and the like become one underscore, so that the label can
    stand in a file name and in a table cell.
    """
    return UNKNOWN if is_unknown(value) else _safe(tidy(text_of(value)))


def matched(value: str, known: Sequence[str]) -> str:
    """The known label that a value is a spelling of; else the value itself."""
    if value in known:
        return value
    same = [label for label in known if key(_safe(label)) == key(_safe(tidy(value)))]
    return same[0] if len(same) == 1 else value


def text_of(value: Any) -> str:
    """A value as text, numbers without needless zeros."""
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _safe(text: str) -> str:
    return re.sub(r"[^\w.+-]+", "_", text)


def _alike(names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Labels that differ in zeros or blanks of their numbers alone."""
    by_look: dict[str, list[str]] = {}
    for own, label in names.items():
        look = _without_last_zeros(re.sub(_FIRST_ZEROS, "", own.replace(" ", "")))
        by_look.setdefault(look, []).append(label)
    return tuple(
        tuple(sorted(labels))
        for _, labels in sorted(by_look.items())
        if len(set(labels)) > 1
    )


def _without_last_zeros(text: str) -> str:
    """A text whose decimals end without zeros: 1.50 is 1.5, and 2.0 is 2."""
    whole, point, decimals = text.rpartition(".")
    if point and (not decimals or decimals.isdecimal()):
        text = f"{whole}.{decimals.rstrip('0')}"
    return text.removesuffix(".")


def _clashes(
    names: Mapping[str, str], by_key: Mapping[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for own, label in names.items():
        found.setdefault(label.casefold(), []).extend(by_key[own][:1])
    return {
        names[key(texts[0])]: tuple(sorted(texts))
        for texts in found.values()
        if len(texts) > 1
    }

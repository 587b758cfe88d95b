"""Values of elements that are kept: each by its kind, or with the reason why not."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_has_tag
from pydicom.multival import MultiValue

from ..errors import StudyError
from ..privacy.identifiers import LEAST_DIGITS, holds, identifying_words
from .actions import Action
from .kept_codes import OTHER, PLACED, terms
from .kept_numbers import ranges, renumbered, written
from .numbering import Numbering
from .pseudonyms import Pseudonyms

_TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?", re.ASCII)
#: Longer technical texts are not of their kind.
LONGEST_TEXT = 64


class Unfit(Exception):
    """A value that is not kept; its text is the reason, without the value."""


class NotExported(StudyError):
    """A file that cannot leave; the text says why, without a value of it."""


@dataclass(frozen=True)
class Keeper:
    """Judge of the values in the files of one series.

    `words` are the identifying words of their headers.
    """

    names: Pseudonyms
    words: frozenset[str]
    numbering: Numbering
    _digits: frozenset[str] = field(init=False)

    @classmethod
    def of(cls, names: Pseudonyms, headers: Sequence[Dataset]) -> "Keeper":
        """Judge of the values in files that belong together."""
        return cls(names, identifying_words(headers), Numbering.of(headers))

    def __post_init__(self) -> None:
        plain = {word.lstrip("0") for word in self.words if word.isdigit()}
        long = frozenset(word for word in plain if len(word) >= LEAST_DIGITS)
        object.__setattr__(self, "_digits", long)

    def value(self, element: DataElement, action: Action) -> Any:
        """The value in the copy.

        Raises
        ------
        Unfit
            If the element stays without its value.
        NotExported
            If pixels or their place cannot be known without the value.
        """
        parts = _parts(element.value)
        if not parts:
            return element.value
        kept = _KEEPERS[action](self, element, parts)
        return kept if len(kept) > 1 else kept[0]

    def uids(self, _: DataElement, parts: Sequence[Any]) -> list[Any]:
        return [self.names.uid(str(part)) for part in parts]

    def dates(self, _: DataElement, parts: Sequence[Any]) -> list[Any]:
        return _all([self.names.moment(str(part)) for part in parts], "no date")

    def ages(self, _: DataElement, parts: Sequence[Any]) -> list[Any]:
        return _all([self.names.age(str(part)) for part in parts], "no age")

    def zones(self, _: DataElement, parts: Sequence[Any]) -> list[Any]:
        return _all([self.names.zone(str(part)) for part in parts], "no zone")

    def times(self, _: DataElement, parts: Sequence[Any]) -> list[Any]:
        texts = [str(part).strip() for part in parts]
        if not all(map(_TIME.fullmatch, texts)):
            raise Unfit("no time of day")
        return self._without_ids(texts)

    def texts(self, _: DataElement, parts: Sequence[Any]) -> list[Any]:
        joined = " ".join(map(str, parts))
        if holds(joined, self.words):
            raise Unfit("holds an identifying word")
        if len(joined) > LONGEST_TEXT or not joined.isprintable():
            raise Unfit("longer than a technical text, or with control characters")
        return list(parts)

    def terms(self, element: DataElement, parts: Sequence[Any]) -> list[Any]:
        known = terms()[element.keyword]
        found = [str(part).strip() for part in parts]
        if element.keyword in PLACED:
            return [part if part in known else OTHER for part in found]
        kept = [part for part in found if part in known]
        return _all(kept, "no defined term")

    def numbers(self, element: DataElement, parts: Sequence[Any]) -> list[Any]:
        allowed = ranges()[element.keyword]
        try:
            texts = [written(part, element.VR) for part in parts]
            inside = all(
                text is not None and allowed.holds(float(text)) for text in texts
            )
            if not inside or len(parts) > allowed.most:
                raise Unfit("out of its range")
            if not allowed.is_essential:
                self._without_ids([str(text) for text in texts])
        except Unfit as reason:
            if allowed.is_essential:
                raise NotExported(
                    f"{element.keyword} is {reason}, and the pixels or their place "
                    "depend on it. Ask for another export of the series."
                ) from None
            raise
        return list(texts) if element.VR in ("DS", "IS") else list(parts)

    def counts(self, element: DataElement, parts: Sequence[Any]) -> list[Any]:
        group = renumbered()[element.keyword]
        ranks = [self.numbering.rank(group, part) for part in parts]
        if None in ranks:
            raise Unfit("no whole number")
        return [str(rank) for rank in ranks] if element.VR == "SH" else ranks

    def pointers(self, _: DataElement, parts: Sequence[Any]) -> list[Any]:
        if not all(dictionary_has_tag(int(part)) for part in parts):
            raise Unfit("no element of the dictionary")
        return list(parts)

    def same(self, _: DataElement, parts: Sequence[Any]) -> list[Any]:
        """Values that the caller writes anew."""
        return list(parts)

    def is_an_id(self, text: str) -> bool:
        """True if a run of digits is a number that the header says is an id."""
        runs = {run.lstrip("0") for run in re.findall(r"\d+", text)}
        return not runs.isdisjoint(self._digits)

    def _without_ids(self, texts: list[str]) -> list[Any]:
        if any(map(self.is_an_id, texts)):
            raise Unfit("holds a number that the header says is an id")
        return texts


_KEEPERS: Mapping[str, Callable[[Keeper, DataElement, Sequence[Any]], list[Any]]] = {
    "age": Keeper.ages,
    "code": Keeper.same,
    "count": Keeper.counts,
    "date": Keeper.dates,
    "number": Keeper.numbers,
    "pointer": Keeper.pointers,
    "term": Keeper.terms,
    "text": Keeper.texts,
    "time": Keeper.times,
    "uid": Keeper.uids,
    "zone": Keeper.zones,
}


def _parts(value: Any) -> list[Any]:
    """The values of an element; empty if it has none."""
    if isinstance(value, MultiValue | list | tuple):
        return [] if all(_is_empty(part) for part in value) else list(value)
    return [] if _is_empty(value) else [value]


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _all(found: list[str], reason: str) -> list[Any]:
    """The values found; Unfit if there is none, or an empty one."""
    if not found or not all(found):
        raise Unfit(reason)
    return found

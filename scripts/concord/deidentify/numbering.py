"""Numbers that count things, counted anew over all files of a series."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pydicom import Dataset
from pydicom.multival import MultiValue

from .kept_numbers import renumbered
from .walk import readable_elements

#: More digits than this are no count.
_MOST_DIGITS = 18


@dataclass(frozen=True)
class Numbering:
    """Ranks from 1 of the distinct numbers of files that belong together.

    Equal numbers get equal ranks and larger ones larger ranks, so that what cites a
    number still cites it, and the order of slices is kept.
    """

    ranks: dict[str, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, headers: Iterable[Dataset]) -> "Numbering":
        """Ranks of the numbers of some files, at every depth."""
        found: dict[str, set[int]] = defaultdict(set)
        for header in headers:
            _collect(header, found)
        return cls(
            {
                group: {number: rank for rank, number in enumerate(sorted(numbers), 1)}
                for group, numbers in found.items()
            }
        )

    def rank(self, group: str, value: Any) -> int | None:
        """Rank of a number of a group; None if it is no whole number."""
        number = _whole(value)
        return None if number is None else self.ranks.get(group, {}).get(number)


def _collect(header: Dataset, found: dict[str, set[int]]) -> None:
    groups = renumbered()
    for element in readable_elements(header):
        if element.keyword in groups:
            value = element.value
            parts = value if isinstance(value, MultiValue | list) else [value]
            numbers = {_whole(part) for part in parts} - {None}
            found[groups[element.keyword]] |= numbers  # type: ignore[arg-type]


def _whole(value: Any) -> int | None:
    text = str(getattr(value, "original_string", value)).strip(" \0")
    digits = text.lstrip("+-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        return None
    return int(text)

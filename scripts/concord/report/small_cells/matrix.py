"""Hidden cells of a table: those of few people, and those that a total would tell."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .words import HIDDEN, OF, is_small, is_telling, told

#: Columns that count no people, whatever numbers stand there.
THINGS = frozenset(
    [
        *("Folds", "Repeats", "Folds in all", "Features", "Columns", "Values", "Fits"),
        *("Readers", "Standardized (IBSI)", "Families", "Kruskal-Wallis", "Permuted"),
        *("Brown-Forsythe", "Stable", "Undefined", "Selected", "Candidates", "Rank"),
        *("Coefficients", "Studies", "Series", "Files", "Unlisted", "Problems", "p"),
        *("Recipe (hash)", "Expected", "Criterion", "Planted", "Found", "Recovered"),
        *("Degrees of freedom", "Parts", "Lines"),
    ]
)
#: Columns, or rows, that say of how many people the others are.
_SIZES = frozenset(["Subjects", "Images", "Scans", "Events", "Subjects concerned"])
_WHOLE_NUMBER = re.compile(r"\d+(?: (?:/|to) \d+)*")
_WITH_EVENTS = re.compile(r"\d+ \(\d+\)")
_MISSING = re.compile(r"; (\d+) (missing|not stated)")
#: Rows of measured values, whose whole numbers count nobody.
_MEASURED = re.compile(r"\((?:kV|T|ms|mm|mm2|mm3|ml|days|years|months|HU|SUV|Bq/ml)\)$")
#: A value at the start of a cell, not a name that begins with digits.
_VALUE = re.compile(r"[\N{MINUS SIGN}\N{PLUS-MINUS SIGN}<> -]*\d+(?:\.\d+)?(?![\w.])")
_Place = tuple[int, int]


@dataclass
class CountTable:
    """Cells of a table with what is known of their counts.

    Attributes
    ----------
    columns, rows : sequence
        Names of the columns, and cells; the first cell of a row names it.
    smallest : int
        Counts below it are hidden.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    smallest: int
    hidden: set[_Place] = field(default_factory=set)

    def safe_rows(self) -> tuple[tuple[str, ...], ...]:
        """Rows without small counts, nor what tells them."""
        counts = self._counts()
        first = {place for place in counts if self._is_telling(place)}
        self.hidden = set(first)
        while added := self._complements(counts):
            self.hidden |= added
        sizes = {place for place in first if self._is_size(place)}
        return tuple(
            (row[0], *(self._shown((i, j), counts, sizes) for j in self._places(row)))
            for i, row in enumerate(self.rows)
        )

    def _places(self, row: Sequence[str]) -> range:
        return range(1, len(row))

    def _counts(self) -> dict[_Place, int]:
        """First number of each cell that counts people."""
        found = {}
        for i, row in enumerate(self.rows):
            for j in self._places(row):
                name = self.columns[j]
                measured = _MEASURED.search(row[0]) or _MEASURED.search(name)
                if name not in THINGS and not measured and _is_count(row[j]):
                    found[i, j] = int(re.findall(r"\d+", row[j])[0])
        return found

    def _is_telling(self, place: _Place) -> bool:
        cell = self.rows[place[0]][place[1]]
        parts = OF.match(cell)
        if parts and is_telling(int(parts[1]), int(parts[2]), self.smallest):
            return True
        numbers = re.findall(r"\d+", re.sub(r"\([<>]? ?\d+ %\)", "", cell))
        return any(is_small(int(number), self.smallest) for number in numbers)

    def _complements(self, counts: Mapping[_Place, int]) -> set[_Place]:
        """The least other count of each line whose sum would tell what is hidden."""
        added = set()
        for line in self._lines(counts):
            hidden = self.hidden.intersection(line)
            others = [place for place in line if place not in hidden]
            total = sum(counts[place] for place in hidden)
            if hidden and others and (len(hidden) == 1 or total < self.smallest):
                # A zero is hidden only where nothing else stands beside the cell.
                added.add(min(others, key=lambda p: (counts[p] == 0, counts[p], p)))
        return added - self.hidden

    def _lines(self, counts: Iterable[_Place]) -> list[list[_Place]]:
        """Counts that may add up: of a row, and of rows of one name in a column."""
        lines: dict[tuple, list[_Place]] = {}
        for i, j in counts:
            name = self.rows[i][0].partition(":")[0]
            lines.setdefault(("row", i), []).append((i, j))
            lines.setdefault(("column", name, j), []).append((i, j))
        return list(lines.values())

    def _is_size(self, place: _Place) -> bool:
        return bool(
            _SIZES.intersection([self.rows[place[0]][0], self.columns[place[1]]])
        )

    def _shown(
        self, place: _Place, counts: Mapping[_Place, int], sizes: set[_Place]
    ) -> str:
        cell = self.rows[place[0]][place[1]]
        if place in self.hidden:
            small = is_small(counts[place], self.smallest)
            return f"< {self.smallest}" if small else HIDDEN
        if self.columns[place[1]] in THINGS:
            return cell
        if _VALUE.match(cell) and self._is_of_few(place, sizes):
            return HIDDEN
        if place in counts:
            return self._without_whole(place, cell)
        return told(self._without_missing(place, cell), self.smallest)

    def _is_of_few(self, place: _Place, sizes: set[_Place]) -> bool:
        """True of values of so few people: beside or below their small number."""
        beside = any(i == place[0] and self.columns[j] in _SIZES for i, j in sizes)
        below = any(j == place[1] and self.rows[i][0] in _SIZES for i, j in sizes)
        return (beside or below) and self.rows[place[0]][0] not in _SIZES

    def _without_whole(self, place: _Place, cell: str) -> str:
        """A count alone where a hidden one shares its row or column."""
        near = any(place[0] == i or place[1] == j for i, j in self.hidden)
        parts = OF.match(cell)
        return parts[1] if near and parts else cell

    def _without_missing(self, place: _Place, cell: str) -> str:
        """A value without the numbers of missing ones, if one of the row is small."""
        beside = [_MISSING.search(one) for one in self.rows[place[0]]]
        if any(found and is_small(int(found[1]), self.smallest) for found in beside):
            return _MISSING.sub(r"; some \2", cell)
        return cell


def _is_count(cell: str) -> bool:
    bare = _MISSING.sub("", cell)
    return bool(
        OF.match(bare) or _WITH_EVENTS.fullmatch(bare) or _WHOLE_NUMBER.fullmatch(bare)
    )

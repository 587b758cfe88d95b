"""Choice of the region of a source that a row of the mask sheet means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...errors import IngestFault
from ..faults.rows import MASK_KEYS, Row
from ..patterns.automaton import Pattern, compiled
from ..patterns.syntax import PatternError

#: Separates the alternatives of a cell, of which the first that fits counts.
ALTERNATIVES = ";;"

#: More alternatives are a fault of the cell.
MOST_ALTERNATIVES = 100

_NUMBERS = re.compile(r"\d{1,9}(\s*\|\s*\d{1,9})*", re.ASCII)


@dataclass(frozen=True)
class Candidate:
    """A region of a source: an ROI, a segment, or a label of a label map."""

    index: int  # place within the source, from 0
    number: int
    name: str
    pieces: int  # contours, frames or voxels


#: Stands for a region that its source does not hold, because nothing was found.
ABSENT = Candidate(index=-1, number=-1, name="", pieces=0)

#: The note on a mask whose source says that nothing was found.
FOUND_NOTHING = "FOUND_NOTHING"


def choose(
    candidates: Sequence[Candidate],
    cell: str | None,
    merge: bool = False,
    may_be_absent: bool = False,
) -> list[Candidate]:
    """The regions that the cell `roi` of a row means; normally one.

    A region whose name is the whole cell comes first. Else each alternative of the
    cell, in order, is compared with the names of the regions: equal names first, then,
    if it is a number or numbers separated by ``|``, with their numbers, then as a
    pattern of the whole name. The first alternative that fits exactly one region
    counts; numbers may name several, which are united. An alternative that is no
    pattern is a name.

    Parameters
    ----------
    cell : str or None
        Alternatives separated by ``;;``; empty if the source has exactly one region.
    merge : bool, default=False
        Unite the regions of the first alternative that fits any.
    may_be_absent : bool, default=False
        If no region fits, it is ABSENT: the reader found nothing.

    Raises
    ------
    IngestFault
        ROI_NOT_FOUND or ROI_AMBIGUOUS. The text tells no name, as names of regions
        may identify the patient.
    """
    fitting, unfit = _all_fitting(candidates, (cell or "").strip())
    for found, are_listed in fitting:
        if len(found) == 1 or (found and (merge or are_listed)):
            is_blank = not any(candidate.pieces for candidate in found)
            return [ABSENT] if may_be_absent and is_blank else found
    counts = [len(found) for found, _ in fitting]
    # A slip in a pattern must not make an empty segmentation.
    if may_be_absent and not any(counts) and not unfit:
        return [ABSENT]
    raise _not_one(counts, len(candidates), unfit)


#: Regions that an alternative means, and whether it lists them by number.
type _Fitting = tuple[list[Candidate], bool]


def _all_fitting(
    candidates: Sequence[Candidate], cell: str
) -> tuple[list[_Fitting], list[str]]:
    """Regions that each alternative of a cell means, and why some can be names only."""
    whole = [candidate for candidate in candidates if candidate.name == cell]
    if whole or not cell:
        return [(whole or list(candidates), False)], []
    parts = [part.strip() for part in cell.split(ALTERNATIVES)]
    if len(parts) > MOST_ALTERNATIVES:
        raise IngestFault(
            "ROI_NOT_FOUND",
            f"the column `roi` has {len(parts)} alternatives, expected at most "
            f"{MOST_ALTERNATIVES}. Correct it.",
        )
    fitting: list[_Fitting] = []
    unfit = []
    for number, part in enumerate(parts, 1):
        try:
            fitting.append(_fitting(candidates, part))
        except PatternError as error:
            fitting.append(([], False))
            unfit.append(
                f"Alternative {number} of {len(parts)} in the column `roi` can be a "
                f"name only, not a pattern (character {error.position + 1}: {error}); "
                "with a backslash before such a sign it is a pattern. "
            )
    return fitting, unfit


def _fitting(candidates: Sequence[Candidate], text: str) -> _Fitting:
    """Regions that one alternative means; PatternError if it can only be a name."""
    same = [candidate for candidate in candidates if candidate.name == text]
    if same or not text:
        return same, False
    if _NUMBERS.fullmatch(text):
        numbers = {int(number) for number in text.split("|")}
        listed = [each for each in candidates if each.number in numbers]
        if listed:
            return listed, True
    pattern: Pattern = compiled(text)
    return [each for each in candidates if pattern.fits(each.name)], False


def _not_one(counts: list[int], total: int, unfit: Sequence[str]) -> IngestFault:
    """The fault that no alternative of a cell fits exactly one region."""
    where = (
        f"The source has {total} regions; private/rois lists their names and numbers. "
    )
    where += "".join(unfit[:3])
    if not any(counts):
        return IngestFault(
            "ROI_NOT_FOUND",
            f"no region fits the column `roi` of this row. {where}Correct `roi` in "
            "the mask sheet; or, if this reader's files lack a region where nothing "
            "was found, list the reader in ingest.absent_is_empty.",
        )
    fitting = ", ".join(str(count) for count in counts)
    return IngestFault(
        "ROI_AMBIGUOUS",
        f"{fitting} regions fit the column `roi` of this row, expected 1. {where}"
        "Correct `roi` in the mask sheet, or unite them by ingest.merge_rois.",
    )


@dataclass
class Listing:
    """Regions that the sources of some rows hold, and the rows that take them.

    It names regions and files, so it is written to `private/` only.
    """

    _sources: dict[str, tuple[Row, Sequence[Candidate]]] = field(default_factory=dict)
    _uses: dict[tuple[str, int], list[tuple[Row, str]]] = field(default_factory=dict)

    def add(self, row: Row, candidates: Sequence[Candidate], merge: bool) -> None:
        """Note the regions of the source of a row, and which of them it takes."""
        source = str(row["source"])
        self._sources.setdefault(source, (row, candidates))
        for chosen, status in _uses(candidates, row.get("roi"), merge):
            self._uses.setdefault((source, chosen.index), []).append((row, status))

    def table(self) -> list[dict[str, Any]]:
        """Rows of table kind "rois", sorted by source, region and user."""
        return [
            line
            for source, (row, candidates) in sorted(self._sources.items())
            for candidate in candidates
            for line in self._lines(source, row, candidate)
        ]

    def _lines(
        self, source: str, row: Row, candidate: Candidate
    ) -> Iterable[dict[str, Any]]:
        """One line per row that takes a region, or one that none does."""
        region = {
            "source": source,
            "number": candidate.number,
            "name": candidate.name,
            "pieces": candidate.pieces,
        }
        image = {key: row[key] for key in MASK_KEYS[:4]}
        users = self._uses.get((source, candidate.index))
        if not users:
            return [image | region | {"status": "unmatched"}]
        return [
            {key: user[key] for key in MASK_KEYS} | region | {"status": status}
            for user, status in users
        ]


def _uses(
    candidates: Sequence[Candidate], cell: str | None, merge: bool
) -> list[tuple[Candidate, str]]:
    """Regions that a row takes, or between which it does not decide."""
    try:
        return [(each, "matched") for each in choose(candidates, cell, merge)]
    except IngestFault as fault:
        if fault.code != "ROI_AMBIGUOUS":
            return []
        undecided = choose(candidates, cell, merge=True)
        return [(each, "ambiguous") for each in undecided]

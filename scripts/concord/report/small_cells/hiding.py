"""The page without small counts: tables, sentences, warnings and figures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..blocks import Banner, Block, Items, Picture, Section, Table, Text, text
from .matrix import CountTable
from .words import told

#: Sections, and tables, that tell of no people: files, fits, planted facts, features.
_NO_PEOPLE = frozenset(["provenance", "recovered", "leakage", "checklists"])
_NO_PEOPLE_IN = frozenset(
    [
        "Arms",
        "Stable features between readers, by family",
        "Fits that failed or were noteworthy",
    ]
)


@dataclass(frozen=True)
class Hiding:
    """Rule that counts of people below `smallest` do not stand on the page.

    Nothing is hidden with 0 or 1. Tables of one row per person, and figures with a
    mark for each, are replaced by a sentence.
    """

    smallest: int

    @property
    def is_on(self) -> bool:
        """True if a count can be too small."""
        return self.smallest > 1

    def banners(self, banners: Iterable[Banner]) -> list[Banner]:
        """Warnings without small counts, and first the one that says so."""
        found = list(banners)
        if not self.is_on:
            return found
        told_ = [replace(b, text=told(b.text, self.smallest)) for b in found]
        return [self._announcement(), *told_]

    def section(self, section: Section) -> Section:
        """A section without small counts."""
        if not self.is_on or section.anchor in _NO_PEOPLE:
            return section
        return replace(
            section, blocks=tuple(self._block(block) for block in section.blocks)
        )

    def _block(self, block: Block) -> Block:
        if isinstance(block, Table):
            return self._table(block)
        if isinstance(block, Text):
            return replace(block, paragraphs=self._all(block.paragraphs))
        if isinstance(block, Items):
            title = told(block.title, self.smallest)
            return replace(block, items=self._all(block.items), title=title)
        if isinstance(block, Picture) and not block.aggregate:
            return text(
                f"Not shown on this page, as it may show single people: {block.alt}"
            )
        return block

    def _table(self, block: Table) -> Block:
        if block.of_people:
            return text(
                f"“{block.caption}” has one row for each person or image and is not "
                "shown on this page; it stands in the folder of the results."
            )
        if block.caption in _NO_PEOPLE_IN:
            return block
        rows = CountTable(block.columns, block.rows, self.smallest).safe_rows()
        return replace(block, rows=rows, note=told(block.note, self.smallest))

    def _all(self, sentences: Iterable[str]) -> tuple[str, ...]:
        return tuple(told(one, self.smallest) for one in sentences)

    def _announcement(self) -> Banner:
        return Banner(
            "Small numbers are hidden",
            f"Counts of fewer than {self.smallest} people (report.smallest_cell) are "
            f"shown as “< {self.smallest}”, and further counts as “hidden” where a sum "
            "would tell them, with percentages and values of such groups. Nobody (0) "
            "is shown. Tables and figures of single people are left out.",
        )

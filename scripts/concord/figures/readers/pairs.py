"""Pairs of readers in figures: their choice, colours and names."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from ...readers import CONSENSUS
from ..style import BLACK, BLUE, GREEN, GROUPS, ORANGE, PURPLE, SKY, VERMILLION

#: Colour of each reader, in the order of their names; the consensus is black.
_READER_COLOURS = (BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY)


class Pair(NamedTuple):
    """Two readers, in the order of the table."""

    a: str
    b: str

    def rows(self, table: pd.DataFrame) -> pd.DataFrame:
        """Rows of a table that compare these two."""
        return table[(table["reader"] == self.a) & (table["reader_b"] == self.b)]


def drawn_pairs(table: pd.DataFrame, most: int) -> tuple[list[Pair], int]:
    """The pairs that a figure has room for, and how many are left out.

    Pairs of readers come before pairs with the consensus, each in the order of
    their names, up to `most`.
    """
    names = table[["reader", "reader_b"]].drop_duplicates().itertuples(index=False)
    pairs = sorted((CONSENSUS in found, Pair(*map(str, found))) for found in names)
    return [pair for _, pair in pairs[:most]], max(len(pairs) - most, 0)


def readers(table: pd.DataFrame) -> list[str]:
    """All readers of a table of pairs by name, the consensus last."""
    names = {str(name) for name in table["reader"]} | {
        str(name) for name in table["reader_b"]
    }
    return sorted(names, key=lambda name: (name == CONSENSUS, name))


def reader_colours(names: Sequence[str]) -> dict[str, str]:
    """The colour of each reader's segmentation."""
    others = [name for name in sorted(names) if name != CONSENSUS]
    n = len(_READER_COLOURS)
    colours = {name: _READER_COLOURS[k % n] for k, name in enumerate(others)}
    return colours | ({CONSENSUS: BLACK} if CONSENSUS in names else {})


def pair_style(number: int) -> tuple:
    """Colour, line and marker of the first, second, ... pair."""
    return GROUPS[number % len(GROUPS)]


def left_out(number: int) -> str:
    """A sentence on pairs that are not drawn; empty if all are."""
    if not number:
        return ""
    pairs = "1 further pair is" if number == 1 else f"{number} further pairs are"
    return f" {pairs} in the table of agreement only."

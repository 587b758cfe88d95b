"""Agreement of all readers of a chunk of images, as tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ..readers import CONSENSUS
from .group import group_agreement
from .pairs import PAIR_KEYS, compare_all
from .reading import regions, segmentations

#: What identifies a row of a table of surface Dice; also its order.
TOLERANCE_KEYS = [*PAIR_KEYS, "tolerance_mm"]


@dataclass
class Agreement:
    """Rows of the three tables of a chunk."""

    pairs: list[dict[str, Any]] = field(default_factory=list)
    surface_dice: list[dict[str, Any]] = field(default_factory=list)
    group: list[dict[str, Any]] = field(default_factory=list)


def agreement(
    masks: pd.DataFrame, tolerances_mm: Sequence[float], reference_reader: str
) -> Agreement:
    """Agreement of all readers of each image and region with each other.

    Parameters
    ----------
    masks : DataFrame
        A table of kind "masks"; the consensus may be among the readers.
    tolerances_mm : sequence of float
        Of the surface Dice.
    reference_reader : str
        Whose segmentation is the truth of sensitivity and precision.

    Returns
    -------
    Agreement
        `pairs`, of kind "agreement": two rows, one per definition, for each pair of
        readers in the order of their names. `surface_dice`: one row for each of
        those and each tolerance. `group`, of kind "agreement_group": one row per
        image and region; the consensus is no reader there. Regions of one reader
        have no row.

    Raises
    ------
    GridMismatchError
        If two masks of a region lie on different voxel grids.
    TableError
        If a reader has two masks of one image and region.
    """
    found = Agreement()
    for names, rows in regions(masks):
        if len(rows) < 2:
            continue
        by_reader, _ = segmentations(rows)
        for one in compare_all(by_reader, tolerances_mm, reference_reader):
            found.pairs.append(names | one.row())
            found.surface_dice += [names | row for row in one.surface_dice_rows()]
        readers = [
            by_reader[reader] for reader in sorted(by_reader) if reader != CONSENSUS
        ]
        found.group.append(names | group_agreement(readers))
    return found


def in_order(rows: Iterable[dict[str, Any]], keys: list[str]) -> pd.DataFrame:
    """Rows as a table sorted by its keys."""
    table = pd.DataFrame(list(rows))
    return table.sort_values(keys, ignore_index=True) if len(table) else table

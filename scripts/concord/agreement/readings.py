"""Counts of what each reader delivered: segmentations, empty ones, and none at all."""

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from ..readers import CONSENSUS
from .reading import REGION_KEYS
from .volumes import ALL_SITES

#: What identifies a row; also its order.
READING_KEYS = ["image", "region", "reader", "site"]


def readings(masks: pd.DataFrame) -> list[dict[str, Any]]:
    """Readings of each reader: of all sites together and, of several, of each.

    A case is an image and region that any reader has delivered a mask of. An empty mask
    is a reading: the reader found nothing, and missed the lesion if another reader has
    segmented it. A case without any mask of the reader is something else.

    Parameters
    ----------
    masks : DataFrame
        Table kind "masks" of all chunks. The consensus is no reader here.

    Returns
    -------
    list of dict
        Rows of table kind "readings", sorted; none if there is one reader only.
    """
    known = masks[masks["reader"] != CONSENSUS]
    if known["reader"].nunique() < 2:
        return []
    found = [
        {"image": image, "region": region, "reader": reader, "site": site, **counts}
        for (image, region), part in known.groupby(["image", "region"])
        for site, cases in _by_site(part)
        for reader, counts in _of_readers(cases, sorted(set(part["reader"])))
    ]
    return sorted(found, key=lambda row: [row[name] for name in READING_KEYS])


def _by_site(part: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield ALL_SITES, part
    if part["site"].nunique() > 1:
        for site, mine in part.groupby("site"):
            yield str(site), mine


def _of_readers(
    cases: pd.DataFrame, readers: Sequence[str]
) -> Iterator[tuple[str, dict[str, int]]]:
    """Counts of each reader of an image and region, also of one without any mask."""
    n_filled = (cases["voxels"] > 0).groupby([cases[k] for k in REGION_KEYS]).sum()
    for reader in readers:
        mine = cases[cases["reader"] == reader]
        empty = mine.loc[mine["voxels"] == 0, REGION_KEYS]
        seen = n_filled.reindex(pd.MultiIndex.from_frame(empty))
        yield (
            reader,
            {
                "n_cases": len(n_filled),
                "n_segmented": len(mine) - len(empty),
                "n_empty": len(empty),
                "n_missed": int((seen > 0).sum()),
                "n_not_delivered": len(n_filled) - len(mine),
            },
        )

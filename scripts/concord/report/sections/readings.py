"""Lesions that a reader missed, and segmentations that were never delivered."""

import pandas as pd

from ...agreement.volumes import ALL_SITES
from ...figures.summaries import groups
from .. import numbers as n
from ..blocks import Table, table
from ..results import Results


def readings_table(results: Results) -> Table | None:
    """Segmentations, empty ones and absent ones of each reader, by image and region."""
    rows = results.of("readings", site=ALL_SITES)
    if rows.empty:
        return None
    return table(
        "What each reader found",
        [
            "Measured on",
            "Reader",
            "Images",
            "Segmented",
            "Found nothing",
            "Missed, of those that another reader segmented",
            "Not delivered",
        ],
        [
            _cells(image, region, row)
            for (image, region), part in groups(rows, ["image", "region"])
            for _, row in part.iterrows()
        ],
        "Images of which any reader delivered a segmentation. An empty segmentation "
        "is a reading: where one of two is empty, Dice is 0 and counts in every median "
        "of Dice. Not delivered: the sheet lists none by this reader, or it could not "
        "be used; nothing is compared.",
    )


def missed_words(results: Results, reader: str, n_unscored: int) -> str:
    """Why a reader's segmentations gave no score of some subjects; empty if of none."""
    rows = results.of("readings", site=ALL_SITES, reader=reader)
    missed, absent, cases = (
        int(rows[name].sum()) for name in ("n_missed", "n_not_delivered", "n_cases")
    )
    if not (n_unscored or missed or absent):
        return ""
    lost = "" if not n_unscored else f" {n_unscored} more have no score by {reader}."
    if not (missed or absent):
        return lost
    return (
        f"{lost} Of {cases} images that any reader segmented, reader {reader} missed "
        f"the region in {missed} and delivered no usable segmentation of {absent}."
    )


def _cells(image: str, region: str, row: pd.Series) -> list[str]:
    seen = int(row["n_segmented"] + row["n_missed"])
    return [
        f"{image} {region}",
        row["reader"],
        str(row["n_cases"]),
        str(row["n_segmented"]),
        str(row["n_empty"]),
        n.share(int(row["n_missed"]), seen) if seen else n.NONE,
        str(row["n_not_delivered"]),
    ]

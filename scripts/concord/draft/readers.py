"""Readers of a draft: whose regions are compared, and what each called them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from .question import Questions, listed

Row = Mapping[str, Any]


def tell(masks: Iterable[Row], region: str, reference: str, ask: Questions) -> None:
    """Tell names that became one region, and ask about readers who lack the study's.

    Parameters
    ----------
    masks : iterable of mapping
        Rows of table kind "masks_sheet" that the draft takes.
    region, reference : str
        Region of the study, and its reference reader.
    ask : Questions
        Gets what was guessed and what is left to answer.
    """
    masks = list(masks)
    for name, called in sorted(_names(masks).items()):
        if len({frozenset(names) for names in called.values()}) > 1:
            ask.check(
                "masks.tsv",
                f"{name!r} is one region of several names ({_told(called)})",
            )
    regions: dict[str, set[str]] = defaultdict(set)
    for row in masks:
        regions[row["reader"]].add(row["region"])
    lack = sorted(reader for reader, found in regions.items() if region not in found)
    if lack:
        are = "is" if len(lack) == 1 else "are"
        ask.ask(
            "masks.tsv",
            f"{listed(lack)} did not segment {region!r}, so {are} not compared with "
            f"{reference!r} (regions of each reader: {_told(regions)}); where names "
            "mean the same, write one into the column region",
        )
    elif len(regions) > 1 and not _compared(masks, region):
        ask.ask(
            "masks.tsv",
            f"no image has {region!r} by two of the readers {listed(sorted(regions))}, "
            "so they are not compared; are they different people at all?",
        )


def _names(masks: Iterable[Row]) -> dict[str, dict[str, set[str]]]:
    """Names of ROIs by region and reader; a mask file that is one region has none."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in masks:
        if row["roi"] and not str(row["roi"]).isdigit():
            found[row["region"]][row["reader"]].add(row["roi"])
    return found


def _told(names: Mapping[str, Iterable[str]]) -> str:
    """Names by reader as text."""
    parts = (f"{reader}: {listed(sorted(own))}" for reader, own in names.items())
    return "; ".join(sorted(parts))


def _compared(masks: Iterable[Row], region: str) -> bool:
    """True if two readers segmented the region in one image."""
    keys = ("subject_id", "session", "image")
    seen: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in masks:
        if row["region"] == region:
            seen[tuple(row[key] for key in keys)].add(row["reader"])
    return any(len(readers) > 1 for readers in seen.values())

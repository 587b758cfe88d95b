"""Conformance of images to the study's protocol."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ...tables.acquisition_columns import ACQUISITION
from ..faults.rows import IMAGE_KEYS
from .settings import ProtocolItem

#: Numbers that differ by less than this share are equal: 3.27 is 3.26999.
SAME_SHARE = 1e-3

#: More values that depart are told as a range, or counted.
MOST_LISTED = 3

CONFORMS, DEPARTS, BLANK = "yes", "no", "blank"


def conformance(
    acquisition: pd.DataFrame, protocol: Mapping[str, Mapping[str, ProtocolItem]]
) -> list[dict[str, Any]]:
    """Value that each image has of each item of the protocol.

    Parameters
    ----------
    acquisition : DataFrame
        Table kind "acquisition".
    protocol : mapping
        Section `protocol` of the configuration.

    Returns
    -------
    list of dict
        Rows of table kind "protocol", in the order of the images. A fact that the
        header does not state is blank: neither conforming nor departing.
    """
    return [
        {key: image[key] for key in IMAGE_KEYS}
        | {
            "item": name,
            "found": shown(image[name]),
            "expected": expected(name, item),
            "conforms": conforms(image[name], item),
        }
        for image in acquisition.to_dict("records")
        for name, item in protocol.get(image["image"], {}).items()
    ]


def summary(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Images that conform, depart or are blank, per site and item.

    Parameters
    ----------
    rows : DataFrame
        Table kind "protocol".

    Returns
    -------
    list of dict
        Rows of table kind "protocol_summary", items in the order of `rows`.
    """
    order = {item: place for place, item in enumerate(rows["item"].unique())}
    keys = ["image", "item", "expected", "site"]
    found = []
    for names, part in rows.groupby(keys, sort=True):
        counts = part["conforms"].value_counts()
        found.append(
            dict(zip(keys, names, strict=True))
            | {
                "n": len(part),
                "n_conforming": int(counts.get(CONFORMS, 0)),
                "n_departing": int(counts.get(DEPARTS, 0)),
                "n_blank": int(counts.get(BLANK, 0)),
                "departing": "; ".join(_departing(part)) or None,
            }
        )
    return sorted(found, key=lambda r: (r["image"], order[r["item"]], r["site"]))


def conforms(value: Any, item: ProtocolItem) -> str:
    """``yes``, ``no``, or ``blank`` for a value that is missing."""
    if pd.isna(value):
        return BLANK
    if item.allowed is not None:
        return CONFORMS if any(_equal(value, one) for one in item.allowed) else DEPARTS
    low, high = item.lowest, item.highest
    slack = SAME_SHARE * abs(value)
    above = low is None or value >= low - slack
    below = high is None or value <= high + slack
    return CONFORMS if above and below else DEPARTS


def expected(name: str, item: ProtocolItem) -> str:
    """An item of the protocol in words, as 1 to 3 mm."""
    unit = ACQUISITION[name].unit
    unit = f" {unit}" if unit not in ("", "1") else ""
    if item.allowed is not None:
        return " or ".join(map(shown, item.allowed)) + unit
    low, high = item.lowest, item.highest
    if low is None:
        return f"at most {high:g}{unit}"
    return (f"at least {low:g}" if high is None else f"{low:g} to {high:g}") + unit


def shown(value: Any) -> Any:
    """A value as text; None if it is missing."""
    if pd.isna(value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _equal(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, str | bool):
        return str(value).strip().casefold() == str(wanted).strip().casefold()
    return abs(value - wanted) <= SAME_SHARE * abs(wanted)


def _departing(part: pd.DataFrame) -> Iterator[str]:
    """Values that depart with their counts, the commonest first; many as a range."""
    values = part.loc[part["conforms"] == DEPARTS, "found"].astype(str).value_counts()
    number = ACQUISITION[part["item"].iloc[0]].dtype in ("float64", "Int64")
    if number and len(values) > MOST_LISTED:
        low, high = min(values.index, key=float), max(values.index, key=float)
        yield f"{low} to {high} ({values.sum()})"
        return
    ordered = sorted(values.items(), key=lambda v: (-v[1], str(v[0])))
    for value, count in ordered[:MOST_LISTED]:
        yield f"{value} ({count})"
    if len(ordered) > MOST_LISTED:
        yield f"and {len(ordered) - MOST_LISTED} more"

"""Acquisition facts and exclusions of the whole study."""

from typing import Any

import pandas as pd

from ...files import read_json
from ...tables.kinds import KINDS
from ..faults.rows import IMAGE_KEYS, Row
from . import dates


def acquisition_table(
    images: pd.DataFrame, scanned: pd.DataFrame, baseline_session: str
) -> pd.DataFrame:
    """Facts of all images, with the days since the subject's baseline.

    Parameters
    ----------
    images, scanned : DataFrame
        Table kinds "images" and "dates", of the same images.

    Returns
    -------
    DataFrame
        Table kind "acquisition", in the order of `images`.
    """
    facts = [
        acquisition_row({str(key): value for key, value in image.items()})
        for image in images.to_dict("records")
    ]
    table = pd.DataFrame(facts, columns=list(KINDS["acquisition"]))
    days = dates.days_since_baseline(scanned, baseline_session)
    keyed = scanned[[*IMAGE_KEYS]].assign(days_since_baseline=days)
    placed = table[[*IMAGE_KEYS]].merge(keyed, on=[*IMAGE_KEYS], how="left")
    return table.assign(days_since_baseline=placed["days_since_baseline"])


def acquisition_row(image: Row) -> dict[str, Any]:
    """The row of table kind "acquisition" of one row of the images table."""
    facts = read_json(image["sidecar"])
    names = [name for name in KINDS["acquisition"] if name not in IMAGE_KEYS]
    return {key: image[key] for key in IMAGE_KEYS} | {n: facts.get(n) for n in names}


def with_rows(table: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A table with further rows below; what these do not say is missing."""
    if not rows:
        return table
    more = pd.DataFrame(rows).reindex(columns=table.columns).astype("string")
    return pd.concat([table, more], ignore_index=True) if len(table) else more


def sorted_by(table: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Rows in the order of their keys, whatever the order of the chunks."""
    return table.sort_values([*keys], kind="stable", na_position="first")

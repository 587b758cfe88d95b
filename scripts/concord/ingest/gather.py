"""Acquisition facts and exclusions of the whole study."""

from typing import Any

import pandas as pd

from ..files import read_json
from ..table_kinds import KINDS
from .rows import IMAGE_KEYS, Row


def acquisition_row(image: Row) -> dict[str, Any]:
    """The row of table kind "acquisition" of one row of the images table."""
    facts = read_json(image["sidecar"])
    names = [name for name in KINDS["acquisition"] if name not in IMAGE_KEYS]
    return {key: image[key] for key in IMAGE_KEYS} | {n: facts.get(n) for n in names}


def sorted_by(table: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Rows in the order of their keys, whatever the order of the chunks."""
    return table.sort_values([*keys], kind="stable", na_position="first")

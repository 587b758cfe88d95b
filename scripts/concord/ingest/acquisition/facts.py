"""Facts of images that may name a batch or a group."""

from pathlib import Path

import pandas as pd

from ... import tables

_IMAGE = ["subject_id", "site", "session", "image"]


def read_facts(path: str | Path) -> pd.DataFrame:
    """Facts of each image that may name a batch or a group, one column each.

    A study of images has them in its table of kind "acquisition", a study that
    starts from features in one of kind "batch_facts".
    """
    with Path(path).open(encoding="utf-8") as file:
        of_table = "variable" in file.readline().rstrip("\n").split("\t")
    if not of_table:
        return tables.read(path, "acquisition")
    return one_column_each(tables.read(path, "batch_facts"))


def one_column_each(batches: pd.DataFrame) -> pd.DataFrame:
    """A table of kind "batch_facts", one row per image and one column per variable."""
    facts = batches.astype(object).set_index([*_IMAGE, "variable"])["value"]
    return facts.unstack("variable").rename_axis(columns=None).reset_index()

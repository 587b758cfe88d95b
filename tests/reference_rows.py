"""Rows of the reference values by their ids, for tests and for their coverage.

Files without a column of ids get one here: the name of the file and what tells its rows
apart.
"""

from pathlib import Path

import pandas as pd

#: Columns that tell rows apart, by file; the first column of any other one.
KEYS = {"cox_reference": ["dataset", "model", "term"]}


def modelling(shared: Path) -> pd.DataFrame:
    """Values of models, metrics, reliability and design, by id."""
    path = shared / "reference" / "modelling" / "reference_values.csv"
    return pd.read_csv(path).set_index("id")


def survival(shared: Path, name: str) -> pd.DataFrame:
    """Values of a file of R's survival package, by id."""
    table = pd.read_csv(shared / "reference" / "survival_r" / f"{name}.csv")
    keys = table[KEYS.get(name, [table.columns[0]])].astype(str)
    return table.set_axis([survival_id(name, *key) for key in keys.to_numpy()])


def survival_id(name: str, *keys: str) -> str:
    """Id of a row of a file of R's survival package."""
    return " | ".join([name, *keys])


def all_ids(shared: Path) -> list[str]:
    """Ids of all rows of all files."""
    files = sorted((shared / "reference" / "survival_r").glob("*.csv"))
    tables = [modelling(shared), *(survival(shared, file.stem) for file in files)]
    return [str(row) for table in tables for row in table.index]

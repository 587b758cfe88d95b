"""Tables: declared columns, the kinds of tables, reading and writing through both.

- `acquisition_columns`: columns of the acquisition table: names of BIDS where it has
  them, else of DICOM
- `columns`: a column of a table: type, unit, range and meaning
- `io`: tables: the only module that reads or writes TSV and Parquet files
- `kinds`: every kind of table of a study: column, type, unit, range and meaning
"""

from .io import (
    Rows,
    check,
    check_features,
    feature_columns,
    read,
    read_all,
    read_all_features,
    read_feature_table,
    read_features,
    read_parquet,
    read_sheet,
    write,
    write_features,
    write_parquet,
)
from .kinds import FEATURE_KEYS, KINDS

__all__ = [
    "FEATURE_KEYS",
    "KINDS",
    "Rows",
    "check",
    "check_features",
    "feature_columns",
    "read",
    "read_all",
    "read_all_features",
    "read_feature_table",
    "read_features",
    "read_parquet",
    "read_sheet",
    "write",
    "write_features",
    "write_parquet",
]

"""Tables: declared columns, the kinds of tables, reading and writing through both."""

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

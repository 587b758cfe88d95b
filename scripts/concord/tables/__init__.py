"""Tables: declared columns, the kinds of tables, reading and writing through both.

- `acquisition_columns`: columns of the acquisition table: names of BIDS where it has
  them, else of DICOM
- `cleaning`: cells of outside tables without what cannot be seen
- `columns`: a column of a table: type, unit, range and meaning
- `formulas`: cells that a spreadsheet would take for a formula, and their harmless form
- `io`: tables: the only module that reads or writes the study's TSV and Parquet files
- `keys`: columns that several kinds of tables share: what a row is about
- `kinds`: every kind of table of a study: column, type, unit, range and meaning
- `outside`: the one reader of tables that people and other programs wrote
- `text_file`: lines of a text table: unpacked, decoded and split into cells
- `unpacked`: sizes that a packed table may unpack to: a small file can claim gigabytes
- `workbook`: sheets of an Excel workbook (.xlsx) as text: a ZIP archive of XML files
- `yaml_text`: settings that others wrote, as YAML or JSON: read as data, within limits
- `declared/`: declarations of the kinds of tables, those of a stage in a module of
  their own
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
    read_tsv,
    write,
    write_features,
    write_parquet,
    write_tsv,
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
    "read_tsv",
    "write",
    "write_features",
    "write_parquet",
    "write_tsv",
]

"""Tables: declared columns, the kinds of tables, reading and writing through both.

- `acquisition_columns`: columns of the acquisition table: names of BIDS where it has
  them, else of DICOM
- `cleaning`: cells of outside tables without what cannot be seen
- `columns`: a column of a table: type, unit, range and meaning
- `formulas`: cells that a spreadsheet would take for a formula, and their harmless form
- `io`: tables: the only module that reads or writes the study's TSV and Parquet files
- `keys`: columns that several kinds of tables share: what a row is about
- `kinds`: every kind of table of a study: column, type, unit, range and meaning
- `kinds_agreement`: kinds of tables of the agreement of readers
- `kinds_competing`: kinds of tables of competing risks
- `kinds_features`: kinds of tables of features and their stability
- `kinds_fusion`: kinds of tables of late fusion
- `kinds_guards`: kinds of tables of guards: is there enough to learn from, and is it
  new
- `kinds_harmonization`: kinds of tables of batch effects and what else groups differ in
- `kinds_ingest`: kinds of tables of the ingest, and of the truth of a simulated study
- `kinds_models`: kinds of tables of folds, models and their evaluation
- `kinds_run`: kinds of tables about the run itself
- `kinds_treatment`: kinds of tables of predictive endpoints: treatment by marker
- `kinds_tuning`: kinds of tables of tuning
- `kinds_validation`: kinds of tables of internal validation: groups pooled, and
  bootstrap samples
- `outside`: the one reader of tables that people and other programs wrote
- `text_file`: lines of a text table: unpacked, decoded and split into cells
- `unpacked`: sizes that a packed table may unpack to: a small file can claim gigabytes
- `workbook`: sheets of an Excel workbook (.xlsx) as text: a ZIP archive of XML files
- `yaml_text`: settings that others wrote, as YAML or JSON: read as data, within limits
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

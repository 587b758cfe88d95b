"""Clinical table of a draft: CSV, TSV or Excel, read as text."""

from pathlib import Path

from ..errors import StudyError
from ..tables.outside import read_outside
from .cells import Column, column


def read_columns(path: Path, sheet: str | None = None) -> dict[str, Column]:
    """Columns of a clinical table by their names, in the order of the file.

    Parameters
    ----------
    path : Path
        CSV, TSV (both also as .gz; separator and encoding are recognized) or .xlsx.
    sheet : str, optional
        Sheet of a workbook; the first one if None.

    Raises
    ------
    StudyError
        If the file cannot be read as a table, or if its columns have no own names.
    """
    table = read_outside(path, sheet=sheet, is_reviewed=True)
    if not table.rows:
        raise StudyError(
            f"{path.name} has 1 lines, expected a line of column names and one line "
            "per subject."
        )
    return {
        name: column(name, [row[place] for row in table.rows])
        for place, name in enumerate(table.columns)
    }

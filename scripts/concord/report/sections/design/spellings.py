"""Labels that are spelt in several ways, or look alike."""

from ... import numbers as n
from ...blocks import Table, table
from ...results import Results


def spelling_table(results: Results) -> Table | None:
    """Spellings with a note; None if there is none."""
    rows = results["labels"]
    rows = rows[rows["note"].notna()]
    if rows.empty:
        return None
    columns = ["column", "label", "spelling", "n", "note"]
    return table(
        "Labels that are spelt in several ways",
        ["Column", "Label", "Spelling", "Subjects", "Note"],
        rows[columns].fillna(n.NONE).astype(str).to_numpy().tolist(),
        "Values that differ only in case, blanks, Unicode form or as 1 and 1.0 are one "
        "label. Values that differ in zeros or in a blank between digits are kept "
        "apart: make them equal in the sheet if they mean the same.",
    )

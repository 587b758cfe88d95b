"""Batch variables that come with a table of features or with the subjects sheet."""

from collections.abc import Mapping

import pandas as pd

from ..batch_labels import key
from ..errors import quoted
from .cells import text_of
from .checks import raise_table_faults
from .importing import subject_ids
from .settings import ImportFeatures

#: What one value of a batch variable belongs to.
IMAGE = ["subject_id", "session", "image"]


def batch_facts(
    table: pd.DataFrame,
    keys: pd.DataFrame,
    subjects: pd.DataFrame,
    site_of: Mapping[str, str],
    settings: ImportFeatures,
    source: str,
) -> pd.DataFrame:
    """The batch variables of each image, a table of kind "batch_facts".

    A variable is a column of the table or, if the table has no such column, of the
    subjects sheet; then it holds for the baseline session of every image.

    Parameters
    ----------
    table, keys : DataFrame
        The table of features, and the keys of its rows.
    subjects : DataFrame
        The subjects sheet.
    site_of : mapping
        Site of each subject of the study.
    settings : ImportFeatures
        Settings of the rule.
    source : str
        Name of the file, for messages.

    Raises
    ------
    ConfigError
        If a column is in neither of them, or one image has several values.
    """
    parts: list[pd.DataFrame] = []
    faults: list[str] = []
    for variable in settings.table.batch_columns:
        if variable in table:
            facts = keys[IMAGE].assign(value=text_of(table[variable]))
            repeated = facts[IMAGE].assign(spelt=facts["value"].map(key)).duplicated()
            facts = facts[~repeated]
            faults += _contradictions(facts, variable)
        elif variable in subjects:
            facts = _of_subjects(subjects, variable, settings)
        else:
            facts = pd.DataFrame(columns=[*IMAGE, "value"])
            faults.append(
                f"feature_table.batch_columns: the column {variable!r} is neither in "
                "this table nor in the subjects sheet"
            )
        parts.append(facts.assign(variable=variable))
    raise_table_faults(faults, source)
    if not parts:
        return pd.DataFrame()
    rows = pd.concat(parts)
    rows = rows.assign(site=rows["subject_id"].map(dict(site_of)))
    rows = rows[rows["site"].notna()]
    rows = rows.assign(value=rows["value"].where(rows["value"] != "", None))
    return rows.sort_values([*IMAGE, "variable"], ignore_index=True)


def _contradictions(facts: pd.DataFrame, variable: str) -> list[str]:
    """Images of which the rows of the table state different values."""
    faults = []
    for image, rows in facts[facts.duplicated(IMAGE, keep=False)].groupby(IMAGE):
        name, found = ", ".join(map(str, image)), sorted(rows["value"])
        told = ", ".join(map(quoted, found))
        faults.append(f"column {variable!r} of {name} holds [{told}]")
    return faults


def _of_subjects(
    subjects: pd.DataFrame, variable: str, settings: ImportFeatures
) -> pd.DataFrame:
    """A column of the subjects sheet for every image of the study."""
    facts = pd.DataFrame(
        {
            "subject_id": subject_ids(
                subjects, settings.sheet.subject_id_column, settings
            ),
            "session": settings.baseline_session,
            "value": text_of(subjects[variable]),
        }
    )
    parts = [facts.assign(image=image) for image in settings.images]
    return pd.concat(parts)[[*IMAGE, "value"]]

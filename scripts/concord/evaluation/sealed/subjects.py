"""Rows of sealed subjects, labelled as the cohort of development is."""

from collections.abc import Collection

import pandas as pd

from ...errors import StudyError
from ...folds import cohort as cohorts
from ...folds import copies
from ...folds.batch_column import PREFIX as BATCH
from ...folds.settings import AssembleCohort
from ...folds.splitting import SubjectRows

#: Columns whose labels are spelt as the commonest spelling of some rows.
_LABELLED = ("site", "group")
_PREFIXES = (BATCH, "factor.")


def sealed_rows(
    sheet: pd.DataFrame,
    acquisition: pd.DataFrame,
    development: pd.DataFrame,
    features: pd.DataFrame,
    settings: AssembleCohort,
) -> SubjectRows:
    """Cohort and features of the sealed subjects.

    Parameters
    ----------
    sheet, acquisition : DataFrame
        As for `cohort.assemble`.
    development : DataFrame
        The cohort that the models were fitted to, as rule assemble_cohort wrote it.
    features : DataFrame
        The feature matrix of all subjects.
    settings : AssembleCohort
        Those of rule assemble_cohort, with the sealed subjects.

    Raises
    ------
    StudyError
        If the cohort is not that of these settings, or a sealed subject is a copy of
        one of development.
    """
    opened = settings.model_copy(update={"sealed": {}})
    every, _ = cohorts.assemble(sheet, acquisition, opened)
    known = every[~every["subject_id"].isin(settings.sealed)]
    if known["subject_id"].tolist() != development["subject_id"].tolist():
        raise StudyError(
            f"the cohort holds {len(development)} subjects, and the sheet "
            f"{len(known)} that are not sealed; expected the same ones. Run "
            "`snakemake` first, so that the models are those of this sheet."
        )
    _require_no_copies(features, every, settings.sealed)
    rows = every[every["subject_id"].isin(settings.sealed)].reset_index(drop=True)
    spelt = _spelt(rows, known, development)
    mine = features[features["subject_id"].isin(settings.sealed)]
    return SubjectRows(spelt, mine.reset_index(drop=True))


def _require_no_copies(
    features: pd.DataFrame, cohort: pd.DataFrame, sealed: Collection[str]
) -> None:
    """Raise StudyError if a sealed subject is a copy of another one.

    It looks at features alone. Development subjects were compared with each other
    before, so they count as one cluster here.
    """
    cluster = cohort["cluster"].where(cohort["subject_id"].isin(sealed), "")
    copies.require_no_copies(features, cohort.assign(cluster=cluster))


def _spelt(
    rows: pd.DataFrame, known: pd.DataFrame, development: pd.DataFrame
) -> pd.DataFrame:
    """Rows with the labels that the cohort of development has for the same values.

    A label is the commonest spelling of its rows, and more rows may have another one.
    """
    names = [
        name
        for name in development.columns
        if name in _LABELLED or str(name).startswith(_PREFIXES)
    ]
    told = {
        name: dict(zip(known[name], development[name].to_numpy(), strict=True))
        for name in names
    }
    return rows.assign(
        **{
            name: [labels.get(label, label) for label in rows[name]]
            for name, labels in told.items()
        }
    )

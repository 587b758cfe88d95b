"""Inner folds: a development set split again, like the outer folds."""

import pandas as pd

from ...errors import FitError
from ...folds import cohort as cohorts
from ...folds import splits
from ...folds.scheme import CV, Scheme
from ...folds.splitting import Split, SubjectRows
from ...folds.splitting import splits as splits_of_rows
from ...folds.validation import SplittingSection
from ..settings.specification import ModelSpecification


def inner_splits(
    rows: SubjectRows, specification: ModelSpecification, n_folds: int
) -> list[Split]:
    """Folds of the development rows, stratified and grouped like the outer ones.

    Whatever is kept from evaluation in an outer fold is kept from it in an inner one:
    clusters stay together, and scans of a phantom that are of evaluation subjects are
    left out.

    Raises
    ------
    FitError
        If there are fewer clusters than folds.
    """
    cohort = rows.cohort
    n_clusters = cohort["cluster"].nunique()
    if n_clusters < n_folds:
        raise FitError(
            f"{n_clusters} clusters of development subjects cannot be split into "
            f"{n_folds} inner folds. Use fewer tuning.folds, or fewer outer folds."
        )
    by_outcome = specification.stratify_by == "outcome"
    endpoint = specification.endpoint if by_outcome else None
    event = cohorts.events(cohort, endpoint)
    validation = SplittingSection(folds=n_folds, repeats=1, leave_one_group_out=False)
    table = splits.make(cohort, event, validation, specification.seed)
    return list(splits_of_rows(rows, table, str(Scheme(CV))))


def of_subjects(rows: SubjectRows, subjects: pd.Index) -> SubjectRows:
    """Rows of some subjects, with the scans that were there."""
    chosen = rows.cohort["subject_id"].isin(subjects)
    return SubjectRows(
        rows.cohort[chosen].reset_index(drop=True), rows.features, rows.phantom
    )

"""Folds that are made anew for permuted outcomes, where they depend on the outcome."""

from collections.abc import Callable

import pandas as pd

from ...folds import cohort as cohorts
from ...folds import splits
from ...folds.validation import SplittingSection

#: Folds of the first repeat, for permuted events of some subjects by their ids.
Remake = Callable[[pd.Series], pd.DataFrame]


def remaking(
    cohort: pd.DataFrame, endpoint: str, validation: SplittingSection, seed: int
) -> Remake | None:
    """Function that makes the first repeat of the folds for permuted events.

    None if folds are stratified by group: then they know no outcome, and a permutation
    changes nothing about them. Subjects whose events are not permuted keep their own.

    Parameters
    ----------
    cohort : DataFrame
        Cohort of the study.
    endpoint : str
        Endpoint whose outcome the folds spread evenly.
    validation : SplittingSection
        As the folds of the study were made.
    seed : int
        Seed of the study.
    """
    if validation.stratify_by != "outcome":
        return None
    others = dict.fromkeys(("temporal", "fixed"))
    changes = {"repeats": 1, "leave_one_group_out": False, **others}
    first = validation.model_copy(update=changes)
    observed = cohorts.outcome(cohort, endpoint)["event"]

    def made(events: pd.Series) -> pd.DataFrame:
        event = observed.copy()
        event[events.index] = events
        return splits.make(cohort, event, first, seed)

    return made

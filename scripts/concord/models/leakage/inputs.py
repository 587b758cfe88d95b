"""Inputs of a fit, and the kinds of rows and columns in them that must be perturbed."""

from collections.abc import Iterable

import pandas as pd

from ...errors import StudyError
from ...folds.splitting import SubjectRows
from ...variant_names import parsed

OUTCOMES = "outcomes"
CLINICAL = "covariates and factors"
BATCHES = "sites, groups and batches"
BASELINE = "baseline features"
SESSIONS = "features of other sessions"
READERS = "features by other readers"
VARIANTS = "features of variants"
PHANTOM = "scans of phantoms or travelling subjects"

#: Kinds of rows and columns of each input that folds are split from, by its name in the
#: workflow (`FOLD_TABLES`). What names a subject and his cluster is given, like the
#: folds themselves. So is what a study declares of its splits, ``split.<scheme>``: it
#: decides who is where, like the folds, and is taken out of the rows of each side
#: before anything is fitted to them.
KINDS = {
    "cohort": (OUTCOMES, CLINICAL, BATCHES),
    "features": (BASELINE, SESSIONS, READERS),
    "variants": (VARIANTS,),
    "phantom": (PHANTOM,),
}
#: Kinds of columns of a cohort, by the beginning of their names.
COLUMNS = {
    "event.": OUTCOMES,
    "cause.": OUTCOMES,
    "time_days.": OUTCOMES,
    "censored_before.": OUTCOMES,
    "follow_up_days.": OUTCOMES,
    "stratum.": OUTCOMES,
    "covariate.": CLINICAL,
    "factor.": CLINICAL,
    "treatment.": CLINICAL,
    "site": BATCHES,
    "group": BATCHES,
    "batch.": BATCHES,
}
#: Inputs of the leakage test that folds are not split from.
GIVEN = frozenset({"folds", "fits", "samples", "resampled"})


def require_perturbed(inputs: Iterable[str], perturbed: Iterable[str]) -> None:
    """Raise StudyError for an input with a kind of rows that nothing perturbs.

    Parameters
    ----------
    inputs : iterable of str
        Names of the inputs that folds are split from, as the workflow declares them.
    perturbed : iterable of str
        Kinds that some perturbation changes.
    """
    known = set(perturbed)
    for name in inputs:
        lacking = sorted(set(KINDS.get(name, (f"all of {name}",))) - known)
        if lacking:
            raise StudyError(
                f"leakage test: the input {name!r} of the fits holds {lacking}, which "
                "no perturbation changes, so that a leak through it would pass. Add "
                "one to scripts/concord/models/leakage/perturbations.py, and its kinds "
                "to inputs.py."
            )


def kinds_of(study: SubjectRows, session: str, reader: str) -> frozenset[str]:
    """Kinds of rows and columns that a study has.

    Parameters
    ----------
    study : SubjectRows
        Rows of all subjects.
    session, reader : str
        Baseline session and reference reader.
    """
    found = {kind_of_column(str(name)) for name in study.cohort}
    keys = study.features[["session", "reader"]].drop_duplicates()
    for own, by in keys.to_numpy().tolist():
        found.add(_kind_of_rows(own, by, session, reader))
    found |= {PHANTOM} if study.phantom is not None else set()
    return frozenset(found - {""})


def kind_of_column(name: str) -> str:
    """Kind of a column of a cohort; empty for what names subject and cluster."""
    return next((kind for start, kind in COLUMNS.items() if name.startswith(start)), "")


def columns_of(cohort: pd.DataFrame, kind: str) -> list[str]:
    """Columns of a cohort that are of a kind, in order."""
    return [name for name in map(str, cohort) if kind_of_column(name) == kind]


def _kind_of_rows(found: str, by: str, session: str, reader: str) -> str:
    """Kind of the rows of a session (or variant of one) and reader."""
    if parsed(found)[1]:
        return VARIANTS
    if by != reader:
        return READERS
    return BASELINE if found == session else SESSIONS

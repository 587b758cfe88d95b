"""Development and evaluation sets: one table that every model of a study reads."""

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from ..errors import ConfigError
from .scheme import CV, LOSO, Scheme
from .settings import SplittingSection


def make(
    cohort: pd.DataFrame, outcome: pd.Series, validation: SplittingSection, seed: int
) -> pd.DataFrame:
    """Folds of a study as a table of kind "folds".

    Parameters
    ----------
    cohort : DataFrame
        One row per subject with `subject_id` and `group`.
    outcome : Series of float
        0/1 per row of the cohort; subjects without an outcome (NaN) are placed
        as a class of their own.
    validation : SplittingSection
        Numbers of folds and repeats, and whether each group is left out once.
    seed : int
        Seed of the study.
    """
    subjects = cohort["subject_id"].to_numpy(dtype=object)
    groups = cohort["group"].to_numpy(dtype=object)
    labels = np.where(np.isfinite(outcome), np.asarray(outcome, float), -1.0)
    strata = list(zip(labels.tolist(), groups.tolist(), strict=True))
    tables = [
        _table(CV.name, repeat, subjects, fold)
        for repeat in range(1, validation.repeats + 1)
        for fold in [stratified(strata, validation.folds, [seed, repeat])]
    ]
    if validation.leave_one_group_out:
        if len(set(groups)) < 2:
            raise ConfigError(
                f"validation.leave_one_group_out: all {len(groups)} subjects belong to "
                f"group {groups[0]!r}; at least two groups are needed."
            )
        tables.append(_table(LOSO.name, 1, subjects, groups))
    return pd.concat(tables, ignore_index=True)


def stratified(
    strata: Sequence[Hashable], n_folds: int, seed: int | Sequence[int]
) -> np.ndarray:
    """Fold number (from 1) of each row; every stratum is spread evenly.

    Rows are shuffled within strata and dealt round the folds, one stratum after
    the other in sorted order. A stratum differs by at most one row between
    folds, and so does every run of neighbouring strata: with (outcome, group)
    as stratum, groups too small to fill the folds share them out together.
    """
    if not 2 <= n_folds <= len(strata):
        raise ConfigError(
            f"validation.folds is {n_folds}, expected 2 to the number of subjects "
            f"({len(strata)})."
        )
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(len(strata)).tolist()
    order = sorted(shuffled, key=lambda row: strata[row])
    fold = np.empty(len(strata), dtype=int)
    fold[order] = np.arange(len(strata)) % n_folds
    return np.asarray(generator.permutation(n_folds)[fold] + 1)


def select(folds: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Rows of one scheme; ConfigError if there are none."""
    of_kind = folds["scheme"] == scheme.kind.name
    chosen = folds[of_kind & (folds["repeat"] == scheme.repeat)]
    if chosen.empty:
        raise ConfigError(
            f"scheme {str(scheme)!r} has no folds; the table has the schemes "
            f"{sorted(set(folds['scheme']))}, up to repeat {folds['repeat'].max()}."
        )
    return chosen


def splits(chosen: pd.DataFrame) -> list[tuple[str, list[str], list[str]]]:
    """(fold, development subjects, evaluation subjects) of one scheme, sorted."""
    found = []
    for fold, rows in chosen.groupby("fold", sort=False):
        roles = {
            role: sorted(rows.loc[rows["role"] == role, "subject_id"])
            for role in ("development", "evaluation")
        }
        found.append((str(fold), roles["development"], roles["evaluation"]))
    return found


def _table(
    scheme: str, repeat: int, subjects: np.ndarray, fold: np.ndarray
) -> pd.DataFrame:
    """One row per subject and fold, sorted by fold and subject."""
    tables = []
    for name in sorted(set(fold.tolist())):
        role = np.where(fold == name, "evaluation", "development")
        columns = {"fold": str(name), "subject_id": subjects, "role": role}
        tables.append(pd.DataFrame(columns).sort_values("subject_id"))
    table = pd.concat(tables, ignore_index=True)
    return table.assign(scheme=scheme, repeat=repeat)

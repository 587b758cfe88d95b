"""Perturbations: input tables of a study with changed rows of some subjects."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from ... import tables
from ...folds.batch_column import BatchColumn
from ...folds.splitting import SubjectRows
from ..settings import Arm

#: Spread of the noise that replaces features, in units of the feature itself.
NOISE = 1e6

Perturbation = Callable[[SubjectRows, Sequence[str], np.random.Generator], SubjectRows]


def features_permuted(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """Rows of features change places among the evaluation subjects."""

    def permuted(values: np.ndarray) -> np.ndarray:
        return values[generator.permutation(len(values))]

    return _with_features(study, subjects, permuted)


def noise(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """Features become a million times noise."""
    return _with_features(
        study, subjects, lambda values: NOISE * generator.standard_normal(values.shape)
    )


def missing(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """Features become missing."""
    return _with_features(study, subjects, lambda values: np.full_like(values, np.nan))


def outcome_flipped(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """Events become no events and the reverse; times are drawn anew."""
    cohort = study.cohort.copy()
    rows = cohort["subject_id"].isin(subjects)
    for name in cohort.columns:
        if name.startswith("event."):
            cohort.loc[rows, name] = 1.0 - cohort.loc[rows, name]
        if name.startswith("time_days."):
            known = rows & cohort[name].notna()
            drawn = generator.uniform(0.01, 100.0, int(known.sum()))
            cohort.loc[known, name] = drawn * cohort.loc[known, name]
    return SubjectRows(cohort, study.features)


def batches_permuted(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """Site, group and batches are those of subjects drawn from the whole study."""
    cohort, features = study.cohort.copy(), study.features.copy()
    names = ["site", "group", *(n for n in map(str, cohort) if BatchColumn.names(n))]
    rows = cohort["subject_id"].isin(subjects)
    drawn = generator.integers(len(cohort), size=int(rows.sum()))
    cohort.loc[rows, names] = study.cohort[names].to_numpy()[drawn]
    sites = cohort.set_index("subject_id")["site"]
    features["site"] = features["subject_id"].map(sites).fillna(features["site"])
    return SubjectRows(cohort, features)


def removed(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """The evaluation subjects are not in the tables."""
    cohort, features = (
        table[~table["subject_id"].isin(subjects)].reset_index(drop=True)
        for table in (study.cohort, study.features)
    )
    return SubjectRows(cohort, features)


#: Every perturbation by the name that the table of kind "leakage" gives it.
PERTURBATIONS: dict[str, Perturbation] = {
    "features permuted": features_permuted,
    "noise x 1e6": noise,
    "features missing": missing,
    "outcome flipped": outcome_flipped,
    "batches permuted": batches_permuted,
    "rows removed": removed,
}


def without_effect(arm: Arm) -> frozenset[str]:
    """Perturbations of what an arm does not use: no fit of it can notice them."""
    uses_batches = arm.harmonizes or arm.group_indicator
    return frozenset() if uses_batches else frozenset({"batches permuted"})


def _with_features(
    study: SubjectRows,
    subjects: Sequence[str],
    change: Callable[[np.ndarray], np.ndarray],
) -> SubjectRows:
    """New values for all measurements of some subjects."""
    names = tables.feature_columns(study.features)
    rows = study.features["subject_id"].isin(subjects).to_numpy()
    values = study.features[names].to_numpy(dtype=float, copy=True)
    values[rows] = change(values[rows])
    keys = study.features.drop(columns=names)
    perturbed = pd.DataFrame(values, index=keys.index, columns=names)
    return SubjectRows(study.cohort, pd.concat([keys, perturbed], axis=1))

"""Perturbations: input tables of a study with changed rows of some subjects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ... import tables
from ...folds import phantom_table
from ...folds.splitting import SubjectRows
from ..settings.arm import Arm
from .inputs import (
    BASELINE,
    BATCHES,
    CLINICAL,
    OUTCOMES,
    PHANTOM,
    READERS,
    SESSIONS,
    VARIANTS,
    columns_of,
)

#: Spread of the noise that replaces features, in units of the feature itself.
NOISE = 1e6

Change = Callable[[SubjectRows, Sequence[str], np.random.Generator], SubjectRows]
_FEATURES = frozenset({BASELINE, SESSIONS, READERS, VARIANTS})


@dataclass(frozen=True)
class Perturbation:
    """A change of the rows of some subjects, and the kinds of `inputs` it changes."""

    change: Change
    kinds: frozenset[str]


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
    """Events and causes become others; times and strata are drawn anew."""
    cohort = study.cohort.copy()
    rows = cohort["subject_id"].isin(subjects)
    for name in cohort.columns:
        if name.startswith(("event.", "censored_before.")):
            cohort.loc[rows, name] = 1.0 - cohort.loc[rows, name]
        if name.startswith("cause."):
            cohort.loc[rows, name] = (cohort[name] + 1) % (cohort[name].max() + 1)
        if name.startswith("stratum."):
            taken = generator.integers(len(cohort), size=int(rows.sum()))
            cohort.loc[rows, name] = cohort[name].to_numpy()[taken]
        if name.startswith(("time_days.", "follow_up_days.")):
            known = rows & cohort[name].notna()
            drawn = generator.uniform(0.01, 100.0, int(known.sum()))
            cohort.loc[known, name] = drawn * cohort.loc[known, name]
    return replace(study, cohort=cohort)


def clinical_changed(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """Numbers become a thousand times noise, 0 and 1 change places, texts are drawn."""
    cohort = study.cohort.copy()
    rows = cohort["subject_id"].isin(subjects)
    for name in columns_of(cohort, CLINICAL):
        values = cohort[name]
        if not pd.api.types.is_numeric_dtype(values):
            drawn = generator.integers(len(cohort), size=int(rows.sum()))
            cohort.loc[rows, name] = values.to_numpy()[drawn]
        elif values.dropna().isin([0, 1]).all():
            cohort.loc[rows, name] = 1.0 - values[rows]
        else:
            noise = 1e3 * generator.standard_normal(int(rows.sum()))
            cohort.loc[rows, name] = noise
    return replace(study, cohort=cohort)


def batches_permuted(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """Site, group and batches are those of subjects drawn from the whole study."""
    cohort, features = study.cohort.copy(), study.features.copy()
    names = columns_of(cohort, BATCHES)
    rows = cohort["subject_id"].isin(subjects)
    drawn = generator.integers(len(cohort), size=int(rows.sum()))
    cohort.loc[rows, names] = study.cohort[names].to_numpy()[drawn]
    sites = cohort.set_index("subject_id")["site"]
    features["site"] = features["subject_id"].map(sites).fillna(features["site"])
    return replace(study, cohort=cohort, features=features)


def phantom_changed(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """Features of the scans of subjects become noise; their labels change places."""
    if study.phantom is None:
        return study
    scans = study.phantom.copy()
    mine = phantom_table.belonging(scans, subjects, study.cohort)
    order = generator.permutation(int(mine.sum()))
    for name in scans.columns:
        if pd.api.types.is_float_dtype(scans[name]):
            scans.loc[mine, name] = NOISE * generator.standard_normal(len(order))
        elif name != phantom_table.SUBJECT:
            scans.loc[mine, name] = scans.loc[mine, name].to_numpy()[order]
    return replace(study, phantom=scans)


def removed(
    study: SubjectRows, subjects: Sequence[str], generator: np.random.Generator
) -> SubjectRows:
    """The subjects are not in the tables, nor are their scans in that of a phantom."""
    cohort, features = (
        table[~table["subject_id"].isin(subjects)].reset_index(drop=True)
        for table in (study.cohort, study.features)
    )
    scans = study.phantom
    if scans is not None:
        scans = phantom_table.without(scans, subjects, study.cohort)
    return SubjectRows(cohort, features, scans)


#: Every perturbation by the name that the table of kind "leakage" gives it.
PERTURBATIONS: dict[str, Perturbation] = {
    "features permuted": Perturbation(features_permuted, _FEATURES),
    "noise x 1e6": Perturbation(noise, _FEATURES),
    "features missing": Perturbation(missing, _FEATURES),
    "outcome flipped": Perturbation(outcome_flipped, frozenset({OUTCOMES})),
    "covariates changed": Perturbation(clinical_changed, frozenset({CLINICAL})),
    "batches permuted": Perturbation(batches_permuted, frozenset({BATCHES})),
    "phantom changed": Perturbation(phantom_changed, frozenset({PHANTOM})),
    "rows removed": Perturbation(
        removed, _FEATURES | {OUTCOMES, CLINICAL, BATCHES, PHANTOM}
    ),
}
#: Kinds that some perturbation changes where they stand, besides removing them.
PERTURBED = frozenset().union(
    *(one.kinds for name, one in PERTURBATIONS.items() if name != "rows removed")
)


def without_effect(arm: Arm, keep: Sequence[str] = ()) -> frozenset[str]:
    """Perturbations of what an arm does not use: no fit of it can notice them.

    `keep` names the covariates whose effect harmonization preserves. A published score
    learns the medians that fill its gaps alone: no outcome moves them, nor does another
    order of the same values.
    """
    fitted = not arm.model.is_given
    uses = {
        "outcome flipped": fitted,
        "features permuted": fitted or arm.harmonizes,
        "batches permuted": arm.harmonizes or arm.group_indicator,
        "covariates changed": arm.covariates or (arm.harmonizes and keep),
        "phantom changed": arm.harmonizes,
    }
    return frozenset(name for name, used in uses.items() if not used)


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
    return replace(study, features=pd.concat([keys, perturbed], axis=1))

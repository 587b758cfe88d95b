"""Leakage test: perturbed evaluation rows must not change what is learnt."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from ... import provenance
from ...errors import StudyError
from ...folds.declared_splits import DEVELOPMENT
from ...folds.scheme import require_split
from ...folds.splitting import FoldName, Split, SubjectRows, splits
from ...folds.subject_table import feature_names
from ..arm import ArmData, arm_data, repeated_measurements
from ..arm_fit import fit_in_fold
from ..chain import Pipeline
from ..pipeline import build, estimates, outcome_blind_and_supervised
from ..settings.specification import ModelSpecification
from ..steps.imputation import MedianImputer
from ..steps.univariate import univariate_strength
from .fused_controls import HashedFit, of_members, weighted_before_the_split
from .inputs import kinds_of
from .perturbations import PERTURBATIONS, Perturbation

#: How the table names the fit of the study, and fits that must be caught.
STUDY_FIT = "study"
FROZEN_FIT = "frozen model"
PREPARED_BEFORE = "control: harmonized before the split"
SELECTED_BEFORE = "control: outcomes learnt from before the split"
WEIGHTED_BEFORE = "control: weights of members learnt before the split"


def leakage_test(
    tables: SubjectRows,
    folds: pd.DataFrame,
    fits: pd.DataFrame,
    specification: ModelSpecification,
    seed: int,
    beside: Mapping[FoldName, Mapping[str, HashedFit]] = MappingProxyType({}),
) -> pd.DataFrame:
    """Perturb what a fold must not learn from, as a table of kind "leakage".

    All subjects of a fold that are not its development are perturbed in the input
    tables; then the fold is split and fitted again by the same code. Whatever was
    learnt must have the hash that stands in `fits`. The folds themselves are given.

    In the first fold of each scheme, fits with a planted leak are perturbed too.
    They must change, otherwise the test has no power.

    Parameters
    ----------
    tables : SubjectRows
        Cohort and feature matrix of the study.
    folds, fits : DataFrame
        Table kinds "folds" and, for this arm, "fits".
    specification : ModelSpecification
        The arm.
    seed : int
        Start of the random perturbations.
    beside : mapping, optional
        By fold, more that is learnt from its development rows and must not change.
    """
    require_split(fits, "fits")
    found, test = hashes(fits), _Test.of(tables, specification, seed)
    rows: list[dict[str, Any]] = []
    for name, fold in each_fold(folds):
        rows += test.rows(name, fold, STUDY_FIT, study_fit, found.get(name, "no fit"))
        for label, more in beside.get(name, {}).items():
            before = test.fit_hash(more, tables, fold)
            rows += test.rows(name, fold, label, more, before)
        if fold.index[0] == folds.index[folds["scheme"] == name.scheme][0]:
            for label, control in controls(specification).items():
                before = test.fit_hash(control, tables, fold)
                rows += test.rows(name, fold, label, control, before)
    return pd.DataFrame(rows)


def each_fold(folds: pd.DataFrame) -> Iterator[tuple[FoldName, pd.DataFrame]]:
    """Every fold of a table of folds, with its rows."""
    keys = ["scheme", "repeat", "fold"]
    for (scheme, repeat, fold), chosen in folds.groupby(keys, sort=False):
        yield FoldName(str(scheme), int(str(repeat)), str(fold)), chosen


def hashes(fits: pd.DataFrame) -> dict[FoldName, str]:
    """Hash of what each fold learnt, or of the reason why it failed."""
    return {
        FoldName(row["scheme"], row["repeat"], row["fold"]): _hash(row)
        for row in fits.to_dict("records")
    }


def study_fit(
    tables: SubjectRows,
    fold: pd.DataFrame,
    specification: ModelSpecification,
) -> str:
    """Hash of what the study's own code learns in one fold."""
    split = split_of(tables, fold)
    return _hash(fit_in_fold(split.name, split.development, specification).fit)


def split_of(tables: SubjectRows, fold: pd.DataFrame) -> Split:
    """Both sides of the one fold that some rows of the table of folds hold."""
    (name, _), *_ = each_fold(fold)
    (split,) = splits(tables, fold, name.part)
    return split


def harmonized_before_the_split(
    tables: SubjectRows,
    fold: pd.DataFrame,
    specification: ModelSpecification,
) -> str:
    """The common mistake: batch effects learnt from all rows, folds afterwards.

    All steps that are blind to the outcome learn from all rows, so that covariates are
    standardized by them too.
    """
    whole = arm_data(tables, specification)
    rows = whole.predictors.loc[whole.scorable()]
    pipeline = _pipeline(whole, rows, specification, tables.phantom)
    steps = outcome_blind_and_supervised(pipeline)[0].steps
    prepared = Pipeline(steps).fit(rows).transform(rows)
    rest = Pipeline(pipeline.steps[len(steps) :])
    return _hash_of_estimates(rest, whole, prepared, fold, specification)


def selected_before_the_split(
    tables: SubjectRows,
    fold: pd.DataFrame,
    specification: ModelSpecification,
) -> str:
    """Another common mistake: the features chosen by the outcome of all rows.

    Where there is no choice among them, the whole model learns from all rows.
    """
    whole = arm_data(tables, specification)
    rows = whole.predictors.loc[whole.fittable()]
    names = feature_names(rows.columns)
    if len(names) <= specification.arm.max_features:
        return study_fit(tables, fold.assign(role=DEVELOPMENT), specification)
    filled = MedianImputer().fit_transform(rows[names])
    y = specification.outcome.target(whole.outcome.loc[rows.index])
    strength = univariate_strength(filled.to_numpy(), y)
    best = np.argsort(-strength, kind="stable")[: specification.arm.max_features]
    chosen = rows.drop(columns=set(names) - set(filled.columns[best]))
    pipeline = _pipeline(whole, chosen, specification, tables.phantom)
    # Without the stability filter, which might leave none of the chosen ones.
    pipeline = Pipeline([step for step in pipeline.steps if step[0] != "stability"])
    return _hash_of_estimates(pipeline, whole, chosen, fold, specification)


#: Fits with a planted leak, by the name that the table gives them.
CONTROLS: dict[str, HashedFit] = {
    PREPARED_BEFORE: of_members(harmonized_before_the_split),
    SELECTED_BEFORE: of_members(selected_before_the_split),
}
#: Those of fused arms alone.
FUSED_CONTROLS: dict[str, HashedFit] = {WEIGHTED_BEFORE: weighted_before_the_split}


def controls(specification: ModelSpecification) -> dict[str, HashedFit]:
    """Fits with a planted leak that an arm can have."""
    return CONTROLS | (FUSED_CONTROLS if specification.members else {})


@dataclass(frozen=True)
class _Test:
    """Data and settings that all perturbations of an arm have in common."""

    tables: SubjectRows
    specification: ModelSpecification
    seed: int
    perturbations: Mapping[str, Perturbation]
    kinds: frozenset[str]  # of the rows and columns that the study has

    @classmethod
    def of(
        cls, tables: SubjectRows, specification: ModelSpecification, seed: int
    ) -> "_Test":
        """Test by all perturbations that change something in this study."""
        session = specification.baseline_session
        kinds = kinds_of(tables, session, specification.reference_reader)
        chosen = {n: p for n, p in PERTURBATIONS.items() if p.kinds & kinds}
        return cls(tables, specification, seed, chosen, kinds)

    def rows(
        self,
        name: FoldName,
        fold: pd.DataFrame,
        label: str,
        fit: HashedFit,
        before: str,
    ) -> Iterator[dict[str, Any]]:
        """One row per perturbation of one fold."""
        held_out = sorted(fold.loc[fold["role"] != DEVELOPMENT, "subject_id"])
        for perturbation, how in self.perturbations.items():
            start = [
                self.seed,
                *(zlib.crc32(n.encode()) for n in (perturbation, name.stem)),
            ]
            perturbed = how.change(self.tables, held_out, np.random.default_rng(start))
            after = self.fit_hash(fit, perturbed, fold)
            yield {
                "endpoint": self.specification.endpoint,
                "arm": self.specification.name,
                **name._asdict(),
                "fit": label,
                "perturbation": perturbation,
                "perturbed": "; ".join(sorted(how.kinds & self.kinds)),
                "hash_study": before,
                "hash_perturbed": after,
                "unchanged": before == after,
            }

    def fit_hash(self, fit: HashedFit, tables: SubjectRows, fold: pd.DataFrame) -> str:
        """Hash of what is learnt, or of the reason why nothing is."""
        known = fold[fold["subject_id"].isin(tables.cohort["subject_id"])]
        try:
            return fit(tables, known, self.specification)
        except StudyError as error:
            return _failure(str(error))


def _pipeline(
    whole: ArmData,
    rows: pd.DataFrame,
    specification: ModelSpecification,
    phantom: pd.DataFrame | None,
) -> Pipeline:
    stable = repeated_measurements(whole.measurements, specification)
    return build(list(rows.columns), specification, stable, phantom, whole.cluster_of)


def _hash_of_estimates(
    pipeline: Pipeline,
    whole: ArmData,
    rows: pd.DataFrame,
    fold: pd.DataFrame,
    specification: ModelSpecification,
) -> str:
    """Hash of a pipeline fitted to the development rows of a fold."""
    development = set(fold.loc[fold["role"] == "development", "subject_id"])
    known = [name for name in whole.fittable() if name in development]
    y = specification.outcome.target(whole.outcome.loc[known])
    return provenance.digest(estimates(pipeline.fit(rows.loc[known], y)))


def _hash(fit: Mapping[Any, Any]) -> str:
    return fit["estimates_hash"] if fit["status"] == "ok" else _failure(fit["message"])


def _failure(message: str) -> str:
    return f"failed-{provenance.digest(message)}"

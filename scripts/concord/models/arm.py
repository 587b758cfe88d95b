"""Predictors, outcomes and repeated measurements of an arm."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ..errors import ConfigError, FitError
from ..folds import cohort as cohorts
from ..folds import completeness
from ..folds.batch_column import BatchColumn
from ..folds.splitting import SubjectRows
from ..folds.subject_table import images, matching
from ..harmonization.settings import ArmHarmonization
from ..stability.reliability import RepeatedMeasurements
from .settings.specification import ModelSpecification
from .steps.base import Stable

Measure = Callable[[pd.DataFrame, ModelSpecification], Stable | None]


@dataclass(frozen=True)
class ArmData:
    """Everything one arm may learn from, one row per subject.

    `predictors` holds features, `covariate.*`, `batch.*` and `group`; its index
    is the subject. `measurements` is the feature matrix of the same subjects
    with all sessions and readers, for the stability filter. `unscorable` are those
    who have too few of the predictors; `n_missing` counts what each of the others
    lacks.
    """

    predictors: pd.DataFrame
    outcome: pd.DataFrame  # of `cohort.target_of`
    measurements: pd.DataFrame
    unscorable: frozenset[str]
    n_missing: pd.Series  # by subject
    clusters: pd.Series  # by subject

    def only(self, subjects: Iterable[str]) -> "ArmData":
        """The same data as if there were no other subjects."""
        chosen = [name for name in subjects if name in self.predictors.index]
        kept = self.measurements["subject_id"].isin(chosen)
        return replace(
            self,
            predictors=self.predictors.loc[chosen],
            outcome=self.outcome.loc[chosen],
            measurements=self.measurements[kept].reset_index(drop=True),
            unscorable=self.unscorable.intersection(chosen),
            n_missing=self.n_missing.loc[chosen],
            clusters=self.clusters.loc[chosen],
        )

    @property
    def cluster_of(self) -> dict[str, str]:
        """Cluster of each subject."""
        return {str(name): str(one) for name, one in self.clusters.items()}

    def scorable(self) -> list[str]:
        """Subjects that have what the model needs."""
        return [s for s in self.predictors.index if s not in self.unscorable]

    def fittable(self) -> list[str]:
        """Scorable subjects whose outcome is known."""
        known = set(self.outcome.index[self.outcome["event"].notna()])
        return [subject for subject in self.scorable() if subject in known]

    def only_fittable(self) -> "ArmData":
        """Data of the fittable subjects; FitError if there is none."""
        subjects = self.fittable()
        if not subjects:
            raise FitError(
                f"none of {len(self.predictors)} development subjects has a known "
                "outcome and what the arm predicts from. Use fewer folds."
            )
        return self.only(subjects)


def arm_data(rows: SubjectRows, specification: ModelSpecification) -> ArmData:
    """Predictors, outcomes and repeated measurements for one arm.

    A fused arm has those of all its members, and what a subject lacks is counted
    over the members that can use it.
    """
    if specification.members:
        members = sorted(specification.members.items())
        return _of_members([arm_data(rows, member) for _, member in members])
    return _own_data(rows, specification)


def _own_data(rows: SubjectRows, specification: ModelSpecification) -> ArmData:
    """Data of an arm with predictors of its own."""
    cohort = rows.cohort
    matrix = rows.matrix(specification.baseline_session, specification.reference_reader)
    names = matching(list(matrix.columns), specification.arm.features)
    indexed = rows.by_subject
    features = matrix[names].reindex(indexed.index)
    covariates = sorted({*specification.arm.covariates, *specification.kept})
    columns = [
        *cohorts.covariate_columns(cohort, covariates),
        *_batch_columns(cohort, names, specification.harmonization),
        "group",
    ]
    predictors = pd.concat([features, indexed[columns]], axis=1)
    own = cohorts.covariate_columns(cohort, specification.arm.covariates)
    above = specification.arm.drop_missing_above
    unmeasured = completeness.unmeasured(predictors[[*names, *own]], above)
    missing = completeness.missing(predictors, own, unmeasured)
    why = completeness.reasons(predictors, missing, specification.arm.max_missing)
    return ArmData(
        predictors=predictors,
        outcome=cohorts.target_of(cohort, specification.endpoint).sort_index(),
        measurements=rows.features,
        unscorable=frozenset(why.index[why.notna()]),
        n_missing=pd.Series(sum(one.n_missing for one in missing), why.index),
        clusters=indexed["cluster"],
    )


def _of_members(parts: Sequence[ArmData]) -> ArmData:
    """Data of a fused arm: unscorable is who is so for every member."""
    predictors = pd.concat([part.predictors for part in parts], axis=1)
    lacking = [
        part.n_missing.where(~part.n_missing.index.isin(part.unscorable), 0)
        for part in parts
    ]
    return replace(
        parts[0],
        predictors=predictors.loc[:, ~predictors.columns.duplicated()],
        unscorable=frozenset.intersection(*(part.unscorable for part in parts)),
        n_missing=sum(lacking[1:], lacking[0]),
    )


def _batch_columns(
    cohort: pd.DataFrame,
    features: Sequence[str],
    harmonization: ArmHarmonization | None,
) -> list[str]:
    """Batch columns of the arm's images, in the order of removal."""
    if harmonization is None:
        return []
    names = images(features)
    wanted = [
        str(BatchColumn(image, variable))
        for image in names
        for variable in harmonization.variables_of(image)
    ]
    missing = [column for column in wanted if column not in cohort.columns]
    missing += [image for image in names if not harmonization.variables_of(image)]
    if missing:
        raise ConfigError(
            f"the cohort has no batch of {missing}, which harmonization needs. Name it "
            "in harmonization.batch."
        )
    return wanted


def repeated_measurements(
    features: pd.DataFrame, specification: ModelSpecification
) -> Stable | None:
    """Repeated measurements of the subjects in a feature matrix, if needed."""
    stability = specification.stability
    if stability is None:
        return None
    return RepeatedMeasurements(
        features,
        specification.baseline_session,
        specification.reference_reader,
        stability.retest_sessions,
        stability.threshold,
        stability.confidence,
        filter_axes=stability.filter_axes,
        readers=stability.readers,
    )


class MeasuredOnce:
    """Repeated measurements of the subjects of one fold, arranged once for all arms.

    Parameters
    ----------
    measure : callable
        Makes the repeated measurements of the development subjects.
    """

    def __init__(self, measure: Measure = repeated_measurements) -> None:
        self._measure = measure
        self._known: dict[Any, Stable | None] = {}

    def __call__(
        self, features: pd.DataFrame, specification: ModelSpecification
    ) -> Stable | None:
        """As `measure`; rows of the same subjects must be the same rows."""
        stability = specification.stability
        if stability is None:
            return self._measure(features, specification)
        subjects = frozenset(features["subject_id"])
        session = specification.baseline_session
        key = subjects, session, specification.reference_reader, repr(stability)
        if key not in self._known:
            self._known[key] = self._measure(features, specification)
        return self._known[key]

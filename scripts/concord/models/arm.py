"""Predictors and outcomes of an arm, one row per subject."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ..errors import ConfigError
from ..folds import cohort as cohorts
from ..folds.subject_table import feature_matrix, matching, modalities

BINARY, SURVIVAL = "binary", "survival"


@dataclass(frozen=True)
class Plan:
    """What one arm does for one endpoint, as the study's settings say."""

    endpoint: str
    kind: str  # "binary" or "survival"
    arm: str
    options: Mapping[str, Any]  # section arms.<name>
    harmonization: Mapping[str, Any]  # may be empty unless the arm harmonizes
    stability: Mapping[str, Any]  # may be empty unless the arm filters
    baseline_session: str
    reference_reader: str

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any], arm: str) -> "Plan":
        """The plan in a job's settings."""
        return cls(
            endpoint=settings["endpoint"]["name"],
            kind=settings["endpoint"]["kind"],
            arm=arm,
            options=settings["arm"],
            harmonization=settings["harmonization"] or {},
            stability=settings["stability"] or {},
            baseline_session=settings["baseline_session"],
            reference_reader=settings["reference_reader"],
        )

    @property
    def kept(self) -> list[str]:
        """Covariates whose effect harmonization preserves."""
        return list(self.harmonization["keep"]) if self.harmonizes else []

    @property
    def harmonizes(self) -> bool:
        """Whether batch effects are removed from the arm's features."""
        kind, features = self.options["harmonizer"], self.options["features"]
        return kind != "none" and bool(features)

    @property
    def filters(self) -> bool:
        """Whether only stable features are used."""
        return bool(self.options["stability_filter"] and self.options["features"])


@dataclass(frozen=True)
class Study:
    """Everything one arm may learn from, one row per subject.

    `predictors` holds features, `covariate.*`, `batch.*` and `group`; its index
    is the subject. `measurements` is the feature matrix of the same subjects
    with all sessions and readers, for the stability filter.
    """

    predictors: pd.DataFrame
    outcome: pd.DataFrame  # event, time_days
    measurements: pd.DataFrame
    without_features: frozenset[str]

    def only(self, subjects: Iterable[str]) -> "Study":
        """The same study as if it had no other subjects."""
        chosen = [name for name in subjects if name in self.predictors.index]
        kept = self.measurements["subject_id"].isin(chosen)
        return replace(
            self,
            predictors=self.predictors.loc[chosen],
            outcome=self.outcome.loc[chosen],
            measurements=self.measurements[kept].reset_index(drop=True),
            without_features=self.without_features.intersection(chosen),
        )

    def scorable(self) -> list[str]:
        """Subjects that have what the model needs."""
        return [s for s in self.predictors.index if s not in self.without_features]

    def learnable(self) -> list[str]:
        """Scorable subjects whose outcome is known."""
        known = self.outcome["event"].notna()
        return [subject for subject in self.scorable() if known[subject]]


def study(cohort: pd.DataFrame, measurements: pd.DataFrame, plan: Plan) -> Study:
    """Predictors, outcomes and repeated measurements for one arm."""
    matrix = feature_matrix(measurements, plan.baseline_session, plan.reference_reader)
    names = matching(list(matrix.columns), plan.options["features"])
    indexed = cohort.set_index("subject_id").sort_index()
    features = matrix[names].reindex(indexed.index)
    covariates = sorted({*plan.options["covariates"], *plan.kept})
    columns = [
        *cohorts.covariate_columns(cohort, covariates),
        *(_batch_columns(cohort, names, plan) if plan.harmonizes else []),
        "group",
    ]
    empty = features.index[features.isna().all(axis=1) & bool(names)]
    return Study(
        predictors=pd.concat([features, indexed[columns]], axis=1),
        outcome=cohorts.outcome(cohort, plan.endpoint).sort_index(),
        measurements=measurements,
        without_features=frozenset(empty),
    )


def _batch_columns(
    cohort: pd.DataFrame, features: Sequence[str], plan: Plan
) -> list[str]:
    """Batch columns of the arm's modalities, each in the order of removal."""
    wanted = [
        f"batch.{modality}.{variable}"
        for modality in modalities(features)
        for variable in plan.harmonization["batch"].get(modality, [])
    ]
    known = {name.split(".")[1] for name in wanted}
    missing = [name for name in wanted if name not in cohort.columns]
    missing += [modality for modality in modalities(features) if modality not in known]
    if missing:
        raise ConfigError(
            f"the cohort has no batch of {missing}, which harmonization needs. Name it "
            "in harmonization.batch."
        )
    return wanted


def target(outcome: pd.DataFrame, kind: str) -> np.ndarray:
    """Outcomes as the models take them: 0/1, or fields `event`, `time_days`."""
    event = outcome["event"].to_numpy(dtype=float)
    if kind == BINARY:
        return event
    y = np.empty(len(event), dtype=[("event", bool), ("time_days", float)])
    y["event"], y["time_days"] = event == 1, outcome["time_days"]
    return y

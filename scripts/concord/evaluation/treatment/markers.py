"""Markers of a predictive endpoint: covariates, features, and scores of arms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ...folds import cohort as cohorts
from ...folds.subject_table import COVARIATE, feature_matrix, matching
from ..risk_groups import evaluated
from .settings import TreatmentInteraction

KIND_COVARIATE, KIND_FEATURE, KIND_SCORE = "covariate", "feature", "score"


@dataclass(frozen=True)
class Marker:
    """One marker, by subject.

    Attributes
    ----------
    name, kind : str
        Of a score, the name of the arm.
    values : DataFrame
        Indexed by subject; a number is one column, a category one of 0 and 1 for each
        level but the first.
    levels : tuple of str
        Levels of a category, the reference first; empty of a number.
    """

    name: str
    kind: str
    values: pd.DataFrame
    levels: tuple[str, ...] = ()


def declared_markers(
    settings: TreatmentInteraction,
    cohort: pd.DataFrame,
    features: Sequence[pd.DataFrame],
    predictions: pd.DataFrame,
) -> list[Marker]:
    """All markers that an endpoint declares: covariates, features, scores of arms.

    Parameters
    ----------
    settings : TreatmentInteraction
        Names of the markers, and of session and reader of the features.
    cohort : DataFrame
        As `folds.cohort` writes it.
    features : sequence of DataFrame
        The feature table, or none where no marker is a feature. Features are taken as
        measured, not harmonized.
    predictions : DataFrame
        Of kind "predictions", empty where no marker is a score.
    """
    asked = settings.markers
    known = cohort.set_index("subject_id")
    found = [
        _covariate(cohort, known, name, settings.levels)
        for name in asked.marker_covariates
    ]
    for table in features:
        session, reader = settings.baseline_session, settings.reference_reader
        matrix = feature_matrix(table, session, reader)
        names = matching([str(name) for name in matrix], asked.marker_patterns)
        found += [Marker(n, KIND_FEATURE, matrix[[n]]) for n in names]
    return [*found, *_scores(predictions, asked.marker_arms)]


def adjustment(cohort: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Columns of some covariates by subject, named without prefix."""
    return _covariates(cohort, cohort.set_index("subject_id"), names)


def _covariate(
    cohort: pd.DataFrame,
    known: pd.DataFrame,
    name: str,
    levels: Mapping[str, Sequence[str]],
) -> Marker:
    values = _covariates(cohort, known, [name])
    return Marker(name, KIND_COVARIATE, values, tuple(levels.get(name, ())))


def _covariates(
    cohort: pd.DataFrame, known: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame:
    columns = cohorts.covariate_columns(cohort, names)
    return known[columns].rename(columns=lambda name: name.removeprefix(COVARIATE))


def _scores(predictions: pd.DataFrame, arms: Sequence[str]) -> list[Marker]:
    """Score of each subject by models of the first repeat that it was no part of."""
    first = evaluated(predictions)
    found = []
    for arm in arms:
        rows = first[first["arm"] == arm].set_index("subject_id")
        found.append(Marker(arm, KIND_SCORE, rows[["score"]].astype(float)))
    return found

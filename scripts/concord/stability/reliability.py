"""Reliability of features between readers, and between test and retest."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import variant_names
from ..readers import CONSENSUS
from ..statistics.icc import IccTable, intraclass_correlation
from ..tables import feature_columns
from .settings import Stability

#: Form of the ICC along each axis of repeated measurement.
FORMS = {"reader": "ICC(A,1)", "retest": "ICC(1,1)"} | variant_names.FORMS

#: Fewer subjects than this cannot judge a feature.
MIN_SUBJECTS = 3

#: Repeatability coefficient per within-subject SD: 1.96 times the root of 2.
REPEATABILITY_FACTOR = 2.77


@dataclass(frozen=True)
class RepeatedRatings:
    """Ratings of the features of one image and region along one axis."""

    image: str
    region: str
    axis: str  # a key of FORMS
    columns: tuple[str, ...]  # of the feature matrix
    subjects: tuple[str, ...]  # those with a row of every rater, sorted
    ratings: np.ndarray  # shape (subjects, raters, columns)

    def icc(self, confidence: float, chosen: np.ndarray | slice) -> IccTable:
        """Intraclass correlation of each column over the chosen subjects."""
        ratings = self.ratings[chosen]
        return intraclass_correlation(ratings, FORMS[self.axis], confidence)


class RepeatedMeasurements:
    """Repeated measurements of a feature matrix, arranged once for many uses.

    The axis "reader" holds the baseline session as rated by the chosen readers of
    an image and region, the reference reader first. The axis "retest" holds the
    baseline session and the retest sessions as rated by the reference reader, and
    each axis of `variants` the baseline session and its variants along it.
    An axis with one rater does not exist. A column without any value in a
    image and region is not a feature of it; one without any value in the
    variants of an axis is not judged there.

    Parameters
    ----------
    features : DataFrame
        Feature matrix, see `concord.tables.read_features`.
    baseline_session, reference_reader : str
    retest_sessions : sequence of str
        In the order of time; those that do not occur are left out.
    threshold : float
        Smallest lower bound of the ICC that makes a feature stable.
    confidence : float
        Level of the two-sided interval of the ICC.
    filter_axes : collection of str, optional
        Axes that decide whether a feature is stable; all if not given.
    readers : sequence of str, optional
        Readers of the axis "reader"; those that do not occur are left out. None
        takes all but the consensus, which is made from the others.

    Attributes
    ----------
    names : frozenset of str
        Full names ``<image>.<region>.<column>`` of all features.
    axes : list of RepeatedRatings
        The axes that exist.
    """

    def __init__(
        self,
        features: pd.DataFrame,
        baseline_session: str,
        reference_reader: str,
        retest_sessions: Sequence[str],
        threshold: float,
        confidence: float,
        filter_axes: Collection[str] | None = None,
        readers: Sequence[str] | None = None,
    ) -> None:
        self.threshold = threshold
        self.confidence = confidence
        self.filter_axes = frozenset(FORMS if filter_axes is None else filter_axes)
        self.axes: list[RepeatedRatings] = []
        names: set[str] = set()
        for key, rows in features.groupby(["image", "region"]):
            image, region = map(str, key)
            present = rows[feature_columns(rows)].notna().any()
            columns = tuple(map(str, present.index[present]))
            names.update(_full_names(image, region, columns))
            at_baseline = rows[rows["session"] == baseline_session]
            sessions = rows[rows["reader"] == reference_reader]
            by_reader = _readers(at_baseline["reader"], reference_reader, readers)
            in_time = _sessions(sessions["session"], baseline_session, retest_sessions)
            for axis, rater, part, raters in (
                ("reader", "reader", at_baseline, by_reader),
                ("retest", "session", sessions, in_time),
                *_variant_axes(sessions, baseline_session),
            ):
                if len(raters) > 1:
                    judged = _judged(part, axis, raters, columns)
                    arranged = _arranged(part, rater, raters, judged)
                    ratings = RepeatedRatings(image, region, axis, judged, *arranged)
                    self.axes.append(ratings)
        self.names = frozenset(names)

    def stable_names(self, subjects: Collection[str]) -> frozenset[str]:
        """Full names of the features that are stable among some subjects.

        A feature is stable if the lower bound of its ICC reaches the threshold on
        every axis of the filter that has at least three of the subjects. One whose
        ICC is not defined there is not stable; one without such an axis is.
        """
        wanted = set(subjects)
        unstable: set[str] = set()
        for axis in self.axes:
            if axis.axis not in self.filter_axes:
                continue
            chosen = np.array([subject in wanted for subject in axis.subjects], bool)
            if np.count_nonzero(chosen) >= MIN_SUBJECTS:
                found = axis.icc(self.confidence, chosen)
                passed = found.n_subjects >= MIN_SUBJECTS
                passed &= found.lower >= self.threshold
                failed = np.asarray(axis.columns)[~passed]
                unstable.update(_full_names(axis.image, axis.region, failed))
        return self.names - unstable

    def table(self) -> pd.DataFrame:
        """All axes and features over all subjects; a table of kind "stability"."""
        parts = [self._rows(axis) for axis in self.axes]
        if not parts:
            return pd.DataFrame()
        keys = ["image", "region", "column", "axis"]
        return pd.concat(parts).sort_values(keys, ignore_index=True)

    def _rows(self, axis: RepeatedRatings) -> pd.DataFrame:
        found = axis.icc(self.confidence, slice(None))
        return pd.DataFrame(
            {
                "image": axis.image,
                "region": axis.region,
                "column": axis.columns,
                "axis": axis.axis,
                "form": FORMS[axis.axis],
                "n_subjects": found.n_subjects,
                "n_raters": found.n_raters,
                "icc": found.estimate,
                "icc_lower": found.lower,
                "icc_upper": found.upper,
                "within_sd": found.within_sd,
                "within_cv": found.within_cv,
                "repeatability_coefficient": REPEATABILITY_FACTOR * found.within_sd,
                "bias": found.bias,
                "stable": found.lower >= self.threshold,
                "reason": [text or None for text in found.reason],
            }
        )


def reliability_table(features: pd.DataFrame, settings: Stability) -> pd.DataFrame:
    """Reliability of every feature on every axis that the study has.

    Parameters
    ----------
    features : DataFrame
        Feature matrix, see `concord.tables.read_features`.
    settings : Stability
        Settings of the rule.

    Returns
    -------
    DataFrame
        Of kind "stability"; empty if the study repeats nothing.
    """
    stability = settings.stability
    return RepeatedMeasurements(
        features,
        settings.baseline_session,
        settings.reference_reader,
        stability.retest_sessions,
        stability.threshold,
        stability.confidence,
        readers=stability.readers,
    ).table()


def _variant_axes(
    rows: pd.DataFrame, baseline: str
) -> Iterator[tuple[str, str, pd.DataFrame, tuple[str, ...]]]:
    """Axis, column of the raters, rows and raters of each axis of variants."""
    for axis in variant_names.FORMS:
        found = variant_names.sessions_along(axis, baseline, rows["session"])
        yield axis, "session", rows, (baseline, *found)


def _judged(
    rows: pd.DataFrame, axis: str, raters: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[str, ...]:
    """Columns that an axis can judge: of variants, those that were measured."""
    if axis not in variant_names.FORMS:
        return columns
    measured = rows.loc[rows["session"].isin(raters[1:]), list(columns)].notna().any()
    return tuple(name for name in columns if measured[name])


def _readers(
    found: pd.Series, reference: str, chosen: Sequence[str] | None
) -> tuple[str, ...]:
    """Readers that occur and are chosen, the reference reader first."""
    present = set(found)
    names = present - {CONSENSUS} if chosen is None else present.intersection(chosen)
    return tuple(sorted(names, key=lambda name: (name != reference, name)))


def _sessions(
    found: pd.Series, baseline: str, retests: Sequence[str]
) -> tuple[str, ...]:
    """Baseline and retest sessions that occur; none without the baseline."""
    present = set(found)
    if baseline not in present:
        return ()
    return (baseline, *(session for session in retests if session in present))


def _arranged(
    rows: pd.DataFrame, key: str, raters: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[tuple[str, ...], np.ndarray]:
    """Subjects with a row of every rater, and (subjects, raters, columns) values."""
    rows = rows[rows[key].isin(raters)]
    n_raters = rows["subject_id"].value_counts()
    subjects = tuple(sorted(n_raters.index[n_raters == len(raters)]))
    wanted = pd.MultiIndex.from_product([subjects, raters])
    values = rows.set_index(["subject_id", key])[list(columns)].reindex(wanted)
    shape = (len(subjects), len(raters), len(columns))
    return subjects, values.to_numpy(float).reshape(shape)


def _full_names(image: str, region: str, columns: Iterable[str]) -> list[str]:
    return [f"{image}.{region}.{column}" for column in columns]

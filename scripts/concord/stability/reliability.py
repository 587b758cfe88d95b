"""Reliability of features between readers, and between test and retest."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import variant_names
from ..readers import CONSENSUS
from ..statistics.icc import IccTable, intraclass_correlation, lower_bound
from .settings import Stability
from .subject_rows import Rows, images_and_regions

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

    def icc(self, confidence: float) -> IccTable:
        """Intraclass correlation of each column over all subjects."""
        return intraclass_correlation(self.ratings, FORMS[self.axis], confidence)


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
        self._stable: dict[frozenset[str], frozenset[str]] = {}
        names: set[str] = set()
        for image, region, rows in images_and_regions(features):
            columns = rows.measured()
            names.update(_full_names(image, region, rows.columns[columns]))
            at_baseline = rows.where(rows.session == baseline_session)
            sessions = rows.where(rows.reader == reference_reader)
            by_reader = _readers(at_baseline.reader, reference_reader, readers)
            in_time = _sessions(sessions.session, baseline_session, retest_sessions)
            for axis, part, rater, raters in (
                ("reader", at_baseline, at_baseline.reader, by_reader),
                ("retest", sessions, sessions.session, in_time),
                *_variant_axes(sessions, baseline_session),
            ):
                if len(raters) > 1:
                    judged = columns & part.judged(axis, rater, raters)
                    arranged = part.arranged(rater, raters, judged)
                    named = tuple(map(str, rows.columns[judged]))
                    ratings = RepeatedRatings(image, region, axis, named, *arranged)
                    self.axes.append(ratings)
        self.names = frozenset(names)

    def __deepcopy__(self, _: object) -> "RepeatedMeasurements":
        """Itself: nothing changes it, and clones of a step need no copy."""
        return self

    def stable_names(self, subjects: Collection[str]) -> frozenset[str]:
        """Full names of the features that are stable among some subjects.

        A feature is stable if the lower bound of its ICC reaches the threshold on
        every axis of the filter that has at least three of the subjects. One whose
        ICC is not defined there is not stable; one without such an axis is.
        """
        wanted = frozenset(subjects)
        if wanted not in self._stable:
            self._stable[wanted] = self.names - self._unstable(wanted)
        return self._stable[wanted]

    def reliabilities(self, subjects: Collection[str]) -> dict[str, float]:
        """ICC of each feature among some subjects, by its full name.

        The lowest of those along the axes of the filter that have at least three of
        the subjects; NaN if it is not defined along one of them. A feature that no
        such axis judges is left out.
        """
        wanted = frozenset(subjects)
        found: dict[str, float] = {}
        for axis, ratings in self._judging(wanted):
            table = intraclass_correlation(ratings, FORMS[axis.axis], self.confidence)
            enough = table.n_subjects >= MIN_SUBJECTS
            values = np.where(enough, table.estimate, np.nan).tolist()
            names = _full_names(axis.image, axis.region, axis.columns)
            for name, value in zip(names, values, strict=True):
                # NaN of either stays, as a minimum of arrays has it.
                found[name] = float(np.minimum(value, found.get(name, value)))
        return found

    def _unstable(self, wanted: frozenset[str]) -> set[str]:
        """Full names of the features that fail on some axis among some subjects."""
        unstable: set[str] = set()
        for axis, ratings in self._judging(wanted):
            lower, n = lower_bound(ratings, FORMS[axis.axis], self.confidence)
            passed = (n >= MIN_SUBJECTS) & (lower >= self.threshold)
            failed = np.asarray(axis.columns)[~passed]
            unstable.update(_full_names(axis.image, axis.region, failed))
        return unstable

    def _judging(
        self, wanted: frozenset[str]
    ) -> Iterator[tuple[RepeatedRatings, np.ndarray]]:
        """Axes of the filter with enough of some subjects, and the ratings of these."""
        for axis in self.axes:
            if axis.axis not in self.filter_axes:
                continue
            chosen = np.array([subject in wanted for subject in axis.subjects], bool)
            if np.count_nonzero(chosen) >= MIN_SUBJECTS:
                yield axis, axis.ratings[chosen]

    def table(self) -> pd.DataFrame:
        """All axes and features over all subjects; a table of kind "stability"."""
        parts = [self._rows(axis) for axis in self.axes]
        if not parts:
            return pd.DataFrame()
        keys = ["image", "region", "column", "axis"]
        return pd.concat(parts).sort_values(keys, ignore_index=True)

    def _rows(self, axis: RepeatedRatings) -> pd.DataFrame:
        found = axis.icc(self.confidence)
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
    rows: Rows, baseline: str
) -> Iterator[tuple[str, Rows, np.ndarray, tuple[str, ...]]]:
    """Axis, rows, column of the raters and raters of each axis of variants."""
    for axis in variant_names.FORMS:
        found = variant_names.sessions_along(axis, baseline, rows.session)
        yield axis, rows, rows.session, (baseline, *found)


def _readers(
    found: np.ndarray, reference: str, chosen: Sequence[str] | None
) -> tuple[str, ...]:
    """Readers that occur and are chosen, the reference reader first."""
    present = set(found)
    names = present - {CONSENSUS} if chosen is None else present.intersection(chosen)
    return tuple(sorted(names, key=lambda name: (name != reference, name)))


def _sessions(
    found: np.ndarray, baseline: str, retests: Sequence[str]
) -> tuple[str, ...]:
    """Baseline and retest sessions that occur; none without the baseline."""
    present = set(found)
    if baseline not in present:
        return ()
    return (baseline, *(session for session in retests if session in present))


def _full_names(image: str, region: str, columns: Iterable[str]) -> list[str]:
    return [f"{image}.{region}.{column}" for column in columns]

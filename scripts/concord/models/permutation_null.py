"""Null distribution: the whole loop again under permuted outcomes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..errors import ConfigError, FitError, StudyError
from ..folds.scheme import Scheme
from ..folds.splitting import Split, SubjectRows, splits
from ..statistics.outcome_kinds import OutcomeKind
from . import pipeline as pipelines
from .arm import ArmData, Measure, MeasuredOnce, arm_data, repeated_measurements
from .chain import Pipeline
from .refit import Refit
from .settings import ModelSpecification
from .unseen_batches import resolve_unseen_batches


@dataclass(frozen=True)
class _Prepared:
    """A fold after all steps that are blind to the outcome, as arrays.

    `development` and `evaluation` are the subjects' numbers in the whole study.
    """

    development: np.ndarray
    evaluation: np.ndarray
    refit: Refit

    def metric(self, y: np.ndarray, outcome: OutcomeKind) -> float:
        """Metric under the outcomes of the whole study; NaN if the fit fails."""
        try:
            scores = self.refit.scores(y[self.development])
        except StudyError:
            return float("nan")
        return outcome.pairs_of_targets(y[self.evaluation], scores).value


@dataclass(frozen=True)
class NullBand:
    """Null distribution of one arm, or the reason why there is none."""

    rows: pd.DataFrame  # of kind "null"; empty if there is none
    error: ConfigError | None = None


def null_bands(
    tables: SubjectRows,
    folds: pd.DataFrame,
    specifications: Sequence[ModelSpecification],
    n_permutations: int,
    seed: int,
    measure: Measure = repeated_measurements,
) -> list[NullBand]:
    """Mean fold metrics of several arms after permuting outcomes within groups.

    Event and time move together, among subjects whose outcome is known and
    whose features are there. Harmonization, filters and scaling do not see the
    outcome, so they are fitted once per fold; selection and model are fitted
    anew for each permutation. Of each scheme, the first repeat is used.

    Returns
    -------
    list of NullBand
        One per specification; NaN estimates mean that no fold had a defined metric.
        An arm of which no fold can be prepared has an error.
    """
    arms = [_Arm.of(tables, specification) for specification in specifications]
    for scheme in map(str, Scheme.first_repeats(folds)):
        for split in splits(tables, folds, scheme):
            once = MeasuredOnce(measure)
            for arm in arms:
                arm.prepare(split, once, seed)
    return [arm.band(n_permutations, seed) for arm in arms]


def require_bands(bands: Iterable[NullBand]) -> None:
    """Raise ConfigError with the errors of all arms that have no null distribution."""
    errors = [str(band.error) for band in bands if band.error is not None]
    if errors:
        raise ConfigError("\n".join(errors))


@dataclass(frozen=True)
class _Arm:
    """One arm, and the folds that are prepared for it."""

    whole: ArmData
    specification: ModelSpecification
    prepared: dict[str, list[_Prepared]] = field(default_factory=dict)  # by scheme
    reasons: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, tables: SubjectRows, specification: ModelSpecification) -> "_Arm":
        """Arm with the subjects that it can be fitted to."""
        whole = arm_data(tables, specification)
        return cls(whole.only(whole.fittable()), specification)

    def prepare(self, split: Split, measure: Measure, seed: int) -> None:
        """Fit the steps that are blind to the outcome, or note why they cannot be."""
        try:
            fold = _prepared(self.whole, split, self.specification, measure, seed)
        except StudyError as error:
            self.reasons.append(str(error))
        else:
            self.prepared.setdefault(split.name.scheme, []).append(fold)

    def band(self, n_permutations: int, seed: int) -> NullBand:
        """Null distribution over permutations that are drawn alike for all arms."""
        if not self.prepared:
            name = self.specification.name
            error = ConfigError(f"the null band of arm {name!r}: {self.reasons[0]}")
            return NullBand(pd.DataFrame(), error)
        groups = self.whole.predictors["group"].to_numpy()
        rows: list[dict[str, Any]] = []
        y = self.specification.outcome.target(self.whole.outcome)
        for permutation in range(1, n_permutations + 1):
            generator = np.random.default_rng([seed, permutation])
            order = within_group_permutation(groups, generator)
            rows += self._rows(permutation, y[order])
        table = pd.DataFrame(rows)
        return NullBand(table.sort_values(["scheme", "permutation"], ignore_index=True))

    def _rows(self, permutation: int, y: np.ndarray) -> Iterator[dict[str, Any]]:
        """Mean metric of each scheme under permuted outcomes."""
        outcome = self.specification.outcome
        for scheme, folds in self.prepared.items():
            values = [fold.metric(y, outcome) for fold in folds]
            defined = [value for value in values if np.isfinite(value)]
            yield {
                "endpoint": self.specification.endpoint,
                "arm": self.specification.name,
                "scheme": scheme,
                "permutation": permutation,
                "metric": self.specification.outcome.metric,
                "estimate": float(np.mean(defined)) if defined else np.nan,
            }


def within_group_permutation(
    groups: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """Row numbers shuffled inside each group, shape (n,)."""
    order = np.arange(len(groups))
    for name in sorted(set(groups)):
        mine = np.flatnonzero(groups == name)
        order[mine] = generator.permutation(mine)
    return order


def _prepared(
    whole: ArmData,
    split: Split,
    specification: ModelSpecification,
    measure: Measure,
    seed: int,
) -> _Prepared:
    known, held_out = (
        whole.only(side.cohort["subject_id"])
        for side in (split.development, split.evaluation)
    )
    pipeline = pipelines.build(
        list(known.predictors.columns),
        specification,
        measure(known.measurements, specification),
        split.development.phantom,
    )
    blind, supervised = pipelines.outcome_blind_and_supervised(pipeline)
    development = blind.fit_transform(known.predictors)
    blind, rows = _scorable(blind, held_out.predictors, specification, seed)
    if rows.empty:
        raise FitError(f"no subject of fold {split.name.stem} can be scored.")
    evaluation = blind.transform(rows)
    place = whole.predictors.index
    return _Prepared(
        place.get_indexer(development.index),
        place.get_indexer(evaluation.index),
        Refit(supervised, development, evaluation),
    )


def _scorable(
    blind: Pipeline, rows: pd.DataFrame, specification: ModelSpecification, seed: int
) -> tuple[Pipeline, pd.DataFrame]:
    """Rows that the rule for unseen batches lets pass, and the steps for them."""
    harmonization = specification.harmonization
    if harmonization is None or not len(rows):
        return blind, rows
    k = harmonization.n_adapting or 0
    blind, reasons = resolve_unseen_batches(blind, rows, harmonization.unseen, k, seed)
    return blind, rows[reasons.isna()]

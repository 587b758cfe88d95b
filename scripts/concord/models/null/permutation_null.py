"""Null distribution: the whole loop again under permuted outcomes."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ...errors import ConfigError, FitError, StudyError
from ...folds.scheme import CV, Scheme
from ...folds.splitting import Split, SubjectRows, splits
from ..arm import ArmData, Measure, MeasuredOnce, arm_data, repeated_measurements
from ..fusion.null import fused_refitting
from ..settings.specification import ModelSpecification
from .permutation import exchangeable_blocks, permuted_order
from .permuted_folds import Remake
from .permuted_values import (
    PreparedFold,
    Refitted,
    log_rank_statistics,
    values_and_errors,
)
from .refit import Refitting, refitting_of

_LOG = logging.getLogger(__name__)

#: Permutations that are evaluated at once; more would take more memory.
_AT_ONCE = 100


class NobodyScored(FitError):
    """A fold whose fit may score none of the evaluation subjects."""


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
    remake: Remake | None = None,
) -> list[NullBand]:
    """Mean fold metrics of several arms after permuting outcomes within groups.

    Event and time move together, by whole clusters, among subjects whose outcome is
    known and whose features are there. Harmonization, filters and scaling do not see
    the outcome, so they are fitted once per fold; selection and model are fitted anew
    for each permutation. Of each scheme, the first repeat is used. For an arm
    without harmonization, which may see the group, the values of outcomes that are
    permuted over all groups stand beside.

    Parameters
    ----------
    tables, folds
        The study and its folds.
    specifications : sequence of ModelSpecification
        The arms, of one endpoint.
    n_permutations, seed : int
        Permutations, drawn alike for all arms with the same subjects.
    measure : callable
        Repeated measurements of development subjects.
    remake : callable, optional
        Folds of the first repeat of the cross-validation for permuted events (Series by
        subject), if folds depend on the outcome. Then all steps are fitted anew for
        each permutation.

    Returns
    -------
    list of NullBand
        One per specification; NaN estimates mean that no fold had a defined metric.
        An arm that can be fitted, but scores nobody, has no rows; one that no fold
        can be fitted to has an error.
    """
    arms = [_Arm.of(tables, specification) for specification in specifications]
    fixed = [
        str(scheme)
        for scheme in Scheme.first_repeats(folds)
        if remake is None or not scheme.kind.repeated
    ]
    for scheme in fixed:
        _prepare(arms, splits(tables, folds, scheme), measure, seed)
    for arm in arms:
        arm.evaluate(range(1, n_permutations + 1), seed)
    if remake is not None:
        for number in range(1, n_permutations + 1):
            for arm in arms:
                made = remake(arm.permuted_events(number, seed))
                split = splits(tables, made, str(Scheme(CV)))
                _prepare([arm], split, measure, seed)
                arm.evaluate([number], seed)
    return [arm.band() for arm in arms]


def require_bands(bands: Iterable[NullBand]) -> None:
    """Raise ConfigError with the errors of all arms that have no null distribution."""
    errors = [str(band.error) for band in bands if band.error is not None]
    if errors:
        raise ConfigError("\n".join(errors))


def _prepare(
    arms: Sequence["_Arm"],
    found: Iterable[Split],
    measure: Measure,
    seed: int,
) -> None:
    """Fit the blind steps of all arms in some folds."""
    for split in found:
        once = MeasuredOnce(measure)
        for arm in arms:
            arm.prepare(split, once, seed)


@dataclass(frozen=True)
class _Arm:
    """One arm, the folds that are prepared for it, and what they gave."""

    whole: ArmData
    specification: ModelSpecification
    blocks: list[np.ndarray]
    free: list[np.ndarray]  # the same over all groups, if the arm may see them
    clusters: np.ndarray
    members: dict[str, ArmData] = field(default_factory=dict)  # of a fused arm
    prepared: dict[str, list[PreparedFold]] = field(default_factory=dict)  # by scheme
    reasons: list[str] = field(default_factory=list)
    unscored: list[str] = field(default_factory=list)
    rows: list[pd.DataFrame] = field(default_factory=list)

    @classmethod
    def of(cls, tables: SubjectRows, specification: ModelSpecification) -> "_Arm":
        """Arm with the subjects that it can be fitted to."""
        whole = arm_data(tables, specification)
        kept = whole.only(whole.fittable())
        known = tables.by_subject.loc[kept.predictors.index]
        clusters = pd.factorize(known["cluster"])[0]
        numbers = clusters.tolist()
        groups, alike = known["group"].tolist(), [""] * len(known)
        if "stratum" in kept.outcome:
            # Hazards differ between strata: outcomes are exchangeable within one.
            alike = kept.outcome["stratum"].astype(str).tolist()
            groups = list(zip(groups, alike, strict=True))
        blocks = exchangeable_blocks(groups, numbers)
        sees_group = specification.may_see_group
        free = exchangeable_blocks(alike, numbers) if sees_group else []
        data = {n: arm_data(tables, m) for n, m in specification.members.items()}
        members = {name: one.only(one.fittable()) for name, one in data.items()}
        return cls(kept, specification, blocks, free, clusters, members)

    def prepare(self, split: Split, measure: Measure, seed: int) -> None:
        """Fit the steps that are blind to the outcome, or note why they cannot be."""
        try:
            fold = self.prepared_fold(split, measure)
        except NobodyScored as error:
            _LOG.warning("%s: %s", self.specification.name, error)
            self.unscored.append(str(error))
        except StudyError as error:
            self.reasons.append(str(error))
        else:
            self.prepared.setdefault(split.name.scheme, []).append(fold)

    def prepared_fold(self, split: Split, measure: Measure) -> PreparedFold:
        """Fold after all steps that are blind to the outcome, of members too.

        NobodyScored if no evaluation subject can be scored.
        """
        plan = self.specification
        known = self.whole.only(split.development.cohort["subject_id"])
        if known.predictors.empty:
            raise FitError(f"fold {split.name.stem} has nobody to learn from.")
        refit: Refitting
        if self.members:
            refit = fused_refitting(self.whole, self.members, split, plan, measure)
        else:
            refit = refitting_of(self.whole, split, plan, measure)
        if refit.evaluation.empty:
            raise NobodyScored(f"no subject of fold {split.name.stem} can be scored.")
        place = self.whole.predictors.index
        return PreparedFold(
            place.get_indexer(known.predictors.index),
            place.get_indexer(refit.evaluation),
            refit,
        )

    def evaluate(self, numbers: Sequence[int], seed: int) -> None:
        """Values of the prepared folds under some permutations; forgets these folds."""
        for start in range(0, len(numbers), _AT_ONCE):
            part = numbers[start : start + _AT_ONCE]
            y = self._permuted(self.blocks, part, seed)
            free = self._permuted(self.free, part, seed) if self.free else None
            for scheme, folds in self.prepared.items():
                table = self._values(scheme, folds, y)
                if free is not None:
                    freely = self._values(scheme, folds, free)
                    table["free_estimate"] = freely["estimate"]
                    table["free_standard_error"] = freely["standard_error"]
                self.rows.append(table.assign(scheme=scheme, permutation=part))
        self.prepared.clear()

    def permuted_events(self, number: int, seed: int) -> pd.Series:
        """Events of the fittable subjects under one permutation, by subject."""
        event = self.whole.outcome["event"]
        order = permuted_order(self.blocks, np.random.default_rng([seed, number]))
        return pd.Series(event.to_numpy(dtype=float)[order], event.index)

    def band(self) -> NullBand:
        """Null distribution of all that was evaluated."""
        if not self.rows and self.unscored:
            return NullBand(pd.DataFrame())
        if not self.rows:
            name = self.specification.name
            error = ConfigError(f"the null band of arm {name!r}: {self.reasons[0]}")
            return NullBand(pd.DataFrame(), error)
        table = pd.concat(self.rows, ignore_index=True).assign(
            endpoint=self.specification.endpoint,
            arm=self.specification.name,
            metric=self.specification.outcome.metric,
        )
        return NullBand(table.sort_values(["scheme", "permutation"], ignore_index=True))

    def _permuted(
        self, blocks: list[np.ndarray], numbers: Sequence[int], seed: int
    ) -> np.ndarray:
        """Outcomes of all subjects under some permutations, shape (numbers, n)."""
        orders = [
            permuted_order(blocks, np.random.default_rng([seed, number]))
            for number in numbers
        ]
        target = self.specification.outcome.target(self.whole.outcome)
        return np.asarray(target[np.array(orders)])

    def _values(
        self, scheme: str, folds: list[PreparedFold], y: np.ndarray
    ) -> pd.DataFrame:
        """Estimate, its error and the log-rank statistic under each permutation."""
        outcome = self.specification.outcome
        refitted = [Refitted.of(fold, y) for fold in folds]
        estimate, error = values_and_errors(folds, refitted, y, self.clusters, outcome)
        table = pd.DataFrame({"estimate": estimate, "standard_error": error})
        table[["free_estimate", "free_standard_error"]] = np.nan
        grouped = outcome.has_times and scheme == CV.name
        z = log_rank_statistics(folds, refitted, y) if grouped else np.nan
        return table.assign(log_rank_z=z)

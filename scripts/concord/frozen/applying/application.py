"""Frozen models applied to all subjects of a study: scores, flags and verdicts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...folds.batch_column import BatchColumn
from ...models.prediction import Predictor
from ..freezing.acquisition import kinds_of_readers
from .acquired import departures, reader_kind, told_values, unknown_facts
from .applied import Applied, Measured, leaves, measured_here
from .batches import unseen_batches
from .checks import require_applicable
from .distance import Distances
from .flags import Raised, Verdict, verdict
from .ranges import out_of_range
from .regions import missing_images, region_sizes, tiny_regions
from .scoring import Score, Scorer
from .settings import ApplyModel

#: What each rule for unseen batches does, in words.
_POLICIES = {
    "refuse": "the policy `refuse` gives no score",
    "passthrough": "by the policy `passthrough`, its features are not harmonized",
    "adapt": "by the policy `adapt`, it is estimated from other patients here",
    None: "",
}


@dataclass(frozen=True)
class Outcome:
    """Score, flags and verdict of one subject by one model, and its predictors."""

    applied: Applied
    subject: str
    site: str
    score: Score
    raised: tuple[Raised, ...]
    verdict: Verdict
    values: Mapping[str, float]
    settings: ApplyModel

    @property
    def horizons(self) -> list[float]:
        """Days at which the risk is told; without any, NaN."""
        return list(self.applied.document.outcome.at_days) or [float("nan")]

    def voids(self, raised: Raised) -> bool:
        """True if the score does not apply because of a flag."""
        return raised.voids(self.settings)


def apply(
    applied: Sequence[Applied], measured: Measured, settings: ApplyModel
) -> list[Outcome]:
    """Outcomes of every subject by every model, subjects sorted.

    Raises
    ------
    ConfigError
        If a model needs what the study has not, or has otherwise.
    """
    require_applicable(applied, measured, settings)
    found = [_outcomes(one, measured, settings) for one in applied]
    return [own[subject] for subject in measured.subjects for own in found]


def _outcomes(
    one: Applied, measured: Measured, settings: ApplyModel
) -> dict[str, Outcome]:
    scores = Scorer.of(one, measured, settings).scores(measured)
    flags = Flags.of(one, measured, settings)
    sites = measured.rows.by_subject["site"]
    found = {}
    for subject, score in scores.items():
        values = flags.values_of(subject)
        raised = tuple(flags.of_subject(subject, values, score))
        found[subject] = Outcome(
            one,
            subject,
            str(sites[subject]),
            score,
            raised,
            verdict(score.reason, raised, settings),
            values,
            settings,
        )
    return found


@dataclass(frozen=True)
class Flags:
    """All that raises flags of the subjects of a study, for one model."""

    applied: Applied
    measured: Measured
    settings: ApplyModel
    features: pd.DataFrame
    distances: Distances | None
    sizes: Mapping[str, pd.Series]
    unseen: Mapping[str, tuple[str, ...]]
    exclusions: Mapping[str, pd.DataFrame]
    acquisition: Mapping[str, pd.DataFrame]

    @classmethod
    def of(cls, one: Applied, measured: Measured, settings: ApplyModel) -> "Flags":
        """Flags by what a model knows of its development."""
        acquired = measured.acquisition
        if acquired is not None:
            acquired = acquired[acquired["session"] == settings.baseline_session]
        return cls(
            one,
            measured,
            settings,
            measured.values(settings),
            Distances.of(one.document.applicability),
            region_sizes(measured, settings),
            _unseen(one, measured, settings),
            _by_subject(measured.exclusions),
            {} if acquired is None else _by_subject(acquired),
        )

    def values_of(self, subject: str) -> dict[str, float]:
        """Predictors of a subject as measured, by name; those without a value are NaN.

        Of columns of text, such as batches, nothing is told.
        """
        own = self.measured.rows.by_subject.loc[subject]
        found = {}
        for name in _numeric(self.applied):
            given = own.get(name, np.nan)
            if name in self.features.columns and subject in self.features.index:
                given = self.features.at[subject, name]
            found[name] = float(given) if pd.notna(given) else np.nan
        return found

    def of_subject(
        self, subject: str, values: Mapping[str, float], score: Score
    ) -> Iterator[Raised]:
        """Every flag of a subject, in the order of the table of flags."""
        known = self.applied.document.applicability
        excluded = self.exclusions.get(subject, self.measured.exclusions.iloc[:0])
        yield from missing_images(self.applied, values, excluded, self.settings)
        yield from tiny_regions(
            self.applied, subject, self.sizes, excluded, self.settings
        )
        units = units_of(self.applied)
        yield from out_of_range(values, known.ranges, units, self.settings.range_margin)
        if self.distances is not None:
            yield from self.distances.flags(values)
        yield from self._of_batch(subject)
        if subject in self.acquisition:
            rows = self.acquisition[subject]
            yield from unknown_facts(self.applied, rows)
            yield from departures(self.applied, rows)
        reader = self.settings.reference_reader
        (kind,) = kinds_of_readers(reader, self.settings.algorithms)
        yield from reader_kind(self.applied, kind, reader)
        if score.adapted_by and score.is_scored:
            yield _adapted(score, self.unseen.get(subject, ()))

    def _of_batch(self, subject: str) -> Iterator[Raised]:
        known = self.applied.document.applicability.batches
        rules = [leaf.unseen for leaf in leaves(self.applied.document.estimates)]
        rule = next((one for one in rules if one is not None), None)
        for batch in self.unseen.get(subject, ()):
            column, _, label = batch.partition(" ")
            policy = _POLICIES.get(rule, "")
            yield Raised(
                "unknown_batch",
                column,
                label,
                told_values(known.get(column, ["a batch of development"]))
                + (f"; {policy}" if policy else ""),
            )


def units_of(applied: Applied) -> dict[str, str]:
    """Unit of each predictor that has one, by its name."""
    units = {name: one.unit for name, one in applied.document.features.items()}
    covariates = applied.document.covariates
    return units | {f"covariate.{name}": one.unit for name, one in covariates.items()}


def _adapted(score: Score, batches: Sequence[str]) -> Raised:
    return Raised(
        "adapted",
        ", ".join(batch.partition(" ")[0] for batch in batches),
        f"estimated here from {', '.join(score.adapted_by)}",
        "a batch of development, so that a score depends on no other patient",
    )


def _numeric(applied: Applied) -> list[str]:
    """Predictors that are numbers: features and covariates."""
    texts = [name for name in applied.columns if BatchColumn.names(name)]
    return [name for name in applied.columns if name not in {*texts, "group"}]


def _unseen(
    one: Applied, measured: Measured, settings: ApplyModel
) -> dict[str, tuple[str, ...]]:
    """Batches of each subject that the model does not know."""
    place = settings.baseline_session, settings.reference_reader
    here = measured_here(one.document.estimates, *place)
    predictor = Predictor.rebuilt(here)
    found: dict[str, tuple[str, ...]] = {}
    table = predictor.predictors(measured.rows)
    for batch, members in unseen_batches(predictor, table):
        for subject in members:
            found[subject] = tuple(dict.fromkeys((*found.get(subject, ()), batch)))
    return found


def _by_subject(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(name): part for name, part in table.groupby("subject_id")}

"""Scores of frozen models, each subject by itself.

Whatever else is in the batch, the arithmetic of one subject is that of a table of one
row, so that its numbers are the same to the last bit. Under the policy `adapt` alone,
subjects of an unseen batch are scored together, since they make the estimates of their
batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ...errors import StudyError
from ...folds.splitting import SubjectRows
from ...harmonization.estimators.base import ADAPT
from ...models.absolute_risk import risks_of_fold
from ...models.fitted_model import Baseline, FittedModel
from ...models.fusion.prediction import FusedPredictor
from ...models.prediction import Predictor
from ...models.unscored import USED
from ...statistics.outcome_kinds import OUTCOME_KINDS
from . import chances
from .applied import Applied, Measured, columns_of, leaves, measured_here
from .batches import unseen_batches
from .settings import ApplyModel

#: Columns of predictions that count predictors and members.
COUNTS = ("n_predictors", "n_missing", "n_members", "members_missing")


@dataclass(frozen=True)
class Score:
    """Score of one subject by one model, or the reason why there is none.

    `risk`, `lower` and `upper` have one value per horizon; without horizons, one.
    """

    score: float = np.nan
    probability: float = np.nan
    risk_group: str | None = None
    percentile: float = np.nan
    risk: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    n_samples: int = 0
    no_interval: str | None = None
    reason: str | None = None
    counts: Mapping[str, Any] = field(default_factory=dict)
    adapted_by: tuple[str, ...] = ()

    @property
    def is_scored(self) -> bool:
        """True if there is a score."""
        return bool(np.isfinite(self.score))


@dataclass(frozen=True)
class _Model:
    """Predictor of a model, or of one of its samples, with its baseline risk."""

    predictor: Predictor | FusedPredictor
    fitted: FittedModel

    def row(self, rows: SubjectRows, subject: str, seed: int) -> pd.Series:
        """Prediction of one subject."""
        with np.errstate(all="ignore"):
            try:
                return row_of(self.predictor.scored(rows, seed), subject)
            except (ArithmeticError, LookupError, TypeError, ValueError) as error:
                told = f"could not be scored: {type(error).__name__}"
                return pd.Series({"score": np.nan, "reason": told})

    def told(
        self, row: pd.Series, days: Sequence[float], stratum: str | None
    ) -> np.ndarray:
        """Probability, or risk at each horizon, of a prediction; shape (1 or days,)."""
        if not OUTCOME_KINDS[self.fitted.required_estimates().kind].has_times:
            return np.array([row.get("probability", np.nan)], dtype=float)
        table = pd.DataFrame({"score": [row["score"]], "stratum": [str(stratum)]})
        with np.errstate(all="ignore"):
            found = risks_of_fold(self.fitted, table, list(days))[0]
        return found if len(days) else np.array([np.nan])


@dataclass(frozen=True)
class Scorer:
    """Frozen model and its bootstrap samples, ready to score."""

    applied: Applied
    model: _Model
    samples: tuple[_Model, ...]
    no_samples: str | None
    settings: ApplyModel

    @classmethod
    def of(cls, applied: Applied, measured: Measured, settings: ApplyModel) -> "Scorer":
        """Scorer of a model for the session and reader of this study."""
        document = applied.document
        place = settings.baseline_session, settings.reference_reader
        usable = [
            one
            for one in document.samples
            if _is_measured(columns_of(one.estimates), measured, settings, applied)
        ]
        samples = tuple(
            _model(
                document.model.model_copy(
                    update={
                        "estimates": measured_here(one.estimates, *place),
                        "baseline": _baseline(one.baseline),
                    }
                )
            )
            for one in usable
        )
        own = measured_here(document.estimates, *place)
        model = _model(document.model.model_copy(update={"estimates": own}))
        why = chances.why_no_samples(len(document.samples), len(usable))
        return cls(applied, model, samples, why, settings)

    def scores(self, measured: Measured) -> dict[str, Score]:
        """Score of each subject of the study, by its id."""
        strangers = self._adapting(measured)
        together = self._together(measured.rows) if strangers else []
        found = {}
        for subject, rows in measured.alone():
            if subject in strangers:
                own = [row_of(table, subject) for table in together]
            else:
                own = [m.row(rows, subject, self.settings.seed) for m in self._all]
            score = self._score(own, _stratum(rows, self.applied.document.endpoint))
            found[subject] = score
        if not strangers:
            return found
        return {
            name: _with_adapting(score, name, strangers, together[0])
            for name, score in found.items()
        }

    @property
    def days(self) -> list[float]:
        """Horizons of the model."""
        return list(self.applied.document.outcome.at_days)

    @property
    def _all(self) -> list[_Model]:
        return [self.model, *self.samples]

    def _score(self, rows: Sequence[pd.Series], stratum: str | None) -> Score:
        """Score of one subject from its predictions by the model and each sample."""
        row, *others = rows
        counts = {name: row[name] for name in COUNTS if name in row}
        score = float(row["score"])
        if not np.isfinite(score):
            return Score(
                reason=_text(row["reason"]) or chances.NOT_FINITE, counts=counts
            )
        risk = self.model.told(row, self.days, stratum)
        lower, upper, n_samples = self._interval(others, stratum)
        development = self.applied.document
        has_times = OUTCOME_KINDS[development.estimates.kind].has_times
        return Score(
            score=score,
            probability=float(row["probability"]),
            risk_group=_text(row["risk_group"]),
            percentile=chances.percentile(score, development.scores.percentiles),
            risk=tuple(risk.tolist()) if has_times else (np.nan,),
            lower=tuple(lower.tolist()),
            upper=tuple(upper.tolist()),
            n_samples=n_samples,
            no_interval=self._no_interval(risk, n_samples, has_times, stratum),
            counts=counts,
        )

    def _interval(
        self, rows: Sequence[pd.Series], stratum: str | None
    ) -> tuple[np.ndarray, np.ndarray, int]:
        """Bounds at each horizon, from predictions of one subject by the samples."""
        sampled = [
            sample.told(row, self.days, stratum)
            for sample, row in zip(self.samples, rows, strict=True)
        ]
        return chances.interval(np.array(sampled), max(len(self.days), 1))

    def _no_interval(
        self, risk: np.ndarray, n_samples: int, has_times: bool, stratum: str | None
    ) -> str | None:
        """Why there is no interval, or no risk; None if there is one."""
        if not np.isfinite(risk).any():
            if not has_times:
                return chances.NO_PROBABILITY
            return chances.no_risk(self.applied.document.model.baseline, stratum)
        if n_samples < chances.LEAST_SAMPLES:
            return self.no_samples or f"{n_samples} bootstrap samples gave a value"
        return None

    def _adapting(self, measured: Measured) -> dict[str, tuple[str, ...]]:
        """Subjects of unseen batches that are adapted to, and these batches."""
        found: dict[str, tuple[str, ...]] = {}
        for leaf in leaves(self.model.fitted.required_estimates()):
            if leaf.unseen != ADAPT:
                continue
            predictor = Predictor.rebuilt(leaf)
            table = predictor.predictors(measured.rows)
            for batch, members in unseen_batches(predictor, table):
                for subject in members:
                    found[subject] = (*found.get(subject, ()), batch)
        return found

    def _together(self, rows: SubjectRows) -> list[pd.DataFrame]:
        """Predictions of all subjects at once, by each model."""
        seed = self.settings.seed
        return [one.predictor.scored(rows, seed) for one in self._all]


def row_of(table: pd.DataFrame, subject: str) -> pd.Series:
    """Row of a subject in a table by subject."""
    return table.iloc[int(table.index.get_indexer(pd.Index([subject]))[0])]


def _is_measured(
    columns: list[str], measured: Measured, settings: ApplyModel, applied: Applied
) -> bool:
    """True if the study has all columns of a sample, or no subject with features."""
    known = set(measured.dictionary["name"]) | set(measured.cohort) | {*applied.columns}
    return known.issuperset(columns)


def _model(fitted: FittedModel) -> _Model:
    return _Model(Predictor.of(fitted), fitted)


def _baseline(found: Any) -> Baseline | None:
    if found is None or isinstance(found, Baseline):
        return found
    try:
        return Baseline.model_validate(found)
    except ValueError as error:
        raise StudyError(
            "a bootstrap sample of the model has no valid baseline. Freeze the model "
            "again."
        ) from error


def _stratum(rows: SubjectRows, endpoint: str) -> str | None:
    column = f"stratum.{endpoint}"
    return str(rows.cohort[column].iloc[0]) if column in rows.cohort else None


def _text(found: Any) -> str | None:
    return found if isinstance(found, str) and found else None


def _with_adapting(
    score: Score,
    subject: str,
    batches: Mapping[str, tuple[str, ...]],
    predictions: pd.DataFrame,
) -> Score:
    """The score with the subjects that made the estimates of its batch."""
    own = set(batches.get(subject, ()))
    if not own:
        return score
    used = predictions.index[[str(r).startswith(USED) for r in predictions["reason"]]]
    makers = tuple(str(one) for one in used if own & set(batches.get(str(one), ())))
    return Score(**{**vars(score), "adapted_by": makers})

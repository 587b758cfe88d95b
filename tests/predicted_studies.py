"""Studies whose predictions have known truths: models of folds, judged on everybody.

Two arms of plain regression, refitted in each fold of one cross-validation, and the
tables that a study would have of them: predictions, and risks at one time. The truth of
a number is its mean over the very models of the folds in a large population whose
probabilities are known, so that no outcome has to be drawn.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd
from scipy import special

from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.fitted_model import StratumHazard
from concord.statistics.outcome_kinds import OUTCOME_KINDS

CLINICAL, FULL = "clinical", "full"
#: Columns that each arm sees, of five that inform, the last three less or not at all.
COLUMNS = {CLINICAL: slice(0, 2), FULL: slice(0, 5)}
N_FOLDS, N_POPULATION, GROUPS = 5, 10_000, ("A", "B", "C")
#: Time at which risks are judged, in days; about half had the event by then.
HORIZON_DAYS = 300.0
_RATE = np.log(2) / HORIZON_DAYS


@dataclass(frozen=True)
class Design:
    """What is simulated; `added` is the log odds or hazard of the third column."""

    kind: str = "binary"
    n: int = 200
    signal: float = 0.0
    added: float = 0.0
    intercept: float = 0.0
    #: Log odds of the outcome in group C beyond what its predictors tell.
    shifted: float = 0.0

    @property
    def weights(self) -> np.ndarray:
        """Log odds or log hazards of the five columns."""
        return np.array([self.signal, self.signal / 2, self.added, 0.0, 0.0])


@dataclass(frozen=True)
class Model:
    """Coefficients of the columns of an arm, and its risk at a score of 0."""

    columns: slice
    weights: np.ndarray
    intercept: float = 0.0
    hazard: StratumHazard | None = None
    #: Score from which on a subject is high, by Youden's index in development.
    threshold: float = float("nan")
    #: Median score in development.
    cut: float = float("nan")

    def scores(self, X: np.ndarray) -> np.ndarray:
        """Scores, shape (n,)."""
        return np.asarray(X[:, self.columns] @ self.weights + self.intercept)

    def probabilities(self, X: np.ndarray) -> np.ndarray:
        """Probability of the event, by the horizon if it has a time; shape (n,)."""
        score = self.scores(X)
        if self.hazard is None:
            return np.asarray(special.expit(score))
        before = np.asarray(self.hazard.times_days) <= HORIZON_DAYS
        total = self.hazard.cumulative_hazard[int(before.sum()) - 1]
        return np.asarray(-np.expm1(-total * np.exp(score)))


@dataclass(frozen=True)
class Population:
    """A large sample of the columns with the true probability of each member."""

    X: np.ndarray
    linear: np.ndarray
    probability: np.ndarray  # of the event, by the horizon if it has a time


@dataclass(frozen=True)
class Known:
    """What a model says of everybody, beside the truth."""

    score: np.ndarray
    predicted: np.ndarray
    true: np.ndarray
    threshold: float
    has_times: bool

    @classmethod
    def of(cls, model: Model, people: Population) -> "Known":
        """What a model says of a population."""
        predicted = model.probabilities(people.X)
        timed = model.hazard is not None
        score = model.scores(people.X)
        return cls(score, predicted, people.probability, model.threshold, timed)


@dataclass(frozen=True)
class PredictedStudy:
    """Tables of one study, its models by arm and fold, and who they are meant for."""

    predictions: pd.DataFrame
    risks: pd.DataFrame
    models: dict[str, list[Model]]
    population: Population

    @cached_property
    def everybody(self) -> dict[str, list[Known]]:
        """What the models of each arm say of the whole population, by fold."""
        return {
            arm: [Known.of(model, self.population) for model in models]
            for arm, models in self.models.items()
        }

    def truth(self, arm: str, quantity: Callable[[Known], float]) -> float:
        """Mean of a quantity over the models of an arm."""
        return float(np.mean([quantity(known) for known in self.everybody[arm]]))


def study(design: Design, seed: int) -> PredictedStudy:
    """One study of a design."""
    draw = np.random.default_rng([seed, design.n, int(100 * design.signal)])
    X, group = draw.normal(size=(design.n, 5)), np.arange(design.n) % len(GROUPS)
    linear = X @ design.weights + design.intercept + design.shifted * (group == 2)
    outcome = _drawn(design, linear, draw)
    fold = draw.permutation(np.arange(design.n) % N_FOLDS)
    parts: list[pd.DataFrame] = []
    models: dict[str, list[Model]] = {arm: [] for arm in COLUMNS}
    for arm, columns in COLUMNS.items():
        for number in range(N_FOLDS):
            held_out = fold == number
            model = _fitted(design, X[~held_out], outcome[~held_out], columns)
            models[arm].append(model)
            rows = _rows(model, X[held_out], outcome[held_out], group[held_out])
            subjects = [f"P{place:04d}" for place in np.flatnonzero(held_out)]
            columns_ = {"arm": arm, "fold": str(number + 1), "subject_id": subjects}
            parts.append(rows.assign(**columns_))
    table = pd.concat(parts, ignore_index=True).assign(
        endpoint="endpoint", scheme="cv", repeat=1
    )
    table["cluster"] = table["subject_id"]
    return PredictedStudy(*_split(design, table), models, population(design))


def many(design: Design, n_studies: int) -> Iterator[PredictedStudy]:
    """Independent studies of one design."""
    for seed in range(n_studies):
        yield study(design, seed)


@lru_cache
def population(design: Design) -> Population:
    """Everybody whom a design draws from; the same for all of its studies."""
    draw = np.random.default_rng(1)
    X = draw.normal(size=(N_POPULATION, 5))
    group = np.arange(N_POPULATION) % len(GROUPS)
    linear = X @ design.weights + design.intercept + design.shifted * (group == 2)
    if design.kind == "binary":
        return Population(X, linear, np.asarray(special.expit(linear)))
    return Population(X, linear, 1 - np.exp(-_RATE * HORIZON_DAYS * np.exp(linear)))


def _drawn(
    design: Design, linear: np.ndarray, draw: np.random.Generator
) -> pd.DataFrame:
    """Outcomes: events, with exponential times and dropout if the kind has times."""
    n = len(linear)
    if design.kind == "binary":
        event = draw.random(n) < special.expit(linear)
        return pd.DataFrame({"event": event.astype(float), "time_days": np.nan})
    days = draw.exponential(1 / (_RATE * np.exp(linear)))
    end = np.minimum(draw.exponential(1500.0, n), 1000.0)
    observed = np.ceil(np.minimum(days, end))
    return pd.DataFrame({"event": (days <= end).astype(float), "time_days": observed})


def _fitted(
    design: Design, X: np.ndarray, outcome: pd.DataFrame, columns: slice
) -> Model:
    y = OUTCOME_KINDS[design.kind].target(outcome)
    own = X[:, columns]
    if design.kind == "binary":
        found = _logistic(np.column_stack([np.ones(len(own)), own]), y)
        score = own @ found[1:] + found[0]
        cuts = _youden(score, outcome["event"].to_numpy()), float(np.median(score))
        return Model(columns, found[1:], float(found[0]), None, *cuts)
    likelihood, weights = PartialLikelihood.of(y), np.zeros(own.shape[1])
    for _ in range(30):
        _, gradient, information = likelihood.derivatives(own, weights)
        weights = weights + np.linalg.solve(information, gradient)
    (whole,) = likelihood.cumulative_hazards(own @ weights).values()
    hazard = StratumHazard(
        times_days=whole.times.tolist(), cumulative_hazard=whole.cumulative.tolist()
    )
    return Model(columns, weights, 0.0, hazard, cut=float(np.median(own @ weights)))


def _logistic(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Coefficients without a penalty, by Newton's method."""
    found = np.zeros(X.shape[1])
    for _ in range(30):
        p = special.expit(X @ found)
        found = found + np.linalg.solve((X.T * (p * (1 - p))) @ X, X.T @ (y - p))
    return found


def _rows(
    model: Model, X: np.ndarray, outcome: pd.DataFrame, group: np.ndarray
) -> pd.DataFrame:
    table = outcome.reset_index(drop=True).assign(
        group=[GROUPS[number] for number in group],
        score=model.scores(X),
        probability=model.probabilities(X),
        threshold_youden=model.threshold,
    )
    high = table["score"] > model.cut
    return table.assign(risk_group=np.where(high, "high", "low"), reason=None)


def _youden(score: np.ndarray, event: np.ndarray) -> float:
    """Score at which sensitivity and specificity are largest together."""
    values = np.unique(score)
    positive = score[None, :] >= values[:, None]
    gain = positive[:, event == 1].mean(axis=1) - positive[:, event == 0].mean(axis=1)
    return float(values[np.argmax(gain)])


def _split(design: Design, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Predictions, and the risks of outcomes with times."""
    table["event"] = table["event"].astype(int)
    if design.kind == "binary":
        return table, pd.DataFrame()
    keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    risks = table[keys].assign(horizon_days=HORIZON_DAYS, risk=table["probability"])
    plain = table.drop(columns="threshold_youden").assign(probability=np.nan)
    return plain, risks

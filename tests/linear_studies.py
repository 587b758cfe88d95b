"""Noise and known truths, judged by the code of a study in a fraction of a second.

Studies of several groups with fast linear models in place of the penalized ones: what
is simulated is the evaluation, the permutations and their errors. The truth of each
number is the mean discrimination of the very models of the folds on new subjects, by
numerical integration.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy import special

from concord.evaluation.calibration import Calibration, Calibrations
from concord.evaluation.comparisons import comparisons
from concord.evaluation.intervals import logit_bounds
from concord.evaluation.null_band import p_value
from concord.evaluation.null_tests import null_tests
from concord.evaluation.performance import performance
from concord.evaluation.risk_groups import risk_groups
from concord.models.null.permutation import exchangeable_blocks, permuted_order
from concord.models.null.permuted_values import (
    PreparedFold,
    Refitted,
    log_rank_statistics,
    values_and_errors,
)
from concord.statistics.outcome_kinds import OUTCOME_KINDS

#: Sees five features, the informative ones among them.
FIXED = "fixed features"
#: Selects five of all features.
SELECTED = "selected features"
#: Selects among features centred and scaled within each group; a group that was left
#: out is adapted to by ten of its subjects.
HARMONIZED = "harmonized"
#: The same features without harmonization.
RAW = "unharmonized"
#: Sees the group only.
SITE = "group only"
N_FOLDS, N_INFORMATIVE, N_CHOSEN, N_ADAPTING = 5, 3, 5, 10
#: Share of the variance of features that lesions of one patient have in common.
SHARED = 0.7
#: Features have a variance of 1; a ridge penalty keeps fits of few subjects finite.
RIDGE = 0.3
LOGIT = -0.4


@dataclass(frozen=True)
class Setting:
    """A design: sizes, signal and arms."""

    kind: str = "binary"
    n: int = 100
    signal: float = 0.0
    repeats: int = 1
    n_groups: int = 3
    n_features: int = 40
    clustered: bool = False
    permutations: int = 99
    left_out: bool = True
    arms: tuple[str, ...] = (FIXED, SELECTED, HARMONIZED)


@dataclass(frozen=True)
class _Sample:
    """Subjects of a study."""

    latent: np.ndarray  # features without the effect of groups
    measured: np.ndarray  # with it
    group: np.ndarray
    cluster: np.ndarray
    y: np.ndarray  # as OutcomeKind.target gives it
    shift: np.ndarray  # (groups, features)
    scale: np.ndarray


@dataclass(frozen=True)
class _Models:
    """Linear models on chosen columns, one per set of outcomes."""

    columns: np.ndarray  # (sets, chosen)
    weights: np.ndarray  # the same shape

    def scores(self, rows: np.ndarray) -> np.ndarray:
        """Scores, shape (sets, rows)."""
        return np.einsum("msk,sk->sm", rows[:, self.columns], self.weights)

    def first(self, n_features: int) -> np.ndarray:
        """Weights of all features in the model of the first set."""
        full = np.zeros(n_features)
        full[self.columns[0]] = self.weights[0]
        return full


def judged(setting: Setting, seed: int) -> pd.DataFrame:
    """Every number that a study would print, with its truth.

    Returns
    -------
    DataFrame
        `quantity`, `arm`, `estimate`, `lower`, `upper`, `truth`, and for tests
        `p_value` and `p_below` (of the other side).
    """
    generator = np.random.default_rng([seed, setting.n, int(setting.signal * 10)])
    sample = _sample(setting, generator)
    results = _Results(setting, sample, generator)
    for repeat in range(1, setting.repeats + 1):
        results.cross_validate(repeat, _folds(sample, generator))
    if setting.left_out:
        results.leave_out()
    return results.judged()


class _Results:
    """Tables of predictions, fits, permutations and truths, fold by fold."""

    def __init__(
        self, setting: Setting, sample: _Sample, generator: np.random.Generator
    ) -> None:
        self.setting, self.sample = setting, sample
        self.outcome = OUTCOME_KINDS[setting.kind]
        n = setting.permutations
        self.y = sample.y[_orders(sample.group, sample.cluster, n, generator)]
        anywhere = np.zeros_like(sample.group)
        free = _orders(anywhere, sample.cluster, n, generator)[1:]
        self.free = sample.y[free]
        self.predictions: list[pd.DataFrame] = []
        self.truths: dict[tuple[str, str], list[dict[str, float]]] = {}
        self.values: list[pd.DataFrame] = []

    def cross_validate(self, repeat: int, fold: np.ndarray) -> None:
        """All arms in the folds of one repeat."""
        for arm in self.setting.arms:
            y = self._outcomes(arm) if repeat == 1 else self.y[:1]
            found = [
                self._fold(arm, "cv", repeat, str(k), fold == k, y)
                for k in range(1, N_FOLDS + 1)
            ]
            if repeat == 1:
                self._permuted(arm, "cv", found, y)

    def leave_out(self) -> None:
        """All arms but that of the group, each group left out once."""
        for arm in self.setting.arms:
            if arm == SITE:
                continue
            groups = range(self.setting.n_groups)
            found = [
                self._fold(arm, "loso", 1, f"G{k}", self.sample.group == k, self.y)
                for k in groups
            ]
            self._permuted(arm, "loso", found, self.y)

    def _outcomes(self, arm: str) -> np.ndarray:
        """As observed, permuted within groups and, if it may see them, freely."""
        return np.concatenate([self.y, self.free]) if arm in (RAW, SITE) else self.y

    def judged(self) -> pd.DataFrame:
        """Rows of the tables of a study, with truths."""
        predictions = pd.concat(self.predictions, ignore_index=True)
        keys = ["endpoint", "arm", "scheme", "repeat", "fold"]
        fits = predictions[keys].drop_duplicates()
        null = self.null()
        widened = Calibrations.of(null)
        values = performance(predictions, fits, self.outcome, 0.95, widened)
        parts = [self._estimates(values), self._tests(values, null, predictions)]
        pairs = _pairs(self.setting.arms)
        if pairs:
            found = comparisons(predictions, fits, self.outcome, 0.95, pairs, widened)
            parts.append(self._differences(found))
        return pd.concat(parts, ignore_index=True)

    def _fold(
        self,
        arm: str,
        scheme: str,
        repeat: int,
        name: str,
        held_out: np.ndarray,
        y: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray, Refitted]:
        """Fit and score one fold; its numbers of subjects and what it scores."""
        evaluation, development = np.flatnonzero(held_out), np.flatnonzero(~held_out)
        if arm == HARMONIZED and scheme == "loso":
            evaluation = evaluation[N_ADAPTING:]
        known, rows, units = self._features(arm, development, evaluation, held_out)
        models = _fitted(arm, known, y[:, development])
        refitted = models.scores(rows)
        cut = np.median(models.scores(known), axis=1)
        found = Refitted(refitted, (refitted > cut[:, None]).astype(int))
        self._record(arm, scheme, repeat, name, evaluation, found)
        truth = _truth(self.setting, models.first(known.shape[1]), units)
        self.truths.setdefault((arm, scheme), []).append(truth | {"fold": name})
        return development, evaluation, found

    def _features(
        self,
        arm: str,
        development: np.ndarray,
        evaluation: np.ndarray,
        held_out: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
        """Columns of both sides, and offset and scale of the features by group."""
        sample, n_groups = self.sample, self.setting.n_groups
        n_features = self.setting.n_features
        plain = [(np.zeros(n_features), np.ones(n_features))] * n_groups
        if arm == SITE:
            columns = np.eye(max(n_groups, N_CHOSEN))[sample.group]
            known, rows, units = columns[development], columns[evaluation], []
        elif arm in (FIXED, SELECTED):
            known, rows = sample.latent[development], sample.latent[evaluation]
            units = plain
        elif arm == RAW:
            known, rows = sample.measured[development], sample.measured[evaluation]
            units = list(zip(sample.shift, sample.scale, strict=True))
        else:
            known, rows, units = self._harmonized(development, evaluation, held_out)
        centre = known.mean(axis=0)
        return known - centre, rows - centre, units

    def _harmonized(
        self, development: np.ndarray, evaluation: np.ndarray, held_out: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, np.ndarray]]]:
        sample = self.sample
        values, units = sample.measured.copy(), []
        for k in range(self.setting.n_groups):
            mine = sample.group == k
            learnt = np.flatnonzero(mine & ~held_out)
            if not len(learnt):
                learnt = np.flatnonzero(mine)[:N_ADAPTING]
            mean, sd = values[learnt].mean(axis=0), values[learnt].std(axis=0)
            values[mine] = (values[mine] - mean) / sd
            units.append(((sample.shift[k] - mean) / sd, sample.scale[k] / sd))
        return values[development], values[evaluation], units

    def _record(
        self,
        arm: str,
        scheme: str,
        repeat: int,
        fold: str,
        evaluation: np.ndarray,
        found: Refitted,
    ) -> None:
        y = self.sample.y[evaluation]
        timed = y.dtype.names is not None
        columns = {
            "endpoint": "endpoint",
            "arm": arm,
            "scheme": scheme,
            "repeat": repeat,
            "fold": fold,
            "subject_id": [f"P{k:04d}" for k in evaluation],
            "group": [f"G{k}" for k in self.sample.group[evaluation]],
            "cluster": [f"C{k:04d}" for k in self.sample.cluster[evaluation]],
            "event": (y["event"] if timed else y).astype(int),
            "time_days": y["time_days"] if timed else np.nan,
            "score": found.scores[0],
            "risk_group": np.where(found.group[0] == 1, "high", "low"),
        }
        self.predictions.append(pd.DataFrame(columns))

    def _permuted(
        self,
        arm: str,
        scheme: str,
        found: list[tuple[np.ndarray, np.ndarray, Refitted]],
        y: np.ndarray,
    ) -> None:
        """Values under the observed outcomes, which come first, and the permuted."""
        folds = [PreparedFold(known, rows, None) for known, rows, _ in found]
        refits = [one for _, _, one in found]
        cluster = self.sample.cluster
        estimate, error = values_and_errors(folds, refits, y, cluster, self.outcome)
        timed = self.outcome.has_times and scheme == "cv"
        z = log_rank_statistics(folds, refits, y) if timed else np.nan
        columns = {"estimate": estimate, "standard_error": error, "log_rank_z": z}
        table = pd.DataFrame(columns).assign(arm=arm, scheme=scheme)
        kept, free = table.iloc[: len(self.y)], table.iloc[len(self.y) :]
        for column in ("estimate", "standard_error"):
            freely = np.append(np.nan, free[column]) if len(free) else np.nan
            kept = kept.assign(**{f"free_{column}": freely})
        self.values.append(kept)

    def null(self) -> pd.DataFrame:
        """Rows of the null, without the outcomes that were observed."""
        return pd.concat([table.iloc[1:] for table in self.values], ignore_index=True)

    def _mean_truth(self, arm: str, scheme: str, stratum: str) -> float:
        truths = self.truths[arm, scheme]
        if scheme == "loso":
            own = [t[f"group={t['fold']}"] for t in truths]
            if stratum != "all":
                return next(
                    v
                    for t, v in zip(truths, own, strict=True)
                    if stratum == f"group={t['fold']}"
                )
            return float(np.mean(own))
        return float(np.mean([truth[stratum] for truth in truths]))

    def _estimates(self, values: pd.DataFrame) -> pd.DataFrame:
        truth = [
            self._mean_truth(row.arm, row.scheme, row.stratum)
            for row in values.itertuples()
        ]
        stratum = values["stratum"].where(
            ~values["stratum"].str.startswith("group="), "one group"
        )
        quantity = values["scheme"] + ", " + stratum
        columns = ["arm", "estimate", "lower", "upper", "reason"]
        return values[columns].assign(quantity=quantity, truth=truth)

    def _differences(self, found: pd.DataFrame) -> pd.DataFrame:
        truth = [
            self._mean_truth(row.arm, row.scheme, "all")
            - self._mean_truth(row.reference_arm, row.scheme, "all")
            for row in found.itertuples()
        ]
        columns = ["estimate", "lower", "upper", "reason"]
        return found[columns].assign(
            arm=found["arm"] + " - " + found["reference_arm"],
            quantity=found["scheme"] + ", difference",
            truth=truth,
        )

    def _tests(
        self, values: pd.DataFrame, null: pd.DataFrame, predictions: pd.DataFrame
    ) -> pd.DataFrame:
        found = null_tests(values, null)
        turned = values.assign(first_repeat=-values["first_repeat"])
        below = null_tests(turned, null.assign(estimate=-null["estimate"]))
        columns = ["arm", "estimate", "p_value", "place"]
        table = found[columns].assign(
            p_below=below["p_value"], quantity=found["scheme"] + ", p of the null"
        )
        if self.outcome.has_times:
            timed = risk_groups(predictions, null)
            z = timed["log_rank_z"].astype(float)
            table = pd.concat(
                [
                    table,
                    timed[["arm", "p_value"]].assign(
                        estimate=z,
                        quantity="cv, p of the log-rank",
                        nominal=2 * special.ndtr(-z.abs()),
                    ),
                ]
            )
        return table


def first_repeat(setting: Setting, seed: int) -> pd.DataFrame:
    """Of one repeat alone, and in a tenth of the time: value, interval and p-values.

    A row per arm and scheme, as far as the setting has them.
    """
    generator = np.random.default_rng([seed, setting.n, int(setting.signal * 10)])
    sample = _sample(setting, generator)
    results = _Results(setting, sample, generator)
    results.cross_validate(1, _folds(sample, generator))
    rows = []
    for table in results.values:
        permuted = table.iloc[1:]
        value, error, z = table[["estimate", "standard_error", "log_rank_z"]].iloc[0]
        widened = Calibration.of(permuted)
        row = {"arm": table["arm"].iloc[0], "estimate": value}
        row["p_value"] = p_value(value, permuted["estimate"].to_numpy())
        row["p_below"] = p_value(-value, -permuted["estimate"].to_numpy())
        row["p_log_rank"] = p_value(z, permuted["log_rank_z"].to_numpy())
        row["nominal"] = 2 * special.ndtr(-abs(z))
        se = error * widened.factor
        bounds = logit_bounds(value, se, 0.95, widened.degrees) if error else (0, 1)
        rows.append(row | dict(zip(("lower", "upper"), bounds, strict=True)))
        rows[-1]["unwidened"] = abs(value - 0.5) <= 1.96 * error
    return pd.DataFrame(rows).assign(seed=seed)


def predictions_of(setting: Setting, seed: int) -> pd.DataFrame:
    """Predictions of the first repeat of the cross-validation."""
    generator = np.random.default_rng([seed, setting.n, int(setting.signal * 10)])
    sample = _sample(setting, generator)
    results = _Results(setting, sample, generator)
    results.cross_validate(1, _folds(sample, generator))
    return pd.concat(results.predictions, ignore_index=True)


def _pairs(arms: tuple[str, ...]) -> list[tuple[str, str]]:
    """Arms that score the same subjects in all schemes, against the first."""
    compared = [arm for arm in arms if arm != SITE]
    return [(arm, compared[0]) for arm in compared[1:]]


def _sample(setting: Setting, generator: np.random.Generator) -> _Sample:
    n, p, g = setting.n, setting.n_features, setting.n_groups
    sizes = generator.integers(1, 4, n) if setting.clustered else np.ones(n, int)
    cluster = np.repeat(np.arange(n), sizes)[:n]
    m = cluster[-1] + 1
    group = (np.arange(m) % g)[cluster]
    own = generator.normal(size=(m, p))
    share = SHARED if setting.clustered else 1.0
    lesion = generator.normal(size=(n, p)) if setting.clustered else 0.0
    latent = np.sqrt(share) * own[cluster] + np.sqrt(1 - share) * lesion
    risk = setting.signal * own[:, :N_INFORMATIVE].sum(axis=1) / np.sqrt(N_INFORMATIVE)
    shift = generator.normal(size=(g, p))
    scale = generator.uniform(0.7, 1.4, size=(g, p))
    y = _outcomes(setting, risk, generator)[cluster]
    measured = shift[group] + scale[group] * latent
    return _Sample(latent, measured, group, cluster, y, shift, scale)


def _outcomes(
    setting: Setting, risk: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    if setting.kind == "binary":
        chance = special.expit(risk + LOGIT)
        return (generator.random(len(risk)) < chance).astype(float)
    time = generator.exponential(500 * np.exp(-risk))
    censored = generator.uniform(100, 1500, len(risk))
    y = np.empty(len(risk), dtype=[("event", bool), ("time_days", float)])
    y["event"], y["time_days"] = time <= censored, np.minimum(time, censored)
    return y


def _orders(
    group: np.ndarray, cluster: np.ndarray, n: int, generator: np.random.Generator
) -> np.ndarray:
    """Rows whose outcomes are taken: as observed first, then permuted in groups."""
    blocks = exchangeable_blocks(group.tolist(), cluster.tolist())
    drawn = [permuted_order(blocks, generator) for _ in range(n)]
    return np.array([np.arange(len(group)), *drawn])


def _folds(sample: _Sample, generator: np.random.Generator) -> np.ndarray:
    """Fold of each subject, from 1; groups are spread evenly, clusters kept whole."""
    _, first = np.unique(sample.cluster, return_index=True)
    shuffled = generator.permutation(len(first))
    order = shuffled[np.argsort(sample.group[first][shuffled], kind="stable")]
    fold = np.empty(len(first), dtype=int)
    fold[order] = np.arange(len(first)) % N_FOLDS
    return (generator.permutation(N_FOLDS)[fold] + 1)[sample.cluster]


def _fitted(arm: str, rows: np.ndarray, y: np.ndarray) -> _Models:
    """Ridge regression of residuals on five columns, for all sets of outcomes."""
    target = _residuals(y)
    sets = np.arange(target.shape[1])
    products = rows.T @ target / len(rows)
    if arm == FIXED or rows.shape[1] <= N_CHOSEN:
        columns = np.broadcast_to(np.arange(N_CHOSEN), (len(sets), N_CHOSEN))
    else:
        strongest = np.argpartition(-np.abs(products), N_CHOSEN, axis=0)
        columns = strongest[:N_CHOSEN].T
    squares = rows.T @ rows / len(rows)
    left = squares[columns[:, :, None], columns[:, None, :]] + RIDGE * np.eye(N_CHOSEN)
    right = products[columns, sets[:, None]]
    return _Models(columns, np.linalg.solve(left, right[..., None])[..., 0])


def _residuals(y: np.ndarray) -> np.ndarray:
    """Centred outcomes, or martingale residuals of times, shape (rows, sets)."""
    if y.dtype.names is None:
        return (y - y.mean(axis=1, keepdims=True)).T
    order = np.argsort(y["time_days"], axis=1)
    event = y["event"].astype(float)
    at_risk = y.shape[1] - np.arange(y.shape[1])
    hazard = np.cumsum(np.take_along_axis(event, order, axis=1) / at_risk, axis=1)
    found = np.empty_like(hazard)
    np.put_along_axis(found, order, hazard, axis=1)
    return (event - found).T


def _truth(
    setting: Setting, weights: np.ndarray, units: list[tuple[np.ndarray, np.ndarray]]
) -> dict[str, float]:
    """Discrimination of a model on new subjects, by stratum.

    With the features of group g as ``offset + scale * latent``, scores of it are normal
    given the risk; pairs are weighed by how likely they can be compared.
    """
    names = [f"group={k}" for k in (f"G{k}" for k in range(setting.n_groups))]
    if setting.signal == 0 or not units:
        return dict.fromkeys(["all", "within", *names], 0.5)
    weight, risk = _pair_weights(setting.kind, setting.signal)
    share = SHARED if setting.clustered else 1.0
    direction = np.zeros(len(weights))
    direction[:N_INFORMATIVE] = 1 / np.sqrt(N_INFORMATIVE)
    lines = []
    for offset, scale in units:
        slope = np.sqrt(share) * (weights * scale) @ direction
        rest = ((weights * scale) ** 2).sum() - slope**2
        lines.append((weights @ offset, slope, rest))
    won = np.empty((len(lines), len(lines)))
    for i, (a, slope, rest) in enumerate(lines):
        for j, (b, other, more) in enumerate(lines):
            mean = a - b + slope * risk[:, None] - other * risk[None, :]
            won[i, j] = (weight * special.ndtr(mean / np.sqrt(rest + more))).sum()
    own = dict(zip(names, np.diag(won).tolist(), strict=True))
    return {"all": float(won.mean()), "within": float(np.diag(won).mean()), **own}


@cache
def _pair_weights(kind: str, signal: float) -> tuple[np.ndarray, np.ndarray]:
    """Share of each pair of risks among those that are compared, and the risks."""
    z = np.linspace(-4, 4, 41)
    density = np.exp(-(z**2) / 2)
    if kind == "binary":
        chance = special.expit(signal * z + LOGIT)
        weight = np.outer(density * chance, density * (1 - chance))
        return weight / weight.sum(), z
    rate = np.exp(signal * z) / 500
    weight = np.zeros((len(z), len(z)))
    for days in np.linspace(0, 1500, 301):
        kept = 1 - np.clip((days - 100) / 1400, 0, 1)
        alive = np.exp(-np.add.outer(rate, rate) * days)
        weight += rate[:, None] * alive * kept**2
    weight *= np.outer(density, density)
    return weight / weight.sum(), z


def many(setting: Setting, seeds: range) -> Iterator[pd.DataFrame]:
    """Several studies of one setting."""
    for seed in seeds:
        yield judged(setting, seed).assign(seed=seed)


def coverage(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of intervals that hold the truth, and their mean width, by quantity."""
    known = rows[rows["lower"].notna()]
    covered = (known["lower"] <= known["truth"]) & (known["truth"] <= known["upper"])
    table = known.assign(covered=covered, width=known["upper"] - known["lower"])
    return table.groupby(["quantity", "arm"], sort=False).agg(
        n=("covered", "size"),
        estimate=("estimate", "mean"),
        covered=("covered", "mean"),
        width=("width", "mean"),
    )


def rejections(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of p-values at most 0.05 and at most 0.01, by quantity."""
    known = rows[rows["p_value"].notna()]
    tables = known.assign(
        at_05=known["p_value"] <= 0.05, at_01=known["p_value"] <= 0.01
    )
    return tables.groupby(["quantity", "arm"], sort=False).agg(
        n=("p_value", "size"),
        estimate=("estimate", "mean"),
        at_05=("at_05", "mean"),
        at_01=("at_01", "mean"),
    )

"""Subjects of one repeat with their probabilities, outcomes and weights."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ...folds.scheme import kind_of, require_evaluated
from ...statistics.calibration.links import CLOGLOG, LOGIT, Link
from ...statistics.survival.brier import HorizonBrier
from ...statistics.survival.pseudo_values import pseudo_values, reaches, risk_at
from ..outcome_codes import OF_INTEREST, OTHER, outcome_codes

_KEYS = ["repeat", "subject_id"]
#: Columns that are needed of predictions, of those that there are.
_COLUMNS = ["repeat", "fold", "subject_id", "group", "cluster"]
_COLUMNS += ["event", "cause", "time_days", "weight", "predicted"]
_FOLD = ["repeat", "fold"]


@dataclass(frozen=True)
class Part:
    """Rows of one arm, scheme and horizon (NaN: a binary outcome).

    `rows` are predictions with a known outcome, `predicted` (probability) and
    `linear` (the same on the scale of the link).
    """

    endpoint: str
    arm: str
    scheme: str
    horizon: float
    rows: pd.DataFrame

    @property
    def head(self) -> dict[str, str | float]:
        """Columns that name the part."""
        return {
            "endpoint": self.endpoint,
            "arm": self.arm,
            "scheme": self.scheme,
            "horizon_days": self.horizon,
        }

    @property
    def link(self) -> Link:
        """Scale of calibration: logit, or cloglog of a risk at a horizon."""
        return link_of(self.horizon)

    @cached_property
    def development_variance(self) -> pd.Series:
        """Squared error of the intercept of the model that each row is predicted by.

        Of folds that leave each subject out once, the others are the development set.
        NaN of declared evaluation sets, of whose models nothing is known here.
        """
        if kind_of(self.scheme).once or self.rows.empty:
            return pd.Series(np.nan, self.rows.index)
        linear = self.rows["linear"].to_numpy(dtype=float)
        rate = self.link.slope(linear) * self.link.score(linear)
        rates = self.rows[_FOLD].assign(rate=rate)
        own = rates.groupby(_FOLD)["rate"].transform("sum")
        others = rates.groupby("repeat")["rate"].transform("sum") - own
        return 1 / others.where(others > 0)

    def strata(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """All rows, then those of each group, if there are several."""
        yield "all", self.rows
        groups = list(self.rows.groupby("group", sort=True))
        if len(groups) > 1:
            yield from ((f"group={name}", part) for name, part in groups)


@dataclass(frozen=True)
class Judged:
    """Subjects of one repeat; each is predicted once.

    Risks are absolute, so that those of all folds of a repeat are taken together.
    """

    repeat: int
    horizon: float
    rows: pd.DataFrame

    @cached_property
    def predicted(self) -> np.ndarray:
        """Predicted probability, shape (n,)."""
        return self.rows["predicted"].to_numpy(dtype=float)

    @cached_property
    def linear(self) -> np.ndarray:
        """The same on the scale of the link, shape (n,)."""
        return self.rows["linear"].to_numpy(dtype=float)

    @cached_property
    def centre(self) -> np.ndarray:
        """Mean of that over those of these subjects whom one model predicts, (n,)."""
        names, place = np.unique(self.rows["fold"].astype(str), return_inverse=True)
        total = np.bincount(place, self.linear, len(names))
        return np.asarray((total / np.bincount(place, minlength=len(names)))[place])

    @cached_property
    def weight(self) -> np.ndarray:
        """Weight for subjects censored before a horizon, with mean 1; shape (n,)."""
        if "weight" not in self.rows:
            return np.ones(len(self.rows))
        weight = self.rows["weight"].to_numpy(dtype=float)
        return np.asarray(weight / weight.mean())

    @cached_property
    def code(self) -> np.ndarray:
        """1 for the event of interest, 2 for one of another cause, 0 without."""
        return outcome_codes(self.rows)

    @cached_property
    def time(self) -> np.ndarray:
        """Time to the first event or censoring in days, shape (n,)."""
        return self.rows["time_days"].to_numpy(dtype=float)

    @property
    def is_binary(self) -> bool:
        """True of an outcome without times."""
        return bool(np.isnan(self.horizon))

    @cached_property
    def happened(self) -> np.ndarray:
        """True for the event of interest, by the horizon; shape (n,)."""
        own = self.code == OF_INTEREST
        return own if self.is_binary else np.asarray(own & (self.time <= self.horizon))

    @cached_property
    def is_free(self) -> np.ndarray:
        """True for those who are known not to have had it by then; shape (n,)."""
        if self.is_binary:
            return ~self.happened
        other = (self.code == OTHER) & (self.time <= self.horizon)
        return np.asarray(other | (self.time > self.horizon))

    @cached_property
    def is_reached(self) -> bool:
        """True unless the follow-up of all ends before the horizon."""
        return self.is_binary or reaches(self.time, self.code, self.horizon)

    @cached_property
    def outcome(self) -> np.ndarray:
        """Event (0/1), or the pseudo-observation of the risk; shape (n,)."""
        if self.is_binary:
            return self.happened.astype(float)
        return pseudo_values(self.time, self.code, OF_INTEREST, self.horizon)

    @cached_property
    def observed(self) -> float:
        """Share of subjects with the event, or its estimate at the horizon."""
        if self.is_binary:
            return float(np.average(self.outcome, weights=self.weight))
        return risk_at(self.time, self.code, OF_INTEREST, self.horizon)

    def brier(self, risk: np.ndarray) -> tuple[float, np.ndarray]:
        """Brier score of risks, and what each subject adds to its error, (n,)."""
        n = len(risk)
        factor = np.sqrt(n / (n - 1)) / n if n > 1 else np.nan
        if self.is_binary:
            error = self.weight * (self.outcome - risk) ** 2
            value = float(error.mean())
            return value, factor * (error - self.weight * value)
        score = self._weighted.score(risk)
        return score.estimate, factor * score.influence

    @cached_property
    def _weighted(self) -> HorizonBrier:
        return HorizonBrier.of(self.time, self.code, OF_INTEREST, self.horizon)


def link_of(horizon: float) -> Link:
    """Scale of calibration of an outcome without times (NaN), or at a horizon."""
    return LOGIT if np.isnan(horizon) else CLOGLOG


def judged(rows: pd.DataFrame, horizon: float) -> list[Judged]:
    """Subjects of each repeat that some rows of a part have."""
    return [
        Judged(int(mine["repeat"].iloc[0]), horizon, mine)
        for _, mine in rows.groupby("repeat", sort=True)
    ]


def parts(
    predictions: pd.DataFrame, risks: pd.DataFrame, has_times: bool
) -> Iterator[Part]:
    """Rows of each arm, scheme and horizon, sorted; none of times without horizons.

    Parameters
    ----------
    predictions : DataFrame
        Table kind "predictions" of one endpoint.
    risks : DataFrame
        Table kind "risks" of it; empty without a declared horizon.
    has_times : bool
        False of a binary outcome.
    """
    require_evaluated(predictions, "predictions")
    if has_times:
        require_evaluated(risks, "risks")
        keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
        table = predictions.merge(risks, on=keys, how="inner", validate="1:m")
        table = table.assign(predicted=table["risk"])
    else:
        table = predictions.assign(
            predicted=predictions["probability"], horizon_days=np.nan
        )
    names = ["endpoint", "arm", "scheme", "horizon_days"]
    for _, rows in table.groupby(names, sort=True, dropna=False):
        endpoint, arm, scheme = (str(rows[name].iloc[0]) for name in names[:3])
        horizon = float(rows["horizon_days"].iloc[0])
        yield Part(endpoint, arm, scheme, horizon, _known(rows, horizon))


def _known(rows: pd.DataFrame, horizon: float) -> pd.DataFrame:
    """Rows with a probability and an outcome, with the scale of the link."""
    known = rows["predicted"].notna() & rows["event"].notna()
    if not np.isnan(horizon):
        known &= rows["time_days"].notna()
    kept = [name for name in _COLUMNS if name in rows]
    rows = rows.loc[known, kept].sort_values(_KEYS)
    predicted = rows["predicted"].to_numpy(dtype=float)
    return rows.assign(linear=link_of(horizon).of(predicted))

"""Kept covariates as columns of a design, coded as the development rows say."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ...errors import ConfigError, FitError, quoted
from ...folds.category_columns import categories, commonest_level
from ...statistics.constants import varies
from .base import to_json

NUMBER, CATEGORY, SMOOTH = "number", "category", "smooth"
#: Outer knots of a curve leave this share of the rows outside, at most.
_TAIL = 0.05


@dataclass(frozen=True)
class Covariate:
    """Coding of one covariate as columns; all numbers are of development rows."""

    name: str
    kind: str  # "number", "category" or "smooth"
    fill: float | str  # what a missing value becomes: median, or commonest level
    levels: tuple[str, ...]  # of a category, sorted; the first has no column
    knots: tuple[float, ...]  # of a curve, in units of `spread` about `centre`
    centre: float
    spread: float

    def columns(self, values: pd.Series) -> np.ndarray:
        """Columns of the covariate, shape (n, k); each row by itself."""
        if self.kind == CATEGORY:
            return _indicators(_text(values), self)
        number = _number(values)
        filled = np.where(np.isfinite(number), number, self.fill)
        scaled = (filled - self.centre) / self.spread
        return natural_spline(scaled, self.knots)


@dataclass(frozen=True)
class Coding:
    """All kept covariates; their columns are centred and scaled.

    A column without spread in the development rows is zero in all rows and gets
    no effect.
    """

    covariates: tuple[Covariate, ...]
    mean: np.ndarray  # (k,)
    sd: np.ndarray  # (k,), NaN for a column without spread
    names: tuple[str, ...]  # (k,), the covariate that each column belongs to

    def columns(self, X: pd.DataFrame) -> np.ndarray:
        """Columns of the design, shape (n, k)."""
        if not self.covariates:
            return np.zeros((len(X), 0))
        parts = [one.columns(X[one.name]) for one in self.covariates]
        scaled = (np.hstack(parts) - self.mean) / self.sd
        return np.where(np.isnan(self.sd), 0.0, scaled)

    def estimates(self) -> dict[str, Any]:
        """Everything learnt, as values that JSON can hold."""
        return {
            "covariates": [asdict(one) for one in self.covariates],
            "mean": self.mean.tolist(),
            "sd": to_json(self.sd),
            "names": list(self.names),
        }

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> "Coding":
        """The coding that gave these estimates."""
        covariates = [
            Covariate(
                **{**one, "levels": tuple(one["levels"]), "knots": tuple(one["knots"])}
            )
            for one in found["covariates"]
        ]
        mean, sd = (np.asarray(found[name], dtype=float) for name in ("mean", "sd"))
        return cls(tuple(covariates), mean, sd, tuple(found["names"]))


def fit_coding(
    X: pd.DataFrame, keep: Sequence[str], smooth: Sequence[str], n_knots: int
) -> Coding:
    """The coding of covariates, learnt from development rows.

    Parameters
    ----------
    X : DataFrame
        Development rows. A column of numbers is a number, any other a category.
    keep, smooth : sequence of str
        Columns to keep; those of `smooth`, which `keep` must name, as curves.
    n_knots : int
        Knots of a curve, at equally spaced quantiles.

    Raises
    ------
    FitError
        If a covariate has no value, or cannot be a curve.
    """
    strangers = [name for name in smooth if name not in keep]
    if strangers:
        raise ConfigError(
            f"harmonization.smooth names {strangers}, which harmonization.keep does "
            f"not: {list(keep)}. Name them in both."
        )
    covariates = _with_levels(
        X, [_fit_covariate(X, name, name in smooth, n_knots) for name in keep]
    )
    coded = [one.columns(X[one.name]) for one in covariates]
    names = [
        one.name
        for one, columns in zip(covariates, coded, strict=True)
        for _ in range(columns.shape[1])
    ]
    design = np.hstack(coded) if coded else np.zeros((len(X), 0))
    known = varies(design)
    mean = np.where(known, design.mean(axis=0), design.min(axis=0, initial=np.inf))
    sd = np.where(known, design.std(axis=0), np.nan)
    return Coding(covariates, mean, sd, tuple(names))


def natural_spline(values: np.ndarray, knots: Sequence[float]) -> np.ndarray:
    """Natural cubic spline basis without intercept [1]_, shape (n, knots - 1).

    The curve is linear beyond the outer knots, so that a value outside the
    development range is extrapolated mildly. With fewer than three knots it is
    a line. Each row is computed by itself.

    References
    ----------
    .. [1] Hastie, T., Tibshirani, R. and Friedman, J. (2009). The Elements of
           Statistical Learning, 2nd ed., equations 5.4 and 5.5.
           https://doi.org/10.1007/978-0-387-84858-7
    """
    columns = [values]
    if len(knots) >= 3:
        last = _truncated(values, knots, len(knots) - 2)
        columns += [
            _truncated(values, knots, number) - last for number in range(len(knots) - 2)
        ]
    return np.column_stack(columns)


def _truncated(values: np.ndarray, knots: Sequence[float], number: int) -> np.ndarray:
    above = np.maximum(values - knots[number], 0.0)
    beyond = np.maximum(values - knots[-1], 0.0)
    cubes = above * above * above - beyond * beyond * beyond
    return np.asarray(cubes / (knots[-1] - knots[number]))


def _fit_covariate(X: pd.DataFrame, name: str, smooth: bool, n_knots: int) -> Covariate:
    values = X[name]
    if values.isna().all():
        raise FitError(
            f"the kept covariate {name!r} has no value in the development rows. Take "
            "it out of harmonization.keep."
        )
    if not pd.api.types.is_numeric_dtype(values) or values.dtype == bool:
        return _category(values, name, smooth)
    number = _number(values)
    known = number[np.isfinite(number)]
    fill = float(np.median(known))
    if not smooth:
        return Covariate(name, NUMBER, fill, (), (), 0.0, 1.0)
    centre, spread = float(known.mean()), float(known.std()) or 1.0
    places = np.linspace(_TAIL, 1 - _TAIL, n_knots)
    knots = np.unique(np.quantile((known - centre) / spread, places))
    return Covariate(name, SMOOTH, fill, (), tuple(knots.tolist()), centre, spread)


def _with_levels(
    X: pd.DataFrame, covariates: Sequence[Covariate]
) -> tuple[Covariate, ...]:
    """Covariates in which a missing category takes its commonest level as a whole."""
    filled = list(covariates)
    for places in categories(one.name for one in covariates):
        if any(covariates[place].kind != NUMBER for place in places):
            continue
        columns = [covariates[place].name for place in places]
        fill = commonest_level(X[columns].to_numpy(dtype=float, na_value=np.nan))
        for place, value in zip(places, fill, strict=True):
            if np.isfinite(value):
                filled[place] = replace(covariates[place], fill=float(value))
    return tuple(filled)


def _category(values: pd.Series, name: str, smooth: bool) -> Covariate:
    if smooth:
        raise FitError(
            f"the kept covariate {name!r} is a category, so it cannot be a curve. Take "
            "it out of harmonization.smooth."
        )
    text = _text(values)
    levels, counts = np.unique(text[text != ""], return_counts=True)
    commonest = str(levels[np.argmax(counts)])
    return Covariate(name, CATEGORY, commonest, tuple(levels.tolist()), (), 0.0, 1.0)


def _indicators(text: np.ndarray, covariate: Covariate) -> np.ndarray:
    filled = np.where(text == "", covariate.fill, text)
    unknown = sorted(set(filled.tolist()) - set(covariate.levels))
    if unknown:
        raise FitError(
            f"the kept covariate {covariate.name!r} has the level "
            f"{quoted(unknown[0])}, which no development row has; they have "
            f"[{', '.join(map(quoted, covariate.levels))}]. Merge "
            "rare levels, or leave these rows out."
        )
    levels = np.array(covariate.levels[1:], dtype=str)
    return np.asarray((filled[:, None] == levels[None, :]).astype(float))


def _text(values: pd.Series) -> np.ndarray:
    text = np.array([str(value).strip() for value in values], dtype=str)
    return np.where(values.isna().to_numpy(dtype=bool), "", text)


def _number(values: pd.Series) -> np.ndarray:
    return pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)

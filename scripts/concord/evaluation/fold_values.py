"""One number per evaluation fold, and intervals of means over folds."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..folds.scheme import kind_of
from ..statistics.discrimination import Concordance
from .intervals import Interval, nadeau_bengio, t_over_groups

_KEYS = ["repeat", "fold"]


@dataclass(frozen=True)
class FoldValues:
    """One number per fold of an arm and scheme; NaN where it is undefined."""

    keys: tuple[tuple[int, str], ...]  # (repeat, fold)
    values: np.ndarray
    ratios: np.ndarray  # evaluation subjects per development subject

    @classmethod
    def of(
        cls,
        scored: pd.DataFrame,
        ratios: pd.Series,
        pairs: Callable[[pd.DataFrame], Concordance],
    ) -> "FoldValues":
        """Concordance of each fold that was planned, also of those that failed.

        Parameters
        ----------
        scored : DataFrame
            Predictions of one arm and scheme with score and outcome.
        ratios : Series
            From `size_ratios`.
        pairs : callable
            Concordance of some rows.
        """
        parts = dict(iter(scored.groupby(_KEYS)))
        keys = tuple((int(repeat), str(fold)) for repeat, fold in ratios.index)
        values = [pairs(parts[key]).value if key in parts else np.nan for key in keys]
        return cls(keys, np.array(values, dtype=float), ratios.to_numpy(dtype=float))

    def defined(self) -> "FoldValues":
        """Those of the folds whose number is defined."""
        known = np.isfinite(self.values)
        keys = tuple(key for key, good in zip(self.keys, known, strict=True) if good)
        return FoldValues(keys, self.values[known], self.ratios[known])

    @property
    def n_defined(self) -> int:
        """Number of folds whose number is defined."""
        return len(self.defined().keys)

    @property
    def mean(self) -> float:
        """Mean over the folds whose number is defined; NaN without such a fold."""
        values = self.defined().values
        return float(values.mean()) if len(values) else np.nan

    def method(self, text: str) -> str:
        """Method, and how many folds it had to do without."""
        lost = len(self.keys) - self.n_defined
        return f"{text}; {lost} of {len(self.keys)} folds undefined" if lost else text

    def over_groups(self, confidence: float, text: str) -> Interval:
        """Mean over groups left out, with Student's t interval over groups."""
        method, defined = self.method(f"{text}; t interval over groups"), self.defined()
        if not len(defined.keys):
            return Interval(np.nan, np.nan, np.nan, method)
        return t_over_groups(defined.values, confidence, method)

    def resampled(self, confidence: float, text: str) -> Interval:
        """Mean over folds of repeats, with the interval of Nadeau and Bengio."""
        method, defined = self.method(f"{text}; Nadeau-Bengio interval"), self.defined()
        if not len(defined.keys):
            return Interval(np.nan, np.nan, np.nan, method)
        return nadeau_bengio(defined.values, defined.ratios, confidence, method)


def scored_rows(predictions: pd.DataFrame) -> pd.DataFrame:
    """Predictions with a score and a known outcome."""
    return predictions[predictions["score"].notna() & predictions["event"].notna()]


def of_arm(table: pd.DataFrame, arm: str, scheme: str) -> pd.DataFrame:
    """Rows of one arm and scheme."""
    return table[(table["arm"] == arm) & (table["scheme"] == scheme)]


def size_ratios(
    predictions: pd.DataFrame, fits: pd.DataFrame, arm: str, scheme: str
) -> pd.Series:
    """Evaluation per development subject of each planned fold, in order."""
    fitted = of_arm(fits, arm, scheme).sort_values(_KEYS).set_index(_KEYS)
    held_out = of_arm(predictions, arm, scheme)
    development = fitted["n_development"].astype(float).clip(lower=1.0)
    sizes = held_out.groupby(_KEYS).size().reindex(fitted.index, fill_value=0)
    return sizes.astype(float) / development


def is_by_group(scheme: str) -> bool:
    """True if each fold of a scheme is one group that is left out."""
    return kind_of(scheme).by_group

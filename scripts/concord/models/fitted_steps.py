"""Fitted steps of one fold, and the rows they make, shared by pipelines that agree."""

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from .chain import Pipeline

#: Kinds of parameters that their text tells apart.
_PLAIN = (str, int, float, bool, type(None), tuple, list, dict, frozenset, BaseModel)


class FittedSteps:
    """Steps that were fitted to development rows of one fold, by all that made them.

    A step is fitted once for all pipelines that begin with the same rows and the same
    steps before it. It is the step that a fit of its own would have given, so sharing
    changes no number. Steps that see the outcome are none of these.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Any, pd.DataFrame]] = {}
        self._made: dict[Hashable, pd.DataFrame] = {}
        self._values: dict[Hashable, tuple[pd.DataFrame, np.ndarray]] = {}

    def fit_transform(
        self, pipeline: Pipeline, rows: pd.DataFrame, source: Hashable
    ) -> tuple[Pipeline, pd.DataFrame]:
        """The pipeline with all steps fitted, and the rows after them.

        Parameters
        ----------
        pipeline : Pipeline
            Steps that are blind to the outcome, not fitted.
        rows : DataFrame
            Development rows of the fold.
        source : hashable
            Where the values come from (session and reader); with the names of rows
            and columns it tells tables of a fold apart.
        """
        key: Hashable = (source, tuple(rows.columns), tuple(rows.index))
        steps = []
        for name, step in pipeline.steps:
            key = (key, name, type(step).__name__, _parameters(step))
            if key not in self._known:
                fitted = step.fit(rows, None)
                self._known[key] = fitted, fitted.transform(rows)
            fitted, rows = self._known[key]
            steps.append((name, fitted))
        return Pipeline(steps), rows

    def transform(
        self, pipeline: Pipeline, rows: pd.DataFrame, source: Hashable
    ) -> pd.DataFrame:
        """Other rows of the fold after the fitted steps of a pipeline."""
        key: Hashable = (source, tuple(rows.columns), tuple(rows.index))
        for _, step in pipeline.steps:
            key = (key, id(step))
            if key not in self._made:
                self._made[key] = step.transform(rows)
                self._known[key] = step, rows  # keeps the step, and so its id
            rows = self._made[key]
        return rows

    def value_of(
        self, rows: pd.DataFrame, key: Hashable, make: Callable[[], np.ndarray]
    ) -> np.ndarray:
        """Numbers that depend on rows after these steps and on a key, made once."""
        known = self._values.get((id(rows), key))
        if known is None:
            # The rows are kept, and so their identity.
            known = self._values[id(rows), key] = rows, make()
        return known[1]


def _parameters(step: Any) -> Hashable:
    """Parameters of a step as text; objects stand for themselves."""
    parts = []
    for name, value in sorted(step.get_params(deep=False).items()):
        plain = isinstance(value, _PLAIN)
        parts.append((name, repr(value) if plain else _identity(value)))
    return tuple(parts)


def _identity(value: Any) -> Hashable:
    """Kind and identity of an object that its text would not tell apart."""
    return type(value).__name__, id(value)

"""Predictions and features of models of bootstrap samples, for instability alone.

A sample's model has learnt from most of the subjects that it scores here, and so looks
better than it is. Its predictions have a kind of table of their own, which no metric of
performance reads.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..folds.bootstrap import WHOLE
from ..folds.splitting import SubjectRows
from ..folds.subject_table import feature_names
from ..tables.declared.instability import SEPARATOR
from .absolute_risk import risks_of_fold
from .fold_fit import FoldFit
from .prediction import predict_fold
from .settings.fusion import TERM as MEMBER
from .settings.specification import ModelSpecification

_GROUP = "group="
_Key = tuple[str, str]  # endpoint, arm


class SampleModels:
    """Predictions of all subjects, and features, of the models of each sample.

    Parameters
    ----------
    study : SubjectRows
        All subjects.
    samples : DataFrame
        Table kind "folds" with the scheme "bootstrap".
    arms : sequence of str
        Arms whose models are kept track of.
    at_days : mapping
        Times at which risks are judged, by endpoint.
    seed : int
        As for `Predictor.predict`.
    """

    def __init__(
        self,
        study: SubjectRows,
        samples: pd.DataFrame,
        arms: Sequence[str],
        at_days: Mapping[str, Sequence[float]],
        seed: int,
    ) -> None:
        self._study, self._seed = study, seed
        self._arms, self._at_days = frozenset(arms), at_days
        self._times = samples.set_index(["repeat", "subject_id"])["times"]
        self._predictions: dict[_Key, list[pd.DataFrame]] = defaultdict(list)
        self._fits: dict[_Key, list[dict[str, Any]]] = defaultdict(list)

    def add(
        self, number: int, fitted: FoldFit, specification: ModelSpecification
    ) -> None:
        """Keep what the model of a sample predicts; number 0 is that of all."""
        if specification.name not in self._arms:
            return
        key = specification.endpoint, specification.name
        self._predictions[key].append(self._predicted(number, fitted, *key))
        self._fits[key].append({"sample": number, **_fit(fitted)})

    def tables(self, endpoint: str, arm: str) -> dict[str, pd.DataFrame]:
        """Tables of kinds "sample_predictions" and "sample_fits" of one arm."""
        key = endpoint, arm
        found = {
            "sample_predictions": pd.concat(self._predictions[key], ignore_index=True),
            "sample_fits": pd.DataFrame(self._fits[key]),
        }
        return {
            kind: table.assign(endpoint=endpoint, arm=arm)
            for kind, table in found.items()
        }

    def _predicted(
        self, number: int, fitted: FoldFit, endpoint: str, arm: str
    ) -> pd.DataFrame:
        """Rows of one sample: a subject, or a subject and a horizon."""
        scored = predict_fold(self._study, fitted.model, self._seed)
        table = scored[["score", "probability", "risk_group", "reason"]].copy()
        table["standard_score"] = _standard(scored["score"], fitted)
        table["times"] = self._times_drawn(number, table.index)
        days = self._at_days.get(endpoint, [])
        if not days:
            wide = table.assign(horizon_days=np.nan, prediction=table["probability"])
        else:
            outcomes = self._study.outcomes(endpoint)
            strata = outcomes[[name for name in ("stratum",) if name in outcomes]]
            risk = risks_of_fold(fitted.model, table.join(strata), days)
            wide = table.loc[table.index.repeat(len(days))]
            wide = wide.assign(
                horizon_days=np.tile(np.array(days, dtype=float), len(table)),
                prediction=risk.ravel(),
            )
        return wide.reset_index(names="subject_id").assign(sample=number)

    def _times_drawn(self, number: int, subjects: pd.Index) -> np.ndarray:
        if number == WHOLE:
            return np.ones(len(subjects), dtype=int)
        return np.asarray(self._times.loc[number].reindex(subjects))


def _standard(score: pd.Series, fitted: FoldFit) -> pd.Series:
    """Scores in SD from the mean, both of the rows that the model was fitted to."""
    known = fitted.model.estimates
    if known is None or known.mean is None or not known.spread > 0:
        return pd.Series(np.nan, score.index)
    return (score - known.mean) / known.spread


def _fit(fitted: FoldFit) -> dict[str, Any]:
    """Status of a fit, and the features that move its score."""
    names = ("status", "n_candidates", "n_selected", "message")
    told = {name: fitted.fit.get(name) for name in names}
    if fitted.error is not None or fitted.coefficients.empty:
        return told | {"features": None}
    used = fitted.coefficients.query("coefficient != 0")["term"]
    used = used[~used.str.startswith((_GROUP, MEMBER))]
    return told | {"features": SEPARATOR.join(feature_names(used))}

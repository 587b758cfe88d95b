"""Fit of a tuned arm: inner folds choose its options, all rows fit it."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ...folds.splitting import SubjectRows
from ...statistics.risk_groups import cuts_of
from ..arm import ArmData, Measure
from ..chain import Pipeline
from ..settings.specification import ModelSpecification
from .prepared import Prepared
from .search import Choice, search, supervised_steps


class ArmPipeline(NamedTuple):
    """Fitted pipeline, the arm with its options, and the search for them."""

    pipeline: Pipeline
    specification: ModelSpecification
    choice: Choice | None


def tuned_fit(
    known: ArmData,
    rows: SubjectRows,
    specification: ModelSpecification,
    measure: Measure,
) -> ArmPipeline:
    """Choose the options of an arm in inner folds and fit it to all rows.

    Parameters
    ----------
    known : ArmData
        Development subjects that can be fitted.
    rows : SubjectRows
        Rows of the development set, which may hold more subjects.
    specification : ModelSpecification
        The arm, which tunes.
    measure : callable
        Makes the repeated measurements of some subjects.
    """
    prepared = Prepared.of(known, rows, specification, measure)
    y = specification.outcome.target(known.outcome)
    choice = search(prepared, y)
    chosen = choice.specification(specification)
    own = prepared.whole[choice.best.candidate.blind]
    steps = supervised_steps(prepared, chosen).fit(own.development, y)
    return ArmPipeline(Pipeline([*own.blind.steps, *steps.steps]), chosen, choice)


class TunedRefit:
    """Search and fit anew for other outcomes of the same subjects.

    Parameters
    ----------
    prepared : Prepared
        Rows of the development set, with evaluation rows.
    """

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    @property
    def evaluation(self) -> pd.Index:
        """Subjects that are scored, in the order of the scores."""
        return next(iter(self._prepared.whole.values())).evaluation.index

    def scores_and_cuts(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores of the evaluation rows, and the cuts by those of development.

        After a search and a fit to outcomes of development (n,); FitError if there is
        none.
        """
        choice = search(self._prepared, y)
        chosen = choice.specification(self._prepared.specification)
        rows = self._prepared.whole[choice.best.candidate.blind]
        steps = supervised_steps(self._prepared, chosen).fit(rows.development, y)
        own = steps.decision_function(rows.development)
        cuts = cuts_of(own, self._prepared.specification.risk_quantiles)
        return steps.decision_function(rows.evaluation), cuts

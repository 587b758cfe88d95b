"""Rows of a fold after all steps that are blind to the outcome."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from .. import pipeline as pipelines
from ..arm import ArmData, Measure
from ..chain import Pipeline
from ..fitted_steps import FittedSteps
from ..settings.specification import ModelSpecification
from ..unseen_batches import resolve_unseen_batches


@dataclass(frozen=True)
class BlindRows:
    """Steps of a fold, fitted as far as no outcome is needed, and their rows.

    `supervised` holds the steps that see the outcome and the model, not fitted.
    Evaluation rows that may not be scored are left out.
    """

    blind: Pipeline
    supervised: Pipeline
    development: pd.DataFrame
    evaluation: pd.DataFrame

    @classmethod
    def of(
        cls,
        development: ArmData,
        evaluation: pd.DataFrame,
        specification: ModelSpecification,
        measure: Measure,
        phantom: pd.DataFrame | None,
        shared: FittedSteps | None = None,
    ) -> "BlindRows":
        """Fit the blind steps to the development subjects, and apply them to others.

        Parameters
        ----------
        development : ArmData
            Subjects that are learnt from.
        evaluation : DataFrame
            Predictors of the others, with the same columns.
        specification : ModelSpecification
            The arm; it tunes nothing.
        measure : callable
            Makes the repeated measurements of the development subjects.
        phantom : DataFrame or None
            Scans that batch effects are estimated from, if they are.
        shared : FittedSteps, optional
            Steps of this fold that other arms have fitted already.
        """
        pipeline = pipelines.build(
            list(development.predictors.columns),
            specification,
            measure(development.measurements, specification),
            phantom,
            development.cluster_of,
        )
        blind, supervised = pipelines.outcome_blind_and_supervised(pipeline)
        source = specification.baseline_session, specification.reference_reader
        steps = shared or FittedSteps()
        blind, known = steps.fit_transform(blind, development.predictors, source)
        applied, rows = _scorable(blind, evaluation, specification)
        others = steps.transform(applied, rows, source) if len(rows) else known.iloc[:0]
        return cls(blind, supervised, known, others)

    def evaluated(self, subjects: Iterable[str]) -> "BlindRows":
        """The same with the evaluation rows of some of the subjects."""
        rows = self.evaluation.loc[list(subjects)]
        return BlindRows(self.blind, self.supervised, self.development, rows)


def _scorable(
    blind: Pipeline, rows: pd.DataFrame, specification: ModelSpecification
) -> tuple[Pipeline, pd.DataFrame]:
    """Rows that the rule for unseen batches lets pass, and the steps for them."""
    harmonization = specification.harmonization
    if harmonization is None or not len(rows):
        return blind, rows
    k, rule = harmonization.n_adapting or 0, harmonization.unseen
    blind, reasons = resolve_unseen_batches(blind, rows, rule, k, specification.seed)
    return blind, rows[reasons.isna()]

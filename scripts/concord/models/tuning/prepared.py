"""Rows of a development set and of its inner folds, after all blind steps."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...errors import FitError, StudyError
from ...folds.splitting import Split, SubjectRows
from ..arm import ArmData, Measure, arm_data
from ..settings.specification import ModelSpecification
from .blind_rows import BlindRows
from .candidates import Candidate, Options, candidates, tuning_of
from .inner_folds import inner_splits, of_subjects


@dataclass(frozen=True)
class InnerFold:
    """An inner fold by the options of its blind steps.

    `development` and `evaluation` are the numbers of its subjects in the development
    set, in the order of the rows.
    """

    rows: dict[Options, BlindRows]
    development: np.ndarray
    evaluation: np.ndarray


@dataclass(frozen=True)
class Prepared:
    """All that tuning needs of a development set but its outcomes.

    `whole` holds the set itself, by the options of the blind steps, with evaluation
    rows where some are to be scored; `columns` are those of the predictors, and
    `clusters` those of the subjects.
    """

    specification: ModelSpecification
    columns: list[str]
    phantom: pd.DataFrame | None
    clusters: dict[str, str]
    candidates: list[Candidate]
    whole: dict[Options, BlindRows]
    inner: list[InnerFold]

    @classmethod
    def of(
        cls,
        known: ArmData,
        rows: SubjectRows,
        specification: ModelSpecification,
        measure: Measure,
        evaluation: pd.DataFrame | None = None,
    ) -> "Prepared":
        """Fit the blind steps of all candidates, to all rows and in inner folds.

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
        evaluation : DataFrame, optional
            Predictors of rows to be scored.

        Raises
        ------
        StudyError
            If the steps of no candidate can be fitted.
        """
        tried = candidates(specification)
        others = known.predictors.iloc[:0] if evaluation is None else evaluation
        whole, errors = _all(tried, known, others, specification, measure, rows.phantom)
        tried = [one for one in tried if one.blind in whole]
        if not tried:
            raise errors[0]
        own = of_subjects(rows, known.predictors.index)
        splits = inner_splits(own, specification, tuning_of(specification).folds)
        inner = list(_inner_folds(tried, known, splits, specification, measure))
        columns = list(known.predictors.columns)
        clusters, rows_of = known.cluster_of, _common(whole)
        return cls(
            specification, columns, rows.phantom, clusters, tried, rows_of, inner
        )


def _all(
    tried: list[Candidate],
    known: ArmData,
    evaluation: pd.DataFrame,
    specification: ModelSpecification,
    measure: Measure,
    phantom: pd.DataFrame | None,
) -> tuple[dict[Options, BlindRows], list[StudyError]]:
    """Rows by the options of the blind steps, and errors of those that have none."""
    found: dict[Options, BlindRows] = {}
    errors: list[StudyError] = []
    for blind in dict.fromkeys(one.blind for one in tried):
        own = Candidate(blind).applied(specification)
        try:
            found[blind] = BlindRows.of(known, evaluation, own, measure, phantom)
        except StudyError as error:
            errors.append(error)
    return found, errors


def _inner_folds(
    tried: list[Candidate],
    known: ArmData,
    splits: list[Split],
    specification: ModelSpecification,
    measure: Measure,
) -> Iterator[InnerFold]:
    """Inner folds in which some steps can be fitted; FitError if there is none."""
    place, reasons = known.predictors.index, []
    n_found = 0
    for split in splits:
        try:
            inner = arm_data(split.development, specification)
        except StudyError as error:
            reasons.append(str(error))
            continue
        inner = inner.only(inner.fittable())
        held_out = known.only(sorted(split.evaluation.cohort["subject_id"])).predictors
        others = held_out.reindex(columns=inner.predictors.columns)
        phantom = split.development.phantom
        rows, errors = _all(tried, inner, others, specification, measure, phantom)
        reasons += [str(error) for error in errors]
        if rows:
            n_found += 1
            rows = _common(rows)
            first = next(iter(rows.values()))
            yield InnerFold(
                rows,
                place.get_indexer(first.development.index),
                place.get_indexer(first.evaluation.index),
            )
    if not n_found:
        raise FitError(f"nothing can be fitted in any inner fold: {reasons[0]}")


def _common(rows: dict[Options, BlindRows]) -> dict[Options, BlindRows]:
    """The same rows in all: evaluation subjects that every choice may score."""
    indexes = [one.evaluation.index for one in rows.values()]
    shared = [name for name in indexes[0] if all(name in other for other in indexes)]
    return {
        blind: replace(one, evaluation=one.evaluation.loc[shared])
        for blind, one in rows.items()
    }

"""Batch effects learnt from a phantom or from travelling subjects.

The same objects are measured in several batches, so what differs between the
batches is the batch, and no patient is needed to learn it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
import pandas as pd

from ...errors import FitError
from ...fields import Unseen
from ..settings import Harmonization
from . import base, gains
from .base import PASSTHROUGH, REFUSE
from .combat import ComBat
from .covariates import Coding


class PhantomComBat(ComBat):
    """ComBat whose estimates are given, so that `fit` learns nothing.

    A patient's feature x of batch j becomes ``a + (x - a - shift_j) / gain_j``,
    where `a` is the mean of the phantom's subjects in an average batch (or in
    the reference). Kept covariates play no part: nothing of the patients is
    compared between batches.

    Parameters
    ----------
    batch : str
        Column of X with the batch of each row.
    found : mapping
        Estimates from `fit_on_phantom`.
    columns : sequence of str or None, default=None
        Features; None takes those of the estimates.
    unseen : {"refuse", "passthrough"}, default="refuse"
        What happens to rows of a batch that the phantom was not measured in.
    """

    kind = "phantom"

    def __init__(
        self,
        batch: str,
        *,
        found: Mapping[str, Any],
        columns: Sequence[str] | None = None,
        unseen: str = "refuse",
    ) -> None:
        super().__init__(batch, columns=columns, unseen=unseen)
        self.found = found

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        """Take over the estimates; FitError if they lack a feature of X."""
        base.require_choice("unseen", self.unseen, (REFUSE, PASSTHROUGH))
        self.restore(self.found)
        wanted = self.columns_ if self.columns is None else list(self.columns)
        lacking = [name for name in wanted if name not in self.columns_]
        if lacking:
            raise FitError(
                f"the phantom table lacks {len(lacking)} features such as "
                f"{lacking[:3]}. Measure them on the phantom or leave them out."
            )
        known = set(X.columns)  # steps before may have dropped some
        self._narrow([self.columns_.index(n) for n in wanted if n in known])
        base.numbers(X, self.columns_)
        self.feature_names_in_ = np.asarray(X.columns, dtype=object)
        return self

    def adapt(self, X: pd.DataFrame) -> Self:
        """A copy that knows no more: patients cannot stand in for the phantom."""
        return self._copied()

    def parameters(self) -> dict[str, Any]:
        """Parameters but the estimates, which stand beside them."""
        return {
            name: value
            for name, value in super().parameters().items()
            if name != "found"
        }

    @classmethod
    def from_estimates(cls, found: Mapping[str, Any]) -> Self:
        """The fitted harmonizer that gave these estimates, bit for bit."""
        harmonizer = cls(**found["parameters"], found=found)
        harmonizer.restore(found)
        return harmonizer

    def _narrow(self, chosen: Sequence[int]) -> None:
        """Keep some of the features, in this order."""
        model = self.model_
        self.columns_ = [self.columns_[number] for number in chosen]
        self.model_ = replace(
            model, **{name: value[..., chosen] for name, value in vars(model).items()}
        )
        self.shift_, self.variance_ = self.shift_[:, chosen], self.variance_[:, chosen]


def fit_on_phantom(
    table: pd.DataFrame,
    batch: str,
    *,
    subject: str = "subject_id",
    columns: Sequence[str] | None = None,
    reference: str | None = None,
    min_batch_size: int = 2,
    empirical_bayes: bool = True,
    mean_only: bool = False,
    unseen: str = "refuse",
) -> PhantomComBat:
    """Effects of batches from subjects (or phantoms) measured in several of them.

    *Shift*: least squares of each feature on batch and subject, and empirical
    Bayes shrinkage of the batch effects, as ComBat does with the subject as a
    kept covariate. It is subtracted in the unit of the feature.

    *Gain*: slope of a batch's values on the fitted levels of the same subjects,
    over its average in the batches (or over the reference's), shrunk as told in
    `gains.relative`. The values are divided by it. The spread of the *residuals*,
    which ComBat would take, says how noisy a scanner is, not how it stretches a
    feature, and would be wrong for patients. A batch with fewer than three
    subjects, a feature that does not differ between them, and `mean_only` give
    a gain of 1. If some subjects were not measured in all batches, the levels
    rest on additive effects, so that large gains are found a little too small.

    Parameters
    ----------
    table : DataFrame
        One row per scan: subject, batch and features.
    batch, subject : str
        Columns with the batch and the subject (or the object in the phantom).
    columns : sequence of str or None
        Features; None takes all float columns.
    reference : str or None
        Batch that stays as it is; None takes the average.
    min_batch_size : int
        Batches with fewer rows are treated as unseen.
    empirical_bayes, mean_only, unseen
        As for `ComBat`.

    Returns
    -------
    PhantomComBat
        Fitted; its `transform` takes rows of patients.

    Raises
    ------
    FitError
        If batches have no subject in common, directly or through others.

    References
    ----------
    Yamashita, A., et al. (2019). "Harmonization of resting-state functional MRI
    data across multiple imaging sites via the separation of site differences
    into sampling bias and measurement bias". PLOS Biology, 17, e3000042.
    https://doi.org/10.1371/journal.pbio.3000042
    """
    names = _features(table, columns, (subject, batch))
    rows = table.assign(**{subject: table[subject].astype(str)})
    rows = rows[base.labels(rows, batch) != base.MISSING]
    _require_connected(rows, subject, batch)
    combat = ComBat(
        batch,
        keep=(subject,),
        columns=names,
        reference=reference,
        min_batch_size=min_batch_size,
        empirical_bayes=empirical_bayes,
        mean_only=mean_only,
        unseen=PASSTHROUGH,
    ).fit(rows)
    if not mean_only:
        combat.variance_ = _squared_gains(combat, rows, subject)
    return _of_patients(combat, unseen)


def fit_each(
    table: pd.DataFrame,
    *,
    batch: Sequence[str],
    subject: str,
    columns: Sequence[str],
    settings: Harmonization,
    unseen: Unseen,
) -> list[PhantomComBat]:
    """One harmonizer per batch variable, in order, each after those before it.

    Parameters
    ----------
    table, subject
        As for `fit_on_phantom`.
    batch : sequence of str
        Columns with the batch variables, in the order of their removal.
    columns : sequence of str
        Features.
    settings, unseen
        As for `factory.make`.
    """
    found, rows = [], table
    for name in batch:
        one = fit_on_phantom(
            rows,
            name,
            subject=subject,
            columns=columns,
            reference=settings.reference_of(name),
            min_batch_size=settings.min_batch_size,
            empirical_bayes=settings.empirical_bayes,
            mean_only=settings.mean_only,
            unseen=unseen,
        )
        found.append(one)
        rows = one.transform(rows[~one.unseen_rows(rows)])
    return found


def _features(
    table: pd.DataFrame, columns: Sequence[str] | None, others: Sequence[str]
) -> list[str]:
    missing = [name for name in others if name not in table.columns]
    if missing:
        raise FitError(f"the phantom table lacks the columns {missing}.")
    if columns is not None:
        return list(columns)
    return [
        name
        for name in table.columns
        if name not in others and pd.api.types.is_float_dtype(table[name])
    ]


def _require_connected(rows: pd.DataFrame, subject: str, batch: str) -> None:
    """Raise FitError if some batches cannot be compared through their subjects."""
    labels = base.labels(rows, batch)
    subjects = rows[subject].to_numpy()
    reached = {labels[0]} if len(labels) else set()
    while True:
        known = set(subjects[np.isin(labels, list(reached))])
        wider = set(labels[np.isin(subjects, list(known))])
        if wider == reached:
            break
        reached = wider
    apart = sorted(set(labels) - reached)
    if apart or len(reached) < 2:
        raise FitError(
            f"the phantom table cannot compare the batches of {batch!r}: "
            f"{sorted(map(str, reached))} share no subject with "
            f"{list(map(str, apart))}. Measure the same subject or phantom in all of "
            "them. In a fold, rows of its evaluation subjects and of their clusters "
            "do not count."
        )


def _squared_gains(combat: ComBat, rows: pd.DataFrame, subject: str) -> np.ndarray:
    """Squared gain of each batch and feature, shape (batches, p)."""
    values = base.numbers(rows, combat.columns_)
    levels = values - combat.residuals(rows, values)
    labels, names = (
        base.labels(rows, combat.batch, combat.batches_),
        list(combat.batches_),
    )
    lines = [
        gains.line(values[mine], levels[mine], rows[subject].to_numpy()[mine])
        for mine in (labels == name for name in names)
    ]
    found = gains.relative(lines, combat.standard(), combat.empirical_bayes)
    return np.where(combat.model_.varying, found**2, 1.0)


def _of_patients(combat: ComBat, unseen: str) -> PhantomComBat:
    """The harmonizer of rows whose subjects the phantom table does not know."""
    nothing = np.zeros(0)
    combat.coding_ = Coding((), nothing, nothing, ())
    effects = np.zeros((0, len(combat.columns_)))
    combat.model_ = replace(combat.model_, effects=effects)
    found = combat.fitted_values()
    harmonizer = PhantomComBat(combat.batch, found=found, unseen=unseen)
    harmonizer.restore(found)
    return harmonizer

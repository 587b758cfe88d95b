"""Unseen batches: evaluation rows of batches without development rows."""

import hashlib
from collections.abc import Iterable, Iterator

import pandas as pd

from ..harmonization.estimators.base import ADAPT, PASSTHROUGH, Harmonizer
from .chain import Pipeline
from .pipeline import (
    before_harmonization,
    harmonizing_steps,
    replaced,
    single_harmonizers,
)
from .unscored import REFUSED, TOO_FEW, USED

#: Name of a batch without a label.
NO_LABEL = "(no label)"


def resolve_unseen_batches(
    pipeline: Pipeline, rows: pd.DataFrame, rule: str, k: int, seed: int
) -> tuple[Pipeline, pd.Series]:
    """The pipeline that scores these rows, and why some of them are not scored.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted; it is not changed.
    rows : DataFrame
        Evaluation rows with features.
    rule : {"refuse", "passthrough", "adapt"}
        With "adapt", each unseen batch is estimated from `k` subjects of it, without
        their outcomes. A batch needs at least one more, to be scored.
    k : int
        Subjects that adapt a batch.
    seed : int
        Start of their choice, which depends on nothing but their ids.

    Returns
    -------
    Pipeline, Series
        By row, the reason why it must not be scored, or None.
    """
    reasons = pd.Series(None, index=rows.index, dtype=object)
    if rule == PASSTHROUGH:
        return pipeline, reasons
    steps = harmonizing_steps(pipeline)
    for step in steps.values():
        for name, members in _unseen(step, rows):
            if rule != ADAPT or name.endswith(NO_LABEL):
                reasons[members] = f"{REFUSED}: {name}"
            else:
                _choose(reasons, name, members, k, seed)
    adapting_rows = before_harmonization(pipeline).transform(rows[reasons == USED])
    return replaced(pipeline, _adapted(steps, adapting_rows)), reasons


def _choose(
    reasons: pd.Series, name: str, members: list[str], k: int, seed: int
) -> None:
    """Note who adapts a batch, or that nobody can; earlier refusals stand."""
    free = reasons.isna() | (reasons == USED)
    usable = [subject for subject in members if free[subject]]
    if len(usable) > k:
        reasons[_first(usable, k, seed)] = USED
    else:
        reasons[usable] = f"{TOO_FEW}: {len(usable)} of {name}, need {k + 1}"


def _adapted(
    steps: dict[str, Harmonizer], adapting_rows: pd.DataFrame
) -> dict[str, Harmonizer]:
    """Copies of the harmonizers that know the batches of the adapting rows."""
    return {
        name: step.adapt(adapting_rows[step.unseen_rows(adapting_rows)])
        for name, step in steps.items()
        if step.unseen_rows(adapting_rows).any()
    }


def _unseen(step: Harmonizer, rows: pd.DataFrame) -> Iterator[tuple[str, list[str]]]:
    """Each batch without estimates: "<column> <label>" and its rows."""
    for single in single_harmonizers(step):
        batch = single.batch
        strangers = rows[single.unseen_rows(rows)]
        for label, members in strangers.groupby(batch, dropna=False):
            known = NO_LABEL if pd.isna(label) else repr(str(label))
            yield f"{batch} {known}", list(members.index)


def _first(subjects: Iterable[str], k: int, seed: int) -> list[str]:
    """The first k in an order that is drawn once for all subjects."""

    def place(subject: str) -> str:
        return hashlib.sha256(f"{seed}/{subject}".encode()).hexdigest()

    return sorted(subjects, key=place)[:k]

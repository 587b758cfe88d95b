"""Faults between the rows of given predictions: who was held out of which fold."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from ...errors import quoted
from ...folds.scheme import CV, FIXED, LOSO, kind_of
from .cells import GivenRows, shown

_FOLD = ["scheme", "repeat", "fold"]
_MAX_SHOWN = 3


def with_schemes(found: GivenRows, cohort: pd.DataFrame) -> pd.DataFrame:
    """Rows with the scheme that their folds tell, where no column does.

    Folds that are the groups of their subjects are groups left out; other folds are
    those of a cross-validation; no folds are one external set.

    Parameters
    ----------
    found : GivenRows
        Rows of subjects of the study.
    cohort : DataFrame
        With `subject_id` and `group`.
    """
    rows = found.rows
    if "scheme" in found.layout.columns:
        return rows
    if "fold" not in found.layout.columns:
        return rows.assign(scheme=FIXED.name)
    group = rows["subject_id"].map(cohort.set_index("subject_id")["group"])
    by_group = bool((rows["fold"] == group).all()) and rows["repeat"].eq(1).all()
    return rows.assign(scheme=LOSO.name if by_group else CV.name)


def row_faults(rows: pd.DataFrame, cohort: pd.DataFrame) -> Iterator[str]:
    """Faults of rows whose single cells have none.

    Parameters
    ----------
    rows : DataFrame
        From `with_schemes`.
    cohort : DataFrame
        With `subject_id`, `group` and `cluster`.
    """
    yield from _repeats(rows)
    for (endpoint, scheme), part in rows.groupby(["endpoint", "scheme"], sort=True):
        where = f"endpoint {endpoint!r}, scheme {scheme!r}: "
        faults = [*_twice(part)] or [*_apart(part), *_lacking(part)]
        faults += [*_of_folds(part, cohort)]
        yield from (where + fault for fault in faults)
    for (endpoint, model), part in rows.groupby(["endpoint", "model"], sort=True):
        if part["score"].isna().all():
            yield (
                f"endpoint {endpoint!r}: none of the {len(part)} rows of model "
                f"{model!r} has a score; take the model out, or give its scores"
            )


def _repeats(rows: pd.DataFrame) -> Iterator[str]:
    """Repeats of schemes that have none."""
    repeated = {name: kind_of(name).repeated for name in set(rows["scheme"])}
    wrong = rows[(rows["repeat"] != 1) & ~rows["scheme"].map(repeated).astype(bool)]
    if len(wrong):
        yield f"repeats of a scheme that is not repeated: {shown(wrong, 'repeat')}"


def _twice(rows: pd.DataFrame) -> Iterator[str]:
    """Subjects that a model scores twice in one repeat."""
    keys = ["model", "repeat", "subject_id"]
    again = rows[rows.duplicated(keys, keep=False)]
    for (model, repeat, subject), part in again.groupby(keys, sort=True):
        yield (
            f"subject {quoted(subject, 'subject_id')} stands {len(part)} times in "
            f"repeat {repeat:g} of model {model!r}, {shown(part)}; expected once"
        )
        return


def _apart(rows: pd.DataFrame) -> Iterator[str]:
    """Subjects whom two models hold out of different folds."""
    folds = rows.groupby(["repeat", "subject_id"])["fold"].nunique()
    wrong = folds[folds > 1]
    if len(wrong):
        repeat, subject = wrong.index[0]
        mine = rows[(rows["repeat"] == repeat) & (rows["subject_id"] == subject)]
        seen = ", ".join(f"{m!r} {f!r}" for m, f in mine[["model", "fold"]].to_numpy())
        yield (
            f"models have different folds: {len(wrong)} subjects, such as "
            f"{quoted(subject, 'subject_id')} in repeat {repeat:g} ({seen}); models "
            "are compared on the same folds, so give those of one split"
        )


def _lacking(rows: pd.DataFrame) -> Iterator[str]:
    """Rows that one model, or one repeat, has and another one lacks."""
    wanted = pd.MultiIndex.from_product(
        [sorted(set(rows["repeat"])), sorted(set(rows["subject_id"]))]
    )
    for model, part in rows.groupby("model", sort=True):
        absent = wanted.difference(
            pd.MultiIndex.from_frame(part[["repeat", "subject_id"]])
        )
        lost = _lost_folds(rows, part)
        if len(absent):
            cells = [
                f"{quoted(subject, 'subject_id')} in repeat {repeat:g}"
                for repeat, subject in absent[:_MAX_SHOWN]
            ]
            folds = f"; whole folds are missing: {lost}" if lost else ""
            yield (
                f"model {model!r} lacks {len(absent)} of {len(wanted)} rows that other "
                f"models or repeats have, such as {', '.join(cells)}{folds}; write a "
                "row without score and with the reason"
            )


def _lost_folds(rows: pd.DataFrame, part: pd.DataFrame) -> str:
    """Folds of which a model has no row, in words; empty if it has all."""
    have = set(map(tuple, part[_FOLD].to_numpy()))
    every = sorted(set(map(tuple, rows[_FOLD].to_numpy())) - have)
    told = [f"fold {fold} of repeat {repeat:g}" for _, repeat, fold in every]
    more = f" and {len(told) - _MAX_SHOWN} more" if len(told) > _MAX_SHOWN else ""
    return ", ".join(told[:_MAX_SHOWN]) + more


def _of_folds(rows: pd.DataFrame, cohort: pd.DataFrame) -> Iterator[str]:
    """Folds that are not what their scheme says, or that split a patient."""
    known = cohort.set_index("subject_id")
    told = rows.assign(
        group=rows["subject_id"].map(known["group"]),
        cluster=rows["subject_id"].map(known["cluster"]),
    )
    scheme = kind_of(str(rows["scheme"].iloc[0]))
    other = told[(told["fold"] != told["group"])] if scheme.by_group else told[:0]
    if len(other):
        yield (
            f"folds must be the groups of their subjects, {shown(other, 'fold')} are "
            f"not; expected {sorted(set(told['group']))}"
        )
    folds = told.groupby(["repeat", "cluster"])["fold"].nunique()
    split = int(np.sum(folds > 1)) if not scheme.once else 0
    if split:
        yield (
            f"{split} patients have rows of one repeat in several folds, so that a "
            "model learnt from a patient whom it is judged by; hold all rows of a "
            "patient out together"
        )
    yield from _unequal_thresholds(rows)


def _unequal_thresholds(rows: pd.DataFrame) -> Iterator[str]:
    """Thresholds that differ within a model and fold."""
    for column in (c for c in map(str, rows) if c.startswith("threshold_")):
        counts = rows.groupby(["model", *_FOLD])[column].nunique(dropna=False)
        wrong = counts[counts > 1]
        if len(wrong):
            yield (
                f"column {column!r} has several values in {len(wrong)} folds, such as "
                f"fold {wrong.index[0][-1]!r} of model {wrong.index[0][0]!r}; a "
                "threshold is chosen in development, once per model and fold"
            )

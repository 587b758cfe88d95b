"""Copies of subjects under other ids: found before anything is learnt, and named.

With a copy in development, a model has seen what it is asked in evaluation. Subjects of
one cluster never stand on both sides of a fold, so they may be copies of each other.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import tables
from ..errors import StudyError
from .interpolated import interpolated
from .near_copies import LEAST_FEATURES, TOLERANCE, near_copies

#: Copies that a message names, at most.
MAX_NAMED = 100
#: Regions with fewer features are compared together as well.
_FEW_FEATURES = 50
#: What makes rows of one table of subjects comparable.
_KEYS = ["session", "reader"]


class Copy(NamedTuple):
    """A subject that is a copy or a mixture of others, and what shows it."""

    subjects: tuple[str, ...]
    found: str

    def line(self, n_more: int) -> str:
        """The copy in one line, with the number of further tables that show it."""
        more = f", and in {n_more} further tables" * (n_more > 0)
        return f"  {' and '.join(self.subjects[:2])}{self.found}{more}"


def require_no_copies(features: pd.DataFrame, cohort: pd.DataFrame) -> None:
    """Raise StudyError that names all copies among subjects of different clusters.

    Parameters
    ----------
    features : DataFrame
        The feature matrix; rows of one image, region, session and reader are compared,
        or, of regions with few features, those of all regions together.
    cohort : DataFrame
        With `subject_id` and `cluster`.
    """
    cluster = cohort.set_index("subject_id")["cluster"]
    known = features[features["subject_id"].isin(cluster.index)]
    found: dict[tuple[str, ...], list[Copy]] = {}
    for name, table in _tables(known):
        for copy in _copies(name, table):
            if cluster[list(copy.subjects)].nunique() > 1:
                found.setdefault(copy.subjects, []).append(copy)
    if found:
        raise StudyError(_message(found))


def _tables(features: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name and features by subject of each region, or of all, if they have few."""
    names = tables.feature_columns(features)
    for (session, reader), rows in features.groupby(_KEYS, sort=True):
        parts = {
            f"{image}.{region}": part.set_index("subject_id")[names]
            for (image, region), part in rows.groupby(["image", "region"], sort=True)
        }
        for region, table in parts.items():
            yield f"{region} (session {session}, reader {reader})", table
        if len(parts) > 1 and len(names) < _FEW_FEATURES:
            whole = pd.concat(parts.values(), axis=1, keys=parts)
            where = f"all regions (session {session}, reader {reader})"
            yield where, whole.sort_index()


def _copies(name: str, table: pd.DataFrame) -> Iterator[Copy]:
    """Copies in a table of one row per subject."""
    kept = table.loc[:, table.notna().any()]
    values = kept.to_numpy(dtype=float)
    subjects = kept.index.to_numpy(dtype=object)
    if values.shape[1] < LEAST_FEATURES:
        return
    for pair in near_copies(values):
        shown = (
            f": {pair.n_equal} of {pair.n_known} features of {name} agree, largest "
            f"relative difference {pair.largest:.1g}"
        )
        yield Copy((subjects[pair.first], subjects[pair.second]), shown)
    for one in interpolated(_complete(values)):
        ends = subjects[one.first], subjects[one.second]
        shown = (
            f" mixed: {subjects[one.row]} lies on the line between them in all "
            f"features of {name}, at {one.place:.2f} of the way"
        )
        yield Copy((*ends, subjects[one.row]), shown)


def _complete(values: np.ndarray) -> np.ndarray:
    """The features that nearly all subjects have."""
    known = (~np.isnan(values)).mean(axis=0)
    return values[:, known >= min(0.9, known.max())]


def _message(found: dict[tuple[str, ...], list[Copy]]) -> str:
    lines = [copies[0].line(len(copies) - 1) for copies in found.values()]
    hidden = len(lines) - MAX_NAMED
    more = [f"  and {hidden} more"] if hidden > 0 else []
    return "\n".join(
        [
            f"features: {len(lines)} times, subjects are copies or mixtures of others "
            f"(differences up to {TOLERANCE:g} of a value do not count):",
            *lines[:MAX_NAMED],
            *more,
            "A copy would stand in development and its original in evaluation. If they "
            "are of one patient, name him in a column of the subjects sheet and give "
            "its name as sheets.cluster_column; if not, leave one of them out by "
            "sheets.leave_out. Of rows made by oversampling, leave out all, and weigh "
            "subjects inside the fit.",
        ]
    )

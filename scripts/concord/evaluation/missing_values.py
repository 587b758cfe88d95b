"""Subjects who were scored completely, with imputed predictors, or not at all."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

#: Column of predictions with the members of a fused arm that gave no score.
MISSING = "members_missing"
_KEYS = ["endpoint", "arm", "scheme"]


def missing_values(predictions: pd.DataFrame) -> pd.DataFrame:
    """Counts per endpoint, arm and scheme, as kind "missing_values".

    Parameters
    ----------
    predictions : DataFrame
        Of kind "predictions". Of each scheme, the first repeat counts: every subject
        is evaluated once in it. Without the column `n_missing`, as in tables of
        earlier versions, there are no counts.
    """
    return pd.DataFrame(list(_rows(predictions)))


def _rows(predictions: pd.DataFrame) -> Iterator[dict[str, Any]]:
    if "n_missing" not in predictions:
        return
    for keys, part in predictions.groupby(_KEYS, sort=True):
        first = part[part["repeat"] == part["repeat"].min()]
        yield dict(zip(_KEYS, keys, strict=True)) | _counts(first)


def _counts(rows: pd.DataFrame) -> dict[str, Any]:
    scored = rows["score"].notna()
    missing = rows["n_missing"].fillna(0) > 0
    lacking = _lacking(rows)
    parts = {
        "": scored | ~scored,
        "_complete": scored & ~missing & ~lacking,
        "_imputed": scored & missing & ~lacking,
        "_unscored": ~scored,
    }
    if MISSING in rows:
        parts["_partial"] = scored & lacking
    events = rows["event"].fillna(0)
    found: dict[str, Any] = {}
    for name, mine in parts.items():
        found[f"n{name}"] = int(mine.sum())
        found[f"n_events{name}"] = int(events[mine].sum())
    imputed = rows[parts["_imputed"]]
    share = (imputed["n_missing"] / imputed["n_predictors"]).astype(float)
    return found | {
        "median_share": share.median() if len(share) else np.nan,
        "largest_share": share.max() if len(share) else np.nan,
        "reasons": _reasons(rows.loc[~scored, "reason"]),
    }


def _lacking(rows: pd.DataFrame) -> pd.Series:
    """True where a subject lacks a member of a fused arm."""
    if MISSING not in rows:
        return pd.Series(False, rows.index)
    return rows[MISSING].notna()


def _reasons(given: pd.Series) -> str | None:
    """Reasons without what differs between subjects, with their numbers."""
    kinds = given.fillna("unknown").str.split(":").str[0]
    counts = kinds.value_counts(sort=False).sort_index()
    return "; ".join(f"{name} ({n})" for name, n in counts.items()) or None

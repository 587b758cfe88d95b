"""Weights of the members of fused arms, and subjects who were scored without one."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ..models.settings.arm import Arm
from ..models.settings.fusion import TERM
from .missing_values import MISSING

_KEYS = ["endpoint", "arm", "scheme"]


def fusion(
    arms: Mapping[str, Arm], coefficients: pd.DataFrame, predictions: pd.DataFrame
) -> pd.DataFrame:
    """Members of the fused arms, as a table of kind "fusion".

    Parameters
    ----------
    arms : mapping of Arm
        All arms of the study, by name.
    coefficients, predictions : DataFrame
        Of these kinds. Of the predictions of a scheme, the first repeat counts: every
        subject is evaluated once in it.
    """
    fused = [name for name, arm in arms.items() if arm.fusion is not None]
    weights = coefficients[coefficients["arm"].isin(fused)]
    weights = weights.assign(member=weights["term"].str.removeprefix(TERM))
    return pd.DataFrame(list(_rows(weights, predictions)), columns=_COLUMNS)


_COLUMNS = [
    *_KEYS,
    "member",
    "n_fits",
    "n_zero",
    "weight",
    "weight_lowest",
    "weight_highest",
    "n",
    "n_events",
    "n_without",
    "n_events_without",
]


def _rows(weights: pd.DataFrame, predictions: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for keys, part in weights.groupby([*_KEYS, "member"], sort=True):
        names = dict(zip([*_KEYS, "member"], keys, strict=True))
        values = part["coefficient"].astype(float)
        mine = (predictions["arm"] == names["arm"]) & (
            predictions["scheme"] == names["scheme"]
        )
        yield {
            **names,
            "n_fits": len(values),
            "n_zero": int((values == 0).sum()),
            "weight": values.mean(),
            "weight_lowest": values.min(),
            "weight_highest": values.max(),
            **_subjects(predictions[mine], str(names["member"])),
        }


def _subjects(rows: pd.DataFrame, member: str) -> dict[str, int]:
    """Subjects with a score, and those among them who lack a member."""
    scored = rows[(rows["repeat"] == rows["repeat"].min()) & rows["score"].notna()]
    lacking = [member in text.split(", ") for text in scored[MISSING].fillna("")]
    without = scored[pd.Series(lacking, scored.index, dtype=bool)]
    return {
        "n": len(scored),
        "n_events": int(scored["event"].fillna(0).sum()),
        "n_without": len(without),
        "n_events_without": int(without["event"].fillna(0).sum()),
    }

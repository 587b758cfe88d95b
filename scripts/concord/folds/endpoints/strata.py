"""Strata of Cox's model: subjects with a baseline hazard in common."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import pandas as pd

from ...batch_labels import UNKNOWN
from ...config_faults import nearest

#: Column of a cohort; the name of the endpoint follows.
STRATUM = "stratum."
SITE = "site"
_BETWEEN = " | "


class _OfKind(Protocol):
    @property
    def kind(self) -> str: ...


def stratum_faults(
    strata: Sequence[str],
    covariates: Mapping[str, _OfKind],
    factors: Mapping[str, object],
) -> Iterator[tuple[str, str]]:
    """Faults of the names of strata, as (key, message)."""
    categories = [name for name, one in covariates.items() if one.kind == "category"]
    known = [SITE, *factors, *categories]
    for place, name in enumerate(strata):
        if name in strata[:place]:
            yield "strata", f"{name!r} is named twice; name it once"
        elif name in covariates and name not in known:
            yield (
                "strata",
                f"{name!r} is a number; only what has few values divides subjects. "
                "Declare groups of it as a factor",
            )
        elif name not in known:
            yield "strata", f"{name!r} is not defined{nearest(name, known)}"


def strata_of(columns: Sequence[pd.Series]) -> pd.Series:
    """Stratum of each subject: the labels of all variables, joined.

    Parameters
    ----------
    columns : sequence of Series
        Labels of one variable each; what is not known is a label of its own.
    """
    told = [one.astype(object).where(one.notna(), UNKNOWN) for one in columns]
    return pd.Series(
        [_BETWEEN.join(map(str, row)) for row in zip(*told, strict=True)],
        index=columns[0].index,
        dtype=object,
    )

"""Stability of the selected features of arms, over folds or over bootstrap samples."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...folds.bootstrap import WHOLE
from ...folds.scheme import BOOTSTRAP, CV
from ...folds.subject_table import feature_names
from ...models.settings.fusion import TERM as MEMBER
from ...statistics.instability.selection_stability import selection_stability
from ...tables.declared.instability import SEPARATOR
from ...tables.kinds import KINDS
from ..selection import GROUP_PREFIX, selection_frequency

_ARM = ["endpoint", "arm"]
_FIT = ["repeat", "fold"]
SHARED = (
    "no interval: development sets of a cross-validation share most of their subjects, "
    "so that its fits are no independent draws and the value is too high for fits to "
    "other subjects; evaluation.instability draws samples"
)
NO_TERMS = (
    "no coefficients of features tell what is selected: trees have none, and of a "
    "fused arm the members select"
)
NOTHING = "fewer than two fits, or all select nothing, or everything"
_METHODS = {
    CV.name: "Nogueira's index over the fits of the cross-validation",
    BOOTSTRAP.name: "Nogueira's index over bootstrap samples of all subjects, normal "
    "interval of samples drawn from these subjects",
}


def selection_tables(
    coefficients: pd.DataFrame, fits: pd.DataFrame, confidence: float
) -> dict[str, pd.DataFrame]:
    """Tables of kinds "selection" and "selection_stability" of one endpoint."""
    return {
        "selection": selection_frequency(coefficients, fits),
        "selection_stability": of_folds(coefficients, fits, confidence),
    }


def of_folds(
    coefficients: pd.DataFrame, fits: pd.DataFrame, confidence: float
) -> pd.DataFrame:
    """Stability over the fits of the cross-validation, as kind "selection_stability".

    Arms that always take all of their features select none and have no row. Fits that
    failed do not count.

    Parameters
    ----------
    coefficients, fits : DataFrame
        Table kinds of these names, of one endpoint.
    confidence : float
    """
    done = fits[(fits["scheme"] == CV.name) & (fits["status"] == "ok")]
    used = _selected(coefficients[coefficients["scheme"] == CV.name])
    rows = []
    for names, own in done.groupby(_ARM, sort=True):
        terms = used[(used[_ARM] == pd.Series(names, _ARM)).all(axis=1)]
        by_fit = dict(iter(terms.groupby(_FIT)["term"]))
        keys = zip(own["repeat"], own["fold"], strict=True)
        sets = [list(by_fit.get(key, [])) for key in keys]
        rows += list(_row(names, own, sets, CV.name, confidence))
    return pd.DataFrame(rows, columns=list(KINDS["selection_stability"]))


def of_samples(fits: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """The same over bootstrap samples, from a table of kind "sample_fits"."""
    done = fits[(fits["sample"] != WHOLE) & (fits["status"] == "ok")]
    rows = []
    for names, own in done.groupby(_ARM, sort=True):
        sets = [_listed(one) for one in own["features"]]
        rows += list(_row(names, own, sets, BOOTSTRAP.name, confidence))
    return pd.DataFrame(rows, columns=list(KINDS["selection_stability"]))


def _selected(coefficients: pd.DataFrame) -> pd.DataFrame:
    """Features with a coefficient: no covariates, groups or members of fused arms."""
    terms = coefficients["term"]
    return coefficients[
        terms.isin(feature_names(terms))
        & ~terms.str.startswith((GROUP_PREFIX, MEMBER))
        & (coefficients["coefficient"] != 0)
    ]


def _listed(cell: Any) -> list[str]:
    return [] if pd.isna(cell) or not cell else str(cell).split(SEPARATOR)


def _row(
    names: Sequence[Any],
    fits: pd.DataFrame,
    sets: Sequence[Sequence[str]],
    scheme: str,
    confidence: float,
) -> Iterator[dict[str, Any]]:
    """Row of an arm that selects; no row of another one."""
    selected = fits["n_selected"].astype(float)
    candidates = fits["n_candidates"].astype(float)
    if not (selected < candidates).any():
        return
    row = dict(zip(_ARM, names, strict=True)) | {
        "scheme": scheme,
        "n_fits": len(fits),
        "n_candidates": int(candidates.max()),
        "mean_selected": float(selected.mean()),
        "method": _METHODS[scheme],
    }
    if selected.sum() and not any(sets):
        yield row | {"reason": NO_TERMS}
        return
    found = selection_stability(_matrix(sets, int(candidates.max())), confidence)
    row |= {"stability": found.value}
    if not np.isfinite(found.value):
        yield row | {"reason": NOTHING}
    elif scheme == CV.name:
        yield row | {"reason": SHARED}
    else:
        error = {"standard_error": found.standard_error}
        yield row | error | {"lower": found.lower, "upper": found.upper}


def _matrix(sets: Sequence[Sequence[str]], n_candidates: int) -> np.ndarray:
    """Selected features by fit; candidates that no fit selects are columns too."""
    names = {
        name: place for place, name in enumerate(sorted({n for s in sets for n in s}))
    }
    matrix = np.zeros((len(sets), max(n_candidates, len(names))), dtype=bool)
    for row, one in enumerate(sets):
        matrix[row, [names[name] for name in one]] = True
    return matrix

"""ComBat of every fold beside the package neuroCombat, on development rows.

`neuroCombat` is called with arrays of double precision, without missing cells and
without a reference. Its function for new rows and its reference batch do not run
with current numpy and are not used.
"""

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from ..errors import FitError
from ..folds.splitting import FoldName, SubjectRows, labels
from ..statistics.constants import varies
from .diagnostics.held_out import ImageRows, by_image
from .estimators import base
from .estimators.combat import ComBat
from .estimators.empirical_bayes import MIN_FEATURES
from .settings import BatchModel, CrossCheckCombat

_KEPT = "kept"


def cross_check(
    folds: Iterable[tuple[FoldName, SubjectRows]], settings: CrossCheckCombat
) -> pd.DataFrame:
    """Largest difference per fold and batch variable, kind "combat_crosscheck".

    Several batch variables are removed in their order; each is checked on the
    rows that those before it have harmonized. Both sides stop where the R
    package sva does and shrink mean-only shifts as it does, because neuroCombat
    can do nothing else.

    Parameters
    ----------
    folds : iterable of (FoldName, SubjectRows)
        Development rows of each fold.
    settings : CrossCheckCombat
        Batches, kept covariates and options of ComBat.
    """
    options = settings.harmonization
    rows = [
        {**labels(name), **found}
        for name, fold in folds
        for part in by_image(fold.cohort, fold.features, settings, options)
        for found in _of_image(part, options)
    ]
    return pd.DataFrame(rows, columns=[*FoldName._fields, *_COLUMNS])


_COLUMNS = (
    "image",
    "variable",
    "n",
    "n_batches",
    "n_features",
    "n_left_out",
    "largest_difference",
    "feature",
    "reason",
)


def compare(combat: ComBat, rows: pd.DataFrame) -> dict[str, Any]:
    """Largest difference of ComBat and neuroCombat, in feature SD.

    Parameters
    ----------
    combat : ComBat
        Its batch variable, covariates and features are compared.
    rows : DataFrame
        Rows to fit and to harmonize.

    Returns
    -------
    dict
        The counts of kind "combat_crosscheck", `largest_difference` and the `feature`
        that has it, or the `reason` why it is NaN.
    """
    table, features = _usable(combat, rows)
    found: dict[str, Any] = {
        "n": len(table),
        "n_batches": table[combat.batch].nunique(),
        "n_features": len(features),
        "n_left_out": len(combat.columns or []) - len(features),
        "largest_difference": np.nan,
        "feature": None,
        "reason": None,
    }
    try:
        difference = _differences(combat, table, features)
    except FitError as error:
        return found | {"reason": str(error)}
    worst = int(np.argmax(difference))
    return found | {"largest_difference": difference[worst], "feature": features[worst]}


def _differences(
    combat: ComBat, table: pd.DataFrame, features: list[str]
) -> np.ndarray:
    """Largest difference of each feature in its SD; FitError where there is none."""
    if table[combat.batch].nunique() < 2:
        raise FitError("fewer than two batches")
    if len(features) < MIN_FEATURES:
        raise FitError(f"fewer than {MIN_FEATURES} complete features")
    combat = clone(combat).set_params(columns=features)
    ours = base.numbers(combat.fit(table).transform(table), features)
    values = base.numbers(table, features)
    theirs = _neurocombat(combat, table, values)
    if not np.isfinite(theirs).all():
        raise FitError("neuroCombat gave missing values")
    largest = np.abs(ours - theirs).max(axis=0)
    return np.asarray(largest / values.std(axis=0, ddof=1))


def _of_image(part: ImageRows, options: BatchModel) -> Iterator[dict[str, Any]]:
    """The check of every batch variable of an image, in order."""
    rows = part.rows
    for batch in part.batches:
        shared: dict[str, Any] = {
            "keep": tuple(part.keep),
            "smooth": tuple(part.smooth),
            "spline_knots": options.spline_knots,
            "min_batch_size": options.min_batch_size,
            "empirical_bayes": options.empirical_bayes,
            "mean_only": "sva" if options.mean_only else False,
            "stop_rule": "sva",
            "unseen": base.PASSTHROUGH,
        }
        combat = ComBat(batch, columns=part.features, **shared)
        named = {"image": part.image, "variable": part.variable(batch)}
        yield {**named, **compare(combat, rows)}
        with contextlib.suppress(FitError):
            fitted = ComBat(batch, columns=part.features, **shared).fit(rows)
            rows = fitted.transform(rows[~fitted.unseen_rows(rows)])


def _usable(combat: ComBat, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Rows of batches that are large enough, and complete features that vary."""
    names = list(combat.columns or [])
    batch = base.labels(rows, combat.batch)
    sizes = pd.Series(batch).value_counts()
    least = max(combat.min_batch_size, 2)
    large = sizes.index[(sizes >= least) & (sizes.index != base.MISSING)]
    table = rows[np.isin(batch, large)].assign(
        **{combat.batch: batch[np.isin(batch, large)]}
    )
    varies = _vary(base.numbers(table, names), table[combat.batch].to_numpy())
    return table, [n for n, keep in zip(names, varies, strict=True) if keep]


def _vary(values: np.ndarray, batch: np.ndarray) -> np.ndarray:
    """Features (p,) that are complete and vary inside every batch, as bool.

    neuroCombat takes a variance of zero for one, sva leaves such features out.
    """
    found: np.ndarray = np.isfinite(values).all(axis=0)
    for name in set(batch):
        found &= varies(values[batch == name])
    return found


def _neurocombat(combat: ComBat, table: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    """Rows (n, p) as neuroCombat harmonizes them; covariates as `combat` codes them."""
    from neuroCombat import neuroCombat

    coded = combat.coding_.columns(table)
    coded = coded[:, coded.any(axis=0)]
    names = [f"{_KEPT}_{number}" for number in range(coded.shape[1])]
    covariates = pd.DataFrame(coded, columns=names)
    covariates.insert(0, "batch", table[combat.batch].to_numpy())
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        result = neuroCombat(
            np.asarray(values.T, dtype=np.float64),
            covariates,
            batch_col="batch",
            continuous_cols=names,
            eb=combat.empirical_bayes,
            mean_only=bool(combat.mean_only),
        )
    return np.asarray(result["data"].T)

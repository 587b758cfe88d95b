"""Batch estimates of ComBat over the folds, and their priors."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from ...errors import FitError
from ...folds import splits as folding
from ..estimators.base import Harmonizer
from ..estimators.combat import ComBat
from ..estimators.sequence import HarmonizerSequence
from ..settings import Harmonization, HeldOutHarmonization
from .held_out import SCHEME, ImageRows, by_image, harmonizer

_PRIOR = ("shift_mean", "shift_variance", "shape", "rate")


def fold_estimates(
    cohort: pd.DataFrame,
    measurements: pd.DataFrame,
    folds: pd.DataFrame,
    settings: HeldOutHarmonization,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of kind "batch_estimates" and "batch_priors".

    ComBat is fitted on the development rows of each fold of the first repeat, as
    the arms do. Shifts and variances are in units of the residual SD of the
    feature. Estimates without shrinkage and the priors are those of the first
    fold.
    """
    estimates: list[pd.DataFrame] = []
    priors: list[dict[str, Any]] = []
    options = settings.harmonization
    unshrunk = options.model_copy(update={"empirical_bayes": False})
    for part in by_image(cohort, measurements, settings, options):
        development = [
            part.of(known)
            for _, known, _ in folding.splits(folding.select(folds, SCHEME))
        ]
        fits = [_effects(part, rows, options) for rows in development]
        plain = _effects(part, development[0], unshrunk)
        estimates += _over_folds(pd.concat(fits), plain)
        priors += _priors(part, development[0], options)
    columns = ["image", "variable", "batch", "name"]
    table = pd.concat(estimates, ignore_index=True) if estimates else pd.DataFrame()
    return table.sort_values(columns, ignore_index=True) if len(table) else table, (
        pd.DataFrame(priors)
    )


def _effects(
    part: ImageRows, rows: pd.DataFrame, options: Harmonization
) -> pd.DataFrame:
    """Shift and variance of each batch and feature; no rows if nothing fits."""
    frames = [
        pd.DataFrame(
            {
                "image": part.image,
                "variable": part.variable(single.batch),
                "batch": np.repeat(single.batches_, len(single.columns_)),
                "name": np.tile(single.columns_, len(single.batches_)),
                "shift": single.shift_.ravel(),
                "variance": single.variance_.ravel(),
            }
        )
        for single in _combats(part, rows, options)
    ]
    names = ["image", "variable", "batch", "name", "shift", "variance"]
    return pd.concat(frames) if frames else pd.DataFrame(columns=names)


def _combats(
    part: ImageRows, rows: pd.DataFrame, options: Harmonization
) -> list[ComBat]:
    try:
        fitted: Harmonizer = harmonizer(part, "combat", options).fit(rows)
    except FitError:
        return []
    found = fitted.fitted_ if isinstance(fitted, HarmonizerSequence) else [fitted]
    return [single for single in found if isinstance(single, ComBat)]


def _over_folds(fits: pd.DataFrame, plain: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Mean and SD over folds of each estimate, beside the unshrunk one."""
    keys = ["image", "variable", "batch", "name"]
    if fits.empty:
        return
    values = fits.astype({"shift": float, "variance": float})
    found = values.groupby(keys)[["shift", "variance"]].agg(["mean", "std", "count"])
    raw = plain.set_index(keys)[["shift", "variance"]].reindex(found.index)
    yield pd.DataFrame(
        {
            "n_folds": found["shift", "count"],
            "shift": found["shift", "mean"],
            "shift_sd": found["shift", "std"],
            "variance": found["variance", "mean"],
            "variance_sd": found["variance", "std"],
            "shift_unshrunk": raw["shift"].astype(float),
            "variance_unshrunk": raw["variance"].astype(float),
        }
    ).reset_index()


def _priors(
    part: ImageRows, rows: pd.DataFrame, options: Harmonization
) -> Iterator[dict[str, Any]]:
    for single in _combats(part, rows, options):
        sizes = rows[single.batch].astype(str).value_counts()
        for batch, prior in zip(single.batches_, single.priors_, strict=True):
            yield {
                "image": part.image,
                "variable": part.variable(single.batch),
                "batch": batch,
                "n": int(sizes.get(batch, 0)),
                **{name: (prior or {}).get(name, np.nan) for name in _PRIOR},
            }

"""Optimism of every arm and its .632+ estimate, from bootstrap samples."""

from typing import Any

import numpy as np
import pandas as pd

from ..errors import ConfigError
from ..folds.bootstrap import WHOLE
from ..statistics.optimism import optimism, relative_overfitting, value_632_plus

#: AUC or C-index of a score that knows nothing.
NO_INFORMATION = 0.5
#: Samples share subjects, so that their scatter is no standard error; and intervals of
#: bootstrap estimates of this kind hold the truth too rarely.
NO_INTERVAL = (
    "no interval: samples share their subjects, so that their scatter is not the error "
    "of a mean over them"
)
FEW = 100


def bootstrap(resampled: pd.DataFrame) -> pd.DataFrame:
    """Apparent, optimism-corrected, out-of-bag and .632+ value of each arm.

    Parameters
    ----------
    resampled : DataFrame
        Table kind "resampled" of one endpoint, all parts.

    Returns
    -------
    DataFrame
        Table kind "bootstrap". Samples without a model, or without a value, count in
        no mean; no value has an interval, for which `reason` says why.
    """
    keys = ["endpoint", "arm", "metric"]
    return pd.DataFrame(
        [
            dict(zip(keys, names, strict=True)) | _of_arm(rows)
            for names, rows in resampled.groupby(keys, sort=True)
        ]
    )


def _of_arm(rows: pd.DataFrame) -> dict[str, Any]:
    whole, drawn = rows[rows["sample"] == WHOLE], rows[rows["sample"] != WHOLE]
    if len(whole) != 1:
        raise ConfigError(
            f"bootstrap: {len(whole)} rows hold the fit to all subjects, expected one. "
            "Run rule resample_arms again."
        )
    apparent = float(whole["on_all"].iloc[0])
    lost = optimism(drawn["in_sample"].to_numpy(), drawn["on_all"].to_numpy())
    out_of_bag = _mean(drawn["out_of_bag"])
    return {
        "n_samples": int((drawn["status"] == "ok").sum()),
        "n_failed": int((drawn["status"] != "ok").sum()),
        "apparent": apparent,
        "optimism": lost,
        "corrected": apparent - lost,
        "out_of_bag": out_of_bag,
        "relative_overfitting": relative_overfitting(
            apparent, out_of_bag, NO_INFORMATION
        ),
        "no_information": NO_INFORMATION,
        "value_632_plus": value_632_plus(apparent, out_of_bag, NO_INFORMATION),
        "reason": _reason(whole.iloc[0], drawn),
    }


def _mean(values: pd.Series) -> float:
    known = values.to_numpy(dtype=float)
    known = known[np.isfinite(known)]
    return float(known.mean()) if len(known) else np.nan


def _reason(whole: pd.Series, drawn: pd.DataFrame) -> str:
    """Words for what is missing or uncertain."""
    if whole["status"] != "ok":
        return f"no model of all subjects: {whole['message']}"
    n = int((drawn["status"] == "ok").sum())
    few = f"; {n} samples are few, {FEW} or more are usual" if n < FEW else ""
    return NO_INTERVAL + few

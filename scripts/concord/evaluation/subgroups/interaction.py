"""Test of whether a measure differs between subgroups, beyond chance."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from ...statistics.subgroups.heterogeneity import heterogeneity
from .estimates import Estimated
from .measures import Measured

TOO_FEW = "{n} subgroups have a value with an error, expected two or more"
SHARED = "patients have rows in several subgroups, whose values thus depend"


def interaction(
    found: Mapping[str, tuple[Measured, Estimated]], shared: bool
) -> dict[str, Any]:
    """Welch's test of the values of subgroups, as a row of kind "subgroup_tests".

    AUC, C-index and Brier score are compared on the logit scale. The slope's test is
    that of the product of score and subgroup in a model of recalibration, that in the
    large of its intercepts.

    Parameters
    ----------
    found : mapping
        Value of one measure by subgroup.
    shared : bool
        Whether a patient has rows in several subgroups.
    """
    known = {level: pair for level, pair in found.items() if pair[1].comparable}
    first = next(iter(found.values()))[0]
    left_out = ", ".join(level for level in found if level not in known)
    row = {
        "measure": first.measure,
        "horizon_days": first.horizon_days,
        "n_levels": len(known),
        "left_out": left_out or None,
        "p_value": np.nan,
        "reason": None,
    }
    if len(known) < 2:
        return row | {"reason": TOO_FEW.format(n=len(known))}
    if shared:
        return row | {"reason": SHARED}
    scale = [_on_scale(*pair) for pair in known.values()]
    values, errors, degrees = (np.array(part) for part in zip(*scale, strict=True))
    return row | asdict(heterogeneity(values, errors, degrees))


def _on_scale(one: Measured, value: Estimated) -> tuple[float, float, float]:
    """Value, error and degrees of freedom; of a share, as log odds."""
    estimate, error = value.interval.estimate, value.error
    if one.is_share and 0 < estimate < 1:
        inside = estimate * (1 - estimate)
        return float(np.log(estimate / (1 - estimate))), error / inside, value.degrees
    return estimate, error, value.degrees

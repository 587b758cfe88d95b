"""Does the study find what was planted in the outcomes?"""

import warnings
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..roles import OutcomeRoles
from .readers import Claim

_CONFIDENCE = 0.95
#: An interaction is found below this p-value, which counts all markers.
_LEVEL = 0.05
#: Fine-Gray's hazard ratio must be at most so many times the cause-specific one. Of a
#: comorbidity without effect on other deaths, none of 30 simulated demo studies came
#: below 0.7; of the planted one, all of 130 did.
MOVED = 0.6


class Interval(NamedTuple):
    """Log ratio with the bounds of its interval; NaN if undefined."""

    estimate: float
    lower: float
    upper: float

    def holds(self, value: float) -> bool:
        """True if a value lies inside; never in an undefined interval."""
        return bool(self.lower <= value <= self.upper)

    def __str__(self) -> str:
        low, middle, high = np.exp([self.lower, self.estimate, self.upper])
        return f"{middle:.3g} ({low:.3g} to {high:.3g})"


_UNKNOWN = Interval(np.nan, np.nan, np.nan)


def texture_effect(
    measured: pd.Series,
    planted: pd.Series,
    site: pd.Series,
    outcome: pd.DataFrame,
    covariates: pd.DataFrame,
) -> Interval:
    """Log hazard ratio per unit of the planted texture, estimated from a feature.

    Regression calibration [1]_: within each site, the planted texture is regressed on
    the feature; the fitted values take its place in Cox's model (Efron's ties, no
    penalty) beside site and covariates: the model by which times were planted, with
    hazards of sites in proportion. That the regression is itself estimated widens no
    interval: of 20 subjects per site whose feature follows the texture, it adds little.
    In 60 simulated demo studies the 95 % interval held the planted effect in 97 %.

    Parameters
    ----------
    measured, planted, site : Series
        Feature, planted texture and site of each subject.
    outcome : DataFrame
        Columns event (0/1) and time_days.
    covariates : DataFrame
        Numbers; all indexed by subject.

    Returns
    -------
    Interval
        Undefined if the likelihood has no optimum, or without subjects.

    References
    ----------
    .. [1] Prentice, R. L. (1982). "Covariate measurement errors and parameter
           estimation in a failure time regression model". Biometrika, 69, 331-342.
           https://doi.org/10.1093/biomet/69.2.331
    """
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError, ConvergenceWarning
    from scipy.linalg import LinAlgWarning

    columns = {"measured": measured, "planted": planted, "site": site}
    rows = pd.DataFrame(columns).join(outcome).join(covariates).dropna()
    if rows.empty:
        return _UNKNOWN
    parts = [_calibrated(part) for _, part in rows.groupby("site")]
    sites = pd.get_dummies(rows.pop("site"), drop_first=True, dtype=float)
    data = rows.drop(columns=["measured", "planted"]).join(sites.add_prefix("site="))
    data["texture"] = pd.concat(parts)
    fitter = CoxPHFitter(alpha=1 - _CONFIDENCE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", ConvergenceWarning)
            warnings.simplefilter("error", LinAlgWarning)
            fitter.fit(data, "time_days", "event")
    except (ConvergenceError, ConvergenceWarning, LinAlgWarning):
        return _UNKNOWN
    bounds = fitter.confidence_intervals_.loc["texture"]
    return Interval(float(fitter.params_["texture"]), *map(float, bounds))


def _calibrated(rows: pd.DataFrame) -> pd.Series:
    """Planted texture as a straight line in the feature tells it, in one site."""
    centred = rows["measured"] - rows["measured"].mean()
    spread = float((centred**2).sum())
    slope = float((centred * rows["planted"]).sum()) / spread if spread else 0.0
    return rows["planted"].mean() + slope * centred


def texture_claim(
    endpoint: str, feature: str, effect: Interval, roles: OutcomeRoles
) -> Claim:
    """The planted hazard ratio lies inside the interval of the estimated one."""
    planted = roles.texture_log_hazard
    return Claim(
        f"{endpoint}: the texture has the planted hazard ratio",
        f"{np.exp(planted):.3g} per SD of the texture",
        f"{effect}, by {feature}, calibrated within sites to the planted texture "
        "(Cox regression without penalty, adjusted for site, age and stage)",
        f"inside the {100 * _CONFIDENCE:.0f} % interval",
        effect.holds(planted),
    )


def interaction_claims(
    interaction: pd.DataFrame, effects: pd.DataFrame, roles: OutcomeRoles
) -> Iterator[Claim]:
    """A treatment's interaction is found where it was planted, and nowhere else.

    Parameters
    ----------
    interaction, effects : DataFrame
        Of kinds "interaction" and "marker_effects".
    roles : OutcomeRoles
    """
    for endpoint in (*roles.interacting, *roles.not_interacting):
        is_planted = endpoint in roles.interacting
        mine = _of(interaction, endpoint=endpoint, marker=roles.receptor)
        both = _of(effects, endpoint=endpoint, marker=roles.receptor)
        ratio = _interval(
            _of(both, among="treated / control")[["ratio", "lower", "upper"]].apply(
                np.log
            )
        )
        p_value = mine["p_adjusted"].min() if len(mine) else np.nan
        same_sign = np.sign(ratio.estimate) == np.sign(roles.interaction_log_odds)
        shown = p_value < _LEVEL and same_sign
        yield Claim(
            f"{endpoint}: the treatment's effect depends on the receptor"
            if is_planted
            else f"{endpoint}: the treatment's effect does not depend on the receptor",
            f"{np.exp(roles.interaction_log_odds if is_planted else 0):.3g} times the "
            "ratio with the receptor",
            f"{ratio} times, p = {p_value:.2g}",
            f"p below {_LEVEL:g}, in the planted direction"
            if is_planted
            else f"p at least {_LEVEL:g}",
            bool(shown if is_planted else p_value >= _LEVEL),
        )


def competing_claims(effects: pd.DataFrame, roles: OutcomeRoles) -> Iterator[Claim]:
    """A competing death moves the subdistribution hazard, not the cause-specific one.

    Parameters
    ----------
    effects : DataFrame
        Of kind "competing_effects".
    roles : OutcomeRoles
    """
    for endpoint, cause in roles.competing.items():
        mine = _of(effects, endpoint=endpoint, variable=roles.comorbidity, cause=cause)
        kinds = ("specific", "subdistribution")
        specific, moved = (
            _interval(mine[[f"{kind}_{cell}" for cell in ("log_hr", "lower", "upper")]])
            for kind in kinds
        )
        ratio = np.exp(moved.estimate - specific.estimate)
        yield Claim(
            f"{endpoint}: other deaths by comorbidity move Fine-Gray's effect, not the "
            "cause-specific one",
            f"hazard ratio of severe comorbidity 1 for this death, "
            f"{np.exp(roles.other_deaths_log_hazard):.3g} for others",
            f"cause-specific {specific}, Fine-Gray {moved}",
            f"1 inside the cause-specific interval, Fine-Gray's at most {MOVED:g} "
            "of the cause-specific one",
            specific.holds(0.0) and bool(ratio <= MOVED),
        )


def _of(table: pd.DataFrame, **cells: object) -> pd.DataFrame:
    """Rows of a table with some cells."""
    for name, cell in cells.items():
        table = table[table[name] == cell]
    return table


def _interval(rows: pd.DataFrame) -> Interval:
    """Interval of the three cells of the only row; undefined if it is not alone."""
    if len(rows) != 1:
        return _UNKNOWN
    return Interval(*(float(cell) for cell in rows.iloc[0]))

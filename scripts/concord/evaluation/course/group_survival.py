"""Survival of risk groups: medians, survival at declared days, restricted means."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...statistics.risk_groups import ordered
from ...statistics.survival.kaplan_meier import KaplanMeier
from ...statistics.survival.restricted_mean import (
    RestrictedMean,
    clustered_error,
    restricted_mean,
)
from .sets import LEARNT_GROUPS, EvaluationSet
from .settings import SurvivalCourse

#: Events of a group from which its restricted mean has an interval.
LEAST_EVENTS = 5
_KEYS = ["endpoint", "arm", "scheme", "fold"]


class _Group(NamedTuple):
    """Members of a risk group as arrays, and their curve."""

    name: str
    event: np.ndarray
    time: np.ndarray
    cluster: np.ndarray
    curve: KaplanMeier

    @property
    def followed_to(self) -> float:
        """Last time at which the curve is known."""
        return np.inf if self.curve.survival[-1] <= 0 else float(self.curve.times[-1])


def group_survival(
    sets: Sequence[EvaluationSet], settings: SurvivalCourse
) -> dict[str, pd.DataFrame]:
    """Tables of kinds "group_survival", "group_survival_at" and "rmst_differences".

    Groups are those of the fits: cut by the scores of development, never by those that
    are described here. Medians and survival have pointwise intervals on the log-log
    scale. Restricted means end at tau, which is the largest declared day that all
    groups are followed to, or without one the last time that all are.

    Parameters
    ----------
    sets : sequence of EvaluationSet
        Of one endpoint with times.
    settings : SurvivalCourse
    """
    alone, at, apart = [], [], []
    for one in sets:
        groups = list(_groups(one.known("risk_group")))
        if not groups:
            continue
        tau = time_limit([group.followed_to for group in groups], settings.at_days)
        tau = tau or max(float(group.curve.times[-1]) for group in groups)
        means = [_mean(group, tau) for group in groups]
        pairs = list(zip(groups, means, strict=True))
        for group, mean in pairs:
            alone.append(one.keys | _alone(group, mean, tau, settings))
            at += [one.keys | row for row in _at_days(group, settings)]
        for pair in pairs[1:]:
            apart.append(one.keys | _apart(pair, pairs[0], tau, one.learnt, settings))
    return {
        "group_survival": pd.DataFrame(alone, columns=[*_KEYS, *_ALONE]),
        "group_survival_at": pd.DataFrame(at, columns=[*_KEYS, *_AT]),
        "rmst_differences": pd.DataFrame(apart, columns=[*_KEYS, *_APART]),
    }


def time_limit(followed_to: Sequence[float], at_days: Sequence[float]) -> float:
    """Tau of restricted means; 0 if every group ends with an event.

    Parameters
    ----------
    followed_to : sequence of float
        Last time at which the curve of each group is known.
    at_days : sequence of float
        Days that the study declares.

    References
    ----------
    Tian, L. et al. (2020). "On the empirical choice of the time window for restricted
    mean survival time". Biometrics, 76, 1157-1166. https://doi.org/10.1111/biom.13237
    """
    limit = min(followed_to)
    reached = [days for days in at_days if days <= limit]
    if reached:
        return max(reached)
    return float(limit) if np.isfinite(limit) else 0.0


_ALONE = ["risk_group", "n", "n_events", "median_days", "median_lower", "median_upper"]
_ALONE += ["tau_days", "rmst_days", "standard_error", "lower", "upper", "reason"]
_AT = ["risk_group", "horizon_days", "n_at_risk", "n_events", "survival"]
_AT += ["standard_error", "lower", "upper", "reason"]
_APART = ["risk_group", "reference_group", "tau_days", "difference_days"]
_APART += ["standard_error", "lower", "upper", "method", "reason"]


def _groups(one: EvaluationSet) -> Iterator[_Group]:
    for name in ordered(one.rows["risk_group"]):
        rows = one.rows[one.rows["risk_group"] == name]
        event, time = rows["event"].to_numpy(int), rows["time_days"].to_numpy(float)
        cluster = rows["cluster"].to_numpy(str)
        curve = KaplanMeier.of(event, time, cluster)
        yield _Group(name, event, time, cluster, curve)


def _mean(group: _Group, tau: float) -> RestrictedMean:
    """Restricted mean, its error by clusters; without an error for few events."""
    found = restricted_mean(group.event, group.time, tau)
    if group.event.sum() < LEAST_EVENTS:
        return found._replace(standard_error=np.nan)
    if len(np.unique(group.cluster)) < len(group.cluster):
        error = clustered_error(found.influence, group.cluster)
        return found._replace(standard_error=error)
    return found


def _interval(value: float, error: float, confidence: float) -> dict[str, float]:
    from scipy.special import ndtri

    reach = float(ndtri(0.5 + confidence / 2)) * error
    return {"standard_error": error, "lower": value - reach, "upper": value + reach}


def _alone(
    group: _Group, mean: RestrictedMean, tau: float, settings: SurvivalCourse
) -> dict[str, Any]:
    median, low, high = group.curve.median(settings.confidence)
    few = int(group.event.sum()) < LEAST_EVENTS
    interval = _interval(mean.estimate, mean.standard_error, settings.confidence)
    told = f"{group.event.sum()} events; an interval of the mean takes {LEAST_EVENTS}"
    return {
        "risk_group": group.name,
        "n": len(group.event),
        "n_events": int(group.event.sum()),
        "median_days": median,
        "median_lower": low,
        "median_upper": high,
        "tau_days": tau,
        "rmst_days": mean.estimate,
        **interval,
        "reason": told if few else None,
    }


def _at_days(group: _Group, settings: SurvivalCourse) -> Iterator[dict[str, Any]]:
    """Survival of a group at each declared day, or why there is none."""
    curve = group.curve
    lower, upper = curve.band(settings.confidence)
    for days in settings.at_days:
        place, known = curve.at(days), days <= group.followed_to
        had = int(group.event[group.time <= days].sum())
        row = {
            "risk_group": group.name,
            "horizon_days": days,
            "n_at_risk": int((group.time >= days).sum()),
            "n_events": had,
            "reason": None if known else "nobody is followed until then",
        }
        if known and had:
            value = float(curve.survival[place])
            error = value * float(curve.log_error[place])
            row |= {"survival": value, "standard_error": error}
            row |= {"lower": float(lower[place]), "upper": float(upper[place])}
        elif known:
            row |= {"survival": 1.0, "reason": "no interval: no event until then"}
        yield row


def _apart(
    pair: tuple[_Group, RestrictedMean],
    lowest: tuple[_Group, RestrictedMean],
    tau: float,
    learnt: bool,
    settings: SurvivalCourse,
) -> dict[str, Any]:
    """Difference of the restricted means of a group and that of the lowest risk."""
    (group, mean), (base, other) = pair, lowest
    difference = mean.estimate - other.estimate
    few = np.isnan(mean.standard_error) or np.isnan(other.standard_error)
    reason = LEARNT_GROUPS if learnt else None
    if few and not learnt:
        reason = f"a group has fewer than {LEAST_EVENTS} events"
    error, method = np.nan, None
    if reason is None:
        influence = np.concatenate([mean.influence, -other.influence])
        cluster = np.concatenate([group.cluster, base.cluster])
        shared = len(np.unique(cluster)) < len(cluster)
        method = f"normal, {'influence by cluster' if shared else 'Greenwood'}"
        error = float(np.hypot(mean.standard_error, other.standard_error))
        error = clustered_error(influence, cluster) if shared else error
    return {
        "risk_group": group.name,
        "reference_group": base.name,
        "tau_days": tau,
        "difference_days": difference,
        **_interval(difference, error, settings.confidence),
        "method": method,
        "reason": reason,
    }

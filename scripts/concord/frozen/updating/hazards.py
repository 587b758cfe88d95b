"""Baseline hazards at another hospital: expected events, factors, new estimates."""

from collections.abc import Callable

import numpy as np

from ...errors import FitError
from ...models.absolute_risk import with_other_causes
from ...models.estimators.partial_likelihood import PartialLikelihood
from ...models.estimators.risk_sets import Ties
from ...models.fitted_model import Baseline, StratumHazard
from .subjects import Subjects

_MOST_STEPS, _TOLERANCE, _LARGEST = 100, 1e-12, 15.0
_NAN = float("nan")


def levels(baseline: Baseline | None, subjects: Subjects) -> np.ndarray:
    """Cumulative baseline hazard at the end of each follow-up, (n,); NaN without."""
    return _levels(baseline, subjects, own_level)


def own_level(hazard: StratumHazard, days: np.ndarray) -> np.ndarray:
    """Cumulative baseline hazard of the event of interest by some days."""
    return _at(hazard.times_days, hazard.cumulative_hazard, days)


def competing_level(hazard: StratumHazard, days: np.ndarray) -> np.ndarray:
    """Cumulative hazard of all other causes by some days."""
    return _at(hazard.competing_times_days, hazard.competing_hazard, days)


def factor(baseline: Baseline, subjects: Subjects) -> float:
    """Observed events over those that the model expects within each follow-up [1]_.

    References
    ----------
    .. [1] Crowson, C. S., Atkinson, E. J. and Therneau, T. M. (2016). "Assessing
           calibration of prognostic risk scores". Statistical Methods in Medical
           Research, 25, 1692-1706. https://doi.org/10.1177/0962280213497434
    """
    expected = float(levels(baseline, subjects) @ np.exp(subjects.score))
    return float(subjects.event.sum()) / expected if expected > 0 else _NAN


def competing_factor(baseline: Baseline, subjects: Subjects) -> float:
    """The same of events of other causes, whose hazard no score changes."""
    expected = float(_levels(baseline, subjects, competing_level).sum())
    return float(subjects.had_other.sum()) / expected if expected > 0 else _NAN


def scaled(baseline: Baseline, own: float, competing: float | None) -> Baseline:
    """Baseline with its hazard times a factor, and perhaps that of other causes."""
    update = {
        "strata": {
            name: _scaled(hazard, own, competing)
            for name, hazard in baseline.strata.items()
        }
    }
    whole = _scaled(baseline, own, competing)
    return Baseline(**(whole.model_dump() | update))


def estimated(
    subjects: Subjects, slope: float, ties: Ties, parent: Baseline, others_too: bool
) -> Baseline:
    """Baseline hazard of these subjects at a slope on their scores, by stratum.

    As in development: with Efron's or Breslow's treatment of ties. The hazard of other
    causes is estimated too, or kept as the parent has it.
    """
    y = subjects.kind.target(subjects.rows)
    likelihood = PartialLikelihood.of(y, ties)
    found = {
        name: StratumHazard(
            times_days=hazard.times.tolist(),
            cumulative_hazard=hazard.cumulative.tolist(),
        )
        for name, hazard in likelihood.cumulative_hazards(
            slope * subjects.score
        ).items()
    }
    if subjects.stratum is None:
        (whole,) = found.values()
        made = Baseline(**whole.model_dump())
    else:
        made = Baseline(strata=found)
    if others_too:
        return with_other_causes(made, subjects.rows)
    return _with_competing_of(made, parent)


def cox_slope(subjects: Subjects, ties: Ties) -> float:
    """Slope on the scores by the partial likelihood, by stratum.

    Raises
    ------
    FitError
        If the scores are equal or separate the outcomes.
    """
    y, column = subjects.kind.target(subjects.rows), subjects.score[:, None]
    likelihood, slope = PartialLikelihood.of(y, ties), 1.0
    for _ in range(_MOST_STEPS):
        _, gradient, curve = likelihood.derivatives(column, np.array([slope]))
        if not curve[0, 0] > _TOLERANCE or abs(slope) > _LARGEST:
            raise FitError("no finite slope: the scores are equal or separate events")
        step = float(np.clip(gradient[0] / curve[0, 0], -2.0, 2.0))
        slope += step
        if abs(step) < _TOLERANCE:
            break
    return slope


def other_causes(baseline: Baseline) -> bool:
    """True if the baseline has a hazard of other causes."""
    hazards = [baseline, *baseline.strata.values()]
    return any(hazard.competing_times_days for hazard in hazards)


def has_hazard(baseline: Baseline | None) -> bool:
    """True if the model gives a risk."""
    if baseline is None:
        return False
    return any(one.times_days for one in [baseline, *baseline.strata.values()])


def _levels(
    baseline: Baseline | None,
    subjects: Subjects,
    level: Callable[[StratumHazard, np.ndarray], np.ndarray],
) -> np.ndarray:
    found, days, stratum = np.full(len(subjects), _NAN), subjects.time, subjects.stratum
    if baseline is None:
        return found
    if not baseline.strata:
        return level(baseline, days)
    for name, hazard in baseline.strata.items():
        mine = stratum == name
        found[mine] = level(hazard, days[mine])
    return found


def _at(times: list[float], cumulative: list[float], days: np.ndarray) -> np.ndarray:
    place = np.searchsorted(times, days, side="right")
    return np.asarray(np.append(0.0, cumulative)[place])


def _scaled(
    hazard: StratumHazard, own: float, competing: float | None
) -> StratumHazard:
    times = 1.0 if competing is None else competing
    return hazard.model_copy(
        update={
            "cumulative_hazard": [own * one for one in hazard.cumulative_hazard],
            "competing_hazard": [times * one for one in hazard.competing_hazard],
        }
    )


def _with_competing_of(made: Baseline, parent: Baseline) -> Baseline:
    def kept(own: StratumHazard, theirs: StratumHazard) -> StratumHazard:
        names = ("competing_times_days", "competing_hazard")
        return own.model_copy(update={name: getattr(theirs, name) for name in names})

    strata = {
        name: kept(hazard, parent.strata.get(name, StratumHazard()))
        for name, hazard in made.strata.items()
    }
    whole = kept(made, parent)
    return Baseline(**(whole.model_dump() | {"strata": strata}))

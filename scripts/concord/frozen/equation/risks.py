"""Risks by a day from the baseline hazard of a frozen model."""

import math
from collections.abc import Iterator

import numpy as np

from ...models.absolute_risk import absolute_risk
from ...models.fitted_model import StratumHazard
from ..document import FrozenModel
from .markdown import cell, code, table

_OTHERS = (
    "Other causes may come first, so that the risk is a sum over the days of events "
    "(Benichou and Gail 1990, https://doi.org/10.2307/2532098): at each, the chance to "
    "be free of every cause before it, times that of the event. `score.py` and Concord "
    "add it up from `model.baseline` of model.json; without other causes the lines "
    "below would hold."
)


def hazards(document: FrozenModel) -> dict[str, StratumHazard]:
    """Baseline hazards by stratum, one without name if there are no strata."""
    base = document.model.baseline
    if base is None:
        return {}
    known = dict(base.strata) if base.strata else {"": base}
    return {name: one for name, one in known.items() if one.times_days}


def risk_at(document: FrozenModel, score: float, day: float) -> float:
    """Risk by a day at a score; NaN without a hazard, or with several strata."""
    found = hazards(document)
    if "" not in found:
        return math.nan
    return float(absolute_risk(found[""], np.array([score]), [day])[0, 0])


def competes(document: FrozenModel) -> bool:
    """True if other causes may come first."""
    return any(one.competing_times_days for one in hazards(document).values())


def survival(hazard: StratumHazard, day: float) -> float:
    """Share without the event by a day at a score of 0, other causes aside."""
    reached = np.searchsorted(hazard.times_days, day, side="right")
    known = np.append(0.0, hazard.cumulative_hazard)
    return float(np.exp(-known[reached]))


def baseline_lines(document: FrozenModel) -> Iterator[str]:
    """Section on risks, as Markdown."""
    yield from ("## Risk", "")
    found, days = hazards(document), document.outcome.at_days
    if not found or not days:
        why = "no baseline hazard" if not found else "no day at which risk is judged"
        yield from (f"The document holds {why}: the score ranks subjects only.", "")
        return
    if competes(document):
        yield from (_OTHERS, "")
        rows = [
            [f"{day:g}", f"{risk_at(document, score, day):.6g}", f"{score:.6g}"]
            for day in days
            for score in _scores(document)
        ]
        yield from table(["day", "risk", "at a score of"], rows)
    for stratum, hazard in found.items():
        if stratum:
            yield from (f"### Stratum {cell(stratum)}", "")
        yield from code(
            f"risk({day:g}) = 1 - {survival(hazard, day):.12g} ^ exp(score)"
            for day in days
        )


def _scores(document: FrozenModel) -> list[float]:
    middle, spread = document.estimates.mean or 0.0, document.estimates.spread
    return [middle - spread, middle, middle + spread]

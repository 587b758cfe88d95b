"""Risks by a day from the baseline hazard of a frozen model."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from ...models.absolute_risk import absolute_risk
from ...models.fitted_model import StratumHazard
from ..document import FrozenModel
from .markdown import cell, code, table

_OTHERS = (
    "Other causes may come first, so that the risk is a sum over the days of events "
    "(Benichou and Gail 1990, https://doi.org/10.2307/2532098): on each, the chance to "
    "be free of every cause before it, times that of the event. By a day, add up over "
    "all rows of the table until then; `H` and `G` are those of the row, `H0` is the "
    "`H` of the row above, 0 in the first. `H` is the cumulative hazard of the event "
    "at a score of 0, `G` that of all other causes before the day."
)
_SHARE = "share = exp(-H0 * exp(score) - G) * (1 - exp(-(H - H0) * exp(score)))"


def hazards(document: FrozenModel) -> dict[str, StratumHazard]:
    """Baseline hazards by stratum, one without name if there are no strata."""
    base = document.model.baseline
    if base is None:
        return {}
    if base.strata:
        return dict(base.strata)
    return {"": base} if base.times_days else {}


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
    for stratum, hazard in found.items():
        if stratum:
            yield from (f"### Stratum {cell(stratum)}", "")
        if competes(document):
            yield from _shares(hazard, days)
        else:
            yield from code(
                f"risk({day:g}) = 1 - {survival(hazard, day):.12g} ^ exp(score)"
                for day in days
            )


def _shares(hazard: StratumHazard, days: Sequence[float]) -> Iterator[str]:
    """Sum over the days of events until the last one that is judged."""
    yield from (_OTHERS, "")
    yield from code([_SHARE])
    others = np.append(0.0, hazard.competing_hazard)
    before = others[np.searchsorted(hazard.competing_times_days, hazard.times_days)]
    rows = zip(hazard.times_days, hazard.cumulative_hazard, before, strict=True)
    told = [
        [f"{day:.12g}", f"{own:.12g}", f"{other:.12g}"]
        for day, own, other in rows
        if day <= max(days)
    ]
    yield from table(["day", "H", "G"], told)

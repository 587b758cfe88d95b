"""Planted outcomes beside the tumour's: other deaths, and a treatment by receptor."""

from typing import NamedTuple

import numpy as np

from .draws import uniform
from .planted import OtherDeaths, PlantedTreatment

#: Code of death of another cause than the tumour, which has 1.
OTHER = 2
COMORBIDITY = ("mild", "severe")
RECEPTOR = ("negative", "positive")
TREATMENT = ("standard", "intensified")


class Observed(NamedTuple):
    """Days to the first event or to censoring, and its code; 0 is censored."""

    time_days: np.ndarray
    event: np.ndarray


def with_other_deaths(
    observed: Observed,
    settings: OtherDeaths,
    weibull_shape: float,
    rng: np.random.Generator,
) -> tuple[Observed, np.ndarray]:
    """Outcomes in which another death may come first, and the comorbidity.

    Comorbidity tells nothing of texture, age, stage and the death of the tumour: its
    effect on the cause-specific hazard of that death is none. The cumulative incidence
    of it is lower with severe comorbidity all the same [1]_.

    Parameters
    ----------
    observed : Observed
        Outcomes without other deaths, shape (n,).
    settings : OtherDeaths
    weibull_shape : float
        Shape of the times.
    rng : Generator

    References
    ----------
    .. [1] Beyersmann, J., Latouche, A., Buchholz, A. & Schumacher, M. (2009).
           "Simulating competing risks data in survival analysis". Stat Med, 28,
           956-971. https://doi.org/10.1002/sim.3516
    """
    n = len(observed.event)
    severe = uniform(rng, n) < settings.severe_share
    log_hazard = np.where(severe, 0.0, -settings.severe_log_hazard)
    hazards = -np.log(uniform(rng, n)) / np.log(2) * np.exp(-log_hazard)
    days = np.ceil(settings.median_time_days * hazards ** (1 / weibull_shape))
    first = days < observed.time_days
    found = Observed(
        np.where(first, np.maximum(days, 1), observed.time_days).astype(int),
        np.where(first, OTHER, observed.event),
    )
    return found, np.array(COMORBIDITY)[severe.astype(int)]


def randomized(
    risk: np.ndarray, settings: PlantedTreatment, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Treatment, receptor and their effect on the log odds, each of shape (n,).

    Of each four subjects of a site with neighbouring risks, one has each combination,
    in random order, so that none is associated with the risk by chance.

    Parameters
    ----------
    risk : ndarray, shape (n,)
        Log hazard of texture, age and stage.
    settings : PlantedTreatment
    rng : Generator
    """
    n = len(risk)
    blocks = [rng.permutation(4) for _ in range(0, n, 4)]
    cell = np.empty(n, dtype=int)
    cell[np.argsort(risk, kind="stable")] = np.concatenate(blocks)[:n]
    treated, positive = cell % 2, cell // 2
    effect = settings.interaction_log_odds * (treated - 0.5) * (positive - 0.5)
    return np.array(TREATMENT)[treated], np.array(RECEPTOR)[positive], effect

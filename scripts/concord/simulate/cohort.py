"""Simulated subjects: covariates, lesions and outcomes that follow from them."""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from ..seeds import generator
from .settings import SimulationSection, SiteSimulation

BASELINE, RETEST = "baseline", "retest"
STAGES = ("I", "II", "III")

_STAGE_SHARES = (0.40, 0.35, 0.25)
_AGE_MEAN_YEARS, _AGE_SD_YEARS = 64.0, 10.0
_AGE_RANGE_YEARS = (35, 90)
_RADIUS_RANGE_MM = (8.0, 18.0)
_LEAST_TEXTURE_HU = 2.0
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Subject:
    """One simulated subject with the truth about it."""

    subject_id: str
    site: str
    sessions: tuple[str, ...]
    age_years: int
    stage: str
    radius_mm: float
    heterogeneity_hu: float
    log_hazard: float  # of texture, age and stage; without the site
    time_days: int
    event: int
    recurrence: int
    incomplete: str | None = None  # session whose CT lacks a slice
    automatic_fails: bool = False  # the algorithm misses half of the lesion


def simulate_cohort(settings: SimulationSection, site: str, seed: int) -> list[Subject]:
    """The subjects of one site.

    All quantities are drawn in equal shares from their distribution, the same
    at each site, so that site and lesion are not associated by chance; only the
    outcomes know the site, through its `baseline_log_hazard`. Survival times
    follow a Weibull proportional hazards model [1]_, recurrence a logistic
    model with the same effects.

    Parameters
    ----------
    settings : SimulationSection
        What is simulated.
    site : str
        Name of the site, a key of `sites` of the section.
    seed : int
        Seed of the study.

    References
    ----------
    .. [1] Bender, R., Augustin, T. & Blettner, M. (2005). "Generating survival
           times to simulate Cox proportional hazards models". Stat Med, 24,
           1713-1723. https://doi.org/10.1002/sim.2059
    """
    options = settings.sites[site]
    n, rng = options.n_subjects, generator(seed, "cohort", site)
    texture, radius, age = (_normal(rng, n) for _ in range(3))
    amplitude_hu = (
        settings.heterogeneity_mean_hu + settings.heterogeneity_sd_hu * texture
    )
    age_years = np.rint(_AGE_MEAN_YEARS + _AGE_SD_YEARS * age).astype(int)
    stage = np.searchsorted(np.cumsum(_STAGE_SHARES)[:-1], _uniform(rng, n))
    log_hazard = _log_hazard(settings, texture, age, stage)
    risk = log_hazard + options.baseline_log_hazard
    time_days, event = _survival(risk, settings, rng)
    columns = {
        "age_years": np.clip(age_years, *_AGE_RANGE_YEARS),
        "stage": np.array(STAGES)[stage],
        "radius_mm": np.clip(
            settings.radius_mean_mm + settings.radius_sd_mm * radius, *_RADIUS_RANGE_MM
        ),
        "heterogeneity_hu": np.maximum(amplitude_hu, _LEAST_TEXTURE_HU),
        "log_hazard": log_hazard,
        "time_days": time_days,
        "event": event,
        "recurrence": (_uniform(rng, n) < 1 / (1 + np.exp(-risk))).astype(int),
    }
    return [_subject(site, index, options, columns) for index in range(n)]


def truth_rows(
    subjects: list[Subject], settings: SimulationSection
) -> list[dict[str, Any]]:
    """Rows of table kind "truth": what was planted, rounded to 6 digits."""
    rows = []
    for subject in subjects:
        site = settings.sites[subject.site]
        numbers = {
            "heterogeneity_hu": subject.heterogeneity_hu,
            "radius_mm": subject.radius_mm,
            "log_hazard": subject.log_hazard,
            "reader_bias_mm": settings.reader_bias_mm,
            "automatic_bias_mm": settings.automatic_bias_mm,
            "site_gain": site.gain,
            "site_noise_hu": site.noise_hu,
            "site_blur_mm": site.blur_mm,
            "site_log_hazard": site.baseline_log_hazard,
        }
        keys = {
            "subject_id": subject.subject_id,
            "site": subject.site,
            "incomplete_session": subject.incomplete,
            "automatic_fails": subject.automatic_fails,
        }
        rows.append(keys | {name: round(value, 6) for name, value in numbers.items()})
    return rows


def _subject(
    site: str, index: int, options: SiteSimulation, columns: dict[str, np.ndarray]
) -> Subject:
    """One subject of the columns.

    The first `n_retest` are scanned twice; of these the last `n_incomplete` lose a
    slice of the second CT. The algorithm fails in the last `n_automatic_failures`
    of the site.
    """
    n_retest = options.n_retest
    n_complete = n_retest - options.n_incomplete
    return Subject(
        subject_id=f"{site}{index + 1:03d}",
        site=site,
        sessions=(BASELINE, RETEST)[: 1 + (index < n_retest)],
        incomplete=RETEST if n_complete <= index < n_retest else None,
        automatic_fails=index >= options.n_subjects - options.n_automatic_failures,
        **{name: values[index].item() for name, values in columns.items()},
    )


def _log_hazard(
    settings: SimulationSection, texture: np.ndarray, age: np.ndarray, stage: np.ndarray
) -> np.ndarray:
    """Log hazard of standardized texture and age and of the index of the stage."""
    return (
        settings.texture_log_hazard * texture
        + settings.age_log_hazard * age
        + settings.stage_log_hazard * (stage - 1)
    )


def _survival(
    risk: np.ndarray, settings: SimulationSection, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Whole days, at least 1, to the event or censoring, and whether it was one."""
    n = len(risk)
    hazards = -np.log(_uniform(rng, n)) / np.log(2) * np.exp(-risk)
    days = settings.median_time_days * hazards ** (1 / settings.weibull_shape)
    years = -np.log(_uniform(rng, n))
    rate = settings.dropout_per_year
    dropout = years / rate * _DAYS_PER_YEAR if rate else np.full(n, np.inf)
    last = np.minimum(dropout, settings.follow_up_days)
    observed = np.maximum(np.ceil(np.minimum(days, last)), 1)
    return observed.astype(int), (days <= last).astype(int)


def _uniform(rng: np.random.Generator, n: int) -> np.ndarray:
    """One uniform number from each of n equal parts of (0, 1), in random order."""
    return (rng.permutation(n) + 1 - rng.random(n)) / (n + 1e-9)


def _normal(rng: np.random.Generator, n: int) -> np.ndarray:
    """The same for the standard normal distribution."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(share) for share in _uniform(rng, n)])

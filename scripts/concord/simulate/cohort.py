"""Simulated subjects: covariates, lesions and outcomes that follow from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..seeds import generator
from . import layout
from .draws import normal, uniform
from .extras import Observed, randomized, with_other_deaths
from .settings import SimulationSection

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
    event: int  # 0 none, 1 death of the tumour, 2 death of another cause
    recurrence: int
    comorbidity: str | None = None
    treatment: str | None = None
    receptor: str | None = None
    modalities: tuple[str, ...] = layout.MODALITIES
    incomplete: str | None = None  # session whose CT lacks a slice
    automatic_fails: bool = False  # the algorithm misses half of the lesion
    unusual: str | None = None  # name of what was planted in this subject alone


def simulate_cohort(settings: SimulationSection, site: str, seed: int) -> list[Subject]:
    """The subjects of one site; those that are unusual follow the others.

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
    columns = _drawn(settings, site, options.n_subjects, seed, site)
    usual = [
        _subject(site, index, settings, columns) for index in range(options.n_subjects)
    ]
    unusual = [
        _unusual_subject(site, place, name, settings, seed)
        for place, name in enumerate(sorted(options.unusual), options.n_subjects)
    ]
    return usual + unusual


def _drawn(
    settings: SimulationSection, site: str, n: int, seed: int, *names: str
) -> dict[str, np.ndarray]:
    """Columns of n subjects of a site; equal names give equal random numbers."""
    options, rng = settings.sites[site], generator(seed, "cohort", *names)
    texture, radius, age = (normal(rng, n) for _ in range(3))
    stage = np.searchsorted(np.cumsum(_STAGE_SHARES)[:-1], uniform(rng, n))
    log_hazard = _log_hazard(settings, texture, age, stage)
    risk = log_hazard + options.baseline_log_hazard
    observed = _survival(risk, settings, rng)
    chance = uniform(rng, n)
    observed, extras, effect = _with_extras(
        observed, log_hazard, settings, seed, *names
    )
    columns = _measures(settings, texture, radius, age) | {
        "stage": np.array(STAGES)[stage],
        "log_hazard": log_hazard,
        "time_days": observed.time_days,
        "event": observed.event,
        "recurrence": (chance < 1 / (1 + np.exp(-risk - effect))).astype(int),
    }
    return columns | extras


def truth_rows(
    subjects: list[Subject], settings: SimulationSection
) -> list[dict[str, Any]]:
    """Rows of table kind "truth": what was planted, rounded to 6 digits."""
    rows = []
    for subject in subjects:
        site = settings.sites[subject.site].scanner_of(subject.unusual)
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
            "without_pet": layout.PET not in subject.modalities,
            "unusual": subject.unusual,
        }
        rows.append(keys | {name: round(value, 6) for name, value in numbers.items()})
    return rows


def _subject(
    site: str, index: int, settings: SimulationSection, columns: dict[str, np.ndarray]
) -> Subject:
    """One subject of the columns.

    The first `n_retest` are scanned twice; of these the last `n_incomplete` lose a
    slice of the second CT. The algorithm fails in the last `n_automatic_failures`
    of the site.
    """
    options, has_pet = settings.sites[site], settings.has_pet(index)
    n_retest = options.n_retest
    n_complete = n_retest - options.n_incomplete
    return Subject(
        subject_id=f"{site}{index + 1:03d}",
        site=site,
        sessions=(BASELINE, RETEST)[: 1 + (index < n_retest)],
        incomplete=RETEST if n_complete <= index < n_retest else None,
        automatic_fails=index >= options.n_subjects - options.n_automatic_failures,
        modalities=layout.MODALITIES if has_pet else (layout.CT,),
        **{name: values[index].item() for name, values in columns.items()},
    )


def _unusual_subject(
    site: str,
    place: int,
    name: str,
    settings: SimulationSection,
    seed: int,
) -> Subject:
    """A subject after those of the site, with what its name stands for.

    It has random numbers of its own, so that it moves no other subject.
    """
    planted = settings.sites[site].unusual[name]
    given = planted.model_dump(
        include={"heterogeneity_hu", "radius_mm"}, exclude_none=True
    )
    columns = _drawn(settings, site, 1, seed, site, "unusual", name)
    drawn = {column: values.item() for column, values in columns.items()}
    return Subject(
        subject_id=f"{site}{place + 1:03d}",
        site=site,
        sessions=(BASELINE,),
        modalities=tuple(m for m in layout.MODALITIES if m != planted.without),
        unusual=name,
        **(drawn | given),
    )


def _measures(
    settings: SimulationSection,
    texture: np.ndarray,
    radius: np.ndarray,
    age: np.ndarray,
) -> dict[str, np.ndarray]:
    """Standardized quantities in their units, within what is possible."""
    age_years = np.rint(_AGE_MEAN_YEARS + _AGE_SD_YEARS * age).astype(int)
    radius_mm = settings.radius_mean_mm + settings.radius_sd_mm * radius
    amplitude_hu = (
        settings.heterogeneity_mean_hu + settings.heterogeneity_sd_hu * texture
    )
    return {
        "age_years": np.clip(age_years, *_AGE_RANGE_YEARS),
        "radius_mm": np.clip(radius_mm, *_RADIUS_RANGE_MM),
        "heterogeneity_hu": np.maximum(amplitude_hu, _LEAST_TEXTURE_HU),
    }


def _log_hazard(
    settings: SimulationSection, texture: np.ndarray, age: np.ndarray, stage: np.ndarray
) -> np.ndarray:
    """Log hazard of standardized texture and age and of the index of the stage."""
    return (
        settings.texture_log_hazard * texture
        + settings.age_log_hazard * age
        + settings.stage_log_hazard * (stage - 1)
    )


def _with_extras(
    observed: Observed,
    log_hazard: np.ndarray,
    settings: SimulationSection,
    seed: int,
    *names: str,
) -> tuple[Observed, dict[str, np.ndarray], np.ndarray]:
    """Outcomes with other deaths, columns of extras, and the treatment's log odds.

    Extras have random numbers of their own, so that they move no other quantity.
    """
    columns, effect = {}, np.zeros(len(log_hazard))
    if settings.other_deaths is not None:
        rng = generator(seed, "other deaths", *names)
        shape = settings.weibull_shape
        observed, columns["comorbidity"] = with_other_deaths(
            observed, settings.other_deaths, shape, rng
        )
    if settings.treatment is not None:
        rng = generator(seed, "treatment", *names)
        columns["treatment"], columns["receptor"], effect = randomized(
            log_hazard, settings.treatment, rng
        )
    return observed, columns, effect


def _survival(
    risk: np.ndarray, settings: SimulationSection, rng: np.random.Generator
) -> Observed:
    """Whole days, at least 1, to the event or censoring, and whether it was one."""
    n = len(risk)
    hazards = -np.log(uniform(rng, n)) / np.log(2) * np.exp(-risk)
    days = settings.median_time_days * hazards ** (1 / settings.weibull_shape)
    years = -np.log(uniform(rng, n))
    rate = settings.dropout_per_year
    dropout = years / rate * _DAYS_PER_YEAR if rate else np.full(n, np.inf)
    last = np.minimum(dropout, settings.follow_up_days)
    observed = np.maximum(np.ceil(np.minimum(days, last)), 1)
    return Observed(observed.astype(int), (days <= last).astype(int))

"""A small study of two images, whose features tell of the outcome apart."""

import numpy as np
import pandas as pd

from concord.harmonization.settings import ArmHarmonization
from concord.models.settings.arm import Arm
from concord.models.settings.fusion import FusionSection
from concord.models.settings.specification import ModelSpecification
from concord.models.settings.thresholds import LearntThresholds
from concord.stability.settings import StabilitySection

from .modelling_study import IMAGES, Tables, feature_table, make_folds

SITES = ("A", "B", "C")
HARMONIZATION = ArmHarmonization(batch={"CT": ["site"], "PT": ["site"]})


def two_images(
    n: int = 90,
    n_features: int = 8,
    signal: tuple[float, float] = (1.5, 1.5),
    lacking: float = 0.1,
    seed: int = 0,
    **folds,
) -> Tables:
    """Features of CT and PT; the first of each moves with risk by its `signal`.

    A share of the subjects, `lacking`, has no PT.
    """
    generator = np.random.default_rng(seed)
    subjects = np.array([f"P{number:04d}" for number in range(n)], dtype=object)
    site = np.array([SITES[number % 3] for number in range(n)], dtype=object)
    latent = generator.normal(size=(2, n, n_features))
    risk = signal[0] * latent[0, :, 0] + signal[1] * latent[1, :, 0]
    event = (generator.random(n) < 1 / (1 + np.exp(-risk))).astype(float)
    time = np.ceil(generator.exponential(500 * np.exp(-risk)))
    shift = {name: generator.normal(0, 1, n_features) for name in SITES}
    values = latent + np.array([shift[name] for name in site])
    tables = [feature_table(subjects, site, one, generator) for one in values]
    without = subjects[generator.random(n) < lacking]
    pt = tables[1].assign(image="PT")
    features = pd.concat([tables[0], pt[~pt["subject_id"].isin(without)]])
    cohort = pd.DataFrame(
        {
            "subject_id": subjects,
            "site": site,
            "group": site,
            "cluster": subjects,
            "batch.CT.site": site,
            "batch.PT.site": site,
            "covariate.age": generator.normal(60, 10, n),
            "event.recurrence": event,
            "event.survival": event,
            "time_days.survival": time,
        }
    )
    made = make_folds(cohort, **{"repeats": 1, "folds": 3, **folds})
    return Tables(cohort, features.reset_index(drop=True), made)


def plain(name: str, kind: str = "binary", **arm) -> ModelSpecification:
    """An arm harmonized by ComBat, without a filter by stability."""
    options = {"harmonizer": "combat", "stability_filter": False}
    return ModelSpecification.assembled(
        endpoint={"binary": "recurrence", "survival": "survival"}[kind],
        kind=kind,
        name=name,
        arm=Arm(**{**options, "features": [f"{name.upper()}.*"], **arm}),
        harmonization=HARMONIZATION,
        stability=StabilitySection(),
        thresholds=_thresholds(kind),
        **IMAGES,
    )


def _thresholds(kind: str) -> LearntThresholds | None:
    return LearntThresholds() if kind == "binary" else None


def fused(
    rule: str = "mean",
    kind: str = "binary",
    members: tuple[ModelSpecification, ...] = (),
    inner_folds: int = 3,
    **more,
) -> ModelSpecification:
    """Late fusion of CT and PT, or of other arms."""
    parts = members or (plain("ct", kind), plain("pt", kind))
    section = FusionSection(
        of=[one.name for one in parts], rule=rule, inner_folds=inner_folds
    )
    return ModelSpecification.assembled(
        endpoint=parts[0].endpoint,
        kind=kind,
        name="fused",
        arm=Arm(fusion=section),
        harmonization=HARMONIZATION,
        stability=StabilitySection(),
        members={one.name: one for one in parts},
        **IMAGES,
        **({"thresholds": _thresholds(kind)} | more),
    )

"""Frozen models of a small study, for tests."""

from typing import Any

import numpy as np
import pandas as pd

from concord import tables
from concord.folds.scheme import FINAL, LOSO
from concord.folds.settings import Covariate, CovariateSection
from concord.folds.splitting import FoldName, SubjectRows, splits
from concord.frozen.document import FrozenModel
from concord.frozen.freezing.freezing import StudyTables, freeze
from concord.frozen.settings import (
    EVERYBODY,
    FreezeModel,
    FrozenEndpoint,
    Learning,
    fold_of,
)
from concord.models.arm_fit import fit_in_fold
from concord.models.fitted_model import FittedModel
from concord.models.settings.specification import ModelSpecification

from .modelling_study import Tables, dictionary

ENDPOINTS = {
    "recurrence": FrozenEndpoint(kind="diagnostic", label="Recurrence"),
    "survival": FrozenEndpoint(
        kind="prognostic", label="Survival", evaluate_at_days=[200, 100]
    ),
}
COVARIATES = {
    "age": CovariateSection(column="Age", label="Age", unit="years"),
    "stage": CovariateSection(
        column="Stage", kind="category", levels=["I", "II", "III"], label="Stage"
    ),
}
CONFIGURATION: dict[str, Any] = {
    "study": {"baseline_session": "baseline", "reference_reader": "A"},
    "validation": {"group": "site"},
    "harmonization": {"batch": {"CT": ["site"], "PT": ["site"]}},
    "images": {"CT": {"modality": "CT"}, "PT": {"modality": "PT"}},
    "ingest": {},
    "recipes": {"CT": {"bin_width": 25.0}, "PT": {"bin_width": 0.25}},
    "regions": {},
    "protocol": {"CT": {"KVP": [120.0]}, "PT": {"UptakeMinutes": {"lowest": 50.0}}},
}


def learning(**options) -> Learning:
    """Options of what is learnt: no samples, all covariates, no small counts."""
    kept = set(Covariate.model_fields)
    covariates = {n: one.model_dump(include=kept) for n, one in COVARIATES.items()}
    given = {"seed": 1, "samples": 0, "without": [], "smallest_cell": 0}
    return Learning(**{**given, "covariates": covariates, **options})


def freeze_settings(
    plans: list[ModelSpecification], development: str = EVERYBODY, **options
) -> FreezeModel:
    """Settings of rule freeze_model; `options` are of what is learnt."""
    return FreezeModel(
        study="A small study",
        algorithms=["AI"],
        intended_use="Nothing.",
        endpoints=ENDPOINTS,
        learning=learning(**options),
        covariates=COVARIATES,
        configuration=CONFIGURATION,
        labels={plan.name: plan.name.title() for plan in plans},
        development=development,
        models=plans,
    )


def acquisition_of(cohort: pd.DataFrame, images: tuple[str, ...]) -> pd.DataFrame:
    """Facts of one image of each subject, by site."""
    generator = np.random.default_rng(3)
    parts = []
    for image in images:
        facts = {
            "subject_id": cohort["subject_id"],
            "site": cohort["site"],
            "session": "baseline",
            "image": image,
            "modality": image,
            "Manufacturer": "Maker " + cohort["site"],
            "ManufacturersModelName": "Model " + cohort["site"],
            "ConvolutionKernel": "K" + cohort["site"] if image == "CT" else None,
            "KVP": 120.0,
            "UptakeMinutes": generator.uniform(50, 70, len(cohort)).round(2),
        }
        parts.append(pd.DataFrame(facts))
    return pd.concat(parts, ignore_index=True)


def masks_of(cohort: pd.DataFrame, images: tuple[str, ...]) -> pd.DataFrame:
    """Sizes of a tumour by readers A and B, who sees it smaller."""
    parts = [
        pd.DataFrame(
            {
                "subject_id": cohort["subject_id"],
                "session": "baseline",
                "image": image,
                "region": "tumour",
                "reader": reader,
                "voxels": np.arange(len(cohort)) + (500 if reader == "A" else 10),
            }
        )
        for image in images
        for reader in ("A", "B")
    ]
    return pd.concat(parts, ignore_index=True)


def study_tables(study: Tables, **changes) -> StudyTables:
    """Dictionary, acquisition and masks of a study."""
    keys = study.features[["image", "region"]].drop_duplicates().to_numpy().tolist()
    columns = tables.feature_columns(study.features)
    names = [f"{image}.{region}.{c}" for image, region in keys for c in columns]
    described = dictionary(names)
    parts = described["name"].str.split(".", n=2, expand=True)
    described = described.assign(
        image=parts[0], region=parts[1], column=parts[2], recipe=parts[0]
    )
    images = tuple(sorted({image for image, _ in keys}))
    found = {
        "dictionary": described,
        "acquisition": acquisition_of(study.cohort, images),
        "masks": masks_of(study.cohort, images),
    }
    return StudyTables(**{**found, **changes})


def development_of(study: Tables, development: str) -> tuple[FoldName, SubjectRows]:
    """Fold of a development set, and its rows."""
    name = fold_of(development)
    scheme = FINAL if development == EVERYBODY else LOSO
    for split in splits(study.rows, study.folds, scheme.name):
        if split.name == name:
            return name, split.development
    raise LookupError(name)


def frozen(
    study: Tables,
    plans: list[ModelSpecification],
    development: str = EVERYBODY,
    known: StudyTables | None = None,
    **options,
) -> tuple[list[FrozenModel], list[FittedModel]]:
    """Frozen models of some arms, and the fits that they were made of."""
    name, rows = development_of(study, development)
    fits = [fit_in_fold(name, rows, plan) for plan in plans]
    models = [fit.model for fit in fits]
    settings = freeze_settings(plans, development, **options)
    given = study_tables(study) if known is None else known
    return freeze(rows, list(zip(plans, models, strict=True)), given, settings), models

"""A small development study, its frozen models, and another study they meet."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from concord import tables
from concord.folds import bootstrap
from concord.folds.settings import CovariateSection
from concord.folds.splitting import SubjectRows, splits
from concord.folds.subject_table import feature_names
from concord.frozen.applying.applied import Applied, Measured, columns_of
from concord.frozen.applying.settings import ApplyModel, ModelsSection
from concord.frozen.development import Applicability, ColumnSummary, ScoreDistribution
from concord.frozen.document import FrozenModel, Sample
from concord.frozen.inputs import FeatureInput, Origin, OutcomeInput
from concord.models.prediction import Predictor
from concord.models.settings.specification import ModelSpecification

from .modelling_study import Tables, fit_folds, make_specification, make_tables

SOFTWARE = "pictologics 0.9.0 (numba 0.62.1)"
RECIPE = "b4c9cad01031"
AGE = {"age": CovariateSection(column="age", unit="years")}


def feature_input(name: str, **changes: Any) -> FeatureInput:
    """Dictionary entry of a feature, as a model holds it."""
    image, region, column = name.split(".", 2)
    filtered, family, feature = column.split(".")
    values = {
        "image": image,
        "modality": "CT",
        "region": region,
        "column": column,
        "filter": filtered,
        "family": family,
        "feature": feature,
        "ibsi_code": None,
        "measurand": "a value",
        "unit": "mm",
        "unit_ucum": None,
        "recipe": image,
        "recipe_hash": RECIPE,
        "software": SOFTWARE,
    }
    return FeatureInput(**{**values, **changes})


def frozen(
    development: Tables, kind: str = "survival", n_samples: int = 0, **arm: Any
) -> FrozenModel:
    """An arm that was fitted to all subjects, with all that is known of them."""
    specification = make_specification(kind, **{"covariates": ["age"], **arm})
    return frozen_of(specification, development, n_samples)


def frozen_of(
    specification: ModelSpecification, development: Tables, n_samples: int = 0
) -> FrozenModel:
    """The frozen model of a specification."""
    kind = specification.kind
    ((name, rows),) = [
        (one.name, one.development) for one in splits(development.rows, None, "final")
    ]
    fitted = fit_folds([(name, rows)], specification).models.models[0]
    columns = columns_of(fitted.required_estimates())
    return FrozenModel.of(
        name=specification.name,
        label="Radiomics",
        origin=Origin(study="Development", source="fitted", development="all"),
        outcome=OutcomeInput(
            kind="prognostic" if kind == "survival" else "diagnostic",
            label="Survival" if kind == "survival" else "Recurrence",
            at_days=[365.0, 730.0] if kind == "survival" else [],
        ),
        specification=specification,
        model=fitted,
        features={one: feature_input(one) for one in feature_names(columns)},
        covariates={k: v for k, v in AGE.items() if f"covariate.{k}" in columns},
        applicability=applicability(fitted, rows),
        scores=score_distribution(fitted, rows),
        samples=[
            sample(rows, name, specification, number) for number in range(n_samples)
        ],
    )


def sample(rows: SubjectRows, name, specification, number: int) -> Sample:
    """The model of one bootstrap sample."""
    generator = np.random.default_rng(number)
    subjects = rows.cohort["subject_id"].to_numpy()
    drawn = pd.Series(generator.choice(subjects, len(subjects))).value_counts()
    times = {subject: int(drawn.get(subject, 0)) for subject in subjects}
    again = SubjectRows(
        bootstrap.repeated(rows.cohort, times),
        bootstrap.repeated(rows.features, times),
    )
    fitted = fit_folds([(name, again)], specification).models.models[0]
    return Sample(estimates=fitted.required_estimates(), baseline=fitted.baseline)


def applicability(fitted, rows: SubjectRows) -> Applicability:
    """Ranges, distances and facts of development."""
    table = Predictor.of(fitted).predictors(rows)
    numeric = [n for n in table if not n.startswith(("batch.", "group"))]
    values = table[numeric].dropna().to_numpy(dtype=float)
    batches = [n for n in table if n.startswith("batch.")]
    known = {name: sorted(set(table[name])) for name in batches}
    return Applicability(
        ranges={name: summary(table[name]) for name in numeric},
        columns=numeric,
        mean=values.mean(axis=0).tolist(),
        covariance=np.cov(values.T).tolist(),
        distance_limit=float(
            np.quantile(left_out_distances(values), 0.99, method="weibull")
        ),
        n=len(values),
        batches=known,
        acquisition={
            "CT": {"ManufacturersModelName": ["Phantom A"], "ConvolutionKernel": ["B"]}
        },
        readers=["human"],
        smallest_region={"CT.tumour": 100.0},
    )


def summary(values: pd.Series) -> ColumnSummary:
    """Distribution of one predictor."""
    return ColumnSummary(
        n=len(values),
        lowest=values.min(),
        highest=values.max(),
        mean=values.mean(),
        sd=values.std(),
    )


def left_out_distances(values: np.ndarray) -> np.ndarray:
    """Distance of each row from the others, by the definition."""
    found = []
    for place in range(len(values)):
        others = np.delete(values, place, axis=0)
        apart = values[place] - others.mean(axis=0)
        found.append(np.sqrt(apart @ np.linalg.solve(np.cov(others.T), apart)))
    return np.array(found)


def score_distribution(fitted, rows: SubjectRows) -> ScoreDistribution:
    """Percentiles of the scores of development."""
    score = Predictor.of(fitted).scored(rows, 1)["score"].to_numpy()
    return ScoreDistribution(
        n=len(score), percentiles=np.percentile(score, np.arange(101)).tolist()
    )


def dictionary(names, **changes: Any) -> pd.DataFrame:
    """Dictionary of a study that measured features."""
    rows = [
        {"name": name}
        | feature_input(name).model_dump(exclude={"modality", "settings_hash"})
        | {
            "ibsi_name": None,
            "aggregation": None,
            "conditions": "any",
            "readers": "A",
            "standardized": True,
        }
        | changes
        for name in names
    ]
    return tables.check(pd.DataFrame(rows), "dictionary", "dictionary")


@dataclass(frozen=True)
class Meeting:
    """Frozen models, and the study that they are applied to."""

    applied: list[Applied]
    measured: Measured
    settings: ApplyModel

    def but(self, **changes: Any) -> "Meeting":
        """The same with other measurements."""
        return replace(self, measured=replace(self.measured, **changes))

    def of(self, subjects) -> "Meeting":
        """The same with some subjects alone, in this order."""
        cohort = self.measured.cohort.set_index("subject_id", drop=False)
        features = self.measured.features
        return self.but(
            cohort=cohort.loc[list(subjects)].reset_index(drop=True),
            features=features[features["subject_id"].isin(list(subjects))],
        )

    def with_model(self, **changes: Any) -> "Meeting":
        """The same with another section `model`."""
        return replace(self, settings=self.settings.model_copy(update=changes))

    def with_document(self, **changes: Any) -> "Meeting":
        """The same with a changed first model."""
        first, *others = self.applied
        changed = first.document.model_copy(update=changes).hashed()
        return replace(self, applied=[replace(first, document=changed), *others])


def world(n: int, n_features: int = 4, seed: int = 0, **made: Any) -> Tables:
    """Subjects of three hospitals, of whom some are development, and others later."""
    options = {"signal": 1.0, "site_shift": 0.5, **made}
    return make_tables(n=n, n_features=n_features, seed=seed, **options)


def some(study: Tables, rows: slice) -> Tables:
    """Some subjects of a study, in its order."""
    cohort = study.cohort.iloc[rows].reset_index(drop=True)
    features = study.features["subject_id"].isin(cohort["subject_id"])
    return Tables(cohort, study.features[features], study.folds)


def meeting(document: FrozenModel, later: Tables) -> Meeting:
    """A model and a study of other hospitals that knows no outcome."""
    known = [c for c in later.cohort if not c.startswith(("event.", "time_days."))]
    subjects, sites = later.cohort["subject_id"], later.cohort["site"]
    return Meeting(
        [Applied(document.name, document, "model.json")],
        Measured(
            later.cohort[known],
            later.features,
            dictionary(list(document.features)),
            no_exclusions(),
            acquisition(subjects, sites),
            masks(subjects, sites),
        ),
        settings([document.name]),
    )


def settings(arms: list[str], **changes: Any) -> ApplyModel:
    """Settings of the rule."""
    values = {
        "arms": arms,
        "seed": 1,
        **ModelsSection(path="model.json").model_dump(
            include={"accept_flags", "refuse_flags", "range_margin", "engine_versions"}
        ),
        "baseline_session": "baseline",
        "reference_reader": "A",
        "algorithms": [],
        "covariates": AGE,
    }
    return ApplyModel(**{**values, **changes})


def no_exclusions() -> pd.DataFrame:
    """A table without rows of kind "exclusions"."""
    return tables.read_all([], "exclusions")


def exclusion(subject: str, code: str, region: str | None = None) -> dict[str, Any]:
    """A row of kind "exclusions"."""
    return {
        "stage": "convert_image",
        "subject_id": subject,
        "session": "baseline",
        "image": "CT",
        "region": region,
        "reader": None if region is None else "A",
        "code": code,
        "reason": "a text",
    }


def exclusions(*rows: dict[str, Any]) -> pd.DataFrame:
    """A table of kind "exclusions"."""
    return tables.check(pd.DataFrame(list(rows)), "exclusions", "exclusions")


def acquisition(subjects, sites) -> pd.DataFrame:
    """Facts of one CT of each subject, all as in development."""
    empty = tables.read_all([], "acquisition")
    rows = [
        {
            "subject_id": subject,
            "site": site,
            "session": "baseline",
            "image": "CT",
            "modality": "CT",
            "ManufacturersModelName": "Phantom A",
            "ConvolutionKernel": "B",
            "KVP": 120.0,
        }
        for subject, site in zip(subjects, sites, strict=True)
    ]
    return pd.DataFrame(rows).reindex(columns=empty.columns)


def masks(subjects, sites, voxels: int = 500) -> pd.DataFrame:
    """One tumour of each subject by reader A."""
    rows = [
        {
            "subject_id": subject,
            "site": site,
            "session": "baseline",
            "image": "CT",
            "region": "tumour",
            "reader": "A",
            "path": "mask.nii.gz",
            "digest": "0",
            "voxels": voxels,
            "volume_mm3": float(voxels),
            "n_components": 1,
            "touches_border": False,
            "notes": None,
        }
        for subject, site in zip(subjects, sites, strict=True)
    ]
    return pd.DataFrame(rows)


def write(found: Meeting, folder: Path) -> dict[str, Any]:
    """The files of a job, by the names of its inputs."""
    from concord.folds import cohort as cohorts
    from concord.frozen import document as frozen_model

    paths = {
        "cohort": folder / "cohort.tsv",
        "features": folder / "features.parquet",
        "dictionary": folder / "dictionary.tsv",
    }
    cohorts.write(found.measured.cohort, paths["cohort"])
    tables.write_features(found.measured.features, paths["features"])
    tables.write(found.measured.dictionary, paths["dictionary"], "dictionary")
    listed = {"exclusions": [folder / "exclusions.tsv"]}
    tables.write(found.measured.exclusions, listed["exclusions"][0], "exclusions")
    acquired = folder / "acquisition.tsv"
    tables.write(found.measured.acquisition, acquired, "acquisition")
    listed["masks"] = [folder / "masks.tsv"]
    tables.write(found.measured.masks, listed["masks"][0], "masks")
    listed["models"] = []
    for one in found.applied:
        path = folder / f"{one.arm}.json"
        frozen_model.write(one.document, path)
        listed["models"].append(path)
    return {**paths, **listed, "acquisition": [acquired]}

"""A small multi-site study as tables, for tests of harmonization and models."""

import json
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from concord import tables
from concord.folds import cohort as cohorts
from concord.folds import fold_sets
from concord.folds import splits as folding
from concord.folds.splitting import SubjectRows, splits
from concord.folds.validation import SplittingSection
from concord.harmonization.settings import ArmHarmonization
from concord.models.fitting import fit_arms, require_fitted
from concord.models.null.permutation_null import null_bands, require_bands
from concord.models.prediction import predict_folds
from concord.models.settings.arm import Arm
from concord.models.settings.specification import ModelSpecification
from concord.models.settings.thresholds import LearntThresholds
from concord.settings import RuleSettings
from concord.stability.settings import StabilitySection
from concord.tables.kinds import KINDS

BATCH = {"CT": ["site"]}
RECIPE_HASH = "0123456789ab"
CODE = "ba9876543210"
IMAGES = {"baseline_session": "baseline", "reference_reader": "A"}


@dataclass(frozen=True)
class Tables:
    """Cohort, feature matrix and folds of one study."""

    cohort: pd.DataFrame
    features: pd.DataFrame
    folds: pd.DataFrame
    phantom: pd.DataFrame | None = None

    @property
    def rows(self) -> SubjectRows:
        """What is split into folds."""
        return SubjectRows(self.cohort, self.features, self.phantom)


def fit_and_predict(
    study: Tables, specification: ModelSpecification, scheme: str = "cv-1", **fit
):
    """The predictions and the fit of an arm, as the jobs of a study make them."""
    found = list(splits(study.rows, study.folds, scheme))
    fitted = fit_folds([(s.name, s.development) for s in found], specification, **fit)
    held_out = [(s.name, s.evaluation) for s in found]
    arms = {specification.name: fitted.models}
    return predict_folds(held_out, arms, specification.endpoint, seed=1), fitted


def fit_folds(folds, specification: ModelSpecification, *more, **options):
    """The fit of one arm in some folds."""
    (fit,) = fit_arms(folds, [specification], *more, **options)
    require_fitted([fit])
    return fit


def null_band(
    study: SubjectRows, folds: pd.DataFrame, specification: ModelSpecification, **more
) -> pd.DataFrame:
    """The null distribution of one arm."""
    bands = null_bands(study, folds, [specification], **more)
    require_bands(bands)
    return bands[0].rows


def make_tables(
    n: int = 60,
    n_features: int = 20,
    sites: tuple[str, ...] = ("A", "B", "C"),
    site_shift: float = 2.0,
    signal: float = 0.0,
    prevalence: tuple[float, ...] | None = None,
    seed: int = 0,
    repeats: int = 1,
) -> Tables:
    """Correlated features with a site shift; `signal` moves feature 0 with risk."""
    generator = np.random.default_rng(seed)
    subjects = np.array([f"P{number:04d}" for number in range(n)], dtype=object)
    site = np.array([sites[number % len(sites)] for number in range(n)], dtype=object)
    age = generator.normal(60, 10, n)
    shift = {name: generator.normal(0, site_shift, n_features) for name in sites}
    scale = {name: generator.uniform(0.7, 1.4, n_features) for name in sites}
    latent = generator.normal(size=(n, n_features))
    base = dict(zip(sites, prevalence or [0.5] * len(sites), strict=True))
    risk = np.array([np.log(base[name] / (1 - base[name])) for name in site])
    risk = risk + signal * latent[:, 0]
    event = (generator.random(n) < 1 / (1 + np.exp(-risk))).astype(float)
    time = np.ceil(generator.exponential(500 * np.exp(-signal * latent[:, 0])))
    values = np.array(
        [
            shift[name] + scale[name] * row
            for name, row in zip(site, latent, strict=True)
        ]
    )
    cohort = pd.DataFrame(
        {
            "subject_id": subjects,
            "site": site,
            "group": site,
            "cluster": subjects,
            "batch.CT.site": site,
            "covariate.age": age,
            "event.recurrence": event,
            "event.survival": event,
            "time_days.survival": time,
        }
    )
    return Tables(
        cohort,
        feature_table(subjects, site, values, generator),
        make_folds(cohort, repeats=repeats),
    )


def feature_table(
    subjects: np.ndarray,
    site: np.ndarray,
    values: np.ndarray,
    generator: np.random.Generator,
) -> pd.DataFrame:
    """Readers A and B of every subject; B differs by noise of SD 0.1."""
    columns = [f"original.glcm.f{number:03d}" for number in range(values.shape[1])]
    parts = []
    for reader, noise in (("A", 0.0), ("B", 0.1)):
        keys = {
            "subject_id": subjects,
            "site": site,
            "session": "baseline",
            "image": "CT",
            "region": "tumour",
            "reader": reader,
        }
        measured = values + noise * generator.normal(size=values.shape)
        parts.append(
            pd.concat(
                [pd.DataFrame(keys), pd.DataFrame(measured, columns=columns)], axis=1
            )
        )
    return pd.concat(parts, ignore_index=True)


def make_folds(cohort: pd.DataFrame, seed: int = 1, **changes) -> pd.DataFrame:
    """Folds of a cohort, one repeat, stratified by group or by recurrence."""
    validation = SplittingSection(**{"repeats": 1, **changes})
    fold_set = fold_sets.of_endpoint(validation.stratify_by, "recurrence")
    event = cohorts.events(cohort, fold_sets.endpoint_of(fold_set))
    table = folding.make(cohort, event, validation, seed)
    return tables.check(table.assign(fold_set=fold_set), "folds", "folds")


def make_specification(
    kind: str = "binary",
    harmonization: dict | None = None,
    name: str = "radiomics",
    **arm,
) -> ModelSpecification:
    """An arm harmonized by ComBat without stability filter; `arm` changes options."""
    options = {"features": ["CT.*"], "harmonizer": "combat", "stability_filter": False}
    return ModelSpecification.assembled(
        endpoint={"binary": "recurrence", "survival": "survival"}[kind],
        kind=kind,
        name=name,
        arm=Arm(**{**options, "correlation_limit": 0.95, **arm}),
        harmonization=ArmHarmonization(**{"batch": BATCH, **(harmonization or {})}),
        stability=StabilitySection(),
        thresholds=LearntThresholds(specificity=0.8) if kind == "binary" else None,
        **IMAGES,
    )


def spec(settings: RuleSettings | dict) -> str:
    """Settings as a job is given them."""
    if isinstance(settings, dict):
        return json.dumps(settings)
    return settings.model_dump_json()


class Inputs(SimpleNamespace):
    """Named inputs of a job, which can be asked for their names."""

    def items(self):
        """Names and paths, in the order of the rule."""
        return vars(self).items()


def job(
    folder: Path,
    settings: RuleSettings | dict,
    outputs: dict,
    inputs: dict,
    **wildcards,
):
    """What Snakemake hands to a script."""
    return SimpleNamespace(
        params=SimpleNamespace(spec=spec(settings), code=CODE),
        input=Inputs(**inputs),
        output=SimpleNamespace(
            **{
                name: [str(folder / one) for one in given]
                if isinstance(given, list)
                else str(folder / given)
                for name, given in outputs.items()
            }
        ),
        wildcards=SimpleNamespace(**wildcards),
    )


def dictionary(names: list[str]) -> pd.DataFrame:
    """Dictionary of features that were all computed by one recipe."""
    filled = {
        column: "x"
        for column, kind in KINDS["dictionary"].items()
        if kind.dtype == "string"
    }
    rows = [{**filled, "name": name, "recipe_hash": RECIPE_HASH} for name in names]
    return pd.DataFrame(rows).assign(standardized=False)


def write_tables(study: Tables, folder: Path) -> dict[str, Any]:
    """The three tables as files; their paths by name, and no phantom."""
    paths: dict[str, Any] = {
        "phantom": [],
        "dictionary": str(folder / "dictionary.tsv"),
        "variants": [],
        "cohort": str(folder / "cohort.tsv"),
        "features": str(folder / "features.parquet"),
        "folds": str(folder / "folds.tsv"),
    }
    cohorts.write(study.cohort, paths["cohort"])
    tables.write_features(study.features, paths["features"])
    tables.write(study.folds, paths["folds"], "folds")
    names = [f"CT.tumour.{name}" for name in tables.feature_columns(study.features)]
    tables.write(dictionary(names), paths["dictionary"], "dictionary")
    return paths

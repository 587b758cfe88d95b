"""No arm learns from noise, in studies whose sites go with the outcome.

The value of an arm leaves one half no more often than its interval of 95 % allows, in
cross-validation and where each site is left out. Pairs of subjects of one site are
judged, and all pairs if the arm is harmonized: any other arm may well read the site,
and so does an indicator of what a site does not measure.

Intervals are the study's: the jackknife error, widened by permuted outcomes. A study
permutes its own a hundred times; here the permutations of many studies are put
together, which widens by the same factor and takes a hundredth of the time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from concord.evaluation.calibration import Calibrations
from concord.evaluation.performance import performance
from concord.folds.endpoints.horizon import at_horizon
from concord.folds.splitting import Split, splits
from concord.models.null.permutation_null import null_bands
from concord.models.prediction import predict_folds
from concord.models.settings.specification import ModelSpecification
from concord.statistics.outcome_kinds import OUTCOME_KINDS

from ..competing_study import simulated_outcomes
from ..fused_study import fused
from ..modelling_study import (
    Tables,
    feature_table,
    fit_folds,
    make_folds,
    make_specification,
)

SITES = ("A", "B", "C")
#: What goes with the site: events, hazards and missing values.
PREVALENCE = {"A": 0.3, "B": 0.5, "C": 0.7}
MISSING = {"A": 0.05, "B": 0.1, "C": 0.3}
N, N_FEATURES, HORIZON = 90, 6, 400.0
#: Schemes, and the rows of each whose pairs are of one site.
ONE_SITE = {"cv": "within", "loso": "all"}
FEW = {"n_penalties": 5, "lowest_penalty": 0.05, "folds": 2}


@dataclass(frozen=True)
class Case:
    """An arm, and what its endpoint is made of."""

    options: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "binary"
    endpoint: str = ""
    fusion: str = ""
    n_calibrating: int = 40  # studies whose outcomes are permuted, at most
    permutations: int = 5  # of each of them

    @property
    def plan(self) -> ModelSpecification:
        """The arm for its endpoint."""
        if self.fusion:
            return fused(self.fusion, self.kind, inner_folds=2)
        base = {"covariates": ["age"], "max_missing": 1.0, "max_features": 3}
        found = make_specification(self.kind, **{**base, **self.options})
        return found.model_copy(update={"endpoint": self.endpoint or found.endpoint})


CASES = {
    "ridge": Case(),
    "unharmonized": Case({"harmonizer": "none"}),
    "tuned elastic net": Case(
        {
            "selection": "none",
            "tuning": FEW | {"l1_share": [0.5], "harmonizer": ["none", "combat"]},
        },
        permutations=1,
    ),
    "fused by mean": Case(fusion="mean", n_calibrating=120, permutations=1),
    "fused by stacking": Case(fusion="stacking", n_calibrating=120, permutations=1),
    "stability selection": Case(
        {"selection": "stability", "half_samples": 10}, permutations=2
    ),
    "mrmr": Case({"selection": "mrmr"}),
    "multiply imputed": Case(
        {"imputation": "chained", "n_imputations": 2}, permutations=2
    ),
    "missing indicator": Case({"imputation": "indicator"}),
    "rank-normal": Case({"transform": "rank_normal"}),
    "forest": Case({"model": {"kind": "forest", "trees": 15}}, permutations=2),
    "boosting": Case({"model": {"kind": "boosting", "trees": 15}}, permutations=2),
    "unpenalized": Case({"model": {"kind": "unpenalized"}}),
    "Firth": Case({"model": {"kind": "unpenalized", "firth": True}}),
    "Cox": Case(kind="survival"),
    "Cox with strata": Case(kind="survival", endpoint="stratified"),
    "weighted horizon": Case(endpoint="horizon"),
    "cause of interest": Case(kind="survival", endpoint="cause"),
}


#: Arms of the fast form, one of each way of learning.
FAST = [
    "tuned elastic net",
    "fused by stacking",
    "stability selection",
    "multiply imputed",
]
N_FAST = 10


@cache
def noise_study(seed: int) -> Tables:
    """Three sites of different prevalence, hazard, features and missing values."""
    generator = np.random.default_rng([seed, N])
    subjects = np.array([f"P{number:03d}" for number in range(N)], dtype=object)
    site = np.array([SITES[number % 3] for number in range(N)], dtype=object)
    share = np.array([PREVALENCE[name] for name in site])
    shift = {name: generator.normal(0, 2, (2, N_FEATURES)) for name in SITES}
    scale = {name: generator.uniform(0.7, 1.4, N_FEATURES) for name in SITES}
    lost = np.array([MISSING[name] for name in site])
    tables = []
    for place, image in enumerate(("CT", "PT")):
        noise = generator.normal(size=(N, N_FEATURES))
        values = [
            shift[s][place] + scale[s] * row for s, row in zip(site, noise, strict=True)
        ]
        table = np.array(values)
        table[generator.random(N) < lost, 0] = np.nan
        made = feature_table(subjects, site, table, generator)
        tables.append(made.assign(image=image))
    age = generator.normal(60, 10, N)
    age[generator.random(N) < lost] = np.nan
    cohort = pd.DataFrame(
        {"subject_id": subjects, "site": site, "group": site, "cluster": subjects}
        | {f"batch.{image}.site": site for image in ("CT", "PT")}
        | {"covariate.age": age}
        | outcomes(generator, share)
    )
    features = pd.concat(tables, ignore_index=True)
    features = features[features["reader"] == "A"].reset_index(drop=True)
    return Tables(cohort, features, make_folds(cohort, folds=2))


def outcomes(generator: np.random.Generator, share: np.ndarray) -> dict[str, Any]:
    """Columns of all endpoints, of subjects with some risk that is the site's."""
    days = np.ceil(generator.exponential(400 / share))
    censored = generator.uniform(100, 1500, N)
    event = (days <= censored).astype(float)
    days = np.minimum(days, np.ceil(censored))
    years, code = simulated_outcomes(generator, 2 * share, np.zeros(N))
    timed = {"event": event, "time_days": days}
    known = at_horizon("horizon", pd.Series(event), pd.Series(days), HORIZON, True)
    stratum = generator.choice(["early", "late"], N)
    return (
        {"event.recurrence": (generator.random(N) < share).astype(float)}
        | {f"{name}.survival": values for name, values in timed.items()}
        | {f"{name}.stratified": values for name, values in timed.items()}
        | {"time_days.stratified": np.where(stratum == "late", 3 * days, days)}
        | {"stratum.stratified": stratum}
        | {name: values.to_numpy() for name, values in known.items()}
        | {"event.cause": (code == 1).astype(float), "cause.cause": code.astype(float)}
        | {"time_days.cause": years}
    )


@cache
def splits_of(seed: int) -> list[Split]:
    """Both sides of every fold of both schemes."""
    study = noise_study(seed)
    parts = (splits(study.rows, study.folds, part) for part in ("cv-1", "loso"))
    return [split for part in parts for split in part]


def tables_of(
    seed: int, plan: ModelSpecification, seen: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Predictions and fits of an arm in one study; if `seen`, fitted to everybody."""
    found, whole = splits_of(seed), noise_study(seed).rows
    rows = [(s.name, whole if seen else s.development) for s in found]
    fitted = fit_folds(rows, plan)
    held_out = [(s.name, s.evaluation) for s in found]
    arms = {plan.name: fitted.models}
    return predict_folds(held_out, arms, plan.endpoint, seed=1), fitted.fits


def permuted(plan: ModelSpecification, seeds: Iterable[int], each: int) -> pd.DataFrame:
    """Values of the arm under permuted outcomes of several studies."""
    bands = []
    for seed in seeds:
        study = noise_study(seed)
        (band,) = null_bands(study.rows, study.folds, [plan], each, seed)
        assert band.error is None, band.error
        bands.append(band.rows)
    return pd.concat(bands, ignore_index=True)


@cache
def judged(name: str, n_studies: int) -> pd.DataFrame:
    """Rows of performance of an arm over studies of noise, with intervals of 95 %."""
    case, plan = CASES[name], CASES[name].plan
    n_calibrating = min(n_studies, case.n_calibrating)
    widened = Calibrations.of(permuted(plan, range(n_calibrating), case.permutations))
    rows = []
    for seed in range(n_studies):
        found = tables_of(seed, plan)
        values = performance(*found, OUTCOME_KINDS[case.kind], 0.95, widened)
        rows.append(values.assign(seed=seed))
    return pd.concat(rows, ignore_index=True)


def rows_of(found: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Rows whose pairs are of one site each."""
    part = found[found["scheme"] == scheme]
    return part[part["stratum"] == ONE_SITE[scheme]]


def across_sites(found: pd.DataFrame) -> pd.DataFrame:
    """Rows of the cross-validation whose pairs are of any sites."""
    return found[(found["scheme"] == "cv") & (found["stratum"] == "all")]


def may_read_the_site(plan: ModelSpecification) -> bool:
    """True if features are not harmonized, or what is missing is told."""
    return plan.may_see_group or plan.arm.imputation == "indicator"


def n_excluding_one_half(rows: pd.DataFrame) -> int:
    """Studies whose interval does not hold one half."""
    return int(((rows["lower"] > 0.5) | (rows["upper"] < 0.5)).sum())


def most_allowed(n_studies: int) -> int:
    """Intervals of 95 % that leave one half in all but one of a hundred samples."""
    return int(stats.binom.ppf(0.99, n_studies, 0.05))


def errors_from_one_half(values: pd.Series) -> float:
    """Mean less one half, in standard errors."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    return float((values.mean() - 0.5) / error)


def assert_learns_nothing(name: str, n_studies: int) -> None:
    found = judged(name, n_studies)
    if not may_read_the_site(CASES[name].plan):
        whole = across_sites(found)
        assert n_excluding_one_half(whole) <= most_allowed(n_studies)
    for scheme in ONE_SITE:
        rows = rows_of(found, scheme)
        assert rows["lower"].notna().sum() >= 0.95 * n_studies, scheme
        assert n_excluding_one_half(rows) <= most_allowed(n_studies), scheme
        # An interval that is too wide to exclude anything would show nothing.
        assert (rows["upper"] - rows["lower"]).mean() < 0.6, scheme
        assert abs(errors_from_one_half(rows["estimate"].dropna())) < 3, scheme


@pytest.mark.parametrize("name", FAST)
def test_an_arm_leaves_one_half_as_often_as_its_interval_allows(name):
    assert_learns_nothing(name, N_FAST)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_in_many_studies_no_arm_leaves_one_half_more_often(name):
    assert_learns_nothing(name, 200)


def test_an_arm_without_harmonization_reads_the_site_from_its_features():
    """Sites do go with the outcome: what is judged within them is worth judging."""
    found = judged("unharmonized", N_FAST)
    whole = across_sites(found)
    assert errors_from_one_half(whole["estimate"]) > 3


def test_an_arm_that_has_seen_whom_it_predicts_leaves_one_half():
    """The intervals are narrow enough to show it, even of a few studies."""
    plan, n_studies = CASES["boosting"].plan, 6
    widened = Calibrations.of(permuted(plan, range(n_studies), 2))
    rows = []
    for seed in range(n_studies):
        values = performance(
            *tables_of(seed, plan, seen=True), OUTCOME_KINDS["binary"], 0.95, widened
        )
        rows.append(rows_of(values, "cv"))
    assert n_excluding_one_half(pd.concat(rows)) > most_allowed(n_studies)

"""Frozen models and subjects at another hospital, for tests of updates."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from concord.folds.splitting import splits
from concord.frozen.document import FrozenModel, Sample
from concord.frozen.equation.whole import with_equation
from concord.frozen.inputs import Origin, OutcomeInput
from concord.frozen.updating.settings import UpdateModel
from concord.models.fitted_model import (
    Baseline,
    Estimates,
    FittedModel,
    StratumHazard,
)
from concord.models.settings.arm import Arm
from concord.models.settings.specification import ModelSpecification

from .modelling_study import fit_folds, make_specification, make_tables

ENDPOINTS = {"binary": "recurrence", "survival": "survival"}
#: Hazard per day of a subject whose score is zero.
HAZARD = 0.001


def fitted_document(kind: str = "binary", n_samples: int = 0, **arm):
    """A frozen model that was fitted to simulated features, and a new set of rows."""
    plan = make_specification(kind, **arm)
    study = make_tables(n=90, signal=1.5)
    found = list(splits(study.rows, study.folds, "cv-1"))
    fit = fit_folds([(one.name, one.development) for one in found], plan)
    model, *others = fit.models.models
    samples = [
        Sample(estimates=o.estimates, baseline=_json(o.baseline)) for o in others
    ]
    return document_of(model, plan, samples[:n_samples]), found[0].evaluation


def document_of(
    model: FittedModel, plan: ModelSpecification, samples: Sequence[Sample] = ()
) -> FrozenModel:
    """A fitted model as a document."""
    timed = plan.kind == "survival"
    document = FrozenModel.of(
        name=plan.name,
        label="Radiomics",
        origin=Origin(study="Development", source="fitted", development="all"),
        outcome=OutcomeInput(
            kind="prognostic" if timed else "diagnostic",
            label="Outcome",
            at_days=[500.0] if timed else [],
        ),
        specification=plan,
        model=model,
        features={},
        covariates={},
        samples=list(samples),
    )
    return with_equation(document)


def plain_document(
    kind: str = "binary",
    strata: Sequence[str] = (),
    competing: float = 0.0,
    n_samples: int = 0,
) -> FrozenModel:
    """A model of whom scores are known; its baseline hazard is `HAZARD` per day."""
    arm = Arm(
        covariates=["age"], model={"kind": "linear_predictor", "weights": {"age": 1}}
    )
    plan = ModelSpecification(
        endpoint=ENDPOINTS[kind],
        kind=kind,
        name="published",
        arm=arm,
        baseline_session="baseline",
        reference_reader="A",
    )
    estimates = Estimates(
        endpoint=ENDPOINTS[kind],
        kind=kind,
        session="baseline",
        reader="A",
        columns=["covariate.age"],
        unseen=None,
        adapt_subjects=None,
        cuts=[0.25],
        thresholds={"youden": 0.25} if kind == "binary" else {},
        spread=1.0,
        mean=0.0,
        pipeline={"order": ["model"], "model": {"kind": "ForestLogOdds"}},
    )
    baseline = _baseline(kind, strata, competing)
    model = FittedModel(
        scheme="final",
        repeat=1,
        fold="all",
        n_development=200,
        n_events=90,
        estimates=estimates,
        baseline=baseline,
    )
    sample = Sample(estimates=estimates, baseline=_json(baseline))
    return document_of(model, plan, [sample] * n_samples)


def binary_subjects(
    n: int,
    generator: np.random.Generator,
    prevalence: float = 0.4,
    shift: float = 0.0,
    slope: float = 1.0,
    clusters: int | None = None,
) -> pd.DataFrame:
    """Predictions whose log odds are shift + slope times the score."""
    score = generator.normal(special.logit(prevalence), 1.0, n)
    event = generator.random(n) < special.expit(shift + slope * score)
    rows = _rows("binary", n, clusters)
    return rows.assign(
        event=event.astype(int), score=score, probability=special.expit(score)
    )


def timed_subjects(
    n: int,
    generator: np.random.Generator,
    factor: float = 1.0,
    slope: float = 1.0,
    power: float = 1.0,
    competing: float = 0.0,
    strata: Sequence[str] = (),
    clusters: int | None = None,
) -> pd.DataFrame:
    """Predictions with exponential times, or of another shape (power), censored."""
    score = generator.normal(0.0, 0.8, n)
    level = generator.exponential(size=n) / (factor * np.exp(slope * score))
    time = level ** (1 / power) / HAZARD
    other = np.full(n, np.inf)
    if competing:
        other = generator.exponential(1 / competing, n)
    end = generator.uniform(200, 1500, n)
    days = np.minimum(np.minimum(time, other), end)
    cause = np.where(days == time, 1, np.where(days == other, 2, 0))
    rows = _rows("survival", n, clusters).assign(
        event=(cause == 1).astype(int), time_days=days, score=score
    )
    if competing:
        rows["cause"] = cause
    if strata:
        rows["stratum"] = np.resize(np.array(strata, dtype=object), n)
    return rows


def settings(kind: str = "binary", **changes) -> UpdateModel:
    """Settings of rule update_model."""
    given = {
        "study": "Hospital",
        "seed": 1,
        "confidence": 0.95,
        "smallest": {},
        "kind": kind,
        "days": [500.0] if kind == "survival" else [],
        "endpoint": ENDPOINTS[kind],
        "arms": ["published"],
    }
    return UpdateModel(**given | changes)


def _rows(kind: str, n: int, clusters: int | None) -> pd.DataFrame:
    names = [f"P{number:04d}" for number in range(n)]
    cluster = names if clusters is None else [f"C{i % clusters}" for i in range(n)]
    return pd.DataFrame(
        {
            "endpoint": ENDPOINTS[kind],
            "arm": "published",
            "scheme": "fixed",
            "repeat": 1,
            "fold": "external",
            "subject_id": names,
            "group": "H",
            "cluster": cluster,
            "event": 0,
            "time_days": np.nan,
            "score": np.nan,
            "probability": np.nan,
            "risk_group": None,
            "reason": None,
        }
    )


def _baseline(kind: str, strata: Sequence[str], competing: float) -> Baseline:
    if kind == "binary":
        return Baseline(intercept=0.0)
    days = np.arange(1.0, 1601.0)
    hazard = StratumHazard(
        times_days=days.tolist(),
        cumulative_hazard=(HAZARD * days).tolist(),
        competing_times_days=days.tolist() if competing else [],
        competing_hazard=(competing * days).tolist() if competing else [],
    )
    if strata:
        return Baseline(strata=dict.fromkeys(strata, hazard))
    return Baseline(**hazard.model_dump())


def _json(baseline: Baseline | None):
    return None if baseline is None else baseline.model_dump(mode="json")

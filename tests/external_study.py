"""Frozen models and external subjects whose truth is known."""

import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from concord import tables
from concord.evaluation.calibration import Calibration
from concord.evaluation.external.comparing import External
from concord.evaluation.external.settings import CompareExpected
from concord.evaluation.fold_errors import share_interval
from concord.evaluation.fold_values import FoldValues
from concord.evaluation.given import joining
from concord.folds.settings import CovariateSection, EndpointSection
from concord.folds.splitting import FoldName
from concord.frozen import document as frozen_model
from concord.frozen.development import (
    Applicability,
    ExpectedPerformance,
    Population,
    ScoreDistribution,
)
from concord.frozen.document import FrozenModel
from concord.frozen.inputs import Origin, OutcomeInput
from concord.models.fitted_model import Baseline
from concord.models.prediction import Predictor
from concord.statistics.external.model_based_concordance import (
    expected_auc,
    expected_concordance,
)
from concord.statistics.outcome_kinds import OUTCOME_KINDS
from concord.tables.kinds import KINDS

from . import synthetic_results as synthetic
from .modelling_study import Tables, fit_folds, make_specification, make_tables
from .table_study import CONFIG, write_config, write_study

CONFIDENCE = 0.95
HAZARD_PER_DAY, LONGEST_DAYS = 1 / 900, 1500.0
ENDPOINTS = {"binary": "recurrence", "survival": "survival"}
FINAL = FoldName("final", 1, "all")


@dataclass(frozen=True)
class World:
    """How scores are distributed, and how outcomes follow from them."""

    mean: float = -0.5
    sd: float = 1.0
    intercept: float = 0.0  # added to the log odds, or the log hazard
    known: float = 1.0  # correlation of the score with the truth

    def rows(self, kind: str, n: int, generator, per_patient: int = 1) -> pd.DataFrame:
        """Predictions of n subjects, as kind "predictions"."""
        each = generator.normal(size=n // per_patient).repeat(per_patient)
        score = self.mean + self.sd * each
        unknown = generator.normal(size=n // per_patient).repeat(per_patient)
        truth = self.mean + self.sd * (
            self.known * each + np.sqrt(1 - self.known**2) * unknown
        )
        truth = truth + self.intercept
        names = [f"E{number:05d}" for number in range(n)]
        table = pd.DataFrame(
            {
                "endpoint": ENDPOINTS[kind],
                "arm": "radiomics",
                "scheme": "fixed",
                "repeat": 1,
                "fold": "external",
                "subject_id": names,
                "group": "X",
                "cluster": [f"C{number // per_patient}" for number in range(n)],
                "score": score,
                "probability": np.nan,
                "time_days": np.nan,
            }
        )
        if kind == "binary":
            event = generator.random(n) < special.expit(truth)
            return table.assign(
                event=event.astype(int), probability=special.expit(score)
            )
        days = generator.exponential(1 / (HAZARD_PER_DAY * np.exp(truth)))
        lost = np.minimum(generator.uniform(300, 3000, n), LONGEST_DAYS)
        return table.assign(
            event=(days <= lost).astype(int), time_days=np.minimum(days, lost)
        )


@functools.cache
def study(seed: int = 3, n: int = 160) -> Tables:
    """Subjects whose outcome follows from their first feature."""
    return make_tables(n, n_features=3, site_shift=0.0, signal=1.2, seed=seed)


@functools.cache
def fitted(kind: str = "binary") -> FrozenModel:
    """A frozen model of all subjects of `study`."""
    specification = make_specification(kind, harmonizer="none")
    rows = study().rows
    model = fit_folds([(FINAL, rows)], specification).models.of_fold(FINAL)
    predictors = Predictor.of(model).predictors(rows).select_dtypes("number")
    scores = Predictor.of(model).scored(rows, 1)["score"].to_numpy()
    numeric = list(predictors.columns)
    return FrozenModel.of(
        name="radiomics",
        label="Radiomics",
        intended_use="For the tests.",
        origin=Origin(study="Development", source="fitted", development="all"),
        outcome=OutcomeInput(
            kind="diagnostic" if kind == "binary" else "prognostic", label="Recurrence"
        ),
        specification=specification,
        model=model,
        features={},
        covariates={},
        applicability=Applicability(
            columns=numeric,
            mean=predictors.mean().tolist(),
            covariance=predictors.cov().to_numpy().tolist(),
            n=len(predictors),
        ),
        scores=distribution(kind, scores),
        expected=[
            ExpectedPerformance(
                metric=OUTCOME_KINDS[kind].metric,
                scheme="cv",
                estimate=0.72,
                lower=0.64,
                upper=0.79,
            )
        ],
        population=Population(n=len(scores), n_events=80, groups={"A": 54, "B": 53}),
    )


def distribution(kind: str, scores: np.ndarray) -> ScoreDistribution:
    """Scores of development as a document tells them."""
    expected = (
        expected_auc(special.expit(scores))
        if kind == "binary"
        else expected_concordance(scores)
    )
    return ScoreDistribution(
        n=len(scores),
        mean=float(scores.mean()),
        sd=float(scores.std(ddof=1)),
        percentiles=np.percentile(scores, np.arange(101)).tolist(),
        concordance_expected=expected,
    )


def of_world(kind: str, world: World, n: int, generator) -> FrozenModel:
    """A right model whose development subjects are of a world."""
    rows, outcome = world.rows(kind, n, generator), OUTCOME_KINDS[kind]
    folds = FoldValues.of(rows, [(1, "external")], outcome.pairs)
    found = share_interval(folds, Calibration(refits=False), CONFIDENCE, "")
    expected = ExpectedPerformance(
        metric=outcome.metric,
        scheme="cv",
        estimate=found.estimate,
        lower=found.lower,
        upper=found.upper,
    )
    times = np.linspace(0, 2 * LONGEST_DAYS, 301)[1:]
    baseline = Baseline()
    if kind == "survival":
        baseline = Baseline(
            times_days=times.tolist(),
            cumulative_hazard=(times * HAZARD_PER_DAY).tolist(),
        )
    base = fitted(kind)
    return base.model_copy(
        update={
            "scores": distribution(kind, rows["score"].to_numpy()),
            "expected": [expected],
            "model": base.model.model_copy(update={"baseline": baseline}),
        }
    )


def settings(kind: str = "binary", arms: tuple[str, ...] = ("radiomics",)):
    """Settings of rule compare_expected."""
    return CompareExpected(
        seed=1,
        confidence=CONFIDENCE,
        kind=kind,
        endpoint=ENDPOINTS[kind],
        arms=list(arms),
    )


def patient_scores(
    document: FrozenModel, subjects: Tables, flagged: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Scores of some subjects, of kind "patient_scores"; some have a red flag."""
    found = Predictor.of(document.model).scored(subjects.rows, 1).reset_index()
    table = found.rename(columns={found.columns[0]: "subject_id"})
    is_flagged = table["subject_id"].isin(flagged)
    told = table[["subject_id", "score", "probability", "risk_group"]].assign(
        endpoint=document.endpoint,
        arm=document.name,
        horizon_days=np.nan,
        risk=np.nan,
        status=np.where(is_flagged, "not applicable", "scored"),
        reason=np.where(is_flagged, "red flag: out_of_range", None),
        site="X",
        model_hash=document.hash,
        red_flags=np.where(is_flagged, "out_of_range", None),
    )
    columns = KINDS["patient_scores"].items()
    needed = [name for name, column in columns if not column.optional]
    return told.reindex(columns=needed)


@functools.cache
def compared(kind: str = "binary", n: int = 90, flagged: int = 6):
    """Tables of a whole comparison: two models, other subjects, some with a flag."""
    documents = {"radiomics": fitted(kind), "clinical": _other(kind)}
    subjects = make_tables(
        n, n_features=3, site_shift=0.0, signal=1.2, seed=8, sites=("X", "Y")
    )
    names = tuple(subjects.cohort["subject_id"])[:flagged]
    scores = pd.concat(
        [
            patient_scores(one, subjects, names).assign(arm=arm)
            for arm, one in documents.items()
        ],
        ignore_index=True,
    )
    endpoint = ENDPOINTS[kind]
    external = External(
        settings(kind, tuple(documents)),
        documents,
        joining.predictions_of(scores, subjects.cohort, endpoint),
        tables.read_all([], "risks"),
        scores,
        subjects.rows,
    )
    found = external.tables()
    return {kind: tables.check(table, kind, kind) for kind, table in found.items()}


def of_synthetic_arms(endpoint: str) -> dict[str, pd.DataFrame]:
    """The same tables with the names of arms and endpoint of `synthetic_results`."""
    kind = synthetic.ENDPOINTS[endpoint].outcome_kind
    return {
        name: table.assign(
            endpoint=endpoint, arm=table["arm"].replace("radiomics", "texture")
        )
        for name, table in compared(kind).items()
    }


def _other(kind: str) -> FrozenModel:
    """The same model without expected performance, scores or moments."""
    return fitted(kind).model_copy(
        update={
            "label": "Clinical",
            "expected": [],
            "scores": ScoreDistribution(),
            "applicability": Applicability(),
        }
    )


def report_settings(kind: str = "binary", label: str = "Clinical + CT texture"):
    """Settings of the report of the study that applies both models."""
    known = synthetic.SETTINGS
    timed = {"time_days": "days"} if kind == "survival" else {}
    endpoint = EndpointSection(label="Recurrence", kind=kind, event="e", **timed)
    evaluation = known.evaluation.model_copy(
        update={"headline_arm": "radiomics", "reference_arm": "clinical"}
    )
    arm = known.arms["clinical"]
    arms = {
        "radiomics": arm.model_copy(update={"label": label}),
        "clinical": arm.model_copy(update={"label": "Clinical"}),
    }
    return known.model_copy(
        update={
            "endpoints": {ENDPOINTS[kind]: endpoint},
            "arms": arms,
            "evaluation": evaluation,
        }
    )


def plot_settings(kind: str = "binary", label: str = "Clinical + CT texture"):
    """Settings of the figures of the same study."""
    return synthetic.plot_endpoint("metastasis").model_copy(
        update={
            "label": "Recurrence",
            "arms": {"radiomics": label, "clinical": "Clinical"},
            "headline_arm": "radiomics",
            "reference_arm": "clinical",
        }
    )


def write_applied_study(folder: Path) -> Path:
    """Write a study that applies a model of age to the subjects of `table_study`."""
    write_study(folder)
    specification = make_specification(
        "binary", features=[], covariates=["age"], harmonizer="none"
    )
    rows = study().rows
    model = fit_folds([(FINAL, rows)], specification).models.of_fold(FINAL)
    scores = Predictor.of(model).scored(rows, 1)["score"].to_numpy()
    ages = Predictor.of(model).predictors(rows).select_dtypes("number")
    document = fitted().model_copy(
        update={
            "specification": specification,
            "model": model,
            "covariates": {"age": CovariateSection(column="age", unit="years")},
            "configuration": {"harmonization": {"batch": {"CT": ["site"]}}},
            "scores": distribution("binary", scores),
            "applicability": Applicability(
                columns=list(ages),
                mean=ages.mean().tolist(),
                covariance=ages.cov().to_numpy().tolist(),
                n=len(ages),
            ),
        }
    )
    frozen_model.write(document.hashed(), folder / "config" / "model.json")
    config = {
        "study": {"name": "Next hospital", "seed": 3},
        "data_root": str(folder / "data"),
        "sheets": CONFIG["sheets"],
        "feature_table": CONFIG["feature_table"],
        "model": "model.json",
        "endpoints": {"recurrence": {"event": "dead"}},
    }
    write_config(folder, config)
    return folder

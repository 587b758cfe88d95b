"""What a step learns is in the hash of a fit, so that a leak through it is caught."""

import numpy as np
import pytest
from sklearn.base import clone

from concord import provenance
from concord.models.arm import arm_data, repeated_measurements
from concord.models.estimators.imputed import Imputed
from concord.models.leakage import leakage_test
from concord.models.pipeline import build, estimates
from concord.models.steps import declared

from ...modelling_study import Tables, make_folds, make_specification, make_tables

#: An arm that uses every step, and others for the choices that exclude each other.
FIRST = "CT.tumour.original.glcm.f000"
_ALL = {
    "covariates": ["age", "size"],
    "max_missing": 1.0,
    "drop_missing_above": 0.2,
    "transform": "rank_normal",
    "imputation": "chained",
    "n_imputations": 2,
    "scaling": "robust",
    "correlation_limit": 0.3,
    "representative": "icc",
    "selection": "stability",
    "half_samples": 6,
}
ARMS = {
    "all": _ALL,
    "others": _ALL
    | {"transform": "log", "selection": "mrmr", "imputation": "indicator"},
}
#: The steps of an arm without any option, and a published score.
PLAIN = {
    "plain": {
        "covariates": ["age"],
        "stability_filter": True,
        "group_indicator": True,
        "max_features": 3,
    },
    "score": {
        "features": [FIRST],
        "covariates": ["age"],
        "harmonizer": "none",
        "model": {"kind": "linear_predictor", "weights": {"age": 0.1, FIRST: 1.0}},
    },
}
#: Steps in which a leak is planted, and perturbations that must notice it.
LEAKS = [
    ("all", "missing_share", "noise x 1e6"),
    ("all", "transform", "noise x 1e6"),
    ("others", "transform", "noise x 1e6"),
    ("others", "impute", "noise x 1e6"),
    ("others", "impute", "features missing"),
    ("all", "standardize", "covariates changed"),
    ("all", "correlation", "noise x 1e6"),
    ("all", "select", "outcome flipped"),
    ("others", "select", "outcome flipped"),
    ("all", "model", "outcome flipped"),
    ("all", "model", "covariates changed"),
    ("plain", "stability", "noise x 1e6"),
    ("plain", "harmonize_CT", "noise x 1e6"),
    ("plain", "harmonize_CT", "batches permuted"),
    ("plain", "indicators", "rows removed"),
    ("plain", "impute", "noise x 1e6"),
    ("plain", "standardize", "covariates changed"),
    ("plain", "select", "outcome flipped"),
    ("plain", "model", "outcome flipped"),
    ("score", "score", "noise x 1e6"),
]


class Frozen:
    """A step that has learnt already: `fit` changes nothing."""

    def __init__(self, step):
        self._step = step

    def __getattr__(self, name):
        return getattr(self._step, name)

    def fit(self, X, y=None):
        return self


class LeakingImputed(Imputed):
    """Equations of all rows; the models are those of development."""

    def learn(self, names, values, y):
        super().fit_values(names, values, y)
        return self

    def fit_values(self, names, values, y):
        known = self.equations_
        super().fit_values(names, values, y)
        self.equations_ = known
        return self


@pytest.fixture(scope="module")
def study():
    made = make_tables(n_features=12, signal=1.0)
    cohort, features = made.cohort.copy(), made.features.copy()
    names = [name for name in features if name.startswith("original.")]
    last = features["subject_id"].str[-1]
    features.loc[last.isin(["1", "2", "3"]), names[1]] = np.nan
    features.loc[last == "4", names[2:5]] = np.nan
    age = cohort["covariate.age"]
    noise = np.random.default_rng(1).normal(0, 10, len(cohort))
    cohort["covariate.size"] = (age + noise).where(np.arange(len(cohort)) % 5 > 1)
    cohort.loc[::6, "covariate.age"] = np.nan
    return Tables(cohort, features, make_folds(cohort, folds=2))


def caught(study, plan, learn, scheme="cv"):
    """Perturbations on the first fold of a scheme that change what a fit learns."""
    folds = study.folds[study.folds["scheme"] == scheme]
    name, fold = next(leakage_test.each_fold(folds))
    trial = leakage_test._Test.of(study.rows, plan, 1)
    before = trial.fit_hash(learn, study.rows, fold)
    assert not before.startswith("failed")
    rows = trial.rows(name, fold, "planted", learn, before)
    return {row["perturbation"] for row in rows if not row["unchanged"]}


@pytest.mark.parametrize("options", ARMS.values(), ids=ARMS)
@pytest.mark.parametrize("kind", ["binary", "survival"])
def test_no_step_learns_from_evaluation_subjects(study, kind, options):
    plan = make_specification(kind, harmonization={"keep": ["age"]}, **options)
    assert caught(study, plan, leakage_test.study_fit) == set()


@pytest.mark.parametrize(("arm", "step", "perturbation"), LEAKS)
def test_a_step_that_learnt_from_all_rows_is_caught(study, arm, step, perturbation):
    plan = make_specification(**(ARMS | PLAIN)[arm])

    def learnt_before_the_split(tables, fold, plan):
        whole = arm_data(tables, plan)
        known = whole.fittable()
        rows = whole.predictors.loc[known]
        y = plan.outcome.target(whole.outcome.loc[known])
        measured = repeated_measurements(whole.measurements, plan)
        pipeline = build(list(rows.columns), plan, measured, None)
        place = list(pipeline.named_steps).index(step)
        leaky = clone(pipeline.steps[place][1])
        development = fold.loc[fold["role"] == "development", "subject_id"]
        mine = np.isin(known, development)
        before = pipeline[:place].fit(rows[mine], y[mine])
        prepared = before.transform(rows)
        pipeline.steps[place] = (step, frozen(leaky, prepared, y))
        return provenance.digest(estimates(pipeline.fit(rows[mine], y[mine])))

    # Every group is on both sides of a fold, unless it is left out.
    scheme = "loso" if step == "indicators" else "cv"
    assert perturbation in caught(study, plan, learnt_before_the_split, scheme)


def test_a_leak_is_planted_in_every_step_that_there_is(study):
    planted = set()
    for arm, step, _ in LEAKS:
        plan = make_specification(**(ARMS | PLAIN)[arm])
        steps = build(list(arm_data(study.rows, plan).predictors), plan, None)
        planted.add(type(steps.named_steps[step]).__name__)
    # A transform of a published equation is given and sees no row.
    assert planted >= set(declared.STEPS) - {"PublishedTransform"}


def frozen(step, rows, y):
    """The step as fitted to all rows; of imputations, only their equations."""
    if not isinstance(step, Imputed):
        return Frozen(step.fit(rows, y))
    leaky = LeakingImputed(**step.get_params(deep=False))
    return leaky.learn(rows.columns.to_numpy(str), rows.to_numpy(float), y)

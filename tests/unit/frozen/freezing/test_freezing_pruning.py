"""Pruned models: fewer columns, the same scores."""

import numpy as np
import pandas as pd
import pytest

from concord.folds.splitting import splits
from concord.frozen.freezing.pruning import (
    moving,
    pruned_model,
    require_equal_scores,
)
from concord.models.arm_fit import fit_in_fold
from concord.models.prediction import Predictor

from ....modelling_study import Tables, make_specification, make_tables
from ...models.test_models_kinds import ARMS, PAIRS, plan_of

SPARSE = {"l1_share": 1.0, "penalty": 0.05}
OPTIONS = {
    "lasso": SPARSE,
    "log": {"transform": "log", **SPARSE},
    "ranks": {"transform": "rank_normal", **SPARSE},
    "robust": {"scaling": "robust", **SPARSE},
    "unscaled": {"scaling": "none", **SPARSE},
    "indicator": {"imputation": "indicator", "max_features": 3},
    "chained": {"imputation": "chained", "n_imputations": 2, **SPARSE},
    "univariate": {"selection": "univariate", "max_features": 3},
    "mrmr": {"selection": "mrmr", "max_features": 3},
    "selected often": {"selection": "stability", "half_samples": 10},
    "groups": {"group_indicator": True, "harmonizer": "none", **SPARSE},
    "z-score": {"harmonizer": "zscore", **SPARSE},
    "covbat": {"harmonizer": "covbat", **SPARSE},
    "missing share": {"drop_missing_above": 0.1, **SPARSE},
    "nothing": {"l1_share": 1.0, "penalty": 1e3},
}


@pytest.fixture(scope="module")
def study():
    """Some features and ages are missing; the stage is a category."""
    made = make_tables(n=90, signal=2.0)
    features, cohort = made.features.copy(), made.cohort.copy()
    generator = np.random.default_rng(8)
    names = [name for name in features if name.startswith("original.")]
    values = features[names].to_numpy(copy=True)
    values[generator.random(values.shape) < 0.05] = np.nan
    cohort.loc[::9, "covariate.age"] = np.nan
    stage = generator.integers(3, size=len(cohort))
    for number, level in enumerate(("II", "III"), start=1):
        cohort[f"covariate.stage={level}"] = (stage == number).astype(float)
    keys = features.drop(columns=names)
    lacking = pd.DataFrame(values, keys.index, names)
    return Tables(cohort, pd.concat([keys, lacking], axis=1), made.folds)


def first_fit(study, plan, scheme="loso"):
    split = next(splits(study.rows, study.folds, scheme))
    fit = fit_in_fold(split.name, split.development, plan)
    assert fit.error is None
    return split, fit.model


def require_alike(model, rows):
    """Scores of rows by the model and by its pruned form, which must agree."""
    new = pruned_model(model)
    known, found = (Predictor.of(one).scored(rows, 1)["score"] for one in (model, new))
    both = known.notna() & found.notna()
    assert both.sum() > len(rows.cohort) // 2
    assert np.abs(known - found)[both].max() < 1e-12
    require_equal_scores(model, new, rows, 1)
    return new.estimates


@pytest.mark.parametrize(("name", "outcome"), PAIRS)
def test_every_kind_of_model_scores_as_before(study, name, outcome):
    plan = plan_of(name, outcome, covariates=["age", "stage"])
    if name == "linear_predictor":
        plan = plan_of(name, outcome)
    split, model = first_fit(study, plan)
    for rows in (split.development, split.evaluation):
        require_alike(model, rows)
    assert set(ARMS) >= {name}


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("outcome", ["binary", "survival"])
def test_every_step_scores_as_before_with_fewer_columns(study, name, outcome):
    options = {"covariates": ["age", "stage"], "max_missing": 1.0, **OPTIONS[name]}
    split, model = first_fit(study, make_specification(outcome, **options))
    for rows in (split.development, split.evaluation):
        left = require_alike(model, rows)
    fewer = len(left.columns) < len(model.estimates.columns)
    assert fewer or name == "covbat"
    filters = {"stability", "correlation", "missing_share", "select"}
    assert not filters.intersection(left.pipeline["order"])
    assert set(moving(model.estimates)) <= set(left.columns)

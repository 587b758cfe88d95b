"""An arm is one estimator: whatever resamples it refits its harmonization."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import Pipeline

from concord.folds.splitting import splits
from concord.harmonization.estimators.combat import ComBat
from concord.models.arm import arm_data as arranged
from concord.models.arm import repeated_measurements
from concord.models.pipeline import build, estimates
from concord.statistics.discrimination import concordance

from ...modelling_study import make_specification, make_tables

GRID = {"model__penalty": [0.03, 0.3]}


def score(estimator, rows, event):
    return concordance(event, estimator.decision_function(rows), None).value


@pytest.fixture(scope="module")
def development():
    """Predictors, outcome and unfitted chain of the first outer fold."""
    tables = make_tables(n=60, n_features=12, signal=2.0)
    plan = make_specification(stability_filter=True, covariates=["age"])
    split = next(splits(tables.rows, tables.folds, "cv-1"))
    known = arranged(split.development, plan)
    stable = repeated_measurements(known.measurements, plan)
    fitted = build(list(known.predictors.columns), plan, stable)
    return known.predictors, plan.outcome.target(known.outcome), fitted


@pytest.fixture
def harmonized_rows(monkeypatch):
    """Subjects that each fit of ComBat was given, in turn."""
    seen, fit = [], ComBat.fit

    def recorded(self, X, y=None):
        seen.append(tuple(X.index))
        return fit(self, X, y)

    monkeypatch.setattr(ComBat, "fit", recorded)
    return seen


def inner_folds(n, n_folds=3):
    fold = np.arange(n) % n_folds
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(3)]


def test_a_grid_search_harmonizes_anew_in_every_inner_fold(
    development, harmonized_rows
):
    rows, event, chain = development
    inner = inner_folds(len(rows))

    GridSearchCV(chain, GRID, scoring=score, cv=inner).fit(rows, event)

    trained = [tuple(rows.index[train]) for train, _ in inner]
    assert harmonized_rows == [
        *trained * len(GRID["model__penalty"]),
        tuple(rows.index),
    ]


def test_rows_that_an_inner_fold_holds_out_do_not_change_what_it_learns(development):
    rows, event, chain = development
    inner = inner_folds(len(rows))
    perturbed = rows.copy()
    features = [name for name in rows if name.startswith("CT.")]
    held_out = rows.index[inner[0][1]]
    perturbed.loc[held_out, features] *= -1e6

    scores = []
    for given in (rows, perturbed):
        found = cross_validate(
            chain, given, event, scoring=score, cv=inner[:1], return_estimator=True
        )
        fitted = found["estimator"][0]
        scores.append(fitted.decision_function(rows.loc[held_out]))

    assert scores[0].tobytes() == scores[1].tobytes()


def test_the_score_of_a_search_is_that_of_a_loop_by_hand(development):
    rows, event, chain = development
    inner = inner_folds(len(rows))
    search = GridSearchCV(chain, GRID, scoring=score, cv=inner).fit(rows, event)

    by_hand = []
    for penalty in GRID["model__penalty"]:
        candidate = clone(chain).set_params(model__penalty=penalty)
        values = [
            score(
                clone(candidate).fit(rows.iloc[train], event[train]),
                rows.iloc[test],
                event[test],
            )
            for train, test in inner
        ]
        by_hand.append(np.mean(values))

    np.testing.assert_array_equal(search.cv_results_["mean_test_score"], by_hand)


def test_bootstrap_rows_are_harmonized_too(development):
    rows, event, chain = development
    drawn = np.random.default_rng(1).integers(len(rows), size=len(rows))

    fitted = clone(chain).fit(rows.iloc[drawn], event[drawn])

    assert np.isfinite(fitted.decision_function(rows)).all()


def test_the_steps_learn_the_same_in_a_pipeline_of_scikit_learn(development):
    rows, event, chain = development

    own = clone(chain).fit(rows, event)
    theirs = Pipeline(clone(chain).steps).fit(rows, event)

    assert estimates(own) == estimates(theirs)
    for method in ("decision_function", "predict_proba"):
        scores = getattr(own, method)(rows), getattr(theirs, method)(rows)
        assert scores[0].tobytes() == scores[1].tobytes()
    pd.testing.assert_frame_equal(
        own[:-1].transform(rows), theirs[:-1].transform(rows), check_exact=True
    )

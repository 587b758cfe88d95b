"""ComBat among the tools of scikit-learn: batches and covariates travel in X."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedKFold,
    cross_val_predict,
    cross_validate,
)
from sklearn.pipeline import make_pipeline
from sklearn.utils import resample

from concord.harmonization.estimators import factory
from concord.harmonization.estimators.combat import ComBat

from ...batch_rows import batch_rows, features

FOLDS = StratifiedKFold(3, shuffle=True, random_state=0)


@pytest.fixture
def rows():
    return batch_rows(sizes=(40, 40, 40))


@pytest.fixture
def outcome(rows):
    generator = np.random.default_rng(7)
    return (
        rows["f0"] + generator.normal(0, 2, len(rows)) > rows["f0"].median()
    ).astype(int)


def chain(rows, **options):
    only_features = ColumnTransformer([("features", "passthrough", features(rows))])
    combat = ComBat("site", keep=("age",), columns=features(rows), **options)
    return make_pipeline(combat, only_features, LogisticRegression())


def by_hand(rows, outcome, train, test):
    """The same chain with each step called on its own."""
    names = features(rows)
    combat = ComBat("site", keep=("age",), columns=names).fit(rows.iloc[train])
    model = LogisticRegression()
    model.fit(combat.transform(rows.iloc[train])[names].to_numpy(), outcome.iloc[train])
    return model.predict_proba(combat.transform(rows.iloc[test])[names].to_numpy())[
        :, 1
    ]


def test_cross_validation_fits_it_on_the_training_rows_of_each_fold(rows, outcome):
    found = cross_val_predict(
        chain(rows), rows, outcome, cv=FOLDS, method="predict_proba"
    )[:, 1]
    for train, test in FOLDS.split(rows, outcome):
        expected = by_hand(rows, outcome, train, test)
        np.testing.assert_array_equal(found[test], expected)


def test_scorers_reach_the_batches(rows, outcome):
    found = cross_validate(
        chain(rows),
        rows,
        outcome,
        cv=FOLDS,
        scoring=["roc_auc", "neg_brier_score"],
        error_score="raise",
    )
    assert np.isfinite(found["test_roc_auc"]).all()
    assert found["test_roc_auc"].mean() > 0.5


def test_grid_search_tunes_its_options(rows, outcome):
    search = GridSearchCV(
        chain(rows),
        {"combat__mean_only": [False, True], "combat__empirical_bayes": [False, True]},
        scoring="roc_auc",
        cv=FOLDS,
        error_score="raise",
    ).fit(rows, outcome)
    scores = search.cv_results_["mean_test_score"]
    assert np.isfinite(scores).all()
    assert len(set(np.round(scores, 12))) > 1
    fitted = search.best_estimator_.named_steps["combat"]
    assert fitted.batch_sizes_ == {"A": 40, "B": 40, "C": 40}


def test_nested_cross_validation_predicts_every_row(rows, outcome):
    search = GridSearchCV(
        chain(rows), {"combat__mean_only": [False, True]}, scoring="roc_auc", cv=FOLDS
    )
    found = cross_val_predict(search, rows, outcome, cv=FOLDS, method="predict_proba")
    assert found.shape == (120, 2)
    assert np.isfinite(found).all()


def test_bootstrap_rows_may_repeat(rows, outcome):
    drawn = resample(rows, random_state=0)
    assert drawn.index.has_duplicates
    found = chain(rows).fit(drawn, outcome.loc[drawn.index]).predict_proba(drawn)
    unique = drawn.reset_index(drop=True)
    again = chain(rows).fit(unique, outcome.loc[drawn.index]).predict_proba(unique)
    np.testing.assert_array_equal(found, again)


@pytest.mark.parametrize("harmonizer", factory.KINDS.values())
def test_clone_is_unfitted_and_has_equal_parameters(rows, harmonizer):
    fitted = harmonizer("site", columns=features(rows)).fit(rows)
    copied = clone(fitted)
    assert copied.get_params() == fitted.get_params()
    assert not [name for name in vars(copied) if name.endswith("_")]
    pd.testing.assert_frame_equal(
        copied.fit(rows).transform(rows), fitted.transform(rows), check_exact=True
    )


@pytest.mark.parametrize("harmonizer", factory.KINDS.values())
def test_names_of_the_output_are_those_of_the_columns(rows, harmonizer):
    fitted = harmonizer("site").fit(rows.drop(columns="age"))
    found = fitted.transform(rows.drop(columns="age"))
    assert fitted.get_feature_names_out().tolist() == list(found.columns)
    assert fitted.columns_ == features(rows)


def test_pandas_output_can_be_asked_for(rows):
    combat = ComBat("site", columns=features(rows)).set_output(transform="pandas")
    found = combat.fit(rows).transform(rows)
    expected = ComBat("site", columns=features(rows)).fit(rows).transform(rows)
    pd.testing.assert_frame_equal(found, expected)


def test_refitting_forgets_the_first_fit(rows):
    combat = ComBat("site", columns=features(rows))
    combat.fit(rows[rows["site"] != "C"])
    combat.fit(rows)
    assert (
        combat.estimates()
        == ComBat("site", columns=features(rows)).fit(rows).estimates()
    )

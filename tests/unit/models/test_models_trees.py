"""Forest and boosting: their nodes as arrays say what the fitted trees said."""

import json

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier

from concord.errors import FitError
from concord.models.estimators.boosting import BoostedLogOdds
from concord.models.estimators.forest import ForestLogOdds
from concord.models.estimators.trees import LEAF, Trees

MODELS = {
    "forest": ForestLogOdds(trees=30, min_leaf=3, max_depth=4, seed=5),
    "boosting": BoostedLogOdds(trees=20, min_leaf=5, max_depth=3, seed=5),
}
NAMES = np.array(["a", "b", "c", "d"])


@pytest.fixture(scope="module")
def rows():
    generator = np.random.default_rng(3)
    values = generator.normal(size=(120, 4))
    event = generator.random(120) < 1 / (1 + np.exp(-2 * values[:, 1]))
    return values, event.astype(float)


def grown(kind, rows):
    return clone(MODELS[kind]).fit_values(NAMES, *rows)


def weighted(event, weight):
    y = np.empty(len(event), dtype=[("event", bool), ("weight", float)])
    y["event"], y["weight"] = event == 1, weight
    return y


def sklearn_forest(model, rows, **fit):
    return RandomForestClassifier(
        model.trees,
        min_samples_leaf=model.min_leaf,
        max_depth=model.max_depth,
        random_state=model._random_state(),
    ).fit(*rows, **fit)


def sklearn_boosting(model, rows, **fit):
    return HistGradientBoostingClassifier(
        max_iter=model.trees,
        min_samples_leaf=model.min_leaf,
        max_depth=model.max_depth,
        learning_rate=model.learning_rate,
        early_stopping=False,
        random_state=model._random_state(),
    ).fit(*rows, **fit)


def test_a_forest_says_what_scikit_learn_says_bit_for_bit(rows):
    model, new = grown("forest", rows), np.random.default_rng(4).normal(size=(500, 4))
    expected = sklearn_forest(model, rows).predict_proba(new)[:, 1]

    assert model.probabilities_of(new).tobytes() == expected.tobytes()
    assert np.unique(expected).size > 100


def test_rows_at_the_thresholds_of_a_forest_go_where_they_go_in_single_precision(rows):
    model, forest = grown("forest", rows), sklearn_forest(MODELS["forest"], rows)
    inner = model.trees_.feature != LEAF
    close = np.nextafter(model.trees_.threshold[inner], np.inf)  # above, by a hair
    new = np.repeat(close[:, None], 4, axis=1)
    expected = forest.predict_proba(new)[:, 1]

    assert model.probabilities_of(new).tobytes() == expected.tobytes()


def test_boosting_says_what_scikit_learn_says_bit_for_bit(rows):
    model, new = grown("boosting", rows), np.random.default_rng(4).normal(size=(500, 4))
    expected = sklearn_boosting(model, rows).decision_function(new)

    assert model.scores_of(new).tobytes() == expected.tobytes()
    assert np.unique(expected).size > 20


def test_a_missing_value_goes_where_boosting_has_learnt_that_it_goes(rows):
    values, event = rows[0].copy(), rows[1]
    values[np.random.default_rng(6).random(values.shape) < 0.2] = np.nan
    model = grown("boosting", (values, event))
    expected = sklearn_boosting(model, (values, event)).decision_function(values)

    assert model.scores_of(values).tobytes() == expected.tobytes()
    assert 0 < model.trees_.missing_left.sum() < (model.trees_.feature != LEAF).sum()


@pytest.mark.parametrize("kind", MODELS)
def test_weights_of_cases_are_those_of_scikit_learn(kind, rows):
    values, event = rows
    weight = np.random.default_rng(7).uniform(0.5, 2.0, len(event))
    model = clone(MODELS[kind]).fit_values(NAMES, values, weighted(event, weight))
    again = {"forest": sklearn_forest, "boosting": sklearn_boosting}[kind]
    expected = again(model, rows, sample_weight=weight).predict_proba(values)[:, 1]
    found = model.scores_of(values)

    edge = 0.5 / model.trees if kind == "forest" else 0.0
    bounded = np.clip(expected, edge, 1 - edge)
    np.testing.assert_allclose(1 / (1 + np.exp(-found)), bounded, rtol=1e-12)
    assert not np.array_equal(found, grown(kind, rows).scores_of(values))


@pytest.mark.parametrize("kind", MODELS)
def test_a_case_of_weight_zero_teaches_nothing(kind, rows):
    values, event = rows
    weight = np.where(np.arange(len(event)) < 100, 1.0, 0.0)
    other = np.where(weight > 0, event, 1.0 - event)
    model = MODELS[kind]
    found, same = (
        clone(model).fit_values(NAMES, values, weighted(outcome, weight))
        for outcome in (event, other)
    )

    assert found.scores_of(values).tobytes() == same.scores_of(values).tobytes()
    with pytest.raises(FitError, match="hold 100 events in 100 subjects"):
        clone(model).fit_values(
            NAMES, values, weighted(np.maximum(event, weight), weight)
        )


@pytest.mark.parametrize("kind", MODELS)
def test_trees_come_back_from_json_bit_for_bit(kind, rows):
    model = grown(kind, rows)
    text = json.dumps(model.estimates(), allow_nan=False)
    again = type(model).from_estimates(json.loads(text))
    new = np.random.default_rng(4).normal(size=(300, 4))

    assert again.scores_of(new).tobytes() == model.scores_of(new).tobytes()
    assert json.dumps(again.estimates()) == text
    assert again.get_params() == model.get_params()


@pytest.mark.parametrize("kind", MODELS)
def test_trees_are_equal_again_and_move_no_global_state(kind, rows):
    first = grown(kind, rows)
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    second = grown(kind, rows)

    assert first.estimates() == second.estimates()
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002


def test_another_seed_grows_another_forest(rows):
    other = clone(MODELS["forest"]).set_params(seed=6).fit_values(NAMES, *rows)
    assert other.estimates()["nodes"] != grown("forest", rows).estimates()["nodes"]


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize(
    ("option", "value"), [("trees", 7), ("min_leaf", 20), ("max_depth", 1)]
)
def test_options_shape_the_trees(kind, option, value, rows):
    model = clone(MODELS[kind]).set_params(**{option: value}).fit_values(NAMES, *rows)
    sizes = np.diff([*model.trees_.roots, len(model.trees_.feature)])

    assert not np.array_equal(
        model.scores_of(rows[0]), grown(kind, rows).scores_of(rows[0])
    )
    if option == "trees":
        assert len(sizes) == 7
    if option == "max_depth":
        assert sizes.max() == 3
    if option == "min_leaf":
        assert sizes.max() <= 2 * (120 // 20) - 1


@pytest.mark.parametrize("kind", MODELS)
def test_trees_tell_the_columns_that_they_compare(kind, rows):
    values, event = rows
    still = values.copy()
    still[:, 2] = 1.0
    model = clone(MODELS[kind]).fit_values(NAMES, still, event)

    assert list(model.used_terms()) == ["a", "b", "d"]
    assert model.coef_ is None
    assert np.isnan(model.kkt_residual_)
    assert model.rescue_ == ""


@pytest.mark.parametrize("kind", MODELS)
def test_one_outcome_alone_grows_no_tree(kind, rows):
    with pytest.raises(FitError, match="hold 120 events in 120 subjects; both"):
        clone(MODELS[kind]).fit_values(NAMES, rows[0], np.ones(120))


@pytest.mark.parametrize("kind", MODELS)
def test_without_a_predictor_there_is_no_tree(kind, rows):
    with pytest.raises(FitError, match="no predictor is left"):
        clone(MODELS[kind]).fit_values(NAMES[:0], rows[0][:, :0], rows[1])


def test_a_forest_that_is_sure_still_has_a_finite_score():
    values = np.arange(40.0)[:, None]
    event = (values[:, 0] >= 20).astype(float)
    model = ForestLogOdds(trees=10, min_leaf=1, seed=1)
    scores = model.fit_values(np.array(["x"]), values, event).scores_of(values)

    assert scores[0] == pytest.approx(-np.log(19))  # 1 of 20: half a tree of 10
    assert scores[-1] == pytest.approx(np.log(19))


def test_two_trees_by_hand():
    stump = {
        "feature": np.array([0, LEAF, LEAF]),
        "threshold": np.array([1.5, -2.0, -2.0]),
        "left": np.array([1, -1, -1]),
        "right": np.array([2, -1, -1]),
        "missing_left": np.array([1, 0, 0]),
        "value": np.array([0.3, 0.1, 0.9]),
    }
    leaf = {name: values[1:2] for name, values in stump.items()} | {
        "value": np.array([0.4])
    }
    trees = Trees.of([leaf, stump])

    assert trees.roots.tolist() == [0, 1]
    found = trees.leaf_values(np.array([[1.5], [1.6], [np.nan]]))
    assert found.tolist() == [[0.4, 0.1], [0.4, 0.9], [0.4, 0.1]]
    assert trees.features().tolist() == [0]
    assert trees.leaf_values(np.zeros((0, 1))).shape == (0, 2)


def test_rows_are_scored_in_parts_as_at_once(rows, monkeypatch):
    model = grown("forest", rows)
    expected = model.scores_of(rows[0])
    monkeypatch.setattr("concord.models.estimators.trees._ROWS_AT_ONCE", 7)

    assert model.scores_of(rows[0]).tobytes() == expected.tobytes()

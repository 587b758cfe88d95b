"""Models that an arm cannot have: every fault before any job, by its key."""

import pytest
import yaml

from concord.errors import ConfigError
from concord.evaluation.company import is_unharmonized_twin
from concord.study.study import Study

from ...table_study import CONFIG, write_study

VOLUME = "CT.tumour.original.morphology.volume"
SCORE = {"kind": "linear_predictor", "weights": {"age": 0.1, VOLUME: 0.5}}
ARM = {"covariates": ["age"], "features": [VOLUME], "stability_filter": False}


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def study(folder, arm, **endpoint):
    config = yaml.safe_load(yaml.safe_dump(CONFIG))
    config["data_root"] = str(folder / "data")
    config["arms"]["radiomics"] = arm
    config["endpoints"]["death"] |= endpoint
    config["covariates"]["stage"] = {
        "column": "scanner",
        "kind": "category",
        "levels": ["unit 0", "unit 1"],
    }
    return Study(config, folder / "config" / "config.yaml")


def faults(folder, arm, **endpoint):
    """Key and message of each fault of the arm."""
    with pytest.raises(ConfigError) as caught:
        study(folder, arm, **endpoint)
    lines = [
        line.partition("arms.radiomics.") for line in str(caught.value).split("\n")
    ]
    return [rest for _, found, rest in lines if found]


TIMES = {"kind": "prognostic", "time_days": "age"}
CASES = {
    "survival forest": (
        {"features": ["*"], "model": {"kind": "forest"}},
        TIMES,
        "model.kind: is 'forest', which predicts no survival outcome such as "
        "endpoints.death: a random survival forest has no library under a permissive",
    ),
    "survival boosting": (
        {"features": ["*"], "model": {"kind": "boosting"}},
        TIMES,
        "model.kind: is 'boosting', which predicts no survival outcome such as",
    ),
    "firth of a penalized model": (
        {"features": ["*"], "model": {"firth": True}},
        {},
        "model.firth: is True, but model.kind is 'penalized'; only unpenalized uses it",
    ),
    "trees of none": (
        {"features": ["*"], "model": {"kind": "unpenalized", "trees": 9}},
        {},
        "model.trees: is 9, but model.kind is 'unpenalized'; only forest and boosting "
        "use it",
    ),
    "learning rate of a forest": (
        {"features": ["*"], "model": {"kind": "forest", "learning_rate": 0.2}},
        {},
        "model.learning_rate: is 0.2, but model.kind is 'forest'; only boosting uses",
    ),
    "penalty of a forest": (
        {"features": ["*"], "model": {"kind": "forest"}, "penalty": 0.1},
        {},
        "penalty: is given, but model.kind is 'forest'; only penalized models have a",
    ),
    "weights of a forest": (
        {**ARM, "model": {"kind": "forest", "weights": {"age": 1.0}}},
        {},
        "model.weights: is {'age': 1.0}, but model.kind is 'forest'; only linear_pred",
    ),
    "no weights": (
        {**ARM, "model": {"kind": "linear_predictor"}},
        {},
        f"model.weights: has no weight of {VOLUME} and age",
    ),
    "a weight of nothing": (
        {**ARM, "model": {**SCORE, "weights": {**SCORE["weights"], "agee": 1.0}}},
        {},
        "model.weights: 'agee' is none of the arm's covariates, levels of categories "
        "but the reference (stage=III), or features; did you mean 'age'?",
    ),
    "a level without a weight": (
        {**ARM, "covariates": ["age", "stage"], "model": SCORE},
        {},
        "model.weights: has no weight of stage=unit 1",
    ),
    "a mean of nothing": (
        {**ARM, "model": {**SCORE, "means": {"sex": 0.5}}},
        {},
        "model.means: 'sex' has no weight",
    ),
    "a pattern in a score": (
        {**ARM, "features": ["*"], "model": {**SCORE, "weights": {"age": 1, "*": 2}}},
        {},
        "features: '*' is a pattern; a published score names its features",
    ),
    "groups of a score": (
        {**ARM, "group_indicator": True, "model": SCORE},
        {},
        "group_indicator: is true, but a published score has no groups",
    ),
    "an intercept of times": (
        {**ARM, "model": {**SCORE, "intercept": -1.0}},
        TIMES,
        "model.intercept: is -1, but no endpoint is binary; the risk at a time comes",
    ),
    "a score of chosen features": (
        {**ARM, "model": SCORE, "max_features": 1},
        {},
        "max_features: is 1, but a published score takes its predictors as they are",
    ),
    "a tuned score": (
        {**ARM, "model": SCORE, "tuning": {}},
        {},
        "tuning: is given, but nothing of a published score is chosen; leave it out",
    ),
    "a tuned penalty of a forest": (
        {"features": ["*"], "model": {"kind": "forest"}, "tuning": {"l1_share": [1]}},
        {},
        "tuning.l1_share: is [1.0], but model.kind is 'forest'; only penalized models",
    ),
    "a forest that tries nothing": (
        {"features": ["*"], "model": {"kind": "forest"}, "tuning": {}},
        {},
        "tuning: tries nothing, as a model of kind 'forest' has no penalty; give max_f",
    ),
    "no tree": (
        {"features": ["*"], "model": {"kind": "forest", "trees": 0}},
        {},
        "model.trees: expected",
    ),
    "no kind": (
        {"features": ["*"], "model": {"kind": "svm"}},
        {},
        "model.kind: expected 'penalized', 'forest', 'boosting', 'unpenalized' or 'l",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_model_that_cannot_be_is_one_fault_by_its_key(folder, case):
    arm, endpoint, expected = CASES[case]
    (found,) = faults(folder, arm, **endpoint)

    assert found.startswith(expected)


@pytest.mark.parametrize(
    "arm",
    [
        {"features": ["*"], "model": {"kind": "forest", "trees": 9, "min_leaf": 2}},
        {"features": ["*"], "model": {"kind": "boosting", "learning_rate": 0.2}},
        {"covariates": ["age"], "model": {"kind": "unpenalized", "firth": True}},
        {**ARM, "model": {**SCORE, "intercept": 0.0, "means": {"age": 60}}},
        {
            "covariates": ["stage"],
            "model": {
                "kind": "linear_predictor",
                "weights": {"stage=unit 1": 0.4},
            },
        },
        {"features": ["*"], "penalty": 0.3, "l1_share": 0.5},
    ],
)
def test_models_that_can_be_have_no_fault(folder, arm):
    found = study(folder, {"stability_filter": False, **arm}).config.arms["radiomics"]
    assert found.model.kind == arm.get("model", {}).get("kind", "penalized")


def test_the_company_of_a_headline_arm_has_its_kind_of_model(folder):
    forest = {"kind": "forest", "trees": 9}
    arm = CONFIG["arms"]["radiomics"] | {"model": forest}
    found = study(folder, arm).config.arms

    for name in ("unharmonized", "site", "volume"):
        assert found[name].model == found["radiomics"].model
    assert found["clinical"].model.kind == "penalized"  # as the study declared it


def test_the_company_of_a_tuned_forest_is_tuned_where_it_has_what_to_choose(folder):
    tuning = {"max_features": [2, 4], "harmonizer": ["none", "combat"], "folds": 2}
    arm = CONFIG["arms"]["radiomics"] | {"model": {"kind": "forest"}, "tuning": tuning}
    found = study(folder, arm).config.arms

    assert found["unharmonized"].tuning.options() == {"max_features": [2, 4]}
    assert found["site"].tuning is None
    assert found["volume"].tuning is None
    only = arm | {"tuning": {"harmonizer": ["none", "combat"], "folds": 2}}
    arms = study(folder, only).config.arms
    assert arms["unharmonized"].tuning is None
    assert is_unharmonized_twin(arms["unharmonized"], arms["radiomics"])


def test_beside_a_published_score_the_company_is_penalized(folder):
    found = study(folder, {**ARM, "model": SCORE}).config.arms

    kinds = {name: arm.model.kind for name, arm in found.items()}
    assert kinds.pop("radiomics") == "linear_predictor"
    assert {"site", "volume"} < set(kinds)
    assert set(kinds.values()) == {"penalized"}

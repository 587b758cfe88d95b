"""A small study with an arm of every kind of model, from its table to its report."""

import json
import re

import pytest

from concord import tables
from concord.models import fitted_model

VOLUME = "CT.tumour.original.morphology.volume"
FEATURES = {"features": ["*"], "stability_filter": False, "harmonizer": "combat"}
ARMS = {
    "forest": {**FEATURES, "model": {"kind": "forest", "trees": 25}, "label": "Forest"},
    "boosting": {**FEATURES, "model": {"kind": "boosting", "trees": 10, "min_leaf": 5}},
    "firth": {"covariates": ["age"], "model": {"kind": "unpenalized", "firth": True}},
    "penalized": {**FEATURES},
    "score": {
        "covariates": ["age"],
        "features": [VOLUME],
        "model": {
            "kind": "linear_predictor",
            "weights": {"age": 0.02, VOLUME: 0.5},
            "means": {"age": 60},
            "intercept": -0.3,
        },
    },
}


@pytest.fixture(scope="module")
def finished(finished_table_study, tmp_path_factory):
    """The small table study with these arms, run to its report; do not change it."""
    study = finished_table_study.copy(tmp_path_factory.mktemp("kinds") / "study")
    study.change("arms", ARMS)
    study.change("evaluation.headline_arm", "forest")
    study.change("evaluation.reference_arm", "score")
    run = study.snakemake()
    assert run.returncode == 0, run.stdout
    return study


def test_every_kind_is_judged_and_told_on_the_page(finished):
    results = finished.folder / "results"
    found = tables.read(results / "evaluation/death_performance.tsv", "performance")
    assert set(ARMS) < set(found["arm"])
    headline = found[found["arm"] == "forest"]
    assert headline["estimate"].notna().any()

    page = (results / "report/report.html").read_text()
    words = " ".join(re.sub("<[^>]*>", " ", page).split())
    for told in (
        "a random forest of 25 trees with at most 8 levels",
        "10 boosted trees with at most 3 levels, leaves of at least 5 subjects",
        "no penalty but that of Firth",
        "a published score, not refitted, that weighs",
        "per subject on features; a regression",
        "The headline arm predicts by trees, which have no coefficients.",
    ):
        assert told in words, told


def test_the_company_of_a_forest_is_there_and_grows_trees_too(finished):
    results = finished.folder / "results/models/death"
    for name in ("unharmonized", "site", "volume"):
        (path,) = (results / name).glob("final_estimates.json")
        model = fitted_model.read(path).models[0]
        assert model.estimates.pipeline["model"]["kind"] == "ForestLogOdds"


def test_evaluation_subjects_leave_no_trace_in_a_forest(finished):
    path = finished.folder / "results/harmonization/death_leakage.tsv"
    table = tables.read(path, "leakage")
    own = table[table["fit"] == "study"]

    assert set(own["arm"]) == {"forest"}
    assert own["unchanged"].all()
    assert not table.loc[table["fit"] != "study", "unchanged"].all()


def test_the_published_score_is_the_same_in_every_fold(finished):
    results = finished.folder / "results/models/death/score"
    terms = [
        tables.read(path, "coefficients")
        for path in sorted(results.glob("*_coefficients.tsv"))
    ]
    assert len(terms) >= 2
    assert {tuple(one.groupby("term")["coefficient"].first()) for one in terms} == {
        (0.5, 0.02)
    }


def test_intervals_of_coefficients_stand_in_the_final_fit(finished):
    folder = finished.folder / "results/models/death/firth"
    final = tables.read(folder / "final_coefficients.tsv", "coefficients")
    (row,) = final.to_dict("records")

    assert row["term"] == "covariate.age"
    assert row["lower"] < row["coefficient"] < row["upper"]
    document = json.loads((folder / "final_estimates.json").read_text())
    model = document["models"][0]["estimates"]["pipeline"]["model"]
    assert model["intervals"] == [[row["lower"], row["upper"]]]

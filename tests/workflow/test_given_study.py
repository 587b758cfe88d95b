"""Predictions of plain scripts of scikit-learn and lifelines, judged to the report."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from concord import tables

from ..foreign_study import (
    CONFIG,
    DAYS,
    SITES,
    simulated,
    survival_predictions,
    write_config,
    write_given_study,
    write_table,
)
from .conftest import StudyFolder

#: Tables of the evaluation that a study of given predictions has for every endpoint.
TABLES = ("performance", "comparisons", "arm_exclusions", "null_tests", "event_counts")
#: Tables of further rules of the evaluation, which are there once they are declared.
FURTHER = ("discrimination", "discrimination_differences", "calibration", "overall")
FURTHER += ("calibration_curve", "calibration_histogram", "decision_curve")
FURTHER += ("clinical_impact", "added_value", "reclassification")
OF_BINARY = (*FURTHER, "operating_points")
OF_SURVIVAL = (*FURTHER, "time_dependent_auc", "group_survival", "group_survival_at")
OF_SURVIVAL += ("rmst_differences", "log_rank_tests", "proportional_hazards")
BINARY_TABLES = (*TABLES, "roc", *(kind for kind in OF_BINARY if kind in tables.KINDS))
SURVIVAL_TABLES = (*TABLES, "kaplan_meier", "risk_groups")
SURVIVAL_TABLES += tuple(kind for kind in OF_SURVIVAL if kind in tables.KINDS)
#: Figures, by the kind of the endpoint.
BINARY_FIGURES = ("performance", "roc")
SURVIVAL_FIGURES = ("performance", "kaplan_meier")
#: Sections of a report on models that were fitted here.
OF_MODELS = {"validation", "leakage", "site-effect", "features", "stability", "images"}


@pytest.fixture(scope="module")
def binary(finished_given_study):
    """The study of cross-validated probabilities, run to its end; do not change it."""
    return finished_given_study.folder


@pytest.fixture(scope="module")
def survival(tmp_path_factory):
    """A study of scores and risks with sites left out, run to its end."""
    folder = tmp_path_factory.mktemp("survival")
    subjects = simulated(3)
    markers = [name for name in subjects if name.startswith("marker")]
    write_table(folder / "config/subjects.tsv", subjects.drop(columns=markers))
    parts = [
        survival_predictions(subjects, used).assign(model=name)
        for name, used in (("all", markers), ("half", markers[1:]))
    ]
    write_table(folder / "data/predictions.tsv", pd.concat(parts))
    endpoint = {"kind": "prognostic", "event": "progressed", "time_days": "days"}
    endpoint |= {"evaluate_at_days": [*DAYS], "label": "Progression"}
    config = json.loads(json.dumps(CONFIG)) | {"endpoints": {"progression": endpoint}}
    config["predictions"].pop("models")
    config["evaluation"] |= {"headline_arm": "all", "reference_arm": "half"}
    config["validation"] = {"internal_external": True}
    write_config(folder, config)
    return finished(folder)


@pytest.fixture(scope="module")
def external(tmp_path_factory):
    """A study of one model in one external set, run to its end."""
    folder = write_given_study(tmp_path_factory.mktemp("external"), seed=2)
    table = pd.read_csv(folder / "data/predictions.tsv", sep="\t")
    own = table.query("model == 'logistic' and repeat == 1").iloc[2:]
    own = own.drop(columns=["model", "repeat", "fold"])
    own["reason"] = np.where(own.index == own.index[0], "the image was lost", "")
    own.loc[own.index[0], "probability"] = np.nan
    write_table(folder / "data/predictions.tsv", own)
    config = json.loads(json.dumps(CONFIG))
    config["predictions"].pop("models")
    config["evaluation"] |= {"headline_arm": "published", "reference_arm": "published"}
    write_config(folder, config)
    return finished(folder)


def finished(folder):
    run = StudyFolder(folder).snakemake()
    assert run.returncode == 0, run.stdout
    return folder


def evaluation(folder, endpoint: str, kind: str) -> pd.DataFrame:
    return tables.read(folder / f"results/evaluation/{endpoint}_{kind}.tsv", kind)


def page(folder) -> str:
    return (folder / "results/report/report.html").read_text()


def anchors(folder) -> set[str]:
    return set(re.findall(r'<section id="([\w-]+)"', page(folder)))


@pytest.mark.parametrize(
    ("study", "endpoint", "kinds", "figures"),
    [
        ("binary", "death", BINARY_TABLES, BINARY_FIGURES),
        ("external", "death", BINARY_TABLES, BINARY_FIGURES),
        ("survival", "progression", SURVIVAL_TABLES, SURVIVAL_FIGURES),
    ],
)
def test_given_predictions_get_the_full_evaluation(
    request, study, endpoint, kinds, figures
):
    folder = request.getfixturevalue(study)

    for kind in kinds:
        evaluation(folder, endpoint, kind)
    for figure in figures:
        assert (folder / f"results/figures/{figure}_{endpoint}.svg").exists()
    assert {"given-predictions", f"endpoint-{endpoint}"} <= anchors(folder)
    assert not anchors(folder) & OF_MODELS
    assert "were made elsewhere; whether evaluation subjects were kept" in page(folder)


def test_values_are_those_of_scikit_learn_in_each_fold(binary):
    given = pd.read_csv(binary / "data/predictions.tsv", sep="\t")
    subjects = pd.read_csv(binary / "config/subjects.tsv", sep="\t")
    rows = given.merge(subjects, on="subject_id")
    folds = rows.groupby(["model", "repeat", "fold"])
    values = {key: roc_auc_score(p["dead"], p["probability"]) for key, p in folds}
    means = pd.Series(values).groupby(level=0).mean()

    found = evaluation(binary, "death", "performance").query("stratum == 'all'")
    by_arm = found.set_index("arm")["estimate"]
    for model in ("logistic", "forest"):
        assert by_arm[model] == pytest.approx(means[model], abs=1e-12)
    (pair,) = evaluation(binary, "death", "comparisons").to_dict("records")
    assert pair["estimate"] == pytest.approx(
        means["logistic"] - means["forest"], abs=1e-12
    )
    assert "without widening for refitted models" in pair["method"]


def test_an_effect_that_was_planted_is_found_and_the_test_names_what_it_tests(binary):
    tests = evaluation(binary, "death", "null_tests").set_index("arm")

    assert tests.loc["logistic", "p_value"] == 0.01
    assert "tests the scores and not how they were" in page(binary)
    assert "No group left out" in page(binary)


def test_nothing_of_models_or_features_is_made(binary):
    made = {path.name for path in (binary / "results").iterdir()}

    assert not made & {"features", "folds", "harmonization", "ingest", "stability"}
    assert not list((binary / "results/models").rglob("*estimates*"))
    assert "No subject was scanned twice" not in page(binary)


def test_an_external_set_is_judged_by_itself_and_the_others_are_told(external):
    (row,) = (
        evaluation(external, "death", "performance")
        .query("stratum == 'all'")
        .to_dict("records")
    )
    left_out = evaluation(external, "death", "arm_exclusions")

    assert (row["scheme"], row["n"], row["arm"]) == ("fixed", 69, "published")
    reasons = left_out["reason"].value_counts().to_dict()
    assert reasons == {
        "the image was lost": 1,
        "not in the declared evaluation set": 2,
    }
    assert "in the external set (n = 69" in page(external)
    curve = evaluation(external, "death", "roc")
    assert set(curve["n_folds"]) == {1}


def test_risks_of_times_stand_beside_the_scores_of_sites_left_out(survival):
    found = evaluation(survival, "progression", "performance")
    overall = found.query("stratum == 'all'")
    risks = tables.read(
        survival / "results/models/progression/given_risks.tsv", "risks"
    )

    assert set(overall["scheme"]) == {"loso"}
    assert (overall["n_folds"] == len(SITES)).all()
    assert set(risks["horizon_days"]) == set(DAYS)
    pooled = evaluation(survival, "progression", "pooled_groups")
    assert set(pooled["arm"]) == {"all", "half"}
    assert "The model for use is fitted" not in page(survival)
    groups = evaluation(survival, "progression", "risk_groups").set_index("arm")
    assert groups.loc["all", "p_value"] == 0.01
    assert set(evaluation(survival, "progression", "kaplan_meier")["risk_group"]) == {
        "low",
        "high",
    }


def test_a_table_with_a_fault_stops_before_anything_is_judged(tmp_path):
    folder = write_given_study(tmp_path / "study")
    path = folder / "data/predictions.tsv"
    path.write_text(path.read_text().replace("N001", "N1"))
    run = StudyFolder(folder).snakemake()

    assert run.returncode != 0
    assert "predictions.tsv: 4 rows are of 1 subjects whom the subjects" in run.stdout
    assert not (folder / "results/evaluation").exists()

"""Rule treatment_interaction: the script on small tables, without Snakemake."""

import numpy as np
import pandas as pd
import pytest
from treatment_interaction import main

from concord import tables
from concord.evaluation.treatment.settings import TreatmentInteraction
from concord.folds import cohort as cohorts

from ..modelling_study import fit_and_predict, job, make_specification, make_tables

KINDS = ("interaction", "marker_effects", "treatment_effect", "marker_values")


@pytest.fixture(params=["recurrence", "survival"])
def endpoint(request):
    return request.param


def settings_of(endpoint, **markers):
    return TreatmentInteraction(
        endpoint=endpoint,
        markers=markers,
        levels={},
        ties="efron",
        confidence=0.95,
        baseline_session="baseline",
        reference_reader="A",
    )


def written(tmp_path, endpoint, settings, with_features, with_scores):
    """Run the rule on a study of 150 subjects with a treatment; its tables."""
    study = make_tables(n=150, n_features=3, signal=1.0)
    given = np.random.default_rng(3).integers(2, size=150).astype(float)
    cohort = study.cohort.assign(**{f"treatment.{endpoint}": given})
    inputs = {"cohort": str(tmp_path / "cohort.tsv"), "features": [], "predictions": []}
    cohorts.write(cohort, inputs["cohort"])
    if with_features:
        inputs["features"] = [str(tmp_path / "features.parquet")]
        tables.write_features(study.features, inputs["features"][0])
    if with_scores:
        kind = {"recurrence": "binary", "survival": "survival"}[endpoint]
        plan = make_specification(kind, name="radiomics")
        predictions, _ = fit_and_predict(study, plan)
        inputs["predictions"] = [str(tmp_path / "predictions.tsv")]
        tables.write(predictions, inputs["predictions"][0], "predictions")
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    main(job(tmp_path, settings, outputs, inputs, endpoint=endpoint))
    return {kind: tables.read(tmp_path / f"{kind}.tsv", kind) for kind in KINDS}


def test_covariates_features_and_scores_are_tested_side_by_side(tmp_path, endpoint):
    settings = settings_of(
        endpoint, markers=["age", "CT.*"], marker_arms=["radiomics"], adjust=["age"]
    )
    found = written(tmp_path, endpoint, settings, True, True)

    rows = found["interaction"]
    kinds = rows["marker_kind"].value_counts().to_dict()
    assert kinds == {"covariate": 1, "feature": 3, "score": 1}
    assert rows["p_value"].between(0, 1).all()
    assert (rows["n_markers"] == 5).all()
    assert (rows["n"] == 150).all()
    assert (rows["n_groups"] == 3).all()
    assert len(found["marker_effects"]) == 3 * 5
    assert (found["treatment_effect"]["ratio"] > 0).all()
    assert len(found["marker_values"]) == 150 * 5


def test_covariates_alone_need_no_other_table(tmp_path):
    settings = settings_of("recurrence", markers=["age"])
    found = written(tmp_path, "recurrence", settings, False, False)

    assert found["interaction"]["marker"].tolist() == ["age"]


def test_one_marker_of_no_use_leaves_its_reason(tmp_path):
    settings = settings_of("survival", marker_arms=["clinical"])
    found = written(tmp_path, "survival", settings, False, True)

    (row,) = found["interaction"].to_dict("records")
    assert row["n"] == 0
    assert row["reason"] == "0 of 0 subjects were treated"
    assert pd.isna(row["p_value"])
    assert found["treatment_effect"].empty

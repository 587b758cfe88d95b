"""Rule competing_risks: the script on small files, without Snakemake."""

import numpy as np
import pytest
from competing_risks import main

from concord import tables
from concord.errors import ConfigError
from concord.folds import cohort as cohorts

from ..competing_study import SETTINGS, cohort, predictions
from ..modelling_study import job

KINDS = ("competing_incidence", "competing_effects", "competing_tests")


def run(folder, members, scores):
    cohorts.write(members, folder / "cohort.tsv")
    parts = [scores[scores["fold"] == fold] for fold in ("1", "2")]
    paths = [str(folder / f"{number}.tsv") for number in (1, 2)]
    for part, path in zip(parts, paths, strict=True):
        tables.write(part, path, "predictions")
    inputs = {"cohort": str(folder / "cohort.tsv"), "predictions": paths}
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    main(job(folder, SETTINGS, outputs, inputs, endpoint="recurrence"))
    return [tables.read(folder / f"{kind}.tsv", kind) for kind in KINDS]


def test_incidence_effects_and_tests_of_one_endpoint_are_written(tmp_path):
    members = cohort()
    incidence, effects, tests = run(tmp_path, members, predictions(members))
    assert set(incidence["risk_group"]) == {"all", "low", "high"}
    assert {"age", "stage=II", "treatment=surgery", "texture"} <= set(effects["term"])
    assert set(tests["grouping"]) >= {"site", "factor.treatment", "risk_group"}
    assert set(effects["endpoint"]) == {"recurrence"}


def test_an_arm_that_scored_nobody_has_reasons_in_place_of_values(tmp_path):
    members = cohort()
    nothing = predictions(members).assign(score=np.nan, risk_group=None, reason="why")
    incidence, effects, tests = run(tmp_path, members, nothing)
    assert set(incidence["risk_group"]) == {"all"}
    scores = effects[effects["kind"] == "score"]
    assert scores["specific_log_hr"].isna().all()
    assert (scores["specific_reason"] == "no event of this cause").all()
    groups = tests[tests["grouping"] == "risk_group"]
    assert groups["reason"].str.startswith("no two groups").all()


def test_an_endpoint_without_causes_is_refused(tmp_path):
    members = cohort().drop(columns="cause.recurrence")
    with pytest.raises(ConfigError, match="has no causes in the cohort"):
        run(tmp_path, members, predictions(members))

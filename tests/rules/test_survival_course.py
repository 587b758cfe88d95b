"""Rule survival_course: the script on small files, without Snakemake."""

import numpy as np
from survival_course import main

from concord import tables
from concord.evaluation.course.settings import SurvivalCourse
from concord.folds import cohort as cohorts

from ..competing_study import cohort, predictions
from ..modelling_study import job

KINDS = ("group_survival", "group_survival_at", "rmst_differences", "log_rank_tests")
KINDS += ("proportional_hazards", "time_dependent_effect")
SETTINGS = SurvivalCourse(
    reference_arm="texture", confidence=0.95, at_days=[365.0], covariates=["age"]
)


def run(folder, members, scores):
    cohorts.write(members, folder / "cohort.tsv")
    parts = [scores[scores["fold"] == fold] for fold in ("1", "2")]
    paths = [str(folder / f"{number}.tsv") for number in (1, 2)]
    for part, path in zip(parts, paths, strict=True):
        tables.write(part, path, "predictions")
    inputs = {"cohort": str(folder / "cohort.tsv"), "predictions": paths}
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    main(job(folder, SETTINGS, outputs, inputs, endpoint="recurrence"))
    return {kind: tables.read(folder / f"{kind}.tsv", kind) for kind in KINDS}


def test_all_tables_of_an_endpoint_are_written(tmp_path):
    members = cohort()
    found = run(tmp_path, members, predictions(members))
    assert set(found["group_survival"]["risk_group"]) == {"low", "high"}
    assert set(found["group_survival_at"]["horizon_days"]) == {365.0}
    assert set(found["proportional_hazards"]["kind"]) == {"score", "covariate"}
    assert found["log_rank_tests"]["p_value"].isna().all()
    assert (found["time_dependent_effect"].groupby("arm").size() == 25).all()


def test_an_arm_that_scored_nobody_has_reasons_in_place_of_values(tmp_path):
    members = cohort()
    nothing = predictions(members).assign(score=np.nan, risk_group=None, reason="why")
    found = run(tmp_path, members, nothing)
    assert found["group_survival"].empty
    scores = found["proportional_hazards"].query("kind == 'score'")
    assert scores["reason"].str.contains("no finite effect").all()
    assert found["time_dependent_effect"]["reason"].notna().all()

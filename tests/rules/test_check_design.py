import numpy as np
import pytest
from check_design import main

from concord import tables
from concord.harmonization.confounding_settings import CheckDesign, DesignLimits

from ..modelling_study import job, make_tables, write_tables

SETTINGS = CheckDesign(
    seed=1,
    endpoints=["recurrence", "survival"],
    confounding=DesignLimits(),
)
KINDS = ("confounding", "confounding_tests", "nesting")


@pytest.fixture
def written(tmp_path):
    """Writes the tables of a study, and reads what the rule makes of them."""

    def run(study):
        inputs = write_tables(study, tmp_path)
        inputs |= {"folds": [inputs["folds"]]}
        outputs = {kind: f"{kind}_made.tsv" for kind in KINDS}
        main(job(tmp_path, SETTINGS, outputs, inputs))
        return {kind: tables.read(tmp_path / outputs[kind], kind) for kind in KINDS}

    return run


def test_events_tests_and_nesting_are_written(written):
    found = written(make_tables(n=60))

    assert found["confounding"]["n"].sum() == 2 * 60
    tests = found["confounding_tests"].set_index("endpoint")
    assert tests["metric"].to_dict() == {"recurrence": "auc", "survival": "c_index"}
    assert (tests["n_folds"] > 0).all()
    assert set(found["nesting"]["name"]) == {"age"}


def test_an_outcome_that_is_the_site_is_separated(written):
    study = make_tables(n=60)
    study.cohort["event.recurrence"] = (study.cohort["group"] == "A").astype(float)
    tests = written(study)["confounding_tests"].set_index("endpoint")

    assert tests.loc["recurrence", "verdict"] == "separated"
    assert tests.loc["recurrence", "n_pairs_within"] == 0
    assert tests.loc["recurrence", "group_alone"] == 1.0


def test_an_outcome_without_events_or_of_one_group_is_undefined(written):
    study = make_tables(n=60)
    study.cohort["event.survival"] = 0.0
    study.cohort["event.recurrence"] = np.nan
    alone = make_tables(n=60)
    alone.cohort["group"] = "A"
    nothing = written(study)["confounding_tests"]
    one = written(alone)["confounding_tests"]

    for tests in (nothing, one):
        assert set(tests["verdict"]) == {"undefined"}
        assert tests["p_value"].isna().all()


def test_predictions_of_another_tool_have_no_folds_and_the_same_tests(tmp_path):
    inputs = write_tables(make_tables(n=60), tmp_path) | {"folds": []}
    outputs = {kind: f"{kind}_made.tsv" for kind in KINDS}
    main(job(tmp_path, SETTINGS, outputs, inputs))

    tests = tables.read(tmp_path / outputs["confounding_tests"], "confounding_tests")
    assert tests["p_value"].notna().all()
    assert tests["group_alone"].isna().all()
    assert (tests["n_folds"] == 0).all()

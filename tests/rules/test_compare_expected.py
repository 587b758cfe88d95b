"""Rule compare_expected: the script on small files, without Snakemake."""

import pytest
from compare_expected import main

from concord import tables
from concord.errors import StudyError
from concord.evaluation.external.populations import APPLICABLE, SCORED
from concord.evaluation.given import joining
from concord.folds import cohort as cohorts
from concord.frozen import document as frozen

from .. import external_study as study
from ..modelling_study import job, make_tables

KINDS = ("external", "external_scores", "external_models")
FLAGGED = ("P0002", "P0005")


def make_job(folder):
    model = study.fitted()
    subjects = make_tables(70, n_features=3, site_shift=0.0, signal=1.2, seed=9)
    scores = study.patient_scores(model, subjects, FLAGGED)
    given = joining.predictions_of(scores, subjects.cohort, "recurrence")
    names = ("model.json", "cohort.tsv", "features.parquet", "scores.tsv", "given.tsv")
    paths = [str(folder / name) for name in names]
    frozen.write(model.hashed(), paths[0])
    cohorts.write(subjects.cohort, paths[1])
    tables.write_features(subjects.features, paths[2])
    tables.write(scores, paths[3], "patient_scores")
    tables.write(given, paths[4], "predictions")
    inputs = {
        "models": paths[:1],
        "cohort": paths[1],
        "features": paths[2],
        "scores": paths[3],
        "predictions": paths[4],
        "risks": [],
    }
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    return job(folder, study.settings(), outputs, inputs, endpoint="recurrence")


def test_expected_values_stand_beside_observed_ones_in_both_populations(tmp_path):
    main(make_job(tmp_path))
    found = {kind: tables.read(tmp_path / f"{kind}.tsv", kind) for kind in KINDS}

    external = found["external"].set_index(["population", "quantity"])
    applicable = external.loc[APPLICABLE, :].loc["discrimination"]
    assert (applicable["n"], applicable["expected"]) == (68, 0.72)
    assert external.loc[(SCORED, "discrimination"), "n"] == 70
    assert external.loc[(APPLICABLE, "membership"), "observed"] > 0
    assert external.loc[(APPLICABLE, "slope"), "expected"] == 1
    assert found["external_scores"]["n"].sum() == 68 + 70
    (model,) = found["external_models"].to_dict("records")
    assert model["model_hash"] == study.fitted().hashed().hash
    assert (model["n_flagged"], model["n_judged"]) == (2, 68)


def test_equal_inputs_give_equal_bytes(tmp_path):
    main(make_job(tmp_path))
    first = [(tmp_path / f"{kind}.tsv").read_bytes() for kind in KINDS]
    main(make_job(tmp_path))
    assert [(tmp_path / f"{kind}.tsv").read_bytes() for kind in KINDS] == first


def test_an_edited_model_is_refused_by_its_file(tmp_path):
    made = make_job(tmp_path)
    path = tmp_path / "model.json"
    path.write_text(path.read_text().replace("For the tests.", "For everybody."))
    with pytest.raises(StudyError, match=r"model\.json: has the hash .* was edited"):
        main(made)

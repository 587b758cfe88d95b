"""The shipped study of a published equation: planned, predicted, imported."""

import shutil

import pytest

from concord import tables
from concord.frozen import document
from concord.frozen.reading import read_model

from .conftest import ROOT, StudyFolder

SHIPPED = ROOT / "config" / "published"


@pytest.fixture
def study(tmp_path) -> StudyFolder:
    """The shipped study; nothing of it has run."""
    shutil.copytree(SHIPPED, tmp_path / "study" / "config")
    found = StudyFolder(tmp_path / "study")
    found.change("data_root", "config")
    return found


def test_an_equation_is_applied_validated_and_fits_nothing(study):
    planned = study.planned_rules()

    assert {"apply_model", "import_model", "join_outcomes", "evaluate"} <= planned
    assert {"compare_expected", "describe_updates", "report"} <= planned
    assert not planned & {"fit_arms", "predict_arms", "final_models", "freeze_model"}


def test_an_equation_predicts_and_becomes_a_document_that_predicts_the_same(study):
    done = study.snakemake("predict")
    assert done.returncode == 0, done.stdout

    results = study.folder / "results"
    model = document.read(results / "imported" / "signature" / "model.json")
    assert model == read_model(SHIPPED / "equation.yaml")
    found = tables.read(results / "predicted/predictions.tsv", "patient_predictions")
    assert len(found) == 120
    scored = found[found["status"] == "scored"]
    assert len(scored) > 100
    assert set(scored["model_hash"]) == {model.hash}
    assert set(scored["risk_group"]) == {"low", "middle", "high"}


def test_a_table_that_does_not_say_how_it_was_computed_is_refused(study):
    study.change("feature_table.provenance", "")
    done = study.snakemake("predict")

    assert done.returncode != 0
    assert "comes from a table that does not say how it was computed" in done.stdout


def test_faults_of_an_equation_are_told_before_any_job(study):
    path = study.folder / "config" / "equation.yaml"
    path.write_text(path.read_text().replace("RNU0", "RNU1"))
    done = study.snakemake("--dry-run")

    assert done.returncode != 0
    assert "terms.0: 'RNU1' is no IBSI code" in done.stdout
    assert "did you mean 'RNU0'?" in done.stdout
    assert "Traceback" not in done.stdout

"""Hormone therapy and markers in breast cancer, from the table to the report."""

import shutil
from pathlib import Path

import pytest

from concord import tables

ROOT = Path(__file__).resolve().parents[2]
EVALUATION = "results/evaluation/recurrence_free"


@pytest.fixture
def gbsg2(shared_data, study_in, tmp_path):
    """A folder with the shipped configuration; the data stay where they are."""
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "gbsg2" / "config.yaml", tmp_path / "config")
    study = study_in(tmp_path)
    study.change("data_root", str(shared_data / "tables"))
    return study


def test_it_plans_the_treatment_and_no_rule_about_images(gbsg2):
    planned = gbsg2.planned_rules()

    assert {"import_features", "treatment_interaction", "plot_predictive"} <= planned
    assert not planned & {"convert_image", "extract_features", "stability"}


def test_another_question_of_the_same_outcome_has_no_job_of_the_treatment(gbsg2):
    before = gbsg2.planned_rules(everything=True)
    plain = {"kind": "prognostic", "event": "cens", "time_days": "time"}
    plain["evaluate_at_days"] = [1095, 1825]
    gbsg2.change("endpoints.recurrence_free", plain)
    after = gbsg2.planned_rules(everything=True)

    assert before - after == {"treatment_interaction", "plot_predictive"}


@pytest.mark.slow
def test_686_patients_run_from_the_table_to_the_report(gbsg2):
    run = gbsg2.snakemake()
    assert run.returncode == 0, run.stdout

    results = gbsg2.folder / "results"
    features = tables.read_features(results / "features/features.parquet")
    assert len(features) == 686
    found = tables.read(gbsg2.folder / f"{EVALUATION}_interaction.tsv", "interaction")
    assert (found["n"] == 686).all()
    assert (found["n_treated"] == 246).all()
    assert (found["n_events"] == 299).all()
    by_marker = found.set_index("marker")
    progesterone = by_marker.loc["assay.tumour.original.receptor.progesterone"]
    assert progesterone["p_value"] == pytest.approx(0.01, abs=0.001)
    assert progesterone["p_adjusted"] == found["p_adjusted"].min()
    page = (results / "report/report.html").read_text()
    for sentence in (
        "confirms nothing about the trial",
        "Hormone therapy was not randomized",
        "Of 5 declared markers",
        "this is exploratory",
    ):
        assert sentence in page
    assert "The leakage test fails" not in page
    assert "Nothing to be done" in gbsg2.snakemake("--dry-run").stdout

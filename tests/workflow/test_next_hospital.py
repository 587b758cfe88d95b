"""Frozen models of the small demo at the next hospital, and one patient alone."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from concord import tables
from concord.simulate.settings import SimulationSection
from concord.simulate.sheets import write_sheets

from .conftest import ROOT, StudyFolder, finished_once
from .test_draft import draft

SHIPPED = ROOT / "config" / "next_hospital"


@pytest.fixture(scope="module")
def hospital(finished_study, tmp_path_factory) -> StudyFolder:
    """The shipped study on the models of the small demo, run to its end."""

    def small(folder: Path) -> StudyFolder:
        config = yaml.safe_load((SHIPPED / "config.yaml").read_text())
        known = finished_study.config()["simulation"]["sites"]["C"]
        config["simulation"]["sites"]["C"]["n_subjects"] = known.get("n_subjects", 20)
        given = "../../results", str(finished_study.folder / "results")
        model = config["model"]
        model["path"] = model["path"].replace(*given)
        names = model["compare_with"]
        model["compare_with"] = {n: p.replace(*given) for n, p in names.items()}
        expected = config["simulation"]["expected_scores"]
        config["simulation"]["expected_scores"] = expected.replace(*given)
        (folder / "config").mkdir(parents=True)
        study = StudyFolder(folder)
        study.config_file.write_text(yaml.safe_dump(config, sort_keys=False))
        write_sheets(
            folder / "config", SimulationSection(**config["simulation"]), seed=1
        )
        return study

    return finished_once(tmp_path_factory, "next_hospital", small)


def test_scores_from_dicom_are_those_of_the_fold_that_left_the_hospital_out(
    hospital, finished_study
):
    scores = tables.read(
        hospital.folder / "results/predicted/scores.tsv", "patient_scores"
    )
    left_out = tables.read(
        finished_study.folder / "results/models/recurrence/loso_predictions.tsv",
        "predictions",
    )
    keys = ["subject_id", "arm"]
    both = scores.merge(left_out, on=keys, suffixes=("", "_left_out"))

    n = (left_out["fold"] == "C").sum() / left_out["arm"].nunique()
    assert n > 0
    assert both.groupby("arm").size().to_dict() == {"clinical": n, "radiomics": n}
    for name in ("score", "probability"):
        assert (both[name] - both[f"{name}_left_out"]).abs().max() <= 1e-12


def test_the_report_finds_what_was_planted_and_tells_what_the_models_are_worth(
    hospital,
):
    results = hospital.folder / "results"
    found = tables.read(results / "demo/recovered.tsv", "recovered")
    # So few patients need not show the prevalence, and so few of development know no
    # small lesion but the planted one.
    planted = found[~found["claim"].str.contains("prevalence|tiny")]
    assert len(planted) == 5
    assert planted["recovered"].all(), planted.to_string()
    (tiny,) = found.loc[found["claim"].str.contains("tiny"), "found"]
    assert "tiny_region" in tiny
    page = (results / "report/report.html").read_text()
    for words in (
        "Recovered truth",
        "The models come frozen from Concord demo",
        "expected and observed",
        "Updates of the models",
        "Phantom C upgraded",
    ):
        assert words in page
    assert (results / "report/external.html").is_file()
    assert hospital.planned_rules() == set()


def test_one_folder_of_dicom_and_the_model_are_enough_for_a_risk(
    hospital, finished_study, tmp_path
):
    """The command of a stranger: nothing of the study is there but its model."""
    folder = tmp_path / "dicom"
    source = finished_study.folder / "results/demo/dicom/C/C003/baseline"
    shutil.copytree(source, folder / "C003/baseline")
    model = "results/frozen/recurrence/radiomics/without_C/model.json"
    shutil.copy(finished_study.folder / model, tmp_path)
    privacy = "{data: simulated, subject_ids: folder}"
    study = StudyFolder(tmp_path / "out")
    drafted = draft(
        study.folder,
        dicom_roots=str(folder),
        model=str(tmp_path / "model.json"),
        privacy=privacy,
    )
    assert drafted.returncode == 0, drafted.stdout
    page = (study.folder / "config/draft_questions.md").read_text()
    assert "is what the model calls 'tumour'" in page
    done = study.snakemake("predict")
    assert done.returncode == 0, done.stdout

    alone, known = (
        json.loads((one.folder / "results/predicted/patients/C003.json").read_text())
        for one in (study, hospital)
    )
    (mine,) = alone["models"]
    (other,) = [one for one in known["models"] if one["arm"] == "radiomics"]
    values = [
        {
            one["name"]: one["value"]
            for one in model["inputs"]
            if one["name"].startswith("CT.")
        }
        for model in (mine, other)
    ]
    assert values[0] == values[1]
    assert f"C003 radiomics (recurrence): {mine['status']}" in done.stdout or (
        "C003 radiomics (recurrence): risk " in done.stdout
    )
    assert "unknown_scanner" in done.stdout
    scores = [
        tables.read(one.folder / "results/predicted/scores.tsv", "patient_scores")
        for one in (study, hospital)
    ]
    first, second = (
        rows[(rows["subject_id"] == "C003") & (rows["arm"] == "radiomics")]
        for rows in scores
    )
    assert first["score"].tolist() == second["score"].tolist()

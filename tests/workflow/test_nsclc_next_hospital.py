"""Models of two institutions meet the patients of the third, all three ways."""

import csv
import gzip
import shutil
from pathlib import Path

import pandas as pd
import pytest

from concord import tables

from .conftest import ROOT, StudyFolder

THREE = ("HarvardRT", "Maastro", "Moffitt")
SHIPPED = ROOT / "config" / "nsclc"
EXTERNAL = "results/evaluation/alive_2_years_external.tsv"


def study_of(folder: Path, name: str) -> StudyFolder:
    """A folder with one of the shipped configurations."""
    (folder / "config").mkdir(parents=True)
    shutil.copy(SHIPPED / name / "config.yaml", folder / "config")
    return StudyFolder(folder)


def third(shared: Path, folder: Path, institution: str) -> None:
    """The rows of one institution alone, as its own table."""
    folder.mkdir()
    source = shared / "tables" / "nsclc3_features.csv.gz"
    with gzip.open(source, "rt", newline="") as file:
        header, *rows = csv.reader(file)
    site = header.index("site")
    with (folder / "features.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [header, *(r for r in rows if r[site] == institution)]
        )


@pytest.fixture(scope="module")
def development(shared_data, tmp_path_factory) -> StudyFolder:
    """The three institutions, and models frozen without each of them."""
    study = study_of(tmp_path_factory.mktemp("three") / "study", "three")
    study.change("data_root", str(shared_data / "tables"))
    wanted = [
        f"results/frozen/alive_2_years/unharmonized/without_{name}/model.json"
        for name in THREE
    ]
    run = study.snakemake(*wanted)
    assert run.returncode == 0, run.stdout
    return study


def frozen(development: StudyFolder, arm: str, institution: str) -> str:
    place = f"results/frozen/alive_2_years/{arm}/without_{institution}/model.json"
    return str(development.folder / place)


@pytest.mark.slow
@pytest.mark.parametrize("institution", THREE)
def test_models_of_two_institutions_meet_the_third(
    development, shared_data, tmp_path, institution
):
    third(shared_data, tmp_path / "data", institution)
    study = study_of(tmp_path / "study", "next_hospital")
    study.change("data_root", str(tmp_path / "data"))
    model = {"path": frozen(development, "unharmonized", institution)}
    model["compare_with"] = {"volume": frozen(development, "volume", institution)}
    study.change("model", model)
    run = study.snakemake()
    assert run.returncode == 0, run.stdout

    results = study.folder / "results"
    scores = tables.read(results / "predicted/scores.tsv", "patient_scores")
    left_out = tables.read(
        development.folder / "results/models/alive_2_years/loso_predictions.tsv",
        "predictions",
    )
    assert set(scores["site"]) == {institution}
    # Ids are numbers of rows where a table has none; these differ between tables.
    for arm in ("unharmonized", "volume"):
        own, before = (
            rows.loc[(rows["arm"] == arm) & rows["score"].notna(), "score"]
            for rows in (scores, left_out[left_out["fold"] == institution])
        )
        pd.testing.assert_series_equal(
            own.sort_values(ignore_index=True),
            before.sort_values(ignore_index=True),
            rtol=0,
            atol=1e-12,
        )
    external = tables.read(study.folder / EXTERNAL, "external")
    reached = external[external["quantity"] == "discrimination"]
    assert set(reached["arm"]) == {"unharmonized", "volume"}
    assert reached["observed"].between(0.4, 0.9).all()
    page = (results / "report/report.html").read_text()
    for words in (
        "no evidence for a biomarker",
        "expected and observed",
        "closed test",
    ):
        assert words in page

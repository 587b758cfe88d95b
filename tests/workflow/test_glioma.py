"""The glioma study of four institutions, from its table to its report."""

import shutil
from pathlib import Path

import pytest

from concord import tables

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def glioma(shared_data, study_in, tmp_path):
    """A folder with the shipped configuration; the data stay where they are."""
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "glioma" / "config.yaml", tmp_path / "config")
    study = study_in(tmp_path)
    study.change("data_root", str(shared_data / "tables"))
    return study


def test_it_plans_no_rule_about_images_and_two_arms_that_tune(glioma):
    planned = glioma.planned_rules()

    assert {"import_features", "fit_arms", "fit_nulls", "report"} <= planned
    assert not planned & {"convert_image", "extract_features", "stability"}
    assert not planned & {"segmentation_agreement", "prime_engine", "index_dicom"}
    arms = glioma.config()["arms"]
    tuned = {name for name, arm in arms.items() if "tuning" in arm}
    assert tuned == {"radiomics", "harmonizer_tuned"}


@pytest.mark.slow
def test_four_institutions_run_from_the_table_to_the_report(glioma):
    run = glioma.snakemake()
    assert run.returncode == 0, run.stdout

    results = glioma.folder / "results"
    features = tables.read_features(results / "features/features.parquet")
    assert len(features) == 168
    assert len(tables.feature_columns(features)) == 581
    performance = tables.read(
        results / "evaluation/idh_mutation_performance.tsv", "performance"
    )
    # The unharmonized twin of the headline arm is added, and tuned as hard.
    assert set(performance["arm"]) == {
        "volume",
        "site",
        "radiomics",
        "harmonizer_tuned",
        "unharmonized",
    }
    left_out = performance[
        (performance["scheme"] == "loso") & performance["stratum"].str.startswith("gr")
    ]
    areas = left_out.set_index(["arm", "stratum"])["estimate"]
    # The site alone says nothing of a site that was left out.
    assert (areas["site"].dropna() == 0.5).all()
    page = (results / "report/report.html").read_text()
    for sentence in (
        "no evidence for a biomarker",
        "scaled over all patients before any split",
        "168",
    ):
        assert sentence in page
    assert "Nothing to be done" in glioma.snakemake("--dry-run").stdout

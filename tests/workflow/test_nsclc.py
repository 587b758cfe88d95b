"""The lung cancer study of six institutions, from its table to its report."""

import shutil
from pathlib import Path

import pytest

from concord import tables

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def nsclc(shared_data, study_in, tmp_path):
    """A folder with the shipped configuration; the data stay where they are."""
    (tmp_path / "config").mkdir()
    shutil.copy(ROOT / "config" / "nsclc" / "config.yaml", tmp_path / "config")
    study = study_in(tmp_path)
    study.change("data_root", str(shared_data / "tables"))
    return study


def test_it_plans_no_rule_about_images(nsclc):
    planned = nsclc.planned_rules()

    assert {"import_features", "fit_arms", "report"} <= planned
    assert not planned & {"convert_image", "extract_features", "stability"}
    assert not planned & {"segmentation_agreement", "prime_engine", "index_dicom"}
    assert "pool_groups" in planned


@pytest.mark.slow
def test_six_institutions_run_from_the_table_to_the_report(nsclc):
    run = nsclc.snakemake()
    assert run.returncode == 0, run.stdout

    results = nsclc.folder / "results"
    assert len(tables.read_features(results / "features/features.parquet")) == 973
    performance = tables.read(
        results / "evaluation/alive_2_years_performance.tsv", "performance"
    )
    left_out = performance[
        (performance["scheme"] == "loso") & performance["stratum"].str.startswith("gr")
    ]
    areas = left_out.set_index(["arm", "stratum"])["estimate"]
    # The site alone says nothing of a site that was left out.
    assert (areas["site"] == 0.5).all()
    assert areas["unharmonized"].between(0.45, 0.75).all()
    pooled = tables.read(
        results / "evaluation/alive_2_years_pooled_groups.tsv", "pooled_groups"
    ).set_index("arm")
    assert pooled.loc["unharmonized", "n_pooled"] == 6
    assert pooled.loc["unharmonized", "estimate"] == pytest.approx(0.592, abs=0.02)
    # A new institution may lie on either side of chance.
    assert pooled.loc["unharmonized", "prediction_lower"] < 0.5
    fixed = performance[
        (performance["scheme"] == "fixed") & (performance["stratum"] == "all")
    ].set_index("arm")
    # Of the other three institutions, without those that the adapted arm learns from.
    assert fixed["n"].to_dict() == dict.fromkeys(
        ("volume", "site", "unharmonized", "zscore", "radiomics"), 289
    ) | {"adapted": 229}
    page = (results / "report/report.html").read_text()
    for sentence in (
        "no evidence for a biomarker",
        "Treatment is nested in the groups",
        "Site and outcome go together",
        "3 exclusions concerning 3 subjects",
        "973 (291 HarvardRT, 97 M-SPORE, 88 MUMC, 210 Maastro, 183 Moffitt and 104 "
        "Radboud)",
        "nsclc3_features.csv.gz, nsclc3b_features.csv.gz (software: pyradiomics",
    ):
        assert sentence in page
    assert "Nothing to be done" in nsclc.snakemake("--dry-run").stdout

"""A study of two images whose late fusion goes from its table to the report."""

import csv
import re

import numpy as np
import pytest
import yaml

from concord import tables
from concord.models import fitted_model

from ..table_study import CONFIG, FEATURES, SITES, write_config, write_rows
from .conftest import StudyFolder

PER_SITE = 14
WITHOUT_PET = ("N03", "S07", "W05", "W11")
ARMS = {
    "clinical": {"covariates": ["age"], "label": "Clinical"},
    "ct": {
        "features": ["CT.*"],
        "harmonizer": "combat",
        "stability_filter": False,
        "label": "CT",
    },
    "pet": {
        "features": ["PT.*"],
        "harmonizer": "combat",
        "stability_filter": False,
        "label": "PET",
    },
    "early": {
        "features": ["CT.*", "PT.*"],
        "harmonizer": "combat",
        "stability_filter": False,
        "label": "CT and PET at once",
    },
    "late": {"fusion": {"of": ["ct", "pet"], "inner_folds": 3}, "label": "Late"},
    "stacked": {
        "fusion": {"of": ["pet", "ct"], "rule": "stacking", "inner_folds": 3},
        "label": "Stacked",
    },
}
DECLINED = {"site": "a test", "volume": "a test"}


def write_two_images(folder):
    """Subjects, and a table with a row per subject and image; the folder again."""
    generator = np.random.default_rng(5)
    subjects, rows = [], []
    for site, treatment in SITES.items():
        for number in range(1, PER_SITE + 1):
            name = f"{site[0]}{number:02d}"
            signals = generator.normal(size=2)
            dead = int(signals.sum() + 0.7 * generator.normal() > 0)
            subjects.append(
                {
                    "patient": name,
                    "site": site,
                    "age": round(float(generator.normal(60, 8)), 1),
                    "treatment": treatment,
                    "dead": dead,
                }
            )
            for image, signal in zip(("CT", "PT"), signals, strict=True):
                if image == "PT" and name in WITHOUT_PET:
                    continue
                values = generator.normal(size=len(FEATURES))
                values[3] = signal
                cells = dict(zip(FEATURES, values.round(6).tolist(), strict=True))
                rows.append({"id": name, "image": image} | cells)
    write_rows(folder / "config" / "subjects.tsv", subjects, "\t")
    write_rows(folder / "data" / "features.csv", rows, ",")
    config = yaml.safe_load(yaml.safe_dump(CONFIG))
    config["feature_table"] |= {"image_column": "image", "batch_columns": []}
    config["feature_table"].pop("image")
    config["harmonization"] = {"batch": {"CT": ["site"], "PT": ["site"]}}
    config["arms"] = ARMS
    config["evaluation"] |= {
        "headline_arm": "stacked",
        "decline_company": DECLINED,
    }
    write_config(folder, config)
    return StudyFolder(folder)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The study, run to its end; do not change it."""
    study = write_two_images(tmp_path_factory.mktemp("fusion"))
    run = study.snakemake()
    assert run.returncode == 0, run.stdout
    return study


@pytest.fixture(scope="module")
def results(finished):
    return finished.folder / "results"


def test_whoever_lacks_an_image_is_scored_from_the_other_and_flagged(results):
    found = tables.read(results / "models/death/cv-1-1_predictions.tsv", "predictions")
    by_arm = {arm: part.set_index("subject_id") for arm, part in found.groupby("arm")}

    assert set(by_arm["pet"].index[by_arm["pet"]["score"].isna()]) == set(WITHOUT_PET)
    for arm in ("late", "stacked"):
        assert by_arm[arm]["score"].notna().all()
        lacking = by_arm[arm]["members_missing"]
        assert set(lacking.index[lacking.notna()]) == set(WITHOUT_PET)
        assert set(lacking.dropna()) == {"pet"}
    assert by_arm["ct"]["members_missing"].isna().all()


def test_the_twin_of_the_headline_combines_unharmonized_members(results):
    path = results / "models/death/unharmonized/cv-1-1_estimates.json"
    document = fitted_model.read(path)

    twins = {"ct_unharmonized", "pet_unharmonized"}
    assert set(document.specification.members) == twins
    assert {
        member.arm.harmonizer for member in document.specification.members.values()
    } == {"none"}


def test_late_fusion_is_compared_with_each_image_and_with_early_fusion(results):
    found = tables.read(results / "evaluation/death_comparisons.tsv", "comparisons")
    others = found[found["arm"] == "stacked"].groupby("reference_arm")["n"].max()

    assert {"ct", "pet", "early", "unharmonized", "clinical"} == set(others.index)
    assert others["ct"] == 3 * PER_SITE
    assert others["pet"] == 3 * PER_SITE - len(WITHOUT_PET)


def test_weights_are_counted_over_fits_and_those_without_an_image_once(results):
    found = tables.read(results / "evaluation/death_fusion.tsv", "fusion")
    rows = found[(found["scheme"] == "cv") & (found["arm"] == "stacked")]

    assert list(rows["member"]) == ["ct", "pet"]
    assert list(rows["n_without"]) == [0, len(WITHOUT_PET)]
    assert (rows["weight"] >= 0).all()
    assert rows["weight"].sum() > 0
    assert (rows["n"] == 3 * PER_SITE).all()


def test_nothing_leaks_and_planted_weights_are_noticed(results):
    found = tables.read(results / "harmonization/death_leakage.tsv", "leakage")

    assert found.loc[found["fit"] == "study", "unchanged"].all()
    planted = found[
        found["fit"] == "control: weights of members learnt before the split"
    ]
    assert not planted["unchanged"].all()


def test_the_report_tells_of_late_fusion(results):
    page = (results / "report/report.html").read_text()
    section = page[page.index('id="fusion"') :]

    assert "“Stacked” combines the models of “PET” and “CT”" in section
    assert "Late fusion against single members and early fusion" in section
    assert "CT and PET at once (early fusion)" in section
    assert re.search(r"Death: 4 of 42 subjects .{3,12} were scored by “Late”", section)
    assert "one model for each of “CT” and “PET”; combined by the mean" in page


def test_a_changed_member_fits_the_fused_arm_anew(finished, tmp_path):
    changed = finished.copy(tmp_path / "study")
    assert changed.planned_rules() == set()
    changed.change("arms.pet.penalty", 0.2)
    planned = changed.planned_rules()

    assert {"fit_arms", "fit_nulls", "leakage_test", "report"} <= planned
    assert "split_folds" not in planned


def test_a_study_without_fused_arms_has_no_table_of_them(finished, tmp_path):
    plain = finished.copy(tmp_path / "study")
    config = plain.config()
    for name in ("late", "stacked"):
        del config["arms"][name]
    config["evaluation"] |= {"headline_arm": "early"}
    write_config(plain.folder, config)

    run = plain.snakemake("--dry-run")
    assert run.returncode == 0, run.stdout
    assert "death_fusion.tsv" not in run.stdout


def test_the_table_is_written_as_a_user_has_it(tmp_path):
    study = write_two_images(tmp_path)
    with (study.folder / "data/features.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) == 2 * 3 * PER_SITE - len(WITHOUT_PET)

"""A study that starts from a table of features, as a user runs it."""

import re

import pandas as pd
import pytest

from concord import tables

from ..table_study import PER_SITE, in_two_files, write_study
from .conftest import StudyFolder
from .test_demo import digests


@pytest.fixture(scope="module")
def finished(finished_table_study):
    """The small table study, run to its end on two cores; do not change it."""
    return finished_table_study


@pytest.fixture
def fresh(tmp_path):
    """A small table study of which nothing has run."""
    return StudyFolder(write_study(tmp_path / "study"))


@pytest.fixture
def changed(finished, tmp_path):
    """A copy of the finished study that may be changed."""
    return finished.copy(tmp_path / "study")


def faults(study) -> list[str]:
    """The faults that a dry run prints."""
    run = study.snakemake("--dry-run")
    assert run.returncode != 0
    _, _, rest = run.stdout.partition("The study cannot start, ")
    lines = rest.splitlines()[1:]
    return [line.strip() for line in lines if line.startswith("  ") and ": " in line]


def test_it_runs_without_images_to_its_report(finished):
    results = finished.folder / "results"

    assert not (results / "ingest").exists()
    assert not (results / "agreement").exists()
    assert not (results / "stability").exists()
    features = tables.read_features(results / "features/features.parquet")
    assert len(features) == 3 * PER_SITE
    assert "Nothing to be done" in finished.snakemake("--dry-run").stdout


def test_one_core_and_two_cores_give_the_same_bytes(finished, fresh):
    # Figures and report are compared in the demo study, from the same rules.
    run = fresh.snakemake("--until", "evaluate", cores=1)
    assert run.returncode == 0, run.stdout

    one, two = (digests(s.folder / "results") for s in (fresh, finished))
    assert len(one) > 30
    assert one == {name: two[name] for name in one}


def test_the_report_holds_no_section_and_no_link_without_content(finished):
    path = finished.folder / "results/report/report.html"
    page = path.read_text()

    anchors = re.findall(r'<section id="([\w-]+)"', page)
    assert "feature-table" in anchors
    assert not {"images", "agreement", "stability"} & set(anchors)
    for link in re.findall(r'href="([^"#:]+)"', page):
        assert (path.parent / link).exists(), link
    for anchor in re.findall(r'href="#([\w-]+)"', page):
        assert f'id="{anchor}"' in page, anchor
    assert "taken as given from features.csv (software: pyradiomics 3.1.0" in page
    assert "converted from DICOM" not in page


def test_a_study_of_two_arms_is_reported_with_the_company_of_its_headline(finished):
    results = finished.folder / "results"
    performance = tables.read(
        results / "evaluation/death_performance.tsv", "performance"
    )
    added = {"unharmonized", "site", "volume"}
    assert set(performance["arm"]) == {"clinical", "radiomics"} | added
    compared = tables.read(results / "evaluation/death_comparisons.tsv", "comparisons")
    of_headline = compared[compared["arm"] == "radiomics"]
    assert set(of_headline["reference_arm"]) == {"clinical"} | added

    page = (results / "report/report.html").read_text()
    findings = page[page.index('id="findings"') : page.index('id="cohort"')]
    for words in ("“Radiomics, not harmonized”", "“Site only”", "“Volume only”"):
        (sentence,) = (s for s in findings.split("<li>") if words in s)
        assert re.search(r"\d\.\d\d \(\d\.\d\d to \d\.\d\d\)", sentence)
        assert "n = 42" in sentence
    assert "Company of the headline arm" in page


def test_a_declined_baseline_is_gone_with_its_reason_on_the_page(changed):
    reason = "all lesions are of one size"
    changed.change("evaluation.decline_company", {"volume": reason})
    run = changed.snakemake()
    assert run.returncode == 0, run.stdout

    performance = tables.read(
        changed.folder / "results/evaluation/death_performance.tsv", "performance"
    )
    assert "volume" not in set(performance["arm"])
    page = (changed.folder / "results/report/report.html").read_text()
    assert f"declined by the study ({reason})" in page


def test_the_report_warns_that_treatment_is_nested_in_the_site(finished):
    page = (finished.folder / "results/report/report.html").read_text()

    assert "Treatment is nested in the groups" in page
    assert "It is surgery in North, radiotherapy in South and radiotherapy" in page


def test_changed_keys_run_exactly_these_rules_again(changed):
    rules = changed.planned_rules(everything=True)
    assert "import_features" in rules

    changed.change("factors.treatment.label", "Therapy")
    assert changed.planned_rules() == {"report", "manifest"}
    changed.change("factors.treatment.column", "scanner")
    assert changed.planned_rules() == rules - {"import_features"}
    changed.change("feature_table.missing", ["?"])
    assert changed.planned_rules() == rules
    # Only several readers or sessions can tell how far features repeat.
    changed.change("feature_table.reader_column", "vendor")
    readers = {"predict_readers", "prediction_agreement", "plot_binary"}
    repeated = {"stability", "plot_features"}
    assert changed.planned_rules() == rules | repeated | readers


def test_a_change_of_the_second_file_runs_exactly_its_rules_again(fresh):
    for key, files in in_two_files(fresh.folder).items():
        fresh.change(key, files)
    target = "results/cohort/cohort.tsv"
    run = fresh.snakemake(target)
    assert run.returncode == 0, run.stdout
    assert fresh.planned_rules(target) == set()

    sheet = fresh.folder / "config" / "subjects_second.tsv"
    rows = pd.read_csv(sheet, sep="\t")
    rows.assign(remark="none").to_csv(sheet, sep="\t", index=False)
    assert fresh.planned_rules(target) == set()
    rows.assign(age=rows["age"] + 1).to_csv(sheet, sep="\t", index=False)
    assert fresh.planned_rules(target) == {"assemble_cohort"}
    rows.to_csv(sheet, sep="\t", index=False)
    table = fresh.folder / "data" / "features_second.csv"
    table.write_text(f"{table.read_text().rstrip()[:-1]}8\n")
    assert fresh.planned_rules(target) == {"import_features", "assemble_cohort"}


def test_a_batch_variable_of_the_table_is_harmonized(finished):
    results = finished.folder / "results"
    cohort = pd.read_csv(results / "cohort/cohort.tsv", sep="\t")

    assert set(cohort["batch.CT.vendor"]) == {"Alpha", "Beta"}
    estimated = tables.read(
        results / "harmonization/batch_estimates.tsv", "batch_estimates"
    )
    assert set(estimated["variable"]) == {"site", "vendor"}


def test_faults_of_the_first_line_are_told_before_the_first_job(fresh):
    fresh.change("feature_table.subject_id_column", "patient")
    fresh.change("feature_table.features", ["original_*", "gabor_*"])
    fresh.change("recipes", {"CT": {"intensity_range": [-200, 200], "bin_width": 10}})
    found = faults(fresh)

    assert len(found) == 3
    assert "recipes: has no effect in a study with a feature_table" in found[0]
    assert "features.csv: feature_table.subject_id_column: the column" in found[1]
    assert "'gabor_*' fits none of" in found[2]
    assert not (fresh.folder / "results").exists()


def test_faults_of_the_cells_stop_the_first_job_and_stand_in_its_log(fresh):
    path = fresh.folder / "data" / "features.csv"
    text = path.read_text().replace("N02,", "N01,")
    first, second, *rest = text.splitlines()
    cells = second.split(",")
    cells[3] = "high"
    path.write_text("\n".join([first, ",".join(cells), *rest]) + "\n")
    run = fresh.snakemake()

    assert run.returncode != 0
    log = (fresh.folder / "logs/import_features.log").read_text()
    assert "the key N01, baseline, CT, tumour, A stands in lines 2, 3; keep one" in log
    assert "column 'original_firstorder_Mean' holds a value that logs" in log
    assert "'high'" not in log
    assert not (fresh.folder / "results/features").exists()


def test_members_of_the_cohort_without_a_baseline_row_are_listed(fresh):
    path = fresh.folder / "data" / "features.csv"
    rows = pd.read_csv(path)
    later = rows["id"].isin(["N01", "S02", "W03"])
    rows.assign(visit=later.map({True: "retest", False: "baseline"})).to_csv(
        path, index=False
    )
    fresh.change("feature_table.session_column", "visit")
    target = "results/evaluation/death_arm_exclusions.tsv"
    run = fresh.snakemake(target)
    assert run.returncode == 0, run.stdout

    found = tables.read(fresh.folder / target, "arm_exclusions")
    assert set(found["arm"]) == {"radiomics", "unharmonized", "volume"}
    assert set(found["subject_id"]) == {"N01", "S02", "W03"}
    told = "no feature row of session 'baseline' by reader 'A'"
    assert set(found["reason"]) == {told}
    judged = tables.read(
        fresh.folder / "results/evaluation/death_performance.tsv", "performance"
    )
    whole = judged[judged["stratum"] == "all"]
    left_out = found.groupby(["arm", "scheme"]).size()
    for row in whole.itertuples():
        assert row.n + left_out.get((row.arm, row.scheme), 0) == 3 * PER_SITE


def test_a_table_that_names_its_readers_tells_how_far_predictions_depend_on_them(
    fresh,
):
    path = fresh.folder / "data" / "features.csv"
    rows = pd.read_csv(path)
    shifted = rows.assign(original_shape_Volume=rows["original_shape_Volume"] + 0.3)
    readers = pd.concat([rows.assign(who="A"), shifted.assign(who="B")])
    readers.to_csv(path, index=False)
    fresh.change("feature_table.reader_column", "who")

    planned = fresh.planned_rules()
    assert {"predict_readers", "prediction_agreement"} < planned
    assert not {"gallery_tiles", "review_list", "plot_readers"} & planned
    target = "results/evaluation/death_prediction_agreement.tsv"
    run = fresh.snakemake(target)
    assert run.returncode == 0, run.stdout

    found = tables.read(fresh.folder / target, "prediction_agreement")
    assert found[["arm", "scheme", "reader_b"]].to_numpy().tolist() == [
        [arm, scheme, "B"]
        for arm in ("radiomics", "unharmonized", "volume")
        for scheme in ("cv", "loso")
    ]
    assert (found["n_subjects"] == 3 * PER_SITE).all()
    assert (found["median_change"] > 0).any()

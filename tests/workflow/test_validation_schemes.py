"""Splits by time and by a column, groups pooled and bootstrap, run to the report."""

import csv

import pytest

from concord import tables

from ..table_study import write_rows, write_study
from .conftest import StudyFolder

TEMPORAL = {"column": "scanned", "first_evaluated": [2017, 2018]}
FIXED = {"column": "set", "development": ["train"], "evaluation": ["test"]}


def dated(folder):
    """The subjects sheet with a date and a side for each; two have no date."""
    path = folder / "config" / "subjects.tsv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for number, row in enumerate(rows):
        date = f"{2015 + number % 4}-0{1 + number % 9}-1{number % 10}"
        row["scanned"] = "" if number in (5, 20) else date
        row["set"] = ("train", "train", "test", "spare")[number % 4]
    write_rows(path, rows, "\t")


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The small table study with every scheme, run to its report."""
    made = StudyFolder(write_study(tmp_path_factory.mktemp("schemes") / "study"))
    dated(made.folder)
    made.change("validation.temporal", TEMPORAL)
    made.change("validation.fixed", FIXED)
    made.change("validation.internal_external", True)
    made.change("validation.bootstrap", 5)
    made.change("validation.samples_per_job", 3)
    made.change("evaluation.instability", {"samples": 4})
    made.change("evaluation.subgroups", {"age": {"bands": [60]}, "site": {}})
    made.change("evaluation.smallest_subgroup", {"subjects": 8, "events": 3})
    run = made.snakemake()
    assert run.returncode == 0, run.stdout
    return made


@pytest.fixture
def changed(study, tmp_path):
    """A copy of the finished study that may be changed."""
    return study.copy(tmp_path / "study")


def table(study, path, kind):
    return tables.read(study.folder / "results" / path, kind)


def test_instability_takes_the_fits_of_the_samples_that_optimism_has(study):
    """Models of all five samples are kept, and the first four are looked at."""
    kept = sorted(
        path.name
        for path in (study.folder / "results/models/death").glob("*/*_sample_fits.tsv")
    )
    assert kept == ["bootstrap-1-3_sample_fits.tsv", "bootstrap-4-5_sample_fits.tsv"]
    moved = table(study, "evaluation/death_instability.tsv", "instability")
    assert set(moved["arm"]) == {"radiomics"}
    assert (moved["n_models"] + moved["n_failed"]).max() == 4
    stable = table(
        study, "evaluation/death_sample_stability.tsv", "selection_stability"
    )
    assert set(stable["scheme"]) == {"bootstrap"}
    assert (study.folder / "results/figures/prediction_instability_death.svg").is_file()


def test_declared_subgroups_are_judged_in_every_scheme(study):
    found = table(study, "evaluation/death_subgroups.tsv", "subgroups")
    assert {"cv", "loso", "temporal", "fixed"} == set(found["scheme"])
    assert set(found["subgroup"]) == {"all", "age", "site"}
    assert (study.folder / "results/figures/subgroup_forest_death.svg").is_file()
    report = (study.folder / "results/report/report.html").read_text(encoding="utf-8")
    for words in ("Stability of the selected features", "Do subgroups differ?"):
        assert words in report


def test_every_scheme_is_judged_and_bootstrap_stands_apart(study):
    judged = table(study, "evaluation/death_performance.tsv", "performance")
    assert set(judged["scheme"]) == {"cv", "loso", "temporal", "fixed"}
    tested = table(study, "evaluation/death_null_tests.tsv", "null_tests")
    assert set(tested["scheme"]) == {"cv", "loso", "temporal", "fixed"}
    compared = table(study, "evaluation/death_comparisons.tsv", "comparisons")
    assert {"temporal", "fixed"} < set(compared["scheme"])
    found = table(study, "evaluation/death_bootstrap.tsv", "bootstrap")
    assert set(found["arm"]) == set(judged["arm"])
    assert (found["n_samples"] == 5).all()
    pooled = table(study, "evaluation/death_pooled_groups.tsv", "pooled_groups")
    assert (pooled["n_groups"] == 3).all()


def test_who_has_no_date_or_side_is_in_no_set_and_no_date_leaves_the_sheet(study):
    folds = table(study, "folds/group/folds.tsv", "folds")
    roles = folds.groupby(["scheme", "fold", "role"]).size()
    assert roles["temporal", "1", "neither"] == 2 + 10
    assert roles["temporal", "2", "neither"] == 2
    assert roles["fixed", "1", "neither"] == 10
    shared = study.folder / "results"
    sheet = (study.folder / "config" / "subjects.tsv").read_text()
    dates = {
        row["scanned"] for row in csv.DictReader(sheet.splitlines(), delimiter="\t")
    }
    for path in [*shared.rglob("*.tsv"), shared / "report" / "report.html"]:
        text = path.read_text()
        assert not [date for date in dates if date and date in text], path


def test_no_fit_of_any_scheme_learns_from_who_is_kept_from_it(study):
    leakage = table(study, "harmonization/death_leakage.tsv", "leakage")
    own = leakage[leakage["fit"] == "study"]
    schemes = {"cv", "loso", "temporal", "fixed", "bootstrap"}
    assert set(own["scheme"]) == schemes
    assert own["unchanged"].all()


def test_the_report_tells_of_all_of_it(study):
    page = (study.folder / "results" / "report" / "report.html").read_text()
    for words in (
        "In subjects from 2017 and 2018 on, each up to the next, by models of all ear",
        "In the evaluation set that the study declares, which no model saw,",
        "Groups left out, pooled",
        "Optimism by bootstrap samples",
        "5 samples are few",
        "judging subjects from each of 2017 and 2018 on",
        "5 bootstrap samples of patients within groups",
        "Later subjects by models of earlier",
        "not in the declared evaluation set",
    ):
        assert words in page, words
    assert "Not everybody is compared" not in page
    assert (study.folder / "results" / "figures" / "group_forest.svg").exists()


def test_more_samples_and_pooling_leave_all_other_fits_alone(changed):
    of_samples = {"resample_arms", "correct_optimism", "leakage_test", "report"}
    of_samples |= {"instability", "plot_binary"}
    # What follows any change of a table that is told.
    followers = {"checklists", "manifest"}
    changed.change("validation.bootstrap", 8)
    assert changed.planned_rules() - followers == of_samples | {"draw_samples"}
    changed.change("validation.bootstrap", 5)
    changed.change("validation.samples_per_job", 5)
    assert changed.planned_rules() - followers == of_samples
    changed.change("validation.samples_per_job", 3)
    changed.change("validation.internal_external", False)
    assert changed.planned_rules() - followers == {"report"}


def test_contradictions_and_missing_columns_are_told_before_the_first_job(changed):
    changed.change("validation.leave_one_group_out", False)
    changed.change("validation.temporal.column", "scaned")
    changed.change("validation.fixed.evaluation", ["test", "train"])
    run = changed.snakemake("--dry-run")
    assert run.returncode != 0
    for words in (
        "validation.internal_external: is true, but no group is left out",
        "validation.fixed.evaluation: has ['train'], which",
        "scaned: this column is missing",
    ):
        assert words in run.stdout, words

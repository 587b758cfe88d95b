"""Several lesions of a patient, with folds of each endpoint, run to the report."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from concord import tables

from ..table_study import write_rows, write_study
from .conftest import StudyFolder


def rewritten(path: Path, change) -> None:
    """A table of the study with changed rows."""
    delimiter = "," if path.suffix == ".csv" else "\t"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    write_rows(path, change(rows), delimiter)


def lesions(rows):
    """Neighbours in the sheet are lesions of one patient; the first two are not."""
    for number, row in enumerate(rows):
        row["person"] = f"Q{number // 2}" if number > 1 else ""
        row["relapse"] = str(number % 3 % 2)
    rows[14]["person"] = rows[13]["person"]  # one patient of two sites
    return rows


def copied(rows):
    """N13 is N12, but for the seventh digit."""
    for name, value in rows[11].items():
        if name.startswith(("original", "wavelet", "log", "Expert")):
            rows[12][name] = f"{float(value) * (1 + 1e-7):.9g}"
    return rows


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The study, which stops at a copy; then without the copy, run to its report."""
    made = StudyFolder(write_study(tmp_path_factory.mktemp("lesions") / "study"))
    rewritten(made.folder / "config" / "subjects.tsv", lesions)
    rewritten(made.folder / "data" / "features.csv", copied)
    made.change("sheets.cluster_column", "person")
    made.change("endpoints.relapse", {"kind": "binary", "event": "relapse"})
    made.change("validation.stratify_by", "outcome")
    stopped = made.snakemake()
    assert stopped.returncode != 0
    made.stopped = stopped.stdout
    made.change("sheets.leave_out", {"N13": "copy of N12"})
    run = made.snakemake()
    assert run.returncode == 0, run.stdout
    return made


def folds_of(study, fold_set: str) -> pd.DataFrame:
    """The folds of a set with the cluster of each subject."""
    results = study.folder / "results"
    folds = tables.read(results / "folds" / fold_set / "folds.tsv", "folds")
    cohort = tables.read_sheet(results / "cohort" / "cohort.tsv")
    return folds.merge(cohort, on="subject_id")


def test_a_near_copy_stops_the_study_before_anything_is_fitted(study):
    assert "N12 and N13: 13 of 13 features of CT.tumour" in study.stopped
    assert "rule fit_nulls" not in study.stopped
    assert "rule split_folds" not in study.stopped


def test_each_endpoint_has_folds_that_spread_its_own_events(study):
    for endpoint in ("death", "relapse"):
        folds = folds_of(study, f"outcome_{endpoint}").query("scheme == 'cv'")
        judged = folds[folds["role"] == "evaluation"]
        events = judged.groupby("fold")[f"event.{endpoint}"].apply(
            lambda event: event.astype(float).sum()
        )
        assert events.max() - events.min() <= 2


def test_no_patient_stands_on_both_sides_of_a_fold(study):
    for fold_set in ("group", "outcome_death", "outcome_relapse"):
        folds = folds_of(study, fold_set)
        apart = folds[folds["role"] != "neither"]
        keys = ["scheme", "repeat", "fold", "cluster"]
        assert (apart.groupby(keys)["role"].nunique() == 1).all()
        beside = folds[folds["role"] == "neither"]
        assert set(beside["subject_id"]) == {"N14", "S01"}


def test_the_report_tells_of_patients_of_who_is_left_out_and_of_the_folds(study):
    page = (study.folder / "results" / "report" / "report.html").read_text()
    assert "copy of N12" in page
    assert "subjects belong to" in page
    assert "neither learnt from nor judged" in page
    assert "for each endpoint stratified by its outcome" in page
    excluded = tables.read(
        study.folder / "results" / "features" / "exclusions.tsv", "exclusions"
    )
    assert excluded["subject_id"].tolist() == ["N13"]
    assert excluded["code"].tolist() == ["LEFT_OUT"]

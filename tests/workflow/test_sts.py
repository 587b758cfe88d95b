"""The public soft-tissue-sarcoma study, from its DICOM to its report."""

import csv
import shutil
import tarfile
from pathlib import Path

import pytest

from concord import tables

ROOT = Path(__file__).resolve().parents[2]


def unpack(shared: Path, folder: Path, subjects: list[str]) -> None:
    """The DICOM and the clinical table of some patients, as data root."""
    folder.mkdir(parents=True)
    for subject in subjects:
        with tarfile.open(shared / "sts" / "patients" / f"{subject}.tar.xz") as archive:
            archive.extractall(folder, filter="data")
    keep(shared / "sts" / "clinical.csv", folder / "clinical.csv", set(subjects))


def keep(source: Path, target: Path, subjects: set[str]) -> None:
    """The header and the rows of some patients of a sheet."""
    delimiter = "," if source.suffix == ".csv" else "\t"
    with source.open(newline="") as file:
        header, *rows = csv.reader(file, delimiter=delimiter)
    with target.open("w", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerows([header, *(row for row in rows if row[0] in subjects)])


def prepare(shared: Path, folder: Path, subjects: list[str]) -> Path:
    """A study folder with the shipped configuration, for some patients."""
    unpack(shared, folder / "sts_data", subjects)
    (folder / "config").mkdir()
    shutil.copy(ROOT / "config" / "sts" / "config.yaml", folder / "config")
    for sheet in ("images.tsv", "masks.tsv"):
        keep(ROOT / "config" / "sts" / sheet, folder / "config" / sheet, set(subjects))
    return folder


def check(study, n_subjects: int) -> None:
    """What must hold of the finished study, whatever its size."""
    results = study.folder / "results"
    acquisition = tables.read(results / "ingest/acquisition.tsv", "acquisition")
    assert len(acquisition) == 3 * n_subjects
    assert not len(tables.read(results / "ingest/exclusions.tsv", "exclusions"))
    batches = acquisition.loc[acquisition["image"] == "CT", "SoftwareVersions"]
    assert batches.nunique() == 3
    features = tables.read_features(results / "features/features.parquet")
    assert features["region"].value_counts().to_dict() == {
        "GTV": 3 * n_subjects,
        "rim": 3 * n_subjects,
    }
    page = (results / "report/report.html").read_text()
    assert "demonstration, not evidence" in page
    assert "Concord demo" not in page
    assert "Nothing to be done" in study.snakemake("--dry-run").stdout


def test_twelve_patients_run_from_dicom_to_report(shared_data, study_in, tmp_path):
    subjects = (shared_data / "sts" / "ci_subset.txt").read_text().split()
    study = study_in(prepare(shared_data, tmp_path / "study", subjects))
    study.change("validation.folds", 3)
    study.change("validation.repeats", 2)
    study.change("evaluation.null_permutations", 10)
    run = study.snakemake()

    assert run.returncode == 0, run.stdout
    check(study, 12)


@pytest.mark.slow
def test_all_patients_run_from_dicom_to_report(shared_data, study_in, tmp_path):
    patients = sorted((shared_data / "sts" / "patients").glob("*.tar.xz"))
    subjects = [path.name.removesuffix(".tar.xz") for path in patients]
    study = study_in(prepare(shared_data, tmp_path / "study", subjects))
    run = study.snakemake()

    assert run.returncode == 0, run.stdout
    check(study, 36)

"""From a hospital's DICOM to a draft: a secret first, ids that tell nobody."""

import csv
import os
import stat
from pathlib import Path

import pytest
import yaml

from ..dicom_factory import rectangle, write_rtstruct, write_series
from ..site_secret import write_secret
from .conftest import StudyFolder

#: Folder, PatientName, PatientID and birth date of each patient.
PATIENTS = [
    ("S001", "Doe^Jane", "00471123", "19470213"),
    ("S002", "Roe^Richard", "00471124", "19310711"),
]
NAMES = {word for row in PATIENTS for word in (*row[1].split("^"), *row[2:])}


@pytest.fixture
def study(tmp_path, monkeypatch) -> StudyFolder:
    """A folder without configuration beside DICOM of two patients; an own home."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir(mode=0o700)
    for number, (folder, *_) in enumerate(PATIENTS):
        write_patient(tmp_path / "clinic" / folder, number)
    (tmp_path / "study").mkdir()
    return StudyFolder(tmp_path / "study")


def write_patient(folder: Path, number: int) -> None:
    _, name, patient, birth_date = PATIENTS[number]

    def known(k, header):
        header.PatientName, header.PatientID = name, patient
        header.PatientBirthDate = birth_date

    series = f"1.2.9.{number}"
    write_series(folder / "baseline" / "CT", change=known, series=series)
    box = [rectangle((-9.6, 20.4), (-7.2, 23.2), -27.0)]
    rt = folder / "baseline" / "RT" / "reader-A.dcm"
    write_rtstruct(rt, {"GTV": box}, series=series)


def index(study: StudyFolder, privacy: str = ""):
    roots = f"dicom_roots={study.folder.parent / 'clinic'}"
    given = [roots, *([f"privacy={privacy}"] if privacy else [])]
    return study.snakemake("index", "--config", *given)


def ids(study: StudyFolder) -> list[str]:
    with (study.folder / "private/index/images.tsv").open(newline="") as file:
        return [row["subject_id"] for row in csv.DictReader(file, delimiter="\t")]


def test_dicom_without_a_secret_is_refused_and_one_command_makes_it(study):
    run = index(study)
    assert run.returncode != 0
    assert "privacy.secret_file: names no secret, but DICOM of patients" in run.stdout
    assert "make a secret with `snakemake secret`" in run.stdout
    assert not (study.folder / "private").exists()

    run = study.snakemake("secret")
    assert run.returncode == 0, run.stdout
    made = Path.home() / ".concord_site" / "secret"
    assert f"A secret was made: {made}" in run.stdout
    assert "privacy: {secret_file: ~/.concord_site/secret}" in run.stdout
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    text = made.read_text()
    run = study.snakemake("secret")
    assert run.returncode == 0, run.stdout
    assert "is there already and was left as it is" in run.stdout
    assert made.read_text() == text

    run = index(study)
    assert run.returncode == 0, run.stdout
    found = ids(study)
    assert len(set(found)) == 2
    assert all(name[0] == "P" and len(name) == 13 for name in found)


def test_a_secret_is_made_where_the_configuration_wants_it(study):
    (study.folder / "config").mkdir()
    place = study.folder.parent / "secure" / "secret"
    # Sections that are wrong do not matter.
    config = {"privacy": {"secret_file": str(place)}, "endpoints": "none yet"}
    study.config_file.write_text(yaml.safe_dump(config))
    run = study.snakemake("secret")
    assert run.returncode == 0, run.stdout

    assert len(place.read_text()) == 65
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    run = study.snakemake("--dry-run", "secret")
    assert run.returncode == 0, run.stdout


def test_folders_that_name_nobody_are_ids_if_the_key_says_so(study):
    write_secret(study.folder.parent / "secret")
    privacy = f"{{secret_file: {study.folder.parent / 'secret'}, subject_ids: folder}}"
    run = index(study, privacy)
    assert run.returncode == 0, run.stdout
    assert ids(study) == ["S001", "S002"]

    (study.folder.parent / "clinic/S002").rename(study.folder.parent / "clinic/471124")
    run = index(study, privacy)
    assert run.returncode != 0
    assert "SUBJECT_ID_TELLS: privacy.subject_ids is folder, but 1 of 2" in run.stdout
    log = (study.folder / "logs/draft_sheets.log").read_text()
    assert "PatientID (1)" in log
    assert not any(name in log for name in NAMES)


def test_private_files_of_any_umask_are_for_their_owner_alone(study):
    before = os.umask(0)
    try:
        run = index(study, "{data: public}")
    finally:
        os.umask(before)
    assert run.returncode == 0, run.stdout

    private = study.folder / "private"
    assert (private / ".gitignore").read_text() == "*\n"
    found = {path: stat.S_IMODE(path.stat().st_mode) for path in private.rglob("*")}
    assert len(found) > 8
    for path, mode in {**found, private: stat.S_IMODE(private.stat().st_mode)}.items():
        assert mode == (0o700 if path.is_dir() else 0o600), path
    kept = study.folder / ".snakemake"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700

"""Drafts of new studies, as a user asks for them, and the smallest configuration."""

import csv
import shutil
import tarfile
from difflib import unified_diff
from pathlib import Path

import pytest
import yaml

from concord import tables
from concord.draft.settings import FILES

from ..site_secret import write_secret
from .conftest import ROOT, StudyFolder
from .test_sts import keep

#: Lines of a drafted configuration that the sarcoma study changes or adds, to be quick:
#: `docs/drafting.md` shows them.
EDITS = {"validation": {"repeats": 2}, "evaluation": {"null_permutations": 10}}
MOST_EDITED_LINES = 5
#: Headers of which no identifier has to be kept secret.
SIMULATED, PUBLIC = "{data: simulated}", "{data: public}"


def draft(folder: Path, **request: str):
    """A run of `snakemake draft` in a folder that may hold nothing yet."""
    folder.mkdir(exist_ok=True)
    given = [f"{key}={value}" for key, value in request.items()]
    return StudyFolder(folder).snakemake("draft", "--config", *given)


def roots_of(folders: dict[str, Path]) -> str:
    return "{" + ", ".join(f"{name}: {path}" for name, path in folders.items()) + "}"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.fixture(scope="module")
def drafted(finished_study, tmp_path_factory) -> StudyFolder:
    """The draft of a study from the small demo's DICOM and its subjects sheet."""
    dicom = finished_study.folder / "results" / "demo" / "dicom"
    folder = tmp_path_factory.mktemp("drafted") / "my_study"
    roots = roots_of({name: dicom / name for name in "ABC"})
    table = finished_study.folder / "config" / "subjects.tsv"
    run = draft(folder, dicom_roots=roots, clinical=str(table), privacy=SIMULATED)
    assert run.returncode == 0, run.stdout
    assert "The draft is in config/" in run.stdout
    return StudyFolder(folder)


def test_folders_and_a_table_become_a_study_that_plans_its_report(drafted):
    assert {path.name for path in (drafted.folder / "config").iterdir()} == set(FILES)
    assert {"extract_features", "evaluate", "report"} <= drafted.planned_rules()
    config = drafted.config()
    assert config["dicom_roots"] == {"A": "A", "B": "B", "C": "C"}
    assert set(config["endpoints"]) == {"recurrence", "survival"}
    assert config["endpoints"]["survival"]["time_days"] == "time_days"
    assert len(rows(drafted.folder / "config/subjects.tsv")) == 24


def test_readers_who_call_one_region_differently_are_compared(drafted):
    masks = rows(drafted.folder / "config/masks.tsv")
    names = {(row["reader"], row["roi"], row["region"]) for row in masks}
    assert names == {
        ("A", "GTV_A", "GTV"),
        ("AI", "GTV automatic", "GTV"),
        ("B", "gtv reader B", "GTV"),
    }
    page = (drafted.folder / "config/draft_questions.md").read_text()
    assert "A: GTV_A; AI: GTV automatic; B: gtv reader B" in page
    assert {
        "segmentation_agreement",
        "stability",
        "predict_readers",
    } <= drafted.planned_rules()


def test_a_second_draft_leaves_the_first_one_as_it_is(drafted, finished_study):
    before = {p: p.read_bytes() for p in (drafted.folder / "config").iterdir()}
    table = finished_study.folder / "config" / "subjects.tsv"
    run = draft(drafted.folder, clinical=str(table))
    assert run.returncode == 0, run.stdout
    assert "Nothing was overwritten: config/config.yaml" in run.stdout
    assert {p: p.read_bytes() for p in (drafted.folder / "config").iterdir()} == before
    assert (drafted.folder / "private" / "draft" / "config.yaml").exists()


def test_the_index_needs_no_endpoint_that_is_right(drafted, tmp_path):
    study = drafted.copy(tmp_path / "study")
    study.change("endpoints.event", "survival")
    assert study.snakemake("--dry-run").returncode != 0
    run = study.snakemake("index")
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("target", [[], ["features"], ["all"]])
def test_without_a_configuration_one_sentence_says_what_to_do(tmp_path, target):
    run = StudyFolder(tmp_path).snakemake(*target)
    assert run.returncode != 0
    (line,) = [x for x in run.stdout.splitlines() if "Using workflow" not in x]
    assert line.startswith(
        "There is no config/config.yaml in this folder. Draft one first: snakemake "
        "draft --config dicom_roots=FOLDER clinical=TABLE"
    )


def test_faults_of_a_request_are_told_one_line_each(tmp_path):
    run = draft(tmp_path, dicom_root="/nowhere", clinical="missing.csv")
    assert run.returncode != 0
    found = [line.strip() for line in run.stdout.splitlines() if line[:2] == "  "]
    assert found[0] == "--config: dicom_root: unknown key; did you mean 'dicom_roots'?"
    assert found[1].startswith("--config: dicom_roots: this key is missing; ")
    run = draft(tmp_path, dicom_roots=str(tmp_path), clinical="missing.csv")
    assert "--config: clinical: does not exist: " in run.stdout
    assert f"{tmp_path}/missing.csv" in run.stdout
    assert not (tmp_path / "config").exists()


def minimal_study(folder: Path, finished: StudyFolder) -> StudyFolder:
    """The smallest configuration, for CT of two sites of the small demo."""
    (folder / "config").mkdir(parents=True)
    study = StudyFolder(folder)
    shutil.copy(ROOT / "config" / "minimal.yaml", study.config_file)
    wanted = {"session": {"baseline"}, "image": {"CT"}, "reader": {"A"}}
    for sheet in ("subjects", "images", "masks"):
        found = [
            row
            for row in rows(finished.folder / "config" / f"{sheet}.tsv")
            if row["subject_id"][0] in "AB"
            and all(row[key] in wanted[key] for key in wanted if key in row)
        ]
        with (folder / "config" / f"{sheet}.tsv").open("w", newline="") as file:
            writer = csv.DictWriter(file, found[0], delimiter="\t")
            writer.writeheader()
            writer.writerows(found)
    study.change("data_root", str(finished.folder / "results" / "demo" / "dicom"))
    write_secret(folder / "secret")
    # Ids of simulated patients are their PatientID.
    secret = {"secret_file": "secret", "data": "pseudonymized"}
    study.change("privacy", secret)
    # The defaults of a real study would take minutes.
    study.change("validation.folds", 2)
    study.change("validation.repeats", 1)
    study.change("evaluation.null_permutations", 10)
    return study


def test_the_smallest_configuration_runs_to_its_report(finished_study, tmp_path):
    study = minimal_study(tmp_path / "study", finished_study)
    run = study.snakemake()
    assert run.returncode == 0, run.stdout
    page = (study.folder / "results/report/report.html").read_text()
    assert "My study" in page
    performance = tables.read(
        study.folder / "results/evaluation/survival_performance.tsv", "performance"
    )
    added = {"volume", "site", "unharmonized"}
    assert set(performance["arm"]) == {"clinical", "radiomics"} | added


@pytest.fixture(scope="module")
def sarcomas(shared_data, tmp_path_factory) -> StudyFolder:
    """The draft of the twelve small sarcoma patients, in two folders as two sites."""
    folder = tmp_path_factory.mktemp("sarcomas")
    subjects = (shared_data / "sts" / "ci_subset.txt").read_text().split()
    sites = {"A": subjects[:6], "B": subjects[6:]}
    for site, patients in sites.items():
        (folder / site).mkdir()
        for patient in patients:
            file = shared_data / "sts" / "patients" / f"{patient}.tar.xz"
            with tarfile.open(file) as archive:
                archive.extractall(folder / site, filter="data")
    keep(shared_data / "sts/clinical.csv", folder / "clinical.csv", set(subjects))
    roots = roots_of({site: folder / site for site in sites})
    study = folder / "my_study"
    table = str(folder / "clinical.csv")
    run = draft(study, dicom_roots=roots, clinical=table, privacy=PUBLIC)
    assert run.returncode == 0, run.stdout
    return StudyFolder(study)


def test_two_folders_of_sarcomas_are_a_study_without_an_edited_line(sarcomas):
    assert {"extract_features", "evaluate", "report"} <= sarcomas.planned_rules()
    config = sarcomas.config()
    assert set(config["recipes"]) == {"CT", "MR", "PT"}
    assert set(config["endpoints"]) == {"lung_mets", "pfs"}
    masks = rows(sarcomas.folder / "config" / "masks.tsv")
    assert {row["region"] for row in masks} == {"GTV_Mass"}
    assert {row["roi"] for row in masks} == {
        "GTV_Mass_CT",
        "GTV_Mass_MR_T1",
        "GTV_Mass_PET",
    }
    assert set(config["factors"]) == {"treatment", "chemotherapy"}


@pytest.mark.slow
def test_two_folders_of_sarcomas_run_to_a_report(sarcomas, tmp_path):
    study = sarcomas.copy(tmp_path / "study")
    before = study.config_file.read_text().splitlines()
    after = edited(before)
    changed = [x for x in unified_diff(before, after, n=0) if x[:1] in "+-"][2:]
    assert len([line for line in changed if line[0] == "+"]) <= MOST_EDITED_LINES
    study.config_file.write_text("\n".join(after) + "\n")
    assert yaml.safe_load(study.config_file.read_text())["validation"]["repeats"] == 2
    run = study.snakemake()
    assert run.returncode == 0, run.stdout
    assert (study.folder / "results/report/report.html").exists()
    assert not rows(study.folder / "results/ingest/exclusions.tsv")


def edited(lines: list[str]) -> list[str]:
    """A configuration with the edits, each as a line below its section's first."""
    found = []
    for line in lines:
        found.append(line)
        values = EDITS.get(line.removesuffix(":"), {})
        found += [f"  {key}: {value}" for key, value in values.items()]
    return found

"""The shipped study with a sealed site: registered, run, opened once; nobody peeks."""

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from concord import tables

from ..table_study import CONFIG, write_config, write_study
from . import planning
from .conftest import ROOT, StudyFolder, finished_once

SHIPPED = ROOT / "config" / "sealed"
REGISTRATION, LEDGER = "registered/registration.json", "registered/sealed_ledger.jsonl"
#: Folders of a study that its jobs write, but for times and the seal itself.
WRITTEN = ("results", "private")
#: Rules that are given the subjects sheet. The features are imported without outcomes.
READ_THE_SHEET = {"assemble_cohort", "import_features", "open_sealed"}


def sealed_site(folder: Path) -> StudyFolder:
    """The shipped study, small enough for a test of every rule."""
    shutil.copytree(SHIPPED, folder / "config")
    study = StudyFolder(folder)
    study.change("data_root", "config")
    study.change("feature_table.path", "features.tsv")
    return study


def flipped(study: StudyFolder, sites: str) -> None:
    """Turn the outcome of every subject of some sites."""
    path = study.folder / "config" / "subjects.tsv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for row in rows:
        if row["site"] in sites:
            row["recurrence"] = str(1 - int(row["recurrence"]))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def written(study: StudyFolder) -> dict[str, bytes]:
    """What the jobs of a study wrote, by path: all but times."""
    found = {}
    for place in WRITTEN:
        for path in sorted((study.folder / place).rglob("*")):
            name = path.relative_to(study.folder).as_posix()
            if path.is_file() and "benchmarks" not in name:
                found[name] = path.read_bytes()
    page = found["results/report/report.html"].decode()
    before, _, rest = page.partition('id="created"')
    found["results/report/report.html"] = (before + rest.partition("<")[2]).encode()
    for name in ("report", "register_plan"):
        # These records hold the hash of a page, or of a plan, with its time.
        del found[f"private/records/{name}.json"]
    return found


def run(study: StudyFolder, *targets: str) -> str:
    done = study.snakemake(*targets)
    assert done.returncode == 0, done.stdout
    return done.stdout


def ledger(study: StudyFolder) -> list[dict]:
    lines = (study.folder / LEDGER).read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> StudyFolder:
    """The study after `register` and `snakemake`; do not change it."""

    def registered(folder: Path) -> StudyFolder:
        study = sealed_site(folder)
        run(study, "register")
        assert not (study.folder / "results" / "models").exists()
        return study

    return finished_once(tmp_path_factory, "sealed", registered)


@pytest.fixture
def study(finished, tmp_path) -> StudyFolder:
    """A copy that may be changed."""
    return finished.copy(tmp_path / "study")


def test_the_sealed_site_is_opened_once_and_the_ledger_shows_it(study):
    (version,) = json.loads((study.folder / REGISTRATION).read_text())["versions"]
    assert version["after_results"] is False
    assert version["content"]["sealed"]["n"] == 40
    page = (study.folder / "results/report/report.html").read_text()
    assert "40 subjects of C are sealed" in page
    assert "Nobody has looked at them yet." in page
    assert "No deviation from version 1" in page
    assert not (study.folder / LEDGER).exists()

    told = run(study, "unseal")
    assert "look 1" in told
    (look,) = ledger(study)
    assert (look["look"], look["n_sealed"], look["version"]) == (1, 40, 1)
    found = {(r["arm"], r["metric"]): r for r in look["results"] if not r["against"]}
    # Planted: texture, age and stage; and more recurrence at C than they explain.
    assert found["radiomics", "auc"]["lower"] > 0.5
    assert found["clinical", "calibration_in_the_large"]["lower"] > 0
    page = (study.folder / "results/report/report.html").read_text()
    assert "The sealed subjects were looked at once." in page
    assert look["pipeline"] in page
    assert "No deviation from version 1" in page

    before = (study.folder / LEDGER).read_bytes()
    # The target of the unsealing ends with the page.
    assert study.planned_rules() <= {"manifest"}
    again = run(study, "unseal")
    assert "look 1" in again
    assert (study.folder / LEDGER).read_bytes() == before

    study.change("arms.radiomics.harmonizer", "none")
    told = run(study, "unseal")
    assert "look 2" in told
    first, second = ledger(study)
    assert first == look
    assert {"config", "models"} <= set(second["changed"])
    page = (study.folder / "results/report/report.html").read_text()
    assert "looked at 2 times. Only the first look is a test" in page
    assert "arms.radiomics.harmonizer" in page


def test_sealed_outcomes_change_no_result_of_any_rule(finished, tmp_path):
    """All rules again, from nothing, with every sealed outcome turned."""
    other = sealed_site(tmp_path / "other")
    flipped(other, "C")
    run(other, "register")
    shutil.rmtree(other.folder / "registered")
    shutil.copytree(finished.folder / "registered", other.folder / "registered")
    run(other)

    mine, theirs = written(finished), written(other)
    assert mine.keys() == theirs.keys()
    # The manifest holds the hash of a page that tells when it was made.
    stamped = {"results/MANIFEST.tsv", "private/records/manifest.json"}
    known = [name for name in mine if name not in stamped]
    assert [name for name in known if mine[name] != theirs[name]] == []


def test_sealed_outcomes_let_no_job_run_again(study):
    assert study.planned_rules() == set()
    flipped(study, "C")
    assert study.planned_rules() == set()
    flipped(study, "B")
    assert "assemble_cohort" in study.planned_rules()


def test_a_plan_is_the_same_whatever_the_outcomes_are(study):
    before = (study.folder / REGISTRATION).read_bytes()
    flipped(study, "ABC")
    run(study, "register")

    (version,) = json.loads((study.folder / REGISTRATION).read_text())["versions"]
    assert json.loads(before)["versions"] == [version]


def test_another_plan_is_a_version_of_its_own(study):
    (first,) = json.loads((study.folder / REGISTRATION).read_text())["versions"]
    study.change("validation.repeats", 1)
    run(study, "register")

    kept, second = json.loads((study.folder / REGISTRATION).read_text())["versions"]
    assert kept == first
    assert (second["version"], second["after_results"]) == (2, True)


def subjects_of(path: Path) -> str:
    """Text of a table or document, which may name subjects."""
    if path.suffix == ".parquet":
        return " ".join(pd.read_parquet(path, columns=["subject_id"])["subject_id"])
    return path.read_text()


def test_no_sealed_subject_is_in_a_table_that_holds_outcomes_or_is_learnt(finished):
    results = finished.folder / "results"
    sealed = tables.read(results / "cohort" / "sealed.tsv", "sealed_subjects")
    names = set(sealed["subject_id"])
    allowed = {"features/features.parquet", "cohort/sealed.tsv"}
    allowed |= {f"features/{name}.tsv" for name in ("batches", "undefined")}
    told = {
        path.relative_to(results).as_posix()
        for path in results.rglob("*")
        if path.suffix in (".tsv", ".json", ".parquet")
        and any(name in subjects_of(path) for name in names)
    }

    assert len(names) == 40
    assert told <= allowed
    assert "features/features.parquet" in told


def test_plan_and_ledger_name_no_subject(finished):
    subjects = (finished.folder / "config" / "subjects.tsv").read_text().split("\n")[1:]
    names = [line.split("\t")[0] for line in subjects if line]
    for path in (finished.folder / "registered").iterdir():
        text = path.read_text()
        assert not [name for name in names if name in text], path.name


def test_the_sheet_is_an_input_of_few_rules_and_the_seal_of_one(tmp_path, monkeypatch):
    folder = write_study(tmp_path)
    validation = CONFIG["validation"] | {"sealed": {"group": "West"}}
    write_config(folder, CONFIG | {"validation": validation})
    monkeypatch.setattr("sys.argv", ["snakemake", "unseal"])
    with planning._workflow(folder, "Snakefile", targets=["unseal"]) as workflow:
        rules = {rule.name: rule for rule in workflow._workflow.rules}
    sheet = str(Path("config") / "subjects.tsv")
    readers = {
        name
        for name, rule in rules.items()
        if any(str(path) == sheet for path in rule.input)
    }

    assert readers == READ_THE_SHEET


def test_no_rule_of_a_plain_run_opens_the_seal_or_registers(finished):
    planned = finished.planned_rules(everything=True)

    assert not planned & {"open_sealed", "register_plan"}
    assert "compare_plan" in planned


def test_a_study_without_a_seal_has_nothing_to_open(tmp_path):
    folder = write_study(tmp_path)

    assert "nothing to unseal" in planning.refusal(folder, "unseal")


def test_an_edited_ledger_stops_the_report(study):
    run(study, "unseal")
    path = study.folder / LEDGER
    path.write_text(path.read_text().replace('"n":40', '"n":41', 1))
    done = study.snakemake()

    assert done.returncode != 0
    log = (study.folder / "logs" / "compare_plan.log").read_text()
    assert "line 1 has the hash" in log

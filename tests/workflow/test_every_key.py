"""Every documented key: which rules run again if it changes, by Snakemake's own plan.

`reruns.tsv` is made by ``CONCORD_REWRITE_RERUNS=1 pytest`` on this module, is read by a
person when it changes, and is asserted here row by row. The rows of `test_reruns.py`
are written by hand; both agree where they change a key alike.
"""

import csv
import json
import os
from pathlib import Path

import pandas as pd
import pytest
import yaml

from concord.study.config import StudyConfig
from concord.study.documents import keys

from ..site_secret import write_secret
from . import test_reruns
from .changed_keys import FIXED, changes
from .conftest import ROOT, StudyFolder

TABLE = ROOT / "tests" / "workflow" / "reruns.tsv"
REWRITE = "CONCORD_REWRITE_RERUNS" in os.environ
#: Keys that may change without any rule running again, and why.
IDLE = {
    "sheets.images": "a sheet of another name with the same rows is the same sheet",
    "sheets.masks": "a sheet of another name with the same rows is the same sheet",
    "images.<name>.modality": "the image CT is of this modality by its name",
    "privacy.data": "the demo is simulated, whatever it says",
    "privacy.reviewed_images": "only the target deidentify reads it",
    "linked_roots": "it says what may be read; the demo has no links",
    "multiverse.at_most": "the demo has fewer combinations",
    "multiverse.specifications_per_job": "one job holds all combinations of the demo",
    "ingest.roi_names": "the sheet of the demo names the ROI of every row",
}

DEMO = StudyConfig.model_validate(
    yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
)
CHANGES = changes(DEMO)


def rows() -> dict[str, dict[str, str]]:
    """Rows of the table by key."""
    with TABLE.open(newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["key"]: row for row in reader}


@pytest.fixture(scope="module")
def studies(
    finished_study,
    finished_table_study,
    finished_given_study,
    finished_predicted_study,
    tmp_path_factory,
):
    """Copies of the finished studies, with all that a changed key may name."""
    folder = tmp_path_factory.mktemp("keys")
    demo = finished_study.copy(folder / "demo")
    table = finished_table_study.copy(folder / "table")
    for name in ("subject_id", "site", "age", "recurrence", "time_days", "treatment"):
        add_copy_of_column(demo, name)
    for name in ("subjects", "images", "masks"):
        sheet = demo.folder / "config" / f"{name}.tsv"
        sheet.with_stem(f"{name}_2").write_bytes(sheet.read_bytes())
    (demo.folder / "config" / "phantom.tsv").write_text("subject_id\tsite\n")
    write_secret(demo.folder / "secret")
    features = table.folder / "data" / "features.csv"
    features.with_stem("features_2").write_bytes(features.read_bytes())
    subjects = pd.read_csv(table.folder / "config" / "subjects.tsv", sep="\t")
    both = pd.read_csv(features).merge(subjects, left_on="id", right_on="patient")
    both.to_csv(features.with_stem("both"), index=False)
    given = finished_given_study.copy(folder / "given")
    add_copies_of_predictions(given.folder / "data")
    applied = finished_predicted_study.copy(folder / "applied")
    return {"demo": demo, "table": table, "given": given, "applied": applied}


def add_copies_of_predictions(folder: Path) -> None:
    """Tables of predictions whose columns stand there twice, and one of risks."""
    known = pd.read_csv(folder / "predictions.tsv", sep="\t")
    full = known.assign(endpoint="death", scheme="cv", risk_group="", reason="")
    full["score"] = full["probability"]
    both = full.join(full.add_suffix("_2"))
    both.to_csv(folder / "copies.tsv", sep="\t", index=False)
    risks = known.rename(columns={"probability": "score"}).assign(y1=0.5)
    risks.to_csv(folder / "risks.tsv", sep="\t", index=False)


def add_copy_of_column(study: StudyFolder, name: str) -> None:
    """A column `<name>_2` of the subjects sheet with the cells of another one."""
    sheet = study.folder / "config" / "subjects.tsv"
    lines = [line.split("\t") for line in sheet.read_text().splitlines()]
    place = lines[0].index(name)
    lines = [[*cells, cells[place]] for cells in lines]
    lines[0][-1] = f"{name}_2"
    sheet.write_text("".join("\t".join(cells) + "\n" for cells in lines))


@pytest.fixture
def planned(studies):
    """Rules that run again after the change of a key; the change is undone."""
    before = {name: study.config_file.read_text() for name, study in studies.items()}

    def of(key: str) -> set[str]:
        study = studies[CHANGES[key].study]
        for place, value in CHANGES[key].values.items():
            study.change(place, value)
        return study.planned_rules()

    yield of
    for name, study in studies.items():
        study.config_file.write_text(before[name])


@pytest.mark.skipif(REWRITE, reason="the table is being written")
def test_every_documented_key_has_its_row():
    documented = {key for key, _ in keys(StudyConfig)}

    assert set(rows()) == documented - FIXED


@pytest.mark.skipif(REWRITE, reason="the table is being written")
@pytest.mark.parametrize("key", CHANGES)
def test_a_changed_key_runs_exactly_these_rules_again(key, planned):
    row = rows()[key]

    assert json.loads(row["change"]) == json.loads(json.dumps(CHANGES[key].values))
    assert planned(key) == set(row["rules"].split())


@pytest.mark.skipif(REWRITE, reason="the table is being written")
def test_keys_without_effect_are_known_with_the_reason():
    assert {key for key, row in rows().items() if not row["rules"]} == set(IDLE)


@pytest.mark.skipif(REWRITE, reason="the table is being written")
def test_the_rows_written_by_hand_agree():
    for key, row in rows().items():
        for place, value in CHANGES[key].values.items():
            hand = test_reruns.TABLE.get(place)
            if len(CHANGES[key].values) == 1 and hand and hand[0] == value:
                assert set(row["rules"].split()) == hand[1], key


@pytest.mark.skipif(not REWRITE, reason="set CONCORD_REWRITE_RERUNS to write the table")
def test_write_the_table(planned, studies):
    texts = {name: study.config_file.read_text() for name, study in studies.items()}
    lines = ["\t".join(("key", "study", "change", "rules"))]
    for key, change in CHANGES.items():
        rules = " ".join(sorted(planned(key)))
        lines.append("\t".join((key, change.study, json.dumps(change.values), rules)))
        studies[change.study].config_file.write_text(texts[change.study])
    TABLE.write_text("\n".join(lines) + "\n")

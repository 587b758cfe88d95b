"""Rule compare_plan: the script on files, without Snakemake."""

import pytest
from compare_plan import main

from concord import tables
from concord.errors import StudyError
from concord.evaluation.sealed import looks
from concord.report.registration.settings import ComparePlan

from ..modelling_study import job
from .test_register_plan import register

OUTPUTS = {"registrations": "r.tsv", "deviations": "d.tsv", "looks": "l.tsv"}
KINDS = {"r": "registrations", "d": "plan_deviations", "l": "sealed_looks"}
VALUE = {
    "endpoint": "death",
    "arm": "radiomics",
    "against": None,
    "metric": "auc",
    "estimate": None,
}
VALUE |= {"lower": None, "upper": None, "n": 0, "n_unscored": 9, "n_events": 0}
VALUE |= {"method": "DeLong", "reason": "no pair to compare"}


def compare(folder, registration, ledger):
    settings = ComparePlan(
        values={"validation.folds": 5},
        sheets={"subjects": "ab"},
        code={"fit_arms": "cd"},
        n_sealed=0,
        sealed=None,
    )
    inputs = {
        "features": str(folder / "features.parquet"),
        "folds": [str(folder / "group" / "folds.tsv")],
        "registration": registration,
        "ledger": ledger,
    }
    main(job(folder, settings, OUTPUTS, inputs))
    return {
        kind: tables.read(folder / f"{name}.tsv", kind) for name, kind in KINDS.items()
    }


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "ledger.jsonl"
    pipeline = looks.pipeline_of(dict.fromkeys(looks.PARTS, "a"))
    facts = {"n_sealed": 9, "why": "", "version": 1}
    looks.add_look(path, pipeline, facts, [VALUE])
    return path


def test_deviations_and_looks_are_tables(tmp_path, monkeypatch, ledger):
    monkeypatch.chdir(tmp_path)
    register(tmp_path)
    found = compare(tmp_path, [str(tmp_path / "registration.json")], [str(ledger)])

    (row,) = found["plan_deviations"].to_dict("records")
    assert (row["key"], row["registered"], row["found"]) == (
        "validation.folds",
        "3",
        "5",
    )
    assert found["registrations"]["version"].tolist() == [1]
    assert found["sealed_looks"]["reason"].tolist() == ["no pair to compare"]


def test_looks_without_a_plan_have_no_deviation(tmp_path, monkeypatch, ledger):
    monkeypatch.chdir(tmp_path)
    register(tmp_path)
    found = compare(tmp_path, [], [str(ledger)])

    assert found["registrations"].empty
    assert found["plan_deviations"].empty
    assert len(found["sealed_looks"]) == 1


def test_an_edited_ledger_stops_the_job(tmp_path, monkeypatch, ledger):
    monkeypatch.chdir(tmp_path)
    register(tmp_path)
    ledger.write_text(ledger.read_text().replace('"look":1', '"look":2'))

    with pytest.raises(StudyError, match="it was edited"):
        compare(tmp_path, [], [str(ledger)])

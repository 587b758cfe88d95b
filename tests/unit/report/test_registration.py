"""Registered plan: what it holds, that it only grows, and what departs from it."""

import json
from datetime import UTC, datetime

import pytest

from concord.errors import StudyError
from concord.evaluation.sealed.chained import read_versions
from concord.report.registration import content, page, versions, words
from concord.report.registration.settings import Planned, values_of

from ... import synthetic_results as synthetic

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
VALUES = {"validation.folds": 3, "evaluation.headline_arm": "texture"}


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Content of a plan with changes; files lie in the folder of the test."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.parquet").write_bytes(b"features")
    (tmp_path / "group").mkdir()
    (tmp_path / "group" / "folds.tsv").write_text("folds")

    def make(**changes):
        given = {"values": VALUES, "sheets": {"subjects": "ab"}, "code": {"fit": "c"}}
        given |= {"n_sealed": 2, "sealed": "de"}
        planned = Planned(**given | changes)
        return content.content_of(planned, "f.parquet", ["group/folds.tsv"])

    return make


def register(path, plan):
    return versions.register(path, plan, ["We fit."], {"Python": "3.12"}, NOW)


def test_a_plan_is_registered_once_and_again_only_if_it_changed(made):
    register("r.json", made())
    register("r.json", made())
    assert [one["version"] for one in read_versions("r.json")] == [1]

    changed = made(values=VALUES | {"validation.folds": 5})
    first = read_versions("r.json")[0]
    register("r.json", changed)
    kept = read_versions("r.json")
    assert [one["version"] for one in kept] == [1, 2]
    assert kept[0] == first
    assert kept[1]["registered"] == "2026-03-01T12:00:00+00:00"


def test_an_edited_version_is_seen(made, tmp_path):
    register("r.json", made())
    register("r.json", made(code={"fit": "d"}))
    text = (tmp_path / "r.json").read_text()
    (tmp_path / "r.json").write_text(text.replace("We fit.", "We tune.", 1))

    with pytest.raises(StudyError, match="version 1 has the hash"):
        read_versions("r.json")


@pytest.mark.parametrize("text", ["{}", "[]", "plan", '{"versions": [1]}'])
def test_a_file_that_is_no_registration_is_refused(tmp_path, text):
    (tmp_path / "r.json").write_text(text)

    with pytest.raises(StudyError, match="is no registration, expected an object"):
        read_versions(tmp_path / "r.json")


def test_a_plan_after_results_says_so(made, tmp_path):
    register("r.json", made())
    (tmp_path / "results" / "evaluation").mkdir(parents=True)
    (tmp_path / "results" / "evaluation" / "death_performance.tsv").touch()
    found = register("r.json", made(code={"fit": "d"}))

    assert [one["after_results"] for one in found] == [False, True]


def test_deviations_name_part_key_and_both_values(made):
    registered = register("r.json", made())
    now = made(
        values={"validation.folds": 5, "validation.repeats": 2},
        code={"fit": "c", "tune": "e"},
    )
    rows = versions.deviation_rows(registered, now)

    assert [(r["part"], r["key"], r["registered"], r["found"]) for r in rows] == [
        ("config", "evaluation.headline_arm", "texture", None),
        ("config", "validation.folds", "3", "5"),
        ("config", "validation.repeats", None, "2"),
        ("code", "tune", None, "e"),
    ]
    assert {row["until"] for row in rows} == {"now"}


@pytest.mark.parametrize(
    ("changes", "part", "key"),
    [
        ({"sheets": {"subjects": "xy"}}, "sheets", "subjects"),
        ({"sealed": "other"}, "sealed", "subjects"),
        ({"n_sealed": 3}, "sealed", "n"),
    ],
)
def test_other_sheets_and_other_sealed_subjects_are_deviations(
    made, changes, part, key
):
    (row,) = versions.deviation_rows(register("r.json", made()), made(**changes))

    assert (row["part"], row["key"]) == (part, key)


@pytest.mark.parametrize("name", ["f.parquet", "group/folds.tsv"])
def test_other_features_and_other_folds_are_deviations(made, tmp_path, name):
    registered = register("r.json", made())
    (tmp_path / name).write_text("other")
    (row,) = versions.deviation_rows(registered, made())

    assert row["part"] in ("features", "folds")


def test_a_plan_that_is_kept_has_no_deviation(made):
    assert versions.deviation_rows(register("r.json", made()), made()) == []


def test_changes_between_versions_stay_listed(made):
    register("r.json", made())
    found = register("r.json", made(code={"fit": "d"}))
    rows = versions.deviation_rows(found, made(code={"fit": "e"}))

    assert [(row["version"], row["until"]) for row in rows] == [(1, "2"), (2, "now")]


def test_values_hold_no_place_of_a_machine_and_no_subject():
    class Config:
        @staticmethod
        def model_dump(mode):
            return {
                "data_root": "/home/jane",
                "privacy": {"secret_file": "/home/jane/secret"},
                "report": {"authors": ["Jane"]},
                "sheets": {"leave_out": {"P17": "copy of P16"}, "subjects": ["s.tsv"]},
                "ingest": {"waive": {"HU_RANGE": ["P18"]}, "chunk_size": 5},
                "protocol": {},
            }

    found = values_of(Config)
    assert found.keys() == {
        "sheets.leave_out",
        "sheets.subjects",
        "ingest.waive",
        "ingest.chunk_size",
        "protocol",
    }
    assert found["sheets.leave_out"]["n"] == 1
    assert not {"P16", "P17", "P18", "jane"} & set(json.dumps(found).split('"'))


def test_the_plan_in_words_reads_no_table_and_names_what_decides():
    text = "\n".join(words.paragraphs(synthetic.SETTINGS))

    assert "“Lung metastasis” (diagnostic; columns of the subjects sheet" in text
    assert "The claim is about the arm “Clinical + CT texture”" in text
    assert "must beat “Clinical”" in text
    assert "Models are validated by 2 repeats of 3-fold cross-validation" in text
    assert "null_permutations" in text


def test_the_page_shows_the_last_plan_whole_and_what_it_changed(made):
    register("r.json", made())
    found = register("r.json", made(values=VALUES | {"validation.folds": 5}))
    text = page.page("Study", found)

    assert text.index("## Version 2") < text.index("## Version 1")
    assert "| config | validation.folds | 3 | 5 |" in text
    assert text.count("We fit.") == 1

"""concord.report.closing: the last words of a run."""

import pytest

from concord import tables
from concord.evaluation.sealed.chained import linked
from concord.files import write_json
from concord.report.closing import exclusions_told, plan_told

KEYS = {"session": "baseline", "image": "CT", "region": None, "reader": None}


def row(subject, code, **more):
    named = KEYS | more
    return {"stage": "x", "subject_id": subject, "code": code, "reason": "r"} | named


ROWS = [
    row("P1", "MISSING_SLICE"),
    row("P1", "MIXED_MATRIX"),
    row("P2", "MISSING_SLICE"),
    row("P2", "ROI_EMPTY", region="tumour", reader="A"),
]
TOLD = (
    "Excluded images and segmentations: 3, of 2 subjects (MISSING_SLICE 2, "
    "MIXED_MATRIX 1, ROI_EMPTY 1). Read {}.\n"
)


def test_a_run_that_looked_at_nothing_says_nothing(tmp_path):
    assert exclusions_told(tmp_path) == ""


def test_a_run_that_excluded_nothing_says_so(tmp_path):
    tables.write([], tmp_path / "results/features/exclusions.tsv", "exclusions")
    assert exclusions_told(tmp_path) == "Nothing was excluded.\n"


@pytest.mark.parametrize("features", [0, 1])
def test_it_says_how_many_of_whom_and_why_and_where_to_read_it(tmp_path, features):
    tables.write(ROWS, tmp_path / "results/ingest/exclusions.tsv", "exclusions")
    lost = [row("P3", "too_small", region="rim", reader="A")] * features
    tables.write(lost, tmp_path / "results/features/exclusions.tsv", "exclusions")
    told = TOLD.format("results/ingest/exclusions.tsv")
    more = (
        "Excluded segmented regions without features: 1, of 1 subject (too_small 1). "
        "Read results/features/exclusions.tsv.\n"
    )
    assert exclusions_told(tmp_path) == told + more * features


def test_before_the_tables_are_gathered_those_of_the_chunks_count(tmp_path):
    for chunk, rows in (("A-0_CT", ROWS[:2]), ("B-0_CT", ROWS[2:])):
        path = tmp_path / f"results/images/{chunk}_exclusions.tsv"
        tables.write(rows, path, "exclusions")
    where = "results/images/*_exclusions.tsv and results/masks/*_exclusions.tsv"
    assert exclusions_told(tmp_path) == TOLD.format(where)


def test_sealed_subjects_are_counted_in_the_last_words(tmp_path):
    row = {"subject_id": "P1", "site": "C", "cluster": "P1", "sealed_by": "group"}
    tables.write([], tmp_path / "results/ingest/exclusions.tsv", "exclusions")
    tables.write([row], tmp_path / "results/cohort/sealed.tsv", "sealed_subjects")

    assert exclusions_told(tmp_path) == (
        "Nothing was excluded.\nSealed subjects, in no result: 1. Read "
        "results/cohort/sealed.tsv.\n"
    )


def test_the_plan_that_stands_is_told(tmp_path):
    entry = {"version": 1, "registered": "2026-03-01T12:00:00+00:00"}
    versions = {"versions": [linked([], entry)]}
    write_json(versions, tmp_path / "registered/registration.json")

    assert plan_told("registered/registration.json", tmp_path) == (
        "The plan is registered as version 1 of 2026-03-01T12:00:00+00:00. Read "
        "registered/registration.md, and keep the folder under version control.\n"
    )

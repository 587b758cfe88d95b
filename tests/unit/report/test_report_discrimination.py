"""Discrimination in detail in the report: tables, sentences, and small numbers."""

from dataclasses import replace

import pytest

from concord.report.results import Results
from concord.report.sections.evaluation.discrimination import (
    discrimination_paragraph,
    discrimination_section,
)

from ... import synthetic_results as synthetic

KINDS = ("operating_points", "discrimination", "discrimination_differences")


def results(endpoint="metastasis", settings=synthetic.SETTINGS, **changed) -> Results:
    found = {kind: synthetic.in_detail(endpoint)[kind] for kind in KINDS} | changed
    return Results(found, synthetic.cohort(), {}, {}, {}, (), settings)


def tables_of(given, endpoint="metastasis"):
    section = discrimination_section(given, endpoint)
    return [block for block in section.blocks if block.kind == "table"]


def sentences(given, endpoint="metastasis"):
    section = discrimination_section(given, endpoint)
    texts = [block for block in section.blocks if block.kind == "text"]
    return " ".join(p for block in texts for p in block.paragraphs)


def test_operating_points_show_what_was_asked_and_what_was_reached():
    table, by_group, *_ = tables_of(results())
    rows = [row for row in table.rows if row[2].startswith("Sensitivity of 90 %")]
    found = synthetic.in_detail("metastasis")["operating_points"]
    mine = found.query(
        "rule == 'sensitivity' and arm == 'texture' and scheme == 'cv'"
        " and stratum == 'all'"
    ).iloc[0]
    assert rows[0][0] == synthetic.SETTINGS.arms["texture"].label
    assert rows[0][3].startswith(f"{mine['sensitivity']:.2f} (")
    assert "a sensitivity that was asked for is seldom reached" in table.note
    assert "Wilson" in table.note
    assert {row[0] for row in by_group.rows} == {"A", "B", "C"}


def test_measures_are_named_with_what_they_depend_on():
    names = {row[2] for table in tables_of(results()) for row in table.rows}
    assert "Partial AUC, specificity 0.8 to 1" in names
    assert "AUC, within groups" in names
    given = results("survival")
    names = {row[2] for table in tables_of(given, "survival") for row in table.rows}
    assert {"AUC at day 300", "Uno's C to day 600", "Harrell's C to day 600"} <= names
    assert "Risk of 40 % or more by day 300" in names


def test_thresholds_that_nobody_learnt_are_not_said_to_be_learnt():
    table, *_ = tables_of(results("survival"), "survival")
    assert "development" not in table.note


def test_differences_have_p_values_and_say_that_they_are_not_corrected():
    table = next(t for t in tables_of(results()) if t.caption.startswith("Differences"))
    assert "not corrected for the number of comparisons" in table.note
    assert all(row[5].startswith(("0.", "<", "1.")) for row in table.rows)


def test_without_days_a_sentence_says_what_is_missing():
    text = sentences(results("survival"), "survival")
    assert "need days that are declared (evaluate_at_days)" in text
    assert sentences(results()) == ""


def test_a_study_without_these_tables_has_no_section_and_no_paragraph():
    given = Results({}, synthetic.cohort(), {}, {}, {}, (), synthetic.SETTINGS)
    assert discrimination_section(given, "metastasis") is None
    assert discrimination_paragraph(given) == ""


def test_the_methods_name_thresholds_and_ranges():
    text = discrimination_paragraph(results())
    assert "the largest Youden index in development" in text
    assert "a sensitivity of 90 % in development" in text
    assert "above a specificity of 0.8 was standardized after McClish" in text


@pytest.mark.parametrize("smallest", [0, 10])
def test_shares_that_tell_of_few_people_are_hidden_if_asked(smallest):
    section = synthetic.SETTINGS.report.model_copy(update={"smallest_cell": smallest})
    settings = synthetic.SETTINGS.model_copy(update={"report": section})
    _, by_group, *_ = tables_of(results(settings=settings))
    cells = [cell for row in by_group.rows for cell in row[3:8]]
    assert ("hidden" in cells) == (smallest > 0)


def test_a_share_that_is_undefined_says_so():
    points = synthetic.in_detail("metastasis")["operating_points"]
    names = ["ppv", "ppv_lower", "ppv_upper"]
    changed = points.assign(**dict.fromkeys(names, float("nan")))
    table, *_ = tables_of(replace(results(operating_points=changed)))
    assert {row[5] for row in table.rows} == {"not defined"}

"""Section of the report on patients whom frozen models were applied to."""

import pandas as pd
import pytest

from concord.frozen.applying import application, patients
from concord.report.results import Results
from concord.report.sections.transfer.predicted import predicted_section
from concord.report.small_cells import Hiding

from ... import synthetic_results as synthetic
from ...applied_study import frozen, meeting, some, world


@pytest.fixture(scope="module")
def found():
    """A model and a study of twelve subjects; one far away, one without images."""
    every = world(102)
    document = frozen(some(every, slice(0, 90)), n_samples=2)
    later = meeting(document, some(every, slice(90, None))).with_model(range_margin=1.0)
    features = later.measured.features.copy()
    first, second, *_ = later.measured.subjects
    features.loc[features["subject_id"] == first, "original.glcm.f000"] = 30.0
    return later.but(features=features[features["subject_id"] != second])


def results(found) -> Results:
    """Results with the tables of the patients alone."""
    outcomes = application.apply(found.applied, found.measured, found.settings)
    return Results(
        tables={
            "patient_predictions": patients.predictions(outcomes),
            "patient_flags": patients.flags(outcomes),
        },
        cohort=pd.DataFrame(),
        engine={},
        imported={},
        recipes={},
        figures=(),
        settings=synthetic.SETTINGS,
    )


def tables_of(found) -> dict:
    """Tables of the section by their caption."""
    blocks = predicted_section(results(found)).blocks
    return {block.caption: block for block in blocks if block.kind == "table"}


def sentences(found) -> str:
    """Paragraphs of the section."""
    blocks = predicted_section(results(found)).blocks
    return " ".join(p for b in blocks if b.kind == "text" for p in b.paragraphs)


def test_the_section_tells_which_model_scored_whom(found):
    (row,) = tables_of(found)["Who was scored"].rows

    assert row[0] == "radiomics"
    assert row[1] == found.applied[0].document.hash[:12]
    assert row[2:] == ("12", "10", "1", "1")


def test_flags_are_counted_by_kind_and_severity_in_the_order_of_the_page(found):
    rows = tables_of(found)["Flags"].rows

    assert [row[1:5] for row in rows] == [
        ("missing_image", "red", "1", "1"),
        ("out_of_range", "red", "1", "1"),
        ("distance", "red", "1", "1"),
    ]


def test_without_flags_there_is_no_table_of_them(found):
    assert "Flags" not in tables_of(found.of(found.measured.subjects[2:]))


def test_the_section_says_what_chance_flags_and_that_it_is_no_device(found):
    told = sentences(found)

    # Five predictors, 90 subjects, twelve patients: 12 * 5 * 2 / 91 and 12 / 91.
    assert "at most 1.3 out of range and at most 0.1 distant" in told
    assert "no medical device" in told


def test_risks_are_told_by_horizon_with_their_groups(found):
    block = tables_of(found)["Risks of those who were scored"]

    assert [row[1] for row in block.rows] == ["by day 365", "by day 730"]
    assert block.columns[-2:] == ("Low risk", "High risk")
    for row in block.rows:
        assert int(row[-2]) + int(row[-1]) == int(row[2]) == 10


def test_every_patient_stands_in_a_folded_table_without_what_does_not_apply(found):
    block = tables_of(found)["Every patient"]

    assert block.folded
    assert block.of_people
    assert len(block.rows) == 24
    far = [row for row in block.rows if row[0] == found.measured.subjects[0]]
    assert {row[2] for row in far} == {"not applicable"}
    assert {row[4] for row in far} == {"\N{EN DASH}"}
    assert all("out_of_range" in row[7] for row in far)


def test_small_counts_are_hidden_and_no_patient_is_shown(found):
    section = Hiding(5).section(predicted_section(results(found)))

    shown = {b.caption: b for b in section.blocks if b.kind == "table"}
    assert "Every patient" not in shown
    ((*_, subjects, _scored, void, unscored),) = shown["Who was scored"].rows
    assert void == unscored == "< 5"
    assert all(row[3] == "< 5" for row in shown["Flags"].rows)
    assert subjects in ("12", "hidden")


def test_probabilities_of_a_binary_endpoint_are_told_without_a_day():
    every = world(102)
    document = frozen(some(every, slice(0, 90)), "binary")
    later = meeting(document, some(every, slice(90, None)))

    rows = tables_of(later)["Risks of those who were scored"].rows

    assert [row[1] for row in rows] == ["probability"]

"""The report of a study that starts from features says what it does not know."""

import pandas as pd
import pytest

from concord.folds.settings import CovariateSection, FactorSection
from concord.report.numbers import NONE
from concord.report.results import Results
from concord.report.sections import imported
from concord.report.sections.design import nesting
from concord.report.sections.measurement import axes_missing
from concord.tables.kinds import KINDS as COLUMNS

from ... import synthetic_results as synthetic

SETTINGS = synthetic.SETTINGS.model_copy(
    update={
        "covariates": {
            "stage": CovariateSection(column="stage", kind="category", levels=["1"])
        },
        "factors": {"care": FactorSection(column="treatment", label="Treatment")},
    }
)
SOURCE = {
    "files": [{"name": "features.csv", "sha256": "ab12"}],
    "rows": 9,
    "rows_used": 7,
    "columns": 12,
    "features": 8,
    "subjects_with_features": {"North": 4, "South": 3},
}


def results(**tables) -> Results:
    filled = {
        kind: pd.DataFrame(rows, columns=list(COLUMNS[kind]))
        for kind, rows in tables.items()
    }
    declared = {"software": "pyradiomics 3.1.0", "provenance": "not stated"}
    known = {"x": {"settings": declared, "methods": "Features were taken as given."}}
    return Results(
        tables=filled,
        cohort=pd.DataFrame(),
        engine={},
        imported={"source": SOURCE, "recipes": known},
        recipes={},
        figures=(),
        settings=SETTINGS,
    )


def row(name, group, level, n_known=4, nested=True, kind="factor"):
    return {
        "name": name,
        "kind": kind,
        "group": group,
        "n": 4,
        "n_known": n_known,
        "n_levels": 1 if level else 2,
        "level": level,
        "nested": nested,
        "commonest": level or "2",
        "n_commonest": n_known,
        "one_level": False,
        "little_known": n_known == 0,
        "strength": 1.0 if nested else 0.25,
        "chance": 0.1,
        "verdict": "nested" if nested else "apart",
    }


def cells(block) -> list[list[str]]:
    return [list(line) for line in block.rows]


def test_the_section_tells_file_hash_counts_and_what_is_declared():
    section = imported.imported_section(results())
    shown = dict(cells(section.blocks[1]))

    assert "No image was read here" in section.blocks[0].paragraphs[0]
    assert (shown["File"], shown["SHA-256"]) == ("features.csv", "ab12")
    assert shown["Rows"] == "7 used of 9"
    assert shown["Columns"] == "8 features of 12 columns"
    assert shown["Subjects with features"] == "7 (4 North and 3 South)"
    assert shown["Provenance"] == "not stated"
    assert section.blocks[-1].paragraphs == ("No feature row was excluded.",)


def test_batch_variables_are_counted_by_site_with_unknown_values():
    image = {"session": "baseline", "image": "CT", "variable": "kernel"}
    batches = [
        image | {"subject_id": "1", "site": "North", "value": "sharp"},
        image | {"subject_id": "2", "site": "North", "value": None},
        image | {"subject_id": "3", "site": "South", "value": "sharp"},
    ]
    table = imported.imported_section(results(batch_facts=batches)).blocks[2]

    assert table.caption == "Batch variable kernel: images by site"
    assert cells(table) == [
        ["CT", "not known", "1", "0", "1"],
        ["CT", "sharp", "1", "1", "2"],
    ]


def test_a_nested_factor_is_a_warning_that_names_its_values():
    rows = [row("care", "North", "surgery"), row("care", "South", "radiotherapy")]
    ((title, text),) = nesting.nesting_warnings(results(nesting=rows))

    assert title == "Treatment is nested in the groups"
    assert text.startswith("It is surgery in North and radiotherapy in South.")
    assert "cannot be told from what the group does" in text
    assert cells(nesting.nesting_table(results(nesting=rows))) == [
        ["Treatment", "surgery", "radiotherapy", "1.00", "0.10", "nested"]
    ]


def test_a_covariate_that_a_group_never_recorded_is_a_warning():
    rows = [
        row("stage", "North", None, nested=False, kind="category"),
        row("stage", "South", None, n_known=0, nested=False, kind="category"),
    ]
    ((title, text),) = nesting.nesting_warnings(results(nesting=rows))

    assert title == "Stage is not known everywhere"
    assert "No subject of South has a value of it" in text
    (shown,) = cells(nesting.nesting_table(results(nesting=rows)))
    assert shown == [
        "Stage",
        "2 values",
        f"{NONE} (0 of 4 known)",
        "0.25",
        "0.10",
        "apart",
    ]


@pytest.mark.parametrize("rows", [[], [row("care", "North", None, nested=False)]])
def test_nothing_is_warned_of_where_nothing_is_nested(rows):
    assert not list(nesting.nesting_warnings(results(nesting=rows)))


def test_what_one_measurement_cannot_tell_is_said_once():
    (sentence,) = axes_missing(results())

    assert sentence.startswith(
        "The feature table holds one measurement of each subject"
    )

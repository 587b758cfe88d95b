"""What the report says of updates: what is warranted, and that nothing was silent."""

import re
from dataclasses import replace

import numpy as np

from concord.evaluation.updating.updating import all_updates
from concord.report.blocks import Table, Text
from concord.report.results import load
from concord.report.sections.transfer.updating import updating_section

from ... import synthetic_results as synthetic
from ...updated_models import (
    binary_subjects,
    plain_document,
    settings,
    timed_subjects,
)


def section(tmp_path, kind="binary", n=200, **planted):
    """Section of a study of one model; endpoints are those of the synthetic study."""
    study = load(synthetic.write_results(tmp_path), synthetic.SETTINGS)
    endpoint = next(one for one in study.endpoints if study.outcome(one).name == kind)
    make = binary_subjects if kind == "binary" else timed_subjects
    rows = make(n, np.random.default_rng(1), **planted)
    asked = settings(kind, endpoint=endpoint)
    found = all_updates({"published": plain_document(kind)}, rows, asked)
    tables = {"updates": found.updates, "update_performance": found.performance}
    arm = study.headline
    named = {kind: table.assign(arm=arm) for kind, table in tables.items()}
    made = updating_section(replace(study, tables={**study.tables, **named}))
    return made, named["updates"]


def words(made):
    parts = [b.paragraphs for b in made.blocks if isinstance(b, Text)]
    return " ".join(" ".join(part) for part in parts)


def tables_of(made):
    return [block for block in made.blocks if isinstance(block, Table)]


def test_the_warranted_update_is_told_with_what_it_repairs(tmp_path):
    made, _ = section(tmp_path, shift=-1.2)
    told = words(made)
    assert "warrants recalibration in the large (intercept) (p = 0.001 that" in told
    assert re.search(r"changes the Brier score by \N{MINUS SIGN}0\.\d+ \(", told)
    assert "Nothing was updated silently" in told
    assert "No updated model has been validated elsewhere" in told


def test_a_right_model_is_said_to_be_enough(tmp_path):
    made, _ = section(tmp_path)
    assert "the closed test warrants no update" in words(made)
    assert "changes the Brier score" not in words(made)


def test_values_before_and_after_stand_in_one_table(tmp_path):
    made, _ = section(tmp_path, shift=-1.2)
    tests, values, files = tables_of(made)
    assert [row[4] for row in tests.rows] == ["no", "yes", "no"]
    assert [row[1] for row in values.rows] == [
        "before",
        *["after, apparent", "after, cross-validated"] * 2,
    ]
    assert values.columns[2:] == ("In the large", "Slope", "O:E", "Brier score", "ICI")
    assert len(files.rows) == 2


def test_files_are_named_with_their_hashes_and_their_parent(tmp_path):
    made, updates = section(tmp_path, shift=-1.2)
    rows = updates.set_index("update")
    file, own, parent, *_ = tables_of(made)[-1].rows[0]
    assert file.endswith("/in_the_large/model.json")
    assert own == rows.loc["in_the_large", "hash"][:12]
    assert parent == rows.loc["none", "hash"][:12]


def test_a_time_to_an_event_has_a_table_of_events_and_one_of_risks(tmp_path):
    made, _ = section(tmp_path, "survival", factor=2.0)
    captions = [one.caption for one in tables_of(made)]
    assert sum("at 500 days" in one for one in captions) == 1
    assert sum(one.startswith("Calibration before") for one in captions) == 2
    assert "one factor on the baseline hazard" in words(made)


def test_too_few_subjects_are_told_in_place_of_a_test(tmp_path):
    made, _ = section(tmp_path, n=40)
    assert "no test: 40 subjects with a score and a known outcome" in words(made)
    assert tables_of(made)[-1].rows == ()


def test_no_cell_is_empty_or_not_a_number(tmp_path):
    for kind in ("binary", "survival"):
        folder = tmp_path / kind
        folder.mkdir()
        made, _ = section(folder, kind, n=120)
        for table in tables_of(made):
            cells = [cell for row in table.rows for cell in row]
            assert all(cell and "nan" not in cell.lower() for cell in cells)


def test_a_study_without_updates_has_no_section(tmp_path):
    study = load(synthetic.write_results(tmp_path), synthetic.SETTINGS)
    assert updating_section(study) is None

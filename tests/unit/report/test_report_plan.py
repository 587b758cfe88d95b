"""Section on the registered plan, its deviations, and the sealed test set."""

import pandas as pd
import pytest

from concord import tables
from concord.report.blocks import Table, Text
from concord.report.numbers import NONE
from concord.report.results import Results
from concord.report.sections.cohort import cohort_section
from concord.report.sections.evaluation.plan import plan_section

from ... import synthetic_results as synthetic

VERSION = {"version": 1, "registered": "2026-03-01T12:00:00+00:00", "concord": "0.8.0"}
VERSION |= dict.fromkeys(
    ("plan", "config", "sheets", "code", "folds", "sealed"), "ab12"
)
VERSION |= {"n_sealed": 2, "after_results": False}
SEALED = [
    {"subject_id": "C001", "site": "C", "cluster": "P1", "sealed_by": "group"},
    {"subject_id": "A001", "site": "A", "cluster": "P1", "sealed_by": "cluster"},
]
LOOK = {"look": 1, "opened": "2026-04-01T12:00:00+00:00", "pipeline": "cd34"}
LOOK |= {"changed": None, "version": 1, "why": None, "endpoint": "metastasis"}
LOOK |= {"arm": "texture", "against": None, "metric": "auc", "n": 20, "n_unscored": 3}
LOOK |= {"n_events": 8, "estimate": 0.71, "lower": 0.6, "upper": 0.8}
LOOK |= {"method": "DeLong, logit scale", "reason": None}
DEPARTED = {"version": 1, "until": "now", "part": "config", "key": "validation.folds"}
DEPARTED |= {"registered": "3", "found": "5"}


def study(tmp_path, **found):
    """Results with some tables, as they are read back from their files."""
    read = {}
    for kind, rows in found.items():
        tables.write(pd.DataFrame(rows), tmp_path / f"{kind}.tsv", kind)
        read[kind] = tables.read(tmp_path / f"{kind}.tsv", kind)
    cohort = synthetic.cohort()
    return Results(read, cohort, {}, {}, {}, (), synthetic.SETTINGS)


def words(results):
    blocks = plan_section(results).blocks
    return " ".join(p for b in blocks if isinstance(b, Text) for p in b.paragraphs)


def captions(results):
    blocks = plan_section(results).blocks
    return {block.caption: block for block in blocks if isinstance(block, Table)}


def test_a_study_without_a_plan_says_so_in_one_sentence(tmp_path):
    results = study(tmp_path)

    assert words(results).startswith("No plan was registered: nothing shows that")
    assert captions(results) == {}


def test_a_plan_that_was_kept_has_no_deviation(tmp_path):
    results = study(tmp_path, registrations=[VERSION], plan_deviations=[])

    assert "No deviation from version 1 of the registered plan." in words(results)
    assert list(captions(results)) == ["Registered plan"]
    assert captions(results)["Registered plan"].rows[0][-1] == (
        "before any arm was judged"
    )


def test_deviations_are_listed_by_key_with_both_values(tmp_path):
    code = DEPARTED | {"part": "code", "key": "fit_arms"}
    results = study(tmp_path, registrations=[VERSION], plan_deviations=[DEPARTED, code])

    assert (
        "2 deviations from version 1 of the registered plan: 1 in configuration and 1 "
        "in code." in words(results)
    )
    (table,) = [t for c, t in captions(results).items() if c.startswith("Deviations")]
    assert table.rows[0] == ("1", "now", "Configuration", "validation.folds", "3", "5")


def test_what_a_later_version_changed_is_told_but_is_no_deviation(tmp_path):
    second = VERSION | {"version": 2, "after_results": True}
    between = DEPARTED | {"until": "2"}
    results = study(
        tmp_path, registrations=[VERSION, second], plan_deviations=[between]
    )

    assert "No deviation from version 2" in words(results)
    assert captions(results)["Deviations from the registered plan, by key"].rows
    assert captions(results)["Registered plan"].rows[1][-1] == (
        "after arms had been judged"
    )


def test_a_sealed_set_that_nobody_opened_is_told(tmp_path):
    results = study(tmp_path, sealed_subjects=SEALED)

    assert "2 subjects of A (1), C (1) are sealed" in words(results)
    assert "1 subject of them only because another one of the cluster" in words(results)
    assert "Nobody has looked at them yet." in words(results)
    first = cohort_section(results).blocks[0]
    assert first.note.endswith("2 sealed subjects more are counted nowhere here.")


def test_one_look_is_the_test(tmp_path):
    results = study(tmp_path, sealed_subjects=SEALED, sealed_looks=[LOOK])

    assert "looked at once" in words(results)
    assert "Nobody has looked" not in words(results)
    row = captions(results)["Every look at the sealed subjects"].rows[0]
    assert row == ("1", LOOK["opened"], "cd34", "the test", NONE, "version 1", NONE)
    value = captions(results)["Results on the sealed subjects"].rows[0]
    assert value[3:] == (
        "AUC",
        "0.71 (0.60 to 0.80)",
        "n = 20, 8 events; 3 not scored",
    )


def test_a_second_look_is_told_to_be_no_test(tmp_path):
    again = LOOK | {"look": 2, "changed": "models, code", "why": "other penalty"}
    against = again | {"against": "clinical", "metric": "auc_difference"}
    results = study(
        tmp_path, sealed_subjects=SEALED, sealed_looks=[LOOK, again, against]
    )

    assert "looked at 2 times. Only the first look is a test" in words(results)
    row = captions(results)["Every look at the sealed subjects"].rows[1]
    assert row[3:] == (
        "a look of a changed pipeline",
        "models, code",
        "version 1",
        "other penalty",
    )
    value = captions(results)["Results on the sealed subjects"].rows[2]
    assert value[2:4] == ("Clinical + CT texture less Clinical", "difference of AUC")


@pytest.mark.parametrize("kind", ["registrations", "sealed_looks"])
def test_empty_tables_are_no_plan_and_no_look(tmp_path, kind):
    assert words(study(tmp_path, **{kind: []})).startswith("No plan was registered")

"""Items are filled by what exists, and by nothing else."""

import json

import pandas as pd
import pytest

from concord import tables
from concord.report.blocks import Link, Table
from concord.report.checklists import filling, pages
from concord.report.checklists.facts import Facts, paths_of
from concord.report.checklists.items import Checklist, Item
from concord.report.checklists.section import checklists_section
from concord.report.results import Results

from ... import synthetic_results as synthetic

VALUES = {
    "study.name": "Small",
    "study.seed": 0,
    "arms.a.scaling": "standardize",
    "arms.b.scaling": "standardize",
    "arms.a.selection": None,
    "validation.temporal": False,
}
COHORT = pd.DataFrame({"subject_id": ["S1", "S2", "S3"], "site": ["A", "A", "B"]})


@pytest.fixture
def paths(tmp_path):
    """A cohort, a table of two rows, an empty table of exclusions, and a document."""
    COHORT.to_csv(tmp_path / "cohort.tsv", sep="\t", index=False)
    tables.write([], tmp_path / "exclusions.tsv", "exclusions")
    row = {"file": "a", "result": "a", "sha256": "0", "size": 7, "rule": ""}
    tables.write([row, row | {"file": "b", "size": 9}], tmp_path / "m.tsv", "manifest")
    (tmp_path / "d.json").write_text(json.dumps({"recipes": {"x": {"bins": 32}}}))
    return {
        "cohort": [str(tmp_path / "cohort.tsv")],
        "exclusions": [str(tmp_path / "exclusions.tsv")],
        "manifest": [str(tmp_path / "m.tsv")],
        "recipes": [str(tmp_path / "d.json")],
        "final": [str(tmp_path / "gone.json")],
    }


def filled(paths, *evidence, smallest=0, **changes):
    item = {"item": "1", "section": "s", "words": "w", "status": "auto"}
    one = Item(**(item | {"evidence": list(evidence)} | changes))
    listed = Checklist(title="t", sources=["doi:10.1/x"], partial="", items=[one])
    (found,) = filling.fill("clear", listed, Facts(paths, VALUES, smallest))
    return found


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("table:cohort", "3 subjects"),
        ("table:cohort/site", "site: A, B"),
        ("table:cohort/site>1", "site: A, B"),
        ("table:manifest", "2 rows"),
        ("table:manifest/size", "size: 7 to 9"),
        ("json:recipes/recipes.*.bins", "bins: 32"),
        ("config:arms.*.scaling", "scaling: standardize"),
        ("config:study.seed", "seed: 0"),
    ],
)
def test_an_item_whose_fact_exists_is_filled_with_its_value(paths, pointer, value):
    found = filled(paths, pointer)
    assert (found.state, found.value) == (filling.FROM_FACTS, value)
    known = {path for given in paths.values() for path in given}
    assert found.file in known | {"configuration"}


@pytest.mark.parametrize(
    ("pointer", "reason"),
    [
        ("files:final", "the study makes no final"),
        ("table:leakage/perturbation", "the study makes no leakage"),
        ("table:exclusions/code", "the table exclusions has no row"),
        ("table:manifest/rule", "rule of the table manifest is empty"),
        ("table:manifest/sha256>1", "sha256 of the table manifest has one value"),
        ("json:recipes/recipes.*.width", "recipes.*.width is not in"),
        ("config:arms.*.selection", "arms.*.selection is not set"),
        ("config:validation.temporal", "validation.temporal is not set"),
    ],
)
def test_an_item_without_evidence_is_not_evidenced_and_says_why(paths, pointer, reason):
    found = filled(paths, pointer)
    assert (found.state, found.file) == (filling.NOT_EVIDENCED, "")
    assert reason in found.value


def test_a_file_that_was_deleted_proves_nothing_any_more(paths, tmp_path):
    assert filled(paths, "table:cohort/site").state == filling.FROM_FACTS
    (tmp_path / "cohort.tsv").unlink()
    assert filled(paths, "table:cohort/site").state == filling.NOT_EVIDENCED


def test_one_pointer_is_enough_unless_all_are_needed(paths):
    two = ("table:cohort/site", "table:leakage/perturbation")
    assert filled(paths, *two).value == "site: A, B"
    strict = filled(paths, *two, needs_all=True)
    assert strict.state == filling.NOT_EVIDENCED
    assert strict.value == "the study makes no leakage"


def test_counts_of_few_people_are_hidden(paths):
    assert filled(paths, "table:cohort", smallest=5).value == "fewer than 5 subjects"
    assert filled(paths, "table:manifest/size", smallest=5).value == "size: given"


def test_values_of_single_people_are_never_told(paths, tmp_path):
    aged = COHORT.assign(age=[40.0, 50.0, 91.0])
    aged.to_csv(tmp_path / "cohort.tsv", sep="\t", index=False)
    assert filled(paths, "table:cohort/age").value == "age: given; 3 subjects"


def test_a_draft_is_composed_of_settings_and_says_what_is_not_set(paths):
    text = (
        "Study {study.name}, scaled by {arms.*.scaling}, chosen by {arms.*.selection}."
    )
    found = filled(paths, status="draft", draft=text)
    assert found.state == filling.DRAFTED
    assert found.value == ("Study Small, scaled by standardize, chosen by [not set].")


def test_a_human_item_stays_empty(paths):
    found = filled(paths, status="human")
    assert (found.state, found.value, found.file) == (filling.LEFT, "", "")


def test_pages_tell_counts_sources_and_no_markup_of_the_study(paths):
    item = Item(
        item="1",
        section="s",
        words="<b>w|w</b>",
        status="auto",
        evidence=["table:cohort/site"],
    )
    listed = Checklist(title="T", sources=["doi:10.1/x"], partial="", items=[item])
    found = filling.fill("clear", listed, Facts(paths, VALUES))
    html = pages.page("<script>", listed, found)
    text = pages.markdown("Small", listed, found)

    assert "<script>" not in html
    assert "&lt;b&gt;w|w&lt;/b&gt;" in html
    for told in ("1 from facts, 0 drafted", "doi:10.1/x", "no score"):
        assert told in html
        assert told in text
    assert "&lt;b&gt;w\\|w&lt;/b&gt;" in text
    assert html.count("http") == html.count("http-equiv")


def test_inputs_are_lists_whether_one_file_was_given_or_several():
    assert paths_of({"a": "x", "b": ["y", "z"], "c": []}) == {
        "a": ["x"],
        "b": ["y", "z"],
        "c": [],
    }


def test_the_report_counts_items_by_state_and_links_the_lists():
    rows = [
        vars(filling.Filled("clear", str(number), "s", "w", "auto", state, "", "", ""))
        for number, state in enumerate([filling.FROM_FACTS, *filling.STATES])
    ]
    table = pd.DataFrame(rows)
    results = Results({"checklist": table}, COHORT, {}, {}, {}, (), synthetic.SETTINGS)
    found = checklists_section(results)

    (counts,) = [one for one in found.blocks if isinstance(one, Table)]
    assert counts.rows == (("CLEAR", "2", "1", "1", "1"),)
    links = [one.href for one in found.blocks if isinstance(one, Link)]
    assert links == ["checklists/clear.html", "data_card.html"]


def test_a_report_without_checklists_has_no_section_on_them():
    results = Results({}, COHORT, {}, {}, {}, (), synthetic.SETTINGS)
    assert checklists_section(results) is None

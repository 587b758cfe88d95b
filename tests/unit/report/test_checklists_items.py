"""Shipped checklists: every item once, and no pointer to what cannot be."""

from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from concord import provenance
from concord.report.checklists import items
from concord.report.registration.settings import values_of
from concord.report.results import DOCUMENTS
from concord.study.parsing import parse
from concord.tables import KINDS

ROOT = Path(__file__).resolve().parents[3]
#: Inputs of rule checklists that are no table of the report.
FILES = {"final", "matrix"}
COHORT = {"site"}
#: Items of each list: their number in the publication.
SIZES = {"clear": 58, "metrics": 30, "tripod_ai": 52, "probast_ai": 34}


def pointers():
    return [
        (name, item.item, pointer)
        for name in items.FILES
        for item in items.checklist(name).items
        for pointer in item.evidence
    ]


@pytest.fixture(scope="module")
def keys():
    """All keys of the demo's configuration, set or not."""
    raw = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    return set(values_of(parse(raw, "config.yaml")[0]))


@pytest.mark.parametrize("name", items.FILES)
def test_a_list_has_as_many_items_as_its_publication(name):
    assert len(items.checklist(name).items) == SIZES[name]


@pytest.mark.parametrize("name", ["clear", "metrics"])
def test_items_of_plain_lists_are_numbered_in_their_order(name):
    numbers = [one.item for one in items.checklist(name).items]
    assert numbers == [str(number + 1) for number in range(SIZES[name])]


def test_tripod_has_27_items_with_their_parts():
    numbers = [one.item.rstrip("abcdefg") for one in items.checklist("tripod_ai").items]
    assert list(dict.fromkeys(numbers)) == [str(number + 1) for number in range(27)]


def test_probast_has_16_questions_on_development_and_18_on_evaluation():
    parts = [one.item[0] for one in items.checklist("probast_ai").items]
    assert (parts.count("D"), parts.count("E")) == (16, 18)


@pytest.mark.parametrize("name", items.FILES)
def test_every_list_names_its_source_by_doi(name):
    assert all("doi:10." in one for one in items.checklist(name).sources)


def test_tables_that_pointers_name_are_declared_with_their_columns():
    for name, item, pointer in pointers():
        kind, _, place = pointer.removeprefix("table:").partition("/")
        if pointer.startswith("table:") and kind != "cohort":
            assert kind in KINDS, (name, item)
            assert not place or place.removesuffix(">1") in KINDS[kind], (name, item)
        elif pointer.startswith("table:"):
            assert {place.removesuffix(">1")} <= COHORT | {""}, (name, item)


def test_no_pointer_leads_to_what_may_tell_a_person():
    telling = {"subject_id", "cluster", "reason", "note", "text", "message"}
    shown = [one for one in pointers() if one[2].partition("/")[2] in telling]
    drafts = {
        (name, item.item)
        for name in items.FILES
        for item in items.checklist(name).items
        if item.status == "draft"
    }
    assert {(name, item) for name, item, _ in shown} <= drafts


def test_documents_and_files_that_pointers_name_are_inputs():
    for name, item, pointer in pointers():
        kind, _, rest = pointer.partition(":")
        if kind in ("json", "files"):
            known = DOCUMENTS if kind == "json" else FILES
            assert rest.partition("/")[0] in known, (name, item)


def test_keys_that_items_name_are_keys_of_the_configuration(keys):
    for pattern in items.keys_asked():
        assert any(items.matches(key, pattern) for key in keys), pattern


def test_a_star_stands_for_one_part_of_a_key():
    assert items.matches("arms.a.model.kind", "arms.*.model")
    assert not items.matches("endpoints.a.treatment.label", "endpoints.*.label")
    assert not items.matches("arms", "arms.*")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"status": "auto"}, "is auto and points at nothing"),
        ({"status": "draft"}, "is draft and points at nothing"),
        ({"status": "human", "draft": "x"}, "nothing can prove it"),
        ({"status": "auto", "evidence": ["results/a.tsv"]}, "is no pointer"),
        ({"status": "auto", "evidence": ["table:a/../b"]}, "is no pointer"),
    ],
)
def test_an_item_that_promises_what_it_lacks_is_refused(changed, told):
    with pytest.raises(ValidationError, match=told):
        items.Item(item="1", section="a", words="b", **changed)


def test_an_item_that_stands_twice_is_refused():
    item = items.Item(item="1", section="a", words="b", status="human")
    with pytest.raises(ValidationError, match="items 1 stand twice"):
        items.Checklist(title="t", sources=["s"], partial="", items=[item, item])


def test_a_change_of_a_list_changes_the_code_of_its_rule(tmp_path, monkeypatch):
    def fingerprint():
        provenance._fingerprint.cache_clear()
        provenance._parsed.cache_clear()
        return provenance.code_fingerprint("checklists.py")

    before = fingerprint()
    resources = tmp_path / "resources"
    (resources / "checklists").mkdir(parents=True)
    for path in provenance.RESOURCES.rglob("*.*"):
        copy = resources / path.relative_to(provenance.RESOURCES)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(provenance, "RESOURCES", resources)
    assert fingerprint() == before
    with (resources / "checklists" / "clear.yaml").open("a") as file:
        file.write("# one more line\n")
    assert fingerprint() != before
    monkeypatch.undo()
    assert fingerprint() == before

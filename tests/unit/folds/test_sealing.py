"""Who is sealed: by site, column or share, whole clusters, and never by outcomes."""

import pytest

from concord.fields import CohortColumns
from concord.folds.sealing import SealedSection, sealed_subjects, sealing_faults
from concord.folds.validation import ValidationSection, validation_faults
from concord.methods_clauses import clauses

COLUMNS = CohortColumns(subject_id_column="id", cluster_column="person")


def row(number, site="A", person="", **cells):
    given = {"id": f"S{number:03d}", "site": site, "person": person, "dead": "0"}
    return given | cells


def rows(n=200, **cells):
    return [row(number, "ABC"[number % 3], **cells) for number in range(n)]


def sealed(choice, sheet, seed=1):
    return sealed_subjects(SealedSection(**choice), sheet, COLUMNS, seed)


def faults(choice, sheet, outcomes=("dead",)):
    section = SealedSection(**choice)
    return dict(sealing_faults(section, sheet, COLUMNS, outcomes, 1))


def test_nobody_is_sealed_without_a_choice():
    assert sealed_subjects(None, rows(), COLUMNS, 1) == {}


def test_a_site_is_sealed_however_its_cells_are_spelt():
    sheet = [row(1, "North "), row(2, "north"), row(3, "South")]

    assert list(sealed({"group": "North"}, sheet)) == ["S001", "S002"]
    assert {one["sealed_by"] for one in sealed({"group": "North"}, sheet).values()} == {
        "group"
    }


def test_values_of_a_column_are_sealed():
    sheet = [row(1, period="late"), row(2, period="early"), row(3, period="last")]

    found = sealed({"column": "period", "values": ["late", "last"]}, sheet)
    assert list(found) == ["S001", "S003"]


def test_a_cluster_is_sealed_as_a_whole_and_says_so():
    sheet = [row(1, "A", "P1"), row(2, "C", "P1"), row(3, "A", "P2"), row(4, "A")]

    found = sealed({"group": "C"}, sheet)
    assert {name: one["sealed_by"] for name, one in found.items()} == {
        "S001": "cluster",
        "S002": "group",
    }


def test_a_share_is_drawn_by_clusters_and_by_the_seed():
    sheet = [row(number, "A", f"P{number // 2}") for number in range(400)]
    found = sealed({"share": 0.2}, sheet)

    assert 50 < len(found) < 110
    people = {one["cluster"] for one in found.values()}
    assert len(found) == 2 * len(people)
    assert found != sealed({"share": 0.2}, sheet, seed=2)


def test_whoever_joins_later_moves_nobody_across_the_seal():
    early, late = sealed({"share": 0.3}, rows(100)), sealed({"share": 0.3}, rows(150))

    known = {one["id"] for one in rows(100)}
    assert list(early) == [name for name in late if name in known]


def test_no_outcome_moves_anybody_across_the_seal():
    for choice in ({"share": 0.3}, {"group": "B"}):
        assert sealed(choice, rows()) == sealed(choice, rows(dead="1"))


@pytest.mark.parametrize(
    ("choice", "key", "text"),
    [
        ({"group": "D"}, "validation.sealed.group", "'D' occurs in no row; known: A"),
        (
            {"column": "dead", "values": "1"},
            "validation.sealed.column",
            "'dead' is an outcome; who is sealed must not depend on outcomes",
        ),
        (
            {"group": ["A", "B", "C"]},
            "validation.sealed",
            "seals all 200 subjects, so nobody is left to learn from",
        ),
        ({"share": 1e-9}, "validation.sealed", "seals none of the 200 subjects"),
    ],
)
def test_a_seal_that_cannot_be_is_refused(choice, key, text):
    assert text in faults(choice, rows())[key]


def test_a_seal_that_can_be_has_no_fault():
    assert faults({"group": "A"}, rows()) == {}


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        ({}, "has none, expected one of group, column, share"),
        ({"group": "A", "share": 0.2}, "has group and share, expected one of"),
        ({"column": "period"}, "expected column and values together"),
        ({"values": "late", "group": "A"}, "expected column and values together"),
    ],
)
def test_one_way_to_choose_is_given(choice, text):
    section = ValidationSection(sealed=SealedSection(**choice))

    assert any(text in told for _, told in validation_faults(section))


def test_groups_that_only_images_tell_cannot_be_sealed():
    section = ValidationSection(sealed={"group": "v1"}, group="CT.SoftwareVersions")

    ((key, told),) = validation_faults(section)
    assert key == "validation.sealed.group"
    assert "must be known from the sheet" in told


def test_the_methods_say_who_is_sealed():
    section = ValidationSection(sealed={"group": ["A", "B"]})

    assert clauses(section)["sealed"] == (
        "keeping subjects of A and B sealed from everything that sees outcomes or "
        "learns, for one test of the final models at the end"
    )
    assert "sealed" not in clauses(ValidationSection())

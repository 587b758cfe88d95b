"""Ledger of looks at the sealed subjects: append-only, and an edit is seen."""

import json
from datetime import UTC, datetime

import pytest

from concord.errors import StudyError
from concord.evaluation.sealed import chained, looks

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PARTS = dict.fromkeys(looks.PARTS, "a")
FACTS = {"n_sealed": 14, "why": "", "version": None}
VALUE = {"endpoint": "death", "arm": "radiomics", "metric": "auc", "estimate": 0.7}
VALUE |= {"lower": 0.5, "upper": 0.8, "n": 14, "n_unscored": 0, "n_events": 6}
VALUE |= {"method": "DeLong", "reason": None}


def look(path, **changed):
    pipeline = looks.pipeline_of(PARTS | changed)
    return looks.add_look(path, pipeline, FACTS, [VALUE], NOW)


@pytest.fixture
def ledger(tmp_path):
    """A ledger of three looks."""
    path = tmp_path / "ledger.jsonl"
    look(path)
    look(path, models="b")
    look(path, models="b", code="c")
    return path


def test_a_file_that_is_not_there_holds_nothing(tmp_path):
    assert chained.read(tmp_path / "ledger.jsonl") == []


def test_looks_are_numbered_and_tell_what_changed(ledger):
    found = chained.read(ledger)

    assert [one["look"] for one in found] == [1, 2, 3]
    assert [one["changed"] for one in found] == [[], ["models"], ["code"]]
    assert found[0]["opened"] == "2026-03-01T12:00:00+00:00"


def test_earlier_lines_stay_to_the_byte(ledger):
    before = ledger.read_bytes()
    look(ledger, config="d")

    assert ledger.read_bytes().startswith(before)
    assert ledger.read_bytes() != before


def test_a_pipeline_is_known_by_all_of_its_parts(ledger):
    entries = chained.read(ledger)

    assert looks.known_look(entries, looks.pipeline_of(PARTS))
    assert looks.known_look(entries, looks.pipeline_of(PARTS | {"models": "b"}))
    for part in looks.PARTS:
        changed = looks.pipeline_of(PARTS | {part: "new"})
        assert not looks.known_look(entries, changed), part


def test_an_edited_value_is_seen(ledger):
    text = ledger.read_text()
    ledger.write_text(text.replace('"estimate":0.7', '"estimate":0.9', 1))

    with pytest.raises(StudyError, match=r"line 1 has the hash .* it was edited"):
        chained.read(ledger)


def test_an_edit_that_mends_its_own_hash_is_seen_in_the_next_line(ledger):
    first, *others = ledger.read_text().splitlines()
    entry = json.loads(first) | {"opened": "2025-01-01T00:00:00+00:00"}
    entry["hash"] = chained.hash_of(entry)
    ledger.write_text("\n".join([json.dumps(entry), *others]) + "\n")

    with pytest.raises(
        StudyError, match=r"line 2 names .* as the hash of the line befo"
    ):
        chained.read(ledger)


@pytest.mark.parametrize("kept", [(1, 2), (0, 2), (1, 0, 2)])
def test_a_line_that_was_removed_or_moved_is_seen(ledger, kept):
    lines = ledger.read_text().splitlines()
    ledger.write_text("".join(f"{lines[number]}\n" for number in kept))

    with pytest.raises(StudyError, match="a line was removed, added or moved"):
        chained.read(ledger)


@pytest.mark.parametrize("line", ["look 4", "[1]"])
def test_a_line_by_hand_is_no_entry(ledger, line):
    ledger.write_text(f"{ledger.read_text()}{line}\n")

    with pytest.raises(StudyError, match=r"line 4 is no .* restore it from version"):
        chained.read(ledger)


def test_nothing_is_appended_to_a_broken_chain(ledger):
    ledger.write_text(ledger.read_text().replace("0.7", "0.9", 1))
    before = ledger.read_bytes()

    with pytest.raises(StudyError):
        look(ledger, config="d")
    assert ledger.read_bytes() == before


def test_the_terminal_is_told_every_look(ledger):
    told = looks.told(ledger)

    assert "look 1, 2026-03-01T12:00:00+00:00, the test:" in told
    assert "look 3, 2026-03-01T12:00:00+00:00, of a changed pipeline (code):" in told
    assert "death, radiomics, auc: 0.700 (0.500 to 0.800)" in told


def test_rows_of_the_table_hold_every_look_and_value(ledger):
    rows = looks.look_rows(chained.read(ledger))

    assert [row["look"] for row in rows] == [1, 2, 3]
    assert rows[2]["changed"] == "code"
    assert rows[0]["changed"] is None

"""docs/reliability.md: its codes are declared, its tests are there."""

import re

from concord.ingest.faults.codes import CODES
from concord.study.documents import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


def cells() -> list[list[str]]:
    """Cells of all rows of the tables, without their heads."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    split = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return [row for row in split if row[0] not in ("kind", "---")]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_kind_has_a_test_and_an_outcome():
    assert len(cells()) >= 40
    for row in cells():
        assert len(row) in (3, 4), row
        assert row[0], row
        assert row[1], row
        assert quoted(row[-1]) or row[-1] == "the same", row


def test_every_code_of_the_table_is_declared_as_it_says():
    coded = [row for row in cells() if len(row) == 4]
    for kind, outcome, codes, _ in coded:
        for code in quoted(codes):
            assert code in CODES, kind
            if "waived" in outcome:
                assert CODES[code].waivable, kind


def test_every_test_of_the_table_is_there():
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")
    )
    named = [name for row in cells() for name in quoted(row[-1])]
    absent = [
        name
        for name in named
        if f"def {name}(" not in sources and f'"{name}"' not in sources
    ]
    assert not absent

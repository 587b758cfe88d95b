"""docs/security.md: each kind of hostile input has an outcome, its code and a test."""

import re

from concord.study.documents import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    """Cells of the tables of kinds, without their heads."""
    part = PAGE[
        PAGE.index("## Kinds of hostile input") : PAGE.index("\n## Small numbers")
    ]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    split = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in split if row[0] != "kind" and set(row[0]) != {"-"}]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_kind_has_an_outcome_a_place_and_a_test():
    assert len(rows()) >= 20
    for row in rows():
        assert len(row) == 4, row
        assert all(row), row
        assert quoted(row[3]), row


def test_every_place_and_every_test_is_there():
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")
    )
    for row in rows():
        for path in quoted(row[2]):
            assert (ROOT / path).exists(), path
        for name in quoted(row[3]):
            assert f"def {name}(" in sources, name

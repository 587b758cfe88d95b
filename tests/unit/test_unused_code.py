"""Names that the check for unused code passes over: all there, all for their reason."""

import ast
import re
from pathlib import Path

import pytest
from pydicom.datadict import tag_for_keyword

from concord.provenance import SCRIPTS

TESTS = Path(__file__).resolve().parents[1]
TEXT = (TESTS / "unused_code_allowed.py").read_text(encoding="utf-8")
NAMES = [n.attr for n in ast.walk(ast.parse(TEXT)) if isinstance(n, ast.Attribute)]
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.rglob("*.py"))
RULES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (SCRIPTS.parent / "workflow" / "rules").glob("*.smk")
)


def group(title: str) -> list[str]:
    """Names below a comment that starts with these words."""
    (block,) = [part for part in TEXT.split("\n\n") if part.startswith(f"# {title}")]
    return re.findall(r"^_\.(\w+)$", block, re.MULTILINE)


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def test_every_name_passed_over_still_stands_in_a_script():
    assert set(NAMES) <= words(SOURCES)
    assert len(NAMES) == len(set(NAMES))


def test_names_of_headers_are_keywords_of_dicom():
    assert [n for n in group("Attributes of DICOM") if not tag_for_keyword(n)] == []


@pytest.mark.parametrize("name", group("Named in rule files"))
def test_names_of_rule_files_stand_there(name):
    assert name in words(RULES)

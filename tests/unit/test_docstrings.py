"""Docstrings of the library start with a noun phrase or a verb, not with a question."""

import ast
from functools import cache
from pathlib import Path

import pytest

LIBRARY = Path(__file__).resolve().parents[2] / "scripts" / "concord"
QUESTIONS = ("What", "How", "Which", "Whether")


def questions_in(source: str) -> list[str]:
    """First lines of the docstrings of a module that start with a question word."""
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds))
    texts = (ast.get_docstring(node) for node in nodes)
    lines = (text.strip().splitlines()[0] for text in texts if text and text.strip())
    return [line for line in lines if line.split(maxsplit=1)[0] in QUESTIONS]


@cache
def questions() -> dict[str, list[str]]:
    """Such lines of each package, with the module that each stands in."""
    found: dict[str, list[str]] = {}
    for path in sorted(LIBRARY.rglob("*.py")):
        package = path.parent.relative_to(LIBRARY.parent).as_posix()
        name = path.relative_to(LIBRARY.parent)
        lines = [f"{name}: {line}" for line in questions_in(path.read_text("utf-8"))]
        found.setdefault(package, []).extend(lines)
    return found


@pytest.mark.parametrize("package", sorted(questions()))
def test_no_docstring_starts_with_a_question(package):
    assert questions()[package] == []


def test_questions_are_found_at_the_start_of_a_docstring_only():
    source = '"""What it is."""\ndef f():\n    """Says how it is."""\n'
    source += (
        'class A:\n    """Whether so."""\n    def g(self):\n        """ How so."""\n'
    )
    assert questions_in(source) == ["What it is.", "Whether so.", "How so."]

"""Docstrings of the library start with a noun phrase or a verb, not with a question."""

import ast
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[2] / "scripts" / "concord"
QUESTIONS = ("What", "How", "Which", "Whether")


def questions_in(source: str) -> list[str]:
    """First lines of the docstrings of a module that start with a question word."""
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds))
    texts = (ast.get_docstring(node) for node in nodes)
    lines = (text.strip().splitlines()[0] for text in texts if text and text.strip())
    return [line for line in lines if line.split(maxsplit=1)[0] in QUESTIONS]


def modules() -> list[Path]:
    """Modules of the library, and the scripts of the rules."""
    return sorted([*LIBRARY.rglob("*.py"), *LIBRARY.parent.glob("*.py")])


def test_no_docstring_starts_with_a_question():
    found = [
        f"{path.relative_to(LIBRARY.parent)}: {line}"
        for path in modules()
        for line in questions_in(path.read_text("utf-8"))
    ]
    assert found == [], "start with a noun phrase or a verb"


def test_the_search_sees_the_library_and_the_scripts_of_the_rules():
    names = {path.relative_to(LIBRARY.parent).as_posix() for path in modules()}
    known = {"fit_arms.py", "concord/errors.py", "concord/models/pipeline.py"}
    assert known <= names


def test_questions_are_found_at_the_start_of_a_docstring_only():
    source = '"""What it is."""\ndef f():\n    """Says how it is."""\n'
    source += (
        'class A:\n    """Whether so."""\n    def g(self):\n        """ How so."""\n'
    )
    assert questions_in(source) == ["What it is.", "Whether so.", "How so."]

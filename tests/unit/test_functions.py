"""Sizes of the library: functions short enough to take in, modules of one thing.

The exceptions are exact: one that has become shorter must leave the list.
"""

import ast
from collections.abc import Iterator

from concord.provenance import SCRIPTS

MOST_LINES = 25
MOST_MODULE_LINES = 300
#: Longer functions, and why they stay.
LONG_FUNCTIONS = {
    "concord/features/recipe/resolve.py resolve": "a table: one line per setting",
    "concord/ingest/index/series_table.py _series_row": "a table: one line per column",
}
#: Longer modules, and why they stay.
LONG_MODULES = {
    "concord/features/settings/filters.py": "declarations: keys of the filters, one "
    "after the other as the configuration has them",
    "concord/features/settings/recipe.py": "declarations: keys of a recipe, which "
    "pydantic wants in one class",
    "concord/harmonization/estimators/combat.py": "one estimator with the interface of "
    "scikit-learn; its formulas are in modules of their own",
}


def modules() -> Iterator[tuple[str, str]]:
    """Name below the scripts and text of each module."""
    for path in sorted(SCRIPTS.rglob("*.py")):
        yield path.relative_to(SCRIPTS).as_posix(), path.read_text(encoding="utf-8")


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, text: str) -> int:
    """Lines of a body without docstring, blank lines and comments."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    if not body:
        return 0
    lines = text.splitlines()[body[0].lineno - 1 : body[-1].end_lineno]
    return sum(1 for line in lines if line.strip() and line.strip()[0] != "#")


def long_functions(name: str, text: str) -> Iterator[str]:
    """Module and name of each function that is too long."""
    for node in ast.walk(ast.parse(text)):
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_function and body_lines(node, text) > MOST_LINES:
            yield f"{name} {node.name}"


def test_a_body_is_counted_without_docstring_comments_and_blank_lines():
    text = 'def f():\n    """Words.\n\n    More."""\n    a = 1\n\n    # why\n'
    text += "    return a\n"
    (function,) = ast.parse(text).body

    assert body_lines(function, text) == 2
    assert [*long_functions("m.py", text)] == []
    longer = text.replace("    a = 1\n", "    a = 1\n" * MOST_LINES)
    assert [*long_functions("m.py", longer)] == ["m.py f"]


def test_no_function_is_longer_than_allowed_but_those_with_a_reason():
    found = [entry for name, text in modules() for entry in long_functions(name, text)]

    assert found == sorted(LONG_FUNCTIONS)


def test_no_module_is_longer_than_allowed_but_those_with_a_reason():
    found = [
        name for name, text in modules() if len(text.splitlines()) > MOST_MODULE_LINES
    ]

    assert found == sorted(LONG_MODULES)


def test_every_exception_has_its_reason():
    assert all((LONG_FUNCTIONS | LONG_MODULES).values())

"""Assertions of the tests by floor: ``python -m tests.assertions [ROOT]``.

Counts what a change of the tests may not lose: assertions as written (`assert`,
`pytest.raises` and `warns`, `numpy.testing`, and calls of helpers that are named
`assert_...`), test functions, and cases as pytest collects them. `checked` weighs each
assertion of a test by the cases of this test, so that a parameter that goes missing
shows as well; those outside of tests, in helpers, are counted once.
"""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

FLOORS = ("unit", "rules", "statistics", "workflow", "reference", "helpers")
_RAISES = {"raises", "warns"}


def is_assertion(node: ast.AST) -> bool:
    """True for a statement or call that fails a test."""
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    name = getattr(function, "attr", getattr(function, "id", ""))
    if name in _RAISES:
        return ast.unparse(function).startswith("pytest.")
    return name.startswith("assert_")


def assertions(node: ast.AST) -> int:
    """Number of assertions in a part of a file."""
    return sum(map(is_assertion, ast.walk(node)))


def tests_of(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Test functions of a file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def cases(root: Path) -> Counter[tuple[str, str]]:
    """Number of collected cases of each test, by file and name; slow ones too."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests"],
        cwd=root,
        text=True,
        capture_output=True,
    )
    found = re.findall(r"^(tests/\S+\.py)::(?:\w+::)?(\w+)", run.stdout, re.MULTILINE)
    return Counter(found)


def floor(path: str) -> str:
    """Floor of a file below `tests/`, such as "unit"."""
    name = path.split("/")[1]
    return name if name in FLOORS else "helpers"


def counts(root: Path) -> dict[str, Counter[str]]:
    """Files, tests, cases, assertions and checked ones of each floor."""
    collected = cases(root)
    found: dict[str, Counter[str]] = {name: Counter() for name in FLOORS}
    for file in sorted((root / "tests").rglob("*.py")):
        path = file.relative_to(root).as_posix()
        tree = ast.parse(file.read_text(encoding="utf-8"))
        row, tests = found[floor(path)], list(tests_of(tree))
        written = assertions(tree)
        row.update(files=1, tests=len(tests), assertions=written)
        row["checked"] += written - sum(map(assertions, tests))
        for test in tests:
            n_cases = collected[path, test.name]
            row.update(cases=n_cases, checked=assertions(test) * n_cases)
    return found


def markdown(found: dict[str, Counter[str]]) -> str:
    """The counts as a Markdown table with a line of totals."""
    columns = ("files", "tests", "cases", "assertions", "checked")
    total: Counter[str] = sum(found.values(), Counter())
    lines = [("floor", *columns), ("---",) * (len(columns) + 1)]
    lines += [
        (name, *(str(row[column]) for column in columns))
        for name, row in [*found.items(), ("**all**", total)]
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    root = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path.cwd()
    sys.stdout.write(markdown(counts(root)) + "\n")

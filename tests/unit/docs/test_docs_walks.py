"""The walks of the architecture lead through files that exist and import each other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LIBRARY = ROOT / "scripts" / "concord"
#: Files that each walk visited in version 0.3.0, before the packages.
BEFORE = {
    "From a CT series to a GLCM value": 55,
    "From `harmonization.batch` to a fitted ComBat": 24,
    "From estimates to the ROC figure": 21,
}


def section(title: str) -> str:
    """Text below a heading, up to the next one."""
    _, _, rest = PAGE.partition(f"### {title}\n")
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.MULTILINE)[0]


def files(title: str) -> list[str]:
    """Paths of the files of a walk in their order, each once."""
    lines = re.findall(r"^\d+\. .*(?:\n   .*)*", section(title), re.MULTILINE)
    named = (name for line in lines for name in re.findall(r"`([\w/.]+/?\w*)`", line))
    found = [path for name in named if (path := located(name))]
    return list(dict.fromkeys(found))


def located(name: str) -> str:
    """Path of a file as the walks name it; the library's are below `concord/`."""
    if not name.endswith((".py", ".smk", ".yaml")):
        return ""
    for place in ("", "scripts/", "scripts/concord/", "workflow/rules/", "config/"):
        if (ROOT / place / name).is_file():
            return f"{place}{name}"
    raise AssertionError(f"no file {name}")


def imported(path: str) -> Iterator[str]:
    """Files of the library that a Python file, or a rule file, names in imports."""
    text = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".smk"):
        lines = re.findall(r"^from concord\S* import (?:\([^)]*\)|.*)", text, re.M)
        text = "\n".join(lines)
    here = (
        (ROOT / path).relative_to(ROOT / "scripts").with_suffix("").parts
        if (path.startswith("scripts/"))
        else ()
    )
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            base = list(here[: len(here) - node.level]) if node.level else []
            module = [*base, *(node.module or "").split(".")]
            yield from targets([part for part in module if part], node.names)


def targets(module: list[str], names: list[ast.alias]) -> Iterator[str]:
    """Files that an import may mean: the module, a module in it, or its package."""
    folder = ROOT / "scripts" / Path(*module) if module else ROOT / "scripts"
    for path in (folder.with_suffix(".py"), *(folder / f"{n.name}.py" for n in names)):
        if path.is_file():
            yield path.relative_to(ROOT).as_posix()
    if (folder / "__init__.py").is_file() and folder != LIBRARY:
        yield from (p.relative_to(ROOT).as_posix() for p in folder.glob("*.py"))


@pytest.mark.parametrize("title", BEFORE)
def test_a_walk_visits_fewer_files_than_before(title):
    stated = re.search(r"\*\*(\d+) files\*\*", section(title))
    assert stated, "the walk states how many files it visits"
    assert int(stated[1]) == len(files(title))
    assert len(files(title)) < BEFORE[title]


@pytest.mark.parametrize("title", BEFORE)
def test_each_module_of_a_walk_is_imported_on_the_way(title):
    walk = files(title)
    reached = {
        name
        for path in walk
        if path.endswith((".py", ".smk"))
        for name in imported(path)
    }
    modules = {path for path in walk if path.startswith("scripts/concord/")}
    assert modules - reached == set()

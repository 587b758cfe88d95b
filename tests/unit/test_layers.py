"""The library's corridors: imports go one way, and no folder becomes a hall."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from concord.provenance import SCRIPTS

PACKAGE = SCRIPTS / "concord"
#: Packages along the flow of the data; each imports only what stands to its left.
ORDER = (
    "tables",
    "privacy",
    "statistics",
    "simulate",
    "ingest",
    "deidentify",
    "agreement",
    "features",
    "feature_import",
    "stability",
    "folds",
    "harmonization",
    "models",
    "frozen",
    "evaluation",
    "figures",
    "report",
    "study",
    "draft",
)
MOST_MODULES = 22


def module_name(path: Path) -> str:
    """Dotted name below the library."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts).removesuffix("__init__").removesuffix(".")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path: Path) -> Iterator[str]:
    """Own modules that a file imports anywhere, also where types are checked only."""
    here = path.relative_to(PACKAGE).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*here[: len(here) - node.level], *(node.module or "").split(".")]
            dotted = ".".join(filter(None, base))
            for alias in node.names:
                full = f"{dotted}.{alias.name}".removeprefix(".")
                yield full if full in MODULES else dotted


GRAPH = {
    name: {target for target in imported(path) if target in MODULES} - {name}
    for name, path in MODULES.items()
}


def package(name: str) -> str:
    """Package of a module; the module itself if it lies in none."""
    return name.partition(".")[0]


def test_no_module_imports_back():
    TopologicalSorter(GRAPH).prepare()


def test_every_package_has_its_place_in_the_order():
    folders = {
        path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()
    }
    assert folders == set(ORDER)


@pytest.mark.parametrize("name", sorted(GRAPH))
def test_no_stage_imports_a_stage_to_its_right(name):
    place = ORDER.index(package(name)) if package(name) in ORDER else -1
    for target in GRAPH[name] - {""}:
        other = ORDER.index(package(target)) if package(target) in ORDER else -1
        assert other <= place, f"{name} imports {target}"


def test_no_folder_holds_more_modules_than_one_can_see():
    folders = {path.parent for path in MODULES.values()}
    for folder in folders:
        names = [p.name for p in folder.glob("*.py") if p.name != "__init__.py"]
        assert len(names) <= MOST_MODULES, folder.relative_to(SCRIPTS)


def test_imports_are_relative_within_the_library():
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert (node.module or "").split(".")[0] != "concord", name

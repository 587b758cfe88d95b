"""Page of the kinds of tables: every column with type, unit, range and meaning."""

import ast
from collections.abc import Iterator
from pathlib import Path

from ..tables import KINDS
from ..tables.columns import INFINITE, Column
from .rule_page import Rule, rules_of

PAGE = """\
# Tables

Every table is of a declared kind, and is checked when it is written and when it is
read. Tables are text separated by tabs; a missing cell is `NA`. Words in braces, such
as `{{endpoint}}`, stand for each value that the study has. In a column marked *always*,
no cell is empty; a column marked *may be absent* need not be there. Matrices of
features (`*.parquet`) and `results/cohort/cohort.tsv` have columns that depend on the
study: see [features](features.md) and [the configuration](../config/README.md).

A text that a spreadsheet would take for a formula, as a name out of a header may be
(it begins with `=`, `+`, `-`, `@`, a tab or a line break and is no number), is written
with an apostrophe before it. Concord's readers take the apostrophe away again, from
your sheets as well; so `'=x` in a sheet means `=x`, and `''=x` means `'=x`.

This page is made from `scripts/concord/tables/` and `workflow/rules/` by `make docs`.

| kind | files |
| --- | --- |
{index}
{kinds}"""


def table_page(workflow: Path) -> str:
    """Markdown page of every kind of table."""
    files = files_of_kinds(workflow)
    index = [f"| [`{kind}`](#{kind}) | {_paths(files, kind)} |" for kind in KINDS]
    kinds = [_section(kind, columns, files) for kind, columns in KINDS.items()]
    return PAGE.format(index="\n".join(index), kinds="\n".join(kinds))


def files_of_kinds(workflow: Path) -> dict[str, list[str]]:
    """Paths of the tables of each kind, as rules and their scripts write them."""
    files: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for path in sorted((workflow / "rules").glob("*.smk")):
        for rule in rules_of(path):
            script = workflow.parent / "scripts" / f"{rule.name}.py"
            for kind, paths in _written(rule, script):
                files[kind] += [p for p in paths if p not in files[kind]]
    return files


def _written(rule: Rule, script: Path) -> Iterator[tuple[str, list[str]]]:
    """Kinds of tables that a rule writes, each with its paths."""
    if not script.exists():
        return
    kinds = _kinds_by_output(ast.parse(script.read_text(encoding="utf-8")))
    for name, paths in rule.output_files().items():
        kind = kinds.get(name, name)
        if kind in KINDS and all(path.endswith(".tsv") for path in paths):
            yield kind, paths


def _kinds_by_output(script: ast.Module) -> dict[str, str]:
    """Kind of each output that a script names beside it in a call or a constant."""
    found: dict[str, str] = {}
    of_loops = _names_in_loops(script)
    for node in ast.walk(script):
        if isinstance(node, ast.Call):
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            names = [v.attr for v in values if isinstance(v, ast.Attribute)]
            variables = [v.id for v in values if isinstance(v, ast.Name)]
            names += [of_loops[name] for name in variables if name in of_loops]
            found |= dict.fromkeys(names, kind) if (kind := _kind(values)) else {}
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                kind = _kind(getattr(value, "elts", []))
                if kind and isinstance(key, ast.Constant):
                    found[str(key.value)] = kind
    return found


def _names_in_loops(script: ast.Module) -> dict[str, str]:
    """Output that each variable of a loop is one of, of `for x, y in zip(…)` too."""
    found: dict[str, str] = {}
    for loop in (node for node in ast.walk(script) if isinstance(node, ast.For)):
        targets: list[ast.expr] = [loop.target]
        values: list[ast.expr] = [loop.iter]
        if isinstance(loop.target, ast.Tuple) and isinstance(loop.iter, ast.Call):
            targets, values = loop.target.elts, loop.iter.args
        for target, value in zip(targets, values, strict=False):
            if isinstance(target, ast.Name) and isinstance(value, ast.Attribute):
                found[target.id] = value.attr
    return found


def _kind(values: list[ast.expr]) -> str:
    """The first text among expressions that is a kind of table; empty if none."""
    texts = (value.value for value in values if isinstance(value, ast.Constant))
    return next((str(text) for text in texts if text in KINDS), "")


def _paths(files: dict[str, list[str]], kind: str) -> str:
    return ", ".join(f"`{path}`" for path in files[kind])


def _section(kind: str, columns: dict[str, Column], files: dict[str, list[str]]) -> str:
    """Heading of a kind, its files and its columns."""
    lines = [f"\n## {kind}\n"]
    if files[kind]:
        lines += [f"In {_paths(files, kind)}.\n"]
    lines += ["| column | type | unit | range | cells | meaning |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(_cells(name, c))} |" for name, c in columns.items()]
    return "\n".join(lines)


_TYPES = {"string": "text", "Int64": "whole", "float64": "decimal", "bool": "flag"}


def _cells(name: str, column: Column) -> Iterator[str]:
    yield f"`{name}`"
    yield _TYPES[column.dtype]
    yield column.unit
    yield _range(column)
    yield "may be absent" if column.optional else "always" if column.required else ""
    yield column.meaning.replace("|", "\\|")


def _range(column: Column) -> str:
    low, high = (f"{value:g}" for value in (column.lowest, column.highest))
    if column.lowest == -INFINITE and column.highest == INFINITE:
        return ""
    if column.highest == INFINITE:
        return f"≥ {low}"
    return f"≤ {high}" if column.lowest == -INFINITE else f"{low} to {high}"

"""Pages of the public library: one per package, with its modules and names."""

import ast
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[2] / "scripts" / "concord"
INTRODUCTION = """\
# The library

`scripts/concord` is what the rules call. Each package stands for one stage and
imports only packages to its left in this order; [the architecture](../architecture.md)
says why. A page has the modules of the package, and the names that the package exports
or, where it exports none, the public names of its modules.

| package | purpose |
| --- | --- |
"""


def packages() -> dict[str, Path]:
    """Packages of the library by dotted name, in the order of their names."""
    found = sorted(LIBRARY.rglob("__init__.py"))
    return {_dotted(path.parent): path.parent for path in found}


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").relative_to(LIBRARY.parent).parts)


def api_pages() -> dict[str, str]:
    """Markdown of every page, by name; `index` lists the packages."""
    pages = {name: _page(name, folder) for name, folder in packages().items()}
    rows = [
        f"| [`{name}`]({name}.md) | {sentence(folder / '__init__.py')} |"
        for name, folder in packages().items()
    ]
    toctree = ["```{toctree}", ":hidden:", "", *pages, "```"]
    index = INTRODUCTION + "\n".join(rows) + "\n\n" + "\n".join(toctree) + "\n"
    return {"index": index} | pages


def _page(name: str, folder: Path) -> str:
    lines = [f"# `{name}`", "", sentence(folder / "__init__.py"), ""]
    modules = [p for p in sorted(folder.glob("*.py")) if p.name != "__init__.py"]
    if modules:
        head = ["## Modules", "", "| module | purpose | public names |"]
        rows = [f"| `{_dotted(p)}` | {sentence(p)} | {_names(p)} |" for p in modules]
        lines += [*head, "| --- | --- | --- |", *rows, ""]
    below = [n for n in packages() if n.rpartition(".")[0] == name]
    if below:
        lines += ["## Packages within", "", *(f"- [`{n}`]({n}.md)" for n in below), ""]
    if exports(folder / "__init__.py"):
        lines += ["## Exported names", "", *_members(name)]
    elif modules:
        lines += ["## Public names of the modules", ""]
        for path in modules:
            lines += [f"### `{_dotted(path)}`", "", *_members(_dotted(path))]
    return "\n".join(lines)


def _members(name: str) -> list[str]:
    """Directive that documents the public names of a module."""
    options = ["   :members:", "   :no-index-entry:"]
    return ["```{eval-rst}", f".. automodule:: {name}", *options, "```", ""]


def exports(path: Path) -> bool:
    """True if a package says by `__all__` which names it exports."""
    names = (node for node in ast.walk(_tree(path)) if isinstance(node, ast.Name))
    return any(n.id == "__all__" and isinstance(n.ctx, ast.Store) for n in names)


def sentence(path: Path) -> str:
    """First sentence of a module's docstring, on one line, safe in a table."""
    text = (ast.get_docstring(_tree(path)) or "").split("\n\n")[0]
    return " ".join(text.split()).replace("|", "\\|")


def _names(path: Path) -> str:
    kinds = ast.FunctionDef | ast.ClassDef
    found = [node.name for node in _tree(path).body if isinstance(node, kinds)]
    return ", ".join(f"`{name}`" for name in found if not name.startswith("_"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))

"""Lists of the modules of each package, made of the first sentences of the modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

_WIDTH = 88
_LIST = re.compile(r"^- `[\s\S]*?(?=\n\n|\n?\"\"\")", re.MULTILINE)
#: How modules begin whose package says it already.
_OF_FIGURES = "Figure: "
#: First words that keep their capital; words with another capital inside do too.
_PERSONS = ("Gabor", "Newton's")


def module_lists(library: Path) -> dict[Path, str]:
    """Text of the ``__init__.py`` of each package that lists its modules.

    Parameters
    ----------
    library : Path
        Folder of the library.

    Returns
    -------
    dict of Path to str
        Each with its list of modules and packages made anew.
    """
    files = sorted(library.rglob("__init__.py"))
    return {file: _with_list(file) for file in files}


def _with_list(file: Path) -> str:
    listed = "\n".join(_lines(file.parent))
    return _LIST.sub(lambda _: listed, file.read_text(encoding="utf-8"), count=1)


def _lines(package: Path) -> Iterator[str]:
    """A list item for each module and, after them, for each package inside."""
    modules = [file for file in package.glob("*.py") if file.name != "__init__.py"]
    packages = package.glob("*/__init__.py")
    named = {file.stem: file for file in sorted(modules)}
    named |= {f"{file.parent.name}/": file for file in sorted(packages)}
    for name, file in named.items():
        item = f"- `{name}`: {_sentence(file)}"
        yield from wrap(item, _WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _sentence(file: Path) -> str:
    """First sentence of a module, as it goes on after a colon."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    first = (ast.get_docstring(tree) or "").split("\n\n")[0]
    words = " ".join(first.split()).rstrip(".").removeprefix(_OF_FIGURES)
    first_word = words.split(" ")[0]
    is_name = first_word in _PERSONS or first_word[1:] != first_word[1:].lower()
    return words if is_name else words[:1].lower() + words[1:]

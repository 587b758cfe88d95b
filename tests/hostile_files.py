"""Files of results as somebody hostile would leave them: they run code, or break.

What runs leaves a file in a folder of markers, by `command`.
"""

import gzip
import io
import json
import os
import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: A value of text that spreadsheets, browsers, shells and careless readers execute.
TEXTS = (
    "=cmd|' /C touch {marker}'!A0",
    "<script>alert('executed')</script>",
    "$(touch {marker})",
    "__import__('os').system('touch {marker}')",
    "{{self.__init__.__globals__}}{{ 7*7 }}",
    "../../../../{marker}",
)


class Executed:
    """An object whose pickle runs a command as it is read."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.system, (self.command,)


def pickled(path: Path, marker: Path) -> bytes:
    """A pickle; packed, an array of objects or plain, by what the file is called."""
    found = pickle.dumps(Executed(f"touch {marker}"))
    if path.name.endswith(".gz"):
        return gzip.compress(found)
    if path.suffix in (".dcm", ".png", ".parquet"):
        buffer = io.BytesIO()
        np.save(buffer, np.array([Executed(f"touch {marker}")]), allow_pickle=True)
        return buffer.getvalue()
    return found


def source_text(path: Path, marker: Path) -> bytes:
    """Python, or YAML that asks for an object of Python, by what the file is called."""
    if path.suffix in (".json", ".yaml", ".tsv"):
        text = f"__use_yte__: true\na: ?open({str(marker)!r}, 'w')\n"
        text += f"b: !!python/object/apply:os.system ['touch {marker}']\n"
    else:
        text = f"#!/bin/sh\nimport os; os.system('touch {marker}')\n"
    return text.encode()


def truncated(path: Path, marker: Path) -> bytes:
    """The first half of the file."""
    content = path.read_bytes()
    return content[: len(content) // 2]


def valued(path: Path, marker: Path) -> bytes:
    """A file of the same form, whose texts are hostile; numbers stay."""
    return _changed(path, lambda text, n: TEXTS[n % len(TEXTS)].format(marker=marker))


def huge(path: Path, marker: Path) -> bytes:
    """A file of the same form, whose numbers are out of all range."""
    numbers = ("1e400", "-1e308", "9" * 400, "NaN")
    return _changed(path, lambda text, n: text, lambda n: numbers[n % len(numbers)])


KINDS = (pickled, source_text, truncated, valued, huge)


def make_hostile(folder: Path, kind: Callable[[Path, Path], bytes], marker: Path):
    """Replace each file below a folder by a hostile one, with its time of change."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = kind(path, marker / f"{kind.__name__}_{path.name}")
            path.chmod(0o600)
            path.write_bytes(content)


_Text = Callable[[str, int], str]


def _changed(path: Path, text: _Text, number: Callable[[int], str] | None = None):
    """The file with changed values, if it is one of values; else unchanged."""
    content = path.read_bytes()
    if path.suffix == ".tsv":
        return _table(content.decode(), text, number).encode()
    if path.suffix == ".parquet":
        return _matrix(content, text, number)
    if path.suffix in (".json", "") and content[:1] in b"[{" and content:
        return _document(content.decode(), text, number).encode()
    return content


def _table(content: str, text: _Text, number: Callable[[int], str] | None) -> str:
    head, *lines = content.splitlines()
    rows = [line.split("\t") for line in lines]
    for row in rows:
        for place, cell in enumerate(row):
            if _is_number(cell):
                row[place] = number(place) if number else cell
            else:
                row[place] = text(cell, place)
    return "\n".join([head, *("\t".join(row) for row in rows)]) + "\n"


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?|NA|True|False", cell))


def _document(content: str, text: _Text, number: Callable[[int], str] | None) -> str:
    def walked(value: Any, place: int = 0) -> Any:
        if isinstance(value, dict):
            return {k: walked(v, n) for n, (k, v) in enumerate(value.items())}
        if isinstance(value, list):
            return [walked(v, n) for n, v in enumerate(value)]
        if isinstance(value, str):
            return text(value, place)
        if isinstance(value, int | float) and not isinstance(value, bool) and number:
            return float(number(place))
        return value

    return json.dumps(walked(json.loads(content)))


def _matrix(content: bytes, text: _Text, number: Callable[[int], str] | None) -> bytes:
    table = pd.read_parquet(io.BytesIO(content))
    for place, name in enumerate(table.columns):
        if pd.api.types.is_numeric_dtype(table[name]):
            if number and table[name].dtype == np.float64:
                table[name] = float(number(place))
        else:
            table[name] = text("", place) if not number else table[name]
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return buffer.getvalue()

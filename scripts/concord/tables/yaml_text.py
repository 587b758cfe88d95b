"""Settings that others wrote, as YAML or JSON: read as data, within limits.

A tag of YAML could name a function to call, a reference to a reference fills any memory
once it is written out, and a key that stands twice would lose one value without a word.
"""

import json
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from ..errors import ConfigError
from ..file_names import misleading
from ..files import parse_json

#: Characters of a text, values in it with every reference written out, and levels.
MOST_CHARACTERS, MOST_VALUES, MOST_LEVELS = 4_000_000, 200_000, 30


def read_settings_file(path: str | Path) -> Any:
    """Content of a file of settings, see `parsed`.

    Raises
    ------
    ConfigError
        If it cannot be read, or for what `parsed` refuses.
    """
    try:
        size = Path(path).stat().st_size
        if size > MOST_CHARACTERS:
            raise ConfigError(
                f"{path}: has {size} bytes, expected at most {MOST_CHARACTERS}; is "
                "it another file?"
            )
        text = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; give the settings file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path}: cannot be read as text ({type(error).__name__}); write it in "
            "UTF-8"
        ) from None
    return parsed(text, str(path))


def parsed(text: str, where: str) -> Any:
    """Values of a text of JSON or of YAML: mappings, lists, texts and numbers.

    Parameters
    ----------
    text : str
        The text.
    where : str
        What messages call it.

    Raises
    ------
    ConfigError
        If it is neither, asks for an object of Python, has a key twice, refers to
        itself, or exceeds a limit; with the line.
    """
    if len(text) > MOST_CHARACTERS:
        raise ConfigError(
            f"{where}: has {len(text)} characters, expected at most {MOST_CHARACTERS}"
        )
    try:
        if text.lstrip()[:1] == "{":
            return _from_json(text)
        return yaml.load(text, Loader=_DataLoader)
    except (yaml.YAMLError, json.JSONDecodeError) as error:
        lines = " ".join(str(error).split())
        raise ConfigError(f"{where}: is no YAML or JSON: {lines}") from None
    except (RecursionError, ValueError, TypeError, LookupError) as error:
        raise ConfigError(
            f"{where}: holds what is no data ({error}); repair the file"
        ) from None


def _from_json(text: str) -> Any:
    """Values of a text of JSON or, if it is none, of YAML in braces."""
    try:
        return parse_json(text, _once)
    except json.JSONDecodeError:
        return yaml.load(text, Loader=_DataLoader)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping of JSON, each of whose keys stands there once."""
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key in found if [k for k, _ in pairs].count(key) > 1)
        raise ConfigError(f"the key {twice!a} stands twice")
    return found


class _DataLoader(yaml.SafeLoader):
    """Loader of plain data that counts what it composes, references written out."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._values = self._level = 0
        self._sizes: dict[int, int] = {}

    def compose_node(self, parent: Any, index: Any) -> Any:
        """A node, counted; a reference counts as all that it stands for."""
        if self.check_event(yaml.AliasEvent):
            return self._referred(parent, index)
        before, mark = self._values, self.peek_event().start_mark
        self._level += 1
        self._count(1, mark)
        if self._level > MOST_LEVELS:
            raise _refused(f"more than {MOST_LEVELS} levels", mark)
        node = super().compose_node(parent, index)
        self._level -= 1
        self._sizes[id(node)] = self._values - before
        return node

    def _referred(self, parent: Any, index: Any) -> Any:
        mark = self.peek_event().start_mark
        node = super().compose_node(parent, index)
        if id(node) not in self._sizes:
            raise _refused("a reference to what holds it", mark)
        self._count(self._sizes[id(node)], mark)
        return node

    def _count(self, number: int, mark: Any) -> None:
        self._values += number
        if self._values > MOST_VALUES:
            told = f"more than {MOST_VALUES} values, with references written out"
            raise _refused(told, mark)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """A mapping, each of whose keys stands there once."""
        seen: set[str] = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.tag == "tag:yaml.org,2002:merge":
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise _refused("a key that is no text", key.start_mark)
            if key.value in seen:
                name = ascii(key.value) if misleading(key.value) else repr(key.value)
                raise _refused(f"the key {name} twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _refused(told: str, mark: Any) -> yaml.YAMLError:
    return yaml.constructor.ConstructorError(None, None, f"found {told}", mark)

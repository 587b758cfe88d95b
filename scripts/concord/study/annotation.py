"""Configurations with each key explained by the model's own sentence."""

from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..fields import Inline
from .config import StudyConfig
from .feature_table_checks import OF_IMAGES

WIDTH = 84
#: Keys without effect in a study that starts from features.
IDLE = (*OF_IMAGES, "images", "masks")


def annotate(text: str) -> str:
    """A configuration with each key explained by the model's own sentence.

    The comment block that opens the file is kept, other comments are written
    anew; of a mapping from free names, only the first entry is explained.
    """
    head = "".join(_opening_comment(text))
    config = StudyConfig.model_validate(yaml.safe_load(text))
    idle = frozenset(() if config.feature_table is None else IDLE)
    return head + "\n".join(_section(config, 0, True, idle)) + "\n"


def _opening_comment(text: str) -> Iterator[str]:
    """The file's own introduction: comments up to the first empty line."""
    lines = text.splitlines(keepends=True)
    block = []
    for line in lines:
        if not line.startswith("#"):
            break
        block.append(line)
    followed = len(block) < len(lines) and not lines[len(block)].strip()
    if block and followed:
        yield from [*block, "\n"]


def _section(
    section: BaseModel, depth: int, explain: bool, idle: frozenset[str]
) -> Iterator[str]:
    """Lines of a section without the idle keys.

    Unexplained sections show only what the user has set.
    """
    for name, field in type(section).model_fields.items():
        if not explain and name not in section.model_fields_set:
            continue
        absent = getattr(section, name) is None and field.default is None
        if name in idle or (absent and depth == 0):
            continue
        if explain:
            yield from _comment(field, depth)
        yield from _entry(name, getattr(section, name), depth, explain, idle)
        if depth == 0:
            yield ""


def _entry(
    name: str, value: Any, depth: int, explain: bool, idle: frozenset[str]
) -> Iterator[str]:
    indent = "  " * depth
    if isinstance(value, Inline):
        yield f"{indent}{name}: {scalar(value.written())}"
    elif isinstance(value, dict) and any(
        isinstance(v, dict | Inline) for v in value.values()
    ):
        yield f"{indent}{name}:"
        for key, entry in value.items():
            yield from _entry(key, entry, depth + 1, explain, idle)
    elif isinstance(value, BaseModel):
        yield f"{indent}{name}:"
        yield from _section(value, depth + 1, explain, idle)
    elif isinstance(value, dict) and any(
        isinstance(v, BaseModel) for v in value.values()
    ):
        yield f"{indent}{name}:"
        for index, (key, entry) in enumerate(value.items()):
            shown = list(_section(entry, depth + 2, explain and index == 0, idle))
            yield f"{indent}  {key}:" + ("" if shown else " {}")
            yield from shown
    else:
        yield f"{indent}{name}: {scalar(value)}"


def scalar(value: Any) -> str:
    """A value on one line of YAML."""
    text = yaml.safe_dump(
        value,
        default_flow_style=True,
        width=10_000,
        allow_unicode=True,
        sort_keys=False,
    )
    return text.removesuffix("...\n").strip()


def _comment(field: FieldInfo, depth: int) -> Iterator[str]:
    """The field's sentence, wrapped as comment lines."""
    lead = "  " * depth + "# "
    line = lead
    for word in str(field.description).split():
        if len(line) + len(word) > WIDTH and line != lead:
            yield line.rstrip()
            line = lead
        line += word + " "
    yield line.rstrip()

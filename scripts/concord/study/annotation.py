"""Configurations with each key explained by the model's own sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..fields import Inline
from .config import StudyConfig

WIDTH = 84
#: Spaces that a level of the configuration is indented by.
INDENT = "  "


def annotate(text: str) -> str:
    """A configuration with each key explained by the model's own sentence.

    The comment block that opens the file is kept, other comments are written anew. A
    study that applies frozen models is whole only with them, so that it is not checked.
    """
    raw = yaml.safe_load(text)
    if raw.get("model") is None:
        StudyConfig.model_validate(raw)
    return "".join(_opening_comment(text)) + written(raw)


def written(
    raw: Mapping[str, Any],
    notes: Mapping[str, Sequence[str]] | None = None,
    explained: bool = True,
) -> str:
    """A configuration as YAML, its keys in the order of the model.

    Parameters
    ----------
    raw : mapping
        Sections by name, as YAML gives them.
    notes : mapping of str to sequence of str, optional
        Further comments by dotted key, such as ``study.reference_reader``.
    explained : bool, default=True
        Put the sentence of each key above it where it first occurs.
    """
    page = _Page(notes or {}, explained)
    return "\n".join(page.section(StudyConfig, raw, "")) + "\n"


def comment(text: str, depth: int) -> Iterator[str]:
    """A sentence as wrapped lines of a comment."""
    lead = INDENT * depth + "# "
    line = lead
    for word in text.split():
        if len(line) + len(word) > WIDTH and line != lead:
            yield line.rstrip()
            line = lead
        line += word + " "
    yield line.rstrip()


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


@dataclass
class _Page:
    """A configuration on its way to text, and the keys it has explained so far."""

    notes: Mapping[str, Sequence[str]]
    explains: bool
    explained: set[tuple[type[BaseModel], str]] = field(default_factory=set)

    def section(
        self, model: type[BaseModel], raw: Mapping[str, Any], place: str
    ) -> Iterator[str]:
        """Lines of a section: the keys that are given, in the order of its fields."""
        depth = place.count(".")
        for name, info in model.model_fields.items():
            if name not in raw:
                continue
            yield from self._explanation(model, name, info, depth)
            key = f"{place}{name}"
            yield from self._notes(key)
            yield from self._entry(name, raw[name], info.annotation, key)
            if depth == 0:
                yield ""

    def _explanation(
        self, model: type[BaseModel], name: str, info: FieldInfo, depth: int
    ) -> Iterator[str]:
        """Sentence of a key, where it first occurs."""
        if self.explains and (model, name) not in self.explained:
            self.explained.add((model, name))
            yield from comment(str(info.description), depth)

    def _notes(self, key: str) -> Iterator[str]:
        for note in self.notes.get(key, ()):
            yield from comment(note, key.count("."))

    def _entry(self, name: str, value: Any, kind: Any, key: str) -> Iterator[str]:
        indent, model = INDENT * key.count("."), section_of(kind)
        if not isinstance(value, Mapping) or not value:
            yield f"{indent}{name}: {scalar(value)}"
        elif model is not None and issubclass(model, Inline):
            ordered = {k: value[k] for k in model.model_fields if k in value}
            yield f"{indent}{name}: {scalar(ordered)}"
        elif model is not None:
            yield f"{indent}{name}:"
            yield from self.section(model, value, f"{key}.")
        elif any(isinstance(entry, Mapping) for entry in value.values()):
            yield f"{indent}{name}:"
            for entry_name, entry in value.items():
                below = f"{key}.{entry_name}"
                yield from self._notes(below)
                yield from self._entry(entry_name, entry, value_type(kind), below)
        else:
            yield f"{indent}{name}: {scalar(value)}"


def section_of(kind: Any) -> type[BaseModel] | None:
    """The model of a section among the types that a value may have."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    if get_origin(kind) in (Union, UnionType, Annotated):
        found = (section_of(k) for k in get_args(kind) if k is not NoneType)
        return next((model for model in found if model is not None), None)
    return None


def value_type(kind: Any) -> Any:
    """The type of the values of a mapping, which may also be absent."""
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    if get_origin(kind) in (Union, UnionType, Annotated):
        found = (value_type(option) for option in get_args(kind))
        return next((one for one in found if one is not None), None)
    return None

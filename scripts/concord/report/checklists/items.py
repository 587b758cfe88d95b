"""Items of the shipped checklists: number, own short wording, status and pointers."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal, Self

import yaml
from pydantic import Field, model_validator

from ...fields import Section
from ...provenance import RESOURCES

#: Shipped checklists by name: file below `resources/`.
FILES = {
    "clear": "checklists/clear.yaml",
    "metrics": "checklists/metrics.yaml",
    "tripod_ai": "checklists/tripod_ai.yaml",
    "probast_ai": "checklists/probast_ai.yaml",
}
Status = Literal["auto", "draft", "human"]
#: A pattern of keys of the configuration in a draft: ``{validation.repeats}``.
PLACE = re.compile(r"\{([\w.*]+)\}")
_POINTER = re.compile(
    r"(?:table:\w+(?:/\w+(?:>1)?)?|config:[\w.*]+|json:\w+/[\w.*]+|files:\w+)"
)


def matches(key: str, pattern: str) -> bool:
    """True if a pattern names a dotted key, or a section that it stands in.

    A star stands for one part of the key.
    """
    parts, wanted = key.split("."), pattern.split(".")
    pairs = zip(parts, wanted, strict=False)
    return len(parts) >= len(wanted) and all(b in ("*", a) for a, b in pairs)


class Item(Section):
    """One item: what it asks for in own words, and what proves it.

    A pointer is ``table:<kind>``, ``table:<kind>/<column>``, with ``>1`` behind it if
    the column must hold several values, ``config:<key>``, ``json:<document>/<key>`` or
    ``files:<name>``; keys may hold ``*``. One pointer
    that holds proves the item, unless `needs_all` says that all must.
    """

    item: str
    section: str
    words: str
    status: Status
    evidence: list[str] = Field(default=[])
    needs_all: bool = False
    draft: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        wrong = [one for one in self.evidence if not _POINTER.fullmatch(one)]
        if wrong:
            raise ValueError(f"item {self.item}: {', '.join(wrong)} is no pointer")
        wanted = {"auto": self.evidence, "draft": self.draft, "human": True}
        if not wanted[self.status]:
            raise ValueError(f"item {self.item} is {self.status} and points at nothing")
        if self.status == "human" and (self.evidence or self.draft):
            raise ValueError(f"item {self.item} is human, so nothing can prove it")
        return self

    @property
    def keys(self) -> Iterator[str]:
        """Patterns of the configuration's keys that the item needs."""
        for one in self.evidence:
            if one.startswith("config:"):
                yield one.removeprefix("config:")
        yield from PLACE.findall(self.draft)


class Checklist(Section):
    """A checklist as shipped, with its sources."""

    title: str
    sources: list[str] = Field(min_length=1)
    partial: str  # what is left out of the published list; empty if nothing
    items: list[Item]

    @model_validator(mode="after")
    def _has_each_item_once(self) -> Self:
        numbers = [one.item for one in self.items]
        twice = sorted({one for one in numbers if numbers.count(one) > 1})
        if twice:
            raise ValueError(f"items {', '.join(twice)} stand twice")
        return self


@cache
def checklist(name: str) -> Checklist:
    """A shipped checklist by its name in `FILES`."""
    text = (RESOURCES / FILES[name]).read_text(encoding="utf-8")
    return Checklist.model_validate(yaml.safe_load(text))


def keys_asked() -> list[str]:
    """Patterns of all keys of the configuration that some checklist needs, sorted."""
    lists = (checklist(name) for name in FILES)
    return sorted({key for one in lists for item in one.items for key in item.keys})

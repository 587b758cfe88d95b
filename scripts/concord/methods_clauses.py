"""Clauses of the methods paragraph, each declared with the field that it speaks of.

A field of a section of the configuration carries its clause as an annotation,
``Annotated[float, Clause("a ridge penalty of {penalty}")]``; the report composes its
paragraphs of them, so that settings and text cannot drift apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from .fields import Section

_NO_NAMES: Mapping[str, str] = {}


@dataclass(frozen=True)
class Clause:
    """Words that a field adds to the methods paragraph.

    Attributes
    ----------
    text : str, mapping or function
        Template that names fields of the section, ``"{repeats} repeats"``; or a
        template for each value of the field; or a function of the section. An empty
        text adds nothing.
    when : str
        Another field of the section; where that is empty, None, False or "none", the
        clause is left out. ``"field=value"``: where that has another value.
    silent : tuple
        Values of the field that add nothing; an empty list and None never do.
    """

    text: str | Mapping[Any, str] | Callable[[Any], str]
    when: str = ""
    silent: tuple[Any, ...] = field(default=())

    def of(self, section: Section, name: str, printed: Mapping[str, str]) -> str:
        """Clause for the value of a field; empty if it adds nothing."""
        value = getattr(section, name)
        if not self._applies(section) or value in self.silent:
            return ""
        if callable(self.text):
            return self.text(section)
        if isinstance(self.text, str):
            empty = value is None or value == [] or value == {}
            return "" if empty else _filled(self.text, section, printed)
        return _filled(self.text[_key(value)], section, printed)

    def _applies(self, section: Section) -> bool:
        other, _, wanted = self.when.partition("=")
        if not other:
            return True
        value = getattr(section, other)
        return str(value) == wanted if wanted else bool(value) and value != "none"


def clauses(section: Section, printed: Mapping[str, str] = _NO_NAMES) -> dict[str, str]:
    """Clauses of a section by the name of the field, in the order of its fields.

    Parameters
    ----------
    section : Section
        Values of the fields.
    printed : mapping
        Printed names that take the place of names, such as those of covariates.
    """
    found: dict[str, str] = {}
    for name, one in type(section).model_fields.items():
        below = getattr(section, name)
        if isinstance(below, Section):
            found |= {f"{name}.{k}": v for k, v in clauses(below, printed).items()}
        for note in one.metadata:
            if isinstance(note, Clause) and (text := note.of(section, name, printed)):
                found[name] = text
    return found


def listed(words: list[str]) -> str:
    """Words in a sentence: a, b and c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def written(value: Any, printed: Mapping[str, str] = _NO_NAMES) -> str:
    """A value in a sentence: numbers with a true minus sign, lists with `and`."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return f"{value:.10g}".replace("-", "\N{MINUS SIGN}")
    if isinstance(value, Mapping):
        return listed(
            [
                f"{written(v, printed)} of {written(k, printed)}"
                for k, v in value.items()
            ]
        )
    if isinstance(value, list | tuple):
        return listed([written(item, printed) for item in value])
    return printed.get(value, value)


def _key(value: Any) -> Any:
    """Key of a template: of a list, whether it holds anything."""
    return bool(value) if isinstance(value, list | Mapping) else value


def _filled(template: str, section: Section, printed: Mapping[str, str]) -> str:
    names = (name for _, name, _, _ in Formatter().parse(template) if name)
    return template.format(
        **{name: written(getattr(section, name), printed) for name in names}
    )

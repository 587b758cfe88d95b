"""Questions that a draft leaves to its reader, and what it changed on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

#: ask: nothing, or only a stand-in, was taken; check: a guess was taken; changed: a
#: cell or an id was written in another form.
Kind = Literal["ask", "check", "changed"]

_HEADINGS: dict[Kind, str] = {
    "ask": "To answer: the draft could not tell",
    "check": "To check: the draft took what seems likely",
    "changed": "Written in another form than in the source",
}
#: Names of a list that a text shows.
_SHOWN = 12


@dataclass(frozen=True)
class Question:
    """One question: its kind, the key or column that it is about, and its text."""

    kind: Kind
    about: str
    text: str


@dataclass
class Questions:
    """Questions of a draft in the order in which they arose."""

    found: list[Question] = field(default_factory=list)

    def ask(self, about: str, text: str) -> None:
        """Add what the draft could not tell."""
        self.found.append(Question("ask", about, text))

    def check(self, about: str, text: str) -> None:
        """Add what the draft took because it seems likely."""
        self.found.append(Question("check", about, text))

    def changed(self, about: str, text: str) -> None:
        """Add what the draft wrote in another form."""
        self.found.append(Question("changed", about, text))

    def of(self, kind: Kind) -> list[Question]:
        """Questions of one kind."""
        return [one for one in self.found if one.kind == kind]

    def notes(self) -> dict[str, list[str]]:
        """Comments of the configuration by key: what to answer or check there."""
        notes: dict[str, list[str]] = {}
        for one in self.found:
            if one.kind != "changed":
                notes.setdefault(one.about, []).append(f"{one.kind}: {one.text}")
        return notes

    def page(self) -> str:
        """The questions as Markdown."""
        parts = ["# Questions of the draft\n"]
        for kind, heading in _HEADINGS.items():
            lines = [f"- `{one.about}`: {one.text}" for one in self.of(kind)]
            parts.append("\n".join([f"## {heading}\n", *(lines or ["Nothing."])]))
        return "\n\n".join(parts).replace("\n\n\n", "\n\n") + "\n"


def listed(names: Iterable[object]) -> str:
    """Names of a list, the first ones of a long one and the number of the others."""
    shown = [str(name) for name in names]
    more = len(shown) - _SHOWN
    rest = f" and {more} more" if more > 0 else ""
    return ", ".join(shown[:_SHOWN]) + rest

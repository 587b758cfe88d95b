"""The part of Python's regular expressions that a pattern of names may use.

Letters, classes, groups, alternatives and repeats: what a finite automaton knows, which
reads each letter of a name once. References back and looks around are refused: Python
matches them by trying, which can take longer than the world is old.
"""

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

#: Characters of a pattern, groups within groups, and copies of a repeated part.
LONGEST_PATTERN, DEEPEST_GROUP, MOST_COPIES = 1000, 20, 100

_REPEAT = re.compile(r"\{(?:(\d{1,4})(,(\d{0,4}))?|,(\d{1,4}))\}")
_FLAGS = re.compile(r"\(\?([aiLmsux]{1,9})\)")
_PLAIN_GROUP = re.compile(r"\?(?::|P<[A-Za-z_]\w{0,99}>)", re.ASCII)
_OTHER_GROUP = re.compile(r"\?(?:[=!>#(]|<[=!]|P[=>]|[aiLmsux-]{1,9}[:)])")
_CLASS_ESCAPES, _LETTER_ESCAPES = "dDwWsS", "ntrfva"
_ASSERTIONS = {"b": "word", "B": "inner", "A": "start", "Z": "end"}


class PatternError(ValueError):
    """A text that is no pattern; `position` is the character at fault, from 0.

    `is_refused` tells a regular expression of Python that this program does not match
    from a text that is none.
    """

    def __init__(self, text: str, position: int = 0, is_refused: bool = False) -> None:
        super().__init__(text)
        self.position, self.is_refused = position, is_refused


class One(NamedTuple):
    """One letter that fits a regular expression for a single letter."""

    fits: Callable[[str], object]


class Place(NamedTuple):
    """A condition on the place between two letters."""

    kind: str  # start, end, word (its border) or inner (no border)


class Row(NamedTuple):
    """Parts that follow each other; none at all is the empty text."""

    parts: tuple["Node", ...]


class Choice(NamedTuple):
    """Parts of which one fits."""

    parts: tuple["Node", ...]


class Repeat(NamedTuple):
    """A part that fits `least` to `most` times; None is without end."""

    part: "Node"
    least: int
    most: int | None


type Node = One | Place | Row | Choice | Repeat


def parsed(text: str) -> Node:
    """The tree of a pattern.

    Raises
    ------
    PatternError
        If it is none, too long, too deep, or needs more than an automaton.
    """
    if len(text) > LONGEST_PATTERN:
        raise PatternError(
            f"it has {len(text)} characters, expected at most {LONGEST_PATTERN}",
            LONGEST_PATTERN,
            is_refused=True,
        )
    reader = _Reader(text)
    reader.take_flags()
    tree = reader.choice(0)
    if reader.at < len(text):
        raise PatternError("a bracket closes that never opened", reader.at)
    return tree


@dataclass
class _Reader:
    """A pattern, read from left to right."""

    text: str
    at: int = 0
    flags: re.RegexFlag = field(default=re.RegexFlag.NOFLAG)

    def take_flags(self) -> None:
        """Read ``(?i)`` and the like, which may stand at the start alone."""
        found = _FLAGS.match(self.text)
        if found is None:
            return
        for letter in found[1]:
            if letter not in "iasu":
                raise self._refused(f"the flag {letter}")
            self.flags |= re.RegexFlag[letter.upper()]
        self.at = found.end()

    def choice(self, depth: int) -> Node:
        """Alternatives up to the end, or to the bracket that closes them."""
        parts = [self._row(depth)]
        while self._next() == "|":
            self.at += 1
            parts.append(self._row(depth))
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _row(self, depth: int) -> Node:
        parts: list[Node] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._part(depth)))
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def _part(self, depth: int) -> Node:
        start, sign = self.at, self._next()
        self.at += 1
        if sign == "(":
            return self._group(depth, start)
        if sign == "[":
            return self._class(start)
        if sign == "\\":
            return self._escape(start)
        if sign in "^$":
            return Place("start" if sign == "^" else "end")
        if sign in "*+?" or (sign == "{" and _REPEAT.match(self.text, start)):
            raise PatternError("there is nothing to repeat", start)
        return self._one(start) if sign == "." else self._one(start, re.escape(sign))

    def _group(self, depth: int, start: int) -> Node:
        if depth == DEEPEST_GROUP:
            raise self._refused(f"more than {DEEPEST_GROUP} groups within groups")
        if _OTHER_GROUP.match(self.text, self.at):
            raise self._refused("a group that looks around or sets a flag within")
        plain = _PLAIN_GROUP.match(self.text, self.at)
        self.at = plain.end() if plain else self.at
        inner = self.choice(depth + 1)
        if self._next() != ")":
            raise PatternError("a bracket does not close", start)
        self.at += 1
        return inner

    def _class(self, start: int) -> Node:
        """A class of letters, such as ``[A-Z_]``, up to its closing bracket."""
        self.at += self._next() == "^"
        self.at += self._next() == "]"
        while self._next() not in ("", "]"):
            self.at += 2 if self._next() == "\\" else 1
        if self._next() != "]":
            raise PatternError("a bracket [ does not close", start)
        self.at += 1
        return self._one(start)

    def _escape(self, start: int) -> Node:
        sign = self._next()
        self.at += 1
        if sign.isdigit():
            raise self._refused("a reference to a group or a number of a letter")
        if sign in _ASSERTIONS and sign:
            return Place(_ASSERTIONS[sign])
        length = {"x": 2, "u": 4}.get(sign, 0)
        self.at += length
        known = sign in _CLASS_ESCAPES + _LETTER_ESCAPES or length
        if not sign or (sign.isascii() and sign.isalpha() and not known):
            raise PatternError("a backslash before a letter without meaning", start)
        return self._one(start)

    def _one(self, start: int, source: str | None = None) -> One:
        """A test of one letter, as Python understands it."""
        source = self.text[start : self.at] if source is None else source
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return One(re.compile(source, self.flags).fullmatch)
        except (re.error, OverflowError):
            raise PatternError("a class of letters that is none", start) from None

    def _repeated(self, part: Node) -> Node:
        """A part with the sign of repetition that follows it, if one does."""
        start, found = self.at, _REPEAT.match(self.text, self.at)
        signs: dict[str, tuple[int, int | None]]
        signs = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if found:
            least, most = _counts(found)
            self.at = found.end()
        elif self._next() and self._next() in signs:
            least, most = signs[self._next()]
            self.at += 1
        else:
            return part
        self._require_sound(part, least, most, start)
        return Repeat(part, least, most)

    def _require_sound(
        self, part: Node, least: int, most: int | None, start: int
    ) -> None:
        if (most is not None and least > most) or isinstance(part, Place):
            raise PatternError("a repetition without meaning", start)
        if max(least, most or 0) > MOST_COPIES:
            raise self._refused(f"more than {MOST_COPIES} repetitions by number")
        # Few or many first: for a whole name it is the same.
        self.at += self._next() == "?"
        if self._next() == "+":
            raise self._refused("a possessive repetition")
        if self._next() in ("*", "?") and self._next():
            raise PatternError("several signs of repetition", self.at)

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _refused(self, what: str) -> PatternError:
        return PatternError(f"{what} is not supported", self.at, is_refused=True)


def _counts(found: re.Match[str]) -> tuple[int, int | None]:
    """Least and most of ``{2}``, ``{2,}``, ``{2,5}`` and ``{,5}``."""
    if found[4] is not None:
        return 0, int(found[4])
    least = int(found[1])
    if found[2] is None:
        return least, least
    return least, int(found[3]) if found[3] else None

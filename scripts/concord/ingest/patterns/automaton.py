"""Names matched by a pattern in time that grows with their length alone.

The tree of a pattern becomes an automaton whose states are followed all at once, as
Thompson did it: each letter of a name is looked at once, whatever the pattern is. What
a set of states becomes by a letter is kept, so that most names cost a look-up for each
letter.

References
----------
.. [1] Thompson, K. (1968). "Regular expression search algorithm". Communications of
       the ACM, 11, 419-422. https://doi.org/10.1145/363347.363387
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from .syntax import Choice, Node, One, PatternError, Place, Repeat, Row, parsed

#: States of an automaton, and sets of them that are kept.
MOST_STATES, _MOST_KEPT = 1000, 10_000

#: Longer names fit no pattern, but their own text; DICOM allows 64 characters.
LONGEST_NAME = 1024

#: What stands before a place: nothing, a letter of a word, or another letter.
type _Before = bool | None


@dataclass
class _State:
    """States that follow without a letter, under a condition; or by one letter."""

    follow: list[int] = field(default_factory=list)
    condition: str = ""
    fits: Callable[[str], object] | None = None


class Pattern:
    """A pattern of whole names."""

    def __init__(self, text: str) -> None:
        self._states: list[_State] = []
        self._end = self._new()
        self._start = frozenset([self._built(parsed(text), self._end)])
        self._kept: dict[tuple[frozenset[int], _Before, str], frozenset[int]] = {}

    def fits(self, name: str) -> bool:
        """True if the whole name fits; False of names longer than LONGEST_NAME."""
        if len(name) > LONGEST_NAME:
            return False
        states, before = self._start, None
        for letter in name:
            states = self._after(states, before, letter)
            if not states:
                return False
            before = _is_of_word(letter)
        return self._end in self._closed(states, before, None)

    def _after(
        self, states: frozenset[int], before: _Before, letter: str
    ) -> frozenset[int]:
        """States that a letter leads to."""
        key = states, before, letter
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = frozenset(self._stepped(states, before, letter))
        return found

    def _stepped(
        self, states: frozenset[int], before: _Before, letter: str
    ) -> Iterator[int]:
        for number in self._closed(states, before, _is_of_word(letter)):
            state = self._states[number]
            if state.fits is not None and state.fits(letter):
                yield from state.follow

    def _closed(
        self, states: frozenset[int], before: _Before, after: _Before
    ) -> set[int]:
        """States and all that are reached from them without a letter."""
        found, waiting = set(states), list(states)
        while waiting:
            state = self._states[waiting.pop()]
            if state.fits is None and _holds(state.condition, before, after):
                new = [number for number in state.follow if number not in found]
                found.update(new)
                waiting += new
        return found

    def _new(self, *follow: int, condition: str = "") -> int:
        if len(self._states) >= MOST_STATES:
            raise PatternError(
                f"its repetitions need more than {MOST_STATES} states", 0, True
            )
        self._states.append(_State(list(follow), condition))
        return len(self._states) - 1

    def _built(self, node: Node, end: int) -> int:
        """The first state of a part that leads to the state `end`."""
        if isinstance(node, One):
            start = self._new(end)
            self._states[start].fits = node.fits
            return start
        if isinstance(node, Place):
            return self._new(end, condition=node.kind)
        if isinstance(node, Row):
            for part in reversed(node.parts):
                end = self._built(part, end)
            return self._new(end)
        if isinstance(node, Choice):
            return self._new(*(self._built(part, end) for part in node.parts))
        return self._repeated(node, end)

    def _repeated(self, node: Repeat, end: int) -> int:
        start = self._new(end)
        if node.most is None:
            self._states[start].follow.append(self._built(node.part, start))
        for _ in range((node.most or node.least) - node.least):
            start = self._new(end, self._built(node.part, start))
        for _ in range(node.least):
            start = self._built(node.part, start)
        return start


@lru_cache(maxsize=256)
def compiled(text: str) -> Pattern:
    """The pattern of a text.

    Raises
    ------
    PatternError
        If it is none, or one that is not supported.
    """
    return Pattern(text)


def _is_of_word(letter: str) -> bool:
    return letter == "_" or letter.isalnum()


def _holds(condition: str, before: _Before, after: _Before) -> bool:
    """True if a condition holds between two letters, each None at an end."""
    if condition == "start":
        return before is None
    if condition == "end":
        return after is None
    if condition:
        return (bool(before) != bool(after)) == (condition == "word")
    return True

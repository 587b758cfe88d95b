"""Filling of a checklist from the facts of a study; nothing is counted as a score."""

from collections.abc import Iterator
from dataclasses import dataclass

from .facts import Facts, shown
from .items import PLACE, Checklist, Item

#: What became of an item.
FROM_FACTS = "from facts"
DRAFTED = "drafted"
LEFT = "left to the authors"
NOT_EVIDENCED = "not evidenced"
STATES = (FROM_FACTS, DRAFTED, LEFT, NOT_EVIDENCED)
UNSET = "[not set]"


@dataclass(frozen=True)
class Filled:
    """One item with its evidence: a row of the table of kind "checklist"."""

    checklist: str
    item: str
    section: str
    words: str
    status: str
    state: str
    value: str
    file: str
    place: str


def fill(name: str, checklist: Checklist, facts: Facts) -> list[Filled]:
    """All items of a checklist in their order.

    An `auto` item is filled only if a file, or the configuration, holds its fact; else
    it is not evidenced, with the reason.
    """
    return [Filled(name, *_named(one), *_found(one, facts)) for one in checklist.items]


def _named(item: Item) -> tuple[str, str, str, str]:
    return item.item, item.section, item.words, item.status


def _found(item: Item, facts: Facts) -> tuple[str, str, str, str]:
    """State, value, file and place of an item."""
    if item.status == "human":
        return LEFT, "", "", ""
    if item.status == "draft":
        file, place = _whence(item, facts)
        return DRAFTED, drafted(item.draft, facts), file, place
    looked = [facts.of(pointer) for pointer in item.evidence]
    held = [fact for fact in looked if fact.holds]
    if not held or (item.needs_all and len(held) < len(looked)):
        reasons = dict.fromkeys(one.text for one in looked if not one.holds)
        return NOT_EVIDENCED, "; ".join(reasons), "", ""
    return (
        FROM_FACTS,
        "; ".join(dict.fromkeys(fact.text for fact in held)),
        " ".join(dict.fromkeys(fact.file for fact in held)),
        " ".join(dict.fromkeys(fact.place for fact in held if fact.place)),
    )


def _whence(item: Item, facts: Facts) -> tuple[str, str]:
    """Files and places of what a draft points at, as far as the study has them."""
    held = [fact for one in item.evidence if (fact := facts.of(one)).holds]
    places = [*(fact.place for fact in held if fact.place), *PLACE.findall(item.draft)]
    return (
        " ".join(dict.fromkeys(fact.file for fact in held)),
        " ".join(dict.fromkeys(places)),
    )


def drafted(template: str, facts: Facts) -> str:
    """A draft with the values of the keys that it names."""

    def value(pattern: str) -> str:
        return shown([one for _, one in facts.settings(pattern)]) or UNSET

    return PLACE.sub(lambda found: value(found[1]), template)


def counts(filled: list[Filled]) -> Iterator[tuple[str, int]]:
    """Number of items in each state."""
    for state in STATES:
        yield state, sum(one.state == state for one in filled)

"""Faults of one image or mask, gathered and raised together."""

from collections.abc import Iterable
from typing import NamedTuple

from ..errors import IngestFault


class Found(NamedTuple):
    """A fault: its code and what the user needs to know."""

    code: str
    text: str


def raise_all(found: Iterable[Found]) -> None:
    """Raise one IngestFault that tells every fault; nothing if there is none.

    The first fault gives the code. With several, each text follows its code.
    """
    found = list(found)
    if len(found) == 1:
        raise IngestFault(found[0].code, found[0].text)
    if found:
        text = " ".join(f"{fault.code}: {fault.text}" for fault in found)
        raise IngestFault(found[0].code, text)


def some(names: Iterable[object], limit: int = 3) -> str:
    """The first few names, and how many more there are."""
    listed = [str(name) for name in names]
    more = f" and {len(listed) - limit} more" if len(listed) > limit else ""
    return ", ".join(listed[:limit]) + more

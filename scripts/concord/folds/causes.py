"""Competing causes: an event code per cause, one of them the cause of interest."""

from collections.abc import Iterator
from typing import Annotated, Protocol

from pydantic import Field

#: Code of a subject who had none of the events.
CENSORED = 0
Code = Annotated[int, Field(ge=1)]
#: Fields of a competing endpoint.
Causes = Annotated[
    dict[Code, str],
    Field(
        description="What each code of the event column other than 0 (no event so "
        "far) stands for, such as {1: recurrence, 2: death without recurrence}; "
        "competing endpoints only."
    ),
]
CauseOfInterest = Annotated[
    Code,
    Field(
        description="Code of the cause of interest, which the arms predict; a subject "
        "with another cause is censored then."
    ),
]


class HasCauses(Protocol):
    """An endpoint; one that is not competing declares no causes."""

    @property
    def causes(self) -> dict[int, str]:
        """Names of the causes by their codes."""

    @property
    def cause(self) -> int:
        """Code of the cause of interest."""


def ordered_causes(endpoint: HasCauses) -> list[int]:
    """Codes of the causes, that of interest first."""
    return sorted(endpoint.causes, key=lambda code: (code != endpoint.cause, code))


def events_of_cells(endpoint: HasCauses) -> dict[str, int]:
    """1 for the cell of an event of interest, 0 for that of another code."""
    codes = (CENSORED, *(endpoint.causes or [1]))
    return {str(code): int(code == endpoint.cause) for code in codes}


def cause_faults(endpoint: HasCauses, competing: bool) -> Iterator[tuple[str, str]]:
    """Key and fault of causes that do not suit the kind of the endpoint."""
    causes = endpoint.causes
    if not competing:
        if causes:
            yield "causes", f"are {causes}; only a competing endpoint has some"
        elif endpoint.cause != 1:
            yield "cause", f"is {endpoint.cause}; only a competing endpoint has one"
    elif len(causes) < 2:
        yield (
            "causes",
            f"are {causes}; a competing endpoint declares the code of two causes or "
            "more, such as {1: recurrence, 2: death}",
        )
    elif endpoint.cause not in causes:
        yield (
            "cause",
            f"is {endpoint.cause}, expected one of the causes {sorted(causes)}",
        )

"""Competing causes: an event code per cause, one of them the cause of interest."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from ..fields import Section

#: Code of a subject who had none of the events.
CENSORED = 0
Code = Annotated[int, Field(ge=1)]


class CompetingCauses(Section):
    """Causes whose event can come first, each with its code; none by default."""

    causes: dict[Code, str] = Field(
        default={},
        description="What each code of the event column other than 0 (no event so "
        "far) stands for, such as {1: recurrence, 2: death without recurrence}; "
        "competing endpoints only.",
    )
    cause: Code = Field(
        default=1,
        description="Code of the cause of interest, which the arms predict; a subject "
        "with another cause is censored then.",
    )

    @property
    def other_causes(self) -> list[int]:
        """Codes that compete with the cause of interest, ascending."""
        return sorted(code for code in self.causes if code != self.cause)

    @property
    def happened(self) -> dict[str, int]:
        """1 for the cell of an event of interest, 0 for that of another code."""
        codes = (CENSORED, *(self.causes or [1]))
        return {str(code): int(code == self.cause) for code in codes}

    def cause_faults(self, competing: bool) -> Iterator[tuple[str, str]]:
        """Key and fault of causes that do not suit the kind of the endpoint."""
        if not competing:
            if self.causes:
                yield "causes", f"are {self.causes}; only a competing endpoint has some"
            return
        if len(self.causes) < 2:
            yield (
                "causes",
                f"are {self.causes}; a competing endpoint declares the code of two "
                "causes or more, such as {1: recurrence, 2: death}",
            )
        elif self.cause not in self.causes:
            yield (
                "cause",
                f"is {self.cause}, expected one of the causes {sorted(self.causes)}",
            )

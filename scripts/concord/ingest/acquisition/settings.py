"""The section `protocol`: the acquisition facts that a study wants."""

from collections.abc import Iterator
from typing import Any, Self

from pydantic import Field, model_validator

from ...config_faults import nearest
from ...fields import Inline
from ...settings import RuleSettings, WithoutSealed, from_study
from ...tables.acquisition_columns import ACQUISITION

#: Kinds of values that a column of the acquisition table can be compared with.
_WANTED = {
    "string": (str, "texts, such as [STANDARD]"),
    "float64": (float, "numbers, such as [120], or lowest and highest"),
    "Int64": (float, "numbers, such as [120], or lowest and highest"),
    "bool": (bool, "[true] or [false]"),
}


class ProtocolItem(Inline):
    """Values that one fact may have: a list, or a range with its ends."""

    allowed: list[bool | float | str] | None = Field(
        default=None,
        min_length=1,
        description="Values that conform, such as [STANDARD, SOFT]; texts without "
        "regard to case. May be written as a plain list.",
    )
    lowest: float | None = Field(
        default=None,
        description="Lowest number that conforms, in the unit of the acquisition "
        "table; null is open.",
    )
    highest: float | None = Field(
        default=None, description="Highest number that conforms; null is open."
    )

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, given: Any) -> Any:
        if isinstance(given, list):
            return {"allowed": given}
        if not isinstance(given, dict | cls):
            raise ValueError(
                "expected a list of values, such as [120], or lowest and highest"
            )
        return given

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        has_range = self.lowest is not None or self.highest is not None
        if (self.allowed is not None) == has_range:
            raise ValueError(
                "needs either a list of values or at least one of lowest and highest"
            )
        if None not in (self.lowest, self.highest) and self.lowest > self.highest:  # type: ignore[operator]
            raise ValueError(
                f"lowest is {self.lowest:g}, expected at most highest, which is "
                f"{self.highest:g}"
            )
        return self

    def written(self) -> Any:
        """As it stands in a configuration."""
        if self.allowed is not None:
            return self.allowed
        return self.model_dump(exclude_none=True)


def protocol_faults(
    protocol: dict[Any, dict[str, ProtocolItem]],
) -> Iterator[tuple[str, str]]:
    """Items that are no acquisition fact, or that compare it with something else."""
    for image, items in protocol.items():
        for name, item in items.items():
            key = f"protocol.{image}.{name}"
            if name not in ACQUISITION:
                yield key, f"is no acquisition fact{nearest(name, ACQUISITION)}"
                continue
            kind, wanted = _WANTED[ACQUISITION[name].dtype]
            given = item.allowed if item.allowed is not None else [0.0]
            if any(type(value) is not kind for value in given):
                yield key, f"is {item.written()}, expected {wanted}"


class Protocol(RuleSettings):
    """Settings of rule protocol: items of each modality by acquisition fact."""

    protocol: dict[str, dict[str, ProtocolItem]] = from_study("protocol")


class Drift(WithoutSealed):
    """Settings of rule drift."""

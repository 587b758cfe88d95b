"""Batch column of a cohort: the batch variable of an image."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

PREFIX = "batch."


@dataclass(frozen=True)
class BatchColumn:
    """Column ``batch.<image>.<variable>``, such as ``batch.CT.site``."""

    image: str
    variable: str

    @classmethod
    def parse(cls, column: str) -> Self:
        """Image and variable of a batch column.

        Raises
        ------
        ValueError
            If the text is no batch column.
        """
        _, image, variable = column.split(".", 2)
        if not cls.names(column):
            raise ValueError(f"{column!r} is no batch column, expected {PREFIX}*.*")
        return cls(image, variable)

    @staticmethod
    def names(column: str) -> bool:
        """True if a text is the name of a batch column."""
        return column.startswith(PREFIX) and column.count(".") > 1

    @classmethod
    def of_image(cls, columns: Iterable[str], image: str) -> list[str]:
        """Those of some columns that are batches of an image, in order."""
        return [c for c in columns if cls.names(c) and cls.parse(c).image == image]

    @classmethod
    def variable_of(cls, column: str) -> str:
        """Variable of a batch column; of any other column, its name."""
        return cls.parse(column).variable if cls.names(column) else column

    def __str__(self) -> str:
        return f"{PREFIX}{self.image}.{self.variable}"

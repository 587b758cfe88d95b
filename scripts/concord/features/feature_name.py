"""Full name of a feature: image, region, and column of the feature matrix."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from .ibsi import RECIPE_SIGN, ColumnName, parsed

_N_PARTS = 5


@dataclass(frozen=True)
class FeatureName:
    """Name ``<image>.<region>.<source>[@<recipe>].<family>.<feature>``.

    `source` is the image as it is ("original") or a filter; `recipe` is empty for the
    main recipe of the image.
    """

    image: str
    region: str
    source: str
    recipe: str
    family: str
    feature: str

    @classmethod
    def parse(cls, name: str) -> Self:
        """Parts of a full name.

        Raises
        ------
        ValueError
            If the text is not the full name of a feature.
        """
        if not cls.names(name):
            raise ValueError(
                f"{name!r} is no full name of a feature, expected "
                "<image>.<region>.<source>[@<recipe>].<family>.<feature>"
            )
        image, region, column = name.split(".", 2)
        known = parsed(column)
        return cls(
            image, region, known.image, known.recipe, known.family, known.feature
        )

    @classmethod
    def of(cls, image: str, region: str, column: str) -> str:
        """Full name of a column of the feature matrix, as text."""
        return f"{prefix(image, region)}{column}"

    @staticmethod
    def names(text: str) -> bool:
        """True if a text has the parts of a full name."""
        return text.count(".") == _N_PARTS - 1

    @property
    def column(self) -> str:
        """Column of the feature matrix."""
        return str(ColumnName(self.source, self.recipe, self.family, self.feature))

    def __str__(self) -> str:
        return self.of(self.image, self.region, self.column)


def prefix(image: str, region: str) -> str:
    """Start of the full names of all features of an image and region."""
    return f"{image}.{region}."


def image_of(name: str) -> str:
    """Image of a full name."""
    return name.split(".", 1)[0]


def of_image(names: Iterable[str], image: str) -> list[str]:
    """Those of some full names that are features of an image, in order."""
    return [name for name in names if image_of(name) == image]


def of_main_recipe(name: str) -> bool:
    """True if a name, or a pattern of names, is of the main recipe of its image."""
    return RECIPE_SIGN not in name

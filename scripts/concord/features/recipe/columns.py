"""The recipes of a study for one image: what they are called and are for."""

from dataclasses import dataclass
from typing import Any

from ..ibsi import of_families, renamed
from .recipe import Recipe, resolve


@dataclass(frozen=True)
class Plan:
    """A recipe, its place in the names of columns, and the regions it is for."""

    name: str  # of the configuration
    image: str
    recipe: Recipe
    regions: frozenset[str] | None  # None: all
    main: bool = True  # whether columns carry no name of the recipe

    @property
    def suffix(self) -> str:
        """The recipe in the names of columns; empty for the main one."""
        return "" if self.main else self.name

    def measures(self, region: str) -> bool:
        """Whether the recipe is for a region."""
        return self.regions is None or region in self.regions

    def columns(self) -> list[str]:
        """The columns that the recipe gives, in order."""
        return [
            renamed(feature.column, image, self.suffix)
            for image, families in self.recipe.sources()
            for feature in of_families(families)
        ]

    def named(self, column: str) -> str:
        """The column of the matrix for a column as the recipe alone calls it."""
        return column.replace(".", f"@{self.suffix}.", 1) if self.suffix else column


def plans(recipes: dict[str, dict[str, Any]], image: str) -> list[Plan]:
    """The recipes of one image, the main one first, then by name.

    Parameters
    ----------
    recipes : dict
        Complete sections `recipes.<name>`; those of other images are left out.
    image : str
        Name of the image.
    """
    chosen = {n: s for n, s in recipes.items() if image in s["images"]}
    return [
        Plan(
            name,
            image,
            resolve(settings, settings["modality"], name, settings["images"][image]),
            None if settings["regions"] is None else frozenset(settings["regions"]),
            settings["main"],
        )
        for name, settings in sorted(
            chosen.items(), key=lambda item: (not item[1]["main"], item[0])
        )
    ]


def of_first_engine(found: list[Plan]) -> list[Plan]:
    """The recipes that the first engine measures."""
    return [plan for plan in found if plan.recipe.first_engine]


def of_second_engine(found: list[Plan]) -> list[Plan]:
    """The recipes that the second engine measures."""
    return [plan for plan in found if not plan.recipe.first_engine]


def all_plans(recipes: dict[str, dict[str, Any]]) -> list[Plan]:
    """The recipes of all images, sorted by image."""
    images = sorted({image for s in recipes.values() for image in s["images"]})
    return [plan for image in images for plan in plans(recipes, image)]

"""The recipes of a study for one modality: what they are called and are for."""

from dataclasses import dataclass
from typing import Any

from ..ibsi import of_families, renamed
from .recipe import Recipe, resolve


@dataclass(frozen=True)
class Plan:
    """A recipe, its place in the names of columns, and the regions it is for."""

    name: str  # of the configuration
    modality: str
    recipe: Recipe
    regions: frozenset[str] | None  # None: all

    @property
    def suffix(self) -> str:
        """The recipe in the names of columns; empty for the main one."""
        return "" if self.name == self.modality else self.name

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


def plans(recipes: dict[str, dict[str, Any]], modality: str) -> list[Plan]:
    """The recipes of one modality, the main one first, then by name.

    Parameters
    ----------
    recipes : dict
        Complete sections `recipes.<name>`; those of other modalities are left out.
    modality : str
        CT, MR or PT.
    """
    chosen = {n: s for n, s in recipes.items() if s["modality"] == modality}
    return [
        Plan(
            name,
            modality,
            resolve(settings, modality, name),
            None if settings["regions"] is None else frozenset(settings["regions"]),
        )
        for name, settings in sorted(
            chosen.items(), key=lambda item: (item[0] != modality, item[0])
        )
    ]


def of_first_engine(found: list[Plan]) -> list[Plan]:
    """The recipes that the first engine measures."""
    return [plan for plan in found if plan.recipe.first_engine]


def of_second_engine(found: list[Plan]) -> list[Plan]:
    """The recipes that the second engine measures."""
    return [plan for plan in found if not plan.recipe.first_engine]


def all_plans(recipes: dict[str, dict[str, Any]]) -> list[Plan]:
    """The recipes of all modalities."""
    modalities = sorted({settings["modality"] for settings in recipes.values()})
    return [plan for modality in modalities for plan in plans(recipes, modality)]

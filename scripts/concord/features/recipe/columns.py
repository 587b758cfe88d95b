"""Columns of the feature matrix that the recipes of a study give."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..ibsi import renamed
from ..settings.recipe import CompleteRecipe
from .recipe import Recipe
from .resolve import resolve


@dataclass(frozen=True)
class RecipeColumns:
    """A recipe for one image, its columns, and the regions it is for."""

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
        """Tell if the recipe is for a region."""
        return self.regions is None or region in self.regions

    def names(self) -> list[str]:
        """The columns that the recipe gives, in order."""
        return [
            renamed(feature.column, source, self.suffix)
            for source, families in self.recipe.sources()
            for feature in self.recipe.features(families)
        ]

    def named(self, column: str) -> str:
        """The column of the matrix for a column as the recipe alone calls it."""
        return column.replace(".", f"@{self.suffix}.", 1) if self.suffix else column


def of_image(recipes: Mapping[str, CompleteRecipe], image: str) -> list[RecipeColumns]:
    """The recipes of one image, the main one first, then by name.

    Parameters
    ----------
    recipes : mapping of CompleteRecipe
        By name; those of other images are left out.
    image : str
        Name of the image.
    """
    chosen = {name: one for name, one in recipes.items() if image in one.images}
    return [
        RecipeColumns(
            name,
            image,
            resolve(one, str(one.modality), name, one.images[image]),
            None if one.regions is None else frozenset(one.regions),
            one.main,
        )
        for name, one in sorted(
            chosen.items(), key=lambda item: (not item[1].main, item[0])
        )
    ]


def of_study(recipes: Mapping[str, CompleteRecipe]) -> list[RecipeColumns]:
    """The recipes of all images, sorted by image."""
    images = sorted({image for one in recipes.values() for image in one.images})
    return [columns for image in images for columns in of_image(recipes, image)]


def settings_hashes(recipes: Mapping[str, CompleteRecipe]) -> dict[str, str]:
    """Hash of each recipe without versions of software, by its complete hash."""
    known = [one.recipe for one in of_study(recipes)]
    return {recipe.hash(): recipe.settings_hash() for recipe in known}

"""All recipes of a study: what each takes from elsewhere, and what cannot be."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import ValidationError

from ...config_faults import nearest
from ...fields import Modality
from .presets import PRESETS
from .recipe import RecipeSection

MODALITIES = get_args(Modality)

#: Settings that belong together: a recipe that gives the first takes none of them
#: from elsewhere.
_BINS = ("discretization", "bin_width", "bin_start", "n_bins")

#: Settings that say where others come from; a recipe never hands them on.
_ORIGINS = {"preset", "like", "modality"}


def completed(recipes: dict[str, RecipeSection]) -> dict[str, RecipeSection]:
    """Every recipe with nothing left to be taken from elsewhere.

    The recipes must be free of the faults that `recipe_faults` finds.
    """
    return {
        name: merged(name, recipes).model_copy(
            update={"modality": modality_of(name, recipes)}
        )
        for name in recipes
    }


def complete(recipes: dict[str, RecipeSection]) -> dict[str, dict[str, Any]]:
    """Every recipe with nothing left to be taken from elsewhere, as plain JSON types.

    The recipes must be free of the faults that `recipe_faults` finds.
    """
    return {
        name: merged(name, recipes).model_dump(mode="json")
        | {"modality": modality_of(name, recipes)}
        for name in recipes
    }


def merged(name: str, recipes: dict[str, RecipeSection]) -> RecipeSection:
    """A recipe with all that it takes from a preset or another recipe.

    Raises
    ------
    ValueError
        If recipes take from each other in a circle or from none, or (as pydantic's
        ValidationError) if the settings do not fit together.
    """
    return RecipeSection.model_validate(_collected(name, recipes, ()))


def modality_of(name: str, recipes: dict[str, RecipeSection]) -> str | None:
    """The modality that a recipe is for: its own word, its name, or that of `like`."""
    seen: set[str] = set()
    while name in recipes and name not in seen:
        if recipes[name].modality or name in MODALITIES:
            return recipes[name].modality or name
        seen.add(name)
        name = recipes[name].like or ""
    return None


def recipe_faults(recipes: dict[str, RecipeSection]) -> Iterator[tuple[str, str]]:
    """What is wrong with the recipes, as (key, message)."""
    for name, section in recipes.items():
        key = f"recipes.{name}"
        if section.like is not None and section.like not in recipes:
            hint = nearest(section.like, recipes)
            yield f"{key}.like", f"{section.like!r} is no recipe{hint}"
            continue
        yield from _merging_faults(name, recipes)
        yield from _modality_faults(name, recipes)


def _merging_faults(
    name: str, recipes: dict[str, RecipeSection]
) -> Iterator[tuple[str, str]]:
    """Settings that do not fit together; those of a whole recipe are known."""
    if not recipes[name].is_partial():
        return
    try:
        merged(name, recipes)
    except ValidationError as error:
        for entry in error.errors():
            key = ".".join(map(str, ("recipes", name, *entry["loc"])))
            yield key, entry["msg"].removeprefix("Value error, ")
    except ValueError as error:
        yield f"recipes.{name}", str(error)


def _modality_faults(
    name: str, recipes: dict[str, RecipeSection]
) -> Iterator[tuple[str, str]]:
    modality, given = modality_of(name, recipes), recipes[name].modality
    key = f"recipes.{name}.modality"
    if modality is None:
        yield (
            key,
            f"is missing; only recipes named {', '.join(MODALITIES)} are for the "
            "images of their name",
        )
    elif name in MODALITIES and given not in (None, name):
        yield key, f"is {given!r}; the main recipe of {name} is for {name}"
    elif modality not in recipes:
        yield key, f"{modality} has no main recipe; name one recipe {modality}"
    elif name == modality and recipes[name].aggregation != "3D merged":
        yield (
            f"recipes.{name}.aggregation",
            f"is {recipes[name].aggregation!r}; the main recipe is 3D merged. Add a "
            f"recipe with like: {name} and this aggregation",
        )


def _collected(
    name: str, recipes: dict[str, RecipeSection], path: tuple[str, ...]
) -> dict[str, Any]:
    """Settings of a recipe and of what it stands on, the nearest winning."""
    if name in path:
        circle = " -> ".join((*path, name))
        raise ValueError(f"takes its settings in a circle: {circle}")
    section = recipes[name]
    if section.preset and section.like:
        raise ValueError("preset and like exclude each other")
    if section.like is not None:
        below = _collected(section.like, recipes, (*path, name))
    else:
        below = dict(PRESETS[section.preset].settings) if section.preset else {}
    own = section.model_dump(include=section.model_fields_set - _ORIGINS)
    if "discretization" in own:
        below = {key: value for key, value in below.items() if key not in _BINS}
    return below | own

"""All recipes of a study: what each takes from elsewhere, and what cannot be."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from ...config_faults import nearest
from ...image_names import MODALITIES, ImageSection
from .presets import PRESETS
from .recipe import CompleteRecipe, RecipeSection

Recipes = Mapping[str, RecipeSection]
Images = Mapping[str, ImageSection]

#: Settings that belong together: a recipe that gives the first takes none of them
#: from elsewhere.
_BINS = ("discretization", "bin_width", "bin_start", "n_bins")

#: Settings that say where others come from; a recipe never hands them on.
_ORIGINS = {"preset", "like", "image", "modality"}


def plain_images(recipes: Recipes) -> dict[str, ImageSection]:
    """One image of each modality that has a main recipe, with the modality's name."""
    return {
        name: ImageSection.model_validate({"modality": name})
        for name in recipes
        if name in MODALITIES
    }


def complete(
    recipes: Recipes, images: Images | None = None
) -> dict[str, CompleteRecipe]:
    """Every recipe with nothing left to be taken from elsewhere, by name.

    The recipes must be free of the faults that `recipe_faults` and `target_faults`
    find.

    Parameters
    ----------
    recipes : mapping of RecipeSection
        The section `recipes`.
    images : mapping of ImageSection
        All images of the study, each with its modality; by default `plain_images`.
    """
    known = plain_images(recipes) if images is None else images
    return {name: _complete(name, recipes, known) for name in recipes}


def _complete(name: str, recipes: Recipes, images: Images) -> CompleteRecipe:
    units = {i: images[i].voxel_unit for i in images_of(name, recipes, images)}
    values = merged(name, recipes).model_dump(exclude={"image", "modality"})
    return CompleteRecipe.model_validate(
        values
        | {
            "modality": modality_of(name, recipes, images),
            "images": units,
            "main": is_main(name, images),
        }
    )


def merged(name: str, recipes: Recipes) -> RecipeSection:
    """A recipe with all that it takes from a preset or another recipe.

    Raises
    ------
    ValueError
        If recipes take from each other in a circle or from none, or (as pydantic's
        ValidationError) if the settings do not fit together.
    """
    return RecipeSection.model_validate(_collected(name, recipes, ()))


def is_main(name: str, images: Images) -> bool:
    """Tell if a recipe is the main one of the image, or the modality, of its name."""
    return name in images or name in MODALITIES


def images_of(name: str, recipes: Recipes, images: Images) -> list[str]:
    """The images that a recipe is for, in the order of the study.

    The recipe with the name of an image is for this image, one with the name of a
    modality for all of its images that have none of their own name. Other recipes are
    for the images, or the modality, that they name, or else for those of `like`.
    """
    origin = _origin(name, recipes, images)
    if origin is None:
        return []
    section = recipes[origin]
    if origin in images and origin not in MODALITIES:
        return [origin]
    found = {i for one in _words(origin, section) for i in _named(one, images)}
    if origin in MODALITIES:
        found = {image for image in found if image == origin or image not in recipes}
    return [image for image in images if image in found]


def modality_of(name: str, recipes: Recipes, images: Images) -> str | None:
    """The modality of the images that a recipe is for; None if nothing tells it."""
    found = {images[image].modality for image in images_of(name, recipes, images)}
    if len(found) == 1:
        return found.pop()
    origin = _origin(name, recipes, images)
    if origin is None:
        return None
    named = [origin, *_words(origin, recipes[origin])]
    return next((one for one in named if one in MODALITIES), None)


def recipe_faults(recipes: Recipes) -> Iterator[tuple[str, str]]:
    """Faults of the recipes, whatever the images, as (key, message)."""
    for name, section in recipes.items():
        key = f"recipes.{name}"
        if section.like is not None and section.like not in recipes:
            hint = nearest(section.like, recipes)
            yield f"{key}.like", f"{section.like!r} is no recipe{hint}"
            continue
        yield from _merging_faults(name, recipes)


def target_faults(recipes: Recipes, images: Images) -> Iterator[tuple[str, str]]:
    """Faults of the images that recipes are for, as (key, message)."""
    for name, section in recipes.items():
        if section.like is not None and section.like not in recipes:
            continue
        if is_main(name, images):
            yield from _main_faults(name, section, images)
        else:
            yield from _other_faults(name, recipes, images)


def _main_faults(
    name: str, section: RecipeSection, images: Images
) -> Iterator[tuple[str, str]]:
    key = f"recipes.{name}"
    modality = images[name].modality if name in images else name
    if section.modality not in (None, modality):
        yield (
            f"{key}.modality",
            f"is {section.modality!r}; the main recipe of {name} is for {modality}",
        )
    if section.image not in (None, [name]):
        yield f"{key}.image", f"is {section.image}; the main recipe of {name} is for it"
    if section.aggregation != "3D merged":
        yield (
            f"{key}.aggregation",
            f"is {section.aggregation!r}; the main recipe is 3D merged. Add a "
            f"recipe with like: {name} and this aggregation",
        )


def _other_faults(
    name: str, recipes: Recipes, images: Images
) -> Iterator[tuple[str, str]]:
    section, key = recipes[name], f"recipes.{name}"
    known = known_names(images)
    if section.image is not None and section.modality is not None:
        yield f"{key}.modality", "image and modality exclude each other"
    for image in section.image or []:
        if image not in known:
            yield f"{key}.image", f"{image!r} is no image{nearest(image, known)}"
    found = images_of(name, recipes, images)
    modality = modality_of(name, recipes, images)
    if _origin(name, recipes, images) is None:
        yield (
            f"{key}.image",
            f"is missing; only recipes named {', '.join(known)} are for "
            f"the images of their name{nearest(name, known)}",
        )
    elif len({images[image].modality for image in found}) > 1:
        yield f"{key}.image", f"{', '.join(found)} are of several modalities"
    elif not found and modality and modality not in recipes:
        yield (
            f"{key}.image",
            f"{modality} has no main recipe; name one recipe {modality}",
        )


def known_names(images: Images) -> list[str]:
    """The names of the images, then of the modalities that no image is named by."""
    return list(dict.fromkeys([*images, *MODALITIES]))


def _named(name: str, images: Images) -> list[str]:
    """The image of a name, or else all images of the modality of this name.

    Of the images of a modality, one that has the name of the modality is one of many.
    """
    if name in images and name not in MODALITIES:
        return [name]
    return [image for image, known in images.items() if known.modality == name]


def _words(origin: str, section: RecipeSection) -> list[str]:
    """Words of a recipe on what it is for: images, a modality, or its own name."""
    return section.image or [section.modality or origin]


def _origin(name: str, recipes: Recipes, images: Images) -> str | None:
    """The recipe whose name, or word, says what images a recipe is for."""
    seen: set[str] = set()
    while name in recipes and name not in seen:
        section = recipes[name]
        if is_main(name, images) or section.image or section.modality:
            return name
        seen.add(name)
        name = section.like or ""
    return None


def _merging_faults(name: str, recipes: Recipes) -> Iterator[tuple[str, str]]:
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


def _collected(name: str, recipes: Recipes, path: tuple[str, ...]) -> dict[str, Any]:
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

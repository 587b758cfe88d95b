"""Terms of a published equation as columns with weights, and the features they need."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ...config_faults import nearest
from ...errors import ConfigError, StudyError
from ...features.dictionary.dictionary import describe_columns
from ...features.feature_name import FeatureName
from ...features.ibsi import renamed
from ...features.recipe.columns import RecipeColumns, of_study
from ...features.settings.inheritance import (
    complete,
    is_main,
    recipe_faults,
    target_faults,
)
from ...folds.subject_table import COVARIATE
from ...image_names import MODALITIES, ImageSection
from ..inputs import FeatureInput
from .naming import resolve
from .sections import PublishedModel, TermSection

#: Fault as its key and message.
KeyFault = tuple[str, str]
NO_READER = "any"


@dataclass(frozen=True)
class Weighed:
    """One column of the score: its weight, and what happens to a value before."""

    column: str
    weight: float
    mean: float
    term: TermSection
    transform: str = "none"
    shift: float = 0.0
    note: str = ""
    feature: FeatureInput | None = None


@dataclass
class Measurable:
    """Features that the images, regions and recipes of an equation give."""

    section: PublishedModel
    images: dict[str, ImageSection]
    recipes: list[RecipeColumns]
    _rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, section: PublishedModel) -> "Measurable":
        """Features of an equation without a fault in `recipes`."""
        images = images_of(section)
        return cls(section, images, of_study(complete(section.recipes, images)))

    def input(self, term: TermSection, feature: Any) -> FeatureInput:
        """The feature of a term as a study describes it.

        Raises
        ------
        StudyError
            If no recipe measures it.
        """
        image = self._image(term)
        columns = self._recipe(term, image)
        column = renamed(feature.column, term.filter, columns.suffix)
        name = FeatureName.of(image, term.region, column)
        row = self._described(image, term.region).get(name)
        if row is None:
            raise StudyError(_not_measured(term, feature, columns, image))
        seen = row["aggregation"] or None
        if term.aggregation is not None and term.aggregation != seen:
            raise StudyError(
                f"aggregation is {term.aggregation!r}, the recipe {columns.name!r} "
                f"gives {seen!r}; name a recipe of that aggregation"
            )
        kept = {key: row[key] for key in FeatureInput.model_fields if key in row}
        kept["modality"] = self.images[image].modality
        kept["software"] = self.section.software
        return FeatureInput(**kept)

    def _image(self, term: TermSection) -> str:
        if term.image is None and len(self.images) == 1:
            return next(iter(self.images))
        if term.image not in self.images:
            raise StudyError(
                f"image is {term.image!r}, expected one of {sorted(self.images)}; "
                "give it, with its recipe in recipes"
            )
        return term.image

    def _recipe(self, term: TermSection, image: str) -> RecipeColumns:
        own = [one for one in self.recipes if one.image == image]
        for one in own:
            if one.name == term.recipe or (term.recipe is None and one.main):
                return one
        names = [one.name for one in own]
        asked = (
            "a main recipe" if term.recipe is None else f"the recipe {term.recipe!r}"
        )
        hint = nearest(term.recipe or "", names) if names else ""
        raise StudyError(
            f"needs {asked} of {image}, recipes has {names}{hint}; an equation needs "
            "the recipe of its features"
        )

    def _described(self, image: str, region: str) -> Mapping[str, Any]:
        if (image, region) not in self._rows:
            place = {"image": [image], "region": [region], "reader": [NO_READER]}
            rows = describe_columns(pd.DataFrame(place), self.recipes)
            self._rows[image, region] = {row["name"]: row for row in rows}
        return self._rows[image, region]


def _not_measured(
    term: TermSection, feature: Any, columns: RecipeColumns, image: str
) -> str:
    return (
        f"the recipe {columns.name!r} has no {term.filter}.{feature.family}."
        f"{feature.feature} of {image} {term.region}: it gives the families "
        f"{list(columns.recipe.families)} of the image and the response maps "
        f"{[one.name for one in columns.recipe.filters]}"
    )


def images_of(section: PublishedModel) -> dict[str, ImageSection]:
    """Images of an equation, each with its modality."""
    plain = {
        name: ImageSection.model_validate({"modality": name})
        for name in section.recipes
        if name in MODALITIES and not section.images
    }
    named = {
        name: one.model_copy(update={"modality": one.modality or name})
        for name, one in section.images.items()
    }
    return plain | named


def recipe_faults_of(section: PublishedModel) -> list[KeyFault]:
    """Faults of images and recipes."""
    unknown = [
        (f"images.{name}.modality", f"is missing, and {name!r} is none of CT, MR, PT")
        for name, one in section.images.items()
        if one.modality is None and name not in MODALITIES
    ]
    found = unknown or [*recipe_faults(section.recipes)]
    found = found or [*target_faults(section.recipes, images_of(section))]
    mains = [n for n in section.recipes if is_main(n, images_of(section))]
    if not found and section.recipes and not mains:
        found = [("recipes", f"has no main recipe, found {list(section.recipes)}")]
    return found


def weighed(section: PublishedModel) -> tuple[list[Weighed], list[KeyFault]]:
    """Columns of the score in the order of the terms, and the faults of terms."""
    faults = recipe_faults_of(section)
    if faults:
        return [], faults
    try:
        measurable = Measurable.of(section)
    except (ConfigError, ValueError) as error:
        return [], [("recipes", str(error))]
    found: list[Weighed] = []
    for place, term in enumerate(section.terms):
        try:
            found.append(_one(term, section, measurable))
        except StudyError as error:
            faults.append((f"terms.{place}", str(error)))
    return found, [*faults, *_repeated(found), *_levels_left(found, section)]


def _one(term: TermSection, section: PublishedModel, measurable: Measurable) -> Weighed:
    per_sd = term.scale == "sd"
    weight = term.coefficient / (term.sd or 1.0) if per_sd else term.coefficient
    mean = (term.mean or 0.0) if per_sd else term.centre
    if term.covariate is not None:
        column = _covariate(term, section)
        return Weighed(column, weight, mean, term, term.transform)
    known = resolve(term)
    if known.is_root and term.transform != "none":
        raise StudyError(
            "its name is converted by a square root, so that transform "
            f"{term.transform} cannot follow; give the feature that it is made of"
        )
    own = measurable.input(term, known.feature)
    transform = "square_root" if known.is_root else term.transform
    if transform == "none":
        # ours + shift - mean, so that a plain equation stays one without transforms.
        mean, shift = mean - known.shift, 0.0
    else:
        shift = known.shift
    column = FeatureName.of(own.image, own.region, own.column)
    return Weighed(column, weight, mean, term, transform, shift, known.note, own)


def _covariate(term: TermSection, section: PublishedModel) -> str:
    name = str(term.covariate)
    if name not in section.covariates:
        hint = nearest(name, section.covariates)
        raise StudyError(f"{name!r} is no covariate{hint}; declare it in covariates")
    levels = section.covariates[name].levels
    if not levels and term.level is None:
        return f"{COVARIATE}{name}"
    if term.level is None:
        raise StudyError(f"{name!r} is a category; give the level of the coefficient")
    if term.level not in levels[1:]:
        raise StudyError(
            f"level is {term.level!r}, expected one of {levels[1:]} (the first level "
            "of covariates is the reference)"
        )
    return f"{COVARIATE}{name}={term.level}"


def _repeated(found: list[Weighed]) -> Iterator[KeyFault]:
    columns = [one.column for one in found]
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        yield "terms", f"{name} stands there {columns.count(name)} times; expected once"


def _levels_left(found: list[Weighed], section: PublishedModel) -> Iterator[KeyFault]:
    """Levels without a coefficient, which would pass for the reference."""
    columns = {one.column for one in found}
    for name, one in section.covariates.items():
        wanted = [f"{COVARIATE}{name}={level}" for level in one.levels[1:]]
        wanted = wanted or [f"{COVARIATE}{name}"]
        lacking = [column for column in wanted if column not in columns]
        if lacking and not any(t.covariate == name for t in section.terms):
            yield f"covariates.{name}", "stands in no term; leave it out"
        elif lacking:
            told = [column.partition("=")[2] for column in lacking]
            yield "terms", f"{name} has no coefficient of {told}; give 0 if it is 0"

"""Settings of the rules that measure features, each composed from the study."""

from collections.abc import Iterable, Mapping
from typing import Self

from ...provenance import canonical_json
from ...settings import RuleSettings, StudyView, from_study
from ..families import FAMILIES, Family
from .crosscheck import CrosscheckSection
from .feature_maps import ImageMaps
from .filters import FilterSection
from .recipe import CompleteRecipe
from .regions import RegionSection
from .variants import ImageVariants


class PrimeEngine(RuleSettings):
    """Settings of rule prime_engine: what decides on the code that is compiled."""

    families: list[Family]  # measured in images, by any recipe or map
    filters: list[FilterSection]  # each once, whatever its name
    response_families: list[Family]  # measured in response maps

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the study: those of all recipes of the first engine."""
        recipes = [one for one in study.recipes.values() if one.first_engine]
        filtering = [one for one in recipes if one.filters]
        filters = {
            canonical_json(filtered.model_dump(mode="json")): filtered
            for one in filtering
            for filtered in one.filters.values()
        }
        return cls(
            families=_united([_mapped(study), *(one.families for one in recipes)]),
            filters=[filters[key] for key in sorted(filters)],
            response_families=_united(one.response_families for one in filtering),
        )


class ImageSettings(RuleSettings):
    """Recipes of one image, and the regions made of others."""

    image: str
    recipes: dict[str, CompleteRecipe]
    regions: dict[str, RegionSection]
    seed: int

    @classmethod
    def of_engine(cls, study: StudyView, image: str, *, first: bool) -> Self:
        """Settings of the recipes of one engine; the seed if anything is random."""
        recipes = {
            name: recipe
            for name, recipe in _of_image(study, image).items()
            if recipe.first_engine == first
        }
        return cls(
            image=image,
            recipes=recipes,
            regions=_regions(study, image),
            seed=_seed(study, recipes),
        )


class ExtractFeatures(ImageSettings):
    """Settings of rule extract_features: the recipes of the first engine."""

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one image."""
        return cls.of_engine(study, names["image"], first=True)


class ExtractAggregated(ImageSettings):
    """Settings of rule extract_aggregated: the recipes of the second engine."""

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one image."""
        return cls.of_engine(study, names["image"], first=False)


class FeatureTable(RuleSettings):
    """Settings of rule feature_table: all recipes."""

    recipes: dict[str, CompleteRecipe]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the study."""
        return cls(recipes=study.recipes)


class ScopedSettings(RuleSettings):
    """Settings of rules that take some scans of a chunk, by the main recipe."""

    seed: int = from_study("study.seed")
    baseline_session: str = from_study("study.baseline_session")
    reference_reader: str = from_study("study.reference_reader")
    subjects: list[str]
    image: str
    recipes: dict[str, CompleteRecipe]


class MeasureVariants(ScopedSettings):
    """Settings of rule measure_variants."""

    regions: dict[str, RegionSection]
    variants: ImageVariants

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one chunk and image."""
        image = names["image"]
        return cls.composed(
            study,
            names,
            subjects=study.varied_subjects(names["chunk"]),
            image=image,
            recipes=_main(study, image),
            regions=_regions(study, image),
            variants=study.value("variants").of_image(image),
        )


class MapFeatures(ScopedSettings):
    """Settings of rule map_features."""

    maps: ImageMaps

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of one chunk and image."""
        image = names["image"]
        return cls.composed(
            study,
            names,
            subjects=study.mapped_subjects(names["chunk"]),
            image=image,
            recipes=_main(study, image),
            maps=study.value("feature_maps").of_image(image),
        )


class CrossCheckFeatures(RuleSettings):
    """Settings of rule cross_check_features: all recipes and regions."""

    baseline_session: str = from_study("study.baseline_session")
    reference_reader: str = from_study("study.reference_reader")
    crosscheck: CrosscheckSection = from_study("crosscheck")
    regions: dict[str, RegionSection] = from_study("regions")
    recipes: dict[str, CompleteRecipe]
    seed: int

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of the study; the seed if anything is random."""
        recipes = study.recipes
        return cls.composed(study, names, recipes=recipes, seed=_seed(study, recipes))


def _united(families: Iterable[Iterable[str]]) -> list[str]:
    """Families of several recipes, each once, in the order of the IBSI."""
    chosen = {family for some in families for family in some}
    return [family for family in FAMILIES if family in chosen]


def _mapped(study: StudyView) -> set[str]:
    """Families of the features that are mapped."""
    section = study.value("feature_maps")
    columns = section.features.values() if section else ()
    return {column.split(".")[1] for some in columns for column in some}


def _of_image(study: StudyView, image: str) -> dict[str, CompleteRecipe]:
    """The recipes of one image."""
    return {
        name: recipe.of_image(image)
        for name, recipe in study.recipes.items()
        if image in recipe.images
    }


def _main(study: StudyView, image: str) -> dict[str, CompleteRecipe]:
    """The main recipe of an image, by its name."""
    chosen = _of_image(study, image).items()
    return {name: one for name, one in chosen if one.is_main_of(image)}


def _regions(study: StudyView, image: str) -> dict[str, RegionSection]:
    regions = study.value("regions")
    return {name: section.of_image(image) for name, section in regions.items()}


def _seed(study: StudyView, recipes: Mapping[str, CompleteRecipe]) -> int:
    """Seed of the study; 0 where nothing is random, so that it decides on nothing."""
    random = any(recipe.is_random for recipe in recipes.values())
    return study.value("study.seed") if random else 0

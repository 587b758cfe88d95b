"""Sections of a study's configuration that make the features of a model.

Recipes hold all that they take from a preset or another recipe, so that they have the
same hash elsewhere. What names a subject, a file or a place of the study is left out:
sources, sheets, secrets, accepted faults, names of ROIs by site.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...features.feature_name import image_of
from ...features.settings.inheritance import (
    Images,
    Recipes,
    images_of,
    is_main,
    merged,
)
from ...fields import Section
from ...settings import StudyView

#: Keys of `ingest` that say something of single subjects, sites or machines.
_OF_THE_STUDY = {"waive", "roi_names", "chunk_size", "on_fault", "on_fault_codes"}


def sections(study: StudyView) -> dict[str, Any]:
    """All sections that make features and batches, as JSON values."""
    config = study.config
    found: dict[str, Any] = {
        "study": _plain(
            config.study,
            include={"baseline_session", "reference_reader", "algorithms"},
            exclude_unset=False,
        ),
        "validation": {"group": config.validation.group},
        "harmonization": {"batch": dict(config.harmonization.batch)},
    }
    if config.feature_table is not None:
        table = _plain(config.feature_table, exclude={"path"})
        return found | {"feature_table": table}
    return found | {
        "images": _of_each(config.images),
        "ingest": _plain(config.ingest, exclude=_OF_THE_STUDY),
        "agreement": _plain(config.agreement, include={"consensus", "consensus_of"}),
        "recipes": _whole_recipes(config.recipes, config.images),
        "regions": _of_each(config.regions),
        "protocol": {
            name: {fact: item.written() for fact, item in items.items()}
            for name, items in config.protocol.items()
        },
    }


def restricted(
    whole: Mapping[str, Any],
    features: Sequence[Mapping[str, Any]],
    batches: Collection[str],
) -> dict[str, Any]:
    """The sections as far as some features need them; empty ones are left out.

    Parameters
    ----------
    whole : mapping
        From `sections`.
    features : sequence of mapping
        Rows of the dictionary (kind "dictionary") of the features.
    batches : collection of str
        Full names of a feature of each image whose batches are harmonized.
    """
    images = {str(row["image"]) for row in features}
    found = dict(whole)
    harmonized = {image_of(name) for name in batches}
    batch = found["harmonization"]["batch"]
    found["harmonization"] = {
        "batch": {name: value for name, value in batch.items() if name in harmonized}
    }
    image, variable, _ = found["validation"]["group"].partition(".")
    if variable and image not in harmonized:
        # Groups by a batch that the model knows nothing of: there, they are the sites.
        del found["validation"]
    if "feature_table" in found:
        return found
    modalities = _modalities(found["images"], images)
    found["images"] = _chosen(found["images"], images)
    recipes = {str(row["recipe"]) for row in features}
    found["recipes"] = _chosen(found["recipes"], recipes)
    regions = {str(row["region"]) for row in features}
    found["regions"] = _regions(found["regions"], regions)
    found["protocol"] = _chosen(found["protocol"], images | modalities)
    return {name: value for name, value in found.items() if value}


def _plain(section: Section, exclude_unset: bool = True, **options: Any) -> Any:
    return section.model_dump(mode="json", exclude_unset=exclude_unset, **options)


def _of_each(named: Mapping[str, Section]) -> dict[str, Any]:
    return {name: _plain(section) for name, section in named.items()}


def _whole_recipes(recipes: Recipes, images: Images) -> dict[str, Any]:
    """Recipes with all that they take from elsewhere, and the images they are for."""
    found = {name: _plain(merged(name, recipes)) for name in recipes}
    for name, recipe in found.items():
        if not is_main(name, images):
            recipe["image"] = images_of(name, recipes, images)
    return found


def _modalities(known: Mapping[str, Any], images: Collection[str]) -> set[str]:
    return {str(known[name].get("modality")) for name in images if name in known}


def _chosen(named: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in named.items() if name in names}


def _regions(known: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Derived regions of some names, and those that they are made of."""
    wanted, left = set[str](), list(names)
    while left:
        name = left.pop()
        if name in known and name not in wanted:
            wanted.add(name)
            left += [*known[name]["of"], *known[name].get("exclude", [])]
    return _chosen(known, wanted)

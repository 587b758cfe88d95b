"""Images of a study by name: modality of each, what the configuration says of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..config_faults import Fault, nearest
from ..features.settings.inheritance import known_names, target_faults
from ..features.settings.variants import VariantsSection
from ..fields import key_fault
from ..image_names import MODALITIES, ImageSection, by_image
from .config import SITE, StudyConfig
from .sheets import Sheet

#: Endings of other files of an image, which no name may have.
RESERVED = ("_exclusions", "_undefined", "_surface_dice", "_group")

Images = dict[str, ImageSection]


def images_of(config: StudyConfig, sheet: Sheet) -> Images:
    """All images of the study, each with its modality.

    Those of the image sheet, in the order of their names; in a study that starts from
    features, or has yet to draft its sheets, those that the configuration names.
    """
    found = {row["image"]: row["modality"] for row in sheet.rows}
    if not found:
        found = dict.fromkeys(_named(config), "")
    declared = config.images
    return {
        name: ImageSection.model_construct(
            modality=_modality(name, found.get(name, ""), declared),
            unit=declared[name].unit if name in declared else None,
        )
        for name in sorted({*found, *declared})
    }


def with_images(config: StudyConfig, images: Images) -> StudyConfig:
    """The configuration with an entry for each image wherever images are named.

    An entry of a modality becomes one of all its images that have none of their own.
    """
    known = {name: image.modality or "" for name, image in images.items()}
    harmonization, validation = config.harmonization, config.validation
    maps, variants = config.feature_maps, config.variants
    changed: dict[str, Any] = {
        "images": images,
        "protocol": by_image(config.protocol, known),
        "harmonization": harmonization.model_copy(
            update={"batch": by_image(harmonization.batch, known)}
        ),
        "validation": validation.model_copy(
            update={"group": _single(validation.group, known)}
        ),
        "regions": {
            name: region.model_copy(
                update={"intensity_range": by_image(region.intensity_range, known)}
            )
            for name, region in config.regions.items()
        },
    }
    if variants is not None:
        changed["variants"] = _variants_by_image(variants, known)
    if maps is not None:
        features = by_image(maps.features, known)
        changed["feature_maps"] = maps.model_copy(update={"features": features})
    return config.model_copy(update=changed)


def _variants_by_image(
    section: VariantsSection, known: Mapping[str, str]
) -> VariantsSection:
    return section.model_copy(
        update={
            "images": list(by_image(dict.fromkeys(section.images), known)),
            "spacings_mm": by_image(section.spacings_mm, known),
            "bins": by_image(section.bins, known),
        }
    )


def sheet_faults(config: StudyConfig, sheet: Sheet) -> Iterator[Fault]:
    """Names that cannot be, and images of no or several modalities."""
    where = str(sheet.path)
    modalities: dict[str, set[str]] = {}
    for row in sheet.rows:
        modalities.setdefault(row["image"], set()).add(row["modality"])
    for modality in sorted(set().union(*modalities.values()) - {*MODALITIES, ""}):
        hint = nearest(modality, MODALITIES)
        yield Fault(where, "modality", f"is {modality!r}, expected CT, MR or PT{hint}")
    yield from _name_faults(where, modalities)
    for name, found in sorted(modalities.items()):
        declared = config.images[name].modality if name in config.images else None
        own = {declared or name} if declared or name in MODALITIES else found
        if len(found) > 1:
            text = f"the image {name!r} has the modalities {', '.join(sorted(found))}"
            yield Fault(where, "image", f"{text}; one image has one modality")
        elif found - {""} - own:
            yield Fault(
                where,
                "image",
                f"the image {name!r} has the modality {found.pop()}, expected "
                f"{own.pop()}, which its name or images.{name} in the configuration "
                "says",
            )
    yield from _unit_faults(config, sheet)
    yield from _absent_faults(config, where, modalities)


def _absent_faults(
    config: StudyConfig, where: str, names: Iterable[str]
) -> Iterator[Fault]:
    """Images that the configuration declares and no row has."""
    for name in sorted(set(config.images) - set(names)):
        hint = nearest(name, names)
        yield Fault(f"images.{name}", "", f"is no image of {where}{hint}")


def _unit_faults(config: StudyConfig, sheet: Sheet) -> Iterator[Fault]:
    """Units of MR images in the sheet that the configuration does not declare."""
    told = {
        (row["image"], row["unit"])
        for row in sheet.rows
        if row.get("unit") and row["modality"] == "MR"
    }
    for name, unit in sorted(told):
        declared = config.images[name].unit if name in config.images else None
        if declared != unit:
            yield Fault(
                str(sheet.path),
                "unit",
                f"is {unit!r} of the image {name!r}, but images.{name}.unit in the "
                f"configuration is {declared or 'not given'}; declare it there",
            )


def _name_faults(where: str, names: Iterable[str]) -> Iterator[Fault]:
    """Names that cannot be those of files and features."""
    seen: dict[str, str] = {}
    for name in sorted(names):
        if name and (told := key_fault(name)):
            yield Fault(where, "image", f"{name!r} {told}")
        if name.endswith(RESERVED):
            yield Fault(
                where, "image", f"{name!r} may not end with {' or '.join(RESERVED)}"
            )
        other = seen.setdefault(name.lower(), name)
        if other != name:
            yield Fault(
                where, "image", f"{name!r} and {other!r} would name the same file"
            )


def config_faults(config: StudyConfig, images: Images) -> Iterator[tuple[str, str]]:
    """Faults of what the configuration says of images, as (key, message).

    Parameters
    ----------
    images : dict of ImageSection
        From `images_of`.
    """
    yield from _declaration_faults(config, images)
    yield from _key_faults(config, images)
    if config.feature_table is None:
        yield from target_faults(config.recipes, images)
        yield from _recipe_faults(config, images)
    yield from _batch_faults(config, images)
    yield from _group_faults(config, images)


def _declaration_faults(
    config: StudyConfig, images: Images
) -> Iterator[tuple[str, str]]:
    for name in config.images:
        image = images[name]
        if image.modality is None:
            yield f"images.{name}.modality", "is missing; give CT, MR or PT"
        if image.unit is not None and image.modality in ("CT", "PT"):
            yield (
                f"images.{name}.unit",
                f"is {image.unit!r}, but a {image.modality} is read in its own unit; "
                "only an MR image declares one",
            )


def _key_faults(config: StudyConfig, images: Images) -> Iterator[tuple[str, str]]:
    """Names of images in the sections that no image has."""
    uses: dict[str, Iterable[str]] = {
        "protocol": config.protocol,
        "harmonization.batch": config.harmonization.batch,
    }
    for name, region in config.regions.items():
        uses[f"regions.{name}.intensity_range"] = region.intensity_range
    uses |= _measured(config)
    known = known_names(images)
    for key, names in uses.items():
        for name in names:
            if name not in known:
                hint = nearest(name, known)
                yield key, f"{name!r} is neither an image nor a modality{hint}"


def _recipe_faults(config: StudyConfig, images: Images) -> Iterator[tuple[str, str]]:
    """Images without a main recipe, and measurements by a recipe that there is not."""
    recipes = config.recipes
    mains = ", ".join(n for n in recipes if n in images or n in MODALITIES)
    for name, image in images.items():
        if not {name, image.modality} & {*recipes, None}:
            more = f" or recipes.{image.modality}" if name != image.modality else ""
            yield (
                "recipes",
                f"the image {name!r} has no main recipe; known: {mains}. Add "
                f"recipes.{name}{more}",
            )
    for key, names in _measured(config).items():
        for name in names:
            used = any(name in (one, images[one].modality) for one in images)
            if name in MODALITIES and not used and name not in recipes:
                yield key, f"{name} has no main recipe; known: {', '.join(recipes)}"


def _measured(config: StudyConfig) -> dict[str, Iterable[str]]:
    """Images, or modalities, by the setting that measures them by the main recipe."""
    found: dict[str, Iterable[str]] = {}
    if config.variants is not None:
        for key in ("images", "spacings_mm", "bins"):
            found[f"variants.{key}"] = getattr(config.variants, key)
    if config.feature_maps is not None:
        found["feature_maps.features"] = config.feature_maps.features
    return found


def _batch_faults(config: StudyConfig, images: Images) -> Iterator[tuple[str, str]]:
    batch = config.harmonization.batch
    for name, image in images.items():
        if name not in batch and image.modality not in batch:
            yield "harmonization.batch", f"{name} has features but no batch here"


def _group_faults(config: StudyConfig, images: Images) -> Iterator[tuple[str, str]]:
    """A group that is of no image, or of several."""
    group = config.validation.group
    name, _, _ = group.rpartition(".")
    if group == SITE or name in images:
        return
    of_modality = [i for i, image in images.items() if image.modality == name]
    if not of_modality:
        yield (
            "validation.group",
            f"{group!r} is neither {SITE!r} nor an image with features and one of its "
            f"batch variables, such as CT.SoftwareVersions{nearest(name, images)}",
        )
    elif len(of_modality) > 1:
        yield (
            "validation.group",
            f"{group!r} names {', '.join(of_modality)}; give one of these images",
        )


def _single(group: str, modalities: Mapping[str, str]) -> str:
    """A group with the name of its image in place of the modality."""
    name, _, variable = group.rpartition(".")
    if not name or name in modalities:
        return group
    found = [image for image, modality in modalities.items() if modality == name]
    return f"{found[0]}.{variable}" if len(found) == 1 else group


def _named(config: StudyConfig) -> list[str]:
    """Images that the configuration names, where no sheet does."""
    table = config.feature_table
    if table is not None:
        return [table.image] if table.image else list(config.harmonization.batch)
    return [name for name in config.recipes if name in MODALITIES]


def _modality(name: str, found: str, declared: Mapping[str, ImageSection]) -> Any:
    """The modality of an image by the sheet, its declaration or its name."""
    said = declared[name].modality if name in declared else None
    return found or said or (name if name in MODALITIES else None)

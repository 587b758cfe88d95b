"""Company of the headline arm: baselines that the configuration left out are added."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..config_faults import Fault
from ..evaluation.company import (
    VOLUMES,
    Member,
    clinical_covariates,
    is_volume,
    members,
)
from ..feature_import import naming
from ..features.feature_name import FeatureName, of_main_recipe
from ..features.recipe.columns import of_study
from ..features.settings import inheritance
from ..models.settings.arm import ArmSection
from ..models.settings.tuning import Tuning
from .config import SITE, StudyConfig
from .consensus import segmented_regions
from .feature_table_checks import first_line
from .sheets import Sheet

#: Where the features of a study are found: full names, or patterns of them.
Names = Iterable[str]


def with_company(config: StudyConfig, names: Names, n_sites: int) -> StudyConfig:
    """The configuration with the members of the company that it lacks as arms.

    They stand behind the arms of the configuration, so that these keep their jobs.

    Parameters
    ----------
    config : StudyConfig
        A configuration without faults.
    names : iterable of str
        Full names of the features of the study, or patterns of them; looked at only
        where a volume is missing.
    n_sites : int
        Sites of the study.
    """
    arms = dict(config.arms)
    labels = {arm.label for arm in arms.values()}
    for member, arm in _missing(config, names, n_sites):
        label = f"{arm.label} (added)" if arm.label in labels else arm.label
        arms[_free(member, arms)] = arm.model_copy(update={"label": label})
    return config.model_copy(update={"arms": arms})


def company_faults(config: StudyConfig, where: str) -> Iterator[Fault]:
    """Members that are declined although an arm is one of them."""
    if config.evaluation.headline_arm not in config.arms:
        return  # a fault of its own
    for member, present in _members(config).items():
        if present and member in config.evaluation.decline_company:
            yield Fault(
                where,
                f"evaluation.decline_company.{member}",
                f"declines what arms.{present[0]} is; take one of them out",
            )


def image_features(config: StudyConfig, masks: Sheet) -> Iterator[str]:
    """Full names of the features of the baseline that the recipes give."""
    segmented = segmented_regions(config, masks, config.study.reference_reader)
    recipes = of_study(inheritance.complete(config.recipes, config.images))
    for image in sorted({image for image, _ in segmented}):
        regions = {region for other, region in segmented if other == image}
        for columns in (one for one in recipes if one.image == image):
            for region in sorted({*regions, *config.regions}):
                if columns.measures(region):
                    for column in columns.names():
                        yield FeatureName.of(image, region, column)


def table_features(config: StudyConfig, path: Path) -> Iterator[str]:
    """Full names of the features of a table; patterns where its rows tell the image."""
    table = config.feature_table
    if table is None or not path.is_file():
        return
    chosen = naming.chosen_columns(first_line(path), table.features, table.exclude)
    names = naming.matrix_columns(chosen, table.name_style, table.names)
    for column in names.values():
        yield FeatureName.of(table.image or "*", table.region or "*", column)


def _members(config: StudyConfig) -> Mapping[Member, list[str]]:
    covariates = clinical_covariates(config.covariates, config.endpoints)
    return members(config.arms, config.evaluation.headline_arm, covariates)


def _missing(
    config: StudyConfig, names: Names, n_sites: int
) -> Iterator[tuple[Member, ArmSection]]:
    """Each member that is neither there nor declined, as far as it can be made."""
    declined = config.evaluation.decline_company
    for member, present in _members(config).items():
        if not present and member not in declined:
            made = _made(config, member, names, n_sites)
            if made is not None:
                yield member, made


def _made(
    config: StudyConfig, member: Member, names: Names, n_sites: int
) -> ArmSection | None:
    """An arm that is a member of the company; None if there is nothing to make it of.

    A headline arm that is not harmonized has no twin, one site tells nothing, and
    volumes and covariates may be missing.
    """
    headline = config.arms[config.evaluation.headline_arm]
    by_site = config.validation.group == SITE
    if member == "unharmonized":
        return _twin(config, headline) if headline.harmonizes else None
    tuning = _as_hard(headline)
    if member == "site":
        label = "Site only" if by_site else "Group only"
        known = n_sites > 1 or not by_site
        arm = ArmSection(group_indicator=True, label=label, tuning=tuning)
        return arm if known else None
    if member == "volume":
        return _volume_alone(_volumes(headline, names), tuning)
    covariates = clinical_covariates(config.covariates, config.endpoints)
    clinical = ArmSection(covariates=covariates, label="Clinical only")
    return clinical if covariates else None


def _as_hard(headline: ArmSection) -> Tuning | None:
    """Tuning of a baseline: that of the headline, as far as a baseline has options."""
    if headline.tuning is None:
        return None
    return headline.tuning.model_copy(update={"harmonizer": [], "max_features": []})


def _volume_alone(features: list[str], tuning: Tuning | None) -> ArmSection | None:
    """Arm of some volumes; None without any."""
    if not features:
        return None
    label = "Volume only"
    return ArmSection(
        features=features, stability_filter=False, label=label, tuning=tuning
    )


def _twin(config: StudyConfig, headline: ArmSection) -> ArmSection:
    """The headline arm without its harmonizer."""
    name = headline.label or config.evaluation.headline_arm.replace("_", " ")
    label = f"{name}, not harmonized"
    none: dict[str, Any] = {"harmonizer": "none", "unseen": None, "label": label}
    if headline.tuning is not None:
        none["tuning"] = headline.tuning.model_copy(update={"harmonizer": []})
    return headline.model_copy(update=none)


def _volumes(headline: ArmSection, names: Names) -> list[str]:
    """The volume of each region that the headline arm uses, on each of its images.

    Where none of these was measured, that of the same regions on other images; of a
    headline arm without features, all.
    """
    known = list(dict.fromkeys(names))
    used = [name for name in known if _fits(name, headline.features)]
    volumes = {_place(name): name for name in _by_preference(known)}
    places = {_place(name) for name in used or known}
    regions = {region for _, region in places}
    own = [name for place, name in volumes.items() if place in places]
    return sorted(
        own or [name for (_, region), name in volumes.items() if region in regions]
    )


def _by_preference(names: Names) -> list[str]:
    """The volumes among some features, the preferred ones last."""
    found = [name for name in names if is_volume(name)]

    def rank(name: str) -> tuple[bool, int]:
        feature = name.rpartition(".")[2]
        place = VOLUMES.index(feature) if feature in VOLUMES else len(VOLUMES)
        return of_main_recipe(name), -place

    return sorted(found, key=rank)


def _fits(name: str, patterns: Names) -> bool:
    """True if an arm takes a feature; of a name that is a pattern, if it may."""
    return any(
        of_main_recipe(name) == of_main_recipe(pattern)
        and (fnmatchcase(name, pattern) or "*" in _place(name))
        for pattern in patterns
    )


def _place(name: str) -> tuple[str, str]:
    image, region, _ = name.split(".", 2)
    return image, region


def _free(member: str, taken: Iterable[str]) -> str:
    """A name that no arm has, in upper or lower case."""
    known, name, number = {one.lower() for one in taken}, member, 1
    while name in known:
        number += 1
        name = f"{member}_{number}"
    return name

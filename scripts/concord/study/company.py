"""Company of the headline arm: baselines that the configuration left out are added."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ..config_faults import Fault
from ..evaluation.company import (
    VOLUMES,
    Member,
    clinical_covariates,
    is_unharmonized_twin,
    is_volume,
    members,
)
from ..feature_import import naming
from ..features.feature_name import FeatureName, of_main_recipe
from ..features.recipe.columns import of_study
from ..features.settings import inheritance
from ..file_names import LONGEST_KEY
from ..models.settings.arm import ArmSection
from ..models.settings.fusion import features_of, fused_from, harmonizes
from ..models.settings.model import ModelSection
from ..models.settings.tuning import Tuning
from ..tables.stacked import united
from .config import SITE, StudyConfig
from .consensus import segmented_regions
from .feature_table_checks import first_line
from .sheets import Sheet

#: How the name of the unharmonized twin of a member ends, and places for its number.
_TWIN, _DIGITS = "_unharmonized", 3
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
    model = _model(config.arms, config.evaluation.headline_arm)
    for member, found in _missing(config, names, n_sites):
        twins = _twins_of_members(found, arms)
        arms |= {name: twin for name, twin in twins.values() if name not in arms}
        arm = _combining(found, {member: name for member, (name, _) in twins.items()})
        label = f"{arm.label} (added)" if arm.label in labels else arm.label
        changes: dict[str, Any] = {"label": label}
        if member != "unharmonized":
            changes |= {"model": model}
        made = arm.model_copy(update=changes)
        arms[_free(member, arms)] = made.model_copy(update={"tuning": _useful(made)})
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


def table_features(config: StudyConfig, paths: Sequence[Path]) -> Iterator[str]:
    """Full names of the features of a table; patterns where its rows tell the image."""
    table = config.feature_table
    if table is None or not all(path.is_file() for path in paths):
        return
    columns = united([first_line(path) for path in paths])
    chosen = naming.chosen_columns(columns, table.features, table.exclude)
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
        harmonized = harmonizes(config.arms, config.evaluation.headline_arm)
        return _twin(config, headline) if harmonized else None
    lead = _lead(config.arms, config.evaluation.headline_arm)
    if member == "site":
        label = "Site only" if by_site else "Group only"
        tuning = _as_hard(lead, transform=[])
        arm = ArmSection(group_indicator=True, label=label, tuning=tuning)
        return arm if n_sites > 1 or not by_site else None
    if member == "volume":
        used = features_of(config.arms, config.evaluation.headline_arm)
        return _volume_alone(_volumes(used, names), lead)
    covariates = clinical_covariates(config.covariates, config.endpoints)
    clinical = ArmSection(covariates=covariates, label="Clinical only")
    clinical = clinical.model_copy(update=_imputation(lead))
    return clinical if covariates else None


def _lead(arms: Mapping[str, ArmSection], headline: str) -> ArmSection:
    """Arm whose settings baselines follow: the headline or, if fused, a member.

    The first member that tunes or, if none does, the first one.
    """
    members = list(fused_from(arms, headline).values())
    return next((arm for arm in members if arm.tuning is not None), members[0])


def _as_hard(lead: ArmSection, **without: Any) -> Tuning | None:
    """Tuning of a baseline: as hard as the headline, as far as it has options."""
    if lead.tuning is None:
        return None
    others = {"harmonizer": [], "max_features": []} | without
    return lead.tuning.model_copy(update=others)


def _useful(arm: ArmSection) -> Tuning | None:
    """Tuning of an arm that tries something: a penalty, if it has one, or options."""
    tuning = arm.tuning
    if tuning is None or not (arm.model.has_penalty or tuning.options()):
        return None
    return tuning


def _imputation(lead: ArmSection) -> dict[str, Any]:
    """The headline's treatment of missing values."""
    names = ("imputation", "n_imputations")
    return {name: getattr(lead, name) for name in names}


def _volume_alone(features: list[str], lead: ArmSection) -> ArmSection | None:
    """Arm of some volumes, transformed and imputed alike; None without any."""
    if not features:
        return None
    volume = ArmSection(
        features=features,
        stability_filter=False,
        label="Volume only",
        tuning=_as_hard(lead),
        transform=lead.transform,
    )
    return volume.model_copy(update=_imputation(lead))


def _model(arms: Mapping[str, ArmSection], headline: str) -> ModelSection:
    """Model of the arms that stand beside a headline arm: of its kind.

    Of a fused arm, that of its first member. Beside a published score, which nobody
    can fit to other predictors, they are penalized.
    """
    model = next(iter(fused_from(arms, headline).values())).model
    return ModelSection() if model.is_given else model


def _twin(config: StudyConfig, headline: ArmSection) -> ArmSection:
    """The headline arm without its harmonizer."""
    return _not_harmonized(config.evaluation.headline_arm, headline)


def _not_harmonized(name: str, arm: ArmSection) -> ArmSection:
    """An arm without its harmonizer."""
    label = f"{arm.label or name.replace('_', ' ')}, not harmonized"
    none: dict[str, Any] = {"harmonizer": "none", "unseen": None, "label": label}
    if arm.tuning is not None:
        none["tuning"] = arm.tuning.model_copy(update={"harmonizer": []})
    return arm.model_copy(update=none)


def _twins_of_members(
    made: ArmSection, arms: Mapping[str, ArmSection]
) -> dict[str, tuple[str, ArmSection]]:
    """Unharmonized twin of each member of a fused arm by the member, with its name.

    One that stands among the arms is taken.
    """
    found: dict[str, tuple[str, ArmSection]] = {}
    for member in made.fusion.of if made.fusion else ():
        if arms[member].harmonizes:
            taken = {**arms, **dict(found.values())}
            known = [n for n in arms if is_unharmonized_twin(arms[n], arms[member])]
            twin = _not_harmonized(member, arms[member])
            start = member[: LONGEST_KEY - len(_TWIN) - _DIGITS]
            name = known[0] if known else _free(f"{start}{_TWIN}", taken)
            found[member] = name, twin
    return found


def _combining(arm: ArmSection, instead: Mapping[str, str]) -> ArmSection:
    """A fused arm with other members in the place of its own; any other as it is."""
    if arm.fusion is None:
        return arm
    of = [instead.get(member, member) for member in arm.fusion.of]
    return arm.model_copy(update={"fusion": arm.fusion.model_copy(update={"of": of})})


def _volumes(features: list[str], names: Names) -> list[str]:
    """The volume of each region that the headline arm uses, on each of its images.

    Where none of these was measured, that of the same regions on other images; of a
    headline arm without features, all.
    """
    known = list(dict.fromkeys(names))
    used = [name for name in known if _fits(name, features)]
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

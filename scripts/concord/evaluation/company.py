"""Company of a headline arm: the baselines that its value is read against.

A headline arm is never shown alone. Beside it stand, on the same folds, its
unharmonized twin, the group alone, the volume alone and the clinical model; an arm that
is equal to one of them counts as it, whatever its name.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from ..feature_import.naming import EXTERNAL
from ..models.settings.arm import Arm
from ..models.settings.fusion import fused_from, harmonizes

Member = Literal["unharmonized", "site", "volume", "clinical"]
MEMBERS: tuple[Member, ...] = get_args(Member)

#: Features that are the volume, the preferred one first: those of the first engine, and
#: those of tables that another tool made.
VOLUMES = ("volume_mesh", "mesh_volume", "volume", "voxel_volume", "volume_voxel")
_SHAPES = ("morphology", "shape")
#: Names of volumes in tables whose columns follow no style.
_GIVEN = re.compile(
    r"((tumou?r|lesion|region|roi|mask|mesh|voxel)_)?volume(_(ml|cc|cm3|mm3))?", re.I
)
#: Settings of an arm that say nothing of what it learns without a harmonizer.
_OF_HARMONIZER = {"harmonizer", "unseen", "label"}


def is_unharmonized_twin(arm: Arm, headline: Arm) -> bool:
    """True if an arm differs from a harmonized one in not being harmonized alone."""
    return (
        headline.harmonizes
        and not (arm.harmonizes or arm.harmonizer != "none")
        and _fit_settings(arm) == _fit_settings(headline)
    )


def is_unharmonized(arms: Mapping[str, Arm], name: str, headline: str) -> bool:
    """True if an arm is the unharmonized twin of another one, by their names.

    That of a fused arm combines, by the same rule, the twins of those members that
    are harmonized, and the others themselves.
    """
    own, other = arms[headline].fusion, arms[name].fusion
    if own is None or other is None:
        return is_unharmonized_twin(arms[name], arms[headline])
    same_rule = own.model_copy(update={"of": other.of}) == other
    if not (same_rule and harmonizes(arms, headline)) or harmonizes(arms, name):
        return False
    wanted = [
        next(
            (n for n in other.of if n == m or is_unharmonized_twin(arms[n], arms[m])),
            None,
        )
        for m in own.of
    ]
    return None not in wanted and set(wanted) == set(other.of)


def is_early_fusion(arms: Mapping[str, Arm], name: str, fused: str) -> bool:
    """True if an arm learns in one model from all predictors of a fused arm's members.

    It has their features and covariates, and is harmonized as they are.
    """
    arm, members = arms[name], [*fused_from(arms, fused).values()]
    if arm.fusion is not None or arms[fused].fusion is None:
        return False
    harmonizers = {one.harmonizer for one in members if one.features}
    return (
        set(arm.features) == {f for one in members for f in one.features}
        and set(arm.covariates) == {c for one in members for c in one.covariates}
        and arm.group_indicator == any(one.group_indicator for one in members)
        and (not harmonizers or arm.harmonizer in harmonizers)
    )


def is_volume(name: str) -> bool:
    """True if a feature, or a pattern of features, is the volume of a region."""
    *_, family, feature = ["", *name.split(".")]
    if family == EXTERNAL:
        return _GIVEN.fullmatch(feature) is not None
    return family in _SHAPES and feature in VOLUMES


def is_volume_alone(arm: Arm) -> bool:
    """True if an arm knows nothing of a subject but the volume of its regions."""
    others = arm.covariates or arm.group_indicator
    return bool(arm.features) and not others and all(map(is_volume, arm.features))


def is_clinical(arm: Arm, covariates: Iterable[str]) -> bool:
    """True if an arm has all of some covariates, and nothing else."""
    others = arm.features or arm.group_indicator
    return bool(arm.covariates) and not others and set(arm.covariates) == {*covariates}


def members(
    arms: Mapping[str, Arm], headline: str, covariates: Iterable[str]
) -> dict[Member, list[str]]:
    """Names of the arms that count as each member, in the order of the study.

    Parameters
    ----------
    arms : mapping of Arm
        All arms of the study, by name.
    headline : str
        Name of the headline arm, which may be one of its own company.
    covariates : iterable of str
        Covariates of the clinical model, from `clinical_covariates`.
    """
    wanted = list(covariates)
    found: dict[Member, list[str]] = {member: [] for member in MEMBERS}
    for name, arm in arms.items():
        if is_unharmonized(arms, name, headline):
            found["unharmonized"].append(name)
        if arm.predicts_by_group_alone:
            found["site"].append(name)
        if is_volume_alone(arm):
            found["volume"].append(name)
        if is_clinical(arm, wanted):
            found["clinical"].append(name)
    return found


def clinical_covariates(
    covariates: Mapping[str, Any], endpoints: Mapping[str, Any]
) -> list[str]:
    """Declared covariates that predict at baseline, in their order.

    A proxy of an endpoint does not, nor a treatment that was not randomized.

    Parameters
    ----------
    covariates, endpoints : mapping
        Sections of the configuration by name; of a covariate, `column` is used, of
        an endpoint, `proxies` and `treatment`.
    """
    refused = {column for one in endpoints.values() for column in one.proxies}
    for one in endpoints.values():
        if one.treatment is not None and not one.treatment.randomized:
            refused.add(one.treatment.column)
    return [name for name, one in covariates.items() if one.column not in refused]


def _fit_settings(arm: Arm) -> dict[str, Any]:
    """Settings that decide what an arm learns, but for its harmonizer."""
    settings = arm.model_dump(exclude=_OF_HARMONIZER)
    if arm.tuning is not None:
        rest = arm.tuning.model_copy(update={"harmonizer": []})
        tries = arm.model.has_penalty or rest.options()
        settings["tuning"] = rest if tries else None
    return settings | {key: set(settings[key]) for key in ("covariates", "features")}

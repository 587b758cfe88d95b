"""Late fusion: an arm that combines the scores of other arms, one per modality."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from ...config_faults import nearest
from ...fields import Name, Section
from ...methods_clauses import Clause

#: Rules by which scores are combined.
MEAN: Literal["mean"] = "mean"
STACKING: Literal["stacking"] = "stacking"
FusionRule = Literal["mean", "stacking"]
#: How the names of the weights begin among the terms of a fit; the member follows.
TERM = "member."
#: Fields of an arm that a fused one may give.
_OWN = frozenset({"fusion", "label"})


class FusionSection(Section):
    """Arms whose scores are combined, and how."""

    of: Annotated[list[Name], Clause("one model for each of {of}")] = Field(
        min_length=2,
        description="Arms that are combined, such as one per modality; at least two, "
        "none of them fused itself.",
    )
    rule: Annotated[
        FusionRule,
        Clause(
            {
                MEAN: "combined by the mean of their standardized linear predictors",
                STACKING: "combined by non-negative weights of their standardized "
                "linear predictors, learnt from scores out of inner folds",
            }
        ),
    ] = Field(
        default="mean",
        description="How scores are combined: the mean of the standardized linear "
        "predictors that a subject has (mean), or non-negative weights learnt from "
        "scores out of inner folds (stacking).",
    )
    inner_folds: Annotated[
        int, Clause("{inner_folds} inner folds of each development set")
    ] = Field(
        default=5,
        ge=2,
        description="Inner folds of each development set, in which all members are "
        "fitted anew: weights, and what turns the combined score into a risk, are "
        "learnt from the scores of those left out.",
    )


class ArmFusion(Section):
    """Other arms whose scores an arm combines."""

    fusion: FusionSection | None = Field(
        default=None,
        description="Late fusion: the arms whose scores this arm combines. It has no "
        "predictors, steps or model of its own.",
    )


def fused_from[A: ArmFusion](arms: Mapping[str, A], name: str) -> dict[str, A]:
    """The members of a fused arm by name, sorted; of any other arm, itself."""
    section = arms[name].fusion
    members = sorted(section.of) if section else [name]
    return {member: arms[member] for member in members}


def harmonizes(arms: Mapping[str, Any], name: str) -> bool:
    """True if batch effects are removed from features of an arm, or of a member."""
    return any(arm.harmonizes for arm in fused_from(arms, name).values())


def features_of(arms: Mapping[str, Any], name: str) -> list[str]:
    """Patterns of the features of an arm, or of all of its members."""
    members = fused_from(arms, name).values()
    return [pattern for arm in members for pattern in arm.features]


def fusion_faults(arms: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Faults of all fused arms, as (key, message)."""
    for name, arm in arms.items():
        if arm.fusion is None:
            continue
        for key in sorted(arm.model_fields_set - _OWN):
            yield (
                f"arms.{name}.{key}",
                "stands in a fused arm, which has no predictors, steps or model of its "
                f"own; give it in the arms {arm.fusion.of}",
            )
        yield from _member_faults(f"arms.{name}.fusion.of", arm.fusion.of, arms)


def _member_faults(
    key: str, members: list[str], arms: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for place, member in enumerate(members):
        if member not in arms:
            yield key, f"{member!r} is not defined{nearest(member, arms)}"
        elif member in members[:place]:
            yield key, f"{member!r} stands here twice; name each arm once"
        elif arms[member].fusion is not None:
            yield (
                key,
                f"{member!r} is fused itself; name the arms {arms[member].fusion.of} "
                "that it combines",
            )

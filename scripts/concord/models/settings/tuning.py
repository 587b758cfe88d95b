"""Options of an arm that inner folds choose."""

from typing import Annotated, Any, Literal

from pydantic import Field

from ...fields import Section
from ...harmonization.settings import HarmonizerKind
from ...methods_clauses import Clause, listed, written
from .steps import Transform

#: Options of an arm that may be tuned, by their names in the section, and the words
#: that the methods have for them.
TUNABLE = {
    "transform": "the transform of features",
    "harmonizer": "the harmonizer",
    "max_features": "the number of features",
    "l1_share": "the share of the penalty on absolute values",
}


def _tried(section: Any) -> str:
    parts = []
    if section.n_penalties:
        parts.append(
            f"the penalty ({section.n_penalties} values from the one that leaves no "
            f"feature down to {section.lowest_penalty:g} of it)"
        )
    for name, words in TUNABLE.items():
        if values := getattr(section, name):
            parts.append(f"{words} ({', '.join(_printed(value) for value in values)})")
    return f"tuned: {listed(parts)}" if parts else ""


def _printed(value: Any) -> str:
    return written(value) if isinstance(value, float) else str(value)


class Tuning(Section):
    """Inner cross-validation that chooses options of an arm."""

    n_penalties: Annotated[int, Clause(_tried)] = Field(
        default=20,
        ge=0,
        le=200,
        description="Penalties that are tried, evenly spaced on a log scale from the "
        "smallest that leaves no feature in the model; 0 keeps the arm's penalty.",
    )
    lowest_penalty: float = Field(
        default=0.01,
        gt=0,
        lt=1,
        description="Smallest penalty tried, as a share of the largest.",
    )
    l1_share: list[Annotated[float, Field(ge=0, le=1)]] = Field(
        default=[],
        description="Shares of the penalty on absolute values that are tried; none: "
        "the arm's own.",
    )
    max_features: list[Annotated[int, Field(ge=1)]] = Field(
        default=[],
        description="Numbers of features that are tried; none: the arm's own.",
    )
    transform: list[Transform] = Field(
        default=[], description="Transforms that are tried; none: the arm's own."
    )
    harmonizer: list[HarmonizerKind] = Field(
        default=[], description="Harmonizers that are tried; none: the arm's own."
    )
    folds: Annotated[
        int,
        Clause(
            "by {folds}-fold cross-validation inside each development set, which "
            "repeats harmonization and all other steps"
        ),
    ] = Field(
        default=5,
        ge=2,
        le=20,
        description="Inner folds of each development set, stratified and grouped like "
        "the outer ones.",
    )
    rule: Annotated[
        Literal["one_se", "best"],
        Clause(
            {
                "one_se": "of the settings within one standard error of the smallest "
                "deviance, the one with the fewest features and the largest penalty",
                "best": "the setting with the smallest deviance",
            }
        ),
    ] = Field(
        default="one_se",
        description="Choice: best, the smallest deviance of inner folds; or one_se, "
        "the simplest setting within one standard error of it (fewest features, then "
        "largest penalty; harmonizer and L1 share are those of the best).",
    )

    def options(self) -> dict[str, list[Any]]:
        """Values that are tried, by the name of the option; the penalty apart."""
        return {name: values for name in TUNABLE if (values := getattr(self, name))}


class ArmTuning(Section):
    """Tuning of an arm."""

    tuning: Tuning | None = Field(
        default=None,
        description="Choose options by an inner cross-validation of each development "
        "set; null: the arm's options stand.",
    )

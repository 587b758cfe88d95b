"""Linear models written out: terms of raw values, batches, members of fused arms."""

from typing import Literal

from pydantic import Field

from ...fields import Section, Unseen
from ...models.settings.fusion import FusionRule
from ...models.steps.published_functions import TransformName


class Transform(Section):
    """Function of one measured value."""

    kind: Literal["none", "log", "signed_log", "normal_score", "published"] = Field(
        default="none",
        description="none; log: ln(max(x, floor)); signed_log: sign(x) ln(1 + |x| / "
        "scale); normal_score: interpolated between values and scores, constant "
        "beyond; published: the function of x + shift, no score outside its domain.",
    )
    function: TransformName | None = Field(
        default=None, description="As published, else null."
    )
    shift: float = Field(default=0.0, description="Added before the function.")
    floor: float | None = None
    scale: float | None = None
    values: list[float] = Field(default=[], description="Ascending.")
    scores: list[float] = Field(default=[], description="Normal score of each value.")


class Term(Section):
    """One summand of a score: a weight times a predictor."""

    column: str = Field(description="Predictor that is measured.")
    kind: Literal["feature", "covariate", "group", "gap"] = Field(
        description="feature and covariate: the value; group: 1 for subjects of the "
        "column, group=<group>; gap: 1 where the value is missing."
    )
    weight: float = Field(
        description="Per unit of the value, after transform and harmonization."
    )
    filling: float | None = Field(
        default=None,
        description="In place of a missing value, after transform and harmonization; "
        "null where a subject without the value has no score here.",
    )
    transform: Transform = Field(default_factory=Transform)


class CovariatePart(Section):
    """Part of a line that follows a kept covariate: slope * x, and bends of a curve."""

    slope: float
    bends: list[tuple[float, float]] = Field(
        default=[],
        description="Knot k and weight w of each summand w * max(x - k, 0)^3.",
    )


class BatchLine(Section):
    """Removal of a batch effect: multiplier * t + offset + parts of covariates."""

    multiplier: float
    offset: float
    covariates: dict[str, CovariatePart] = Field(
        default={}, description="Parts that follow kept covariates, by column."
    )


class BatchVariable(Section):
    """One batch variable of one image, whose known effects are removed."""

    column: str = Field(description="Column of the batch, batch.<image>.<variable>.")
    judged: list[str] = Field(
        description="Features of which one at least must be there for the batch to "
        "matter."
    )
    filling: dict[str, float] = Field(
        default={}, description="In place of a missing kept covariate, by column."
    )
    lines: dict[str, dict[str, BatchLine]] = Field(
        description="Line of each feature, by the label of the batch."
    )


class Required(Section):
    """Columns of which only some may be missing."""

    columns: list[str]
    accepted: int = Field(description="Columns that may be missing, at most.")


class Member(Section):
    """One of the arms whose standardized scores are combined."""

    weight: float
    mean: float
    sd: float
    equation: "Equation"


class Equation(Section):
    """A score that is linear in its terms, or in the scores of its members."""

    intercept: float
    terms: list[Term] = Field(default=[])
    batches: list[BatchVariable] = Field(
        default=[], description="Batch variables, in the order of their removal."
    )
    unseen: Unseen | None = Field(
        default=None, description="Rule for batches without a line."
    )
    required: list[Required] = Field(
        default=[],
        description="Features, and one column of each covariate: whoever lacks more of "
        "them than accepted has no score.",
    )
    rule: FusionRule | None = Field(default=None, description="Of a fused arm.")
    members: dict[str, Member] = Field(default={}, description="Of a fused arm.")
    has_probability: bool = Field(
        default=False, description="True if the score is a log odds of the event."
    )

    @property
    def is_harmonized(self) -> bool:
        """True if some term depends on a batch."""
        return any(one.lines for one in self.batches)


Member.model_rebuild()

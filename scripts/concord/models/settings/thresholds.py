"""Settings of the thresholds above which a score is called high."""

from typing import Annotated

from pydantic import Field

from ...fields import Section

Share = Annotated[float, Field(gt=0, lt=1)]


class LearntThresholds(Section):
    """Thresholds that are learnt from development subjects, of binary outcomes."""

    youden: bool = Field(
        default=True,
        description="Threshold of the largest sum of sensitivity and specificity in "
        "development.",
    )
    sensitivity: Share | None = Field(
        default=0.9,
        description="Highest threshold with this sensitivity in development; null for "
        "none.",
    )
    specificity: Share | None = Field(
        default=None,
        description="Lowest threshold with this specificity in development; null for "
        "none.",
    )

    @property
    def asked(self) -> dict[str, float | None]:
        """Values that the rules in use ask for, by name; None of Youden's index."""
        found: dict[str, float | None] = {"youden": None} if self.youden else {}
        shares = {"sensitivity": self.sensitivity, "specificity": self.specificity}
        return found | {rule: one for rule, one in shares.items() if one is not None}


class Thresholds(LearntThresholds):
    """All thresholds by which evaluation subjects are called high."""

    probabilities: list[Share] = Field(
        default=[],
        description="Predicted probabilities from which on a subject is called high; "
        "of an outcome with times, its risk by each of evaluate_at_days.",
    )

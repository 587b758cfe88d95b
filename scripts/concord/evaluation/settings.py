"""Settings of the evaluation."""

from pydantic import Field

from ..fields import Section


class EvaluationSection(Section):
    """How predictions are judged."""

    headline_arm: str = Field(description="The arm that the study is about.")
    reference_arm: str = Field(
        description="The arm it must beat, normally the clinical one."
    )
    confidence: float = Field(
        default=0.95, gt=0.5, lt=1, description="Confidence level of all intervals."
    )
    null_permutations: int = Field(
        default=100,
        ge=10,
        le=10000,
        description="Permutations of the outcome within groups for the null band.",
    )

"""Settings of the arms."""

from typing import Literal

from pydantic import Field

from ..fields import Section, Unseen


class ArmSection(Section):
    """A predictor set, a harmonizer and a model that is compared with others."""

    label: str = Field(default="", description="Name in figures and report.")
    covariates: list[str] = Field(
        default=[], description="Clinical predictors, not penalized."
    )
    group_indicator: bool = Field(
        default=False, description="Predict from the group alone (site or batch)."
    )
    features: list[str] = Field(
        default=[],
        description="Patterns of feature names, such as CT.*.original.glcm.*",
    )
    harmonizer: Literal["none", "combat", "zscore", "covbat"] = Field(
        default="none",
        description="First step: ComBat, standardization within each batch, or ComBat "
        "with covariances (CovBat).",
    )
    unseen: Unseen | None = Field(
        default=None,
        description="Rule for rows of unseen batches; null takes harmonization.unseen.",
    )
    stability_filter: bool = Field(
        default=True,
        description="Use only features that are stable in the development subjects.",
    )
    correlation_limit: float = Field(
        default=0.9,
        gt=0,
        le=1,
        description="Of features correlated more than this (Spearman), one is kept.",
    )
    max_features: int = Field(
        default=5, ge=1, description="Features that enter the model, at most."
    )
    penalty: float = Field(
        default=0.1,
        ge=0,
        description="Ridge penalty of the features, per subject.",
    )

    @property
    def harmonizes(self) -> bool:
        """Whether batch effects are removed from the arm's features."""
        return self.harmonizer != "none" and bool(self.features)

    @property
    def predicts_by_group_alone(self) -> bool:
        """Whether the arm knows nothing of a subject but its group."""
        return self.group_indicator and not (self.features or self.covariates)

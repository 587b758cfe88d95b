"""An arm: predictors, steps and model that are compared with those of others."""

from pydantic import Field

from ...harmonization.settings import HarmonizerKind
from .fusion import ArmFusion
from .model import ArmModel
from .predictors import ArmPredictors
from .steps import ArmSteps, Transform
from .tuning import ArmTuning


# Fields of the last base come first.
class Arm(ArmFusion, ArmTuning, ArmModel, ArmSteps, ArmPredictors):
    """Predictors, harmonizer and model of an arm."""

    @property
    def has_predictors(self) -> bool:
        """True if the arm learns from something; False of a model made elsewhere."""
        known = self.features or self.covariates or self.group_indicator
        return bool(known) or self.fusion is not None

    @property
    def harmonizes(self) -> bool:
        """True if batch effects are removed from the arm's features, or may be."""
        return bool(self.features) and any(one != "none" for one in self.harmonizers)

    @property
    def harmonizers(self) -> list[HarmonizerKind]:
        """Harmonizers that the arm uses or tries."""
        tried = self.tuning.harmonizer if self.tuning else []
        return tried or [self.harmonizer]

    @property
    def transforms(self) -> list[Transform]:
        """Transforms that the arm uses or tries."""
        tried = self.tuning.transform if self.tuning else []
        return tried or [self.transform]

    @property
    def filters(self) -> bool:
        """True if only stable features are used."""
        return self.stability_filter and bool(self.features)

    @property
    def measures_repeatedly(self) -> bool:
        """True if repeated measurements decide about its features."""
        return self.filters or (self.representative == "icc" and bool(self.features))

    @property
    def imputes_often(self) -> bool:
        """True if its covariates are imputed several times."""
        chained = self.imputation == "chained" and not self.model.is_given
        return chained and bool(self.covariates)

    @property
    def predicts_by_group_alone(self) -> bool:
        """True if the arm knows nothing of a subject but its group."""
        return self.group_indicator and not (self.features or self.covariates)


class ArmSection(Arm):
    """A predictor set, a harmonizer and a model that is compared with others."""

    label: str = Field(default="", description="Name in figures and report.")

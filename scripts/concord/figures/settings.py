"""Settings of the figures: their style, and one object for each rule that draws."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from ..fields import Section
from ..settings import RuleSettings, StudyView, from_study

_MM_PER_INCH = 25.4
_ONE_COLUMN_MM = 120.0


class FigureStyle(Section):
    """Width and size of the text of all figures."""

    width_mm: float = Field(
        default=140, ge=60, le=300, description="Width of a figure, in mm."
    )
    font_size_pt: float = Field(
        default=7, ge=5, le=14, description="Size of the text, in points."
    )

    @property
    def narrow(self) -> bool:
        """True if a figure is for one column of a page."""
        return self.width_mm < _ONE_COLUMN_MM

    def line_mm(self, lines: float = 1.0) -> float:
        """Height of some lines of text, in mm."""
        return lines * self.font_size_pt * 1.5 * _MM_PER_INCH / 72


class FigureSettings(RuleSettings):
    """Settings of a rule that draws a figure; all that some of them need."""

    style: FigureStyle = from_study("figures")


class PlotAgreement(FigureSettings):
    """Settings of rules plot_agreement, plot_agreement_matrix and _volumes."""

    headline: str = from_study("agreement.headline")


class PlotStability(FigureSettings):
    """Settings of rule plot_stability."""

    threshold: float = from_study("stability.threshold")
    confidence: float = from_study("stability.confidence")


class PlotFeatureMaps(FigureSettings):
    """Settings of rule plot_feature_maps."""

    radius_mm: float = from_study("feature_maps.radius_mm")


class PlotComponents(FigureSettings):
    """Settings of rule plot_components: the outcome that colours the rows."""

    endpoint: str = from_study("validation.stratify_by")
    label: str

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the printed name of the outcome."""
        endpoint = study.config.validation.stratify_by
        label = printed_names(study.config.endpoints)[endpoint]
        return cls.composed(study, names, label=label)


class PlotAssociations(FigureSettings):
    """Settings of rule plot_associations: printed names of covariates and endpoints."""

    labels: dict[str, str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the labels of covariates and endpoints, as they stand."""
        sections = {**study.config.covariates, **study.config.endpoints}
        labels = {name: section.label for name, section in sections.items()}
        return cls.composed(study, names, labels=labels)


class PlotHeadline(FigureSettings):
    """Settings of rules that draw the headline arm: plot_selection and
    plot_prediction_agreement."""

    headline_arm: str = from_study("evaluation.headline_arm")
    arm_label: str
    label: str

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of an endpoint, with its label and that of the headline arm."""
        arm = study.config.evaluation.headline_arm
        return cls.composed(
            study,
            names,
            arm_label=printed_names(study.config.arms)[arm],
            label=printed_names(study.config.endpoints)[names["endpoint"]],
        )


class PlotKaplanMeier(PlotHeadline):
    """Settings of rule plot_kaplan_meier."""

    confidence: float = from_study("evaluation.confidence")


class PlotArms(FigureSettings):
    """Settings of rules that draw all arms: plot_roc and plot_performance."""

    headline_arm: str = from_study("evaluation.headline_arm")
    reference_arm: str = from_study("evaluation.reference_arm")
    confidence: float = from_study("evaluation.confidence")
    arms: dict[str, str]
    label: str

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of an endpoint, with its label and those of all arms."""
        return cls.composed(
            study,
            names,
            arms=printed_names(study.config.arms),
            label=printed_names(study.config.endpoints)[names["endpoint"]],
        )


def printed_names(sections: Mapping[str, Any]) -> dict[str, str]:
    """Label of each section, or its name if it has none."""
    return {name: section.label or name for name, section in sections.items()}

"""Settings of the figures: their style, and one object for each rule that draws."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field

from ..fields import Section
from ..models.settings.model import ModelSection
from ..settings import RuleSettings, StudyView, from_study
from ..statistics.risk_groups import described

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


class PlotReaders(FigureSettings):
    """Settings of rule plot_readers."""

    headline: str = from_study("agreement.headline")


class PlotFeatures(FigureSettings):
    """Settings of rule plot_features; the radius is None where nothing is mapped."""

    threshold: float = from_study("stability.threshold")
    confidence: float = from_study("stability.confidence")
    radius_mm: float | None

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the radius of the maps, if the study maps features."""
        maps = study.config.feature_maps
        return cls.composed(study, names, radius_mm=maps.radius_mm if maps else None)


class PlotHarmonization(FigureSettings):
    """Settings of rule plot_harmonization: the outcome that colours the rows, that of
    the first endpoint, and printed names of it, of covariates and of endpoints."""

    endpoint: str
    label: str
    labels: dict[str, str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the labels of covariates and endpoints, as they stand."""
        endpoint = next(iter(study.config.endpoints))
        sections = {**study.config.covariates, **study.config.endpoints}
        return cls.composed(
            study,
            names,
            endpoint=endpoint,
            label=printed_names(study.config.endpoints)[endpoint],
            labels={name: section.label for name, section in sections.items()},
        )


class PlotEndpoint(FigureSettings):
    """Settings of the rules that draw an endpoint: plot_binary and plot_survival."""

    headline_arm: str = from_study("evaluation.headline_arm")
    reference_arm: str = from_study("evaluation.reference_arm")
    confidence: float = from_study("evaluation.confidence")
    arms: dict[str, str]
    label: str
    model: ModelSection = ModelSection()
    grouping: str = described("median")
    subgroups: dict[str, str] = Field(default={})
    given: bool = False  # predictions of another tool

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of an endpoint, its label, those of all arms, the headline model."""
        headline = study.value("evaluation.headline_arm")
        return cls.composed(
            study,
            names,
            model=study.value("arms.{arm}", arm=headline).model,
            given=study.config.predictions is not None,
            arms=printed_names(study.config.arms),
            label=printed_names(study.config.endpoints)[names["endpoint"]],
            grouping=described(study.value("evaluation.risk_groups")),
            subgroups=subgroup_names(study.config),
        )

    @property
    def arm_label(self) -> str:
        """Printed name of the headline arm."""
        return self.arms[self.headline_arm]


class PlotPredictive(FigureSettings):
    """Settings of rule plot_predictive: names of treatment and markers, and units."""

    confidence: float = from_study("evaluation.confidence")
    label: str
    treatment: str
    treated: str = from_study("endpoints.{endpoint}.treatment.treated")
    control: str = from_study("endpoints.{endpoint}.treatment.control")
    randomized: bool = from_study("endpoints.{endpoint}.treatment.randomized")
    scale: str = from_study("endpoints.{endpoint}.marker_scale")
    has_times: bool
    arms: dict[str, str]
    labels: dict[str, str]
    units: dict[str, str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of an endpoint, with the names of all that may be a marker."""
        config, endpoint = study.config, study.config.endpoints[names["endpoint"]]
        used = {n: config.covariates[n] for n in endpoint.marker_covariates}
        return cls.composed(
            study,
            names,
            label=printed_names(config.endpoints)[names["endpoint"]],
            treatment=endpoint.treatment.label or endpoint.treatment.column,
            has_times=endpoint.outcome.has_times,
            arms={n: printed_names(config.arms)[n] for n in endpoint.marker_arms},
            labels=printed_names(used),
            units={name: covariate.unit for name, covariate in used.items()},
        )

    @property
    def ratio(self) -> str:
        """Name of the ratio that is drawn."""
        return "Hazard ratio" if self.has_times else "Odds ratio"


class PlotValidation(FigureSettings):
    """Settings of rule plot_validation; printed names of arms and endpoints."""

    headline_arm: str = from_study("evaluation.headline_arm")
    confidence: float = from_study("evaluation.confidence")
    arms: dict[str, str]
    endpoints: dict[str, str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the labels of all arms and endpoints."""
        return cls.composed(
            study,
            names,
            arms=printed_names(study.config.arms),
            endpoints=printed_names(study.config.endpoints),
        )


class PlotCompeting(PlotEndpoint):
    """Settings of rule plot_competing: also the causes, and names of variables."""

    causes: dict[int, str] = from_study("endpoints.{endpoint}.causes")
    cause: int = from_study("endpoints.{endpoint}.cause")
    variables: dict[str, str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of an endpoint, with the labels of covariates and factors."""
        config = study.config
        sections = {**config.factors, **config.covariates}
        return cls.composed(
            study,
            names,
            arms=printed_names(config.arms),
            label=printed_names(config.endpoints)[names["endpoint"]],
            variables=printed_names(sections),
            grouping=described(study.value("evaluation.risk_groups")),
        )


def printed_names(sections: Mapping[str, Any]) -> dict[str, str]:
    """Label of each section, or its name if it has none."""
    return {name: section.label or name for name, section in sections.items()}


def subgroup_names(config: Any) -> dict[str, str]:
    """Label of each variable of subgroups, or that of its covariate or factor."""
    known = printed_names({**config.factors, **config.covariates})
    declared = config.evaluation.subgroups
    return {n: s.label or known.get(s.of or n, s.of or n) for n, s in declared.items()}

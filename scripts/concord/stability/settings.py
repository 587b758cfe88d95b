"""Settings of repeatability and reproducibility."""

from pydantic import Field

from ..fields import Section, StabilityAxis
from ..settings import WithoutSealed, from_study


class ReliabilitySection(Section):
    """Repeated measurements that are judged, and the strictness of it."""

    threshold: float = Field(
        default=0.75,
        ge=-1,
        le=1,
        description="A feature is stable if the lower bound of its ICC reaches this "
        "(Koo & Li 2016: 0.75 is good).",
    )
    confidence: float = Field(
        default=0.95, gt=0.5, lt=1, description="Confidence level of the ICC bounds."
    )
    retest_sessions: list[str] = Field(
        default=["retest"], description="Sessions that repeat the baseline scan."
    )
    readers: list[str] | None = Field(
        default=None,
        min_length=2,
        description="Readers whose segmentations a stable feature must not depend on; "
        "null: all but the consensus. A reader with known failures is better left out.",
    )


class StabilitySection(ReliabilitySection):
    """Repeatability and reproducibility of features."""

    filter_axes: list[StabilityAxis] = Field(
        default=["reader", "retest", "perturbation"],
        description="Axes that must find a feature stable before a model may use it: "
        "reader, retest, perturbation, resampling, discretization. The others are "
        "reported.",
    )


class Stability(WithoutSealed):
    """Settings of rule stability."""

    stability: ReliabilitySection = from_study("stability")
    baseline_session: str = from_study("study.baseline_session")
    reference_reader: str = from_study("study.reference_reader")

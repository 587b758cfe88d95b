"""Settings of rule calibrate."""

from ...folds.settings import OutcomeName
from ...settings import RuleSettings, from_study


class Calibrate(RuleSettings):
    """Settings of rule calibrate."""

    reference_arm: str = from_study("evaluation.reference_arm")
    confidence: float = from_study("evaluation.confidence")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")

"""Settings of rule competing_risks."""

from ...settings import RuleSettings, from_study


class CompetingRisks(RuleSettings):
    """Settings of rule competing_risks."""

    causes: dict[int, str] = from_study("endpoints.{endpoint}.causes")
    cause: int = from_study("endpoints.{endpoint}.cause")
    headline_arm: str = from_study("evaluation.headline_arm")
    confidence: float = from_study("evaluation.confidence")

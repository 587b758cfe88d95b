"""Settings of rule calibrate."""

from ...folds.settings import OutcomeName
from ...settings import RuleSettings, from_study
from ..settings import Judgement


class Calibrate(RuleSettings):
    """Settings of rule calibrate."""

    evaluation: Judgement = from_study("evaluation")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")

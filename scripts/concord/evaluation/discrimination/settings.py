"""Settings of rule discriminate."""

from ...folds.settings import OutcomeName
from ...models.settings.thresholds import Thresholds
from ...settings import RuleSettings, from_study
from ..settings import DiscriminationOptions, Judgement


class Discriminate(RuleSettings):
    """Settings of rule discriminate."""

    evaluation: Judgement = from_study("evaluation")
    options: DiscriminationOptions = from_study("evaluation")
    thresholds: Thresholds = from_study("evaluation.thresholds")
    kind: OutcomeName = from_study("endpoints.{endpoint}.outcome_kind")
    horizons: list[float] = from_study("endpoints.{endpoint}.evaluate_at_days")

"""Settings of rule open_sealed."""

from typing import Any, Self

from ...fields import Section
from ...folds.settings import AssembleCohort, OutcomeName
from ...settings import RuleSettings, StudyView, from_study
from ..company import MEMBERS


class OpenSealed(RuleSettings):
    """Settings of rule open_sealed: who is sealed, whom it judges, and hashes."""

    cohort: AssembleCohort
    seed: int = from_study("study.seed")
    confidence: float = from_study("evaluation.confidence")
    headline_arm: str = from_study("evaluation.headline_arm")
    arms: list[str]
    endpoints: dict[str, OutcomeName]
    reason: str
    config: str  # hash

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings; `names` holds the `config` hash, and `registered`: yes or no."""
        endpoints = study.value("endpoints")
        return cls.composed(
            study,
            {},
            cohort=AssembleCohort.of(study),
            arms=judged_arms(study.config, names["registered"] == "yes"),
            endpoints={name: one.outcome_kind for name, one in endpoints.items()},
            reason=study.value("validation.sealed.reason"),
            config=names["config"],
        )


def judged_arms(config: Any, registered: bool) -> list[str]:
    """Arms that are judged on the sealed subjects, the headline first.

    The headline and the arm that it must beat. Baselines beside them only under a
    registered plan: without one, each more is a choice that the test could be shopped
    for.
    """
    section: Section = config.evaluation
    pair = [section.headline_arm, section.reference_arm]  # type: ignore[attr-defined]
    beside = [name for name in MEMBERS if registered and name in config.arms]
    return list(dict.fromkeys([*pair, *beside]))

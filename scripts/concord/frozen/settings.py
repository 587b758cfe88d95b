"""The section `freeze`: models that are written for use elsewhere."""

from typing import Self

from pydantic import Field

from ..fields import Name, Section
from ..models.settings.specification import ModelSpecification
from ..settings import RuleSettings, StudyView, from_study


class FreezeSection(Section):
    """Models that are written for use elsewhere."""

    arms: list[Name] = Field(
        default=[],
        description="Arms that are frozen, of every endpoint; empty: the headline arm.",
    )
    without: list[str] = Field(
        default=[],
        description="Groups without which the models are frozen too, each as it was "
        "fitted with that group left out; needs validation.leave_one_group_out.",
    )
    samples: int = Field(
        default=0,
        ge=0,
        description="Bootstrap samples whose models travel along, so that every "
        "prediction has an interval of instability; 0: none.",
    )
    intended_use: str = Field(
        default="",
        description="For whom and what the models are meant, printed on their cards.",
    )


class FreezeModel(RuleSettings):
    """Settings of rule freeze_model: one development set, all frozen arms."""

    seed: int = from_study("study.seed")
    samples: int = from_study("freeze.samples")
    intended_use: str = from_study("freeze.intended_use")
    models: list[ModelSpecification]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings of all frozen arms, in all endpoints."""
        models = [
            ModelSpecification.of(study, endpoint, arm)
            for endpoint in study.value("endpoints")
            for arm in frozen_arms(study)
        ]
        return cls.composed(study, names, models=models)


def frozen_arms(study: StudyView) -> list[str]:
    """Arms that are frozen, in the order of the arms."""
    chosen = study.value("freeze.arms") or [study.value("evaluation.headline_arm")]
    return [name for name in study.value("arms") if name in chosen]

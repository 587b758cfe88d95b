"""Settings of the rule that writes published equations as frozen models."""

from typing import Self

from ...settings import RuleSettings, StudyView


class ImportModel(RuleSettings):
    """Settings of rule import_model: names of the models, as their files stand."""

    arms: list[str]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the names of all applied models."""
        return cls.composed(study, names, arms=list(study.value("arms")))

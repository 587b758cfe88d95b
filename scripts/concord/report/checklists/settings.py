"""Settings of the rule that fills the checklists and writes the data card."""

from typing import Any, Self

from ...settings import RuleSettings, StudyView, from_study
from ..registration.settings import values_of
from ..settings import ReportSection
from .items import keys_asked, matches


class FillChecklists(RuleSettings):
    """Settings of rule checklists: the values of the keys that the lists name."""

    study: str = from_study("study.name")
    demonstration: str | None = from_study("study.demonstration")
    report: ReportSection = from_study("report")
    values: dict[str, Any]

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings; no place of the machine and no name of a subject is among them."""
        asked = keys_asked()
        values = {
            key: value
            for key, value in values_of(study.config).items()
            if any(matches(key, one) for one in asked)
        }
        return cls.composed(study, names, values=values)

"""Settings of rule treatment_interaction."""

from typing import Literal, Self

from ...fields import Name
from ...folds.treatment import Markers
from ...settings import RuleSettings, StudyView, from_study


class TreatmentInteraction(RuleSettings):
    """Settings of rule treatment_interaction."""

    endpoint: str
    markers: Markers = from_study("endpoints.{endpoint}")
    ties: Literal["efron", "breslow"] = from_study("endpoints.{endpoint}.ties")
    levels: dict[Name, list[str]]
    confidence: float = from_study("evaluation.confidence")
    baseline_session: str = from_study("study.baseline_session")
    reference_reader: str = from_study("study.reference_reader")

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with the levels of those markers that are categories."""
        asked = study.value("endpoints.{endpoint}", **names)
        sections = study.value("covariates")
        used = [n for n in asked.marker_covariates if sections[n].kind == "category"]
        levels = {name: sections[name].levels for name in used}
        return cls.composed(study, names, endpoint=names["endpoint"], levels=levels)

"""Settings of the rule that packs the results as a research object."""

from typing import Any, Self

from ...settings import RuleSettings, StudyView, from_study
from ..registration.settings import values_of
from ..settings import ReportSection

#: Parts of keys that name files of the machine, and keys that name sheets.
_PLACES = frozenset(["path", "compare_with", "phantom_table"])
_SHEETS = ("sheets.subjects", "sheets.images", "sheets.masks")


class PackCrate(RuleSettings):
    """Settings of rule ro_crate: configuration and inputs, without places and names."""

    study: str = from_study("study.name")
    demonstration: str | None = from_study("study.demonstration")
    report: ReportSection = from_study("report")
    values: dict[str, Any]  # of the configuration, by dotted key
    sheets: dict[str, str]  # hashes, of the subjects sheet without outcomes
    rows: dict[str, int]  # of the sheets

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings; no path of an input is among them."""
        return cls.composed(
            study,
            names,
            values=_without_places(values_of(study.config)),
            sheets=study.plan_digests(),
            rows=study.row_counts,
        )


def _without_places(values: dict[str, Any]) -> dict[str, Any]:
    """Values without those that are paths, whose names may name somebody."""
    return {
        key: value
        for key, value in values.items()
        if key not in _SHEETS and _PLACES.isdisjoint(key.split("."))
    }

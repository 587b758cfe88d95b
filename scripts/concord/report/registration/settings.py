"""Settings of the rules that register a plan and compare the study with it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Self

from ...provenance import digest
from ...settings import RuleSettings, StudyView
from ..settings import Report

#: Hex digits of the hashes of a plan.
LENGTH = 16
#: Sections and keys that name places of a machine, or change no number.
_LEFT_OUT = frozenset(
    {"data_root", "linked_roots", "dicom_roots", "privacy", "figures", "report"}
)
#: Keys that name subjects; a plan holds how many, and a hash.
_OF_SUBJECTS = frozenset({"sheets.leave_out", "ingest.waive"})
#: Scripts that make no number of the study.
_MAKE_NO_NUMBER = ("register_plan", "compare_plan", "open_sealed", "report", "verify")


class Planned(RuleSettings):
    """Parts of a plan besides files: never an outcome."""

    values: dict[str, Any]  # of the configuration, by dotted key
    sheets: dict[str, str]  # hashes
    code: dict[str, str]  # fingerprints by script
    n_sealed: int
    sealed: str | None  # hash of the names of the sealed subjects

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings; `names` holds `codes`, the fingerprints of all scripts as JSON."""
        return cls.composed(
            study,
            {},
            values=values_of(study.config),
            sheets=study.plan_digests(),
            code=_code(json.loads(names["codes"])),
            n_sealed=len(study.sealed),
            sealed=digest(sorted(study.sealed), LENGTH) if study.sealed else None,
        )


class RegisterPlan(Planned):
    """Settings of rule register_plan: the plan, and what explains it."""

    explained: Report

    @classmethod
    def of(cls, study: StudyView, **names: str) -> Self:
        """Settings with what the methods paragraphs are made of."""
        planned = Planned.of(study, **names)
        return cls(**planned.model_dump(), explained=Report.of(study))


class ComparePlan(Planned):
    """Settings of rule compare_plan."""


def values_of(config: Any) -> dict[str, Any]:
    """Values of a configuration by dotted key, sorted, without places and subjects."""
    found = dict(_flat("", config.model_dump(mode="json")))
    return dict(sorted(found.items()))


def config_digest(config: Any) -> str:
    """Hash of the values of a configuration that a plan holds."""
    return digest(values_of(config), LENGTH)


def _flat(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if key.partition(".")[0] in _LEFT_OUT:
        return
    if key in _OF_SUBJECTS:
        yield key, {"n": len(value), "hash": digest(value, LENGTH)} if value else {}
    elif isinstance(value, Mapping) and value:
        for name, below in value.items():
            yield from _flat(f"{key}.{name}" if key else str(name), below)
    else:
        yield key, value


def _code(codes: Mapping[str, str]) -> dict[str, str]:
    names = {script.removesuffix(".py"): found for script, found in codes.items()}
    return {
        name: found
        for name, found in sorted(names.items())
        if name not in _MAKE_NO_NUMBER and not name.startswith("plot_")
    }

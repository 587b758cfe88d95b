"""The demo study's configuration with the defaults of its sections filled in."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from concord.study.config import StudyConfig

ROOT = Path(__file__).resolve().parents[1]


def whole_demo() -> dict[str, Any]:
    """The shipped demo with every key of each section that is not one of many.

    Entries by free names, such as recipes and arms, are as they are written: what
    they leave out has a meaning.
    """
    raw = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    return _filled(StudyConfig.model_validate(raw), raw)


def _filled(section: BaseModel, raw: dict[str, Any]) -> dict[str, Any]:
    whole = section.model_dump(mode="json")
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            whole[name] = _filled(value, raw.get(name, {}))
        elif name in raw:
            whole[name] = raw[name]
    return whole


def plain_demo() -> dict[str, Any]:
    """The same with endpoints that ask no more than what, and when."""
    whole = whole_demo()
    plain = {"recurrence": "diagnostic", "survival": "prognostic"}
    for name, kind in plain.items():
        asked = whole["endpoints"][name]
        options = ("treatment", "markers", "adjust", "causes", "evaluate_at_days")
        for key in options:
            asked.pop(key, None)
        asked["kind"] = kind
    return whole

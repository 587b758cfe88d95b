"""Shipped configurations: valid, and without a key that only repeats its default."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from concord.fields import Inline
from concord.study.annotation import section_of, value_type
from concord.study.config import StudyConfig
from concord.study.documents import ROOT
from concord.study.parsing import parse

SHIPPED = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*(ROOT / "config").rglob("config.yaml"), ROOT / "config/minimal.yaml"]
)
#: Those that are whole without the frozen models that they apply.
WHOLE = [
    path
    for path in SHIPPED
    if yaml.safe_load((ROOT / path).read_text()).get("model") is None
]
#: Keys that repeat their default, and why they are written.
REPEATED: dict[tuple[str, str], str] = {}


def repeated(model: type[BaseModel], raw: dict[str, Any], place: str) -> Iterator[str]:
    """Dotted keys whose value is that of the model without them.

    What a recipe gives beside its `like` or `preset` stands against these, so it may
    be the default.
    """
    if raw.get("like") or raw.get("preset"):
        return
    for name, value in raw.items():
        info, key = model.model_fields[name], f"{place}{name}"
        section, entry = section_of(info.annotation), value_type(info.annotation)
        below = section_of(entry) if entry is not None else None
        if isinstance(value, dict) and section and not issubclass(section, Inline):
            yield from repeated(section, value, f"{key}.")
        elif isinstance(value, dict) and below and not issubclass(below, Inline):
            for one, values in value.items():
                yield from repeated(below, values, f"{key}.{one}.")
        elif not info.is_required() and plain(info) == value:
            yield key


def plain(info: Any) -> Any:
    """Default of a field as YAML gives it."""
    found = info.get_default(call_default_factory=True)
    if isinstance(found, BaseModel):
        return found.model_dump(mode="json")
    return list(found) if isinstance(found, tuple) else found


@pytest.mark.parametrize("path", SHIPPED)
def test_no_shipped_configuration_repeats_a_default(path):
    raw = yaml.safe_load((ROOT / path).read_text())
    found = {(path, key) for key in repeated(StudyConfig, raw, "")}
    assert found == {entry for entry in REPEATED if entry[0] == path}


@pytest.mark.parametrize("path", WHOLE)
def test_every_shipped_configuration_is_valid(path):
    raw = yaml.safe_load((ROOT / path).read_text())
    _, faults = parse(raw, path)
    assert faults == []


def test_the_next_hospital_is_a_site_of_the_demo_and_a_few_unusual_patients():
    demo, other = (
        yaml.safe_load((ROOT / "config" / path).read_text())["simulation"]
        for path in ("config.yaml", "next_hospital/config.yaml")
    )
    (name, site), *others = other.pop("sites").items()
    known = demo.pop("sites")[name]
    assert not others
    assert len(site.pop("unusual")) == 4
    # What it leaves out moves no scan of the baseline, and no segmentation by A.
    assert site.pop("n_retest") == 0
    assert (other.pop("readers"), site) == (["A"], known)
    assert other.pop("expected_scores").endswith("recurrence/loso_predictions.tsv")
    assert other == demo


def test_the_smallest_configuration_is_small():
    text = (ROOT / "config" / "minimal.yaml").read_text()
    assert len(text.splitlines()) <= 40
    assert PydanticUndefined not in yaml.safe_load(text).values()


@pytest.mark.parametrize(
    ("raw", "keys"),
    [
        ({"study": {"name": "X", "seed": 1}}, ["study.seed"]),
        ({"recipes": {"CT": {"n_bins": None}}}, ["recipes.CT.n_bins"]),
        ({"recipes": {"X": {"like": "CT", "filters": {}}}}, []),
        ({"arms": {"a": {"max_features": 5}}}, ["arms.a.max_features"]),
        ({"arms": {"a": {"max_features": 4}}}, []),
    ],
)
def test_a_repeated_default_is_seen(raw, keys):
    assert list(repeated(StudyConfig, raw, "")) == keys

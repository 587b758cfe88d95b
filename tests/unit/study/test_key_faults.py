"""Messages about keys: the key, the value seen and what is expected, no class."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from concord.errors import ConfigError
from concord.study.annotation import section_of, value_type
from concord.study.config import StudyConfig
from concord.study.parsing import parse

from ...whole_demo import whole_demo

WRONG = ["wrong text", 7.25, [["x"]], {"odd": 1}, None, True]
NAME = "thing"


def classes(base: type = BaseModel) -> Iterator[str]:
    for one in base.__subclasses__():
        yield one.__name__
        yield from classes(one)


#: Names of models, unless they are words that a message may start with, and words of
#: Python and pydantic.
NO_WORDS = re.compile(
    r"\b(?:"
    + "|".join(sorted({n for n in classes() if re.search(r"[a-z][A-Z]", n)}))
    + r")\b|\b(?:dict|tuple|str|int|float|NoneType|BaseModel|instance|Input)\b"
)


def places(model: type[BaseModel], prefix: tuple = ()) -> Iterator[tuple[str, ...]]:
    """Every key of the configuration; free names are `thing`."""
    for name, info in model.model_fields.items():
        place = (*prefix, name)
        yield place
        section, entry = section_of(info.annotation), value_type(info.annotation)
        if section is not None:
            yield from places(section, place)
        while entry is not None:
            place = (*place, NAME)
            yield place
            below = section_of(entry)
            yield from places(below, place) if below is not None else ()
            entry = value_type(entry)


@cache
def demo() -> dict[str, Any]:
    return whole_demo()


def told(place: tuple[str, ...], value: Any) -> list[str]:
    """Faults of the demo with a value at a place; none if it may stand there."""
    raw = deepcopy(demo())
    *parents, last = place
    section = raw
    for parent in parents:
        if not isinstance(section.get(parent), dict):
            section[parent] = {}
        section = section[parent]
    section[last] = value
    try:
        parse(raw, "config.yaml")
    except ConfigError as error:
        return str(error).splitlines()[1:]
    return []


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_a_wrong_value_at_any_key_is_told_without_a_class(wrong):
    refused = 0
    for place in places(StudyConfig):
        faults = told(place, wrong)
        refused += bool(faults)
        for line in faults:
            assert NO_WORDS.search(line) is None, line
            key = re.match(r"  config\.yaml: ([^:]+): ", line)
            assert key, line
            assert not re.search(r"function-|\[key\]|constrained", key[1]), line
    assert refused > 20


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("study.seed", "one", "study.seed: expected a whole number, found 'one'"),
        ("stability.threshold", [1], "expected a number, found [1]"),
        ("arms.thing.features", "CT.*", "expected a list in brackets, found 'CT.*'"),
        ("arms.thing.stability_filter", 3.5, "expected true or false, found 3.5"),
        ("factors.thing", "x", "factors.thing: expected keys, such as column, label"),
        ("factors.thing", {}, "factors.thing.column: this key is missing: Column of"),
        ("factors.thing", {"colum": 1}, "unknown key; did you mean 'column'?"),
        ("recipes.thing.bin_start", "a", "recipes.thing.bin_start: expected "),
        (
            "endpoints.thing.kind",
            "x",
            "expected 'diagnostic', 'prognostic', 'predictive' or 'competing'",
        ),
        ("arms", {"a b": {}}, "arms.a b: must be a letter followed by"),
    ],
)
def test_a_message_names_key_value_and_expectation(place, value, message):
    faults = told(tuple(place.split(".")), value)
    assert any(message in line for line in faults), faults


@pytest.mark.parametrize("place", ["study.name", "endpoints", "arms", "evaluation"])
def test_a_missing_key_is_told_with_its_meaning(place):
    raw = whole_demo()
    *parents, last = place.split(".")
    section = raw
    for parent in parents:
        section = section[parent]
    del section[last]
    with pytest.raises(ConfigError, match=rf"{place}: this key is missing: [A-Z].*\."):
        parse(raw, "config.yaml")

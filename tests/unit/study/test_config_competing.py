"""Competing causes in the configuration: what is read, and what is told of faults."""

import pytest
import yaml

from concord.errors import ConfigError
from concord.study.outcome_leakage import outcome_faults
from concord.study.parsing import parse
from concord.study.sheets import Sheet

from ...whole_demo import whole_demo

CAUSES = {1: "relapse", 2: "death"}


def read(**options):
    raw = whole_demo()
    raw["endpoints"]["survival"] |= {"kind": "competing", "causes": CAUSES} | options
    return parse(yaml.safe_load(yaml.safe_dump(raw)), "c.yaml")


def told(**options) -> str:
    try:
        return "\n".join(str(fault) for fault in read(**options)[1])
    except ConfigError as error:
        return str(error)


def test_codes_are_whole_numbers_with_what_they_stand_for():
    config, faults = read(cause=2)
    endpoint = config.endpoints["survival"]
    assert not faults
    assert endpoint.causes == CAUSES
    assert endpoint.cause == 2
    assert endpoint.outcome_kind == "survival"


@pytest.mark.parametrize(
    ("options", "key", "message"),
    [
        ({"causes": {}}, "causes", "declares the code of two causes or more"),
        ({"cause": 3}, "cause", "is 3, expected one of the causes [1, 2]"),
        ({"time_days": None}, "time_days", "a competing endpoint needs a column"),
        ({"kind": "prognostic"}, "causes", "only a competing endpoint has some"),
        ({"causes": {"a": "relapse", 2: "death"}}, "causes.a", "expected a whole"),
        ({"causes": {0: "none", 2: "death"}}, "causes.0", "equal to 1"),
    ],
)
def test_causes_that_do_not_suit_are_named_by_their_key(options, key, message):
    found = told(**options)
    assert f"endpoints.survival.{key}" in found
    assert message in found


def test_a_covariate_that_stands_for_one_cause_is_an_outcome(tmp_path):
    config, _ = read()
    codes = ["0", "1", "2", "1", ""]
    rows = [{"died": c, "age": str(int(c == "2")) if c else ""} for c in codes]
    event = config.endpoints["survival"].event
    rows = [{event: row["died"], "age": row["age"]} for row in rows]
    faults = [
        str(fault) for fault in outcome_faults(config, Sheet(tmp_path, rows), "c")
    ]
    assert any("has the code of death, a cause of survival" in one for one in faults)

    rows[2]["age"] = "0"
    faults = outcome_faults(config, Sheet(tmp_path, rows), "c")
    assert not any("the code of" in str(one) for one in faults)

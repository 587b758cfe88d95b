"""concord.settings: what a rule declares is composed, and nothing else."""

import json
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from concord import jobs
from concord.fields import Section
from concord.settings import RuleSettings, from_study
from concord.study.study import Study


class Model(Section):
    penalty: float = 0.1


class Arm(Model):
    label: str = ""


class Config(Section):
    seed: int = 1
    arms: dict[str, Arm]
    review: Arm | None = None


DEFAULT = Config(arms={"a": Arm(penalty=0.5, label="Alpha"), "b": Arm()})


class FitAll(RuleSettings):
    seed: int = from_study("seed")
    arms: dict[str, Model] = from_study("arms")
    review: Model | None = from_study("review")


class Labels(RuleSettings):
    arms: dict[str, Arm] = from_study("arms")


class FitOne(RuleSettings):
    arm: Model = from_study("arms.{arm}")
    name: str

    @classmethod
    def of(cls, study, **names):
        return cls.composed(study, names, name=names["arm"].upper())


class View(Study):
    """A study of a configuration that is already checked."""

    def __init__(self, config):
        self.config = config


def composed(kind, config, **names):
    return View(config).settings(kind, **names)


def test_a_rule_is_given_the_declared_settings_alone():
    found = json.loads(composed(FitAll, DEFAULT))

    assert found == {
        "seed": 1,
        "arms": {"a": {"penalty": 0.5}, "b": {"penalty": 0.1}},
        "review": None,
    }


def test_a_field_that_the_rule_does_not_declare_changes_nothing():
    relabelled = Config(arms={"a": Arm(penalty=0.5, label="Other"), "b": Arm()})

    assert composed(FitAll, relabelled) == composed(FitAll, DEFAULT)


def test_a_key_may_name_a_wildcard_and_a_rule_may_add_values():
    found = composed(FitOne, DEFAULT, arm="a")

    assert json.loads(found) == {"arm": {"penalty": 0.5}, "name": "A"}


def test_an_optional_section_is_projected_too():
    changed = DEFAULT.model_copy(update={"review": Arm(penalty=2, label="Review")})
    found = composed(FitAll, changed)

    assert json.loads(found)["review"] == {"penalty": 2.0}


def test_a_script_reads_the_same_object_back():
    spec = composed(FitOne, DEFAULT, arm="a")
    job = SimpleNamespace(params=SimpleNamespace(spec=spec))

    assert jobs.settings(job, FitOne) == FitOne(arm=Model(penalty=0.5), name="A")


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        FitOne(arm=Model(), name="A").name = "B"


def test_settings_of_a_job_can_stand_in_a_page_and_are_read_back():
    hostile = "</script><!-- \u2028 & > \\u003c"
    config = Config(arms={"a": Arm(label=hostile)}, review=None)
    text = View(config).settings(Labels)

    assert "<" not in text
    assert "\u2028" not in text
    assert Labels.model_validate_json(text).arms["a"].label == hostile

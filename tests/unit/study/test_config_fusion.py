"""Fused arms of a configuration: what they may be made of, and all faults at once."""

import pytest
import yaml

from concord.errors import ConfigError
from concord.models.settings.specification import ModelSpecification
from concord.study.study import Study

from ...table_study import CONFIG, write_study


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def study(folder, **arms):
    """The small study of a table with some more arms."""
    config = yaml.safe_load(yaml.safe_dump(CONFIG))
    config |= {"data_root": str(folder / "data"), "arms": config["arms"] | arms}
    return Study(config, folder / "config" / "config.yaml")


def lines_of(folder, **arms):
    """The faults of a study with some more arms, one line each."""
    with pytest.raises(ConfigError) as caught:
        study(folder, **arms)
    return str(caught.value).splitlines()[1:]


def fused(*of, **more):
    return {"fusion": {"of": list(of)}, **more}


def test_an_arm_may_combine_others(folder):
    found = study(folder, both=fused("clinical", "radiomics", label="Both"))

    plan = ModelSpecification.of(found, "death", "both")
    assert list(plan.members) == ["clinical", "radiomics"]
    assert plan.members["radiomics"] == ModelSpecification.of(
        found, "death", "radiomics"
    )
    assert ModelSpecification.of(found, "death", "radiomics").members == {}


def test_a_changed_member_changes_the_fused_arm(folder):
    plain = study(folder, both=fused("clinical", "radiomics"))
    changed = dict(CONFIG["arms"]["radiomics"]) | {"penalty": 0.3}
    other = study(folder, radiomics=changed, both=fused("clinical", "radiomics"))
    first, second = (ModelSpecification.of(s, "death", "both") for s in (plain, other))

    assert first.model_dump_json() != second.model_dump_json()


def test_a_fused_arm_has_nothing_of_its_own(folder):
    both = fused("clinical", "radiomics", features=["*"], penalty=0.2)
    first, second = lines_of(folder, both=both)

    assert "arms.both.features: stands in a fused arm" in first
    assert "give it in the arms ['clinical', 'radiomics']" in first
    assert "arms.both.penalty: stands in a fused arm" in second


def test_members_exist_once_and_are_not_fused(folder):
    unknown, twice, nested = lines_of(
        folder,
        a=fused("clinical", "radiomcs"),
        b=fused("clinical", "clinical"),
        c=fused("clinical", "a"),
    )

    assert "arms.a.fusion.of: 'radiomcs' is not defined" in unknown
    assert "radiomics" in unknown
    assert "arms.b.fusion.of: 'clinical' stands here twice" in twice
    assert "arms.c.fusion.of: 'a' is fused itself" in nested


def test_one_arm_alone_is_no_fusion(folder):
    (line,) = lines_of(folder, both=fused("clinical"))

    assert "arms.both.fusion.of" in line

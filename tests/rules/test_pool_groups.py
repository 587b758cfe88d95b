import pytest
from pool_groups import main

from concord import tables
from concord.evaluation.settings import PoolGroups

from .. import synthetic_results as synthetic
from ..modelling_study import job


def test_every_arm_is_pooled_over_the_groups_left_out(tmp_path):
    performance = synthetic.performance("metastasis")
    tables.write(performance, tmp_path / "performance.tsv", "performance")
    inputs = {"performance": str(tmp_path / "performance.tsv")}
    outputs = {"pooled_groups": "pooled.tsv"}
    main(job(tmp_path, PoolGroups(confidence=0.95), outputs, inputs))

    found = tables.read(tmp_path / "pooled.tsv", "pooled_groups").set_index("arm")
    assert set(found.index) == set(performance["arm"])
    texture = found.loc["texture"]
    assert (texture["n_groups"], texture["n_pooled"]) == (3, 3)
    # Equal values of equal groups: no scatter, and the value itself.
    assert texture["tau"] == 0
    groups = performance[
        (performance["arm"] == "texture") & (performance["stratum"] == "group=A")
    ]
    assert texture["estimate"] == pytest.approx(groups["estimate"].iloc[0])
    assert texture["lower"] < texture["estimate"] < texture["upper"]
    assert "3 groups: read their own values first" in texture["reason"]
    alone = found.loc["site_only"]
    assert alone["n_pooled"] == 0
    assert "A (no fold has a pair to compare)" in alone["not_pooled"]
    assert "0 groups have a value with a standard error" in alone["reason"]

"""Rule null_tests: the script on small tables, without Snakemake."""

import pytest
from null_tests import main

from concord import tables
from concord.settings import NoSettings

from .. import synthetic_results as synthetic
from ..modelling_study import job

ENDPOINT = next(iter(synthetic.ENDPOINTS))


def test_every_arm_and_scheme_is_compared_with_its_permutations(tmp_path):
    performance, null = synthetic.performance(ENDPOINT), synthetic.null(ENDPOINT)
    paths = {name: str(tmp_path / f"{name}.tsv") for name in ("performance", "null")}
    tables.write(performance, paths["performance"], "performance")
    tables.write(null, paths["null"], "null")
    inputs = paths | {"null": [paths["null"]]}
    main(job(tmp_path, NoSettings(), {"null_tests": "tests.tsv"}, inputs))

    found = tables.read(tmp_path / "tests.tsv", "null_tests")
    overall = performance[performance["stratum"] == "all"]
    assert len(found) == len(overall)
    row = found[(found["arm"] == "texture") & (found["scheme"] == "cv")].iloc[0]
    mine = null[(null["arm"] == "texture") & (null["scheme"] == "cv")]["estimate"]
    assert row["n_permutations"] == 120
    beaten = (mine >= row["first_repeat"]).sum()
    assert row["p_value"] == pytest.approx((1 + beaten) / 121)
    assert row["null_lower"] < row["null_median"] < row["null_upper"]
    assert row["place"] == "above"

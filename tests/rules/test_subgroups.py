from subgroups import main

from concord import tables
from concord.evaluation.subgroups.settings import (
    SmallestSubgroup,
    Subgroups,
    Variable,
)
from concord.folds import cohort

from .. import synthetic_results as synthetic
from ..modelling_study import job

KINDS = ("subgroups", "subgroup_tests", "fairness")


def test_subgroups_are_judged_by_the_widened_errors_of_the_arm(tmp_path):
    predictions = synthetic.predictions("metastasis", "texture")
    null = synthetic.null("metastasis")
    inputs = {"cohort": str(tmp_path / "cohort.tsv"), "risks": []}
    cohort.write(synthetic.cohort(), inputs["cohort"])
    for kind, table in {"predictions": predictions, "null": null}.items():
        tables.write(table, tmp_path / f"{kind}.tsv", kind)
        inputs[kind] = [str(tmp_path / f"{kind}.tsv")]
    settings = Subgroups(
        confidence=0.95,
        headline_arm="texture",
        reference_arm="clinical",
        smallest=SmallestSubgroup(subjects=10, events=3),
        kind="binary",
        variables={"site": Variable(column="site")},
        probabilities=[0.3],
        own_arms=["texture", "clinical"],
    )
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    main(job(tmp_path, settings, outputs, inputs, endpoint="metastasis"))

    found = {kind: tables.read(tmp_path / f"{kind}.tsv", kind) for kind in KINDS}
    values = found["subgroups"]
    assert set(values["scheme"]) == set(predictions["scheme"])
    assert set(values["level"]) == {"all", "A", "B", "C"}
    of_pairs = values[values["measure"] == "auc"]
    assert of_pairs["method"].str.contains("widened by the permutations").any()
    assert set(found["subgroup_tests"]["subgroup"]) == {"site"}
    assert set(found["fairness"]["rule"]) == {"risk_group", "probability"}

"""Rule decide: the script on small files, without Snakemake."""

import numpy as np
import pytest
from decide import main
from scipy.special import expit

from concord import tables
from concord.errors import TableError
from concord.evaluation.utility.settings import Decide
from concord.folds import cohort as cohorts

from .. import oof_scores
from ..modelling_study import job

KINDS = ("decision_curve", "clinical_impact")
SETTINGS = Decide(reference_arm="clinical", confidence=0.95, probabilities=[0.2, 0.4])


def inputs_in(folder, days=None):
    generator = np.random.default_rng(1)
    score = generator.normal(size=80)
    event = (generator.random(80) < expit(score)).astype(float)
    arms = {"texture": score, "clinical": generator.normal(size=80)}
    found = oof_scores.predictions(arms, event, 1, 2, days)
    cohorts.write(oof_scores.cohort(found), folder / "cohort.tsv")
    paths = [str(folder / f"{repeat}.tsv") for repeat in (1, 2)]
    for repeat, path in zip((1, 2), paths, strict=True):
        tables.write(found[found["repeat"] == repeat], path, "predictions")
    return {
        "cohort": str(folder / "cohort.tsv"),
        "predictions": paths,
        "risks": [],
        "null": [],
    }


def run(folder, inputs):
    outputs = {kind: f"{kind}.tsv" for kind in KINDS}
    main(job(folder, SETTINGS, outputs, inputs, endpoint="relapse"))
    return [tables.read(folder / f"{kind}.tsv", kind) for kind in KINDS]


def test_curves_and_impact_of_all_arms_are_written(tmp_path):
    curves, impact = run(tmp_path, inputs_in(tmp_path))
    assert set(curves["arm"]) == set(impact["arm"]) == {"texture", "clinical"}
    assert len(curves) == 2 * 99
    assert sorted(impact["threshold"].unique()) == [0.2, 0.4]
    assert set(curves["endpoint"]) == {"relapse"}


def test_risks_at_a_horizon_are_read_beside_the_predictions(tmp_path):
    inputs = inputs_in(tmp_path, np.full(80, 500.0))
    curves, _ = run(tmp_path, inputs)
    assert curves.empty
    keys = ["endpoint", "arm", "scheme", "repeat", "fold", "subject_id"]
    found = tables.read_all(inputs["predictions"], "predictions")
    risks = found[keys].assign(horizon_days=365.0, risk=expit(found["score"]))
    tables.write(risks, tmp_path / "risks.tsv", "risks")
    curves, _ = run(tmp_path, inputs | {"risks": [str(tmp_path / "risks.tsv")]})
    assert set(curves["horizon_days"]) == {365.0}


def test_another_table_is_refused(tmp_path):
    inputs = inputs_in(tmp_path)
    with pytest.raises(TableError, match=r"cohort\.tsv"):
        run(tmp_path, inputs | {"predictions": [inputs["cohort"]]})

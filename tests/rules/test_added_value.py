"""Rule added_value: the script on small files, without Snakemake."""

import numpy as np
import pandas as pd
import pytest
from added_value import main
from scipy.special import expit

from concord import tables
from concord.errors import TableError
from concord.evaluation.added_value.settings import AddedValue
from concord.evaluation.settings import Judgement
from concord.folds import cohort as cohorts
from concord.models.settings.arm import Arm
from concord.tables import KINDS

from .. import oof_scores
from ..modelling_study import job

SETTINGS = AddedValue(
    evaluation=Judgement(headline_arm="texture", reference_arm="clinical"),
    kind="binary",
    ties="efron",
    arms={"texture": Arm(features=["*"]), "clinical": Arm(covariates=["age"])},
    probabilities=[0.4],
)


def compared():
    row = dict.fromkeys(KINDS["comparisons"], np.nan)
    row |= {"endpoint": "relapse", "arm": "texture", "reference_arm": "clinical"}
    row |= {"scheme": "cv", "metric": "auc", "estimate": 0.1, "n": 80, "n_events": 40}
    return pd.DataFrame([row | {"method": "m", "reason": None}])


def inputs_in(folder):
    generator = np.random.default_rng(1)
    score = generator.normal(size=80)
    event = (generator.random(80) < expit(score)).astype(float)
    arms = {"texture": score, "clinical": generator.normal(size=80)}
    found = oof_scores.predictions(arms, event, 1)
    cohorts.write(oof_scores.cohort(found), folder / "cohort.tsv")
    tables.write(found, folder / "predictions.tsv", "predictions")
    tables.write(compared(), folder / "comparisons.tsv", "comparisons")
    return {
        "cohort": str(folder / "cohort.tsv"),
        "predictions": [str(folder / "predictions.tsv")],
        "comparisons": [str(folder / "comparisons.tsv")],
        "risks": [],
        "null": [],
    }


def run(folder, inputs):
    kinds = ("added_value", "reclassification")
    outputs = {kind: f"{kind}.tsv" for kind in kinds}
    main(job(folder, SETTINGS, outputs, inputs, endpoint="relapse"))
    return [tables.read(folder / f"{kind}.tsv", kind) for kind in kinds]


def test_all_measures_of_a_pair_are_written(tmp_path):
    found, moved = run(tmp_path, inputs_in(tmp_path))
    assert set(moved["status"]) == {"event", "no event"}
    assert len(moved) == 80
    measures = list(found["measure"])
    assert measures[0] == "likelihood_ratio"
    assert {"difference_auc", "idi", "nri", "nri_categories"} <= set(measures)
    assert set(zip(found["arm"], found["reference_arm"], strict=True)) == {
        ("texture", "clinical")
    }


def test_predictions_alone_are_judged_without_comparisons_and_permutations(tmp_path):
    found, _ = run(tmp_path, inputs_in(tmp_path) | {"comparisons": []})
    assert "difference_auc" not in set(found["measure"])
    nri = found[found["measure"] == "nri"].iloc[0]
    assert np.isfinite(nri["lower"])
    assert "for want of permutations" in nri["method"]


def test_another_table_is_refused(tmp_path):
    inputs = inputs_in(tmp_path)
    with pytest.raises(TableError, match=r"cohort\.tsv"):
        run(tmp_path, inputs | {"predictions": [inputs["cohort"]]})

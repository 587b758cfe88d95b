import numpy as np
from instability import main

from concord import tables
from concord.evaluation.instability.settings import Instability
from concord.folds import cohort

from .. import synthetic_results as synthetic
from ..modelling_study import job

KINDS = ("instability", "prediction_instability")
KINDS += ("class_instability", "calibration_instability")


def test_tables_of_all_kinds_are_written_from_what_the_samples_gave(tmp_path):
    predictions = synthetic.sample_predictions("metastasis")
    fits = [
        {
            "endpoint": "metastasis",
            "arm": "texture",
            "sample": sample,
            "status": "ok",
            "n_candidates": 12,
            "n_selected": 2,
            "features": "CT.tumour.original.glcm.a;CT.tumour.original.glcm.b",
            "message": None,
        }
        for sample in range(13)
    ]
    parts = {"sample_predictions": predictions, "sample_fits": fits}
    inputs = {"cohort": str(tmp_path / "cohort.tsv")}
    cohort.write(synthetic.cohort(), inputs["cohort"])
    for kind, table in parts.items():
        tables.write(table, tmp_path / f"{kind}.tsv", kind)
        inputs[kind] = [str(tmp_path / f"{kind}.tsv")]
    settings = Instability(
        samples=10, confidence=0.95, kind="binary", probabilities=[0.2]
    )
    outputs = {kind: f"{kind}.tsv" for kind in (*KINDS, "sample_stability")}
    main(job(tmp_path, settings, outputs, inputs, endpoint="metastasis"))

    found = {kind: tables.read(tmp_path / f"{kind}.tsv", kind) for kind in KINDS}
    assert set(found["instability"]["n_models"]) == {10}
    assert set(found["class_instability"]["threshold"].dropna()) == {0.2}
    assert len(found["prediction_instability"]) == 60
    assert set(found["calibration_instability"]["sample"]) == set(range(11))
    stable = tables.read(tmp_path / "sample_stability.tsv", "selection_stability")
    assert stable["n_fits"].tolist() == [10]
    assert stable["stability"].tolist() == [1.0]
    assert np.isfinite(stable["lower"]).all()

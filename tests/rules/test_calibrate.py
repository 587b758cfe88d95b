"""Rule calibrate: the script on small files, without Snakemake."""

import numpy as np
import pandas as pd
import pytest
from calibrate import main

from concord import tables
from concord.errors import TableError
from concord.evaluation.probabilities.settings import Calibrate

from .. import synthetic_results as synthetic
from ..modelling_study import job
from ..synthetic_probabilities import risks

KINDS = (
    *("calibration", "calibration_curve", "calibration_histogram", "overall"),
    "pooled_calibration",
)


def run(folder, predictions, found=None, kind="binary", pooled=True):
    paths = {"predictions": [str(folder / "predictions.tsv")], "risks": []}
    tables.write(predictions, paths["predictions"][0], "predictions")
    if found is not None:
        paths["risks"] = [str(folder / "risks.tsv")]
        tables.write(found, paths["risks"][0], "risks")
    settings = Calibrate(kind=kind, reference_arm="clinical", confidence=0.95)
    outputs = {kind: f"{kind}.tsv" for kind in KINDS[:-1]}
    outputs["pooled_calibration"] = ["pooled_calibration.tsv"] if pooled else []
    main(job(folder, settings, outputs, paths, endpoint="metastasis"))
    written = KINDS if pooled else KINDS[:-1]
    return {kind: tables.read(folder / f"{kind}.tsv", kind) for kind in written}


def predictions(endpoint):
    arms = [synthetic.predictions(endpoint, arm) for arm in ("clinical", "texture")]
    return pd.concat(arms, ignore_index=True)


def test_a_binary_outcome_is_calibrated_in_all_schemes_and_groups(tmp_path):
    found = run(tmp_path, predictions("metastasis"))

    table = found["calibration"]
    assert set(table["scheme"]) == {"cv", "loso"}
    assert set(table["stratum"]) == {"all", "group=A", "group=B", "group=C"}
    assert table["horizon_days"].isna().all()
    assert table.loc[table["stratum"] == "all", "slope"].notna().all()
    assert set(found["overall"]["metric"]) == {"brier", "scaled_brier"}
    assert set(found["pooled_calibration"]["arm"]) == {"clinical", "texture"}
    assert len(found["calibration_curve"]) > 50


def test_an_outcome_with_times_is_calibrated_at_its_horizons(tmp_path):
    rows = predictions("survival")
    found = run(tmp_path, rows, risks(rows, (365.0, 730.0)), "survival", pooled=False)

    assert set(found["calibration"]["horizon_days"]) == {365.0, 730.0}
    assert np.isfinite(found["calibration_histogram"]["lower"]).all()


def test_without_a_horizon_the_tables_are_empty(tmp_path):
    found = run(tmp_path, predictions("survival"), None, "survival")

    assert all(table.empty for table in found.values())


def test_another_table_is_refused(tmp_path):
    path = str(tmp_path / "wrong.tsv")
    tables.write(predictions("metastasis"), path, "predictions")
    settings = Calibrate(kind="binary", reference_arm="clinical", confidence=0.95)
    wrong = job(tmp_path, settings, {}, {"predictions": [path], "risks": [path]})
    with pytest.raises(TableError, match="not a table of kind 'risks'"):
        main(wrong)

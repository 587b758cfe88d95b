"""Rule prediction_agreement: the script on files, without Snakemake."""

import pytest
from prediction_agreement import main

from concord import tables
from concord.evaluation.settings import PredictionAgreement
from concord.folds.splitting import splits
from concord.models.reader_predictions import predict_readers

from ..modelling_study import fit_and_predict, job, make_specification, make_tables

SETTINGS = PredictionAgreement(reference_reader="A", confidence=0.95, kind="binary")


def test_each_arm_and_scheme_is_compared_with_the_reference_reader(tmp_path):
    study, plan = make_tables(signal=2.0), make_specification()
    inputs = {"predictions": [], "fits": []}
    for scheme in ("cv-1", "loso"):
        _, fitted = fit_and_predict(study, plan, scheme)
        held_out = [
            (s.name, s.evaluation) for s in splits(study.rows, study.folds, scheme)
        ]
        scored = predict_readers(held_out, {plan.name: fitted.models}, "recurrence", 1)
        for kind, table in (("reader_predictions", scored), ("fits", fitted.fits)):
            path = str(tmp_path / f"{scheme}_{kind}.tsv")
            tables.write(table, path, kind)
            inputs["fits" if kind == "fits" else "predictions"].append(path)

    main(job(tmp_path, SETTINGS, {"agreement": "agreement.tsv"}, inputs))

    found = tables.read(tmp_path / "agreement.tsv", "prediction_agreement")
    assert found[["scheme", "reader", "reader_b"]].to_numpy().tolist() == [
        ["cv", "A", "B"],
        ["loso", "A", "B"],
    ]
    # Reader B differs by a tenth of the spread of each feature.
    assert (found["icc"] > 0.9).all()
    assert (found["sd_difference"] > 0).all()
    expected = [0.05, 0.05]
    assert found["regrouped"].tolist() == pytest.approx(expected, abs=0.07)

"""Rule predict_readers: the script on files, without Snakemake."""

import pandas as pd
import pytest
from predict_arms import main as predict_arms
from predict_readers import main

from concord import tables
from concord.models import reader_predictions
from concord.models.settings.rules import PredictArms, PredictReaders

from ..modelling_study import job, make_tables
from .test_predict_arms import ARMS, fitted


@pytest.mark.parametrize(("part", "n_repeats"), [("cv-1-2", 2), ("loso", 1)])
def test_every_reader_has_a_row_of_every_subject_and_the_reference_is_as_predicted(
    tmp_path, part, n_repeats
):
    inputs = fitted(tmp_path, make_tables(repeats=2), part)
    settings = PredictReaders(arms=list(ARMS), endpoints=["recurrence"], seed=1)
    outputs = {"predictions": ["predictions.tsv"], "risks": []}
    own = PredictArms(**settings.model_dump())
    predict_arms(job(tmp_path, own, outputs, inputs))
    outputs = {"predictions": ["reader_predictions.tsv"]}
    main(job(tmp_path, settings, outputs, inputs))

    found = tables.read(tmp_path / "reader_predictions.tsv", "reader_predictions")
    expected = tables.read(tmp_path / "predictions.tsv", "predictions")
    assert not found.duplicated(["arm", "repeat", "reader", "subject_id"]).any()
    assert len(found) == 2 * 2 * 60 * n_repeats
    mine = found[found["reader"] == "A"][expected.columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, expected, check_exact=True)


def test_an_endpoint_whose_models_are_known_is_not_scored_again(tmp_path, monkeypatch):
    scored = []
    original = reader_predictions.predict_readers

    def counted(folds, arms, endpoint, seed):
        scored.append(endpoint)
        return original(folds, arms, endpoint, seed)

    monkeypatch.setattr(reader_predictions, "predict_readers", counted)
    inputs = fitted(tmp_path, make_tables(repeats=2), "loso")
    outputs = {"predictions": ["reader_predictions.tsv"]}

    def run(seed=1):
        settings = PredictReaders(arms=list(ARMS), endpoints=["recurrence"], seed=seed)
        main(job(tmp_path, settings, outputs, inputs))
        return (tmp_path / "reader_predictions.tsv").read_bytes()

    first = run()
    assert run() == first
    assert scored == ["recurrence"]
    run(seed=2)
    assert scored == ["recurrence"] * 2
    other = fitted(tmp_path, make_tables(repeats=2, seed=5), "loso")
    assert other == inputs
    assert run() != first
    assert scored == ["recurrence"] * 3

import numpy as np
import pytest
from fit_arms import main as fit_arms
from predict_arms import main
from split_folds import main as split_folds

from concord import tables
from concord.models.settings.rules import FitArms, PredictArms
from concord.settings import NoSettings

from ..modelling_study import (
    fit_and_predict,
    job,
    make_specification,
    make_tables,
    write_tables,
)

SIDES = {"development": "development", "evaluation": "evaluation", "phantom": []}
ARMS = {"clinical": {"features": [], "covariates": ["age"]}, "radiomics": {}}


def fitted(tmp_path, study, part, harmonization=None, kind="binary"):
    """Evaluation rows and the estimates of two arms, as their jobs write them."""
    written = write_tables(study, tmp_path)
    split_folds(job(tmp_path, NoSettings(), SIDES, written, part=part))
    inputs = {
        "development": [str(tmp_path / "development")],
        "dictionary": written["dictionary"],
        "phantom": [],
    }
    models = [
        make_specification(kind, harmonization, arm, **options)
        for arm, options in ARMS.items()
    ]
    names = ("fits", "coefficients", "estimates")
    outputs = {name: [f"{arm}_{name}" for arm in ARMS] for name in names}
    outputs["tuning"] = []
    fit_arms(job(tmp_path, FitArms(models=models), outputs, inputs, part=part))
    paths = [str(tmp_path / name) for name in outputs["estimates"]]
    return {"evaluation": [str(tmp_path / "evaluation")], "estimates": paths}


def predicted(tmp_path, inputs):
    settings = PredictArms(arms=list(ARMS), endpoints=["recurrence"], seed=1)
    outputs = {"predictions": ["predictions.tsv"], "risks": []}
    main(job(tmp_path, settings, outputs, inputs))
    return tables.read(tmp_path / "predictions.tsv", "predictions")


@pytest.mark.parametrize(("part", "n_repeats"), [("cv-1-2", 2), ("loso", 1)])
def test_every_arm_scores_every_subject_once_in_each_repeat(tmp_path, part, n_repeats):
    study = make_tables(repeats=2)
    found = predicted(tmp_path, fitted(tmp_path, study, part))

    assert found["arm"].drop_duplicates().tolist() == list(ARMS)
    keys = ["arm", "repeat", "subject_id"]
    assert not found.duplicated(keys).any()
    assert len(found) == 2 * 60 * n_repeats
    assert found["score"].notna().all()


def test_scores_are_those_of_the_arm_fitted_in_memory_bit_for_bit(tmp_path):
    study = make_tables()
    found = predicted(tmp_path, fitted(tmp_path, study, "cv-1-1"))
    expected, _ = fit_and_predict(study, make_specification())

    mine = found[found["arm"] == "radiomics"]["score"].to_numpy(dtype=float)
    assert mine.tobytes() == expected["score"].to_numpy(dtype=float).tobytes()


def test_reasons_stand_where_scores_are_missing(tmp_path):
    inputs = fitted(tmp_path, make_tables(), "loso", {"unseen": "refuse"})
    found = predicted(tmp_path, inputs)

    refused = found[found["arm"] == "radiomics"]
    assert refused["reason"].str.startswith("batch not in development").all()
    assert np.isnan(refused["score"]).all()
    assert found.loc[found["arm"] == "clinical", "reason"].isna().all()


def test_risks_stand_beside_the_predictions_of_an_endpoint_that_judges_some(tmp_path):
    study = make_tables()
    inputs = fitted(tmp_path, study, "cv-1-1", kind="survival")
    settings = PredictArms(
        arms=list(ARMS),
        endpoints=["survival"],
        seed=1,
        at_days={"survival": [200.0, 400.0]},
    )
    outputs = {"predictions": ["predictions.tsv"], "risks": ["risks.tsv"]}
    main(job(tmp_path, settings, outputs, inputs))
    scores = tables.read(tmp_path / "predictions.tsv", "predictions")
    risks = tables.read(tmp_path / "risks.tsv", "risks")

    assert len(risks) == 2 * len(scores)
    wide = risks.pivot_table(
        index=["arm", "fold", "subject_id"], columns="horizon_days", values="risk"
    )
    assert (wide[200.0] < wide[400.0]).all()
    joined = scores.set_index(["arm", "fold", "subject_id"]).join(wide[400.0])
    for _, fold in joined.groupby(["arm", "fold"]):
        assert fold["score"].rank().equals(fold[400.0].rank())

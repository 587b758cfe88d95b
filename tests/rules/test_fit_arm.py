import json
import shutil

import pandas as pd
import pytest
from fit_arm import main
from split_folds import main as split_folds

from concord import tables
from concord.models import fitted_model
from concord.models.settings import FitArm
from concord.settings import NoSettings

from ..modelling_study import job, make_specification, make_tables, write_tables

OUTPUTS = {
    "fits": "fits.tsv",
    "coefficients": "coefficients.tsv",
    "estimates": "estimates.json",
}
SIDES = {"development": "development", "evaluation": "evaluation"}


def split(tmp_path, part, study=None):
    """Development rows of one part; everything else is deleted."""
    inputs = write_tables(study or make_tables(repeats=2), tmp_path)
    split_folds(job(tmp_path, NoSettings(), SIDES, inputs, part=part))
    shutil.rmtree(tmp_path / "evaluation")
    for name in ("cohort", "features", "folds"):
        (tmp_path / inputs[name]).unlink()
    return {
        "development": str(tmp_path / "development"),
        "dictionary": inputs["dictionary"],
        "phantom": [],
    }


@pytest.mark.parametrize(
    ("part", "repeats"),
    [("cv-2-2", [2] * 5), ("cv-1-2", [1] * 5 + [2] * 5), ("loso", [1] * 3)],
)
def test_an_arm_is_fitted_from_development_rows_alone(tmp_path, part, repeats):
    inputs = split(tmp_path, part)
    model = make_specification("survival", stability_filter=True, covariates=["age"])
    settings = FitArm(model=model)

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="radiomics", part=part))

    fits = tables.read(tmp_path / "fits.tsv", "fits")
    assert set(fits["arm"]) == {"radiomics"}
    assert fits["status"].tolist() == ["ok"] * len(repeats)
    assert fits["repeat"].tolist() == repeats
    coefficients = tables.read(tmp_path / "coefficients.tsv", "coefficients")
    assert len(coefficients) == 6 * len(repeats)
    models = fitted_model.read(tmp_path / "estimates.json").models
    assert [model.repeat for model in models] == repeats


def test_settings_of_an_arm_without_features_may_be_absent(tmp_path):
    inputs = split(tmp_path, "cv-1-1")
    model = make_specification(features=[], covariates=["age"], stability_filter=True)
    assert model.harmonization is None
    assert model.stability is None
    settings = FitArm(model=model)

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="clinical", part="cv-1-1"))

    fits = tables.read(tmp_path / "fits.tsv", "fits")
    assert fits["status"].tolist() == ["ok"] * 5


def test_failed_folds_are_written_too(tmp_path):
    inputs = split(tmp_path, "loso")
    settings = FitArm(model=make_specification(harmonization={"min_batch_size": 30}))

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="radiomics", part="loso"))

    assert tables.read(tmp_path / "coefficients.tsv", "coefficients").empty
    assert set(tables.read(tmp_path / "fits.tsv", "fits")["status"]) == {"failed"}
    for model in fitted_model.read(tmp_path / "estimates.json").models:
        assert model.estimates is None
        assert "no batch has 30 development rows" in model.failed


@pytest.mark.parametrize("ending", ["parquet", "tsv"])
def test_a_phantom_teaches_the_batch_effects(tmp_path, ending):
    study = make_tables(repeats=1)
    inputs = split(tmp_path, "cv-1-1", study)
    keys = study.features[["subject_id", "site"]]
    values = study.features.filter(like="original").add_prefix("CT.tumour.")
    phantom = pd.concat([keys, values], axis=1).groupby("site").head(8)
    phantom["subject_id"] = phantom.groupby("site").cumcount().astype(str)
    path = tmp_path / f"phantom.{ending}"
    if ending == "parquet":
        phantom.to_parquet(path)
    else:
        phantom.to_csv(path, sep="\t", index=False)
    settings = FitArm(model=make_specification(harmonization={"fit_on": "phantom"}))
    wildcards = {"arm": "radiomics", "part": "cv-1-1"}

    main(
        job(tmp_path, settings, OUTPUTS, inputs | {"phantom": [str(path)]}, **wildcards)
    )
    models = fitted_model.read(tmp_path / "estimates.json").models
    learnt = [
        {
            key: value
            for key, value in model.estimates.pipeline["harmonize_CT"].items()
            if key != "columns"
        }
        for model in models
    ]

    assert learnt[0]["kind"] == "phantom"
    assert all(json.dumps(fold) == json.dumps(learnt[0]) for fold in learnt)
    assert tables.read(tmp_path / "fits.tsv", "fits")["status"].eq("ok").all()

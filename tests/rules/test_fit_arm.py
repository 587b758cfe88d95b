import pytest
from fit_arm import main

from concord import files, tables

from ..modelling_study import arm_settings, job, make_tables, write_tables

OUTPUTS = {
    "predictions": "predictions.tsv",
    "fits": "fits.tsv",
    "coefficients": "coefficients.tsv",
    "estimates": "estimates.json",
}


@pytest.mark.parametrize(("scheme", "n_folds"), [("cv-2", 5), ("loso", 3)])
def test_one_scheme_of_one_arm_is_written(tmp_path, scheme, n_folds):
    inputs = write_tables(make_tables(repeats=2), tmp_path)
    settings = arm_settings("survival", stability_filter=True, covariates=["age"])

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="radiomics", scheme=scheme))

    predictions = tables.read(tmp_path / "predictions.tsv", "predictions")
    assert len(predictions) == 60
    assert set(predictions["arm"]) == {"radiomics"}
    fits = tables.read(tmp_path / "fits.tsv", "fits")
    assert fits["status"].tolist() == ["ok"] * n_folds
    assert fits["repeat"].tolist() == [2 if scheme == "cv-2" else 1] * n_folds
    coefficients = tables.read(tmp_path / "coefficients.tsv", "coefficients")
    assert len(coefficients) == 6 * n_folds
    assert len(files.read_json(tmp_path / "estimates.json")) == n_folds


def test_settings_of_an_arm_without_features_may_be_absent(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    settings = arm_settings(features=[], covariates=["age"], stability_filter=True)
    settings |= {"harmonization": None, "stability": None}

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="clinical", scheme="cv-1"))

    fits = tables.read(tmp_path / "fits.tsv", "fits")
    assert fits["status"].tolist() == ["ok"] * 5


def test_failed_folds_are_written_too(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    settings = arm_settings(harmonization={"unseen": "refuse"})

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="radiomics", scheme="loso"))

    assert tables.read(tmp_path / "coefficients.tsv", "coefficients").empty
    predictions = tables.read(tmp_path / "predictions.tsv", "predictions")
    assert predictions["reason"].notna().all()

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


@pytest.mark.parametrize(
    ("part", "repeats"),
    [("cv-2-2", [2] * 5), ("cv-1-2", [1] * 5 + [2] * 5), ("loso", [1] * 3)],
)
def test_one_part_of_one_arm_is_written(tmp_path, part, repeats):
    inputs = write_tables(make_tables(repeats=2), tmp_path)
    settings = arm_settings("survival", stability_filter=True, covariates=["age"])

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="radiomics", part=part))

    predictions = tables.read(tmp_path / "predictions.tsv", "predictions")
    assert len(predictions) == 60 * len(set(repeats))
    assert set(predictions["arm"]) == {"radiomics"}
    fits = tables.read(tmp_path / "fits.tsv", "fits")
    assert fits["status"].tolist() == ["ok"] * len(repeats)
    assert fits["repeat"].tolist() == repeats
    coefficients = tables.read(tmp_path / "coefficients.tsv", "coefficients")
    assert len(coefficients) == 6 * len(repeats)
    estimates = files.read_json(tmp_path / "estimates.json")
    assert sum(map(len, estimates.values())) == len(repeats)


def test_settings_of_an_arm_without_features_may_be_absent(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    settings = arm_settings(features=[], covariates=["age"], stability_filter=True)
    settings |= {"harmonization": None, "stability": None}

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="clinical", part="cv-1-1"))

    fits = tables.read(tmp_path / "fits.tsv", "fits")
    assert fits["status"].tolist() == ["ok"] * 5


def test_failed_folds_are_written_too(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    settings = arm_settings(harmonization={"unseen": "refuse"})

    main(job(tmp_path, settings, OUTPUTS, inputs, arm="radiomics", part="loso"))

    assert tables.read(tmp_path / "coefficients.tsv", "coefficients").empty
    predictions = tables.read(tmp_path / "predictions.tsv", "predictions")
    assert predictions["reason"].notna().all()

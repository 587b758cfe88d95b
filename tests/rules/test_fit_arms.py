import json
import shutil

import pandas as pd
import pytest
from fit_arms import main
from split_folds import main as split_folds

from concord import tables
from concord.errors import ConfigError
from concord.models import arm_fit, fitted_model
from concord.models.settings.rules import FitArms
from concord.settings import NoSettings

from ..fused_study import fused, plain, two_images
from ..modelling_study import job, make_specification, make_tables, write_tables

OUTPUTS = {
    "fits": ["fits.tsv"],
    "coefficients": ["coefficients.tsv"],
    "estimates": ["estimates.json"],
    "tuning": [],
}
SIDES = {"development": "development", "evaluation": "evaluation", "phantom": []}


def split(tmp_path, part, study=None, phantom=()):
    """Development rows of one part; everything else is deleted."""
    inputs = write_tables(study or make_tables(repeats=2), tmp_path)
    inputs["phantom"] = list(phantom)
    sides = SIDES | ({"phantom": "phantom"} if phantom else {})
    split_folds(job(tmp_path, NoSettings(), sides, inputs, part=part))
    shutil.rmtree(tmp_path / "evaluation")
    for name in ("cohort", "features", "folds"):
        (tmp_path / inputs[name]).unlink()
    return {
        "development": [str(tmp_path / "development")],
        "dictionary": inputs["dictionary"],
        "phantom": [str(tmp_path / "phantom")] if phantom else [],
    }


@pytest.mark.parametrize(
    ("part", "repeats"),
    [("cv-2-2", [2] * 5), ("cv-1-2", [1] * 5 + [2] * 5), ("loso", [1] * 3)],
)
def test_an_arm_is_fitted_from_development_rows_alone(tmp_path, part, repeats):
    inputs = split(tmp_path, part)
    model = make_specification("survival", stability_filter=True, covariates=["age"])
    settings = FitArms(models=[model])

    main(job(tmp_path, settings, OUTPUTS, inputs, part=part))

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
    settings = FitArms(models=[model])

    main(job(tmp_path, settings, OUTPUTS, inputs, part="cv-1-1"))

    fits = tables.read(tmp_path / "fits.tsv", "fits")
    assert fits["status"].tolist() == ["ok"] * 5


def test_failed_folds_are_written_too(tmp_path):
    inputs = split(tmp_path, "loso")
    settings = FitArms(
        models=[make_specification(harmonization={"min_batch_size": 30})]
    )

    main(job(tmp_path, settings, OUTPUTS, inputs, part="loso"))

    assert tables.read(tmp_path / "coefficients.tsv", "coefficients").empty
    assert set(tables.read(tmp_path / "fits.tsv", "fits")["status"]) == {"failed"}
    for model in fitted_model.read(tmp_path / "estimates.json").models:
        assert model.estimates is None
        assert "no batch has 30 development rows" in model.failed


@pytest.mark.parametrize("ending", ["parquet", "tsv"])
def test_a_phantom_teaches_the_batch_effects(tmp_path, ending):
    study = make_tables(repeats=1)
    keys = study.features[["subject_id", "site"]]
    values = study.features.filter(like="original").add_prefix("CT.tumour.")
    phantom = pd.concat([keys, values], axis=1).groupby("site").head(8)
    phantom["subject_id"] = phantom.groupby("site").cumcount().astype(str)
    path = tmp_path / f"phantom.{ending}"
    if ending == "parquet":
        phantom.to_parquet(path)
    else:
        phantom.to_csv(path, sep="\t", index=False)
    inputs = split(tmp_path, "cv-1-1", study, [str(path)])
    settings = FitArms(models=[make_specification(harmonization={"fit_on": "phantom"})])

    main(job(tmp_path, settings, OUTPUTS, inputs, part="cv-1-1"))
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


def fit(tmp_path, inputs, models):
    """Run the job; the arms that it made, and every file that it wrote."""
    names = [model.name for model in models]
    outputs = {
        kind: [f"{name}_{kind}" for name in names]
        for kind in ("fits", "coefficients", "estimates")
    }
    outputs["tuning"] = [f"{m.name}_tuning" for m in models if m.arm.tuning]
    endpoints = {model.endpoint for model in models}
    given = inputs | {"development": inputs["development"] * len(endpoints)}
    main(job(tmp_path, FitArms(models=models), outputs, given, part="cv-1-1"))
    return {
        file: (tmp_path / file).read_bytes()
        for files in outputs.values()
        for file in files
    }


@pytest.fixture
def fitted_arms(monkeypatch):
    """Names of the arms that were fitted, fold by fold."""
    names = []
    original = arm_fit.fit_fold

    def counted(name, rows, specification, *more):
        names.append(specification.name)
        return original(name, rows, specification, *more)

    monkeypatch.setattr(arm_fit, "fit_fold", counted)
    return names


def test_an_arm_added_later_is_the_only_one_that_is_fitted(tmp_path, fitted_arms):
    inputs = split(tmp_path, "cv-1-1")
    arms = [
        make_specification(name="radiomics", stability_filter=True),
        make_specification(name="clinical", features=[], covariates=["age"]),
    ]
    before = fit(tmp_path, inputs, arms)
    assert fitted_arms == ["radiomics", "clinical"] * 5

    fitted_arms.clear()
    added = make_specification("survival", name="added")
    after = fit(tmp_path, inputs, [arms[0], added, arms[1]])
    assert fitted_arms == ["added"] * 5
    assert {file: after[file] for file in before} == before

    fitted_arms.clear()
    changed = make_specification(name="clinical", features=[], covariates=[])
    fit(tmp_path, inputs, [arms[0], added, changed])
    assert set(fitted_arms) == {"clinical"}


def test_arms_fitted_together_are_those_fitted_alone(tmp_path):
    inputs = split(tmp_path, "cv-1-1")
    arms = [
        make_specification(name="filtered", stability_filter=True),
        make_specification(name="all", stability_filter=False),
        make_specification("survival", name="late", stability_filter=True),
    ]
    together = fit(tmp_path, inputs, arms)
    shutil.rmtree(tmp_path / "results")
    alone = {}
    for arm in arms:
        alone |= fit(tmp_path, inputs, [arm])
    assert together == alone


def test_an_arm_whose_settings_fit_nowhere_costs_no_other_arm(tmp_path, fitted_arms):
    inputs = split(tmp_path, "cv-1-1")
    good = make_specification(name="good")
    bad = make_specification(name="bad", features=["PT.*"])
    with pytest.raises(ConfigError, match=r"'PT\.\*' matches none"):
        fit(tmp_path, inputs, [bad, good])

    fitted_arms.clear()
    fit(tmp_path, inputs, [good])
    assert fitted_arms == []


def test_changed_rows_of_development_are_fitted_again(tmp_path, fitted_arms):
    arms = [make_specification(name="radiomics")]
    fit(tmp_path, split(tmp_path, "cv-1-1"), arms)
    fitted_arms.clear()
    shutil.rmtree(tmp_path / "development")
    fit(tmp_path, split(tmp_path, "cv-1-1", make_tables(seed=7, repeats=2)), arms)
    assert fitted_arms == ["radiomics"] * 5


def test_a_fused_arm_is_fitted_apart_from_its_members_and_anew_if_one_changes(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    study = two_images(n=48, n_features=3, folds=2)
    inputs = split(tmp_path, "cv-1-1", study)

    def hashes(*members):
        settings = FitArms(models=[fused(members=members, inner_folds=2)])
        main(job(tmp_path, settings, OUTPUTS, inputs, part="cv-1-1"))
        return tables.read(tmp_path / "fits.tsv", "fits")["estimates_hash"].tolist()

    first = hashes(plain("ct"), plain("pt"))
    assert hashes(plain("ct"), plain("pt", penalty=0.2)) != first
    assert hashes(plain("ct"), plain("pt")) == first
    (document,) = tmp_path.glob("estimates.json")
    assert set(fitted_model.read(document).specification.members) == {"ct", "pt"}

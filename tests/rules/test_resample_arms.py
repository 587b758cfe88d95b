import pytest
from resample_arms import main

from concord import tables
from concord.folds import bootstrap
from concord.models import resampling
from concord.models.settings.rules import ResampleArms

from ..modelling_study import job, make_specification, make_tables, write_tables


@pytest.fixture
def study(tmp_path):
    """Inputs of the rule: a small study with six samples."""
    made = make_tables(n=40, n_features=6)
    inputs = write_tables(made, tmp_path)
    tables.write(bootstrap.samples(made.cohort, 6, 1), inputs["folds"], "folds")
    return inputs


def resampled(folder, inputs, part, models, **changes):
    settings = ResampleArms(models=models, seed=1, **changes)
    names = [f"{part}_{model.name}.tsv" for model in models]
    main(job(folder, settings, {"resampled": names}, inputs, part=part))
    return [tables.read(folder / name, "resampled") for name in names]


def test_each_part_has_its_samples_and_the_first_the_fit_to_all(tmp_path, study):
    models = [make_specification(name=name) for name in ("one", "two")]
    first, _ = resampled(tmp_path, study, "bootstrap-1-4", models)
    second, _ = resampled(tmp_path, study, "bootstrap-5-6", models)

    assert first["sample"].tolist() == [0, 1, 2, 3, 4]
    assert second["sample"].tolist() == [5, 6]
    assert set(first["status"]) == {"ok"}
    assert first["estimates_hash"].nunique() == 5
    whole = first.iloc[0]
    assert whole["in_sample"] == whole["on_all"]
    assert (first["n_distinct"] + first["n_out_of_bag"] == 40).all()
    assert first["out_of_bag"][1:].notna().all()


def test_more_samples_fit_none_of_the_earlier_ones_again(tmp_path, study, monkeypatch):
    fitted = []
    original = resampling.resampled

    def counted(rows, samples, part, *more, **options):
        fitted.append(str(part))
        return original(rows, samples, part, *more, **options)

    monkeypatch.setattr(resampling, "resampled", counted)
    models = [make_specification()]
    (before,) = resampled(tmp_path, study, "bootstrap-1-3", models)
    more = bootstrap.samples(make_tables(n=40, n_features=6).cohort, 9, 1)
    tables.write(more, study["folds"], "folds")
    (after,) = resampled(tmp_path, study, "bootstrap-1-3", models)
    resampled(tmp_path, study, "bootstrap-7-9", models)

    assert fitted == ["bootstrap-1-3", "bootstrap-7-9"]
    assert after.equals(before)


def test_models_of_tracked_arms_are_kept_and_only_those_are_fitted_again(
    tmp_path, study, monkeypatch
):
    models = [make_specification(name=name) for name in ("one", "two")]
    before = resampled(tmp_path, study, "bootstrap-1-2", models)
    fitted = []
    original = resampling.resampled

    def counted(rows, samples, part, arms, *more, **options):
        fitted.extend(arm.name for arm in arms)
        return original(rows, samples, part, arms, *more, **options)

    monkeypatch.setattr(resampling, "resampled", counted)
    settings = ResampleArms(models=models, seed=1, tracked=["two"])
    outputs = {
        "resampled": ["one.tsv", "two.tsv"],
        "sample_predictions": ["p.tsv"],
        "sample_fits": ["f.tsv"],
    }
    main(job(tmp_path, settings, outputs, study, part="bootstrap-1-2"))

    assert fitted == ["two"]
    assert tables.read(tmp_path / "two.tsv", "resampled").equals(before[1])
    predictions = tables.read(tmp_path / "p.tsv", "sample_predictions")
    assert predictions.groupby("sample").size().to_dict() == {0: 40, 1: 40, 2: 40}
    fits = tables.read(tmp_path / "f.tsv", "sample_fits")
    assert fits["sample"].tolist() == [0, 1, 2]

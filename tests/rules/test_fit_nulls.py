import pytest
from fit_nulls import main

from concord import tables
from concord.errors import ConfigError
from concord.folds.validation import SplittingSection
from concord.models.null import permutation_null
from concord.models.settings.rules import FitNulls

from ..modelling_study import job, make_specification, make_tables, write_tables


def test_one_row_per_scheme_and_permutation_is_written(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    model = make_specification(stability_filter=True)
    settings = FitNulls(
        models=[model], n_permutations=3, seed=1, validation=SplittingSection()
    )
    wildcards = {"endpoint": "recurrence"}

    main(job(tmp_path, settings, {"null": ["null.tsv"]}, inputs, **wildcards))

    null = tables.read(tmp_path / "null.tsv", "null")
    assert null["scheme"].tolist() == ["cv"] * 3 + ["loso"] * 3
    assert null["permutation"].tolist() == [1, 2, 3] * 2
    assert set(null["arm"]) == {"radiomics"}
    assert set(null["metric"]) == {"auc"}
    assert null["estimate"].notna().all()


def test_an_arm_added_later_is_the_only_one_that_is_permuted(tmp_path, monkeypatch):
    permuted = []
    original = permutation_null.null_bands

    def counted(study, folds, specifications, *more, **options):
        permuted.extend(one.name for one in specifications)
        return original(study, folds, specifications, *more, **options)

    monkeypatch.setattr(permutation_null, "null_bands", counted)
    inputs = write_tables(make_tables(), tmp_path)
    first, second = (make_specification(name=name) for name in ("first", "second"))

    def run(models, n_permutations=3):
        permuted.clear()
        settings = FitNulls(
            models=models,
            n_permutations=n_permutations,
            seed=1,
            validation=SplittingSection(),
        )
        outputs = {"null": [f"{model.name}.tsv" for model in models]}
        main(job(tmp_path, settings, outputs, inputs, endpoint="recurrence"))
        return list(permuted)

    assert run([first]) == ["first"]
    written = (tmp_path / "first.tsv").read_bytes()
    assert run([first, second]) == ["second"]
    assert (tmp_path / "first.tsv").read_bytes() == written
    assert run([first, second], n_permutations=4) == ["first", "second"]


def test_an_arm_that_cannot_be_permuted_costs_no_other_arm(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    models = [
        make_specification(name="bad", harmonization={"min_batch_size": 80}),
        make_specification(name="good"),
    ]
    settings = FitNulls(
        models=models, n_permutations=3, seed=1, validation=SplittingSection()
    )
    outputs = {"null": ["bad.tsv", "good.tsv"]}
    with pytest.raises(ConfigError, match="the null band of arm 'bad'"):
        main(job(tmp_path, settings, outputs, inputs, endpoint="recurrence"))
    assert len(tables.read(tmp_path / "good.tsv", "null")) == 6

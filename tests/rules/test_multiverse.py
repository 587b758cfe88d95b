import pytest
from multiverse import main

from concord import tables
from concord.evaluation.multiverse.settings import FitMultiverse, Specification
from concord.folds.validation import SplittingSection

from ..modelling_study import job, make_specification, make_tables, write_tables

KINDS = ("specifications", "specification_null")


def settings_of(**changes):
    """Two analyses of one job."""
    return FitMultiverse(
        **{
            "headline": make_specification(),
            "reference": make_specification(
                name="clinical", features=[], covariates=["age"], harmonizer="none"
            ),
            "specifications": [
                Specification(number=1),
                Specification(number=2, headline=[(["arm", "max_features"], 2)]),
            ],
            "n_permutations": 19,
            "scheme": "cv",
            "confidence": 0.95,
            "seed": 1,
            "validation": SplittingSection(repeats=1),
            **changes,
        }
    )


def test_every_analysis_has_a_row_and_one_for_each_permutation(tmp_path):
    inputs = write_tables(make_tables(n=45, signal=1.0), tmp_path)
    outputs = {name: [f"{name}.tsv"] for name in KINDS}
    main(job(tmp_path, settings_of(), outputs, inputs, endpoint="recurrence"))

    found = tables.read(tmp_path / "specifications.tsv", "specifications")
    assert found["specification"].tolist() == [1, 2]
    assert found["status"].tolist() == ["ok", "ok"]
    assert found["estimate"].nunique() == 2
    assert found["difference"].iloc[0] == pytest.approx(
        found["estimate"].iloc[0] - found["reference_estimate"].iloc[0]
    )
    null = tables.read(tmp_path / "specification_null.tsv", "specification_null")
    assert null.groupby("specification")["permutation"].max().to_dict() == {
        1: 19,
        2: 19,
    }
    assert null["estimate"].notna().all()


def test_a_chunk_whose_combinations_are_all_impossible_writes_empty_tables(tmp_path):
    inputs = write_tables(make_tables(n=30), tmp_path)
    outputs = {name: [f"{name}.tsv"] for name in KINDS}
    nothing = settings_of(specifications=[])
    main(job(tmp_path, nothing, outputs, inputs, endpoint="recurrence"))

    assert tables.read(tmp_path / "specifications.tsv", "specifications").empty
    assert tables.read(tmp_path / "specification_null.tsv", "specification_null").empty

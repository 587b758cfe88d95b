from fit_null import main

from concord import tables

from ..modelling_study import arm_settings, job, make_tables, write_tables


def test_one_row_per_permutation_is_written(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    settings = arm_settings("binary", stability_filter=True)
    settings |= {"name": "radiomics", "null_permutations": 3, "seed": 1}

    main(job(tmp_path, settings, {"null": "null.tsv"}, inputs, endpoint="recurrence"))

    null = tables.read(tmp_path / "null.tsv", "null")
    assert null["permutation"].tolist() == [1, 2, 3]
    assert set(null["metric"]) == {"auc"}
    assert null["estimate"].notna().all()

from fit_nulls import main

from concord import tables
from concord.models.settings import FitNulls

from ..modelling_study import job, make_specification, make_tables, write_tables


def test_one_row_per_scheme_and_permutation_is_written(tmp_path):
    inputs = write_tables(make_tables(), tmp_path)
    model = make_specification(stability_filter=True)
    settings = FitNulls(models=[model], n_permutations=3, seed=1)
    wildcards = {"endpoint": "recurrence"}

    main(job(tmp_path, settings, {"null": ["null.tsv"]}, inputs, **wildcards))

    null = tables.read(tmp_path / "null.tsv", "null")
    assert null["scheme"].tolist() == ["cv"] * 3 + ["loso"] * 3
    assert null["permutation"].tolist() == [1, 2, 3] * 2
    assert set(null["arm"]) == {"radiomics"}
    assert set(null["metric"]) == {"auc"}
    assert null["estimate"].notna().all()

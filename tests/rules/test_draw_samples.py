import pytest
from draw_samples import main

from concord import tables
from concord.errors import StudyError
from concord.folds.settings import DrawSamples

from ..modelling_study import job, make_tables, write_tables


def drawn(folder, inputs, bootstrap, name="folds.tsv"):
    settings = DrawSamples(seed=4, bootstrap=bootstrap)
    main(job(folder, settings, {"folds": name}, inputs))
    return tables.read(folder / name, "folds")


def test_samples_are_written_alike_twice_and_more_of_them_keep_the_first(tmp_path):
    inputs = write_tables(make_tables(n=30), tmp_path)
    one, two = (drawn(tmp_path, inputs, 3, name) for name in ("one.tsv", "two.tsv"))

    assert len(one) == 30 * 3
    assert set(one["fold_set"]) == {"bootstrap"}
    assert (tmp_path / "one.tsv").read_bytes() == (tmp_path / "two.tsv").read_bytes()
    more = drawn(tmp_path, inputs, 5)
    assert more[more["repeat"] <= 3].equals(two)


def test_copied_subjects_are_refused_before_there_are_samples(tmp_path):
    study = make_tables()
    names = [name for name in study.features if name.startswith("original")]
    features = study.features.copy()
    features.loc[1, names] = features.loc[0, names].to_numpy(dtype=float) * (1 + 1e-6)
    inputs = write_tables(type(study)(study.cohort, features, study.folds), tmp_path)
    with pytest.raises(StudyError, match=r"P0000 and P0001: 20 of 20 features"):
        drawn(tmp_path, inputs, 3)

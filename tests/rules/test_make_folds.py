import pytest
from make_folds import main

from concord import tables
from concord.errors import StudyError
from concord.folds.settings import MakeFolds
from concord.folds.validation import SplittingSection

from ..modelling_study import job, make_tables, write_tables


def folds(folder, inputs, name, endpoint=None, fold_set="group", **validation):
    """The table of one set of folds."""
    settings = MakeFolds(
        seed=4, validation=SplittingSection(**validation), endpoint=endpoint
    )
    main(job(folder, settings, {"folds": name}, inputs, fold_set=fold_set))
    return tables.read(folder / name, "folds")


def test_folds_of_all_schemes_are_written_alike_twice(tmp_path):
    inputs = write_tables(make_tables(n=30), tmp_path)
    for name in ("one.tsv", "two.tsv"):
        found = folds(tmp_path, inputs, name, repeats=2)

    assert len(found) == 30 * (2 * 5 + 3)
    assert set(found["fold_set"]) == {"group"}
    assert (tmp_path / "one.tsv").read_bytes() == (tmp_path / "two.tsv").read_bytes()


def test_folds_by_group_know_no_outcome_and_those_of_an_endpoint_know_its_own(tmp_path):
    study = make_tables(n=60)
    other = study.cohort.assign(
        **{"event.survival": 1 - study.cohort["event.survival"]}
    )
    other.loc[:20, "event.survival"] = 1.0
    found = []
    for number, cohort in enumerate((study.cohort, other)):
        folder = tmp_path / str(number)
        folder.mkdir()
        inputs = write_tables(type(study)(cohort, study.features, study.folds), folder)
        by_outcome = [
            folds(folder, inputs, name, name, f"outcome_{name}", stratify_by="outcome")
            for name in ("recurrence", "survival")
        ]
        found.append([folds(folder, inputs, "group"), *by_outcome])

    same = [one.equals(another) for one, another in zip(*found, strict=True)]
    assert same == [True, True, False]
    assert set(found[0][1]["fold_set"]) == {"outcome_recurrence"}


def test_copied_subjects_are_refused_before_there_are_folds(tmp_path):
    study = make_tables()
    names = [name for name in study.features if name.startswith("original")]
    features = study.features.copy()
    features.loc[1, names] = features.loc[0, names].to_numpy(dtype=float) * (1 + 1e-6)
    inputs = write_tables(type(study)(study.cohort, features, study.folds), tmp_path)
    expected = r"P0000 and P0001: 20 of 20 features of CT.tumour \(session baseline"
    with pytest.raises(StudyError, match=expected):
        folds(tmp_path, inputs, "folds.tsv")

    shared = study.cohort.assign(cluster=["one", "one", *study.cohort["cluster"][2:]])
    pairs = write_tables(type(study)(shared, features, study.folds), tmp_path)
    found = folds(tmp_path, pairs, "folds.tsv")
    both = found[found["subject_id"].isin(["P0000", "P0001"])]
    roles = both.groupby(["scheme", "repeat", "fold"])["role"].agg(frozenset)
    assert frozenset({"development", "evaluation"}) not in set(roles)

"""Development and evaluation sets."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import ConfigError
from concord.folds import splits as folding
from concord.folds.scheme import Scheme

from ...modelling_study import make_folds, make_tables


@pytest.fixture(scope="module")
def cohort():
    return make_tables(n=61, prevalence=(0.2, 0.5, 0.7)).cohort


def test_each_subject_is_evaluated_once_per_scheme_and_repeat(cohort):
    folds = make_folds(cohort, repeats=3)
    evaluated = folds[folds["role"] == "evaluation"]
    counts = evaluated.groupby(["scheme", "repeat", "subject_id"]).size()
    assert (counts == 1).all()
    assert len(counts) == 61 * 4


def test_development_is_everyone_else(cohort):
    folds = folding.select(make_folds(cohort), Scheme.parse("cv-1"))
    for _, development, evaluation in folding.splits(folds):
        assert not set(development) & set(evaluation)
        assert set(development) | set(evaluation) == set(cohort["subject_id"])


def test_outcome_and_group_are_spread_evenly(cohort):
    folds = make_folds(cohort, repeats=4)
    held_out = folds[(folds["role"] == "evaluation") & (folds["scheme"] == "cv")]
    table = held_out.merge(cohort, on="subject_id")
    for columns in (["event.recurrence"], ["event.recurrence", "group"]):
        counts = table.groupby(["repeat", "fold", *columns]).size()
        wide = counts.unstack(list(range(2, 2 + len(columns))), fill_value=0)
        spread = wide.groupby("repeat").agg(lambda n: n.max() - n.min())
        assert (spread <= 1).all(axis=None)


def test_groups_too_small_for_the_folds_share_them():
    strata = [(1.0, f"site{number}") for number in range(10)]
    fold = folding.stratified(strata, 5, 0)
    assert sorted(np.bincount(fold)[1:]) == [2, 2, 2, 2, 2]


def test_leave_one_group_out_has_one_fold_per_group(cohort):
    folds = folding.select(make_folds(cohort), Scheme.parse("loso"))
    found = {name: evaluation for name, _, evaluation in folding.splits(folds)}
    assert list(found) == ["A", "B", "C"]
    members = cohort.loc[cohort["group"] == "B", "subject_id"]
    assert found["B"] == sorted(members)


def test_same_seed_gives_the_same_folds_and_another_seed_others(cohort):
    pd.testing.assert_frame_equal(make_folds(cohort), make_folds(cohort))
    assert not make_folds(cohort).equals(make_folds(cohort, seed=2))


def test_repeats_differ_and_adding_one_keeps_the_others(cohort):
    one, two = make_folds(cohort, repeats=1), make_folds(cohort, repeats=2)
    first, second = (
        folding.select(two, Scheme.parse(f"cv-{number}")) for number in (1, 2)
    )
    assert first["role"].tolist() != second["role"].tolist()
    kept = folding.select(one, Scheme.parse("cv-1")).reset_index(drop=True)
    pd.testing.assert_frame_equal(first.reset_index(drop=True), kept)


def test_subject_without_outcome_is_placed(cohort):
    cohort = cohort.copy()
    cohort.loc[[3, 8], "event.recurrence"] = np.nan
    folds = make_folds(cohort)
    assert set(folds["subject_id"]) == set(cohort["subject_id"])
    tables.check(folds, "folds.tsv", "folds")


def test_one_group_cannot_be_left_out(cohort):
    with pytest.raises(ConfigError, match=r"all 61 subjects belong to group 'A'"):
        make_folds(cohort.assign(group="A"))


def test_more_folds_than_subjects_is_an_error():
    with pytest.raises(ConfigError, match=r"validation.folds is 9, expected 2 to"):
        folding.stratified(["a", "b"], 9, 0)


def test_unknown_scheme_names_what_there_is(cohort):
    with pytest.raises(ConfigError, match=r"'cv-7' has no folds.*up to repeat 1"):
        folding.select(make_folds(cohort), Scheme.parse("cv-7"))

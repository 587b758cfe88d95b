"""Development and evaluation sets."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import ConfigError, StudyError
from concord.folds import dealing
from concord.folds import splits as folding
from concord.folds.scheme import Scheme
from concord.folds.splitting import require_apart

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


def spread(folds, cohort, column):
    """Most minus fewest evaluation subjects of a class, over the folds of a repeat."""
    held_out = folds[(folds["role"] == "evaluation") & (folds["scheme"] == "cv")]
    table = held_out.merge(cohort, on="subject_id")
    counts = table.groupby(["repeat", "fold", column]).size().unstack(fill_value=0)
    return counts.groupby("repeat").agg(lambda n: n.max() - n.min())


@pytest.mark.parametrize(
    ("stratify_by", "column"), [("group", "group"), ("outcome", "event.recurrence")]
)
def test_group_or_outcome_is_spread_evenly(cohort, stratify_by, column):
    folds = make_folds(cohort, repeats=4, stratify_by=stratify_by)
    assert (spread(folds, cohort, column) <= 1).all(axis=None)
    assert folds.groupby(["scheme", "repeat", "fold"]).size().eq(61).all()


def test_folds_by_outcome_do_not_see_the_group_nor_folds_by_group_the_outcome(cohort):
    other = cohort.assign(group=cohort["group"].to_numpy()[::-1])
    by_outcome = [
        make_folds(c, stratify_by="outcome", leave_one_group_out=False)
        for c in (cohort, other)
    ]
    assert by_outcome[0].equals(by_outcome[1])
    flipped = cohort.assign(**{"event.recurrence": 1 - cohort["event.recurrence"]})
    assert make_folds(cohort).equals(make_folds(flipped))


def test_rows_of_a_cluster_stay_together_and_folds_stay_even():
    generator = np.random.default_rng(3)
    sizes = generator.integers(1, 5, size=80)
    clusters = np.repeat(np.arange(80), sizes)
    strata = np.repeat(np.array(["A", "B", "C"])[np.arange(80) % 3], sizes)
    fold = folding.stratified(strata.tolist(), 5, 1, clusters)
    table = pd.DataFrame({"cluster": clusters, "stratum": strata, "fold": fold})
    assert (table.groupby("cluster")["fold"].nunique() == 1).all()
    rows = table.groupby(["stratum", "fold"]).size().unstack()
    assert (rows.max(axis=1) - rows.min(axis=1) <= 1).all()
    assert np.ptp(np.bincount(fold)[1:]) <= 3
    np.testing.assert_array_equal(
        fold, folding.stratified(strata.tolist(), 5, 1, clusters)
    )


def test_a_cluster_of_several_groups_is_dealt_with_its_most_frequent_one():
    strata = ["A"] * 6 + ["B"] * 6 + ["B", "B", "A"]
    clusters = [*range(12), 12, 12, 12]
    fold = folding.stratified(strata, 3, 0, clusters)
    b = np.array([*strata[6:12], "B", "B", "B"])
    assert len(set(fold[12:])) == 1
    counts = np.bincount(np.concatenate([fold[6:12], fold[12:]]), minlength=4)[1:]
    assert counts.tolist() == [len(b) // 3] * 3


def test_dealing_single_rows_round_is_what_the_dealing_of_clusters_comes_to():
    generator = np.random.default_rng(0)
    strata = sorted(generator.integers(0, 7, size=83).tolist())
    ones = np.ones(83, int)
    round_about = dealing.dealt(strata, ones, 5)
    greedy = dealing.dealt([*strata, 9], np.append(ones, 2), 5)[:-1]
    np.testing.assert_array_equal(greedy, round_about)


def test_others_of_a_left_out_cluster_are_neither_learnt_from_nor_judged(cohort):
    clusters = cohort["cluster"].to_numpy(copy=True)
    first_of = {group: np.flatnonzero(cohort["group"] == group)[0] for group in "AB"}
    clusters[list(first_of.values())] = "shared"
    folds = folding.select(
        make_folds(cohort.assign(cluster=clusters)), Scheme.parse("loso")
    )
    wide = folds.pivot(index="subject_id", columns="fold", values="role")
    a, b = (cohort["subject_id"].iloc[first_of[group]] for group in "AB")
    assert wide.loc[a].tolist() == ["evaluation", "neither", "development"]
    assert wide.loc[b].tolist() == ["neither", "evaluation", "development"]
    assert (wide == "neither").sum().sum() == 2


def test_groups_too_small_for_the_folds_share_them():
    strata = [f"site{number}" for number in range(10)]
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
    unknown = cohort.index[3:61:4]
    cohort.loc[unknown, "event.recurrence"] = np.nan
    folds = make_folds(cohort, stratify_by="outcome")
    classed = cohort.assign(known=cohort["event.recurrence"].notna())
    assert (spread(folds, classed, "known") <= 1).all(axis=None)
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


def test_a_cluster_on_both_sides_of_a_fold_is_refused(cohort):
    folds = make_folds(cohort)
    shared = cohort.assign(cluster=["Q", "Q", "Q", "Q", "Q", *cohort["cluster"][5:]])
    with pytest.raises(StudyError, match=r"cluster 'Q' stands in development and in"):
        require_apart(folds, shared)
    require_apart(make_folds(shared), shared)

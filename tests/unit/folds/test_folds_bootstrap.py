"""Bootstrap samples of clusters, and rows that they hold repeatedly."""

import numpy as np
import pandas as pd
import pytest

from concord import tables
from concord.errors import StudyError
from concord.folds import bootstrap
from concord.folds import splits as folding
from concord.folds.splitting import splits

from ...modelling_study import make_tables


@pytest.fixture(scope="module")
def study():
    made = make_tables(n=60, n_features=3)
    clusters = [f"Q{number // 2}" for number in range(60)]
    return type(made)(made.cohort.assign(cluster=clusters), made.features, made.folds)


@pytest.fixture(scope="module")
def drawn(study):
    return bootstrap.samples(study.cohort, 20, seed=1)


def test_each_sample_gives_every_subject_a_role_and_holds_as_many_clusters(
    study, drawn
):
    tables.check(drawn, "folds.tsv", "folds")
    assert (drawn.groupby("repeat").size() == 60).all()
    cluster = drawn["subject_id"].map(study.cohort.set_index("subject_id")["cluster"])
    times = drawn.groupby(["repeat", cluster])["times"]
    assert (times.nunique() == 1).all()
    assert (times.first().groupby("repeat").sum() == 30).all()
    assert ((drawn["times"] > 0) == (drawn["role"] == "development")).all()
    share = (drawn["role"] == "evaluation").mean()
    assert 0.30 < share < 0.42  # exp(-1) is 0.37


def test_each_group_has_as_many_clusters_in_every_sample(drawn):
    made = make_tables(n=60, n_features=3, sites=("A", "B", "C", "D"))
    found = bootstrap.samples(made.cohort, 10, seed=3)
    group = found["subject_id"].map(made.cohort.set_index("subject_id")["group"])
    assert (found.groupby(["repeat", group])["times"].sum() == 15).all()


def test_samples_depend_on_seed_and_number_and_on_nothing_else(study, drawn):
    again = bootstrap.samples(study.cohort.sample(frac=1, random_state=1), 25, seed=1)
    first = again[again["repeat"] <= 20].reset_index(drop=True)
    pd.testing.assert_frame_equal(first, drawn)
    other = bootstrap.samples(study.cohort, 20, seed=2)
    assert (other["times"] != drawn["times"]).any()
    flipped = study.cohort.assign(
        **{"event.recurrence": 1 - study.cohort["event.recurrence"]}
    )
    pd.testing.assert_frame_equal(bootstrap.samples(flipped, 20, seed=1), drawn)
    one, two = (drawn.loc[drawn["repeat"] == n, "times"].tolist() for n in (1, 2))
    assert one != two


def test_rows_of_a_sample_are_as_often_there_as_drawn_and_keep_their_cluster(
    study, drawn
):
    (split,) = splits(study.rows, drawn, "bootstrap-1")
    own = drawn[drawn["repeat"] == 1].set_index("subject_id")["times"]
    sample, out = split.development.cohort, split.evaluation.cohort
    assert sample["subject_id"].is_unique
    origin = sample["subject_id"].str.partition(" (")[0]
    counts = origin.value_counts().reindex(own.index, fill_value=0)
    assert counts.tolist() == own.tolist()
    known = study.cohort.set_index("subject_id")
    for column in ("cluster", "group", "event.recurrence"):
        assert sample[column].tolist() == known.loc[origin, column].tolist()
    assert not set(sample["cluster"]) & set(out["cluster"])
    features = split.development.features
    readers = features.groupby("subject_id").size()
    assert (readers == 2).all()
    assert set(readers.index) == set(sample["subject_id"])


def test_folds_inside_a_sample_never_have_one_subject_on_both_sides(study, drawn):
    for split in splits(study.rows, drawn, "bootstrap-2"):
        sample = split.development.cohort
        fold = folding.stratified(
            sample["group"].tolist(), 5, [1], sample["cluster"].tolist()
        )
        origin = sample["subject_id"].str.partition(" (")[0]
        together = pd.Series(fold).groupby(origin.to_numpy()).nunique()
        assert (together == 1).all()
        assert origin.duplicated().any()


def test_a_subject_named_like_a_repeat_is_refused():
    table = pd.DataFrame({"subject_id": ["P1", "P1 (drawn 2)"], "x": [1.0, 2.0]})
    with pytest.raises(StudyError, match=r"called 'P1 \(drawn 2\)', as the repeat of"):
        bootstrap.repeated(table, {"P1": 2, "P1 (drawn 2)": 1})


def test_few_clusters_of_a_group_are_drawn_from_that_group_alone():
    cohort = pd.DataFrame(
        {
            "subject_id": list("abcdef"),
            "group": list("XXYYYY"),
            "cluster": list("abcdef"),
        }
    )
    found = bootstrap.samples(cohort, 50, seed=0)
    x = found[found["subject_id"].isin(["a", "b"])].groupby("repeat")["times"].sum()
    assert set(x) == {2}
    assert np.isclose(found["times"].mean(), 1.0)

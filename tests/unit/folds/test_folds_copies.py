"""Copies and mixtures of subjects are found and named; what only looks alike is not."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from concord.errors import StudyError
from concord.folds.copies import require_no_copies
from concord.folds.interpolated import interpolated
from concord.folds.near_copies import informative, near_copies

from ...modelling_study import make_tables

KINDS = ["independent", "one factor", "whole numbers", "few levels", "constant"]


def table(kind: str, n: int = 120, p: int = 40, seed: int = 0) -> np.ndarray:
    """Features of subjects none of whom is a copy."""
    generator = np.random.default_rng(seed)
    noise = generator.normal(size=(n, p))
    if kind == "one factor":
        return 50 + 10 * generator.normal(size=(n, 1)) + 0.3 * noise
    if kind == "whole numbers":
        return np.round(20 + 5 * noise)
    if kind == "few levels":
        return np.round(noise)
    if kind == "constant":
        return np.where(np.arange(p) < p - 3, 7.0, 10 + noise)
    return 10 + 2 * noise


def oversampled(values: np.ndarray, n_new: int, seed: int = 1) -> np.ndarray:
    """Rows between a row and one of its five nearest neighbours (SMOTE)."""
    generator = np.random.default_rng(seed)
    distance = ((values[:, None] - values[None]) ** 2).sum(axis=2)
    first = generator.integers(len(values), size=n_new)
    place = generator.integers(1, 6, size=n_new)
    second = np.argsort(distance, axis=1)[first, place]
    share = generator.random((n_new, 1))
    return values[first] + share * (values[second] - values[first])


@pytest.mark.parametrize("kind", KINDS)
def test_subjects_that_only_look_alike_are_no_copies(kind):
    for seed in range(5):
        values = table(kind, seed=seed)
        assert near_copies(values) == []
        assert interpolated(values) == []


@pytest.mark.parametrize("kind", KINDS[:3])
@pytest.mark.parametrize("difference", [0.0, 1e-6, 5e-5])
def test_copies_are_found_also_if_they_differ_by_a_part_in_ten_thousand(
    kind, difference
):
    values = table(kind)
    generator = np.random.default_rng(2)
    copies = values[:30] * (1 + difference * generator.uniform(-1, 1, (30, 40)))
    found = near_copies(np.vstack([values, copies]))
    assert {(one.first, one.second) for one in found} == {
        (number, 120 + number) for number in range(30)
    }
    assert all(one.largest <= 1e-4 for one in found)


def test_a_tenth_of_the_features_may_differ_and_unknown_ones_do_not_count():
    values = table("independent")
    copy = values[:1].copy()
    copy[0, :4] += 1
    copy[0, 4:20] = np.nan
    copy[0, :2] = np.nan
    ((first, second, n_equal, n_known, _),) = near_copies(np.vstack([values, copy]))
    assert (first, second, n_equal, n_known) == (0, 120, 20, 22)
    copy[0, 20:22] += 1
    assert near_copies(np.vstack([values, copy])) == []


def test_functions_of_one_feature_count_once():
    volume = np.random.default_rng(0).integers(20, 60, size=(80, 1)).astype(float)
    functions = np.hstack([volume, volume**2, np.sqrt(volume), -volume, 1 / volume])
    assert len(informative(np.hstack([functions, functions * 3])).columns) == 1
    assert near_copies(functions) == []


@pytest.mark.parametrize("kind", ["independent", "one factor"])
@pytest.mark.parametrize("digits", [12, 4])
def test_rows_between_two_neighbours_are_found_as_oversampled(kind, digits):
    values = table(kind)
    new = oversampled(values[:20], 30)
    found = interpolated(np.round(np.vstack([values, new]), digits))
    assert len(found) > 15
    assert all(one.row >= 120 for one in found)


def test_two_thousand_subjects_are_judged_in_little_memory():
    values = table("independent", 2000, 200)
    tracemalloc.start()
    assert near_copies(values) == []
    assert interpolated(values) == []
    assert tracemalloc.get_traced_memory()[1] < 60e6
    tracemalloc.stop()


def with_rows(study, rows):
    """A study and further subjects, whose features are given for both readers."""
    names = [name for name in study.features if name.startswith("original")]
    new = [f"X{number}" for number in range(len(rows))]
    cohort = study.cohort.iloc[: len(rows)].assign(subject_id=new, cluster=new)
    parts = [study.features]
    for reader in ("A", "B"):
        keys = study.features[study.features["reader"] == reader].iloc[: len(rows)]
        part = keys.assign(subject_id=new)
        part[names] = rows
        parts.append(part)
    features = pd.concat(parts, ignore_index=True)
    return features, pd.concat([study.cohort, cohort], ignore_index=True)


def test_mixtures_are_named_with_their_parents_and_what_to_do():
    study = make_tables(n=80, n_features=30)
    names = [name for name in study.features if name.startswith("original")]
    values = study.features.loc[study.features["reader"] == "A", names].to_numpy()
    features, cohort = with_rows(study, oversampled(values[:20], 5))
    with pytest.raises(StudyError) as caught:
        require_no_copies(features, cohort)
    text = str(caught.value)
    assert "X0 lies on the line between them in all features of CT.tumour" in text
    assert "sheets.cluster_column" in text
    assert "sheets.leave_out" in text


def test_subjects_of_one_cluster_may_be_copies_and_strangers_do_not_count():
    study = make_tables(n=80, n_features=30)
    names = [name for name in study.features if name.startswith("original")]
    values = study.features.loc[study.features["reader"] == "A", names].to_numpy()
    features, cohort = with_rows(study, values[:2])
    with pytest.raises(StudyError, match=r"2 times.*\n  P0000 and X0: 30 of 30"):
        require_no_copies(features, cohort)
    pairs = cohort["subject_id"].replace({"X0": "P0000", "X1": "P0001"})
    require_no_copies(features, cohort.assign(cluster=pairs))
    require_no_copies(features, study.cohort)

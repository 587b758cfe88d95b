"""Selection by mRMR and by stability selection."""

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.feature_selection import f_classif
from sklearn.linear_model import LogisticRegression

from concord.errors import FitError
from concord.models.steps.minimum_redundancy import (
    MinimumRedundancy,
    least_redundant,
    relevance,
)
from concord.models.steps.stability_selection import (
    StabilitySelection,
    strongest_of_path,
)
from concord.models.steps.univariate import UnivariateSelection, univariate_strength
from concord.statistics.outcome_kinds import OUTCOME_KINDS

KINDS = ["binary", "survival"]
STEPS = [MinimumRedundancy(2), StabilitySelection(2, half_samples=20)]


def study(n=120, kind="binary", seed=0):
    """Copies f0 to f2 of one signal, f3 a weaker other one, f4 to f11 noise."""
    generator = np.random.default_rng(seed)
    values = generator.normal(size=(n, 12))
    values[:, 1:3] = values[:, :1] + 0.1 * values[:, 1:3]
    risk = 2.5 * values[:, 0] + 1.5 * values[:, 3]
    event = (risk + generator.logistic(size=n) > 0).astype(float)
    time = np.exp(-risk) * generator.exponential(size=n)
    outcome = pd.DataFrame({"event": event, "time_days": time})
    if kind == "survival":
        outcome["event"] = (generator.random(n) < 0.7).astype(float)
    rows = pd.DataFrame(values).add_prefix("CT.t.f")
    rows = rows.assign(**{"covariate.age": generator.normal(size=n)})
    rows = rows.set_index("P" + rows.index.astype(str))
    return rows, OUTCOME_KINDS[kind].target(outcome)


def test_relevance_is_the_f_statistic_of_two_outcomes():
    rows, y = study()
    expected = f_classif(rows.to_numpy(), y)[0]
    np.testing.assert_allclose(relevance(rows.to_numpy(), y), expected, rtol=1e-10)


def test_weights_count_as_if_a_subject_were_there_more_often():
    rows, y = study(40)
    weight = np.random.default_rng(0).integers(1, 4, 40).astype(float)
    weighted = np.zeros(40, dtype=[("event", bool), ("weight", float)])
    weighted["event"], weighted["weight"] = y == 1, weight
    times = weight.astype(int)
    often = relevance(np.repeat(rows.to_numpy(), times, axis=0), np.repeat(y, times))

    found = relevance(rows.to_numpy(), weighted)
    # Weights change no degrees of freedom.
    np.testing.assert_allclose(found / 38, often / (times.sum() - 2), rtol=1e-9)


def test_pairs_count_by_both_weights_in_the_univariate_choice():
    """Whole weights are repetitions of a subject."""
    rows, y = study(40)
    values = np.round(rows.to_numpy(), 1)  # some ties
    times = np.random.default_rng(0).integers(1, 4, 40)
    weighted = np.zeros(40, dtype=[("event", bool), ("weight", float)])
    weighted["event"], weighted["weight"] = y == 1, times
    often = univariate_strength(np.repeat(values, times, axis=0), np.repeat(y, times))

    np.testing.assert_allclose(univariate_strength(values, weighted), often)
    weighted["weight"] = 1.0
    equal = univariate_strength(values, weighted)
    np.testing.assert_allclose(equal, univariate_strength(values, y), atol=1e-12)
    weighted["event"] = False
    assert np.isnan(univariate_strength(values, weighted)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_mrmr_takes_one_of_the_copies_and_then_another_signal(kind):
    rows, y = study(kind=kind)
    by_itself = UnivariateSelection(2).fit(rows, y).selected_
    found = MinimumRedundancy(2).fit(rows, y)

    assert set(by_itself) < {"CT.t.f0", "CT.t.f1", "CT.t.f2"}
    assert len(set(found.selected_) & {"CT.t.f0", "CT.t.f1", "CT.t.f2"}) == 1
    assert "CT.t.f3" in found.selected_
    assert list(found.transform(rows))[-1] == "covariate.age"


def test_mrmr_follows_its_definition():
    """Quotients calculated by hand from the correlation matrix."""
    rows, y = study(80)
    values = rows.to_numpy()
    strength = relevance(values, y)
    correlation = np.abs(np.corrcoef(values.T))
    chosen = least_redundant(values, strength, 6)

    assert chosen[0] == np.argmax(strength)
    for n, (_, after) in enumerate(pairwise(chosen), start=1):
        before = chosen[:n]
        mean = np.maximum(correlation[before].mean(axis=0), 80**-0.5)
        merit = strength / mean
        merit[before] = -np.inf
        assert after == np.argmax(merit)


def test_exact_copies_keep_the_first_and_nothing_unknown_is_chosen():
    rows, y = study()
    values = rows.to_numpy()
    values = np.column_stack([values[:, 5], values[:, 0], values[:, 0], np.ones(120)])
    chosen = least_redundant(values, relevance(values, y), 9)

    assert chosen[0] == 1
    assert sorted(chosen) == [0, 1, 2]


@pytest.mark.parametrize("kind", KINDS)
def test_signals_are_chosen_by_most_halves_and_noise_by_few(kind):
    rows, y = study(200, kind)
    rows = rows.drop(columns=["CT.t.f1", "CT.t.f2"])
    step = StabilitySelection(4, half_samples=30).fit(rows, y)

    assert {"CT.t.f0", "CT.t.f3"} <= set(step.selected_)
    assert min(step.frequency_["CT.t.f0"], step.frequency_["CT.t.f3"]) > 0.9
    noise = [step.frequency_.get(f"CT.t.f{k}", 0.0) for k in range(4, 12)]
    assert np.mean(noise) < 0.4
    assert step.n_halves_ == 30
    assert not step.fallback_
    assert "covariate.age" in step.transform(rows)


def test_the_path_chooses_as_the_lasso_of_scikit_learn_does():
    rows, y = study(100)
    values = rows.to_numpy()
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    for strength in np.geomspace(0.005, 0.2, 40):
        other = LogisticRegression(
            l1_ratio=1.0, C=strength, solver="saga", tol=1e-8, max_iter=20000
        ).fit(scaled, y)
        expected = np.flatnonzero(other.coef_[0])
        if len(expected) >= 3:
            break

    assert sorted(strongest_of_path(values, y, 3, 1.0)) == expected.tolist()


@pytest.mark.parametrize("step", STEPS, ids=repr)
@pytest.mark.parametrize("kind", KINDS)
def test_a_selection_is_repeated_bit_for_bit_and_comes_back_from_json(step, kind):
    rows, y = study(kind=kind)
    first, second = (clone(step).fit(rows, y) for _ in range(2))
    found = json.loads(json.dumps(first.estimates(), allow_nan=False))

    assert first.estimates() == second.estimates()
    back = type(step).from_estimates(found)
    assert back.transform(rows).equals(first.transform(rows))
    assert back.estimates() == first.estimates()


@pytest.mark.parametrize("step", STEPS, ids=repr)
def test_a_change_of_units_does_not_change_the_selection(step):
    rows, y = study()
    scale = np.geomspace(1e-4, 1e4, len(rows.columns))
    found = [clone(step).fit(table, y).selected_ for table in (rows, rows * scale + 5)]
    assert found[0] == found[1]


@pytest.mark.parametrize("step", STEPS, ids=repr)
def test_one_feature_is_kept_and_none_is_no_error(step):
    rows, y = study()
    one = rows[["CT.t.f5", "covariate.age"]]
    assert list(clone(step).fit(one, y).transform(one)) == list(one)
    none = rows[["covariate.age"]]
    assert list(clone(step).fit(none, y).transform(none)) == ["covariate.age"]


def test_subjects_of_one_cluster_are_in_the_same_half():
    rows, _ = study()
    clusters = {name: str(number // 4) for number, name in enumerate(rows.index)}
    step = StabilitySelection(2, half_samples=6, clusters=clusters)
    halves = list(step._halves(rows.index))

    for first, second in zip(halves[::2], halves[1::2], strict=True):
        assert sorted([*first, *second]) == list(range(120))
        assert len(first) == 60
        assert not {k // 4 for k in first} & {k // 4 for k in second}
    assert not np.array_equal(halves[0], halves[2])
    assert "clusters" not in step.fit(*study()).estimates()["parameters"]


def test_without_a_frequent_feature_the_most_frequent_one_stays_and_this_is_known():
    rows, y = study()
    y = np.random.default_rng(3).permutation(y)
    step = StabilitySelection(1, half_samples=20, threshold=0.95).fit(rows, y)

    assert step.fallback_
    assert step.selected_ == [max(step.frequency_, key=step.frequency_.get)]


def test_halves_without_events_do_not_count_and_none_at_all_is_an_error():
    rows, y = study(40)
    y[:] = 0
    with pytest.raises(FitError, match="no half sample has a fit: 0 events in 20"):
        StabilitySelection(2, half_samples=4).fit(rows, y)
    y[0] = 1
    step = StabilitySelection(2, half_samples=10).fit(rows, y)
    assert step.n_halves_ == 5

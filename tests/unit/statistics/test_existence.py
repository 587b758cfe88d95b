"""Existence of an optimum: separation judged by the likelihood, collinear columns."""

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from concord.errors import FitError
from concord.models.estimators.partial_likelihood import PartialLikelihood
from concord.models.estimators.penalized import RidgeCox, RidgeLogistic
from concord.statistics.existence import COLLINEAR, Standardized, separating

SEEDS = range(12)
DETERMINE = "the predictors determine each other"


def survival(event, time):
    """Outcome of a Cox model."""
    y = np.zeros(len(event), dtype=[("event", bool), ("time_days", float)])
    y["event"], y["time_days"] = event, time
    return y


def outcomes(generator, n=80):
    """A binary outcome and a time with ties, unrelated to any column."""
    event = generator.random(n) < 0.45
    return event.astype(float), survival(event, np.ceil(generator.exponential(20, n)))


def both_fits(X: pd.DataFrame, generator):
    """A logistic and a Cox model of unpenalized columns and random outcomes."""
    binary, times = outcomes(generator, len(X))
    free = list(X.columns)
    return [
        RidgeLogistic(unpenalized=free).fit(X, binary),
        RidgeCox(unpenalized=free).fit(X, times),
    ]


def ordinary(generator, n=80, names="abcd"):
    return pd.DataFrame(generator.normal(size=(n, len(names))), columns=list(names))


def every_pair(X, y):
    """The event less each subject at risk, all pairs written out."""
    return np.array(
        [
            X[i] - X[j]
            for i in np.flatnonzero(y["event"])
            for j in range(len(X))
            if y["time_days"][j] >= y["time_days"][i]
        ]
    )


def climbs(rows):
    """Konis' program: the largest total over directions in a box, if above zero."""
    q = rows.shape[1]
    found = linprog(
        -rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=[(-1, 1)] * q
    )
    return -found.fun > 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rare_level_with_all_events_is_noticed(seed):
    generator = np.random.default_rng(seed)
    n = 42
    stage = np.arange(n) % 8 == 3  # 5 subjects, 12 %
    event = np.where(stage, 1.0, generator.random(n) < 0.5)
    X = pd.DataFrame({"covariate.age": generator.normal(60, 9, n)})
    X["covariate.stage=III"] = stage.astype(float)
    model = RidgeLogistic(unpenalized=list(X.columns)).fit(X, event)
    assert model.rescue_ == (
        "unpenalized terms got a ridge of 0.001: stage=III separates the outcomes, so "
        "that no coefficient is the likeliest. Give a penalty or leave out."
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_level_without_events_is_noticed_by_the_cox_model(seed):
    generator = np.random.default_rng(seed)
    _, y = outcomes(generator)
    X = ordinary(generator, names="ab")
    X["covariate.grade=Low"] = (np.arange(80) % 9 == 0).astype(float)
    y["event"][np.arange(80) % 9 == 0] = False
    y["time_days"][0] = y["time_days"].max() + 1  # at risk all the time
    model = RidgeCox(unpenalized=list(X.columns)).fit(X, y)
    assert "grade=Low separates the outcomes" in model.rescue_
    assert "covariate." not in model.rescue_
    assert "np.str_" not in model.rescue_


def test_a_level_that_has_no_column_separates_by_the_covariate():
    generator = np.random.default_rng(0)
    level = np.arange(90) % 3
    event = np.where(level == 0, 0.0, generator.random(90) < 0.5)
    X = pd.DataFrame({f"covariate.grade={k}": (level == k) * 1.0 for k in (1, 2)})
    X["covariate.age"] = generator.normal(size=90)
    model = RidgeLogistic(unpenalized=list(X.columns)).fit(X, event)
    assert model.rescue_.startswith(
        "unpenalized terms got a ridge of 0.001: grade separates the outcomes"
    )


def test_columns_that_separate_only_together_are_named_together():
    generator = np.random.default_rng(0)
    X = ordinary(generator, n=200, names="abc")
    event = (X["a"] + 0.5 * X["b"] > 0.2).to_numpy(dtype=float)
    model = RidgeLogistic(unpenalized=list("abc")).fit(X, event)
    assert "a and b together separate the outcomes" in model.rescue_


def test_a_strong_effect_of_overlapping_outcomes_is_kept_as_it_is():
    generator = np.random.default_rng(1)
    X = ordinary(generator, n=3000, names="a")
    event = generator.random(3000) < 1 / (1 + np.exp(-12 * X["a"].to_numpy()))
    model = RidgeLogistic(unpenalized=["a"]).fit(X, event.astype(float))
    assert model.rescue_ == ""
    assert model.coef_[0] == pytest.approx(12, rel=0.2)


def test_one_overlapping_subject_ends_a_separation():
    x = np.r_[np.zeros(20), np.ones(20)]
    X, event = pd.DataFrame({"x": x}), x.copy()
    event[0] = 1.0
    quasi = RidgeLogistic(unpenalized=["x"]).fit(X, event)
    assert "x separates the outcomes" in quasi.rescue_
    event[39] = 0.0
    overlapping = RidgeLogistic(unpenalized=["x"]).fit(X, event)
    assert overlapping.rescue_ == ""
    assert overlapping.coef_[0] == pytest.approx(2 * np.log(19))


def test_a_penalized_column_cannot_separate():
    x = np.r_[np.zeros(20), np.ones(20)]
    X = pd.DataFrame({"x": x, "a": np.random.default_rng(0).normal(size=40)})
    assert RidgeLogistic(0.01, unpenalized=["a"]).fit(X, x).rescue_ == ""


def test_without_unpenalized_terms_to_rescue_a_separation_is_an_error():
    x = np.r_[np.zeros(20), np.ones(20)]
    with pytest.raises(FitError, match=r"^x separates the outcomes"):
        RidgeLogistic(penalty=0.0).fit(pd.DataFrame({"x": x}), x)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_verdict_is_that_of_all_pairs_and_of_konis(seed):
    generator = np.random.default_rng(seed)
    for _ in range(10):
        n = 12
        X = generator.integers(-1, 2, (n, 2)).astype(float)
        event = generator.random(n) < 0.5
        y = survival(event, generator.integers(1, 8, n))
        chained = PartialLikelihood(event, y["time_days"]).comparisons(X)
        assert (separating(chained) is not None) == climbs(every_pair(X, y))
        sign = np.where(event, 1.0, -1.0)[:, None]
        design = sign * np.column_stack([np.ones(n), X])
        assert (separating(design) is not None) == climbs(design)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("noise", [1e-3, 1e-4, 1e-6, 1e-7, 1e-9, 1e-13, 0.0])
def test_near_duplicates_have_one_verdict_on_either_side_of_the_border(seed, noise):
    """The border is 1e-5 of an SD; a copy with noise lies at noise / sqrt(2)."""
    generator = np.random.default_rng(seed)
    X = ordinary(generator)
    X["e"] = X["a"] + noise * generator.normal(size=80)
    for model in both_fits(X, generator):
        if noise / np.sqrt(2) > COLLINEAR:
            assert model.rescue_ == ""
        else:
            assert f"{DETERMINE}: a and e." in model.rescue_


@pytest.mark.parametrize("seed", SEEDS)
def test_verdicts_lie_orders_of_magnitude_from_the_border(seed):
    generator = np.random.default_rng(seed)
    X = ordinary(generator).to_numpy()

    def least(columns):
        scaled = (columns - columns.mean(axis=0)) / columns.std(axis=0)
        return np.linalg.svd(scaled, compute_uv=False)[-1] / np.sqrt(len(columns))

    assert least(X) > 1e4 * COLLINEAR
    assert least(np.column_stack([X, X[:, 0]])) < 1e-9 * COLLINEAR
    three_digits = np.round(X[:, :1], 3)
    assert least(np.column_stack([X, three_digits])) > 10 * COLLINEAR


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scales", [(1, 1, 1), (1e-6, 1, 1e6), (1e9, 1e-9, 1)])
def test_three_way_dependences_are_noticed_at_any_scale(seed, scales):
    generator = np.random.default_rng(seed)
    X = ordinary(generator, names="abc") * [*scales]
    for model in both_fits(X, generator):
        assert model.rescue_ == ""
    X["d"] = X["a"] / scales[0] + 2 * X["b"] / scales[1] + 5
    for model in both_fits(X, generator):
        assert f"{DETERMINE}: a, b and d." in model.rescue_


@pytest.mark.parametrize("seed", SEEDS)
def test_indicators_of_all_levels_determine_each_other(seed):
    generator = np.random.default_rng(seed)
    level = generator.permutation(np.arange(80) % 3)
    X = pd.DataFrame({f"covariate.s={k}": (level == k) * 1.0 for k in range(3)})
    for model in both_fits(X, generator):
        assert f"{DETERMINE}: s=0, s=1 and s=2." in model.rescue_
    for model in both_fits(X.iloc[:, 1:], generator):
        assert model.rescue_ == ""


def test_a_column_that_varies_only_before_the_first_event_is_named():
    generator = np.random.default_rng(0)
    _, y = outcomes(generator)
    y["event"][:10], y["time_days"][:10] = False, 0.5
    X = ordinary(generator, names="a").assign(rare=(np.arange(80) < 10) * 1.0)
    model = RidgeCox(unpenalized=["a", "rare"]).fit(X, y)
    assert "rare has one value in all subjects that inform the fit" in model.rescue_


@pytest.mark.parametrize("offset", [1e3, 1e6])
def test_a_large_offset_makes_no_column_collinear(offset):
    columns = ordinary(np.random.default_rng(0)).to_numpy() + offset
    every = np.arange(80)
    Standardized.of(columns, list("abcd"), every)
    twice = np.column_stack([columns, columns[:, 0] - offset])
    with pytest.raises(FitError, match=f"{DETERMINE}: a and e"):
        Standardized.of(twice, list("abcde"), every)

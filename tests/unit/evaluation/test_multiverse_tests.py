"""Joint tests, choices and noise of a multiverse."""

import itertools

import numpy as np
import pandas as pd
import pytest

from concord.evaluation.multiverse.choice_effects import choice_effects
from concord.evaluation.multiverse.joint_tests import LEVEL, null_band, of_curve
from concord.evaluation.multiverse.settings import FitMultiverse, Specification
from concord.evaluation.multiverse.values import multiverse_values
from concord.folds.validation import SplittingSection

from ...modelling_study import make_specification, make_tables


def test_p_values_count_permutations_that_reach_the_value():
    permuted = np.array([[0.4, 0.5, 0.6, 0.7], [0.1, 0.2, 0.3, np.nan]])
    found = of_curve(np.array([0.6, 0.9]), permuted)
    # Of itself and four others, 0.6 is reached by 0.6, 0.6 and 0.7.
    assert found.p_values[0] == pytest.approx(3 / 5)
    assert found.p_values[1] == pytest.approx(1 / 4)  # a failed one does not count
    assert found.median == pytest.approx(0.75)
    assert found.null_median == pytest.approx(np.mean([0.25, 0.35, 0.45, 0.7]))
    assert found.p_median == pytest.approx(1 / 5)
    assert found.share == 0.0


def test_a_value_above_the_band_is_one_with_a_small_p_value():
    generator = np.random.default_rng(1)
    for n in (19, 39, 99):
        permuted = generator.normal(size=n)
        upper = null_band(permuted)[1]
        for value in (upper - 1e-6, upper, upper + 1e-6):
            p = of_curve(np.array([value]), permuted[None, :]).p_values[0]
            assert (p <= LEVEL + 1e-12) == (value > upper)
    assert np.isnan(null_band(generator.normal(size=18))).all()


def test_the_largest_of_many_has_the_larger_adjusted_p_value():
    generator = np.random.default_rng(2)
    permuted = generator.normal(size=(30, 199))
    observed = generator.normal(size=30)
    found = of_curve(observed, permuted)
    assert (found.adjusted >= found.p_values - 1e-9).mean() > 0.95
    planted = of_curve(np.append(observed, 8.0), np.vstack([permuted, permuted[:1]]))
    assert planted.adjusted[-1] == pytest.approx(1 / 200)


def noise_curves(n_studies: int, seed: int):
    """Joint tests of analyses that share most of their noise."""
    generator = np.random.default_rng(seed)
    for _ in range(n_studies):
        shared = generator.normal(size=(1, 40))
        values = 0.8 * shared + 0.6 * generator.normal(size=(48, 40))
        yield of_curve(values[:, 0], values[:, 1:])


def test_of_pure_noise_few_analyses_are_called_better_than_their_null():
    found = list(noise_curves(400, seed=3))
    shares = np.array([one.share for one in found])
    error = shares.std(ddof=1) / np.sqrt(len(shares))
    assert shares.mean() <= LEVEL + 3 * error
    for name in ("p_share", "p_median", "p_mean_z"):
        p = np.array([getattr(one, name) for one in found])
        rejected = (p <= LEVEL).mean()
        assert rejected <= LEVEL + 3 * np.sqrt(LEVEL * (1 - LEVEL) / len(p)), name
    adjusted = np.array([one.adjusted.min() for one in found])
    assert (adjusted <= LEVEL).mean() <= LEVEL + 3 * np.sqrt(LEVEL * 0.95 / 400)


def factorial() -> pd.DataFrame:
    levels = {"a": ["x", "y", "z"], "b": ["0", "1"], "c": ["0", "1"]}
    rows = list(itertools.product(*levels.values()))
    return pd.DataFrame(rows, columns=list(levels))


def test_shares_of_a_whole_factorial_are_those_of_the_analysis_of_variance():
    table = factorial()
    generator = np.random.default_rng(4)
    y = 0.7 + 0.05 * (table["a"] == "y") + generator.normal(0, 0.02, len(table))
    values = np.column_stack([y, generator.normal(size=(len(table), 19))])
    found = {row["key"]: row for row in choice_effects(table, y.to_numpy(), values)}

    total = ((y - y.mean()) ** 2).sum()
    for key in table:
        # Sum of squares between the values of a factor of a balanced design.
        between = ((y.groupby(table[key]).transform("mean") - y.mean()) ** 2).sum()
        expected = between / total
        assert found[key]["share"] == pytest.approx(expected, rel=1e-9)
    assert next(iter(found)) == "a"
    assert found["a"]["highest_value"] == "y"
    means = y.groupby(table["a"]).mean()
    assert found["a"]["range"] == pytest.approx(means.max() - means.min())


def test_equal_values_have_no_variance_to_share():
    table, y = factorial(), np.full(12, 0.6)
    rows = choice_effects(table, y, np.column_stack([y, y]))
    assert all(np.isnan(row["share"]) for row in rows)
    assert {row["reason"] for row in rows} == {"all analyses have the same value"}
    assert {row["p_value"] for row in rows} == {1.0}


def test_ranges_of_pure_noise_are_called_unusual_as_often_as_they_may_be():
    table, generator, small = factorial(), np.random.default_rng(5), []
    for _ in range(300):
        values = generator.normal(size=(len(table), 40))
        rows = choice_effects(table, values[:, 0], values)
        small += [row["p_value"] <= LEVEL for row in rows if row["key"] == "a"]
    assert np.mean(small) <= LEVEL + 3 * np.sqrt(LEVEL * (1 - LEVEL) / len(small))


def curve_of(signal: float, seed: int, n: int = 48):
    """Joint tests of eight analyses of a small study."""
    study = make_tables(n=n, n_features=10, signal=signal, seed=seed)
    options = itertools.product(["combat", "none"], [2, 5], [0.1, 1.0])
    changes = [
        [
            (["arm", "harmonizer"], harmonizer),
            (["arm", "max_features"], n),
            (["arm", "penalty"], penalty),
        ]
        for harmonizer, n, penalty in options
    ]
    reference = make_specification(
        name="clinical", features=[], covariates=["age"], harmonizer="none"
    )
    settings = FitMultiverse(
        headline=make_specification(),
        reference=reference,
        specifications=[
            Specification(number=number, headline=one)
            for number, one in enumerate(changes, 1)
        ],
        n_permutations=19,
        scheme="cv",
        confidence=0.95,
        seed=seed,
        validation=SplittingSection(repeats=1),
    )
    values, null = multiverse_values(study.rows, study.folds, settings)
    wide = pd.DataFrame(null).pivot(
        index="specification", columns="permutation", values="estimate"
    )
    first = pd.DataFrame(values)["first_repeat"].to_numpy()
    return of_curve(first, wide.to_numpy())


def test_a_planted_signal_lifts_the_curve_above_its_null():
    found = curve_of(signal=4.0, seed=1, n=90)
    assert found.median > 0.7 > found.null_median
    assert found.p_median == found.p_mean_z == found.p_share == pytest.approx(1 / 20)
    assert found.share == 1.0


def test_outcomes_of_pure_noise_give_no_curve_above_its_null():
    shares = [curve_of(signal=0.0, seed=seed).share for seed in (11, 12, 13)]
    # Of one study all analyses may be lucky together, hardly of three.
    assert np.mean(shares) <= 0.34


@pytest.mark.slow
def test_of_many_studies_of_noise_few_analyses_are_better_than_their_null():
    found = [curve_of(signal=0.0, seed=20000 + seed) for seed in range(200)]
    shares = np.array([one.share for one in found])
    error = shares.std(ddof=1) / np.sqrt(len(shares))
    assert shares.mean() <= LEVEL + 3 * error
    for name in ("p_share", "p_median", "p_mean_z"):
        rejected = np.mean([getattr(one, name) <= LEVEL + 1e-12 for one in found])
        assert rejected <= LEVEL + 3 * np.sqrt(LEVEL * (1 - LEVEL) / len(found)), name

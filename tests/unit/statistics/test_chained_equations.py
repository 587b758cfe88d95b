"""Chained equations: the truth of a simulation, other software, single rows."""

from dataclasses import dataclass

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from concord.statistics.chained_equations import (
    Equation,
    completed,
    equations,
    imputed,
)
from concord.statistics.conditional_draws import (
    N_DONORS,
    draw_level,
    draw_number,
    level_coefficients,
    level_means,
    number_coefficients,
)
from concord.statistics.cumulative_hazard import nelson_aalen


@dataclass(frozen=True)
class Variable:
    """Columns that are missing together."""

    columns: list[int]
    is_category: bool = False


@pytest.fixture
def generator():
    return np.random.default_rng(5)


def levels_of(linear: np.ndarray, generator) -> np.ndarray:
    """Indicators of the levels but the first, drawn by their log odds."""
    means = level_means(linear)
    place = (generator.random((len(means), 1)) > np.cumsum(means, 1)).sum(axis=1)
    return (place[:, None] == np.arange(means.shape[1])).astype(float)


def test_a_regression_equals_that_of_scikit_learn(generator):
    given = generator.normal(3, 5, (200, 3))
    own = given @ [[1.0], [0.0], [-2.0]] + generator.normal(size=(200, 1))
    found = number_coefficients(own, given)
    expected = LinearRegression().fit(given, own[:, 0])

    np.testing.assert_allclose(found[0, 1:], expected.coef_, atol=1e-5)
    np.testing.assert_allclose(found[0, 0], expected.intercept_, atol=1e-4)


def test_log_odds_of_levels_are_near_those_of_scikit_learn(generator):
    """Both have a prior of the same precision on columns of SD 1."""
    given = generator.normal(size=(500, 2))
    given = (given - given.mean(axis=0)) / given.std(axis=0)
    linear = np.column_stack([given[:, 0], 0.5 - given[:, 1]])
    levels = levels_of(linear, generator)
    found = level_coefficients(levels, given)

    label = np.where(levels.any(axis=1), levels.argmax(axis=1) + 1, 0)
    other = LogisticRegression(C=1e9, tol=1e-10, max_iter=2000).fit(given, label)
    expected = np.column_stack([other.intercept_, other.coef_])
    np.testing.assert_allclose(found, expected[1:] - expected[0], atol=0.01)


def test_drawn_numbers_spread_around_their_expectation(generator):
    """Over many draws: departures of the mean 0 and of the SD of the residuals."""
    given = generator.normal(size=(600, 1))
    own = 2.0 * given + generator.normal(0, 0.5, (600, 1))
    given = np.vstack([given, generator.uniform(-1, 1, (400, 1))])
    own = np.vstack([own, np.full((400, 1), np.nan)])
    gap = np.arange(1000) >= 600
    drawn = np.concatenate(
        [draw_number(own, given, gap, np.random.default_rng(k)) for k in range(20)]
    )

    departure = drawn - np.tile(2.0 * given[600:], (20, 1))
    assert departure.mean() == pytest.approx(0.0, abs=0.06)
    assert departure.std() == pytest.approx(0.5, rel=0.1)
    assert set(drawn.ravel()) <= set(own[:600, 0])


def test_coefficients_are_drawn_too_so_that_more_than_five_rows_lend(generator):
    """Of a fit to few rows, whose coefficients are uncertain."""
    given = generator.normal(size=(41, 1))
    own = given + generator.normal(size=(41, 1))
    gap = np.arange(41) == 40
    drawn = {
        float(draw_number(own, given, gap, np.random.default_rng(seed))[0, 0])
        for seed in range(60)
    }
    assert len(drawn) > N_DONORS


def test_drawn_levels_have_the_frequencies_of_their_probabilities(generator):
    given = generator.normal(size=(2900, 1))
    levels = levels_of(np.column_stack([given[:, 0], -given[:, 0]]), generator)
    gap = np.arange(2900) >= 2600
    given[gap] = 1.0
    drawn = np.concatenate(
        [draw_level(levels, given, gap, np.random.default_rng(k)) for k in range(20)]
    )

    expected = level_means(np.array([[1.0, -1.0]]))[0]
    np.testing.assert_allclose(drawn.mean(axis=0), expected, atol=0.06)
    assert drawn.sum(axis=1).max() == 1.0


def test_gaps_at_random_are_filled_so_that_the_regression_is_that_of_all(generator):
    """x1 is missing where x0 is large; the mean of the known values is far off."""
    n = 2000
    x0 = generator.normal(size=n)
    x1 = x0 + generator.normal(size=n)
    values = np.column_stack([x0, x1])
    values[generator.random(n) < 1 / (1 + np.exp(0.5 - x0)), 1] = np.nan
    filled = completed(
        values, [Variable([0]), Variable([1])], np.zeros((n, 0)), generator
    )

    assert np.nanmean(values[:, 1]) < -0.25
    assert filled[:, 1].mean() == pytest.approx(0.0, abs=0.1)
    slope = np.polyfit(filled[:, 0], filled[:, 1], 1)[0]
    assert slope == pytest.approx(1.0, abs=0.1)
    known = np.isfinite(values)
    assert (filled[known] == values[known]).all()


def study(generator, n=300):
    """A number, another one and a category of three levels that hang together."""
    first = generator.normal(size=n)
    second = first + generator.normal(size=n)
    levels = levels_of(np.column_stack([first, -second]), generator)
    values = np.column_stack([first, second, levels])
    values[generator.random(n) < 0.2, 0] = np.nan
    values[generator.random(n) < 0.2, 1] = np.nan
    values[generator.random(n) < 0.2, 2:] = np.nan
    return values, [Variable([0]), Variable([1]), Variable([2, 3], True)]


def test_a_category_gets_one_level_and_equal_seeds_give_equal_values(generator):
    values, variables = study(generator)
    found = [
        completed(values, variables, np.zeros((300, 0)), np.random.default_rng(seed))
        for seed in (1, 1, 2)
    ]

    assert np.isfinite(found[0]).all()
    assert set(np.unique(found[0][:, 2:])) == {0.0, 1.0}
    assert found[0][:, 2:].sum(axis=1).max() == 1.0
    assert found[0].tobytes() == found[1].tobytes()
    assert found[0].tobytes() != found[2].tobytes()


def test_new_rows_are_filled_each_by_itself_within_the_range_of_development(generator):
    values, variables = study(generator)
    filled = completed(values, variables, np.zeros((300, 0)), generator)
    found = equations(values, filled, variables)
    found = [Equation.of(one.plain()) for one in found]
    start = np.nanmean(values, axis=0)
    new = values[:40].copy()
    new[0] = [np.nan, 1e9, np.nan, np.nan]
    new[1] = np.nan
    together = imputed(new, found, start)

    alone = np.vstack([imputed(new[k : k + 1], found, start) for k in range(40)])
    assert together.tobytes() == alone.tobytes()
    assert np.isfinite(together).all()
    assert together[0, 0] == np.nanmax(values[:, 0])
    assert (together[:, 2:] >= 0).all()
    assert (together[:, 2:].sum(axis=1) <= 1 + 1e-12).all()


def test_a_change_of_units_changes_nothing_but_the_unit(generator):
    values, variables = study(generator)
    scale, shift = np.array([3.0, 0.01, 1.0, 1.0]), np.array([50.0, -2.0, 0.0, 0.0])
    found = []
    for given in (values, values * scale + shift):
        rng = np.random.default_rng(3)
        filled = completed(given, variables, np.zeros((300, 0)), rng)
        learnt = equations(given, filled, variables)
        found.append((filled, imputed(given, learnt, np.nanmean(given, axis=0))))

    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one * scale + shift, other, rtol=1e-6, atol=1e-6)


def test_columns_given_twice_and_levels_that_others_determine_are_imputed(generator):
    values, variables = study(generator)
    values = np.column_stack([values, values[:, 0], np.ones(300)])
    variables = [*variables, Variable([4])]
    values[:30, 2:4] = np.nan
    filled = completed(values, variables, np.zeros((300, 0)), generator)

    assert np.isfinite(filled).all()
    assert all(
        np.isfinite(one.coefficients).all()
        for one in equations(values, filled, variables)
    )


def test_hazard_sums_events_over_those_at_risk():
    found = nelson_aalen(np.array([1, 0, 1, 1]), np.array([5.0, 2.0, 5.0, 9.0]))
    np.testing.assert_allclose(found, [2 / 3, 0.0, 2 / 3, 5 / 3])

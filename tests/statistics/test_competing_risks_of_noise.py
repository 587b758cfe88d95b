"""Competing risks of noise: p-values of groups and effects are uniform."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from concord.evaluation.competing.effects import MODELS
from concord.evaluation.competing.outcomes import CompetingOutcomes
from concord.evaluation.competing.tables import LEAST_EXPECTED
from concord.statistics.competing.gray import gray_test

from ..competing_study import simulated_outcomes

KINDS = ("normal", "binary", "rare")


def column(generator: np.random.Generator, kind: str, n: int) -> np.ndarray:
    if kind == "normal":
        return generator.normal(size=n)
    return (generator.random(n) < {"binary": 0.4, "rare": 0.15}[kind]).astype(float)


def outcomes_of(generator: np.random.Generator, n: int) -> CompetingOutcomes:
    """Outcomes whose cause of interest is the rarer one; nothing acts on them."""
    days, code = simulated_outcomes(generator, np.zeros(n), np.zeros(n), (0.2, 0.3))
    return CompetingOutcomes(pd.RangeIndex(n), days, code)


def p_values_of_effects(n_studies: int, n: int) -> dict[tuple[str, str], np.ndarray]:
    """p-values of noise by model and kind of column; NaN where there is none."""
    found = {(prefix, kind): [] for prefix in MODELS for kind in KINDS}
    for seed in range(n_studies):
        generator = np.random.default_rng([n, seed])
        outcomes = outcomes_of(generator, n)
        for kind in KINDS:
            x = column(generator, kind, n)[:, None]
            for prefix, model in MODELS.items():
                effect = model(outcomes, 1).effects(["x"], x)[0]
                row = effect.row(prefix, 0.95)
                found[prefix, kind].append(row[f"{prefix}_p_value"])
    return {key: np.array(values) for key, values in found.items()}


def p_values_of_groups(n_studies: int, n: int, shares: list[float]) -> np.ndarray:
    """p-values of Gray's test of groups of noise, where one is given."""
    found = []
    for seed in range(n_studies):
        generator = np.random.default_rng([n, seed])
        outcomes = outcomes_of(generator, n)
        group = generator.choice(len(shares), size=n, p=shares)
        test = gray_test(outcomes.time_days, outcomes.code, 1, group)
        if test.expected.min() >= LEAST_EXPECTED:
            found.append(test.p_value)
    return np.array(found)


def assert_uniform(p_values: np.ndarray, most: float) -> None:
    assert stats.kstest(p_values, "uniform").pvalue > 0.001
    assert np.mean(p_values < 0.05) <= most


def test_effects_on_noise_are_found_as_often_as_chance_allows():
    found = p_values_of_effects(120, 100)
    for p_values in found.values():
        known = p_values[np.isfinite(p_values)]
        assert len(known) > 110
        assert_uniform(known, most=0.11)
    # The report explains effects one of which alone is found.
    for kind in KINDS:
        both = [found[prefix, kind] < 0.05 for prefix in MODELS]
        assert np.mean(both[0] != both[1]) <= 0.06


@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.4, 0.3, 0.3]])
def test_groups_of_noise_differ_as_often_as_chance_allows(shares):
    p_values = p_values_of_groups(300, 80, shares)
    assert len(p_values) > 200
    assert_uniform(p_values, most=0.08)


@pytest.mark.slow
def test_many_studies_of_noise_find_effects_and_groups_one_time_in_twenty():
    for p_values in p_values_of_effects(2000, 80).values():
        known = p_values[np.isfinite(p_values)]
        assert np.mean(known < 0.05) <= 0.075
        assert np.mean(known < 0.05) >= 0.03
    for shares in ([0.5, 0.5], [0.7, 0.3], [0.25] * 4, [0.4, 0.4, 0.2]):
        p_values = p_values_of_groups(2000, 120, shares)
        assert 0.03 <= np.mean(p_values < 0.05) <= 0.065

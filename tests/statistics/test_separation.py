"""Verdicts on separation and collinearity: no false alarm, and none that is missed."""

import numpy as np
import pandas as pd
import pytest

from concord.models.estimators.penalized import RidgeCox, RidgeLogistic


def design(generator: np.random.Generator, n: int) -> pd.DataFrame:
    """Correlated numbers, a skewed one, and a category of three common levels."""
    shared = generator.normal(size=n)
    level = generator.permutation(np.arange(n) % 3)
    return pd.DataFrame(
        {
            "covariate.age": shared + generator.normal(size=n),
            "covariate.dose": 2 * shared + generator.normal(size=n),
            "covariate.volume": np.exp(generator.normal(size=n)),
            "covariate.grade=II": (level == 1).astype(float),
            "covariate.grade=III": (level == 2).astype(float),
        }
    )


def standardized(X: pd.DataFrame) -> pd.DataFrame:
    return (X - X.mean()) / X.std(ddof=0)


def rescues(X: pd.DataFrame, risk: np.ndarray, generator) -> list[str]:
    """Why a logistic and a Cox model got a ridge; outcomes follow from the risk."""
    event = generator.random(len(X)) < 1 / (1 + np.exp(-risk))
    y = np.zeros(len(X), dtype=[("event", bool), ("time_days", float)])
    y["event"] = event
    y["time_days"] = np.ceil(generator.exponential(500 * np.exp(-risk)))
    free, X = list(X.columns), standardized(X)
    return [
        RidgeLogistic(unpenalized=free).fit(X, event.astype(float)).rescue_,
        RidgeCox(unpenalized=free).fit(X, y).rescue_,
    ]


def false_alarms(n_studies: int, n: int, effect: float) -> int:
    """Rescues among well-posed studies, whose outcomes overlap by design."""
    found = []
    for seed in range(n_studies):
        generator = np.random.default_rng([n, seed])
        X = design(generator, n)
        risk = effect * standardized(X)["covariate.age"].to_numpy()
        found += rescues(X, risk, generator)
    return sum(map(bool, found))


def missed(n_studies: int, n: int, share: float) -> int:
    """Studies in which a rare level holds only events and nothing is said of it."""
    count = 0
    for seed in range(n_studies):
        generator = np.random.default_rng([n, seed])
        rare = generator.permutation(n) < round(share * n)
        X = design(generator, n).assign(**{"covariate.stage=IV": rare * 1.0})
        logistic, _ = rescues(X, np.where(rare, 50.0, 0.0), generator)
        count += "stage=IV separates the outcomes" not in logistic
    return count


@pytest.mark.parametrize("effect", [0.0, 1.5])
def test_well_posed_designs_are_neither_rescued_nor_refused(effect):
    assert false_alarms(60, 100, effect) == 0


@pytest.mark.parametrize("share", [0.05, 0.12])
def test_a_rare_level_with_all_events_never_passes(share):
    assert missed(40, 80, share) == 0


@pytest.mark.slow
@pytest.mark.parametrize("n", [80, 150, 500])
@pytest.mark.parametrize("effect", [0.0, 1.0, 2.0])
def test_no_false_alarm_in_many_designs(n, effect):
    assert false_alarms(500, n, effect) == 0


@pytest.mark.slow
@pytest.mark.parametrize("n", [60, 150, 500])
@pytest.mark.parametrize("share", [0.05, 0.12, 0.3])
def test_none_is_missed_in_many_designs(n, share):
    assert missed(300, n, share) == 0

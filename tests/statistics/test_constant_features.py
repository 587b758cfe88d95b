"""Noise of rounding is no feature: it is never selected and moves no estimate."""

import numpy as np
import pandas as pd
import pytest

from concord.models.steps.imputation import MedianImputer
from concord.models.steps.scaling import Standardizer
from concord.models.steps.univariate import UnivariateSelection

ROUNDED = "PT.rim.original.gldzm.small_distance_emphasis"


def selection_frequency(n_outcomes: int, seed: int) -> dict[str, float]:
    """How often each of 19 features is among the 3 best for random outcomes."""
    generator = np.random.default_rng(seed)
    rounding = np.finfo(float).eps * generator.integers(-2, 3, 60)
    names = [f"PT.rim.original.statistics.f{number}" for number in range(18)]
    rows = pd.DataFrame(generator.normal(size=(60, 18)), columns=names)
    rows.insert(0, ROUNDED, 1.0 + rounding)
    prepared = Standardizer().fit_transform(MedianImputer().fit_transform(rows))
    counts = dict.fromkeys(rows.columns, 0)
    for _ in range(n_outcomes):
        outcome = generator.integers(0, 2, 60)
        for name in UnivariateSelection(3).fit(prepared, outcome).selected_:
            counts[name] += 1
    return {name: count / n_outcomes for name, count in counts.items()}


def test_a_feature_constant_but_for_rounding_is_never_selected_in_noise():
    frequency = selection_frequency(200, seed=0)
    assert frequency.pop(ROUNDED) == 0
    assert sum(frequency.values()) == pytest.approx(3)


@pytest.mark.slow
def test_the_other_features_share_the_selections_alike():
    found = [selection_frequency(500, seed) for seed in range(10)]
    mean = pd.DataFrame(found).mean()
    assert mean.pop(ROUNDED) == 0
    # 3 of 18 by chance; 10 designs of 500 outcomes leave an SE of about 0.006.
    assert mean.between(1 / 6 - 0.03, 1 / 6 + 0.03).all()

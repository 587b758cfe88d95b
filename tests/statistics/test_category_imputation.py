"""A missing category becomes the level that is likeliest, whatever its name."""

import numpy as np
import pandas as pd
import pytest

from concord.models.steps.imputation import MedianImputer

LEVELS = ("A", "B", "C", "D")


def imputed_rightly(n_studies: int, n: int, missing: float) -> tuple[float, float]:
    """Share of missing categories imputed rightly, and that of the best constant."""
    right, best, total = 0, 0, 0
    for seed in range(n_studies):
        generator = np.random.default_rng([n, seed])
        truth = generator.choice(LEVELS, n, p=generator.dirichlet(np.ones(4)))
        known = generator.random(n) >= missing
        columns = {f"covariate.g={k}": (truth == k) * 1.0 for k in LEVELS[1:]}
        rows = pd.DataFrame(columns).astype(float)
        rows.insert(0, "covariate.age", generator.normal(size=n))
        rows.loc[~known, list(columns)] = np.nan
        filled = MedianImputer().fit_transform(rows)
        table = filled.reindex(columns=list(columns), fill_value=0.0).to_numpy()
        level = np.where(table.any(axis=1), table.argmax(axis=1) + 1, 0)
        assert (table.sum(axis=1) <= 1).all()
        right += (np.array(LEVELS)[level] == truth)[~known].sum()
        best += max((truth[~known] == k).sum() for k in LEVELS)
        total += (~known).sum()
    return right / total, best / total


def test_missing_categories_take_the_likeliest_level():
    right, best = imputed_rightly(40, n=200, missing=0.2)
    assert right > best - 0.03


@pytest.mark.slow
@pytest.mark.parametrize("missing", [0.05, 0.2, 0.5])
def test_missing_categories_take_the_likeliest_level_in_many_studies(missing):
    right, best = imputed_rightly(400, n=400, missing=missing)
    assert right > best - 0.03

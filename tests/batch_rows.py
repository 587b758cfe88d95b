"""Rows of three sites that differ in mean and spread."""

import numpy as np
import pandas as pd

from concord.harmonization.diagnostics.batch_tests import batch_effects


def batch_rows(
    sizes: tuple[int, ...] = (20, 15, 12), n_features: int = 8, seed: int = 1
) -> pd.DataFrame:
    """Sites A, B, C with shifts and scales, an age, and features f0, f1, ..."""
    generator = np.random.default_rng(seed)
    names = [chr(ord("A") + number) for number in range(len(sizes))]
    site = np.repeat(names, sizes)
    n = len(site)
    age = generator.normal(60, 8, n)
    shift = {name: generator.normal(0, 3, n_features) for name in names}
    scale = {name: generator.uniform(0.5, 2, n_features) for name in names}
    values = np.array(
        [shift[s] + scale[s] * generator.normal(size=n_features) for s in site]
    )
    values += 0.05 * age[:, None]
    return pd.DataFrame(values).add_prefix("f").assign(site=site, age=age)


def features(table: pd.DataFrame) -> list[str]:
    """Names of the features."""
    return [name for name in table.columns if name[0] == "f"]


def batch_effect(values: pd.Series, batch: pd.Series) -> dict[str, float]:
    """Effect of the batches on one feature."""
    found = batch_effects(values.to_numpy(dtype=float)[:, None], batch.to_numpy())
    return {name: float(value[0]) for name, value in found.items()}

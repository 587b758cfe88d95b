"""Random numbers in equal shares from a distribution."""

from statistics import NormalDist

import numpy as np


def uniform(rng: np.random.Generator, n: int) -> np.ndarray:
    """One uniform number from each of n equal parts of (0, 1), in random order."""
    return (rng.permutation(n) + 1 - rng.random(n)) / (n + 1e-9)


def normal(rng: np.random.Generator, n: int) -> np.ndarray:
    """The same for the standard normal distribution."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(share) for share in uniform(rng, n)])

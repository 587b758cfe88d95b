"""Random numbers that depend on names, not on the order of work."""

import hashlib

import numpy as np


def generator(seed: int, *names: str) -> np.random.Generator:
    """A random generator for one purpose.

    Parameters
    ----------
    seed : int
        Seed of the study, not negative.
    *names : str
        What it is for, such as site, subject and session. Equal names give the
        same numbers, whatever else the study contains.
    """
    digest = hashlib.sha256("/".join(names).encode()).digest()
    return np.random.default_rng([seed, *np.frombuffer(digest, "<u4").tolist()])

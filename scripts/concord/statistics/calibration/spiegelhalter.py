"""Test of Spiegelhalter: squared errors of predictions against what they announce."""

import numpy as np


def spiegelhalter_z(outcome: np.ndarray, predicted: np.ndarray) -> float:
    """Standard normal statistic of calibrated predictions; NaN if all are equal to 1/2.

    Parameters
    ----------
    outcome : ndarray of float, shape (n,)
        1 for an event, 0 for none.
    predicted : ndarray of float, shape (n,)
        Predicted probabilities.

    References
    ----------
    Spiegelhalter, D. J. (1986). "Probabilistic prediction in patient management and
    clinical trials". Statistics in Medicine, 5, 421-433.
    https://doi.org/10.1002/sim.4780050506
    """
    steep = 1 - 2 * predicted
    variance = float((steep**2 * predicted * (1 - predicted)).sum())
    if not variance > 0:
        return float("nan")
    return float(((outcome - predicted) * steep).sum() / np.sqrt(variance))

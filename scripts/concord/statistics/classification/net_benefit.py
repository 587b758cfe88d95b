"""Net benefit of acting on a predicted risk, beside acting on everybody.

A threshold probability says what the decision costs: who acts from a risk of 20 % on
takes four needless actions for one that was needed.
"""

from dataclasses import dataclass

import numpy as np

from .flagged import Flagged


@dataclass(frozen=True)
class NetBenefit:
    """Net benefit at each of T thresholds, in true positives per subject.

    Attributes
    ----------
    value, everybody : ndarray of float, shape (T,)
        Of the rule, and of acting on everybody; acting on nobody is 0.
    influence, everybody_influence : ndarray of float, shape (T, n)
        How far each subject moves them.
    """

    value: np.ndarray
    everybody: np.ndarray
    influence: np.ndarray
    everybody_influence: np.ndarray


def odds(threshold: np.ndarray) -> np.ndarray:
    """Needless actions that one needed action is worth, at some probabilities."""
    return np.asarray(threshold / (1.0 - threshold))


def net_benefit(
    threshold: np.ndarray, chosen: Flagged, everybody: Flagged
) -> NetBenefit:
    """True positives less false positives times the odds of the threshold [1]_.

    Parameters
    ----------
    threshold : ndarray of float, shape (T,)
        Probabilities, in (0, 1).
    chosen : Flagged
        Of T rules: who has at least this predicted risk.
    everybody : Flagged
        Of one rule that flags all subjects.

    References
    ----------
    .. [1] Vickers, A. J. and Elkin, E. B. (2006). "Decision curve analysis: a novel
           method for evaluating prediction models". Medical Decision Making, 26,
           565-574. https://doi.org/10.1177/0272989X06295361
    """
    price = odds(threshold)
    each = price[:, None]
    return NetBenefit(
        chosen.true_positives - price * chosen.false_positives,
        everybody.true_positives - price * everybody.false_positives,
        chosen.true_influence - each * chosen.false_influence,
        everybody.true_influence - each * everybody.false_influence,
    )

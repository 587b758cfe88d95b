"""Optimism of a model judged by its own subjects, by bootstrap samples of them."""

import numpy as np

#: Expected share of the subjects that a bootstrap sample holds, 1 - exp(-1), as it is
#: rounded in the definition of .632.
SHARE = 0.632


def optimism(in_sample: np.ndarray, on_all: np.ndarray) -> float:
    """Mean by which models look better in their own samples than in all subjects.

    Harrell's estimate [1]_; the value that is apparent of the model of all subjects,
    less this, is corrected for optimism. Samples in which either value is undefined
    count in neither mean; NaN without another one.

    Parameters
    ----------
    in_sample : ndarray of float, shape (samples,)
        Value of the model of each bootstrap sample in this sample, drawn repeats
        included.
    on_all : ndarray of float, shape (samples,)
        Value of the same model in all subjects, each once.

    References
    ----------
    .. [1] Harrell, F. E., Lee, K. L. and Mark, D. B. (1996). "Multivariable prognostic
           models". Statistics in Medicine, 15, 361-387.
           https://doi.org/10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4
    """
    difference = np.asarray(in_sample, dtype=float) - np.asarray(on_all, dtype=float)
    known = difference[np.isfinite(difference)]
    return float(known.mean()) if len(known) else np.nan


def value_632_plus(apparent: float, out_of_bag: float, no_information: float) -> float:
    """Value between the apparent one and that out of bag, by the .632+ rule [1]_.

    The paper speaks of errors; of a value v that is better if larger, such as the AUC,
    the error is 1 - v. The weight of the value out of bag grows from 0.632 without
    overfitting to 1 where it is no better than no information.

    Parameters
    ----------
    apparent : float
        Value of the model of all subjects in all subjects.
    out_of_bag : float
        Mean value of the models of bootstrap samples in the subjects that they do not
        hold.
    no_information : float
        Value of a score that knows nothing: 0.5 for AUC and C-index.

    Returns
    -------
    float
        NaN if either value is.

    References
    ----------
    .. [1] Efron, B. and Tibshirani, R. (1997). "Improvements on cross-validation: the
           .632+ bootstrap method". JASA, 92, 548-560.
           https://doi.org/10.1080/01621459.1997.10474007
    """
    if not (np.isfinite(apparent) and np.isfinite(out_of_bag)):
        return np.nan
    bounded = max(out_of_bag, no_information)
    overfitting = relative_overfitting(apparent, out_of_bag, no_information)
    weight = SHARE / (1 - (1 - SHARE) * overfitting)
    return float((1 - weight) * apparent + weight * bounded)


def relative_overfitting(
    apparent: float, out_of_bag: float, no_information: float
) -> float:
    """Share of the apparent information that is lost out of bag, in [0, 1].

    0 where the value out of bag is the better one, or where there is no information to
    lose; NaN if either value is. See `value_632_plus`.
    """
    if not (np.isfinite(apparent) and np.isfinite(out_of_bag)):
        return np.nan
    bounded = max(out_of_bag, no_information)
    if not (bounded < apparent and no_information < apparent):
        return 0.0
    return float((apparent - bounded) / (apparent - no_information))

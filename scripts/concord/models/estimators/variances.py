"""Variances of the coefficients of a fit without a penalty."""

from typing import Any

import numpy as np

from ...errors import FitError
from ...statistics.targets import time, weight
from .outcome_likelihood import likelihood_of
from .risk_sets import Ties


def variances(model: Any, values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Squared standard error of each coefficient of a model just fitted, shape (p,).

    From the inverse of the observed information. NaN if a column is penalized, or was
    rescued by a ridge: shrunk coefficients have no variance that speaks of their
    error. Nor is there one of weighted rows. A model that knows its own
    (`standard_errors_`, None if there are none) is believed.

    Parameters
    ----------
    model : estimator
        With `feature_names_in_`, `coef_`, `unpenalized` and `rescue_`.
    values : ndarray of float, shape (n, p)
        Columns that it was fitted to.
    y : ndarray, shape (n,)
        Their outcomes.
    """
    unknown = np.full(values.shape[1], np.nan)
    if hasattr(model, "standard_errors_"):
        own = model.standard_errors_
        return unknown if own is None else np.asarray(own) ** 2
    free = getattr(model, "unpenalized", ())
    penalized = set(model.feature_names_in_) - set(free)
    if penalized or model.rescue_ or weight(y) is not None:
        return unknown
    return _inverse_information(model, values, y)


def _inverse_information(model: Any, values: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Diagonal of the inverse information of the coefficients, shape (p,)."""
    ones = np.ones((len(values), int(time(y) is None)))
    columns = np.column_stack([ones, values])
    ties: Ties = getattr(model, "ties", "efron")
    linear = values @ model.coef_ + model.intercept_
    information = len(values) * likelihood_of(y, ties).hessian(columns, linear)
    try:
        return np.asarray(np.diag(np.linalg.inv(information))[ones.shape[1] :])
    except np.linalg.LinAlgError as error:
        message = f"the variance of the coefficients is unknown: {error}."
        raise FitError(message) from error

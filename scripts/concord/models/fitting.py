"""Fits of arms in many folds; what arms have in common is made once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..errors import ConfigError, StudyError
from ..folds.splitting import FoldName, SubjectRows
from .arm import Measure, MeasuredOnce, repeated_measurements
from .fitted_model import FittedModels
from .fold_fit import FoldFit, fit_fold
from .settings import ModelSpecification


@dataclass(frozen=True)
class ArmFit:
    """Fit of one arm in some folds: two tables of declared kinds, and the models."""

    fits: pd.DataFrame
    coefficients: pd.DataFrame
    models: FittedModels
    error: StudyError | None = None  # of settings that fit in no fold


def fit_arms(
    folds: Iterable[tuple[FoldName, SubjectRows]],
    specifications: Sequence[ModelSpecification],
    phantom: pd.DataFrame | None = None,
    measure: Measure = repeated_measurements,
    recipe_hashes: Mapping[str, str] | None = None,
) -> list[ArmFit]:
    """Fit several arms in several folds; what arms have in common is made once.

    Parameters
    ----------
    folds : iterable of (FoldName, SubjectRows)
        Development rows of each fold, as `splitting.read` gives them.
    specifications : sequence of ModelSpecification
        The arms.
    phantom : DataFrame, optional
        Rows to estimate batch effects from, if not the patients (see `phantom`).
    measure : callable, optional
        Makes the repeated measurements of the development subjects.
    recipe_hashes : mapping, optional
        Hash of the recipe of each feature by its full name, for the document.

    Returns
    -------
    list of ArmFit
        One per specification. A fold that could not be fitted is a row of `fits` with
        status "failed".
    """
    done: list[list[FoldFit]] = [[] for _ in specifications]
    for name, rows in folds:
        once = MeasuredOnce(measure)
        for fits, specification in zip(done, specifications, strict=True):
            fits.append(fit_fold(name, rows, specification, phantom, once))
    return [
        _arm_fit(fits, specification, recipe_hashes)
        for fits, specification in zip(done, specifications, strict=True)
    ]


def require_fitted(fits: Iterable[ArmFit]) -> None:
    """Raise ConfigError with the first error of each arm that fits in no fold."""
    errors = [str(fit.error) for fit in fits if fit.error is not None]
    if errors:
        raise ConfigError("\n".join(dict.fromkeys(errors)))


def _arm_fit(
    done: list[FoldFit],
    specification: ModelSpecification,
    recipe_hashes: Mapping[str, str] | None,
) -> ArmFit:
    """Tables and document of the folds of an arm."""
    shared = {"endpoint": specification.endpoint, "arm": specification.name}
    labels = [shared | fold.name._asdict() for fold in done]
    tables = [
        fold.coefficients.assign(**named)
        for named, fold in zip(labels, done, strict=True)
    ]
    errors = [fold.error for fold in done]
    wrong = errors and all(isinstance(error, ConfigError) for error in errors)
    return ArmFit(
        pd.DataFrame(
            [named | fold.fit for named, fold in zip(labels, done, strict=True)]
        ),
        pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True),
        FittedModels.of(specification, [fold.model for fold in done], recipe_hashes),
        errors[0] if wrong else None,
    )

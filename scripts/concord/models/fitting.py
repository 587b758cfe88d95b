"""Fits of arms in many folds; what arms have in common is made once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from .. import tables
from ..errors import ConfigError, StudyError
from ..folds.splitting import FoldName, SubjectRows, read
from .arm import Measure, MeasuredOnce, repeated_measurements
from .arm_fit import FoldFits
from .fitted_model import FittedModels
from .fold_fit import FoldFit
from .settings.specification import ModelSpecification


@dataclass(frozen=True)
class ArmFit:
    """Fit of one arm in some folds: tables of declared kinds, and the models."""

    fits: pd.DataFrame
    coefficients: pd.DataFrame
    tuning: pd.DataFrame  # without rows if the arm is not tuned
    models: FittedModels
    error: StudyError | None = None  # of settings that fit in no fold


def fit_arms(
    folds: Iterable[tuple[FoldName, SubjectRows]],
    specifications: Sequence[ModelSpecification],
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
        of_fold = FoldFits(name, rows, MeasuredOnce(measure))
        for fits, specification in zip(done, specifications, strict=True):
            fits.append(of_fold.of(specification))
    return [
        _arm_fit(fits, specification, recipe_hashes)
        for fits, specification in zip(done, specifications, strict=True)
    ]


def fit_in_sets(
    folders: Mapping[str, str],
    phantoms: Mapping[str, str],
    specifications: Sequence[ModelSpecification],
    recipe_hashes: Mapping[str, str],
) -> list[ArmFit]:
    """Fit arms, each in the folds of its endpoint; see `fit_arms`.

    Parameters
    ----------
    folders : mapping of str to str
        Directory of development rows by endpoint; endpoints may share one.
    phantoms : mapping of str to str
        Directory of the scans that batch effects are estimated from, likewise; empty
        if no arm needs any.
    specifications, recipe_hashes
        As for `fit_arms`.
    """
    found: dict[int, ArmFit] = {}
    for folder in dict.fromkeys(folders.values()):
        numbers = [
            number
            for number, one in enumerate(specifications)
            if folders[one.endpoint] == folder
        ]
        if numbers:
            arms = [specifications[number] for number in numbers]
            rows = read(folder, phantoms.get(arms[0].endpoint))
            fits = fit_arms(rows, arms, recipe_hashes=recipe_hashes)
            found |= dict(zip(numbers, fits, strict=True))
    return [found[number] for number in range(len(specifications))]


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
    named = list(zip(labels, done, strict=True))
    coefficients, tuning = (
        [getattr(fold, name).assign(**label) for label, fold in named]
        for name in ("coefficients", "tuning")
    )
    errors = [fold.error for fold in done]
    wrong = errors and all(isinstance(error, ConfigError) for error in errors)
    return ArmFit(
        pd.DataFrame([label | fold.fit for label, fold in named]),
        _together(coefficients),
        _together(tuning) if any(map(len, tuning)) else tables.read_all([], "tuning"),
        FittedModels.of(specification, [fold.model for fold in done], recipe_hashes),
        errors[0] if wrong else None,
    )


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Rows of all tables that have some."""
    return pd.concat([t for t in tables if len(t)] or tables[:1], ignore_index=True)

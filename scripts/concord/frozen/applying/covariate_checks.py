"""Covariates and batches of a study that are not those of a model."""

from collections.abc import Iterator

import pandas as pd

from ...folds.settings import CovariateSection
from ...folds.subject_table import COVARIATE
from .applied import Applied
from .settings import ApplyModel


def covariate_faults(one: Applied, settings: ApplyModel) -> Iterator[str]:
    """Faults of the declared covariates: missing, of other levels, of another unit."""
    for name, wanted in one.document.covariates.items():
        declared = settings.covariates.get(name)
        if declared is None:
            yield (
                f"{one.path}: needs the covariate {name!r}, the study declares "
                f"{sorted(settings.covariates)}. Declare its column in "
                f"covariates.{name}."
            )
            continue
        yield from _differences(one, name, wanted, declared)


def _differences(
    one: Applied, name: str, wanted: CovariateSection, declared: CovariateSection
) -> Iterator[str]:
    place = f"{one.path}: covariates.{name}"
    if declared.kind != wanted.kind:
        yield (
            f"{place} is a {declared.kind}, expected a {wanted.kind}. Declare it as "
            "the model has it."
        )
    elif declared.levels != wanted.levels:
        unknown = [level for level in declared.levels if level not in wanted.levels]
        said = f"has the levels {declared.levels}, expected {wanted.levels}"
        if unknown:
            said = (
                f"has the levels {unknown}, which the model does not know; expected "
                f"{wanted.levels}"
            )
        yield f"{place} {said}. Recode the column, or leave these subjects out."
    if declared.unit and wanted.unit and declared.unit != wanted.unit:
        yield (
            f"{place}.unit is {declared.unit!r}, expected {wanted.unit!r}. Convert "
            "the column to that unit."
        )


def column_faults(one: Applied, cohort: pd.DataFrame) -> Iterator[str]:
    """Faults of columns of the cohort that the model needs, and it lacks."""
    others = [name for name in one.columns if name not in set(one.features)]
    known = [name for name in map(str, cohort) if "." in name]
    declared = one.document.covariates
    for column in others:
        if column in cohort or _is_told(column, declared):
            continue
        what = "the column" if column.startswith(COVARIATE) else "the batch column"
        yield (
            f"{one.path}: needs {what} {column!r} of the cohort, which has "
            f"{known}. Declare the covariate, or the batch variable in "
            "harmonization.batch, as the model has it."
        )


def _is_told(column: str, declared: dict[str, CovariateSection]) -> bool:
    """True if the covariate of the column is compared by its declaration."""
    name = column.removeprefix(COVARIATE).partition("=")[0]
    return column.startswith(COVARIATE) and name in declared

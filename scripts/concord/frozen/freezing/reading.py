"""Files that a model is frozen from."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from ... import tables
from ...errors import StudyError
from ...folds.splitting import FoldName, SubjectRows, read
from ...models import fitted_model
from ...models.fitted_model import FittedModel
from ...models.settings.specification import ModelSpecification
from ..settings import FreezeModel
from .expected import Validation

Fitted = list[tuple[ModelSpecification, FittedModel]]


def development(
    estimates: Sequence[str],
    folders: Sequence[str],
    phantoms: Sequence[str],
    settings: FreezeModel,
) -> Iterator[tuple[SubjectRows, Fitted]]:
    """Development rows, and the models that were fitted to them, in their order.

    Endpoints that follow each other and share their folds share the rows.

    Parameters
    ----------
    estimates : sequence of str
        Documents of fitted models, one per model of the settings.
    folders, phantoms : sequence of str
        Directories of development rows, and of the scans of a phantom, one per
        endpoint; none of the latter if no model needs any.
    settings : FreezeModel
    """
    endpoints = list(dict.fromkeys(plan.endpoint for plan in settings.models))
    folder_of = dict(zip(endpoints, folders, strict=True))
    phantom_of = dict(zip(endpoints, phantoms, strict=bool(phantoms)))
    fitted = [
        (plan, fitted_model.read(path).of_fold(settings.fold))
        for plan, path in zip(settings.models, estimates, strict=True)
    ]
    for folder, group in groupby(fitted, key=lambda one: folder_of[one[0].endpoint]):
        known = list(group)
        phantom = phantom_of.get(known[0][0].endpoint)
        yield rows_of(folder, phantom, settings.fold), known


def rows_of(folder: str, phantom: str | None, name: FoldName) -> SubjectRows:
    """Development rows of one fold of a directory.

    Raises
    ------
    StudyError
        If there is no such fold.
    """
    known = []
    for found, rows in read(folder, phantom):
        if found == name:
            return rows
        known.append(found.fold)
    raise StudyError(
        f"freeze.without names {name.fold!r}, which is no group of the study; the "
        f"groups are {known}."
    )


def table(paths: str | Sequence[str], kind: str) -> pd.DataFrame:
    """Rows of one table or several below each other; none of none."""
    return tables.read_all([paths] if isinstance(paths, str) else list(paths), kind)


def validation(
    performance: Sequence[str],
    comparisons: Sequence[str],
    calibration: Sequence[str],
    subgroups: Sequence[str] = (),
) -> dict[str, Validation]:
    """Tables of the evaluation by endpoint; no subgroups where none are declared."""
    whole: dict[str, Any] = {
        "performance": table(performance, "performance"),
        "comparisons": table(comparisons, "comparisons"),
        "calibration": table(calibration, "calibration"),
        "subgroups": table(subgroups, "subgroups"),
    }
    return {
        str(endpoint): Validation(
            **{kind: rows[rows["endpoint"] == endpoint] for kind, rows in whole.items()}
        )
        for endpoint in whole["performance"]["endpoint"].unique()
    }


def registered_plan(paths: str | Sequence[str]) -> str | None:
    """Hash of the plan that was registered last; None without one."""
    known = table(paths, "registrations")
    if known.empty:
        return None
    return str(known.sort_values("version")["plan"].iloc[-1])

"""Draft of a study that applies a frozen model to the images of other patients."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...errors import StudyError
from ...folds.settings import CovariateSection
from ...frozen.document import FrozenModel
from .. import drafting, sites
from ..cells import Column
from ..drafting import Draft, Sources, Wishes
from ..imaging import ALGORITHMS, BASELINE
from ..matching import Matches
from ..question import Questions, listed
from .images import ModelImages, chosen

Row = dict[str, Any]


def drafted(
    sources: Sources,
    wishes: Wishes,
    model: FrozenModel,
    path: str,
    regions: Mapping[str, str],
) -> Draft:
    """A study of the images and covariates that a model needs, and of nothing else.

    Parameters
    ----------
    sources : Sources
    wishes : Wishes
    model : FrozenModel
    path : str
        File of the model, as the configuration names it.
    regions : mapping
        Region or ROI by the region of the model that it is.

    Raises
    ------
    StudyError
        If the model reads no image.
    """
    _require_images(model, path)
    questions = sources.questions
    names = drafting.distinct_subjects(sources, wishes, questions)
    drafting.ask_about_crowds(sources.crowded, wishes, questions)
    table = sources.clinical if model.covariates else {}
    matches = _matches(table, names, model, wishes, questions)
    found = sources.images, sources.masks, matches.row_of
    images = chosen(*found, model, regions, questions)
    roots_of = sites.roots_of_subjects(sources.images, wishes.roots)
    own = {subject: roots_of[subject] for subject in matches.row_of}
    of = sites.guessed(own, table, matches, wishes.site, questions)
    columns = _columns(model.covariates, table, questions)
    config = {
        "study": _study(wishes.name, images, model),
        "data_root": wishes.data_root,
        "dicom_roots": dict(wishes.roots) if wishes.indexed else {},
        "sheets": {} if of.column else {"site_column": None, "site": of.site},
        "covariates": _renamed(columns, model.covariates),
        "model": {"path": path},
    }
    sheet = _sheet(matches, of, columns, model.covariates, table)
    whole = drafting.without_empty(config)
    return Draft(whole, sheet, images.images, images.masks, questions)


def _require_images(model: FrozenModel, path: str) -> None:
    if not model.features:
        raise StudyError(
            f"{path}: reads no image, only {listed(model.covariates)}; a draft from "
            "images is no use. Write the configuration by hand (docs/prediction.md)."
        )


def _matches(
    table: Mapping[str, Column],
    names: Mapping[str, list[str]],
    model: FrozenModel,
    wishes: Wishes,
    questions: Questions,
) -> Matches:
    """Row of each subject; of those without one, all covariates are missing."""
    nobody = dict.fromkeys(names, -1)
    if not table:
        if model.covariates:
            questions.ask(
                "covariates",
                f"the model needs {listed(model.covariates)} and there is no clinical "
                "table; all are missing: draft again with clinical=TABLE",
            )
        return Matches(None, nobody)
    return drafting.rows_of_table(table, names, wishes.ignore_spelling, questions)


def _study(name: str, images: ModelImages, model: FrozenModel) -> dict[str, Any]:
    """Section `study`: what is called otherwise than in the model's own study."""
    known = model.configuration.get("study", {})
    study: dict[str, Any] = {"name": name}
    if images.session != known.get("baseline_session", BASELINE):
        study["baseline_session"] = images.session
    if images.reader != known.get("reference_reader", "A"):
        study["reference_reader"] = images.reader
    if images.reader.lower() in ALGORITHMS:
        study["algorithms"] = [images.reader]
    return study


def _columns(
    covariates: Mapping[str, CovariateSection],
    table: Mapping[str, Column],
    questions: Questions,
) -> dict[str, str]:
    """Column of the clinical table of each covariate of the model that it has."""
    found = {}
    for name, one in covariates.items():
        known = [one.column, name, one.label]
        column = _column_called(known, table)
        if column is not None:
            found[name] = column
            if column != one.column:
                said = f"{column!r} is what the model reads from {one.column!r}"
                questions.check(f"covariates.{name}", said)
        elif table:
            unit = f" in {one.unit}" if one.unit else ""
            levels = f" ({listed(one.levels)})" if one.levels else ""
            questions.ask(
                f"covariates.{name}",
                f"the model needs {name!r}{unit}{levels}, and the table has no "
                f"column {one.column!r}; it is missing of all subjects",
            )
    return found


def _column_called(
    names: Iterable[str | None], table: Mapping[str, Column]
) -> str | None:
    """First column of one of some names, in this spelling or in another case."""
    for name in filter(None, names):
        if name in table:
            return name
        alike = [one for one in table if one.lower() == name.lower()]
        if len(alike) == 1:
            return alike[0]
    return None


def _renamed(
    columns: Mapping[str, str], covariates: Mapping[str, CovariateSection]
) -> dict[str, Any]:
    return {
        name: {"column": column}
        for name, column in columns.items()
        if column != covariates[name].column
    }


def _sheet(
    matches: Matches,
    of: sites.Sites,
    columns: Mapping[str, str],
    covariates: Mapping[str, CovariateSection],
    table: Mapping[str, Column],
) -> list[Row]:
    """Rows of the subjects sheet: id, site, and the covariates of the model."""
    rows = []
    for subject in sorted(matches.row_of):
        row: Row = {"subject_id": subject}
        if of.column:
            row[of.column] = of.of[subject]
        for name, one in covariates.items():
            column = columns.get(name)
            place = matches.row_of[subject]
            row[column or one.column] = table[column].cells[place] if column else ""
        rows.append(row)
    return rows

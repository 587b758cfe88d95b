"""Draft of a study: its configuration, its sheets and what is left to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..study.annotation import comment, written
from . import imaging, models, outcomes, predictors, roles, sites
from .cells import Column
from .matching import Matches, matched
from .question import Questions

Row = dict[str, Any]

_HEAD = (
    "Drafted from the folders and the clinical table. Lines with `check:` are guesses, "
    "those with `ask:` are questions; draft_questions.md lists both. What is not here "
    "has its default: config/README.md of Concord lists every key."
)


@dataclass(frozen=True)
class Sources:
    """What a draft is made from.

    Attributes
    ----------
    images, masks : list of dict
        Rows of the drafted sheets.
    names : dict of list of str
        Names that each subject goes by: its id, PatientID and folder.
    thickness_mm : dict of float
        Median slice thickness of each modality.
    clinical : dict of Column
        Columns of the clinical table; empty if there is none.
    """

    images: list[Row]
    masks: list[Row]
    names: dict[str, list[str]]
    thickness_mm: dict[str, float]
    clinical: dict[str, Column]


@dataclass(frozen=True)
class Draft:
    """A drafted study: its configuration as YAML gives it, and its sheets."""

    config: dict[str, Any]
    subjects: list[Row]
    images: list[Row]
    masks: list[Row]
    questions: Questions

    def text(self) -> str:
        """The configuration with a comment above each key."""
        notes = self.questions.notes()
        head = "\n".join(comment(_HEAD, 0))
        body = written(self.config, notes)
        absent = [
            line
            for key, texts in notes.items()
            if key.partition(".")[0] not in self.config
            for text in texts
            for line in comment(f"{key}: {text}", 0)
        ]
        tail = "\n".join(["", "# Of what is not here:", *absent, ""])
        return f"{head}\n\n{body}{tail if absent else ''}"


def drafted(
    sources: Sources,
    *,
    name: str,
    data_root: str,
    roots: Mapping[str, str],
    site: str,
    ignore_spelling: bool,
) -> Draft:
    """A study of images and a clinical table.

    Parameters
    ----------
    sources : Sources
        Rows of the sheets and columns of the table.
    name : str
        Name of the study.
    data_root : str
        Folder that the sources of the sheets are below.
    roots : mapping of str
        Roots by name, relative to the data root.
    site : str
        Name of the site, if there is only one.
    ignore_spelling : bool
        Match ids that differ by their spelling.
    """
    questions, table = Questions(), sources.clinical
    if table:
        matches = matched(table, sources.names, ignore_spelling, questions)
    else:
        questions.ask("sheets", "no clinical table was given: clinical=TABLE names it")
        matches = Matches(None, dict.fromkeys(sources.names, -1))
    images = imaging.chosen(sources.images, sources.masks, matches.row_of, questions)
    subjects = sorted({row["subject_id"] for row in images.images})
    row_of = {subject: matches.row_of[subject] for subject in subjects}
    matches = Matches(matches.id_column, row_of)
    rows = _of_subjects(table, list(row_of.values()))
    found = outcomes.guessed(rows, questions)
    roots_of = sites.roots_of_subjects(images.images, roots)
    places = sites.guessed(roots_of, table, matches, site, questions)
    events = found.events[found.primary] if found.primary else 0
    personal = {c for c in table if roles.names_a_person(c)}
    taken = {matches.id_column, *found.used, *places.used, *personal}
    rest = [column for key, column in rows.items() if key not in taken]
    predict = predictors.guessed(rest, events, questions)
    _tell_changes(rows, {matches.id_column, *personal}, questions)
    config = {
        "study": _study(name, images),
        "data_root": data_root,
        "sheets": _sheets(places),
        "dicom_roots": dict(roots),
        **_measuring(sources, images, questions),
        **_modelling(found, predict, places, images, rows, subjects, questions),
    }
    sheet = _subjects_sheet(subjects, rows, found, places, personal, matches)
    keep = {key: value for key, value in config.items() if value not in ({}, None)}
    return Draft(keep, sheet, images.images, images.masks, questions)


def _of_subjects(
    table: Mapping[str, Column], places: Sequence[int]
) -> dict[str, Column]:
    """Columns with the rows of the subjects alone, in their order."""
    from .cells import column

    found = {}
    for name, one in table.items():
        again = column(name, [one.cells[place] for place in places])
        found[name] = Column(name, again.cells, again.kind, one.notes)
    return found


def _study(name: str, images: imaging.Imaging) -> dict[str, Any]:
    study: dict[str, Any] = {"name": name}
    if images.baseline != imaging.BASELINE:
        study["baseline_session"] = images.baseline
    if images.reader != "A":
        study["reference_reader"] = images.reader
    return study


def _sheets(places: sites.Sites) -> dict[str, Any]:
    """Section `sheets`: only what is not as it is by default."""
    return {} if places.column else {"site_column": None, "site": places.site}


def _measuring(
    sources: Sources, images: imaging.Imaging, questions: Questions
) -> dict[str, Any]:
    """Sections about features and their stability."""
    found: dict[str, Any] = {
        "recipes": models.recipes(images, sources.thickness_mm, questions)
    }
    if images.retests and images.retests != ["retest"]:
        found["stability"] = {"retest_sessions": images.retests}
    if not images.repeats:
        questions.ask(
            "stability",
            "nothing was scanned or segmented twice, so no feature is tested for "
            "stability; the section `variants` measures small changes instead",
        )
    return found


def _modelling(
    found: outcomes.Outcomes,
    predict: predictors.Predictors,
    places: sites.Sites,
    images: imaging.Imaging,
    rows: Mapping[str, Column],
    subjects: Sequence[str],
    questions: Questions,
) -> dict[str, Any]:
    """Sections about outcomes, predictors, arms and their evaluation."""
    events = found.events[found.primary] if found.primary else 0
    main = next(iter(images.modality_of), "CT")
    arms = models.arms(
        f"*.{images.region}.original.*",
        f"{main}.{images.region}.original.morphology.volume_mesh",
        predict.chosen,
        len(places.sizes) > 1,
        events,
    )
    at_site = _events_at(found, rows, places, subjects)
    return {
        "harmonization": models.harmonization(images),
        "covariates": predict.covariates,
        "factors": predict.factors,
        "endpoints": found.sections,
        "arms": arms,
        "validation": models.validation(found, places, at_site, questions),
        "evaluation": models.evaluation(arms),
    }


def _events_at(
    found: outcomes.Outcomes,
    rows: Mapping[str, Column],
    places: sites.Sites,
    subjects: Sequence[str],
) -> dict[str, int]:
    """Events of the primary endpoint at each site."""
    if found.primary is None or not places.of:
        return {}
    event = found.sections[found.primary]["event"]
    cells = found.columns.get(event, list(rows[event].cells))
    counts = dict.fromkeys(places.sizes, 0)
    for subject, cell in zip(subjects, cells, strict=True):
        counts[places.of[subject]] += cell == "1"
    return counts


def _subjects_sheet(
    subjects: Sequence[str],
    rows: Mapping[str, Column],
    found: outcomes.Outcomes,
    places: sites.Sites,
    personal: set[str],
    matches: Matches,
) -> list[Row]:
    """Rows of the subjects sheet: id, site, and the columns of the clinical table."""
    sheet = [{"subject_id": subject} for subject in subjects]
    columns: dict[str, Sequence[str]] = {}
    if places.column:
        columns[places.column] = [places.of[subject] for subject in subjects]
    for name, one in rows.items():
        if name not in personal and name != matches.id_column:
            columns.setdefault(name, one.cells)
    columns |= found.columns
    columns.pop("subject_id", None)
    for name, cells in columns.items():
        for row, cell in zip(sheet, cells, strict=True):
            row[name] = cell
    return sheet


def _tell_changes(
    rows: Mapping[str, Column], unseen: set[str | None], questions: Questions
) -> None:
    for name, one in rows.items():
        for note in one.notes if name not in unseen else ():
            questions.changed(name, note)


def default_name(folder: Path) -> str:
    """Name of a study whose request gives none: that of its folder."""
    return folder.resolve().name.replace("_", " ") or "Study"

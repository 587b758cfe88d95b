"""Draft of a study of images: its configuration, its sheets and what is to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..features.foreign_settings import ForeignSettings
from ..study.annotation import comment, written
from . import imaging, models, sites
from .cells import Column
from .foreign import recipes_of
from .matching import Matches, matched
from .people import People, people
from .question import Questions, listed

Row = dict[str, Any]

_HEAD = (
    "Drafted from the folders and the clinical table. Lines with `check:` are guesses, "
    "those with `ask:` are questions; draft_questions.md lists both. What is not here "
    "has its default: config/README.md of Concord lists every key."
)


@dataclass(frozen=True)
class Sources:
    """Sources of a draft.

    Attributes
    ----------
    images, masks : list of dict
        Rows of the drafted sheets.
    names : dict of list of str
        Names that each subject goes by: its id, PatientID and folder.
    clinical : dict of Column
        Columns of the clinical table; empty if there is none.
    thickness_mm : dict of float
        Median slice thickness of each modality.
    crowded : dict of list of str
        Folders with several patients each, by root.
    questions : Questions
        What was left to answer when the sources were read.
    telling_rois : frozenset of str
        Names of ROIs that tell who a patient is; no question quotes them.
    """

    images: list[Row]
    masks: list[Row]
    names: dict[str, list[str]]
    clinical: dict[str, Column]
    thickness_mm: dict[str, float] = field(default_factory=dict)
    crowded: dict[str, list[str]] = field(default_factory=dict)
    questions: Questions = field(default_factory=Questions)
    telling_rois: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wishes:
    """Settings of a draft that its reader has given.

    Attributes
    ----------
    name : str
        Name of the study.
    data_root : str
        Folder that the sources of the sheets are below.
    roots : dict of str
        Roots by name, relative to the data root.
    site : str
        Name of the site, if there is only one.
    ignore_spelling : bool
        Match ids that differ by their spelling.
    foreign : dict of ForeignSettings
        Settings of another tool by modality.
    indexed : bool
        The roots are folders that `snakemake index` can look at.
    """

    name: str
    data_root: str
    roots: dict[str, str]
    site: str
    ignore_spelling: bool = False
    foreign: dict[str, ForeignSettings] = field(default_factory=dict)
    indexed: bool = True


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
        absent = [
            line
            for key, texts in notes.items()
            if key.partition(".")[0] not in self.config
            for text in texts
            for line in comment(f"{key}: {text}", 0)
        ]
        tail = "\n".join(["# Of what is not here:", *absent, ""])
        return f"{head}\n\n{written(self.config, notes)}{tail if absent else ''}"


def drafted(sources: Sources, wishes: Wishes) -> Draft:
    """A study of images and a clinical table."""
    questions = sources.questions
    names = distinct_subjects(sources, wishes, questions)
    ask_about_crowds(sources.crowded, wishes, questions)
    matches = rows_of_table(sources.clinical, names, wishes.ignore_spelling, questions)
    images = imaging.chosen(
        sources.images, sources.masks, matches.row_of, questions, sources.telling_rois
    )
    subjects = {row["subject_id"] for row in images.images}
    roots_of = sites.roots_of_subjects(images.images, wishes.roots)
    of = people(sources.clinical, matches, subjects, roots_of, wishes.site, questions)
    config = {
        "study": _study(wishes.name, images),
        "data_root": wishes.data_root,
        "dicom_roots": dict(wishes.roots) if wishes.indexed else {},
        "recipes": _recipes(sources, wishes, images, questions),
        "stability": _stability(images, questions),
        "harmonization": models.harmonization(images),
        **of.sections(),
        **_modelling(of, images, questions),
    }
    sheets = of.sheet(), images.images, images.masks
    return Draft(without_empty(config), *sheets, questions)


def without_empty(config: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration without the sections that hold nothing."""
    return {key: value for key, value in config.items() if value not in ({}, None)}


def rows_of_table(
    table: Mapping[str, Column],
    names: Mapping[str, list[str]],
    ignore_spelling: bool,
    questions: Questions,
) -> Matches:
    """Row of each subject; without a table, every subject has none and is kept."""
    if table:
        return matched(table, names, ignore_spelling, questions)
    questions.ask(
        "endpoints",
        "there is no clinical table, so no outcome is known: draft again with "
        "clinical=TABLE",
    )
    return Matches(None, dict.fromkeys(names, -1))


def distinct_subjects(
    sources: Sources, wishes: Wishes, questions: Questions
) -> dict[str, list[str]]:
    """Names of the subjects; an id that two roots have is asked about."""
    roots_of = sites.roots_of_subjects(sources.images, wishes.roots)
    shared = sorted(name for name, roots in roots_of.items() if len(roots) > 1)
    if shared:
        questions.ask(
            "images.tsv",
            f"{listed(shared)} occur in several folders; are they one patient each? "
            "They were left out. Rename their folders, or have ids drafted with "
            "privacy='{subject_ids: keyed_hash}'",
        )
    return {s: found for s, found in sources.names.items() if s not in shared}


def ask_about_crowds(
    crowded: Mapping[str, Sequence[str]], wishes: Wishes, questions: Questions
) -> None:
    for root, folders in crowded.items():
        place = "" if wishes.roots[root] == "." else f"{wishes.roots[root]}/"
        given = ", ".join(f"{f}: {wishes.data_root}/{place}{f}" for f in folders[:3])
        questions.ask(
            "dicom_roots",
            f"folders of {root} hold several patients each ({listed(folders)}); if "
            f'they are the sites, draft again with dicom_roots="{{{given}}}"',
        )


def _study(name: str, images: imaging.Imaging) -> dict[str, Any]:
    study: dict[str, Any] = {"name": name}
    if images.baseline != imaging.BASELINE:
        study["baseline_session"] = images.baseline
    if images.reader != "A":
        study["reference_reader"] = images.reader
    return study


def _recipes(
    sources: Sources, wishes: Wishes, images: imaging.Imaging, questions: Questions
) -> dict[str, Any]:
    """Recipes of presets, or of the settings of another tool."""
    found = models.recipes(images, sources.thickness_mm, wishes.foreign, questions)
    for modality, settings in wishes.foreign.items():
        found |= recipes_of(settings, modality, images, questions)
    return found


def _stability(images: imaging.Imaging, questions: Questions) -> dict[str, Any]:
    """Section `stability`, if the names of sessions need one."""
    if not images.repeats:
        questions.ask(
            "stability",
            "no image was made twice, nor segmented twice in the region of the study, "
            "so no feature is tested for stability; the section `variants` measures "
            "small changes instead",
        )
    renamed = images.retests and images.retests != ["retest"]
    return {"retest_sessions": images.retests} if renamed else {}


def _modelling(
    of: People, images: imaging.Imaging, questions: Questions
) -> dict[str, Any]:
    """Sections about the models and their evaluation."""
    main = next(iter(images.modality_of), "CT")
    arms = models.arms(
        f"*.{images.region}.original.*",
        f"{main}.{images.region}.original.morphology.volume_mesh",
        of,
    )
    return {
        "arms": arms,
        "validation": models.validation(of, questions),
        "evaluation": models.evaluation(arms, of),
    }

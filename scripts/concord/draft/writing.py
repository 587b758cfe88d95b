"""Sources of a draft read from files, and the draft written to files."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from .. import files, tables
from ..errors import StudyError
from ..frozen import document as frozen_model
from ..ingest.index import telling
from ..study.reading import CheckedStudy
from ..tables.formulas import defused
from . import clinical, drafting, feature_study, foreign, nifti_folders
from .applying import study as applied
from .cells import Column
from .drafting import Draft, Sources, Wishes
from .folders import DraftRequest
from .placing import place, told
from .question import Questions
from .settings import DraftStudy

Row = dict[str, Any]


def draft_of(settings: DraftStudy, inputs: Any) -> Draft:
    """The draft that a request asks for.

    Parameters
    ----------
    settings : DraftStudy
        The request.
    inputs
        Files of the job: `images`, `masks`, `linkage` and `series`, of DICOM folders.
    """
    request = settings.request
    table = (
        clinical.read_columns(Path(request.clinical), request.sheet)
        if request.clinical
        else {}
    )
    if request.features is not None:
        wishes = _wishes(settings, set())
        draft = feature_study.drafted(Path(request.features), table, wishes)
    else:
        of_nifti = request.entry == "nifti"
        sources = _of_nifti(settings, table) if of_nifti else _of_index(inputs, table)
        wishes = _wishes(settings, {row["modality"] for row in sources.images})
        draft = _of_images(sources, wishes, request)
    own = settings.section.model_dump(exclude_defaults=True)
    if own:
        draft.config["privacy"] = own
    return draft


def _of_images(sources: Sources, wishes: Wishes, request: DraftRequest) -> Draft:
    """Draft of a study of images, or of one that applies a model to them."""
    if request.model is None:
        return drafting.drafted(sources, wishes)
    model = frozen_model.read(request.model)
    return applied.drafted(sources, wishes, model, request.model, request.regions)


def _wishes(settings: DraftStudy, modalities: set[str]) -> Wishes:
    request = settings.request
    file = request.settings_from
    return Wishes(
        name=request.name or default_name(Path.cwd()),
        data_root=settings.data_root,
        roots=settings.roots,
        site=request.site or next(iter(settings.roots), "site"),
        ignore_spelling=request.match_ids == "ignore_spelling",
        foreign=foreign.read(Path(file), modalities) if file else {},
        indexed=request.entry == "dicom",
    )


def default_name(folder: Path) -> str:
    """Name of a study whose request gives none: that of its folder."""
    return folder.resolve().name.replace("_", " ") or "Study"


def write(draft: Draft, folder: Path, told_file: str) -> None:
    """Write a draft to a folder, and to that of the configuration if it is free.

    Parameters
    ----------
    draft : Draft
        The draft.
    folder : Path
        Folder of the drafts.
    told_file : str
        File that gets what the terminal shows.
    """
    files.write_text(draft.text(), folder / "config.yaml")
    files.write_text(_tsv(draft.subjects), folder / "subjects.tsv")
    names = ["config.yaml", "subjects.tsv", "draft_questions.md"]
    if draft.images:
        tables.write(draft.images, folder / "images.tsv", "images_sheet")
        tables.write(draft.masks, folder / "masks.tsv", "masks_sheet")
        names += ["images.tsv", "masks.tsv"]
    files.write_text(draft.questions.page(), folder / "draft_questions.md")
    faults = _faults(draft.config, folder / "config.yaml")
    in_the_way = place(folder, names)
    files.write_text(told(draft.questions, in_the_way, folder, faults), told_file)


def _faults(config: Mapping[str, Any], path: Path) -> str:
    """Faults that keep a drafted study from starting; empty if there is none."""
    try:
        CheckedStudy(dict(config), path)
    except StudyError as error:
        return str(error)
    return ""


def _of_index(inputs: Any, table: dict[str, Column]) -> Sources:
    series = [row for path in inputs.series for row in _rows(path, "series")]
    images = _rows(inputs.images[0], "images_sheet")
    return Sources(
        images=images,
        masks=_rows(inputs.masks[0], "masks_sheet"),
        names=_names(images, _rows(inputs.linkage[0], "linkage")),
        clinical=table,
        thickness_mm=_thickness_mm(series),
        crowded=_crowded(series),
        telling_rois=telling.telling_rois(series),
    )


def _of_nifti(settings: DraftStudy, table: dict[str, Column]) -> Sources:
    questions = Questions()
    images, masks = nifti_folders.sheet_rows(
        Path(settings.data_root), settings.roots, questions
    )
    names = nifti_folders.names_of(images)
    return Sources(images, masks, names, table, questions=questions)


def _rows(path: str, kind: str) -> list[Row]:
    table = tables.read(path, kind).astype(object)
    rows = table.where(table.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]


def _names(images: Sequence[Row], linkage: Sequence[Row]) -> dict[str, list[str]]:
    """Names that each subject with images goes by."""
    names = {row["subject_id"]: [row["subject_id"]] for row in images}
    for row in linkage:
        if row["subject_id"] in names:
            names[row["subject_id"]] += [row["patient_id"] or "", row["folder"]]
    return {subject: names[subject] for subject in sorted(names)}


def _crowded(series: Sequence[Row]) -> dict[str, list[str]]:
    """Top folders with several patients each, of the roots where most have some."""
    patients: dict[tuple[str, str], set[str]] = {}
    for row in series:
        top = row["folder"].split("/")[0]
        if top not in ("", ".") and row["patient"] != "unknown":
            patients.setdefault((row["root"], top), set()).add(row["patient"])
    found: dict[str, list[str]] = {}
    for root in {root for root, _ in patients}:
        tops = {top: people for (r, top), people in patients.items() if r == root}
        crowded = sorted(top for top, people in tops.items() if len(people) > 1)
        if 2 * len(crowded) > len(tops):
            found[root] = crowded
    return found


def _thickness_mm(series: Sequence[Row]) -> dict[str, float]:
    """Median slice thickness of the images of each modality."""
    found: dict[str, list[float]] = {}
    for row in series:
        if row["slice_thickness_mm"] and not row["problem"]:
            found.setdefault(row["modality"], []).append(row["slice_thickness_mm"])
    return {modality: median(values) for modality, values in found.items()}


def _safe(cell: object) -> object:
    return defused(cell) if isinstance(cell, str) else cell


def _tsv(rows: Sequence[Row]) -> str:
    """Rows as tab-separated text."""
    text = io.StringIO()
    names = list(rows[0]) if rows else ["subject_id"]
    has_return = any("\r" in str(cell) for row in rows for cell in row.values())
    writer = csv.DictWriter(
        text,
        names,
        delimiter="\t",
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if has_return else csv.QUOTE_MINIMAL,
    )
    writer.writerow({name: defused(name) for name in names})
    for row in rows:
        writer.writerow({name: _safe(cell) for name, cell in row.items()})
    return text.getvalue()

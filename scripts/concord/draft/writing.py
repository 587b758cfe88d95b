"""Sources of a draft read from files, and the draft written to files."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from .. import files, tables
from ..errors import StudyError
from ..study.reading import CheckedStudy
from . import clinical, foreign
from .drafting import Draft, Sources, Wishes, drafted
from .placing import place, told
from .settings import FILES, DraftStudy

Row = dict[str, Any]


def draft_of(settings: DraftStudy, inputs: Any) -> Draft:
    """The draft that a request asks for.

    Parameters
    ----------
    settings : DraftStudy
        The request.
    inputs
        Files of the job: `images`, `masks`, `linkage`, `series` and `clinical`.
    """
    request, sources = settings.request, _sources(settings, inputs)
    modalities = {row["modality"] for row in sources.images}
    file = request.settings_from
    draft = drafted(
        sources,
        Wishes(
            name=request.name or default_name(Path.cwd()),
            data_root=settings.data_root,
            roots=settings.roots,
            site=request.site or next(iter(settings.roots), "site"),
            ignore_spelling=request.match_ids == "ignore_spelling",
            foreign=foreign.read(Path(file), modalities) if file else {},
        ),
    )
    own = settings.section.model_dump(exclude_defaults=True)
    if own:
        draft.config["privacy"] = own
    return draft


def default_name(folder: Path) -> str:
    """Name of a study whose request gives none: that of its folder."""
    return folder.resolve().name.replace("_", " ") or "Study"


def write(draft: Draft, outputs: Any) -> None:
    """Write a draft to the files of a job, and to the configuration if that is free."""
    text = draft.text()
    files.write_text(text, outputs.config)
    files.write_text(_tsv(draft.subjects), outputs.subjects)
    tables.write(draft.images, outputs.images, "images_sheet")
    tables.write(draft.masks, outputs.masks, "masks_sheet")
    files.write_text(draft.questions.page(), outputs.questions)
    folder = Path(outputs.config).parent
    faults = _faults(draft.config, Path(outputs.config))
    in_the_way = place(folder, FILES)
    files.write_text(told(draft.questions, in_the_way, folder, faults), outputs.told)


def _faults(config: Mapping[str, Any], path: Path) -> str:
    """What keeps a drafted study from starting; empty if nothing does."""
    try:
        CheckedStudy(dict(config), path)
    except StudyError as error:
        return str(error)
    return ""


def _sources(settings: DraftStudy, inputs: Any) -> Sources:
    linkage = _rows(inputs.linkage, "linkage")
    series = [row for path in inputs.series for row in _rows(path, "series")]
    images = _rows(inputs.images, "images_sheet")
    table = settings.request.clinical
    return Sources(
        images=images,
        masks=_rows(inputs.masks, "masks_sheet"),
        names=_names(images, linkage),
        thickness_mm=_thickness_mm(series),
        clinical=clinical.read_columns(Path(table), settings.request.sheet)
        if table
        else {},
        crowded=_crowded(series),
    )


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


def _tsv(rows: Sequence[Row]) -> str:
    """Rows as tab-separated text."""
    text = io.StringIO()
    names = list(rows[0]) if rows else ["subject_id"]
    writer = csv.DictWriter(text, names, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()

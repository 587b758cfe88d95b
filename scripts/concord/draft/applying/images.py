"""Images and segmentations that a frozen model needs, among those found in folders."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ...frozen.document import FrozenModel
from .. import imaging
from ..question import Questions, listed
from . import regions

Row = dict[str, Any]


class ModelImages(NamedTuple):
    """Rows of the sheets that a model needs, and how the study calls what is there."""

    images: list[Row]
    masks: list[Row]
    session: str
    reader: str


def segmented_regions(model: FrozenModel) -> dict[str, set[str]]:
    """Regions of each image that must be segmented: those others are made of, too."""
    derived = model.configuration.get("regions", {})
    found: dict[str, set[str]] = defaultdict(set)
    for feature in model.features.values():
        left = [feature.region]
        while left:
            name = left.pop()
            section = derived.get(name)
            if section is None:
                found[feature.image].add(name)
            else:
                left += [*section["of"], *section.get("exclude", [])]
    return dict(found)


def chosen(
    images: Sequence[Row],
    masks: Sequence[Row],
    subjects: Iterable[str],
    model: FrozenModel,
    given: Mapping[str, str],
    questions: Questions,
) -> ModelImages:
    """The images, the reader and the segmentations that a model is applied to.

    Parameters
    ----------
    images, masks : sequence of dict
        Rows of the drafted sheets.
    subjects : iterable of str
        Subjects of the study.
    model : FrozenModel
    given : mapping
        Region or ROI by the region of the model that it is.
    questions : Questions
        Gets what was guessed and left out.
    """
    known = set(subjects)
    images = [row for row in images if row["subject_id"] in known]
    session, _ = imaging.sessions(images, questions)
    images = [row for row in images if row["session"] == session]
    named = _by_name_of_model(images, known, model, questions)
    masks = imaging.with_readers(_of_images(masks, named), questions)
    reader = imaging.reference_reader(masks, questions)
    masks = [row for row in masks if row["reader"] == reader]
    needed = segmented_regions(model)
    masks = regions.in_model(masks, needed, given, questions)
    _ask_for_masks(named.values(), masks, needed, questions)
    return ModelImages(list(named.values()), masks, session, reader)


def _by_name_of_model(
    images: Sequence[Row],
    subjects: Iterable[str],
    model: FrozenModel,
    questions: Questions,
) -> dict[tuple[str, str, str], Row]:
    """Rows of the images that the model needs, by the scan that they were found as."""
    wanted = {one.image: one.modality for one in model.features.values()}
    found: dict[tuple[str, str, str], Row] = {}
    renamed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for subject in sorted(subjects):
        own = [row for row in images if row["subject_id"] == subject]
        for name, modality in sorted(wanted.items()):
            rows = _called(own, name, modality)
            if len(rows) != 1:
                _ask_for_image(subject, name, modality, rows, questions)
                continue
            found[imaging.scan(rows[0])] = rows[0] | {"image": name}
            renamed[rows[0]["image"], name].append(subject)
    for (before, name), people in renamed.items():
        if before != name:
            said = f"{before!r} is the image {name!r} of the model ({listed(people)})"
            questions.check("images.tsv", said)
    return found


def _called(rows: Sequence[Row], name: str, modality: str) -> list[Row]:
    """Rows of the image of a name; without any, all of its modality."""
    own = [row for row in rows if row["image"] == name]
    return own or [row for row in rows if row["modality"] == modality]


def _ask_for_image(
    subject: str, name: str, modality: str, rows: Sequence[Row], questions: Questions
) -> None:
    several = listed(sorted(row["image"] for row in rows))
    questions.ask(
        "images.tsv",
        f"the model needs the image {name!r} ({modality}), of which {subject} has "
        + (f"several and none of that name: {several}" if rows else "none"),
    )


def _of_images(
    masks: Iterable[Row], named: Mapping[tuple[str, str, str], Row]
) -> list[Row]:
    """Rows of masks of the chosen images, one for each that shares a segmentation."""
    found = []
    for row in masks:
        subject, session, own = imaging.scan(row)
        alone = {key: cell for key, cell in row.items() if key != "also_for"}
        for image in (own, *str(row.get("also_for") or "").split()):
            known = named.get((subject, session, image))
            if known is not None:
                found.append(alone | {"image": known["image"]})
    return found


def _ask_for_masks(
    images: Iterable[Row],
    masks: Iterable[Row],
    needed: Mapping[str, set[str]],
    questions: Questions,
) -> None:
    """Tell the images that nobody segmented at all."""
    drawn = {(*imaging.scan(row), row["region"]) for row in masks}
    lack = [
        f"{row['subject_id']} {row['image']} {region}"
        for row in images
        for region in sorted(needed[row["image"]])
        if (*imaging.scan(row), region) not in drawn
    ]
    if lack:
        questions.ask("masks.tsv", f"no segmentation was taken of: {listed(lack)}")

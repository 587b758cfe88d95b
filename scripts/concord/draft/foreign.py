"""Settings of another tool that the group already uses, as recipes of a draft."""

from pathlib import Path
from typing import Any

from ..features.foreign_settings import ForeignSettings, read_settings
from .imaging import Imaging
from .question import Questions, listed

#: Modalities in the order in which one file for all of them is taken.
_ORDER = ("CT", "MR", "PT")


def read(path: Path, modalities: set[str]) -> dict[str, ForeignSettings]:
    """Settings by the modality that they are taken for: the first one of the study."""
    present = [name for name in _ORDER if name in modalities]
    return {name: read_settings(path, name) for name in present[:1]}


def recipes_of(
    settings: ForeignSettings, modality: str, images: Imaging, questions: Questions
) -> dict[str, dict[str, Any]]:
    """Recipes of the settings for all images of a modality, and what differs."""
    key, file = f"recipes.{modality}", Path(settings.path).name
    questions.check(key, f"as {file} of {settings.tool} says, for {modality}")
    others = sorted(set(images.modality_of.values()) - {modality})
    if others:
        questions.ask(
            "recipes", f"is {file} meant for {listed(others)} too? A preset was taken"
        )
    for note in settings.notes:
        said = f"{note.setting}: {note.value!r}"
        if note.mapped_to is not None:
            more = f" ({note.reason})" if note.reason else ""
            questions.changed(key, f"{said} is {note.mapped_to}{more}")
        elif note.same:
            questions.changed(key, f"{said} changes no number here: {note.reason}")
        else:
            questions.ask(key, f"{said} has no place here: {note.reason}")
    regions = {row["region"] for row in images.masks}
    found = settings.of_image(modality)
    if len(regions) > 1:
        found[modality]["regions"] = [images.region]
    return found

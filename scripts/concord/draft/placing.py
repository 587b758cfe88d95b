"""Drafts put where the study reads them, unless something is there already."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from .question import Questions
from .settings import FILES, PLACE, present


def place(drafts: Path, names: Sequence[str]) -> list[str]:
    """Copy all drafts beside each other, or none; the files that were in the way.

    A sheet fits the configuration that it was drafted with, so nothing is copied if
    any of the files is there.

    Parameters
    ----------
    drafts : Path
        Folder of the drafts.
    names : sequence of str
        Names of the drafts.
    """
    in_the_way = present(FILES)
    if not in_the_way:
        Path(PLACE).mkdir(exist_ok=True)
        for name in names:
            shutil.copyfile(drafts / name, Path(PLACE, name))
    return in_the_way


def told(
    questions: Questions, in_the_way: Sequence[str], drafts: Path, faults: str
) -> str:
    """Text for the terminal: where a draft is, and what it asks."""
    asked = questions.of("ask")
    lines = ["", *_where(in_the_way, drafts), ""]
    lines += [f"  {one.about}: {one.text}" for one in asked]
    checks = len(questions.of("check"))
    lines.insert(
        2,
        f"{len(asked)} questions and {checks} guesses to check"
        f"{', see draft_questions.md' if checks else ''}"
        f"{':' if asked else '.'}",
    )
    if faults:
        lines += ["", "The draft is not complete:", faults]
    return "\n".join(lines) + "\n"


def _where(in_the_way: Sequence[str], drafts: Path) -> list[str]:
    if in_the_way:
        names = ", ".join(f"{PLACE}/{name}" for name in in_the_way)
        return [
            f"Nothing was overwritten: {names} exist. The new draft is in {drafts}/; "
            "copy what you want from there, or move the old files away and draft again."
        ]
    return [f"The draft is in {PLACE}/: config.yaml and its sheets."]

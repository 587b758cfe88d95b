"""What a hard case is: something written to a folder, and its one right outcome."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from concord.errors import IngestFault
from concord.ingest import image
from concord.ingest.settings import IngestSection

from .lattice import Truth, require_exact, require_placed, require_resampled

#: A row of the sheet that chooses neither a series nor a volume.
NO_CHOICE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Case:
    """A source of one image and what the ingest must make of it.

    `codes` are the codes of its refusal, all of them; without any the image must
    be right. `notes` are the codes of the notes that a right image carries.
    """

    name: str
    write: Callable[[Path], Truth | None]
    codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    modality: str = "CT"
    row: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    is_exact: bool = True  # on the lattice of the slices, not resampled


def right(name: str, write: Callable[[Path], Truth], *notes: str, **more: Any) -> Case:
    """A case that must be converted, with exactly these notes."""
    return Case(name, write, notes=notes, **more)


def refused(
    name: str, write: Callable[[Path], Truth | None], *codes: str, **more: Any
) -> Case:
    """A case that must be refused with exactly these codes."""
    return Case(name, write, codes=codes, **more)


def read(folder: Path, modality: str, row: Mapping[str, str] = NO_CHOICE, **settings):
    """Read a source as the workflow does, with the default settings."""
    full = {"modality": modality, "subject_id": "P1", "site": "A"}
    full |= {
        "session": "baseline",
        **row,
        "source": str(folder / row.get("source", "")),
    }
    return image.read_image(full, IngestSection(**settings))


def require_outcome(case: Case, folder: Path) -> None:
    """The case is right, or refused with exactly its codes; nothing else."""
    truth = case.write(folder)
    if case.codes:
        with pytest.raises(IngestFault) as caught:
            read(folder, case.modality, case.row, **case.settings)
        fault = caught.value
        assert {found.code for found in fault.findings} == set(case.codes), str(fault)
        require_private(str(fault), folder)
        return
    volume, facts = read(folder, case.modality, case.row, **case.settings)
    if case.is_exact:
        require_placed(volume, truth)
        require_exact(volume, truth)
    else:
        require_resampled(volume, truth)
    require_private(str(facts), folder)
    assert {note.split()[0] for note in facts["notes"]} == set(case.notes)


def require_private(text: str, folder: Path) -> None:
    """A message or sidecar tells neither names nor UIDs nor where the files lie."""
    names = {path.name for path in folder.rglob("*")} | {str(folder)}
    for secret in ("Phantom", "PHANTOM", "1.2.826.0.1.7", *names):
        assert secret not in text, text

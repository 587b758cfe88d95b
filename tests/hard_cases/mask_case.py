"""A hard case of a mask: a file of contours or voxels, and its one right outcome."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from concord.errors import IngestFault
from concord.images import Volume
from concord.ingest import mask as masks
from concord.ingest.dicom import header as hd
from concord.ingest.settings import IngestSection

from .case import require_private
from .contours import GRID, image
from .lattice import Lattice
from .slices import FRAME, SERIES


@dataclass(frozen=True)
class MaskCase:
    """What is written, the mask on `grid` that it must give, or the codes of refusal.

    `share` is how many voxels may differ, as a share of the expected ones.
    """

    name: str
    write: Callable[[Path], object]
    expected: np.ndarray | None = None
    codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    roi: str = ""
    file: str = "contour.dcm"
    grid: Lattice = GRID
    settings: Mapping[str, Any] = field(default_factory=dict)
    frame: str | None = FRAME
    share: float = 0.0


def right(name, write, expected, *notes: str, **more) -> MaskCase:
    return MaskCase(name, write, expected, notes=notes, **more)


def refused(name, write, *codes: str, **more) -> MaskCase:
    return MaskCase(name, write, codes=codes, **more)


def read(case: MaskCase, path: Path, grid: Volume):
    facts = {"series": hd.hashed(SERIES), "frame_of_reference": hd.hashed(case.frame)}
    row = {
        "source": str(path),
        "roi": case.roi,
        "subject_id": "P1",
        "image": "CT",
        "region": "tumour",
        "reader": "A",
    }
    settings = IngestSection(**case.settings)
    return masks.read_mask(row, grid, facts, settings)


def require_outcome(case: MaskCase, folder: Path) -> None:
    """The mask is right to the voxel, or refused with exactly its codes."""
    path = folder / case.file
    case.write(path)
    if case.codes:
        with pytest.raises(IngestFault) as caught:
            read(case, path, image(case.grid))
        fault = caught.value
        assert {found.code for found in fault.findings} == set(case.codes), str(fault)
        require_private(str(fault), folder)
        return
    mask, notes = read(case, path, image(case.grid))
    assert mask.dtype == bool
    differing = int((mask != case.expected).sum())
    assert differing <= case.share * case.expected.sum(), (differing, mask.sum())
    assert {note.split()[0] for note in notes} == set(case.notes)
    require_private(str(notes), folder)

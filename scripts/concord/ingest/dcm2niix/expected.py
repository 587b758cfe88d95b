"""Voxels that a series must give by its own headers: number, place and sum."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydicom import Dataset

from ...errors import IngestFault
from ..dicom import header as hd
from ..dicom import pixel_checks, pixel_sizes
from ..dicom.decoding import forget, in_file_order, stored
from ..dicom.frames import DicomFile, Frame, frames_of
from ..dicom.sop_classes import is_mosaic
from ..faults.collecting import raise_ingest_faults
from ..geometry import grid
from ..geometry.lattice import Lattice
from ..geometry.mosaic import mosaic_lattice
from ..geometry.volumes import places


@dataclass(frozen=True)
class Expected:
    """Volumes of a series: how many, their lattice, and the sum of all voxels."""

    n_volumes: int
    lattice: Lattice
    total: float
    notes: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """Slices, rows and columns of each volume."""
        return self.lattice.shape


def expected_of(files: Sequence[DicomFile], max_voxels: int) -> Expected:
    """Volumes of a series as its headers and pixels describe them.

    Raises
    ------
    IngestFault
        A fault of pixels or geometry, or BACKEND_MISMATCH if slices lack.
    """
    frames = [frame for file in files for frame in frames_of(file)]
    raise_ingest_faults(
        [
            *pixel_checks.pixel_faults(frames, "MR"),
            *pixel_sizes.size_faults(frames, max_voxels),
        ]
    )
    total = _total(frames)
    if is_mosaic(files[0].header):
        lattice = mosaic_lattice([frame.header for frame in frames])
        return Expected(len(frames), lattice, total)
    headers = _one_volume(frames)
    found = grid.regular_grid(headers)
    shape = len(headers), int(headers[0].Rows), int(headers[0].Columns)
    lattice = Lattice(shape, found.spacing_mm, found.origin_mm, found.direction)
    return Expected(len(frames) // len(headers), lattice, total, found.notes)


def _one_volume(frames: Sequence[Frame]) -> list[Dataset]:
    """One header for each place; every place must have as many slices."""
    headers = [frame.header for frame in frames]
    found = places(headers)
    if found is None:
        return headers
    first = dict(zip(found, headers, strict=True))
    counts = {place: found.count(place) for place in first}
    if len(set(counts.values())) > 1:
        raise IngestFault(
            "BACKEND_MISMATCH",
            f"the {len(first)} places of the series have {min(counts.values())} to "
            f"{max(counts.values())} slices each, expected as many in each volume. "
            "Copy the complete series.",
        )
    return list(first.values())


def _total(frames: Sequence[Frame]) -> float:
    """The sum of all rescaled values."""
    total = 0.0
    for index in in_file_order(frames):
        frame = frames[index]
        plane = stored(frame)
        slope = hd.number(frame.header, "RescaleSlope")
        offset = hd.number(frame.header, "RescaleIntercept") or 0.0
        scale = 1.0 if slope is None else slope
        total += scale * float(plane.sum(dtype=np.float64)) + offset * plane.size
    forget()
    return total

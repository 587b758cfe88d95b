"""Siemens mosaics: where the slices tiled into one picture lie.

The header places the picture as a whole. Its centre is that of the first slice, and
the slices follow each other along the normal that the vendor's own (CSA) header gives.
"""

import math
import struct
from collections.abc import Sequence

import numpy as np
from pydicom import Dataset

from ...errors import IngestFault
from ..dicom import header as hd
from ..faults.collecting import raise_ingest_faults
from .lattice import Lattice
from .orientation import header_faults, stacked

_CSA = (0x0029, 0x1010)
_TILES = (0x0019, 0x100A)


def mosaic_lattice(headers: Sequence[Dataset]) -> Lattice:
    """The lattice of the slices of mosaics, which must all lie at one place.

    Raises
    ------
    IngestFault
        NO_GEOMETRY, BAD_SPACING or a fault of properties that differ.
    """
    raise_ingest_faults(header_faults(headers))
    first = headers[0]
    place = _only_place(headers)
    count, normal = _csa(first)
    spacing_mm = hd.number(first, "SpacingBetweenSlices")
    if not spacing_mm or spacing_mm <= 0:
        raise _no_geometry("SpacingBetweenSlices is absent")
    tiles = math.ceil(math.sqrt(count))
    rows, columns = int(first.Rows) // tiles, int(first.Columns) // tiles
    cosines = stacked(headers, "ImageOrientationPatient", 6)[0]
    along_i, along_j = cosines[:3], cosines[3:]
    row_mm, column_mm = stacked(headers, "PixelSpacing", 2)[0]
    corner = (
        place
        + along_i * column_mm * (int(first.Columns) - columns) / 2
        + along_j * row_mm * (int(first.Rows) - rows) / 2
    )
    axis = np.cross(along_i, along_j)
    if normal @ axis < 0:
        # The slices run against the right-handed normal: the last one is the first.
        corner = corner - axis * spacing_mm * (count - 1)
    x, y, z = corner.tolist()
    direction = np.column_stack([along_i, along_j, axis])
    spacings = spacing_mm, float(row_mm), float(column_mm)
    return Lattice((count, rows, columns), spacings, (x, y, z), direction)


def _only_place(headers: Sequence[Dataset]) -> np.ndarray:
    """The position that all mosaics have, shape (3,), in mm."""
    positions = stacked(headers, "ImagePositionPatient", 3)
    if np.abs(positions - positions[0]).max() > 0.01:
        raise _no_geometry("mosaics of one series lie at several places")
    return positions[0]


def _csa(header: Dataset) -> tuple[int, np.ndarray]:
    """Number of slices of a mosaic, and the direction in which they follow."""
    element = header.get(_CSA)
    try:
        found = csa_values(bytes(element.value) if element is not None else b"")
        count = int(float(found["NumberOfImagesInMosaic"][0]))
        normal = np.array([float(v) for v in found["SliceNormalVector"][:3]])
    except (struct.error, KeyError, IndexError, ValueError, TypeError):
        raise _no_geometry("the private (CSA) header is absent or damaged") from None
    if count < 1 or normal.shape != (3,):
        raise _no_geometry("the private (CSA) header tells no slices")
    return count, normal


def csa_values(content: bytes) -> dict[str, list[str]]:
    """The elements of a CSA header of the second kind, as text.

    Raises
    ------
    struct.error, ValueError
        If it is none, or cut short.
    """
    if content[:4] != b"SV10":
        raise ValueError("not a CSA header")
    (count,) = struct.unpack_from("<I", content, 8)
    at, found = 16, {}
    for _ in range(min(count, 1000)):
        name = content[at : at + 64].split(b"\0")[0].decode("latin-1")
        (n_items,) = struct.unpack_from("<i", content, at + 76)
        at += 84
        values = []
        for _ in range(n_items):
            (length,) = struct.unpack_from("<i", content, at + 4)
            value = content[at + 16 : at + 16 + length]
            values.append(value.split(b"\0")[0].decode("latin-1").strip())
            at += 16 + length + -length % 4
        found[name] = [value for value in values if value]
    return found


def _no_geometry(reason: str) -> IngestFault:
    return IngestFault(
        "NO_GEOMETRY",
        f"the slices of the mosaic have no known place: {reason}. Ask for an export "
        "without de-identification of private elements, or as enhanced MR.",
    )

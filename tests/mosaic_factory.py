"""Siemens mosaics for tests: slices tiled into pictures, with a CSA header."""

import math
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset

from .dicom_factory import save, slice_header


def write_mosaics(
    folder: Path,
    volumes: np.ndarray,
    *,
    cosines: Sequence[float],
    spacing_mm: Sequence[float],
    origin_mm: Sequence[float],
    direction: int = 1,
) -> None:
    """Write one mosaic per volume.

    Parameters
    ----------
    volumes : ndarray, shape (t, k, j, i)
        Stored values, slices in the order in which the scanner tiles them.
    origin_mm : sequence of float
        Centre of the first voxel of the first slice.
    direction : int
        1 if the slices follow the right-handed normal, -1 if they run against it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    normal = direction * np.cross(cosines[:3], cosines[3:])
    n_slices, rows, columns = volumes.shape[1:]
    tiles = math.ceil(math.sqrt(n_slices))
    corner = (
        np.asarray(origin_mm)
        - np.asarray(cosines[:3]) * spacing_mm[2] * columns * (tiles - 1) / 2
        - np.asarray(cosines[3:]) * spacing_mm[1] * rows * (tiles - 1) / 2
    )
    for number, volume in enumerate(volumes, 1):
        header = slice_header("MR", tiled(volume, tiles), cosines, spacing_mm)
        _add_siemens(header, number, n_slices, normal, spacing_mm[0])
        header.ImagePositionPatient = [f"{value:.10g}" for value in corner]
        save(header, folder / f"{number:03d}.dcm")


def tiled(volume: np.ndarray, tiles: int) -> np.ndarray:
    """Slices side by side, row by row, in a square picture."""
    rows, columns = volume.shape[1:]
    picture = np.zeros((tiles * rows, tiles * columns), volume.dtype)
    for k, plane in enumerate(volume):
        row, column = divmod(k, tiles)
        picture[
            row * rows : (row + 1) * rows, column * columns : (column + 1) * columns
        ] = plane
    return picture


def _add_siemens(
    header: Dataset, number: int, n_slices: int, normal: np.ndarray, spacing_mm: float
) -> None:
    header.Manufacturer = "SIEMENS"
    header.ImageType = ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]
    header.SOPInstanceUID = f"1.2.3.7.{number}"
    header.InstanceNumber = header.AcquisitionNumber = number
    header.SpacingBetweenSlices = str(spacing_mm)
    header.MRAcquisitionType = "2D"
    header.RepetitionTime, header.EchoTime = "2000", "30"
    header.add_new(0x00190010, "LO", "SIEMENS MR HEADER")
    header.add_new(0x0019100A, "US", n_slices)
    header.add_new(0x00290010, "LO", "SIEMENS CSA HEADER")
    values = {
        "NumberOfImagesInMosaic": ("US", [str(n_slices)]),
        "SliceNormalVector": ("FD", [f"{value:.8f}" for value in normal]),
        "PhaseEncodingDirectionPositive": ("IS", ["1"]),
        "ProtocolSliceNumber": ("IS", ["0"]),
    }
    header.add_new(0x00291010, "OB", csa(values))


def csa(values: dict[str, tuple[str, list[str]]]) -> bytes:
    """A CSA header of the second kind ("SV10")."""
    parts = [b"SV10\4\3\2\1", struct.pack("<II", len(values), 77)]
    for name, (kind, items) in values.items():
        parts.append(name.encode().ljust(64, b"\0"))
        parts.append(struct.pack("<i4siii", len(items), kind.encode(), 6, 6, 77))
        for number in range(6):
            item = items[number].encode() + b"\0" if number < len(items) else b""
            parts.append(struct.pack("<iiii", len(item), len(item), 77, len(item)))
            parts.append(item + b"\0" * (-len(item) % 4))
    return b"".join(parts) + b"\0" * 4

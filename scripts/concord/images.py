"""Volumes on a voxel grid: the only module that opens or writes NIfTI files."""

import hashlib
import math
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import nibabel as nib  # loaded when used: annotations are texts, so that none uses it
import numpy as np
from isal import igzip, isal_zlib

from .errors import (
    ChangedFileError,
    GridMismatchError,
    StudyError,
    SurplusError,
    run_fault,
)
from .files import gunzipped, whole_file

#: Largest difference of two grids that counts as the same, in mm (origin,
#: spacing) and without unit (direction cosines).
GRID_TOLERANCE = 1e-3

#: Zero bytes behind the voxels, fewer than these, fill a block and count for nothing.
BLOCK_BYTES = 512

#: Bytes of a header, and of a packed file that are read to find them.
_HEADER_BYTES, _START_BYTES = 348, 1 << 16

#: From DICOM's LPS to NIfTI's RAS axes.
_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


@dataclass(frozen=True)
class Volume:
    """A 3D array with its place in the patient (LPS, mm; as in DICOM).

    `direction` is a (3, 3) matrix whose columns are the unit vectors of the
    axes i, j, k in (x, y, z); `origin_mm` is the centre of voxel (0, 0, 0).
    """

    array: np.ndarray  # shape (k, j, i): slice, row, column
    spacing_mm: tuple[float, float, float]  # along (k, j, i)
    origin_mm: tuple[float, float, float]  # x, y, z
    direction: np.ndarray  # shape (3, 3)
    path: str = ""

    def affine(self) -> np.ndarray:
        """(4, 4) matrix from voxel (i, j, k) to LPS point (x, y, z), in mm."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.direction * np.asarray(self.spacing_mm[::-1])
        matrix[:3, 3] = self.origin_mm
        return matrix


def volume_digest(volume: Volume) -> str:
    """SHA-256 (first 16 hex digits) of the voxels and the rounded geometry.

    It is that of the file which `write` makes of the volume, as `read` finds it: voxels
    of bool count as uint8, and the geometry has the precision of a NIfTI header.
    """
    array = np.ascontiguousarray(volume.array)
    array = array.view(np.uint8) if array.dtype == bool else array
    hasher = hashlib.sha256(array.data)
    hasher.update(str((array.dtype.str, array.shape)).encode())
    affine = volume.affine().astype(np.float32).astype(np.float64)
    hasher.update((np.round(affine, 4) + 0.0).tobytes())
    return hasher.hexdigest()[:16]


def write(volume: Volume, path: str | Path) -> None:
    """Write a volume as `.nii.gz`; a bool array becomes uint8.

    The header holds geometry only: no description, no dates.
    """
    array = (
        volume.array.astype(np.uint8) if volume.array.dtype == bool else volume.array
    )
    image = nib.Nifti1Image(array.T, _LPS_TO_RAS @ volume.affine())
    image.header.set_xyzt_units("mm")
    image.set_qform(image.affine, code=1)
    image.set_sform(image.affine, code=1)
    with whole_file(path) as temporary:
        temporary.write_bytes(igzip.compress(image.to_bytes(), 1, mtime=0))


def read(path: str | Path, volume: int | None = None, *, digest: str = "") -> Volume:
    """Read a three-dimensional NIfTI file (`.nii` or `.nii.gz`).

    Parameters
    ----------
    path : str or Path
        The file.
    volume : int, optional
        Index of one volume of a four-dimensional file.
    digest : str
        Its `volume_digest` as a table tells it; empty if none does.

    Raises
    ------
    ChangedFileError
        If the file is not, or holds not, the volume of the table.
    SurplusError
        If it holds more than its header needs; no more than that is unpacked.
    """
    try:
        found = _read(Path(path), volume)
    except Exception as error:
        if not digest or run_fault(error) is not None:
            raise
        raise _changed(path, f"it cannot be read ({error})", digest) from error
    if digest and (holds := volume_digest(found)) != digest:
        raise _changed(path, f"its digest is {holds}", digest)
    return found


def _changed(path: str | Path, seen: str, digest: str) -> ChangedFileError:
    return ChangedFileError(
        f"{path}: {seen}, but the table that lists it has the digest {digest} of its "
        "voxels and geometry: the file was changed after it was written. Delete its "
        "folder and that table, so that both are made again."
    )


def _read(path: Path, volume: int | None) -> Volume:
    """The volume of a file, whatever it is."""
    image = nib.Nifti1Image.from_bytes(_content(path))
    if image.ndim != (3 if volume is None else 4):
        raise StudyError(
            f"{path}: the image has {image.ndim} dimensions, expected 3. "
            "Split a series of volumes into one file per volume."
        )
    proxy = image.dataobj
    array = np.asanyarray(proxy if volume is None else proxy[..., volume])
    return _volume(array, _LPS_TO_RAS @ image.affine, path)


def read_grid(path: str | Path) -> Volume:
    """The grid of a NIfTI file (`.nii` or `.nii.gz`); all of its voxels are 0.

    Only the header is read, and the voxels take no memory.
    """
    path = Path(path)
    header = read_header(path)
    affine = _LPS_TO_RAS @ header.get_best_affine()
    return _volume(np.broadcast_to(np.uint8(0), header.get_data_shape()), affine, path)


def read_header(path: str | Path) -> "nib.Nifti1Header":
    """The header of a NIfTI file, without the extensions that may follow it."""
    with Path(path).open("rb") as file:
        start = file.read(_START_BYTES)
    if _is_packed(path):
        try:
            start = isal_zlib.decompressobj(31).decompress(start, _HEADER_BYTES)
        except isal_zlib.error as error:  # type: ignore[misc]
            raise _incomplete(path, error) from error
    return nib.Nifti1Header(start[:_HEADER_BYTES])


def needed_bytes(header: "nib.Nifti1Header") -> int:
    """Bytes of a whole NIfTI file, unpacked, as its header tells.

    Raises
    ------
    StudyError
        If a side has no voxel.
    """
    shape = header.get_data_shape()
    if not shape or min(shape) < 1:
        raise StudyError(f"the header tells a shape of {shape}, so that no voxel is.")
    offset = int(header["vox_offset"]) or _HEADER_BYTES + 4
    return offset + math.prod(shape) * int(header.get_data_dtype().itemsize)


def read_mask(path: str | Path, *, digest: str = "") -> Volume:
    """Read a mask as bool; any label but 0 and 1 is an error.

    `digest` is that of a table, as of `read`.
    """
    volume = read(path, digest=digest)
    if not _is_binary(volume.array):
        labels = np.unique(volume.array).tolist()
        raise StudyError(
            f"{path}: a mask holds only the labels 0 and 1, found {labels}. "
            "Split a label map into one mask per region."
        )
    if volume.array.dtype.itemsize == 1:
        return replace(volume, array=volume.array.view(bool))
    return replace(volume, array=volume.array.astype(bool))


def require_same_grid(first: Volume, second: Volume) -> None:
    """Raise GridMismatchError unless two volumes share one voxel grid."""
    pairs = {
        "shape": (first.array.shape, second.array.shape),
        "spacing_mm": (first.spacing_mm, second.spacing_mm),
        "origin_mm": (first.origin_mm, second.origin_mm),
        "direction": (first.direction, second.direction),
    }
    for name, values in pairs.items():
        a, b = (np.asarray(value, float) for value in values)
        if np.abs(a - b).max() > GRID_TOLERANCE:
            raise GridMismatchError(
                f"{second.path}: {name} is {b.tolist()}, but {first.path} has "
                f"{a.tolist()}. Resample one of them onto the other's grid."
            )


def _is_binary(array: np.ndarray) -> bool:
    """True if an array holds nothing but 0 and 1; fast if it holds whole numbers."""
    if array.dtype.kind in "bui":
        return not array.size or bool(array.min() >= 0 and array.max() <= 1)
    return bool(np.isin(np.unique(array), (0, 1)).all())


def _volume(array: np.ndarray, affine: np.ndarray, path: Path) -> Volume:
    """A volume from an array (i, j, k) and its affine to LPS."""
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    return Volume(
        array=array.T,
        spacing_mm=tuple(spacing[::-1].tolist()),
        origin_mm=tuple(affine[:3, 3].tolist()),
        direction=affine[:3, :3] / spacing,
        path=str(path),
    )


def _is_packed(path: str | Path) -> bool:
    return Path(path).name.lower().endswith(".gz")


def _content(path: Path) -> bytes:
    """All bytes of a NIfTI file that its header needs, unpacked."""
    needed = needed_bytes(read_header(path))
    most = needed + BLOCK_BYTES - 1
    if _is_packed(path):
        content = _unpacked(path, most)
    else:
        with path.open("rb") as file:
            content = file.read(most + 1)
    surplus = content[needed:]
    if len(surplus) >= BLOCK_BYTES or any(surplus):
        raise SurplusError(
            f"{path}: it holds {needed + len(surplus)} bytes or more, but its header "
            f"needs {needed}, which fewer than {BLOCK_BYTES} zero bytes may follow. "
            "Write the file again."
        )
    return content


def _unpacked(path: Path, most: int) -> bytes:
    try:
        return gunzipped(path.read_bytes(), most, isal_zlib)
    except (zlib.error, EOFError) as error:
        raise _incomplete(path, error) from error


def _incomplete(path: str | Path, error: Exception) -> StudyError:
    return StudyError(f"{path}: not a complete gzip file ({error}).")

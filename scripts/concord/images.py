"""Volumes on a voxel grid: the only module that opens or writes NIfTI files."""

import gzip
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import nibabel as nib
import numpy as np
from isal import igzip, isal_zlib

from .errors import ChangedFileError, GridMismatchError, StudyError, run_fault
from .files import whole_file

#: Largest difference of two grids that counts as the same, in mm (origin,
#: spacing) and without unit (direction cosines).
GRID_TOLERANCE = 1e-3

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
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = _gunzip(content, path)
    image = nib.Nifti1Image.from_bytes(content)
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
    opener = igzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        header = nib.Nifti1Header.from_fileobj(file)
    affine = _LPS_TO_RAS @ header.get_best_affine()
    return _volume(np.broadcast_to(np.uint8(0), header.get_data_shape()), affine, path)


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


def _gunzip(content: bytes, path: Path) -> bytes:
    try:
        return igzip.decompress(content)
    except (gzip.BadGzipFile, isal_zlib.error, EOFError) as error:  # type: ignore[misc]
        raise StudyError(f"{path}: not a complete gzip file ({error}).") from error

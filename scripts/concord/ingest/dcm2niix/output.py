"""Output of dcm2niix: its volumes on lattices that run like the slices of DICOM."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nibabel as nib
import numpy as np

from ...images import Volume
from ..geometry.lattice import Lattice

_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


@dataclass(frozen=True, eq=False)
class Output:
    """One volume of one file: its name, and what tells it apart."""

    image: nib.Nifti1Image
    index: int
    name: str = ""
    facts: str = ""

    @property
    def lattice(self) -> Lattice:
        """Where its voxels lie, with axes as `volume` has them."""
        return _like_dicom(np.empty(self.image.shape[2::-1], bool), self.image)[1]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Slices, rows, columns."""
        k, j, i = self.lattice.shape
        return k, j, i

    def volume(self) -> Volume:
        """Its voxels, slices in the order of the patient's axes as in DICOM."""
        array, lattice = _like_dicom(self._stored(), self.image)
        spacing, origin = lattice.spacing_mm, lattice.origin_mm
        return Volume(array, spacing, origin, lattice.direction)

    def total(self) -> float:
        """The sum of all voxels."""
        return float(self._stored().sum(dtype=float))

    def _stored(self) -> np.ndarray:
        """Voxels (k, j, i) as the file holds them."""
        proxy = self.image.dataobj
        array = proxy[..., self.index] if self.image.ndim == 4 else np.asanyarray(proxy)
        return np.asanyarray(array).T


def outputs(folder: Path) -> list[Output]:
    """All volumes below a folder, in the order of files and of time, named."""
    found = []
    for path in sorted(folder.glob("*.nii")):
        image = nib.nifti1.load(path)
        count = image.shape[3] if image.ndim == 4 else 1
        b_values = _b_values(path, count)
        found += [
            Output(image, index, *_called(b_values, index)) for index in range(count)
        ]
    if any(output.name for output in found):
        return found
    return [
        replace(output, name=f"t{number}", facts=f"number {number} in the output")
        for number, output in enumerate(found, 1)
    ]


def _b_values(path: Path, count: int) -> list[float]:
    """The b-values of the volumes of a file; empty if it has none."""
    beside = path.with_suffix(".bval")
    found = [float(v) for v in beside.read_text().split()] if beside.is_file() else []
    return found if len(found) == count else []


def _called(b_values: Sequence[float], index: int) -> tuple[str, str]:
    """Name and facts by b-value; repeated ones are numbered."""
    if not b_values:
        return "", ""
    value = b_values[index]
    number = b_values[: index + 1].count(value)
    repeated = Counter(b_values)[value] > 1
    return f"b{value:g}" + (f"d{number}" if repeated else ""), f"b-value {value:g}"


def _like_dicom(
    array: np.ndarray, image: nib.Nifti1Image
) -> tuple[np.ndarray, Lattice]:
    """Voxels and lattice with rows turned as DICOM has them, and slices ascending.

    dcm2niix turns the order of the rows, and sometimes that of the slices, so that
    the axes are left as they are up to their sign.
    """
    affine = _LPS_TO_RAS @ image.affine
    n_rows = array.shape[1]
    flip = np.diag([1.0, -1.0, 1.0, 1.0])
    flip[1, 3] = n_rows - 1
    affine, array = affine @ flip, array[:, ::-1]
    if np.linalg.det(affine[:3, :3]) < 0:
        flip = np.diag([1.0, 1.0, -1.0, 1.0])
        flip[2, 3] = array.shape[0] - 1
        affine, array = affine @ flip, array[::-1]
    return array, Lattice.of_affine(affine, array.shape)

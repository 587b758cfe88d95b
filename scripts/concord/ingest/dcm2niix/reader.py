"""dcm2niix as another reader, for mosaics and 4D MR that vendors store their own way.

Its result is never taken on trust: the number of volumes and slices, the positions of
the first and last slice, spacing, orientation and the sum of all voxels must be those
that the headers and pixels of the series give.
"""

import shutil
import signal
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import dcm2niix
import numpy as np

from ...errors import IngestFault, MachineFault
from ...images import Volume
from ..dicom import pixels
from ..dicom.duplicates import distinct
from ..dicom.frames import DicomFile
from ..faults.collecting import Finding, raise_ingest_faults
from ..geometry import volumes
from .expected import Expected, expected_of
from .output import Output, outputs

#: What the column `backend` calls it.
NAME = "dcm2niix"

#: Modality that it may read: values of others need what it does not tell.
MODALITY = "MR"

#: Largest difference of positions, in mm, of spacings (relative), and of direction
#: cosines: NIfTI stores them as 32-bit numbers.
POSITION_MM = 0.01
RELATIVE = 1e-3

#: Not compressed, no merging of echoes, no cropping, and nothing from a defaults file
#: of the user.
_OPTIONS = "-z n -b y -ba y -m n -x n -l o -i n -w 2 -g i -f volume"

#: Scale of Philips (private element) that would take the place of the rescale.
_PHILIPS_SCALE = (0x2005, 0x100E)

_LONGEST_S = 3600


@dataclass(frozen=True)
class Read:
    """A volume of the backend, the files of the series, and notes."""

    volume: Volume
    files: tuple[DicomFile, ...]
    name: str
    notes: tuple[str, ...]


def read(
    files: Sequence[DicomFile], modality: str, wanted: str, max_voxels: int
) -> Read:
    """One volume of a series, read by dcm2niix and checked against the headers.

    Parameters
    ----------
    files : sequence of DicomFile
        The files of one series.
    modality : str
        Must be MR.
    wanted : str
        Name of the volume of a 4D series; empty if there is but one.
    max_voxels : int
        Largest number of voxels of the series (`ingest.max_voxels`).

    Raises
    ------
    IngestFault
        BACKEND_UNKNOWN, BACKEND_FAILED, BACKEND_MISMATCH, VOLUME_AMBIGUOUS,
        VOLUME_NOT_FOUND, or a fault of the geometry.
    """
    if modality != MODALITY:
        raise IngestFault(
            "BACKEND_UNKNOWN",
            f"the backend {NAME} is for {MODALITY} only, the row is of {modality}. "
            "Empty the column `backend` of the image sheet.",
        )
    kept, copies = distinct(files)
    expected = expected_of(kept, max_voxels)
    with TemporaryDirectory() as place:
        _convert(kept, Path(place))
        found = outputs(Path(place) / "out")
        raise_ingest_faults(_differences(found, expected))
        chosen = _chosen(found, wanted)
        array = pixels.compact(np.ascontiguousarray(chosen.volume().array), modality)
    # The headers are more exact than the 32-bit numbers of NIfTI.
    lattice = expected.lattice
    volume = Volume(array, lattice.spacing_mm, lattice.origin_mm, lattice.direction)
    notes = (*copies, f"BACKEND_USED {NAME} {dcm2niix.__version__}", *expected.notes)
    name = chosen.name if len(found) > 1 else ""
    return Read(volume, tuple(kept), name, notes)


def _convert(files: Sequence[DicomFile], place: Path) -> None:
    """Run the program on copies of the files that have neutral names."""
    source, target = place / "in", place / "out"
    source.mkdir()
    target.mkdir()
    for number, file in enumerate(files):
        link = source / f"{number:06d}.dcm"
        try:
            link.symlink_to(file.path.resolve())
        except OSError:  # a file system without links
            shutil.copyfile(file.path, link)
    options = [*_OPTIONS.split(), "-p", _rescale_option(files)]
    command = [dcm2niix.bin, *options, "-o", str(target), str(source)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LONGEST_S)
    except subprocess.TimeoutExpired:
        raise IngestFault(
            "BACKEND_FAILED", f"{NAME} did not end within {_LONGEST_S} s."
        ) from None
    if done.returncode == -signal.SIGKILL:
        raise MachineFault(f"{NAME} was killed, as for want of memory. Run again.")
    if done.returncode or not list(target.glob("*.nii")):
        raise IngestFault(
            "BACKEND_FAILED",
            f"{NAME} ended with code {done.returncode} and wrote "
            f"{len(list(target.glob('*.nii')))} volumes. Ask for another export.",
        )


def _rescale_option(files: Sequence[DicomFile]) -> str:
    """The option by which values are rescaled by the header, as they are here.

    Without "n" the private scale of Philips is used; with it, slopes that differ
    between slices are not (seen in version 1.0.20260724).
    """
    return "n" if any(_PHILIPS_SCALE in file.header for file in files) else "y"


def _differences(found: Sequence[Output], expected: Expected) -> list[Finding]:
    """Differences of the backend's output from the headers, as one fault."""
    told = []
    counts = len(found), {tuple(output.shape) for output in found}
    wanted = expected.n_volumes, {expected.shape}
    if counts != wanted:
        told.append(
            f"{counts[0]} volumes of {_sizes(counts[1])} voxels instead of {wanted[0]} "
            f"of {_sizes(wanted[1])}"
        )
    else:
        told += _geometry_differences(found, expected)
        total = sum(output.total() for output in found)
        if abs(total - expected.total) > RELATIVE * max(abs(expected.total), 1):
            told.append(f"voxels that sum to {total:g} instead of {expected.total:g}")
    if not told:
        return []
    text = f"{NAME} made {'; '.join(told)}. Ask for another export, or list a NIfTI "
    return [Finding("BACKEND_MISMATCH", text + "file that you checked.")]


def _sizes(shapes: Iterable[tuple[int, ...]]) -> str:
    return " and ".join(sorted("x".join(map(str, shape)) for shape in shapes))


def _geometry_differences(found: Sequence[Output], expected: Expected) -> list[str]:
    """The largest differences of first and last slice, spacing and orientation."""
    lattice = expected.lattice
    first_mm = last_mm = spacing = turned = 0.0
    for output in found:
        other = output.lattice
        first_mm = max(first_mm, _distance(other.origin_mm, lattice.origin_mm))
        last_mm = max(last_mm, _distance(other.last_mm, lattice.last_mm))
        ratios = np.array(other.spacing_mm) / np.array(lattice.spacing_mm)
        spacing = max(spacing, float(np.abs(ratios - 1).max()))
        turned = max(turned, float(np.abs(other.direction - lattice.direction).max()))
    checks = (
        (first_mm, POSITION_MM, f"the first slice {first_mm:.3f} mm away"),
        (last_mm, POSITION_MM, f"the last slice {last_mm:.3f} mm away"),
        (spacing, RELATIVE, f"a spacing that differs by {spacing:.2%}"),
        (turned, RELATIVE, f"axes whose cosines differ by {turned:.4f}"),
    )
    return [text for value, limit, text in checks if not value <= limit]


def _distance(first: Sequence[float], second: Sequence[float]) -> float:
    return float(np.linalg.norm(np.subtract(first, second)))


def _chosen(found: Sequence[Output], wanted: str) -> Output:
    """The volume that the sheet names, or the only one."""
    parts = [
        volumes.Part(output.name, output.facts, tuple(range(output.shape[0])))
        for output in found
    ]
    return found[parts.index(volumes.choose_part(parts, wanted))]

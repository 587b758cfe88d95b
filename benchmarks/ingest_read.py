"""Reading and writing of image series, beside SimpleITK: CPU time and memory.

``python benchmarks/ingest_read.py [FOLDER ...]`` prints Markdown tables for a synthetic
CT of 140 x 512 x 512 and for the series below the folders, which are called ``CT``,
``MR`` or ``PET`` somewhere in their path. Runs of both alternate; the least of several
counts. Each memory is that of a process of its own, above one that only imports.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

ROUNDS = 5


def own(folder: Path, modality: str, target: Path | None = None) -> int:
    """Read a series here; bytes of its voxels."""
    from concord import images
    from concord.ingest.image import read_series

    volume, _ = read_series(folder, modality)
    if target is not None:
        images.write(volume, target)
    return volume.array.nbytes


def simpleitk(folder: Path, modality: str, target: Path | None = None) -> int:
    """Read a series with the reader of SimpleITK; bytes of its voxels."""
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    reader = sitk.ImageSeriesReader()
    (series,) = reader.GetGDCMSeriesIDs(str(folder))
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder), series))
    image = reader.Execute()
    if target is not None:
        sitk.WriteImage(image, str(target))
    return int(np.prod(image.GetSize())) * image.GetSizeOfPixelComponent()


READERS: dict[str, Callable[..., int]] = {"own": own, "simpleitk": simpleitk}


def cpu_s(folder: Path, modality: str, target: Path | None) -> dict[str, float]:
    """Least CPU seconds of each reader over alternating rounds."""
    least = dict.fromkeys(READERS, float("inf"))
    for _ in range(ROUNDS):
        for name, read in READERS.items():
            start = time.process_time()
            read(folder, modality, target)
            least[name] = min(least[name], time.process_time() - start)
    return least


def peak(name: str, folder: Path, modality: str) -> dict[str, int]:
    """Peak memory of a process that reads a series, and bytes of the voxels."""
    command = [sys.executable, __file__, "--peak", name, str(folder), modality]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def measure_peak(name: str, folder: str, modality: str) -> None:
    """Print what `peak` reads: memory before and after, and bytes of the voxels."""
    import SimpleITK  # noqa: F401

    before = peak_memory()
    size = READERS[name](Path(folder), modality)
    print(json.dumps({"rise": peak_memory() - before, "voxels": size}))


def peak_memory() -> int:
    """Largest resident memory of this process so far, in bytes (Linux).

    The value of `getrusage` is that of the parent until it is exceeded.
    """
    lines = Path("/proc/self/status").read_text().splitlines()
    (found,) = (line.split()[1] for line in lines if line.startswith("VmHWM"))
    return 1024 * int(found)


def synthetic(folder: Path) -> Path:
    """A noisy cylinder in air as 140 slices of 512 x 512."""
    from tests.dicom_factory import write_series

    j, i = np.ogrid[:512, :512]
    inside = (j - 256) ** 2 + (i - 256) ** 2 < 200**2
    noise = np.random.default_rng(1).normal(0, 10, (140, 512, 512))
    stored = (np.where(inside, 1064, 24) + noise).astype(np.int16)
    write_series(folder, stored=stored, spacing_mm=(2.5, 0.8, 0.8))
    return folder


def series_below(folder: Path) -> list[Path]:
    """Folders that hold more than two files."""
    found = [path for path in [folder, *folder.rglob("*")] if path.is_dir()]
    return sorted(p for p in found if sum(f.is_file() for f in p.iterdir()) > 2)


def modality_of(folder: Path) -> str:
    """Modality by the names of the folders."""
    names = set(folder.parts)
    if any("PET" in name for name in names):
        return "PT"
    return "MR" if any(name.startswith("MR") for name in names) else "CT"


def row(folder: Path, label: str, scratch: Path) -> str:
    """One line of the table."""
    modality = modality_of(folder)
    read = cpu_s(folder, modality, None)
    both = cpu_s(folder, modality, scratch / "image.nii.gz")
    memory = peak("own", folder, modality)
    other = peak("simpleitk", folder, modality)
    cells = [
        label,
        f"{read['own']:.3f}",
        f"{read['simpleitk']:.3f}",
        f"{read['own'] / read['simpleitk']:.2f}",
        f"{both['own']:.3f}",
        f"{both['simpleitk']:.3f}",
        f"{both['own'] / both['simpleitk']:.2f}",
        f"{memory['voxels'] / 1e6:.1f}",
        f"{memory['rise'] / memory['voxels']:.2f}",
        f"{other['rise'] / other['voxels']:.2f}",
    ]
    return "| " + " | ".join(cells) + " |"


HEADER = [
    "series",
    "read, s",
    "SimpleITK, s",
    "ratio",
    "read + write .nii.gz, s",
    "SimpleITK, s",
    "ratio",
    "voxels, MB",
    "peak memory / voxels",
    "SimpleITK",
]


def main(folders: list[str]) -> None:
    """Print the table."""
    print("| " + " | ".join(HEADER) + " |")
    print("|" + " --- |" * len(HEADER))
    with tempfile.TemporaryDirectory() as place:
        scratch = Path(place)
        print(row(synthetic(scratch / "ct"), "CT 140 x 512 x 512", scratch), flush=True)
        for folder in (s for name in folders for s in series_below(Path(name))):
            count = sum(path.is_file() for path in folder.iterdir())
            print(
                row(folder, f"{modality_of(folder)}, {count} files", scratch),
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        measure_peak(*sys.argv[2:])
    else:
        main(sys.argv[1:])

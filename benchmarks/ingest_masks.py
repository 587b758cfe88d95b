"""Contours to masks, beside plastimatch and dcmrtstruct2nii: CPU time and voxels.

``python benchmarks/ingest_masks.py PEERS FOLDER ...`` prints a Markdown table. PEERS is
a virtual environment of its own with ``plastimatch dcmrtstruct2nii "pydicom<3"``; each
FOLDER holds ``image/`` (DICOM) and ``mask/`` (one RTSTRUCT). Runs alternate; the least
of several counts. Each tool reads the RTSTRUCT, knows the grid of the image, and writes
``.nii.gz``. Starting a program, importing libraries and reading the image do not count:
plastimatch is charged without the time of a run that does nothing, dcmrtstruct2nii
without reading the DICOM image, and all of them find the image as it was converted.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

ROUNDS = 5

#: Runs within the environment of the peers: a line of JSON in, the CPU seconds out.
WORKER = """
import json, sys, time
sys.stdout, out = sys.stderr, sys.stdout
from dcmrtstruct2nii.facade import dcmrtstruct2nii as facade
images = {}
class Known:
    reader = facade.DcmInputAdapter
    def ingest(self, folder, series_id=None):
        if folder not in images:
            images[folder] = Known.reader().ingest(folder, series_id=series_id)
        return images[folder]
facade.DcmInputAdapter = Known
for line in sys.stdin:
    structures, folder, target = json.loads(line)
    Known().ingest(folder)
    start = time.process_time()
    facade.dcmrtstruct2nii(structures, folder, target, convert_original_dicom=False)
    print(time.process_time() - start, file=out, flush=True)
"""


class Case:
    """One RTSTRUCT and its image, converted once."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        from concord import images
        from concord.ingest.image import read_image

        self.folder = folder / "image"
        self.structures = next(path for path in (folder / "mask").iterdir())
        self.modality = "PT" if "PET" in str(folder) else folder.name[:2]
        row = {"source": str(self.folder), "modality": self.modality}
        image, self.facts = read_image(row, settings())
        self.image = scratch / f"{folder.parent.name}_{folder.name}.nii.gz"
        images.write(image, self.image)
        self.label = f"{folder.parent.name} {folder.name}"
        self.shape = image.array.shape


def settings() -> dict:
    from concord.ingest.settings import IngestSection

    accepted = {"waive": {"RT_FRAME_OF_REFERENCE": ["P"]}}
    return IngestSection(**accepted)


def own(case: Case, target: Path) -> float:
    from concord import images
    from concord.ingest.mask import read_mask
    from concord.ingest.segmentation import sources

    sources._opened.cache_clear()
    start = time.process_time()
    grid = images.read_grid(case.image)
    row = {"source": case.structures, "roi": "", "subject_id": "P", "region": "x"}
    mask, _ = read_mask(row, grid, case.facts, settings())
    images.write(replace(grid, array=mask), target / "own.nii.gz")
    return time.process_time() - start


def plastimatch(peers: Path, case: Case | None, target: Path) -> float:
    """CPU seconds of a run; of one that does nothing without a case."""
    command = [peers / "bin" / "plastimatch", "--version"]
    if case is not None:
        command[1:] = ["convert", "--input", case.structures, "--fixed", case.image]
        command += ["--output-prefix", target, "--prefix-format", "nii.gz"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Dcmrtstruct2nii:
    """A process that runs dcmrtstruct2nii when asked to."""

    def __init__(self, peers: Path) -> None:
        self.process = subprocess.Popen(
            [peers / "bin" / "python", "-c", WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, case: Case, target: Path) -> float:
        request = [str(case.structures), str(case.folder), str(target)]
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def voxels(folder: Path) -> int:
    """Voxels of the one mask in a folder."""
    from concord import images

    (path,) = (p for p in folder.rglob("*.nii.gz"))
    return int((images.read(path).array > 0).sum())


def measured(case: Case, peers: Path, worker: Dcmrtstruct2nii) -> str:
    """One line of the table."""
    least = dict.fromkeys(("own", "plastimatch", "dcmrtstruct2nii"), float("inf"))
    with tempfile.TemporaryDirectory() as scratch:
        targets = {name: Path(scratch) / name for name in least}
        for target in targets.values():
            target.mkdir()
        for _ in range(ROUNDS):
            found = {
                "own": own(case, targets["own"]),
                "plastimatch": plastimatch(peers, case, targets["plastimatch"])
                - plastimatch(peers, None, targets["plastimatch"]),
                "dcmrtstruct2nii": worker.run(case, targets["dcmrtstruct2nii"]),
            }
            least = {name: min(least[name], found[name]) for name in least}
        counts = [voxels(target) for target in targets.values()]
    shape = " x ".join(map(str, case.shape))
    times = " | ".join(f"{seconds:.3f}" for seconds in least.values())
    ratios = " | ".join(
        f"{least['own'] / least[n]:.2f}" for n in ("plastimatch", "dcmrtstruct2nii")
    )
    same = "yes" if len(set(counts)) == 1 else ", ".join(map(str, counts))
    return f"| {case.label} | {shape} | {times} | {ratios} | {same} |"


def main(peers: Path, folders: list[Path]) -> None:
    worker = Dcmrtstruct2nii(peers)
    tools = ("own", "plastimatch", "dcmrtstruct2nii")
    columns = ["segmentation", "grid", *(f"{tool} s" for tool in tools)]
    columns += [f"own / {tool}" for tool in tools[1:]]
    print("| " + " | ".join([*columns, "same number of voxels"]) + " |")
    print("|" + " --- |" * 8)
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            print(measured(Case(folder, Path(scratch)), peers, worker), flush=True)
    worker.process.stdin.close()
    worker.process.wait()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "scripts"))
    for variable in ("OMP_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"):
        os.environ[variable] = "1"
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])

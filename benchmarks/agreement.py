"""Agreement of two masks, beside surface-distance, MedPy and MONAI: time and memory.

``python benchmarks/agreement.py [--peers PYTHON]`` prints tables. PYTHON is the
interpreter of an environment of its own with ``surface-distance-based-measures medpy
monai torch``; a peer that it lacks is said to be absent. Two masks on 512 x 512 x 200
voxels of 0.8 x 0.8 x 1.5 mm: an organ (ellipsoid of 180 x 154 x 140 mm), a tumour (30
mm) and a lesion (8 mm); the second reader is a smooth perturbation of the first.

CPU seconds of the distances of each tool together, from whole masks in memory: HD,
HD95, the mean distance and the surface Dice at two tolerances, where the tool has them.
Runs alternate, on one thread; the least of several counts. Memory is the peak that
tracemalloc sees above the two masks, with the size of the union box beside it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
SHAPE = (200, 512, 512)
SPACING_MM = (1.5, 0.8, 0.8)
TOLERANCES_MM = (1.0, 3.0)

#: Semi-axes along k, j, i in mm, and the amplitude of the perturbation in mm.
OBJECTS = {
    "organ": ((70.0, 77.0, 90.0), 1.5),
    "tumour": ((15.0, 15.0, 15.0), 1.0),
    "lesion": ((4.0, 4.0, 4.0), 0.5),
}
ROUNDS = {"organ": 3, "tumour": 5, "lesion": 5}

#: Peers and how often they run: the slow ones once.
PEERS = {"surface-distance": None, "MedPy": 1, "MONAI": 1}

#: Runs within the environment of the peers: a line of JSON in, CPU seconds out.
WORKER = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
sys.stdout, out = sys.stderr, sys.stdout
import numpy as np
SPACING, TOLERANCES = {spacing}, {tolerances}

def surface_distance(a, b):
    import surface_distance as sd
    found = sd.compute_surface_distances(a, b, SPACING)
    return [sd.compute_robust_hausdorff(found, 100.0),
            sd.compute_robust_hausdorff(found, 95.0),
            *sd.compute_average_surface_distance(found),
            *(sd.compute_surface_dice_at_tolerance(found, t) for t in TOLERANCES)]

def medpy(a, b):
    from medpy.metric import binary
    measures = (binary.hd, binary.hd95, binary.assd)
    return [measure(a, b, voxelspacing=SPACING) for measure in measures]

def monai(a, b):
    import torch
    from monai import metrics as m
    torch.set_num_threads(1)
    a, b = (torch.from_numpy(x)[None, None] for x in (a, b))
    more = dict(include_background=True, spacing=SPACING)
    return [m.compute_hausdorff_distance(a, b, **more).item(),
            m.compute_hausdorff_distance(a, b, percentile=95, **more).item(),
            m.compute_average_surface_distance(a, b, symmetric=True, **more).item(),
            *(m.compute_surface_dice(a, b, [t], **more).item() for t in TOLERANCES)]

tools = {{"surface-distance": surface_distance, "MedPy": medpy, "MONAI": monai}}
for line in sys.stdin:
    tool, path = json.loads(line)
    a, b = (x.astype(bool) for x in np.load(path))
    try:
        tools[tool](a[:8, :8, :8] | True, b[:8, :8, :8] | True)  # imports do not count
    except ImportError:
        print(json.dumps(None), file=out, flush=True)
        continue
    start = time.process_time()
    values = tools[tool](a, b)
    print(json.dumps([time.process_time() - start, values]), file=out, flush=True)
"""


class Peers:
    """A process that runs the peers when asked to."""

    def __init__(self, python: Path | None) -> None:
        self.process = None
        if python is not None:
            source = WORKER.format(spacing=SPACING_MM, tolerances=TOLERANCES_MM)
            self.process = subprocess.Popen(
                [python, "-c", source],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )

    def run(self, tool: str, path: Path) -> tuple[float, list[float]] | None:
        """CPU seconds and values of a tool; None if it is absent."""
        if self.process is None:
            return None
        self.process.stdin.write(json.dumps([tool, str(path)]) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


def ellipsoid(semi_axes_mm, amplitude_mm: float, moved_mm: float) -> np.ndarray:
    """An ellipsoid in the middle of the grid, its surface moved by smooth waves."""
    middle_mm = np.multiply(SHAPE, SPACING_MM) / 2 + moved_mm
    axes = [
        ((np.arange(n) * s - m) / r).astype(np.float32)
        for n, s, m, r in zip(SHAPE, SPACING_MM, middle_mm, semi_axes_mm, strict=True)
    ]
    z, y, x = np.ix_(*axes)
    radius = np.sqrt(z**2 + y**2 + x**2)
    wave = np.sin(5 * x) * np.cos(4 * y) + np.sin(3 * z + 1)
    return radius <= 1 + amplitude_mm / min(semi_axes_mm) * wave


def own(definition: str, masks: np.ndarray) -> tuple[float, list[float]]:
    """CPU seconds and values of one definition, from whole masks."""
    from concord.agreement.overlap import crop
    from concord.agreement.pairs import DEFINITIONS

    module = DEFINITIONS[definition]
    start = time.process_time()
    surfaces = [module.surface(crop(mask, SPACING_MM)) for mask in masks]
    distances = module.distances(*surfaces)
    found = distances.summary()
    values = [found[name] for name in ("hd_mm", "hd95_mm", "assd_mm")]
    values += [distances.surface_dice(tolerance) for tolerance in TOLERANCES_MM]
    return time.process_time() - start, values


def whole_pair(masks: np.ndarray) -> float:
    """CPU seconds of every measure of the tables, both definitions together."""
    from concord.agreement.group import group_agreement
    from concord.agreement.overlap import crop
    from concord.agreement.pairs import compare_all

    start = time.process_time()
    names = ("A", "B")
    segmentations = {n: crop(m, SPACING_MM) for n, m in zip(names, masks, strict=True)}
    list(compare_all(segmentations, TOLERANCES_MM, "A"))
    group_agreement(segmentations.values())
    return time.process_time() - start


def peak_mb(masks: np.ndarray) -> float:
    """Peak memory of all measures above the masks, in MB."""
    tracemalloc.start()
    whole_pair(masks)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def union_box_mb(masks: np.ndarray) -> float:
    """Voxels of the box around both masks, one byte each, in MB."""
    filled = np.argwhere(masks.any(axis=0))
    return float(np.prod(np.ptp(filled, axis=0) + 1)) / 1e6


def measured(name: str, peers: Peers, path: Path) -> tuple[dict[str, float], dict]:
    """Least CPU seconds, and values, of every tool on one pair of masks."""
    semi_axes_mm, amplitude_mm = OBJECTS[name]
    masks = np.stack(
        [ellipsoid(semi_axes_mm, a, m) for a, m in ((0.0, 0.0), (amplitude_mm, 0.3))]
    )
    np.save(path, masks.view(np.uint8))
    seconds, values = {}, {}
    for turn in range(ROUNDS[name]):
        runs = {f"own {d}": own(d, masks) for d in ("voxel", "mesh")}
        runs["own, all measures"] = (whole_pair(masks), [])
        for tool, most in PEERS.items():
            if most is None or turn < most:
                runs[tool] = peers.run(tool, path)
        for tool, run in runs.items():
            if run is not None:
                seconds[tool] = min(run[0], seconds.get(tool, np.inf))
                values[tool] = run[1]
    seconds["memory MB"], seconds["box MB"] = peak_mb(masks), union_box_mb(masks)
    return seconds, values


def main(peers: Peers) -> None:
    tools = ["own voxel", "own mesh", "own, all measures", *PEERS]
    ratios = [f"{tool} / own voxel" for tool in PEERS]
    print("| " + " | ".join(["object", *(f"{t} s" for t in tools), *ratios]), end=" |")
    print(" memory above the masks, MB | union box, MB |")
    print("|" + " --- |" * (3 + len(tools) + len(ratios)))
    found = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name in OBJECTS:
            seconds, found[name] = measured(name, peers, Path(scratch, "masks.npy"))
            cells = [f"{seconds[t]:.3f}" if t in seconds else "absent" for t in tools]
            own_s = seconds["own voxel"]
            cells += [
                f"{seconds[t] / own_s:.1f}" if t in seconds else "" for t in PEERS
            ]
            cells += [f"{seconds['memory MB']:.0f}", f"{seconds['box MB']:.0f}"]
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print("\nHD, HD95, mean distance(s) and surface Dice as each tool says:\n")
    for name, values in found.items():
        for tool, numbers in values.items():
            shown = ", ".join(f"{number:.4f}" for number in numbers)
            print(f"- {name}, {tool}: {shown}" if shown else "", end="\n" * bool(shown))


if __name__ == "__main__":
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = "1"
    sys.path.insert(0, str(ROOT / "scripts"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, help="interpreter with the peers")
    main(Peers(parser.parse_args().peers))

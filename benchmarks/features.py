"""From an image and a mask to features, beside pyradiomics and MIRP: CPU and memory.

``python benchmarks/features.py SHARED [--pyradiomics PYTHON] [--mirp PYTHON]`` prints a
Markdown table. SHARED is the folder of shared real data; each PYTHON is the interpreter
of an environment of its own, with ``"pyradiomics==3.0.1" "numpy<2"`` (Python 3.9) or
``"mirp==2.7.0"`` (Python 3.11). A peer that is not given is said to be absent.

Every run is a process of its own, and the tools take turns, so that a busy machine
slows all of them. ``process`` is the CPU time until the first table is there, with
starting Python and importing the tool; ``steady`` that of a further table in the same
process, as in a job of many patients. One thread; medians of the rounds. All tools read
the same NIfTI files, use 32 bins between the extremes of the region and write every
family they have: 107 values for pyradiomics, 177 for MIRP and 174 here. The last column
counts values that are equal to ours; on a grid of 1 mm few of pyradiomics' are, because
it aligns the grid at the corner of the image, and not at its centre.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from peers import cases

from concord.features.dictionary.foreign_names import by_column

ROOT = Path(__file__).resolve().parents[1]

N_BINS = 32

#: Settings of a recipe that has eight wavelet sub-bands and four LoG images besides the
#: original one.
FILTERS = [
    {"kind": "wavelet", "family": "coif1"},
    *({"kind": "log", "sigma_mm": sigma} for sigma in (1.0, 2.0, 3.0, 4.0)),
]

#: Label, patient of the shared data (None: simulated), modality and voxel size in mm.
CASES = (
    ("CT small", "STS_003", "CT", None),
    ("CT small, 1 mm", "STS_003", "CT", 1.0),
    ("CT median", "STS_004", "CT", None),
    ("CT median, 1 mm", "STS_004", "CT", 1.0),
    ("CT large, 1 mm", "STS_017", "CT", 1.0),
    ("CT 512 x 512 x 300, 1 mm", None, "CT", 1.0),
    ("MR median, 1 mm", "STS_004", "MR", 1.0),
    ("PET", "STS_001", "PT", None),
)

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS",
)


@dataclass(frozen=True)
class Tool:
    """A runner and the interpreter that has what it needs."""

    name: str
    python: Path

    def run(self, case: cases.Case, filters: bool, repeats: int, folder: Path) -> dict:
        """Seconds, memory and values of one process."""
        job = {
            "image": str(case.image),
            "mask": str(case.mask),
            "modality": case.modality,
            "spacing_mm": case.spacing_mm,
            "n_bins": N_BINS,
            "filters": FILTERS if filters else [],
            "repeats": repeats,
            "result": str(folder / "result.json"),
        }
        runner = ROOT / "benchmarks" / "peers" / f"run_{self.name}.py"
        done = subprocess.run(
            [self.python, runner, json.dumps(job)],
            env=environment(),
            cwd=folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SystemExit(f"{self.name}, {case.label}: {done.stderr[-2000:]}")
        return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def environment() -> dict[str, str]:
    """Variables of every run: one thread, compiled code kept from run to run."""
    cache = str(Path(tempfile.gettempdir()) / "concord_benchmark_numba")
    kept = {"NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR", cache)}
    return os.environ | dict.fromkeys(THREADS, "1") | kept


def built(options, folder: Path) -> list[cases.Case]:
    """The chosen cases, as files; filters need voxels that are cubes."""
    found = []
    for label, subject, modality, spacing_mm in CASES:
        if options.case and label not in options.case:
            continue
        if options.filters and spacing_mm is None:
            print(f"{label}: not with filters, its voxels are no cubes\n")
            continue
        if subject is None:
            paths = cases.large_scan(folder)
        else:
            paths = cases.patient(options.shared, subject, modality, folder)
        found.append(cases.Case(label, modality, **paths, spacing_mm=spacing_mm))
    return found


def measured(tools: list[Tool], case: cases.Case, options) -> dict[str, list[dict]]:
    """Results of each tool, by rounds; the tools take turns."""
    results: dict[str, list[dict]] = {tool.name: [] for tool in tools}
    with tempfile.TemporaryDirectory() as scratch:
        for _ in range(options.rounds):
            for tool in tools:
                repeats = 2 if options.filters else 3
                run = tool.run(case, options.filters, repeats, Path(scratch))
                results[tool.name].append(run)
    return results


def rows(case: cases.Case, results: dict[str, list[dict]]) -> Iterable[list[str]]:
    """Lines of the table: one for each tool, with its ratios to ours."""
    ours = {key: median(results["concord"], key) for key in ("process_s", "steady_s")}
    for name, runs in results.items():
        process, steady, peak = (
            median(runs, key) for key in ("process_s", "steady_s", "peak_mb")
        )
        values = runs[-1]["values"]
        yield [
            case.label,
            name,
            f"{process:.2f}",
            f"{steady:.2f}",
            f"{process / ours['process_s']:.1f}",
            f"{steady / ours['steady_s']:.1f}",
            f"{peak:.0f}",
            str(len(values)),
            agreement(results["concord"][-1]["values"], values, name),
        ]


def median(runs: list[dict], key: str) -> float:
    return statistics.median(run[key] for run in runs)


def agreement(ours: dict, theirs: dict, tool: str) -> str:
    """How many features of equal definition have equal values (1e-4), of how many."""
    if tool == "concord":
        return ""
    pairs = [
        (ours[column], found)
        for column, row in by_column(tool).items()
        if row.relation == "equal"
        and (found := theirs.get(row.name, theirs.get(f"{row.name}_fbn_n{N_BINS}")))
    ]
    equal = sum(abs(a - b) <= 1e-4 * abs(b) for a, b in pairs)
    return f"{equal} / {len(pairs)}"


def tools_of(options) -> list[Tool]:
    """Ours and the peers that are given."""
    tools = [Tool("concord", Path(sys.executable))]
    for name in ("pyradiomics", "mirp"):
        python = getattr(options, name)
        if python is None:
            print(f"{name}: absent, no interpreter given\n")
        else:
            tools.append(Tool(name, python))
    return tools


def main(options) -> None:
    tools = tools_of(options)
    with tempfile.TemporaryDirectory() as folder:
        measure(tools, built(options, Path(folder)), options, Path(folder))


def measure(tools: list[Tool], chosen: list[cases.Case], options, folder: Path) -> None:
    """Print the table; the first run compiles once."""
    columns = ["case", "tool", "process s", "steady s", "process / ours"]
    columns += ["steady / ours", "peak MB", "values", "equal to ours"]
    print("| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns))
    if chosen:
        tools[0].run(chosen[0], options.filters, 1, folder)
    for case in chosen:
        for row in rows(case, measured(tools, case, options)):
            print("| " + " | ".join(row) + " |", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--pyradiomics", type=Path, metavar="PYTHON")
    parser.add_argument("--mirp", type=Path, metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--filters", action="store_true", help="8 wavelets and 4 LoG")
    labels = [label for label, *_ in CASES]
    parser.add_argument("--case", action="append", default=[], choices=labels)
    return parser.parse_args()


if __name__ == "__main__":
    main(arguments())

"""CPU time of a whole study, by one version of the project or by several in turn.

``python benchmarks/study.py --shared SHARED`` runs the soft-tissue-sarcoma study of the
shared data (36 patients; ``--subjects 12`` takes the first so many of its list);
``--study FOLDER`` runs another one, of a folder with `config/`. ``--checkout PATH`` may
be given several times: the versions to run, each with its own `.venv`; by default this
one. Every run starts without results and with an empty cache of compiled code, unless
``--warm`` leaves that of the user.

CPU seconds are those that the operating system counted for Snakemake and all of its
jobs, to their ends, and so more than the benchmark files add up to. They are compared
with a fixed workload (Fourier transforms of one volume, one thread), timed before and
after each run, and with a bare interpreter, so that numbers of two machines, or of a
busy one, can be compared. The table by rule is that of `benchmarks/stages.py`.
"""

import argparse
import importlib.util
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import stages

ROOT = Path(__file__).resolve().parents[1]

#: The fixed workload; some seconds.
REFERENCE = """
import numpy as np
values = np.random.default_rng(0).normal(size=(128, 128, 128))
for _ in range(100):
    values = np.fft.irfftn(np.fft.rfftn(values), values.shape)
"""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


@dataclass(frozen=True)
class Run:
    """What one run of a study took."""

    checkout: Path
    cpu_s: float
    wall_s: float
    reference_s: float  # mean of before and after
    bare_s: float  # one interpreter that does nothing
    folder: Path

    def line(self) -> str:
        """A row of the table of runs."""
        cells = [
            self.checkout.name,
            f"{self.cpu_s:.0f}",
            f"{self.wall_s:.0f}",
            f"{self.cpu_s / self.reference_s:.1f}",
            f"{self.cpu_s / self.bare_s:.0f}",
        ]
        return "| " + " | ".join(cells) + " |"


def environment(scratch: Path, warm: bool) -> dict[str, str]:
    """One thread per job, and a cache of compiled code of its own."""
    kept = os.environ | dict.fromkeys(THREADS, "1")
    kept.pop("PYTHONPATH", None)
    if not warm:
        kept.pop("NUMBA_CACHE_DIR", None)
        kept["XDG_CACHE_HOME"] = str(scratch / "cache")
    return kept


def cpu_s(command: list[str | Path], **options) -> float:
    """CPU seconds of a process and of all that it waited for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{(done.stdout + done.stderr)[-3000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(getattr(after, n) - getattr(before, n) for n in ("ru_utime", "ru_stime"))


def sarcoma_study(checkout: Path, shared: Path, n_subjects: int, folder: Path) -> None:
    """The study as the test of this version prepares it."""
    path = checkout / "tests" / "workflow" / "test_sts.py"
    sys.path.insert(0, str(checkout / "scripts"))
    spec = importlib.util.spec_from_file_location("prepared_sts", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.pop(0)
    archives = sorted((shared / "sts" / "patients").glob("*.tar.xz"))
    names = [archive.name.removesuffix(".tar.xz") for archive in archives]
    if not names:
        raise SystemExit(f"{shared}: no sts/patients/*.tar.xz; give the shared data")
    module.prepare(shared, folder, names[:n_subjects])


def prepare(checkout: Path, options, folder: Path) -> None:
    """A folder with a study and no results."""
    if options.study:
        leave_out = shutil.ignore_patterns("results", ".snakemake")
        shutil.copytree(options.study, folder, ignore=leave_out)
    else:
        sarcoma_study(checkout, options.shared, options.subjects, folder)


def run(checkout: Path, options, scratch: Path) -> Run:
    """One run from the sources to the report."""
    folder = scratch / "study"
    prepare(checkout, options, folder)
    python = checkout / ".venv" / "bin" / "python"
    surroundings = {"env": environment(scratch, options.warm), "cwd": checkout}
    reference = [cpu_s([python, "-c", REFERENCE], **surroundings)]
    bare = [cpu_s([python, "-I", "-c", "pass"], **surroundings) for _ in range(20)]
    start = time.monotonic()
    used = cpu_s(
        [
            *(python, "-m", "snakemake", "--snakefile", checkout / "Snakefile"),
            *("--directory", folder, "--cores", str(options.cores), "--quiet", "rules"),
            *("--workflow-profile", checkout / "workflow" / "profiles" / "default"),
        ],
        **surroundings,
    )
    wall = time.monotonic() - start
    reference.append(cpu_s([python, "-c", REFERENCE], **surroundings))
    return Run(checkout, used, wall, mean(reference), mean(bare), folder)


def main(options) -> None:
    tables = []
    print("| version | CPU s | wall s | CPU / reference | CPU / bare interpreter |")
    print("| --- | --- | --- | --- | --- |")
    for checkout in options.checkout or [ROOT]:
        with tempfile.TemporaryDirectory() as scratch:
            found = run(checkout.resolve(), options, Path(scratch))
            print(found.line(), flush=True)
            tables.append(stages.table(found.folder))
    if len(tables) == 2:
        print("\n" + stages.markdown(stages.side_by_side(*tables)))
    else:
        for table in tables:
            print("\n" + stages.markdown(stages.with_total(table)))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--shared", type=Path, help="folder of shared real data")
    source.add_argument("--study", type=Path, help="folder of a study, with config/")
    parser.add_argument("--checkout", type=Path, action="append", metavar="PATH")
    parser.add_argument("--subjects", type=int, default=36)
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument(
        "--warm", action="store_true", help="keep the cache of the user"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main(arguments())

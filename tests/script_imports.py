"""Modules that each script imports, and what that costs.

`python tests/script_imports.py` shows the table of this checkout, `--write` puts it
into `tests/unit/imports.tsv`, `--scripts DIR` measures the scripts of another one.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
TABLE = Path(__file__).with_name("unit") / "imports.tsv"
COLUMNS = ("script", "modules", "ratio", "ratio_0_3_0", "reason")
#: Foreign packages, and parts of them that are large by themselves.
WATCHED = frozenset(
    {
        "SimpleITK",
        "highdicom",
        "isal",
        "jinja2",
        "joblib",
        "lifelines",
        "matplotlib",
        "matplotlib.pyplot",
        "narwhals",
        "neuroCombat",
        "nibabel",
        "numba",
        "numpy",
        "pandas",
        "pictologics",
        "pyarrow",
        "pydantic",
        "pydicom",
        "pydicom.sr",
        "pywt",
        "requests",
        "scipy.cluster",
        "scipy.fft",
        "scipy.integrate",
        "scipy.interpolate",
        "scipy.linalg",
        "scipy.ndimage",
        "scipy.optimize",
        "scipy.signal",
        "scipy.sparse",
        "scipy.spatial",
        "scipy.special",
        "scipy.stats",
        "skimage",
        "sklearn",
        "sklearn.model_selection",
        "sklearn.pipeline",
        "sklearn.preprocessing",
        "yaml",
        "zrad",
    }
)
#: Prints what an import executed and its CPU seconds; modules that are put off and not
#: yet used are not executed.
CHILD = """
import importlib, json, sys, time
start = time.process_time()
importlib.import_module(sys.argv[1])
seconds = time.process_time() - start
done = [name for name, module in list(sys.modules.items())
        if type(module).__name__ != "Unused"]
print(json.dumps([seconds, done]))
"""


@dataclass(frozen=True)
class Imported:
    """What the import of a module executed, and its CPU seconds."""

    modules: tuple[str, ...]
    cpu_s: float


def imported(module: str, scripts: Path = SCRIPTS) -> Imported:
    """Watched modules that importing a module executes in a new interpreter."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    found = subprocess.run(
        [sys.executable, "-c", CHILD, module],
        env=os.environ | single | {"PYTHONPATH": str(scripts)},
        cwd=scripts.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    cpu_s, done = json.loads(found.stdout.splitlines()[-1])
    return Imported(tuple(sorted(WATCHED.intersection(done))), cpu_s)


def fastest(module: str, n: int, scripts: Path = SCRIPTS) -> Imported:
    """The cheapest of `n` imports of a module."""
    runs = [imported(module, scripts) for _ in range(n)]
    return min(runs, key=lambda run: run.cpu_s)


def names_of_scripts(scripts: Path = SCRIPTS) -> list[str]:
    """Names of all scripts of the workflow."""
    return sorted(path.stem for path in scripts.glob("*.py"))


def table() -> dict[str, dict[str, str]]:
    """Rows of the committed table by script."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["script"]: row for row in csv.DictReader(file, delimiter="\t")}


def measured(scripts: Path, n: int) -> list[dict[str, str]]:
    """Rows of a checkout's scripts; what the committed table says besides is kept."""
    known = table() if TABLE.exists() else {}
    unit = fastest("numpy", 3 * n, scripts).cpu_s
    rows = []
    for name in names_of_scripts(scripts):
        run = fastest(name, n, scripts)
        kept = dict.fromkeys(COLUMNS, "") | known.get(name, {})
        rows.append(
            kept
            | {
                "script": name,
                "modules": " ".join(run.modules),
                "ratio": f"{run.cpu_s / unit:.1f}",
            }
        )
    return rows


def write(rows: list[dict[str, str]], file) -> None:
    """Write rows as tab-separated values."""
    writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--scripts", type=Path, default=SCRIPTS)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    rows = measured(options.scripts.resolve(), options.runs)
    if options.write:
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            write(rows, file)
    else:
        write(rows, sys.stdout)


if __name__ == "__main__":
    main()

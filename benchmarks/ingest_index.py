"""The index of DICOM folders: files per CPU second, and what a second run costs.

``python benchmarks/ingest_index.py [FOLDER ...]`` prints a table for a synthetic folder
of 4,000 small files and for the folders given. The least of several runs counts; the
files are in the cache of the system.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import pandas as pd  # noqa: E402
from pydicom import dcmread  # noqa: E402

from concord.ingest.index import cache, listing, scan, series_table  # noqa: E402
from tests.dicom_factory import write_series  # noqa: E402

ROUNDS = 3
N_SERIES, N_SLICES = 40, 100


def pydicom_headers(root: Path) -> None:
    """Every header, as pydicom reads it before the pixels, with its values."""
    for path, _, _ in listing.listing(root):
        header = dcmread(root / path, stop_before_pixels=True, force=True)
        for keyword in scan._KEYWORDS:
            header.get(keyword)


def least(run: Callable[[], object], clock: Callable[[], float]) -> float:
    """Least seconds of some runs, by a clock."""
    times = []
    for _ in range(ROUNDS):
        start = clock()
        run()
        times.append(clock() - start)
    return min(times)


def measured(root: Path) -> dict[str, float]:
    """Files, and files per second of each way to look at them."""
    facts = scan.scan(root)
    table = Path(tempfile.gettempdir()) / "index_benchmark.parquet"
    cache.write_file_facts(facts, table)
    runs: dict[str, tuple[Callable[[], object], Callable[[], float]]] = {
        "pydicom": (lambda: pydicom_headers(root), time.process_time),
        "own walk": (lambda: scan.scan(root), time.process_time),
        "series": (
            lambda: series_table.series_rows(root, "A", facts),
            time.process_time,
        ),
        "two processes (wall)": (
            lambda: scan.scan(root, processes=2),
            time.perf_counter,
        ),
        "second run": (
            lambda: scan.scan(root, cache.read_file_facts(table)),
            time.process_time,
        ),
    }
    found = {name: len(facts) / least(*run) for name, run in runs.items()}
    table.unlink()
    return {"files": len(facts)} | found


def synthetic(folder: Path) -> Path:
    """Small CT files in series of a hundred."""
    import numpy as np

    stored = np.zeros((N_SLICES, 64, 64), np.int16)
    for number in range(N_SERIES):
        place = folder / f"P{number:03d}" / "CT"
        write_series(place, stored=stored, series=f"1.2.{number}")
    return folder


def main(folders: list[str]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        roots = {"synthetic": synthetic(Path(temporary))}
        roots |= {Path(folder).name: Path(folder) for folder in folders}
        rows = {name: measured(root) for name, root in roots.items()}
    table = pd.DataFrame(rows).T.round(0).astype(int)
    print("Files per second; CPU seconds of one core, where not said otherwise.\n")
    print(table.to_string())


if __name__ == "__main__":
    main(sys.argv[1:])

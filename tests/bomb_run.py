"""Read every bomb in a process of its own: `python -m tests.bomb_run LIMIT FOLDER`.

LIMIT is the address space in bytes, 0 for none. It prints the peak of the memory in MiB
and the time in seconds that each bomb took, as JSON.
"""

import json
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path


def peak_mib() -> float:
    """Largest memory of this program; that of `getrusage` counts who started it."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def many_contours() -> None:
    """A hundred thousand contours of one plane, none of them near another."""
    import numpy as np

    from concord.ingest.segmentation.contours import Contour, rasterize

    from .hard_cases.contours import GRID, image

    grid = image(GRID)
    corner = np.array([(0, 0), (0.5, 0), (0.5, 0.5), (0, 0.5)])
    places = np.stack(np.meshgrid(np.arange(317), np.arange(317)), axis=-1)
    contours = []
    for place in places.reshape(-1, 2)[:100_000]:
        points = 2 + (corner + place) * 0.08
        space = np.column_stack([points, np.full(4, 5 * GRID.spacing_mm[0])])
        contours.append(Contour(space @ GRID.axes().T + np.array(GRID.origin_mm)))
    assert rasterize(contours, grid).mask.any()


def packed_table(folder: Path) -> None:
    import pytest

    from concord.tables.outside import OutsideTableError, read_outside

    from .hard_cases.bombs import GIBS_3, gzipped_zeros

    path = folder / "bomb.tsv.gz"
    path.write_bytes(gzipped_zeros(b"id\tx\n", GIBS_3))
    with pytest.raises(OutsideTableError, match="unpacks to more than"):
        read_outside(path)


def bombs(folder: Path) -> dict[str, Callable[[], None]]:
    """Names of bombs, and what reads each of them."""
    from .hard_cases import bomb_cases, case, mask_bomb_cases, mask_case

    found: dict[str, Callable[[], None]] = {}
    for one in bomb_cases.CASES:
        found[one.name] = lambda c=one: case.require_outcome(c, folder / c.name)
    for one in mask_bomb_cases.CASES:
        found[one.name] = lambda c=one: mask_case.require_outcome(c, folder / c.name)
    found["many_contours"] = many_contours
    found["packed_table"] = lambda: packed_table(folder)
    return found


def main() -> None:
    limit, folder = int(sys.argv[1]), Path(sys.argv[2])
    if limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
    from concord.privacy import secret

    took = {}
    with secret.keyed(b"k" * 32):
        for name, read in bombs(folder).items():
            start, before = time.monotonic(), peak_mib()
            read()
            took[name] = [time.monotonic() - start, peak_mib() - before]
    print(json.dumps({"peak_mib": peak_mib(), "took": took}))


if __name__ == "__main__":
    main()

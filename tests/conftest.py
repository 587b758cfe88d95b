"""What all floors of tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CONCORD_SHARED", ROOT.parent / "shared")).resolve()

# Compiling the feature engine takes 40 CPU seconds: once for all tests.
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".pytest_cache" / "numba"))
os.environ.setdefault("NUMBA_NUM_THREADS", "1")

HERE = Path(__file__).resolve().parent
#: Floors in the order in which their files are handed out: whole studies run long.
FLOORS = ("workflow", "reference", "statistics", "rules", "unit")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real studies and reference values, if it is present."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; set CONCORD_SHARED to its parent")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that run longest first, so that all processes end together."""
    items.sort(key=lambda item: FLOORS.index(item.path.relative_to(HERE).parts[0]))
